//! Changes of transit gateways: attachments, associations, propagations and routes.
//!
//! A table whose propagated routes were read shows the best route for each block only. When a route goes, another one
//! for its block may come up: from what announces it, as far as the blocks that attachments announce are known. Where
//! they are not, the table tells its propagated routes no longer.

use super::{ChangeError, Reach, exists, known, no_part, no_such, resource, routes::named};
use crate::{
    AttachmentResource, Index, Link, ResourceId, RouteDestination, RouteState, Snapshot,
    TransitGatewayAttachment, TransitGatewayRoute, TransitGatewayRouteKind,
    TransitGatewayRouteTable,
};

const TABLE: &str = "transit gateway route table";
const ATTACHMENT: &str = "transit gateway attachment";

impl Snapshot {
    pub(super) fn associate(
        &mut self,
        attachment: &ResourceId,
        table: &ResourceId,
    ) -> Result<Reach, ChangeError> {
        let index = self.attachment_of(attachment, table)?;
        let rows = self.transit_attachments.rows_mut();
        if let Some(attachment) = rows.get_mut(index.number()) {
            attachment.association = Some(Link::to(table.clone()));
            attachment.association_known = true;
        }
        Ok(Reach::Others)
    }

    pub(super) fn disassociate(
        &mut self,
        attachment: &ResourceId,
        table: &ResourceId,
    ) -> Result<Reach, ChangeError> {
        let index = self.attachment_of(attachment, table)?;
        let rows = self.transit_attachments.rows_mut();
        let Some(found) = rows.get_mut(index.number()) else {
            return Err(no_such(ATTACHMENT, attachment));
        };
        let is_other = found.association.as_ref().map(Link::id) != Some(table);
        if found.association_known && is_other {
            let part = format!("association with `{table}`");
            return Err(no_part(attachment, part));
        }
        found.association = None;
        found.association_known = true;
        Ok(Reach::Others)
    }

    pub(super) fn propagate(
        &mut self,
        attachment: &ResourceId,
        table: &ResourceId,
    ) -> Result<Reach, ChangeError> {
        let index = self.attachment_of(attachment, table)?;
        let announced = self.announced(index);
        let table = resource(&mut self.transit_route_tables, TABLE, table)?;
        let link = Link::to(attachment.clone());
        if let Some(propagations) = &mut table.propagations {
            if propagations.contains(&link) {
                let part = format!("the propagation of `{attachment}`");
                return Err(exists(&table.id, part));
            }
            propagations.push(link.clone());
        }
        announce(table, &link, announced, |_| true);
        Ok(Reach::Others)
    }

    pub(super) fn stop_propagation(
        &mut self,
        attachment: &ResourceId,
        table: &ResourceId,
    ) -> Result<Reach, ChangeError> {
        self.attachment_of(attachment, table)?;
        let id = table;
        let table = resource(&mut self.transit_route_tables, TABLE, id)?;
        if let Some(propagations) = &mut table.propagations {
            let before = propagations.len();
            propagations.retain(|link| link.id() != attachment);
            if propagations.len() == before {
                let part = format!("propagation of `{attachment}`");
                return Err(no_part(id, part));
            }
        }
        let gone = forget(table, attachment, |kind| {
            kind == TransitGatewayRouteKind::Propagated
        });
        self.reveal(id, &gone);
        Ok(Reach::Others)
    }

    pub(super) fn add_transit_route(
        &mut self,
        table: &ResourceId,
        route: &TransitGatewayRoute,
    ) -> Result<Reach, ChangeError> {
        self.know_destination(&route.destination)?;
        for attachment in &route.attachments {
            self.attachment_of(attachment.id(), table)?;
        }
        let table = resource(&mut self.transit_route_tables, TABLE, table)?;
        let is_there = |other: &TransitGatewayRoute| {
            other.kind == TransitGatewayRouteKind::Static && other.destination == route.destination
        };
        if table.routes.iter().any(is_there) {
            let part = format!("a static route for {}", named(&route.destination));
            return Err(exists(&table.id, part));
        }
        table.routes.push(route.clone());
        Ok(Reach::Others)
    }

    pub(super) fn remove_transit_route(
        &mut self,
        table: &ResourceId,
        destination: &RouteDestination,
    ) -> Result<Reach, ChangeError> {
        let found = resource(&mut self.transit_route_tables, TABLE, table)?;
        let before = found.routes.len();
        found.routes.retain(|route| {
            route.kind != TransitGatewayRouteKind::Static || route.destination != *destination
        });
        if found.routes.len() == before {
            let part = format!("static route for {}", named(destination));
            return Err(no_part(table, part));
        }
        self.reveal(table, std::slice::from_ref(destination));
        Ok(Reach::Others)
    }

    pub(super) fn add_attachment(
        &mut self,
        attachment: &TransitGatewayAttachment,
    ) -> Result<Reach, ChangeError> {
        known(
            &self.transit_gateways,
            "transit gateway",
            attachment.gateway.id(),
        )?;
        if let Some(table) = &attachment.association {
            known(&self.transit_route_tables, TABLE, table.id())?;
        }
        match &attachment.resource {
            AttachmentResource::Vpc { vpc, subnets } => {
                known(&self.vpcs, "VPC", vpc.id())?;
                for subnet in subnets.iter().flatten() {
                    known(&self.subnets, "subnet", subnet.id())?;
                }
            }
            AttachmentResource::Peering(gateway) => {
                known(&self.transit_gateways, "transit gateway", gateway.id())?;
            }
            AttachmentResource::Vpn(vpn) => {
                known(&self.vpn_connections, "VPN connection", vpn.id())?;
            }
            AttachmentResource::DirectConnect(_) | AttachmentResource::Other { .. } => {}
        }
        if !self.transit_attachments.insert(attachment.clone()) {
            return Err(exists(&attachment.id, "an entry in the input".to_owned()));
        }
        Ok(Reach::Others)
    }

