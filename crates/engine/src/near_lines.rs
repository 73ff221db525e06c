//! The address line as single VPCs see it.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::sync::Arc;

use model::{
    Index, Link, PrefixList, Route, RouteDestination, RouteTableAssociation, RulePeer,
    SecurityGroup, Snapshot, Subnet, Vpc,
};
use packet::Prefix;

use crate::address_line::{AddressLine, SPECIAL};

/// For each VPC, the line cut where addresses outside differ to packets that come to it, or leave it, by the internet or
/// a transit gateway: by its own tables, ACLs and connections; and cut where they differ to the groups worn in it.
#[derive(Debug, Clone)]
pub(crate) struct NearLines {
    of_ways: Arc<[AddressLine]>,
    of_groups: Arc<[AddressLine]>,
    /// Blocks at which the lines of groups are cut in all VPCs, since rules changed.
    changed: Arc<AddressLine>,
}

impl NearLines {
    pub(crate) fn of(snapshot: &Snapshot) -> Self {
        let blocks = snapshot.vpcs().rows().iter().map(|vpc| {
            let everything = [Prefix::ALL_V4, Prefix::ALL_V6].into_iter();
            let special = SPECIAL.iter().filter_map(|text| text.parse().ok());
            let own = everything.chain(special).chain(vpc.cidrs.iter().copied());
            own.collect::<BTreeSet<Prefix>>()
        });
        let mut named = Named {
            by_vpc: blocks.collect(),
        };
        named.by_acls(snapshot);
        named.by_route_tables(snapshot);
        named.by_peerings(snapshot);
        Self {
            of_ways: named.into_lines(),
            of_groups: named_by_worn(snapshot).into_lines(),
            changed: Arc::new(AddressLine::cut_at(everything())),
        }
    }

    /// The lines of a snapshot that differs in the rules of some groups only.
    pub(crate) fn with_rules_of(
        &self,
        snapshot: &Snapshot,
        changed: &[Index<SecurityGroup>],
    ) -> Self {
        let rules = changed
            .iter()
            .flat_map(|group| &*snapshot.groups().get(*group).rules);
        let named = rules.flat_map(|rule| blocks_of_peer(snapshot, &rule.peer));
        let blocks = named.chain(self.changed.blocks().iter().copied());
        Self {
            of_ways: self.of_ways.clone(),
            of_groups: self.of_groups.clone(),
            changed: Arc::new(AddressLine::cut_at(blocks.collect())),
        }
    }

    /// The smallest block around an address, as a VPC sees it.
    pub(crate) fn block(&self, vpc: Index<Vpc>, address: IpAddr) -> Option<Prefix> {
        let line = self.of_ways.get(vpc.number())?;
        Some(line.block(address))
    }

    /// The smallest block around an address that a group names which an interface of the VPC wears.
    pub(crate) fn block_of_groups(&self, vpc: Index<Vpc>, address: IpAddr) -> Option<Prefix> {
        let line = self.of_groups.get(vpc.number())?;
        let blocks = [line.block(address), self.changed.block(address)];
        blocks.into_iter().max_by_key(Prefix::length)
    }

    /// The smallest block that covers all of another one, of those that a group names which an interface of the VPC wears.
    /// The groups of the VPC see no difference between the two.
    pub(crate) fn around_for_groups(&self, vpc: Index<Vpc>, block: &Prefix) -> Option<Prefix> {
        let line = self.of_groups.get(vpc.number())?;
        let blocks = [line.around(block), self.changed.around(block)];
        blocks.into_iter().max_by_key(Prefix::length)
    }
}

/// Blocks, by the VPC in which something names them.
struct Named {
    by_vpc: Vec<BTreeSet<Prefix>>,
}

impl Named {
    fn into_lines(self) -> Arc<[AddressLine]> {
        self.by_vpc.into_iter().map(AddressLine::cut_at).collect()
    }

    fn by_acls(&mut self, snapshot: &Snapshot) {
        for acl in snapshot.acls().rows() {
            let subnets = acl.subnets.iter().filter_map(Link::target);
            let vpcs = vpcs_of(snapshot, acl.vpc.target(), subnets);
            self.by(vpcs, &|| acl.entries.iter().map(|entry| entry.cidr));
        }
    }

