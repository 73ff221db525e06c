//! Subnets whose route tables have the same routes, whatever gateways these lead to.

use std::collections::{BTreeMap, BTreeSet};

use model::{Index, Route, RouteDestination, RouteTarget, Subnet};
use packet::Prefix;
use rustc_hash::FxHashMap;

use crate::network::Network;
use crate::placement::Placed;

/// The routes of a table, without those inside its VPC: destinations, and the sort of their targets.
type Shape = BTreeSet<(Option<Prefix>, u8)>;

/// For each subnet a number: the same for those whose tables have the same shape.
pub(crate) fn of(network: &Network<'_>) -> FxHashMap<Index<Subnet>, usize> {
    let mut by_shape: BTreeMap<Shape, Vec<Index<Subnet>>> = BTreeMap::new();
    for (index, subnet) in network.snapshot.subnets().iter() {
        let vpc = subnet.vpc.target();
        let placed = vpc.and_then(|vpc| network.route_tables.of(index, vpc));
        if let Some(Placed::Named(table) | Placed::Default(table)) = placed {
            let routes = &network.snapshot.route_tables().get(table).routes;
            let shape = routes.iter().filter_map(kind).collect();
            by_shape.entry(shape).or_default().push(index);
        }
    }
    let numbered = (1..).zip(by_shape.into_values());
    numbered
        .flat_map(|(number, subnets)| subnets.into_iter().map(move |subnet| (subnet, number)))
        .collect()
}

fn kind(route: &Route) -> Option<(Option<Prefix>, u8)> {
    let destination = match route.destination {
        RouteDestination::Prefix(prefix) => Some(prefix),
        RouteDestination::PrefixList(_) => None,
    };
    let kind = match route.target {
        RouteTarget::Local => return None,
        RouteTarget::InternetGateway(_) => 0,
        RouteTarget::EgressOnlyInternetGateway(_) => 1,
        RouteTarget::NatGateway(_) => 2,
        RouteTarget::Peering(_) => 3,
        RouteTarget::TransitGateway(_) => 4,
        RouteTarget::VpnGateway(_) => 5,
        RouteTarget::NetworkInterface(_) | RouteTarget::NextHop(_) => 6,
        RouteTarget::VpcEndpoint(_) => 7,
        RouteTarget::CoreNetwork(_) => 8,
        RouteTarget::Unmodelled { .. } => 9,
    };
    Some((destination, kind))
}
