//! The address line, cut at every block in use.

use std::collections::BTreeSet;
use std::net::IpAddr;

use model::{RouteDestination, RulePeer, Snapshot};
use packet::{Family, Prefix};

/// Every block that a rule, entry, route or network of the snapshot names.
///
/// Blocks nest or are apart. So the smallest block around an address tells which blocks hold it, and two addresses with
/// the same smallest block are in exactly the same blocks.
#[derive(Debug)]
pub(crate) struct AddressLine {
    blocks: BTreeSet<Prefix>,
}

impl AddressLine {
    pub(crate) fn of(snapshot: &Snapshot) -> Self {
        let mut blocks = BTreeSet::from([Prefix::ALL_V4, Prefix::ALL_V6]);
        for rule in snapshot
            .groups()
            .rows()
            .iter()
            .flat_map(|group| &group.rules)
        {
            if let RulePeer::Cidr(cidr) = rule.peer {
                blocks.insert(cidr);
            }
        }
        blocks.extend(
            snapshot
                .acls()
                .rows()
                .iter()
                .flat_map(|acl| &acl.entries)
                .map(|entry| entry.cidr),
        );
        blocks.extend(
            snapshot
                .prefix_lists()
                .rows()
                .iter()
                .filter_map(|list| list.entries.as_ref())
                .flatten(),
        );
        let routes = snapshot
            .route_tables()
            .rows()
            .iter()
            .flat_map(|table| &table.routes);
        let routes = routes.map(|route| &route.destination);
        let transit = snapshot
            .transit_route_tables()
            .rows()
            .iter()
            .flat_map(|table| &table.routes);
        let transit = transit.map(|route| &route.destination);
        for destination in routes.chain(transit) {
            if let RouteDestination::Prefix(prefix) = destination {
                blocks.insert(*prefix);
            }
        }
        blocks.extend(snapshot.vpcs().rows().iter().flat_map(|vpc| &vpc.cidrs));
        blocks.extend(
            snapshot
                .subnets()
                .rows()
                .iter()
                .flat_map(|subnet| &subnet.cidrs),
        );
        let peerings = snapshot.peerings().rows().iter();
        blocks.extend(peerings.flat_map(|peering| {
            peering
                .requester
                .cidrs
                .iter()
                .chain(&peering.accepter.cidrs)
        }));
        blocks.extend(
            snapshot
                .offices()
                .rows()
                .iter()
                .flat_map(|office| &office.cidrs),
        );
        blocks.extend(
            snapshot
                .vpn_connections()
                .rows()
                .iter()
                .flat_map(|connection| &connection.static_routes),
        );
        let vpcs = snapshot
            .vpcs()
            .rows()
            .iter()
            .filter_map(|vpc| offset(&vpc.cidrs, RESOLVER));
        let subnets = snapshot
            .subnets()
            .rows()
            .iter()
            .filter_map(|subnet| offset(&subnet.cidrs, ROUTER));
        blocks.extend(vpcs.chain(subnets));
        blocks.extend(
            SPECIAL
                .iter()
                .filter_map(|text| text.parse::<Prefix>().ok()),
        );
        Self { blocks }
    }

    /// The smallest block that holds the address.
    ///
    /// Cost: one lookup a possible length.
    pub(crate) fn block(&self, address: IpAddr) -> Prefix {
        let family = Family::of(address);
        let lengths = (0..=family.bits()).rev();
        let mut blocks = lengths.filter_map(|length| Prefix::new(address, length));
        blocks
            .find(|block| self.blocks.contains(block))
            .unwrap_or(Prefix::all(family))
    }

    /// All blocks, by family and first address, larger ones first.
    pub(crate) const fn blocks(&self) -> &BTreeSet<Prefix> {
        &self.blocks
    }
}

/// The place of the Amazon DNS server in the first IPv4 block of a VPC.
const RESOLVER: u128 = 2;

/// The place of the router in an IPv4 block of a subnet.
const ROUTER: u128 = 1;

/// A reserved address, counted from the start of the first IPv4 block, as a block of its own.
fn offset(cidrs: &[Prefix], place: u128) -> Option<Prefix> {
    let block = cidrs.iter().find(|cidr| cidr.family() == Family::V4)?;
    Family::V4
        .address(block.bounds().0 + place)
        .map(Prefix::host)
}

/// Blocks that decide by themselves: addresses in them are not public.
const SPECIAL: &[&str] = &[
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "224.0.0.0/3",
    "2000::/3",
    "fe80::/10",
];