    fn by_route_tables(&mut self, snapshot: &Snapshot) {
        for table in snapshot.route_tables().rows() {
            let subnets = table.associations.iter().filter_map(|one| match one {
                RouteTableAssociation::Subnet(link) => link.target(),
                RouteTableAssociation::Gateway(_) => None,
            });
            let vpcs = vpcs_of(snapshot, table.vpc.target(), subnets);
            self.by(vpcs, &|| blocks_of_routes(snapshot, &table.routes));
        }
    }

    fn by_peerings(&mut self, snapshot: &Snapshot) {
        for peering in snapshot.peerings().rows() {
            let sides = [&peering.requester, &peering.accepter];
            for (side, other) in sides.into_iter().zip(sides.into_iter().rev()) {
                let known = other.vpc.target();
                let known = known.map(|vpc| snapshot.vpcs().get(vpc).cidrs.as_slice());
                let known = known.unwrap_or_default();
                let vpcs = side.vpc.target().into_iter().collect();
                self.by(vpcs, &|| other.cidrs.iter().chain(known).copied());
            }
        }
    }

    fn by<B: Iterator<Item = Prefix>>(
        &mut self,
        vpcs: BTreeSet<Index<Vpc>>,
        blocks: &impl Fn() -> B,
    ) {
        for vpc in vpcs {
            if let Some(named) = self.by_vpc.get_mut(vpc.number()) {
                named.extend(blocks());
            }
        }
    }
}

/// The VPC that a resource names, and those of its subnets.
fn vpcs_of(
    snapshot: &Snapshot,
    named: Option<Index<Vpc>>,
    subnets: impl Iterator<Item = Index<Subnet>>,
) -> BTreeSet<Index<Vpc>> {
    let of_subnets = subnets.filter_map(|subnet| snapshot.subnets().get(subnet).vpc.target());
    named.into_iter().chain(of_subnets).collect()
}

fn blocks_of_routes<'s>(
    snapshot: &'s Snapshot,
    routes: &'s [Route],
) -> impl Iterator<Item = Prefix> + 's {
    routes.iter().flat_map(|route| match &route.destination {
        RouteDestination::Prefix(prefix) => vec![*prefix],
        RouteDestination::PrefixList(link) => entries(snapshot, link),
    })
}

/// Blocks of the rules of all groups that interfaces wear, by the VPC of those.
fn named_by_worn(snapshot: &Snapshot) -> Named {
    let mut worn: BTreeSet<(Index<Vpc>, Index<SecurityGroup>)> = BTreeSet::new();
    for interface in snapshot.interfaces().rows() {
        if let Some(vpc) = interface.vpc.target() {
            let groups = interface.groups.iter().filter_map(Link::target);
            worn.extend(groups.map(|group| (vpc, group)));
        }
    }
    let mut named = Named {
        by_vpc: vec![everything(); snapshot.vpcs().len()],
    };
    for (vpc, group) in worn {
        let rules = || snapshot.groups().get(group).rules.iter();
        named.by(BTreeSet::from([vpc]), &|| {
            rules().flat_map(|rule| blocks_of_peer(snapshot, &rule.peer))
        });
    }
    named
}

fn everything() -> BTreeSet<Prefix> {
    BTreeSet::from([Prefix::ALL_V4, Prefix::ALL_V6])
}

fn blocks_of_peer(snapshot: &Snapshot, peer: &RulePeer) -> Vec<Prefix> {
    match peer {
        RulePeer::Cidr(cidr) => vec![*cidr],
        RulePeer::PrefixList(link) => entries(snapshot, link),
        RulePeer::Group(_) => Vec::new(),
    }
}

/// The entries of a list, if they are known.
fn entries(snapshot: &Snapshot, link: &Link<PrefixList>) -> Vec<Prefix> {
    let list = link.target().map(|list| snapshot.prefix_lists().get(list));
    list.and_then(|list| list.entries.clone())
        .unwrap_or_default()
}
