//! The address line, cut at every block in use.

use std::collections::BTreeSet;
use std::net::IpAddr;

use model::{FirewallAddresses, FirewallRules, Index, RouteDestination, RulePeer, Snapshot, Vpc};
use packet::{Family, Prefix};

/// Every block that a rule, entry, route or network of the snapshot names.
///
/// Blocks nest or are apart. So the smallest block around an address tells which blocks hold it, and two addresses with
/// the same smallest block are in exactly the same blocks.
#[derive(Debug)]
pub(crate) struct AddressLine {
    blocks: BTreeSet<Prefix>,
    v4: Vec<Stretch>,
    v6: Vec<Stretch>,
}

/// Addresses around which the smallest block is the same; it ends where the next one starts.
#[derive(Debug, Clone, Copy)]
struct Stretch {
    first: u128,
    block: Prefix,
}

/// The line, cut as finely as those need it who ask.
#[derive(Debug)]
pub(crate) struct AddressLines {
    /// Cut at every block.
    pub(crate) whole: AddressLine,
    /// Less finely: of two addresses with the same smallest block, nothing tells one from the other on a way, as long as
    /// that is not in their VPC, and asks nobody who holds them.
    pub(crate) of_ways: AddressLine,
    /// Cut where rules of groups tell addresses apart.
    pub(crate) of_groups: AddressLine,
}

impl AddressLines {
    pub(crate) fn of(snapshot: &Snapshot) -> Self {
        let of_groups = named_by_groups(snapshot);
        Self::over(snapshot, AddressLine::cut_at(named(snapshot)), of_groups)
    }

    /// The same for either of two snapshots: the finest line, and that of groups, are cut at the blocks of both.
    pub(crate) fn alongside(snapshot: &Snapshot, other: &Snapshot) -> Self {
        let mut blocks = named(snapshot);
        blocks.extend(named(other));
        let of_groups = [named_by_groups(snapshot), named_by_groups(other)].concat();
        Self::over(snapshot, AddressLine::cut_at(blocks), of_groups)
    }

    fn over(snapshot: &Snapshot, whole: AddressLine, by_groups: Vec<Prefix>) -> Self {
        let everything = BTreeSet::from([Prefix::ALL_V4, Prefix::ALL_V6]);
        let of_groups = by_groups.into_iter().chain(named_by_prefix_lists(snapshot));
        Self {
            whole,
            of_ways: AddressLine::cut_at(named_on_ways(snapshot)),
            of_groups: AddressLine::cut_at(everything.into_iter().chain(of_groups).collect()),
        }
    }
}

impl AddressLine {
    pub(crate) fn cut_at(blocks: BTreeSet<Prefix>) -> Self {
        Self {
            v4: stretches(&blocks, Family::V4),
            v6: stretches(&blocks, Family::V6),
            blocks,
        }
    }

    /// The smallest block that holds the address.
    ///
    /// Cost: a binary search.
    pub(crate) fn block(&self, address: IpAddr) -> Prefix {
        let family = Family::of(address);
        let stretches = match family {
            Family::V4 => &self.v4,
            Family::V6 => &self.v6,
        };
        let number = Family::number(address);
        let next = stretches.partition_point(|stretch| stretch.first <= number);
        let stretch = next.checked_sub(1).and_then(|place| stretches.get(place));
        stretch.map_or(Prefix::all(family), |stretch| stretch.block)
    }

    /// The smallest block that covers all of another one.
    ///
    /// Cost: a lookup for each length that is not longer.
    pub(crate) fn around(&self, block: &Prefix) -> Prefix {
        let outer = (0..=block.length()).rev();
        let mut outer = outer.filter_map(|length| Prefix::new(block.first(), length));
        let smallest = outer.find(|outer| self.blocks.contains(outer));
        smallest.unwrap_or(Prefix::all(block.family()))
    }

    /// All blocks, by family and first address, larger ones first.
    pub(crate) const fn blocks(&self) -> &BTreeSet<Prefix> {
        &self.blocks
    }
}

/// The stretches of a family's addresses, in order.
fn stretches(blocks: &BTreeSet<Prefix>, family: Family) -> Vec<Stretch> {
    let mut stretches = Vec::new();
    let mut around: Vec<Prefix> = Vec::new();
    for block in blocks.iter().filter(|block| block.family() == family) {
        while around.last().is_some_and(|outer| !outer.covers(block)) {
            leave(&mut around, &mut stretches);
        }
        start(&mut stretches, block.bounds().0, *block);
        around.push(*block);
    }
    while !around.is_empty() {
        leave(&mut around, &mut stretches);
    }
    stretches
}

/// After a block comes what is left of the one around it.
fn leave(around: &mut Vec<Prefix>, stretches: &mut Vec<Stretch>) {
    let left = around.pop().map(|block| block.bounds().1);
    let next = left.and_then(|last| last.checked_add(1));
    if let (Some(next), Some(outer)) = (next, around.last()) {
        start(stretches, next, *outer);
    }
}