    pub(super) fn remove_attachment(&mut self, id: &ResourceId) -> Result<Reach, ChangeError> {
        if !self.transit_attachments.remove(id) {
            return Err(no_such(ATTACHMENT, id));
        }
        let mut gone = Vec::new();
        for table in self.transit_route_tables.rows_mut() {
            if let Some(propagations) = &mut table.propagations {
                propagations.retain(|link| link.id() != id);
            }
            gone.push((table.id.clone(), forget(table, id, |_| true)));
        }
        for (table, destinations) in gone {
            self.reveal(&table, &destinations);
        }
        Ok(Reach::Others)
    }

    /// An attachment of the gateway that a table belongs to: the two ends of a peering share their id.
    fn attachment_of(
        &self,
        attachment: &ResourceId,
        table: &ResourceId,
    ) -> Result<Index<TransitGatewayAttachment>, ChangeError> {
        let found = self.transit_route_tables.ids().get(table);
        let index = *found.ok_or_else(|| no_such(TABLE, table))?;
        let gateway = &self.transit_route_tables.get(index).gateway;
        let mut all = self.transit_attachments.iter();
        all.find(|(_, one)| one.id == *attachment && one.gateway == *gateway)
            .map(|(index, _)| index)
            .ok_or_else(|| no_such(ATTACHMENT, attachment))
    }

    /// The blocks that an attachment announces; `None` if the input does not tell.
    fn announced(&self, index: Index<TransitGatewayAttachment>) -> Option<Vec<RouteDestination>> {
        let blocks = match &self.transit_attachments.get(index).resource {
            AttachmentResource::Vpc { vpc, .. } => {
                let vpc = self.vpcs.ids().get(vpc.id())?;
                &self.vpcs.get(*vpc).cidrs
            }
            AttachmentResource::Vpn(vpn) => {
                let vpn = self.vpn_connections.ids().get(vpn.id())?;
                let connection = self.vpn_connections.get(*vpn);
                connection
                    .static_only
                    .then_some(&connection.static_routes)?
            }
            AttachmentResource::Peering(_)
            | AttachmentResource::DirectConnect(_)
            | AttachmentResource::Other { .. } => return None,
        };
        let blocks = blocks.iter().copied().map(RouteDestination::Prefix);
        Some(blocks.collect())
    }

    /// Lets the routes come up that stood behind others for these destinations.
    fn reveal(&mut self, id: &ResourceId, destinations: &[RouteDestination]) {
        let tables = &self.transit_route_tables;
        let found = tables.ids().get(id).map(|index| tables.get(*index));
        let Some(table) = found.filter(|_| !destinations.is_empty()) else {
            return;
        };
        let all = table.propagations.as_ref().map(|propagations| {
            let all = propagations.iter().map(|link| {
                let index = self.attachment_of(link.id(), id).ok();
                let announced = index.and_then(|index| self.announced(index));
                (link.clone(), announced)
            });
            all.collect::<Vec<_>>()
        });
        let Some(table) = self.transit_route_tables.find_mut(id) else {
            return;
        };
        let Some(all) = all else {
            table.propagated_known = false;
            return;
        };
        for (link, announced) in all {
            announce(table, &link, announced, |block| {
                destinations.contains(block)
            });
        }
    }
}

/// Puts the routes that an attachment announces into a table that lists such routes.
fn announce(
    table: &mut TransitGatewayRouteTable,
    attachment: &Link<TransitGatewayAttachment>,
    announced: Option<Vec<RouteDestination>>,
    is_wanted: impl Fn(&RouteDestination) -> bool,
) {
    if !table.propagated_known {
        return;
    }
    let Some(announced) = announced else {
        table.propagated_known = false;
        return;
    };
    for destination in announced.into_iter().filter(is_wanted) {
        let is_there = |route: &TransitGatewayRoute| {
            let is_own = route.attachments.contains(attachment);
            let is_static = route.kind == TransitGatewayRouteKind::Static;
            route.destination == destination && (is_own || is_static)
        };
        if !table.routes.iter().any(is_there) {
            table.routes.push(TransitGatewayRoute {
                destination,
                attachments: vec![attachment.clone()],
                state: RouteState::Active,
                kind: TransitGatewayRouteKind::Propagated,
                origin: table.origin.clone(),
            });
        }
    }
}

/// Takes an attachment out of the routes of some kinds. Static routes that it leaves empty stay, and drop; others go:
/// their destinations are returned.
fn forget(
    table: &mut TransitGatewayRouteTable,
    attachment: &ResourceId,
    of_kind: impl Fn(TransitGatewayRouteKind) -> bool,
) -> Vec<RouteDestination> {
    let mut gone = Vec::new();
    table.routes.retain_mut(|route| {
        let names_it = route.attachments.iter().any(|link| link.id() == attachment);
        if !names_it || !of_kind(route.kind) {
            return true;
        }
        route.attachments.retain(|link| link.id() != attachment);
        if !route.attachments.is_empty() {
            return true;
        }
        route.state = RouteState::Blackhole;
        let stays = route.kind == TransitGatewayRouteKind::Static;
        if !stays {
            gone.push(route.destination.clone());
        }
        stays
    });
    gone
}
