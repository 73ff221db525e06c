//! What routes lead to beyond the hosts, offices and the internet that other questions ask about.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use model::{
    Endpoint, Index, Reachability, RouteDestination, RouteTable, RouteTableAssociation,
    RouteTarget, Subnet,
};
use packet::{Family, PacketSet, PortSet, Prefix, Protocol};

use crate::edge::Edge;
use crate::landscape::{Landscape, Selection};

/// Why it is open, and an example.
pub(crate) type OpenWay = ((&'static str, String), Edge);

/// The port by which each route is tried.
const PORT: u16 = 443;

/// For each route, whether a host that uses it knows where it leads; those for which it is open.
pub(crate) fn open_routes(landscape: &Landscape<'_>) -> Vec<OpenWay> {
    let senders = senders(landscape);
    let mut found: BTreeMap<(&'static str, String), Edge> = BTreeMap::new();
    for (_, table) in landscape.snapshot().route_tables().iter() {
        let of_table = subnets(landscape, table);
        let all = of_table.iter().filter_map(|subnet| senders.get(subnet));
        let Some(senders) = all.into_iter().next() else {
            continue;
        };
        for address in destinations(table) {
            for sender in senders.iter().filter(|sender| is_family(sender, address)) {
                if let Some((doubt, edge)) = open(landscape, sender, address) {
                    found.entry(doubt).or_insert(edge);
                }
            }
        }
    }
    found.into_iter().collect()
}

const fn is_family(sender: &Endpoint, address: IpAddr) -> bool {
    sender.address().is_ipv4() == address.is_ipv4()
}

/// One interface's addresses for each subnet.
fn senders(landscape: &Landscape<'_>) -> BTreeMap<Index<Subnet>, Vec<Endpoint>> {
    let mut senders = BTreeMap::new();
    for (_, host) in landscape.hosts() {
        for interface in &host.interfaces {
            let subnet = landscape
                .snapshot()
                .interfaces()
                .get(*interface)
                .subnet
                .target();
            let Some(subnet) = subnet else { continue };
            senders.entry(subnet).or_insert_with(|| {
                let mut all = landscape.endpoints_of(*interface);
                all.retain(|endpoint| crate::host::is_own(landscape.snapshot(), endpoint));
                all
            });
        }
    }
    senders
}

/// The subnets whose hosts a table routes.
fn subnets(landscape: &Landscape<'_>, table: &RouteTable) -> Vec<Index<Subnet>> {
    let named = |table: &RouteTable| -> Vec<Index<Subnet>> {
        let all = table.associations.iter();
        all.filter_map(|association| match association {
            RouteTableAssociation::Subnet(subnet) => subnet.target(),
            RouteTableAssociation::Gateway(_) => None,
        })
        .collect()
    };
    let mut subnets = named(table);
    if table.is_main {
        let tables = landscape.snapshot().route_tables().rows();
        let taken: BTreeSet<Index<Subnet>> = tables.iter().flat_map(named).collect();
        let of_vpc = landscape.snapshot().subnets().iter();
        let of_vpc = of_vpc.filter(|(_, subnet)| subnet.vpc.id() == table.vpc.id());
        subnets.extend(
            of_vpc
                .map(|(index, _)| index)
                .filter(|index| !taken.contains(index)),
        );
    }
    subnets
}

/// An address for each route that does not stay in the VPC, nor leads everywhere: what that reaches is asked of the
/// internet and of offices.
fn destinations(table: &RouteTable) -> Vec<IpAddr> {
    let leaving = table
        .routes
        .iter()
        .filter(|route| !matches!(route.target, RouteTarget::Local));
    let addresses = leaving.filter_map(|route| match &route.destination {
        RouteDestination::Prefix(prefix) if prefix.length() > 0 => Some(inside(prefix)),
        RouteDestination::Prefix(_) | RouteDestination::PrefixList(_) => None,
    });
    addresses.collect()
}

/// An address that a host might have.
fn inside(prefix: &Prefix) -> IpAddr {
    let first = prefix.first();
    let next = Family::of(first).address(Family::number(first) + 5);
    next.filter(|next| prefix.contains(*next)).unwrap_or(first)
}

fn open(landscape: &Landscape<'_>, from: &Endpoint, address: IpAddr) -> Option<OpenWay> {
    let question = trace::Question::tcp(address, PORT);
    let trace = landscape.tracer().ask(*from, question)?;
    let doubt = trace
        .doubt()
        .filter(|_| trace.reachability == Reachability::Undetermined)?;
    let reason = (doubt.code(), doubt.describe(landscape.snapshot()));
    let to = trace.to.unwrap_or(Endpoint::Unknown { address });
    let edge = Edge {
        from: landscape.selection_subject(&Selection::Endpoints(vec![*from])),
        to: landscape.selection_subject(&Selection::Endpoints(vec![to])),
        services: PacketSet::to_ports(Protocol::TCP, &PortSet::range(PORT, PORT)),
        witness: None,
    };
    Some((reason, edge))
}
