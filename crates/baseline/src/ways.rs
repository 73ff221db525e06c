//! What stands on the way of a pair.

use std::collections::BTreeMap;
use std::net::IpAddr;

use model::{
    Direction, Endpoint, Index, Kind, Link, NetworkAcl, PeeringStatus, RouteState, RouteTable,
    RouteTableAssociation, RouteTarget, Snapshot, Subnet, Vpc, VpcPeeringConnection,
};

use crate::choice::choose;
use crate::hosts::{Host, Hosts};

/// The ways of all pairs of one network.
#[derive(Debug)]
pub(crate) struct Ways<'a> {
    snapshot: &'a Snapshot,
    hosts: Hosts<'a>,
    /// The ACL of each subnet, where it is known for certain and whole.
    acls: BTreeMap<Index<Subnet>, Index<NetworkAcl>>,
    /// The route table of each subnet, where it is known for certain and whole.
    tables: BTreeMap<Index<Subnet>, &'a RouteTable>,
}

/// What stands between two ends.
#[derive(Debug)]
pub(crate) enum Way<'a> {
    /// No route leads there, whatever is sent.
    Shut,
    /// A route leads there; these decide what passes.
    Open(Filters<'a>),
}

/// Everything that a packet of one pair and its answer have to pass.
#[derive(Debug)]
pub(crate) struct Filters<'a> {
    pub(crate) from: Host<'a>,
    pub(crate) to: Host<'a>,
    /// ACLs that the first packet crosses.
    pub(crate) first: Vec<Crossing>,
    /// ACLs that the answer crosses; `None` if no route leads back.
    pub(crate) reply: Option<Vec<Crossing>>,
    /// Whether rules that name a group know the other end.
    pub(crate) keeps_identity: bool,
}

/// An ACL and the side from which it is crossed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Crossing {
    pub(crate) acl: Index<NetworkAcl>,
    pub(crate) direction: Direction,
}

/// Where a packet comes to after its subnet.
struct Leg {
    /// The ACL of the subnet, unless the packet stays in it.
    crossing: Option<Crossing>,
    /// Where it goes from there; `None` if it is dropped.
    arrival: Option<Arrival>,
}

/// A VPC in which a packet looks for its receiver.
struct Arrival {
    vpc: Index<Vpc>,
    /// The subnet from which it came, if it comes from the same VPC.
    subnet: Option<Index<Subnet>>,
    keeps_identity: bool,
}

impl<'a> Ways<'a> {
    pub(crate) fn new(snapshot: &'a Snapshot) -> Self {
        let (mut acls, mut tables) = (BTreeMap::new(), BTreeMap::new());
        for (index, subnet) in snapshot.subnets().iter() {
            let Some(vpc) = subnet.vpc.target() else {
                continue;
            };
            acls.extend(acl_of(snapshot, index, vpc).map(|acl| (index, acl)));
            tables.extend(table_of(snapshot, index, vpc).map(|table| (index, table)));
        }
        Self {
            snapshot,
            hosts: Hosts::new(snapshot),
            acls,
            tables,
        }
    }

