//! Transit gateways.

use model::{
    AttachmentResource, Link, ResourceState, RouteState, Snapshot, TransitGatewayAttachment,
    TransitGatewayRoute, TransitGatewayRouteKind, TransitGatewayRouteTable,
};

use super::filters::destination_word;
use super::{Page, flag, joined};

pub(super) fn print(page: &mut Page, snapshot: &Snapshot) {
    for gateway in snapshot.transit_gateways().rows() {
        page.scope(gateway.owner.as_ref(), gateway.region.as_ref());
        let references = flag(gateway.group_referencing, "references");
        let state = unavailable(gateway.state);
        page.line(&format!("tgw {}{references}{state}", gateway.id));
    }
    for attachment in snapshot.transit_attachments().rows() {
        page.line(&attachment_line(attachment));
    }
    for table in snapshot.transit_route_tables().rows() {
        print_table(page, table);
    }
}

fn unavailable(state: ResourceState) -> String {
    flag(state == ResourceState::Unavailable, "unavailable")
}

fn attachment_line(attachment: &TransitGatewayAttachment) -> String {
    let resource = match &attachment.resource {
        AttachmentResource::Vpc { vpc, subnets } => {
            let names = match subnets {
                Some(subnets) => joined(subnets.iter().map(Link::id), ","),
                None => "?".into(),
            };
            // A list without a subnet still needs its word.
            let names = if names.is_empty() { "-".into() } else { names };
            format!("vpc {} {names}", vpc.id())
        }
        AttachmentResource::Peering(gateway) => format!("peering {}", gateway.id()),
        AttachmentResource::Vpn(vpn) => format!("vpn {}", vpn.id()),
        AttachmentResource::DirectConnect(id) => format!("dx {id}"),
        AttachmentResource::Other { kind, id } => format!("other {kind} {id}"),
    };
    let table = match (&attachment.association, attachment.association_known) {
        (Some(table), _) => format!(" table {}", table.id()),
        (None, true) => String::new(),
        (None, false) => " table unknown".into(),
    };
    let (id, gateway) = (&attachment.id, attachment.gateway.id());
    let appliance = flag(attachment.appliance_mode, "appliance");
    let references = flag(!attachment.group_referencing, "noreferences");
    let ipv6 = flag(attachment.ipv6, "ipv6");
    let nat = flag(attachment.translates, "nat");
    let state = unavailable(attachment.state);
    format!("attachment {id} {gateway} {resource}{table}{appliance}{references}{ipv6}{nat}{state}")
}

fn print_table(page: &mut Page, table: &TransitGatewayRouteTable) {
    let (id, gateway) = (&table.id, table.gateway.id());
    let fixed = flag(!table.static_known, "static-unknown");
    let listed = flag(table.propagated_known, "propagated-listed");
    let unknown = flag(table.propagations.is_none(), "propagations-unknown");
    page.line(&format!("tgw-table {id} {gateway}{fixed}{listed}{unknown}"));
    for route in &table.routes {
        page.line(&route_line(route));
    }
    for attachment in table.propagations.iter().flatten() {
        page.line(&format!("  propagate {}", attachment.id()));
    }
}

fn route_line(route: &TransitGatewayRoute) -> String {
    let destination = destination_word(&route.destination);
    let attachments = joined(route.attachments.iter().map(Link::id), ",");
    let target = match route.state {
        RouteState::Blackhole => "blackhole".into(),
        RouteState::Active => attachments,
    };
    let propagated = flag(
        route.kind == TransitGatewayRouteKind::Propagated,
        "propagated",
    );
    format!("  route {destination} {target}{propagated}")
}