/// A stretch without addresses gives way to the one that starts in the same place.
fn start(stretches: &mut Vec<Stretch>, first: u128, block: Prefix) {
    if stretches.last().is_some_and(|last| last.first == first) {
        stretches.pop();
    }
    stretches.push(Stretch { first, block });
}

/// All blocks.
fn named(snapshot: &Snapshot) -> BTreeSet<Prefix> {
    let mut blocks = named_on_ways(snapshot);
    blocks.extend(named_by_groups(snapshot));
    blocks.extend(subnets(snapshot).map(|(_, cidr)| cidr));
    blocks.extend(reserved(snapshot));
    blocks
}

/// All blocks but those of groups, and of subnets inside their VPC.
fn named_on_ways(snapshot: &Snapshot) -> BTreeSet<Prefix> {
    let mut blocks = BTreeSet::from([Prefix::ALL_V4, Prefix::ALL_V6]);
    blocks.extend(named_by_acls(snapshot));
    blocks.extend(named_by_prefix_lists(snapshot));
    blocks.extend(named_by_routes(snapshot));
    blocks.extend(named_outside(snapshot));
    blocks.extend(named_by_networks(snapshot));
    blocks.extend(named_by_firewalls(snapshot));
    let strays = subnets(snapshot).filter(|(vpc, cidr)| {
        let vpc = vpc.map(|index| snapshot.vpcs().get(index));
        !vpc.is_some_and(|vpc| vpc.cidrs.iter().any(|block| block.covers(cidr)))
    });
    blocks.extend(strays.map(|(_, cidr)| cidr));
    blocks.extend(
        SPECIAL
            .iter()
            .filter_map(|text| text.parse::<Prefix>().ok()),
    );
    blocks
}

/// The blocks of all subnets, with their VPCs.
fn subnets(snapshot: &Snapshot) -> impl Iterator<Item = (Option<Index<Vpc>>, Prefix)> {
    let subnets = snapshot.subnets().rows().iter();
    subnets.flat_map(|subnet| {
        let cidrs = subnet.cidrs.iter();
        cidrs.map(|cidr| (subnet.vpc.target(), *cidr))
    })
}

fn named_by_groups(snapshot: &Snapshot) -> Vec<Prefix> {
    let rules = snapshot
        .groups()
        .rows()
        .iter()
        .flat_map(|group| &group.rules);
    let peers = rules.filter_map(|rule| match rule.peer {
        RulePeer::Cidr(cidr) => Some(cidr),
        RulePeer::Group(_) | RulePeer::PrefixList(_) => None,
    });
    peers.collect()
}

fn named_by_acls(snapshot: &Snapshot) -> impl Iterator<Item = Prefix> {
    let acls = snapshot.acls().rows().iter();
    acls.flat_map(|acl| &acl.entries).map(|entry| entry.cidr)
}

fn named_by_prefix_lists(snapshot: &Snapshot) -> impl Iterator<Item = Prefix> {
    let lists = snapshot.prefix_lists().rows().iter();
    let entries = lists.filter_map(|list| list.entries.as_ref());
    entries.flatten().copied()
}

fn named_by_routes(snapshot: &Snapshot) -> Vec<Prefix> {
    let routes = snapshot
        .route_tables()
        .rows()
        .iter()
        .flat_map(|table| &table.routes);
    let transit = snapshot
        .transit_route_tables()
        .rows()
        .iter()
        .flat_map(|table| &table.routes);
    let destinations = routes
        .map(|route| &route.destination)
        .chain(transit.map(|route| &route.destination));
    let prefixes = destinations.filter_map(|destination| match destination {
        RouteDestination::Prefix(prefix) => Some(*prefix),
        RouteDestination::PrefixList(_) => None,
    });
    let vpns = snapshot
        .vpn_connections()
        .rows()
        .iter()
        .flat_map(|connection| &connection.static_routes);
    prefixes.chain(vpns.copied()).collect()
}

/// Blocks that VPNs, Direct Connect, Client VPN and core networks name.
fn named_outside(snapshot: &Snapshot) -> Vec<Prefix> {
    let connections = snapshot.vpn_connections().rows().iter();
    let selectors = connections.flat_map(|one| [one.office_side, one.cloud_side]);
    let associations = snapshot.direct_connect_associations().rows().iter();
    let allowed = associations.filter_map(|association| association.allowed.as_ref());
    let endpoints = || snapshot.client_vpn_endpoints().rows().iter();
    let routes = endpoints().flat_map(|endpoint| &endpoint.routes);
    let rules = endpoints().flat_map(|endpoint| &endpoint.rules);
    let core = snapshot.core_tables().rows().iter();
    let core = core
        .flat_map(|table| &table.routes)
        .filter_map(|route| match route.destination {
            RouteDestination::Prefix(prefix) => Some(prefix),
            RouteDestination::PrefixList(_) => None,
        });
    selectors
        .flatten()
        .chain(allowed.flatten().copied())
        .chain(endpoints().filter_map(|endpoint| endpoint.clients))
        .chain(routes.map(|route| route.destination))
        .chain(rules.map(|rule| rule.destination))
        .chain(core)
        .collect()
}

