//! Changes of the route tables of VPCs.

use super::{ChangeError, Reach, exists, known, no_part, resource};
use crate::{ResourceId, Route, RouteDestination, RouteOrigin, RouteTable, RouteTarget, Snapshot};

impl Snapshot {
    pub(super) fn add_route(
        &mut self,
        table: &ResourceId,
        route: &Route,
    ) -> Result<Reach, ChangeError> {
        self.know_route(route)?;
        let table = resource(&mut self.route_tables, "route table", table)?;
        if table.routes.iter().any(|other| is_replaced(other, route)) {
            let part = format!("a route for {}", named(&route.destination));
            return Err(exists(&table.id, part));
        }
        table.routes.push(route.clone());
        Ok(Reach::Others)
    }

    pub(super) fn replace_route(
        &mut self,
        table: &ResourceId,
        route: &Route,
    ) -> Result<Reach, ChangeError> {
        self.know_route(route)?;
        let table = resource(&mut self.route_tables, "route table", table)?;
        remove(table, &route.destination, |other| is_replaced(other, route))?;
        table.routes.push(route.clone());
        Ok(Reach::Others)
    }

    pub(super) fn remove_route(
        &mut self,
        table: &ResourceId,
        destination: &RouteDestination,
    ) -> Result<Reach, ChangeError> {
        let table = resource(&mut self.route_tables, "route table", table)?;
        remove(table, destination, |route| {
            route.kind == RouteOrigin::Static && route.destination == *destination
        })?;
        Ok(Reach::Others)
    }

    /// That everything which a route names is there. Targets without a table of their own are taken as they come.
    fn know_route(&self, route: &Route) -> Result<(), ChangeError> {
        self.know_destination(&route.destination)?;
        match &route.target {
            RouteTarget::InternetGateway(link) => {
                known(&self.internet_gateways, "internet gateway", link.id())
            }
            RouteTarget::EgressOnlyInternetGateway(link) => {
                let kind = "egress-only internet gateway";
                known(&self.egress_only_gateways, kind, link.id())
            }
            RouteTarget::NatGateway(link) => known(&self.nat_gateways, "NAT gateway", link.id()),
            RouteTarget::NetworkInterface(link) => {
                known(&self.interfaces, "network interface", link.id())
            }
            RouteTarget::Peering(link) => {
                known(&self.peerings, "VPC peering connection", link.id())
            }
            RouteTarget::TransitGateway(link) => {
                known(&self.transit_gateways, "transit gateway", link.id())
            }
            RouteTarget::VpnGateway(link) => known(&self.vpn_gateways, "VPN gateway", link.id()),
            RouteTarget::Local
            | RouteTarget::VpcEndpoint(_)
            | RouteTarget::CoreNetwork(_)
            | RouteTarget::NextHop(_)
            | RouteTarget::Unmodelled { .. } => Ok(()),
        }
    }

    pub(super) fn know_destination(
        &self,
        destination: &RouteDestination,
    ) -> Result<(), ChangeError> {
        match destination {
            RouteDestination::Prefix(_) => Ok(()),
            RouteDestination::PrefixList(list) => {
                known(&self.prefix_lists, "prefix list", list.id())
            }
        }
    }
}

/// Whether a route is the one of its table that another one would take the place of.
fn is_replaced(route: &Route, by: &Route) -> bool {
    let is_kept = match route.kind {
        RouteOrigin::Static | RouteOrigin::Table => false,
        RouteOrigin::Propagated | RouteOrigin::Advertised => true,
    };
    !is_kept && route.destination == by.destination
}

fn remove(
    table: &mut RouteTable,
    destination: &RouteDestination,
    is_meant: impl Fn(&Route) -> bool,
) -> Result<(), ChangeError> {
    let before = table.routes.len();
    table.routes.retain(|route| !is_meant(route));
    if table.routes.len() == before {
        let part = format!("route for {} that can be changed", named(destination));
        return Err(no_part(&table.id, part));
    }
    Ok(())
}

/// A destination in words.
pub(super) fn named(destination: &RouteDestination) -> String {
    match destination {
        RouteDestination::Prefix(prefix) => prefix.to_string(),
        RouteDestination::PrefixList(list) => format!("`{}`", list.id()),
    }
}