    pub(crate) const fn snapshot(&self) -> &'a Snapshot {
        self.snapshot
    }

    /// What stands between two ends; `None` if the baselines cannot tell.
    pub(crate) fn between(&self, from: &Endpoint, to: &Endpoint) -> Option<Way<'a>> {
        let from = self.hosts.find(from, Direction::Egress)?;
        let to = self.hosts.find(to, Direction::Ingress)?;
        if from.address.is_ipv4() != to.address.is_ipv4() || self.hosts.is_one_machine(&from, &to) {
            return None;
        }
        let Some((first, keeps_identity)) = self.one_way(&from, &to)? else {
            return Some(Way::Shut);
        };
        let reply = self.one_way(&to, &from)?;
        Some(Way::Open(Filters {
            from,
            to,
            first,
            reply: reply.map(|(crossings, _)| crossings),
            keeps_identity,
        }))
    }

    /// The ACLs from one host to another, and whether identity is kept. `Some(None)` if no route leads there.
    #[expect(
        clippy::option_option,
        reason = "not expressible and not reachable are two answers"
    )]
    fn one_way(&self, from: &Host<'_>, to: &Host<'_>) -> Option<Option<(Vec<Crossing>, bool)>> {
        let leg = self.leave(from, to.address)?;
        let Some(arrival) = leg.arrival else {
            return Some(None);
        };
        if arrival.vpc != to.vpc {
            return None;
        }
        let mut crossings: Vec<Crossing> = leg.crossing.into_iter().collect();
        if arrival.subnet != Some(to.subnet) {
            crossings.push(self.crossing(to, Direction::Ingress)?);
        }
        Some(Some((crossings, arrival.keeps_identity)))
    }

    fn leave(&self, from: &Host<'_>, to: IpAddr) -> Option<Leg> {
        let at_home = Arrival {
            vpc: from.vpc,
            subnet: Some(from.subnet),
            keeps_identity: true,
        };
        if self.snapshot.subnets().get(from.subnet).contains(to) {
            return Some(Leg {
                crossing: None,
                arrival: Some(at_home),
            });
        }
        let crossing = Some(self.crossing(from, Direction::Egress)?);
        let vpc = self.snapshot.vpcs().get(from.vpc);
        let chosen = choose(self.snapshot, vpc, self.tables.get(&from.subnet)?, to)?;
        let active = chosen.filter(|route| route.state == RouteState::Active);
        let arrival = match active.map(|route| route.target) {
            None => None,
            Some(RouteTarget::Local) => Some(at_home),
            Some(RouteTarget::Peering(link)) => self.across(from, &link, to)?,
            Some(_) => return None,
        };
        Some(Leg { crossing, arrival })
    }

    /// Where a peering leads: `Some(None)` if it drops the packet.
    #[expect(
        clippy::option_option,
        reason = "not expressible and dropped are two answers"
    )]
    fn across(
        &self,
        from: &Host<'_>,
        link: &Link<VpcPeeringConnection>,
        to: IpAddr,
    ) -> Option<Option<Arrival>> {
        let peering = self.snapshot.peerings().get(link.target()?);
        let peer = peering.peer_of(from.vpc);
        let Some(peer) = peer.filter(|_| peering.status == PeeringStatus::Active) else {
            return Some(None);
        };
        let index = peer.vpc.target()?;
        let (own, other) = (
            self.snapshot.vpcs().get(from.vpc),
            self.snapshot.vpcs().get(index),
        );
        let (region, other_region) = (own.region.as_ref()?, other.region.as_ref()?);
        let arrival = Arrival {
            vpc: index,
            subnet: None,
            keeps_identity: region == other_region,
        };
        Some((own.contains(from.address) && other.contains(to)).then_some(arrival))
    }

    fn crossing(&self, host: &Host<'_>, direction: Direction) -> Option<Crossing> {
        let acl = *self.acls.get(&host.subnet)?;
        Some(Crossing { acl, direction })
    }
}

/// The ACL of a subnet, if it is known for certain and whole.
fn acl_of(
    snapshot: &Snapshot,
    subnet: Index<Subnet>,
    vpc: Index<Vpc>,
) -> Option<Index<NetworkAcl>> {
    let acls = || snapshot.acls().iter();
    let covers = |acl: &NetworkAcl| acl.subnets.iter().any(|link| link.is(subnet));
    let named = acls().find(|(_, acl)| covers(acl));
    let fallback = || {
        let mut defaults = acls().filter(|(_, acl)| acl.is_default && acl.vpc.is(vpc));
        defaults
            .next()
            .filter(|_| lists_all(snapshot, Kind::NetworkAcls, vpc))
    };
    let (index, acl) = named.or_else(fallback)?;
    acl.is_complete.then_some(index)
}

/// The route table of a subnet, if it is known for certain and whole.
fn table_of(snapshot: &Snapshot, subnet: Index<Subnet>, vpc: Index<Vpc>) -> Option<&RouteTable> {
    let tables = || snapshot.route_tables().rows().iter();
    let covers = |association: &RouteTableAssociation| match association {
        RouteTableAssociation::Subnet(link) => link.is(subnet),
        RouteTableAssociation::Gateway(_) => false,
    };
    let named = tables().find(|table| table.associations.iter().any(covers));
    let fallback = || {
        let mut main = tables().filter(|table| table.is_main && table.vpc.is(vpc));
        main.next()
            .filter(|_| lists_all(snapshot, Kind::RouteTables, vpc))
    };
    named.or_else(fallback).filter(|table| table.is_complete)
}

fn lists_all(snapshot: &Snapshot, kind: Kind, vpc: Index<Vpc>) -> bool {
    let vpc = snapshot.vpcs().get(vpc);
    let coverage = snapshot.coverage();
    coverage.is_complete(kind, vpc.owner.as_ref(), vpc.region.as_ref())
}
