//! What is chosen by the length of its block.

use std::collections::BTreeSet;

use model::{
    AttachmentResource, AuthorizationRule, ClientVpnRoute, CoreNetworkRoute, Link, Parts,
    PrefixList, ResourceId, Route, RouteDestination, RouteTarget, TransitGatewayAttachment,
    TransitGatewayRoute,
};
use packet::Prefix;

use super::halves_or_whole;

/// Something that the longest block decides on.
pub(super) trait Chosen: Clone {
    /// Its block; `None` if a prefix list stands for it.
    fn block(&self) -> Option<Prefix>;
    /// The same for another block.
    fn with(&self, block: Prefix) -> Self;
}

macro_rules! by_destination {
    ($($kind:ty)*) => {
        $(
            impl Chosen for $kind {
                fn block(&self) -> Option<Prefix> {
                    match self.destination {
                        RouteDestination::Prefix(prefix) => Some(prefix),
                        RouteDestination::PrefixList(_) => None,
                    }
                }
                fn with(&self, block: Prefix) -> Self {
                    let destination = RouteDestination::Prefix(block);
                    Self { destination, ..self.clone() }
                }
            }
        )*
    };
}

macro_rules! by_block {
    ($($kind:ty)*) => {
        $(
            impl Chosen for $kind {
                fn block(&self) -> Option<Prefix> {
                    Some(self.destination)
                }
                fn with(&self, destination: Prefix) -> Self {
                    Self { destination, ..self.clone() }
                }
            }
        )*
    };
}

by_destination!(Route TransitGatewayRoute CoreNetworkRoute);
by_block!(ClientVpnRoute AuthorizationRule);

/// What else the length of a block is compared with.
#[derive(Debug)]
pub(super) struct Rivals {
    /// Blocks that compete with the routes of a table and come from elsewhere.
    taken: BTreeSet<Prefix>,
    /// Lists by which routes are chosen: the lengths of their entries count.
    steering: BTreeSet<ResourceId>,
}

impl Rivals {
    pub(super) fn of(parts: &Parts) -> Self {
        let vpcs = parts.vpcs.iter().flat_map(|vpc| &vpc.cidrs);
        let lists = parts.prefix_lists.iter();
        let entries = lists.filter_map(|list| list.entries.as_ref()).flatten();
        let remote = parts
            .vpn_connections
            .iter()
            .flat_map(|vpn| &vpn.static_routes);
        Self {
            taken: vpcs
                .chain(entries)
                .chain(remote)
                .copied()
                .chain(of_offices(parts))
                .collect(),
            steering: steering(parts),
        }
    }

    pub(super) fn steers(&self, list: &PrefixList) -> bool {
        self.steering.contains(&list.id)
    }

    /// Every route in halves, except where that would change which of two is longer.
    pub(super) fn divide<T: Chosen>(&self, routes: &[T]) -> Vec<T> {
        let listed: BTreeSet<Prefix> = routes.iter().filter_map(Chosen::block).collect();
        let competes = |half: &Prefix| self.taken.contains(half) || listed.contains(half);
        let divided = |route: &T| {
            let block = route.block().filter(|block| !self.taken.contains(block))?;
            let halves = halves_or_whole(&block);
            let stays = halves.iter().any(competes);
            (!stays).then(|| halves.into_iter().map(|half| route.with(half)).collect())
        };
        let one = |route: &T| divided(route).unwrap_or_else(|| vec![route.clone()]);
        routes.iter().flat_map(one).collect()
    }
}

/// Blocks from which networks outside AWS are inferred: halves of them are other networks.
fn of_offices(parts: &Parts) -> Vec<Prefix> {
    let leads_to_vpc = |link: &Link<TransitGatewayAttachment>| {
        let mut attachments = parts.transit_attachments.iter();
        attachments.any(|one| {
            one.id == *link.id() && matches!(one.resource, AttachmentResource::Vpc { .. })
        })
    };
    let of_gateways = parts
        .transit_route_tables
        .iter()
        .flat_map(|table| &table.routes);
    let outward = of_gateways.filter(|route| !route.attachments.iter().all(leads_to_vpc));
    let of_vpcs = parts.route_tables.iter().flat_map(|table| &table.routes);
    let announced = of_vpcs.filter(|route| matches!(route.target, RouteTarget::VpnGateway(_)));
    let blocks = announced.filter_map(Chosen::block);
    blocks.chain(outward.filter_map(Chosen::block)).collect()
}

fn steering(parts: &Parts) -> BTreeSet<ResourceId> {
    let of_vpcs = parts.route_tables.iter().flat_map(|table| &table.routes);
    let of_gateways = parts
        .transit_route_tables
        .iter()
        .flat_map(|table| &table.routes);
    let of_cores = parts.core_tables.iter().flat_map(|table| &table.routes);
    let destinations = of_vpcs.map(|route| &route.destination);
    let destinations = destinations
        .chain(of_gateways.map(|route| &route.destination))
        .chain(of_cores.map(|route| &route.destination));
    let lists = destinations.filter_map(|destination| match destination {
        RouteDestination::Prefix(_) => None,
        RouteDestination::PrefixList(list) => Some(list.id().clone()),
    });
    lists.collect()
}
