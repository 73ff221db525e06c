//! Direct Connect, Client VPN and Cloud WAN.

use model::{
    ClientVpnEndpoint, ClientVpnTarget, CoreNetworkAttachment, CoreNetworkResource,
    CoreNetworkTable, DirectConnectAssociation, DirectConnectPartner, Link, ResourceState,
    RouteState, Snapshot, TransitGatewayRouteKind, VirtualInterface, VirtualInterfaceKind,
};

use super::filters::destination_word;
use super::{Page, flag, joined};

pub(super) fn print(page: &mut Page, snapshot: &Snapshot) {
    for gateway in snapshot.direct_connect_gateways().rows() {
        let state = unavailable(gateway.state);
        page.line(&format!("dxgw {}{state}", gateway.id));
    }
    for association in snapshot.direct_connect_associations().rows() {
        page.line(&association_line(association));
    }
    for interface in snapshot.virtual_interfaces().rows() {
        page.scope(None, interface.region.as_ref());
        page.line(&interface_line(interface));
    }
    for endpoint in snapshot.client_vpn_endpoints().rows() {
        page.scope(None, endpoint.region.as_ref());
        print_endpoint(page, endpoint);
    }
    for attachment in snapshot.core_attachments().rows() {
        page.line(&attachment_line(attachment));
    }
    for table in snapshot.core_tables().rows() {
        print_table(page, table);
    }
}

fn unavailable(state: ResourceState) -> String {
    flag(state == ResourceState::Unavailable, "unavailable")
}

fn association_line(association: &DirectConnectAssociation) -> String {
    let gateway = association.gateway.id();
    let with = match &association.with {
        DirectConnectPartner::VpnGateway(link) => format!("vgw {}", link.id()),
        DirectConnectPartner::TransitGateway(link) => format!("tgw {}", link.id()),
        DirectConnectPartner::Other(id) => format!("other {id}"),
    };
    let state = unavailable(association.state);
    let allowed = match &association.allowed {
        Some(prefixes) => joined(prefixes, " "),
        None => "unknown".into(),
    };
    format!("dx-association {gateway} {with}{state} {allowed}")
}

fn interface_line(interface: &VirtualInterface) -> String {
    let kind = match interface.kind {
        VirtualInterfaceKind::Private => "private",
        VirtualInterfaceKind::Transit => "transit",
        VirtualInterfaceKind::Public => "public",
    };
    let gateway = interface.gateway.as_ref();
    let gateway = gateway.map(|link| format!(" dxgw {}", link.id()));
    let vpn = interface.vpn_gateway.as_ref();
    let vpn = vpn.map(|link| format!(" vgw {}", link.id()));
    let down = flag(interface.state == ResourceState::Unavailable, "down");
    let site_link = flag(interface.site_link, "sitelink");
    let (gateway, vpn) = (gateway.unwrap_or_default(), vpn.unwrap_or_default());
    format!("vif {} {kind}{gateway}{vpn}{down}{site_link}", interface.id)
}

fn print_endpoint(page: &mut Page, endpoint: &ClientVpnEndpoint) {
    let vpc = endpoint.vpc.as_ref();
    let vpc = vpc.map(|vpc| format!(" vpc {}", vpc.id()));
    let clients = endpoint.clients.map(|cidr| format!(" clients {cidr}"));
    let groups = joined(endpoint.groups.iter().map(Link::id), ",");
    let groups = flag(!groups.is_empty(), &format!("groups {groups}"));
    let untold = [
        (endpoint.associations_told, "associations-unknown"),
        (endpoint.routes_told, "routes-unknown"),
        (endpoint.rules_told, "rules-unknown"),
    ];
    let is_whole = |told| told == Some(model::Completeness::Complete);
    let untold: String = untold
        .into_iter()
        .map(|(told, word)| flag(!is_whole(told), word))
        .collect();
    page.line(&format!(
        "client-vpn {}{}{}{groups}{}{}{untold}",
        endpoint.id,
        vpc.unwrap_or_default(),
        clients.unwrap_or_default(),
        unavailable(endpoint.state),
        flag(endpoint.by_transit_gateway, "transit"),
    ));
    for association in &endpoint.associations {
        let state = unavailable(association.state);
        let via = joined(association.interfaces.iter().map(Link::id), ",");
        let via = flag(!via.is_empty(), &format!("via {via}"));
        page.line(&format!(
            "  associated {}{state}{via}",
            association.subnet.id()
        ));
    }
    for route in &endpoint.routes {
        let target = match &route.target {
            ClientVpnTarget::Subnet(subnet) => subnet.id().as_str(),
            ClientVpnTarget::Clients => "clients",
        };
        page.line(&format!("  route {} {target}", route.destination));
    }
    for rule in &endpoint.rules {
        let group = rule.group.as_ref().map(|group| format!(" group {group}"));
        let group = group.unwrap_or_default();
        page.line(&format!("  access {}{group}", rule.destination));
    }
}

fn attachment_line(attachment: &CoreNetworkAttachment) -> String {
    let resource = match &attachment.resource {
        CoreNetworkResource::Vpc { vpc, subnets } => {
            let names = match subnets {
                Some(subnets) => joined(subnets.iter().map(Link::id), ","),
                None => "?".into(),
            };
            // A list without a subnet still needs its word.
            let names = if names.is_empty() { "-".into() } else { names };
            format!("vpc {} {names}", vpc.id())
        }
        CoreNetworkResource::Other { kind, id } => format!("other {kind} {id}"),
    };
    let segment = attachment.segment.as_ref();
    let segment = segment.map(|segment| format!(" segment {segment}"));
    let edge = attachment.edge.as_ref().map(|edge| format!(" edge {edge}"));
    let ipv6 = match attachment.ipv6 {
        Some(true) => " ipv6",
        Some(false) => "",
        None => " ipv6-unknown",
    };
    let appliance = flag(attachment.appliance_mode, "appliance");
    let (id, core) = (&attachment.id, &attachment.core_network);
    let (segment, edge) = (segment.unwrap_or_default(), edge.unwrap_or_default());
    let state = unavailable(attachment.state);
    format!("core-attachment {id} {core} {resource}{segment}{edge}{appliance}{ipv6}{state}")
}

fn print_table(page: &mut Page, table: &CoreNetworkTable) {
    let (core, segment, edge) = (&table.core_network, &table.segment, &table.edge);
    let incomplete = flag(!table.is_complete, "incomplete");
    page.line(&format!("core-table {core} {segment} {edge}{incomplete}"));
    for route in &table.routes {
        let mut names: Vec<&str> = route.attachments.iter().map(|a| a.id().as_str()).collect();
        match route.state {
            RouteState::Blackhole => names = vec!["blackhole"],
            RouteState::Active if route.leads_elsewhere => names.push("elsewhere"),
            RouteState::Active => {}
        }
        let propagated = flag(
            route.kind == TransitGatewayRouteKind::Propagated,
            "propagated",
        );
        let destination = destination_word(&route.destination);
        page.line(&format!(
            "  route {destination} {}{propagated}",
            names.join(",")
        ));
    }
}