fn named_by_networks(snapshot: &Snapshot) -> Vec<Prefix> {
    let vpcs = snapshot.vpcs().rows().iter().flat_map(|vpc| &vpc.cidrs);
    let peerings = snapshot
        .peerings()
        .rows()
        .iter()
        .flat_map(|peering| [&peering.requester, &peering.accepter]);
    let offices = snapshot
        .offices()
        .rows()
        .iter()
        .flat_map(|office| &office.cidrs);
    vpcs.chain(peerings.flat_map(|side| &side.cidrs))
        .chain(offices)
        .copied()
        .collect()
}

fn named_by_firewalls(snapshot: &Snapshot) -> Vec<Prefix> {
    let mut blocks = Vec::new();
    for policy in snapshot.firewall_policies().rows() {
        let variables = policy.variables.values();
        variables.for_each(|addresses| collect(addresses, &mut blocks));
    }
    for group in snapshot.firewall_rule_groups().rows() {
        let variables = group.addresses.values();
        variables.for_each(|addresses| collect(addresses, &mut blocks));
        match &group.rules {
            FirewallRules::Stateless(rules) => {
                let named = rules
                    .iter()
                    .flat_map(|rule| rule.sources.iter().chain(&rule.destinations));
                blocks.extend(named.copied());
            }
            FirewallRules::Stateful(rules) => {
                for rule in rules {
                    collect(&rule.source, &mut blocks);
                    collect(&rule.destination, &mut blocks);
                }
            }
        }
    }
    blocks
}

/// Adds the blocks that a set of addresses is made of.
fn collect(addresses: &FirewallAddresses, blocks: &mut Vec<Prefix>) {
    match addresses {
        FirewallAddresses::Block(block) => blocks.push(*block),
        FirewallAddresses::Not(inner) => collect(inner, blocks),
        FirewallAddresses::Among(members) => {
            for member in members {
                collect(member, blocks);
            }
        }
        FirewallAddresses::Any
        | FirewallAddresses::Variable(_)
        | FirewallAddresses::Reference(_)
        | FirewallAddresses::Unknown => {}
    }
}

/// Addresses that AWS keeps for itself in VPCs and subnets.
fn reserved(snapshot: &Snapshot) -> Vec<Prefix> {
    let vpcs = snapshot
        .vpcs()
        .rows()
        .iter()
        .filter_map(|vpc| offset(&vpc.cidrs, RESOLVER));
    vpcs.chain(subnets(snapshot).filter_map(|(_, cidr)| offset(&[cidr], ROUTER)))
        .collect()
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
pub(crate) const SPECIAL: &[&str] = &[
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "169.254.171.0/24",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "224.0.0.0/3",
    "64:ff9b::/96",
    "2000::/3",
    "fd00:ec2::/32",
    "fd00:ec2:80::/64",
    "fe80::/10",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn special_blocks_are_where_addresses_become_public_and_cease_to_be() {
        let special = SPECIAL.iter().map(|text| text.parse::<Prefix>().unwrap());
        let line = AddressLine::cut_at(special.collect());
        // No special block ends within the first or last 256 addresses of a /16, or between these.
        let blocks = (0..=0xffff_u128).map(|number| number << 16);
        let within = [0, 0xff, 0x100, 0xffff].into_iter();
        let numbers = blocks.flat_map(|first| within.clone().map(move |place| first + place));
        for number in numbers {
            let address = Family::V4.address(number).unwrap();
            let is_special = line.blocks().iter().any(|block| block.contains(address));
            assert_eq!(packet::is_public(address), !is_special, "{address}");
        }
        let global: Prefix = "2000::/3".parse().unwrap();
        assert!(line.blocks().contains(&global));
        for first in 0..=0xffff_u128 {
            let address = Family::V6.address(first << 112).unwrap();
            let is_global = global.contains(address);
            assert_eq!(packet::is_public(address), is_global, "{address}");
        }
    }

    #[test]
    fn the_smallest_block_around_an_address() {
        for seed in 0..20 {
            let snapshot = testkit::random_network(seed).unwrap().snapshot();
            let line = AddressLine::cut_at(named(&snapshot));
            let ends = line.blocks().iter().flat_map(|block| {
                let (first, last) = block.bounds();
                let around = [first.wrapping_sub(1), first, last, last.wrapping_add(1)];
                around.map(|number| block.family().address(number))
            });
            for address in ends.flatten() {
                let around = line.blocks().iter().filter(|block| block.contains(address));
                let smallest = around.max_by_key(|block| block.length()).unwrap();
                assert_eq!(line.block(address), *smallest, "seed {seed}: {address}");
            }
        }
    }
}
