//! Transit gateways.

use model::{
    AttachmentResource, TransitGateway, TransitGatewayAttachment, TransitGatewayRoute,
    TransitGatewayRouteTable,
};

use super::routes::destination;
use super::{Rewrite, link, links};

pub(super) fn gateway(gateway: &mut TransitGateway, change: &impl Rewrite) {
    let TransitGateway {
        id,
        name: _,
        owner: _,
        region: _,
        state: _,
        group_referencing: _,
        origin: _,
    } = gateway;
    change.id(id);
}

pub(super) fn attachment(attachment: &mut TransitGatewayAttachment, change: &impl Rewrite) {
    let TransitGatewayAttachment {
        id,
        name: _,
        gateway,
        resource,
        state: _,
        association,
        association_known: _,
        appliance_mode: _,
        group_referencing: _,
        ipv6: _,
        translates: _,
        origin: _,
    } = attachment;
    change.id(id);
    link(gateway, change);
    links(association, change);
    match resource {
        AttachmentResource::Vpc { vpc, subnets } => {
            link(vpc, change);
            links(subnets.iter_mut().flatten(), change);
        }
        AttachmentResource::Peering(peer) => link(peer, change),
        AttachmentResource::Vpn(vpn) => link(vpn, change),
        AttachmentResource::DirectConnect(id) | AttachmentResource::Other { kind: _, id } => {
            change.id(id);
        }
    }
}

pub(super) fn table(table: &mut TransitGatewayRouteTable, change: &impl Rewrite) {
    let TransitGatewayRouteTable {
        id,
        name: _,
        gateway,
        routes,
        static_known: _,
        propagated_known: _,
        propagations,
        origin: _,
    } = table;
    change.id(id);
    link(gateway, change);
    links(propagations.iter_mut().flatten(), change);
    for TransitGatewayRoute {
        destination: to,
        attachments,
        state: _,
        kind: _,
        origin: _,
    } in routes
    {
        destination(to, change);
        links(attachments, change);
    }
}
