//! Resources and diagnostics as lines of text, for tests to compare.
#![expect(unreachable_pub, reason = "a module of a test crate")]

use ingest::Input;
use model::{
    AttachmentResource, NatMode, Parts, PeeringSide, RouteDestination, RouteTableAssociation,
    RouteTarget, RulePeer, SecurityGroupRule,
};

/// Every resource of an input, one a line, kind by kind.
pub fn resources(parts: &Parts) -> String {
    let mut lines = Vec::new();
    network(parts, &mut lines);
    filters(parts, &mut lines);
    routes(parts, &mut lines);
    gateways(parts, &mut lines);
    connections(parts, &mut lines);
    transit(parts, &mut lines);
    lines.join("\n")
}

/// Every diagnostic, one a line.
pub fn diagnostics(input: &Input) -> String {
    let lines = input.diagnostics.iter().map(|each| {
        format!(
            "{:?} {}: {}: {}",
            each.severity, each.code, each.origin, each.message
        )
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn or_dash<T: ToString>(value: Option<T>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| value.to_string())
}

fn joined<T: ToString>(values: impl IntoIterator<Item = T>) -> String {
    let values: Vec<String> = values.into_iter().map(|value| value.to_string()).collect();
    values.join(",")
}

fn network(parts: &Parts, lines: &mut Vec<String>) {
    for vpc in &parts.vpcs {
        lines.push(format!(
            "{} {} {}/{} [{}]",
            vpc.id,
            or_dash(vpc.name.as_deref()),
            or_dash(vpc.owner.as_ref()),
            or_dash(vpc.region.as_ref()),
            joined(&vpc.cidrs)
        ));
    }
    for subnet in &parts.subnets {
        lines.push(format!(
            "{} {} {}/{} {} {} [{}]",
            subnet.id,
            or_dash(subnet.name.as_deref()),
            or_dash(subnet.owner.as_ref()),
            or_dash(subnet.region.as_ref()),
            subnet.vpc.id(),
            or_dash(subnet.zone.as_ref()),
            joined(&subnet.cidrs)
        ));
    }
    for interface in parts.interfaces.iter().chain(&parts.instance_interfaces) {
        let addresses = interface.addresses.iter().map(|held| match held.public {
            Some(public) => format!("{}={public}", held.address),
            None => held.address.to_string(),
        });
        lines.push(format!(
            "{} {} {}/{} {} {} [{}] [{}] groups [{}] {:?} check={} instance {} {:?}",
            interface.id,
            or_dash(interface.name.as_deref()),
            or_dash(interface.owner.as_ref()),
            or_dash(interface.region.as_ref()),
            interface.vpc.id(),
            interface.subnet.id(),
            joined(addresses),
            joined(&interface.prefixes),
            joined(interface.groups.iter().map(model::Link::id)),
            interface.kind,
            interface.source_dest_check,
            or_dash(interface.instance.as_ref().map(model::Link::id)),
            interface.description
        ));
    }
    for instance in &parts.instances {
        lines.push(format!(
            "{} {} {}/{} {:?}",
            instance.id,
            or_dash(instance.name.as_deref()),
            or_dash(instance.owner.as_ref()),
            or_dash(instance.region.as_ref()),
            instance.state
        ));
    }
}

fn rule(rule: &SecurityGroupRule) -> String {
    let peer = match &rule.peer {
        RulePeer::Cidr(cidr) => cidr.to_string(),
        RulePeer::PrefixList(list) => list.id().to_string(),
        RulePeer::Group(reference) => format!(
            "{} of {} in {} by {}{}",
            reference.group.id(),
            or_dash(reference.owner.as_ref()),
            or_dash(reference.vpc.as_ref()),
            or_dash(reference.peering.as_ref()),
            if reference.is_stale { " stale" } else { "" }
        ),
    };
    format!(
        "{:?} {} {peer} {} @{}",
        rule.direction,
        rule.service,
        or_dash(rule.description.as_deref()),
        rule.origin.pointer()
    )
}

fn incomplete(is_complete: bool) -> &'static str {
    if is_complete { "" } else { " incomplete" }
}

fn filters(parts: &Parts, lines: &mut Vec<String>) {
    for group in &parts.groups {
        lines.push(format!(
            "{} {} {}/{} {}{}",
            group.id,
            or_dash(group.name.as_deref()),
            or_dash(group.owner.as_ref()),
            or_dash(group.region.as_ref()),
            or_dash(group.vpc.as_ref().map(model::Link::id)),
            incomplete(group.is_complete)
        ));
        lines.extend(group.rules.iter().map(|each| format!("  {}", rule(each))));
    }
    for (group, each) in &parts.group_rules {
        lines.push(format!(
            "{group} {} {}",
            or_dash(each.id.as_ref()),
            rule(each)
        ));
    }
    for acl in &parts.acls {
        lines.push(format!(
            "{} {} {} default={} [{}]{}",
            acl.id,
            or_dash(acl.name.as_deref()),
            acl.vpc.id(),
            acl.is_default,
            joined(acl.subnets.iter().map(model::Link::id)),
            incomplete(acl.is_complete)
        ));
        for entry in &acl.entries {
            lines.push(format!(
                "  {:?} {} {:?} {} {} @{}",
                entry.direction,
                entry.number,
                entry.verdict,
                entry.service,
                entry.cidr,
                entry.origin.pointer()
            ));
        }
    }
}

fn destination(destination: &RouteDestination) -> String {
    match destination {
        RouteDestination::Prefix(prefix) => prefix.to_string(),
        RouteDestination::PrefixList(list) => list.id().to_string(),
    }
}

fn target(target: &RouteTarget) -> String {
    match target {
        RouteTarget::Local => "local".to_owned(),
        RouteTarget::InternetGateway(link) => format!("internet {}", link.id()),
        RouteTarget::EgressOnlyInternetGateway(link) => format!("egress-only {}", link.id()),
        RouteTarget::NatGateway(link) => format!("nat {}", link.id()),
        RouteTarget::NetworkInterface(link) => format!("interface {}", link.id()),
        RouteTarget::VpcEndpoint(id) => format!("endpoint {id}"),
        RouteTarget::Peering(link) => format!("peering {}", link.id()),
        RouteTarget::TransitGateway(link) => format!("transit {}", link.id()),
        RouteTarget::VpnGateway(link) => format!("vpn {}", link.id()),
        RouteTarget::CoreNetwork(id) => format!("core {id}"),
        RouteTarget::NextHop(address) => format!("next hop {address}"),
        RouteTarget::Unmodelled { field, id } => format!("{field} {id}"),
    }
}

fn routes(parts: &Parts, lines: &mut Vec<String>) {
    for table in &parts.route_tables {
        let associations = table.associations.iter().map(|each| match each {
            RouteTableAssociation::Subnet(subnet) => subnet.id(),
            RouteTableAssociation::Gateway(id) => id,
        });
        lines.push(format!(
            "{} {} {} main={} [{}]{}",
            table.id,
            or_dash(table.name.as_deref()),
            table.vpc.id(),
            table.is_main,
            joined(associations),
            incomplete(table.is_complete)
        ));
        for route in &table.routes {
            lines.push(format!(
                "  {} {} {:?} {:?}",
                destination(&route.destination),
                target(&route.target),
                route.state,
                route.kind
            ));
        }
    }
    for list in &parts.prefix_lists {
        lines.push(format!(
            "{} {} aws={} {} {}",
            list.id,
            or_dash(list.name.as_deref()),
            list.is_aws_managed,
            or_dash(list.family),
            or_dash(
                list.entries
                    .as_ref()
                    .map(|entries| format!("[{}]", joined(entries)))
            )
        ));
    }
}

fn attachments(attachments: &[model::Attachment]) -> String {
    let attachments = attachments
        .iter()
        .map(|each| format!("{} {:?}", each.vpc.id(), each.state));
    joined(attachments)
}

fn side(side: &PeeringSide) -> String {
    format!(
        "{} {}/{} [{}]",
        side.vpc.id(),
        or_dash(side.owner.as_ref()),
        or_dash(side.region.as_ref()),
        joined(&side.cidrs)
    )
}

fn gateways(parts: &Parts, lines: &mut Vec<String>) {
    for gateway in &parts.internet_gateways {
        lines.push(format!(
            "{} [{}]",
            gateway.id,
            attachments(&gateway.attachments)
        ));
    }
    for gateway in &parts.egress_only_gateways {
        lines.push(format!(
            "{} [{}]",
            gateway.id,
            attachments(&gateway.attachments)
        ));
    }
    for gateway in &parts.nat_gateways {
        let mode = match &gateway.mode {
            NatMode::Zonal(subnet) => subnet.id().to_string(),
            NatMode::Regional(table) => {
                format!("regional {}", or_dash(table.as_ref().map(model::Link::id)))
            }
        };
        let addresses = gateway.addresses.iter().map(|each| {
            format!(
                "{}={} {}",
                or_dash(each.private),
                or_dash(each.public),
                or_dash(each.interface.as_ref().map(model::Link::id))
            )
        });
        lines.push(format!(
            "{} {} {mode} {:?} {:?} [{}]",
            gateway.id,
            gateway.vpc.id(),
            gateway.state,
            gateway.connectivity,
            joined(addresses)
        ));
    }
    for address in &parts.elastic_addresses {
        lines.push(format!(
            "{} {} {} {}",
            address.id,
            address.public,
            or_dash(address.private),
            or_dash(address.interface.as_ref().map(model::Link::id))
        ));
    }
}

fn connections(parts: &Parts, lines: &mut Vec<String>) {
    for peering in &parts.peerings {
        lines.push(format!(
            "{} {} {:?} {} - {}",
            peering.id,
            or_dash(peering.name.as_deref()),
            peering.status,
            side(&peering.requester),
            side(&peering.accepter)
        ));
    }
    for gateway in &parts.vpn_gateways {
        lines.push(format!(
            "{} [{}]",
            gateway.id,
            attachments(&gateway.attachments)
        ));
    }
    for gateway in &parts.customer_gateways {
        lines.push(format!("{} {}", gateway.id, or_dash(gateway.address)));
    }
    for connection in &parts.vpn_connections {
        lines.push(format!(
            "{} {:?} {} {} {} static={} [{}]",
            connection.id,
            connection.state,
            or_dash(connection.vpn_gateway.as_ref().map(model::Link::id)),
            or_dash(connection.transit_gateway.as_ref().map(model::Link::id)),
            or_dash(connection.customer_gateway.as_ref().map(model::Link::id)),
            connection.static_only,
            joined(&connection.static_routes)
        ));
    }
}

fn transit(parts: &Parts, lines: &mut Vec<String>) {
    for gateway in &parts.transit_gateways {
        lines.push(format!(
            "{} {} {}/{} {:?} references={}",
            gateway.id,
            or_dash(gateway.name.as_deref()),
            or_dash(gateway.owner.as_ref()),
            or_dash(gateway.region.as_ref()),
            gateway.state,
            gateway.group_referencing
        ));
    }
    for attachment in &parts.transit_attachments {
        let resource = match &attachment.resource {
            AttachmentResource::Vpc { vpc, subnets } => {
                let ids = |links: &Vec<model::Link<_>>| joined(links.iter().map(model::Link::id));
                format!("{} [{}]", vpc.id(), or_dash(subnets.as_ref().map(ids)))
            }
            AttachmentResource::Peering(peer) => peer.id().to_string(),
            AttachmentResource::Vpn(vpn) => vpn.id().to_string(),
            AttachmentResource::DirectConnect(id) => id.to_string(),
            AttachmentResource::Other { kind, id } => format!("{kind} {id}"),
        };
        let association = attachment.association.as_ref().map(model::Link::id);
        lines.push(format!(
            "{} {} {resource} {:?} table {}{} appliance={} references={} ipv6={}{}",
            attachment.id,
            attachment.gateway.id(),
            attachment.state,
            or_dash(association),
            if attachment.association_known {
                ""
            } else {
                "?"
            },
            attachment.appliance_mode,
            attachment.group_referencing,
            attachment.ipv6,
            if attachment.translates { " nat" } else { "" }
        ));
    }
    for table in &parts.transit_route_tables {
        let ids = |links: &Vec<model::Link<_>>| joined(links.iter().map(model::Link::id));
        lines.push(format!(
            "{} {} static={} propagated={} from {}",
            table.id,
            table.gateway.id(),
            table.static_known,
            table.propagated_known,
            or_dash(table.propagations.as_ref().map(ids))
        ));
        for route in &table.routes {
            lines.push(format!(
                "  {} [{}] {:?} {:?}",
                destination(&route.destination),
                joined(route.attachments.iter().map(model::Link::id)),
                route.state,
                route.kind
            ));
        }
    }
}
