//! The address line as single VPCs see it.

use std::collections::BTreeSet;
use std::net::IpAddr;

use model::{Index, Link, Route, RouteDestination, RouteTableAssociation, Snapshot, Subnet, Vpc};
use packet::Prefix;

use crate::address_line::{AddressLine, SPECIAL};

/// For each VPC, the line cut where addresses outside differ to packets that come to it from the internet, or leave it
/// for there, or for a transit gateway: by its own tables, ACLs and connections.
#[derive(Debug)]
pub(crate) struct NearLines {
    by_vpc: Vec<AddressLine>,
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
        let lines = named.by_vpc.into_iter().map(AddressLine::cut_at);
        Self {
            by_vpc: lines.collect(),
        }
    }

    /// The smallest block around an address, as a VPC sees it.
    pub(crate) fn block(&self, vpc: Index<Vpc>, address: IpAddr) -> Option<Prefix> {
        let line = self.by_vpc.get(vpc.number())?;
        Some(line.block(address))
    }
}

/// Blocks, by the VPC in which something names them.
struct Named {
    by_vpc: Vec<BTreeSet<Prefix>>,
}

impl Named {
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
        RouteDestination::PrefixList(link) => {
            let list = link.target().map(|list| snapshot.prefix_lists().get(list));
            list.and_then(|list| list.entries.clone())
                .unwrap_or_default()
        }
    })
}
