//! Load balancers, their targets, endpoints and services.

use std::fmt::Write;

use model::{
    Attribute, Link, ListenerAction, LoadBalancer, LoadBalancerScheme, ResourceState, Snapshot,
    Target, TargetGroup, TargetHealth, TargetName, TargetZone, VpcEndpoint, VpcEndpointService,
};
use packet::Family;

use super::{Page, flag, joined};
use crate::topology::balancers::{KINDS, TARGET_KINDS};
use crate::topology::endpoints::kind_word;

pub(super) fn print(page: &mut Page, snapshot: &Snapshot) {
    for balancer in snapshot.load_balancers().rows() {
        page.scope(balancer.owner.as_ref(), balancer.region.as_ref());
        print_balancer(page, balancer);
    }
    for group in snapshot.target_groups().rows() {
        page.scope(group.owner.as_ref(), group.region.as_ref());
        print_group(page, group);
    }
    for endpoint in snapshot.vpc_endpoints().rows() {
        page.scope(endpoint.owner.as_ref(), endpoint.region.as_ref());
        page.line(&endpoint_line(endpoint));
    }
    for service in snapshot.endpoint_services().rows() {
        page.scope(service.owner.as_ref(), service.region.as_ref());
        print_service(page, service);
    }
}

fn word<T: PartialEq>(known: &'static [(&'static str, T)], value: &T) -> &'static str {
    let mut known = known.iter();
    known
        .find(|(_, one)| one == value)
        .map_or("", |(word, _)| word)
}

/// ` name a,b`, or nothing without links.
fn links<T>(name: &str, links: &[Link<T>]) -> String {
    if links.is_empty() {
        return String::new();
    }
    format!(" {name} {}", joined(links.iter().map(Link::id), ","))
}

fn setting(name: &str, value: Attribute<bool>, on: &str, off: &str) -> String {
    match value {
        Attribute::Default => String::new(),
        Attribute::Told(true) => format!(" {name} {on}"),
        Attribute::Told(false) => format!(" {name} {off}"),
        Attribute::Unknown => format!(" {name} unknown"),
    }
}

fn unavailable(state: ResourceState) -> String {
    flag(state == ResourceState::Unavailable, "unavailable")
}

fn print_balancer(page: &mut Page, balancer: &LoadBalancer) {
    let (id, kind) = (&balancer.id, word(KINDS, &balancer.kind));
    let subnets: Vec<_> = balancer
        .zones
        .iter()
        .map(|zone| zone.subnet.clone())
        .collect();
    let mut line = format!("balancer {id} {kind} {}", balancer.vpc.id());
    line.push_str(&links("subnets", &subnets));
    line.push_str(&links("nodes", &balancer.nodes));
    line.push_str(&links("groups", &balancer.groups));
    let is_internal = balancer.scheme == LoadBalancerScheme::Internal;
    line.push_str(&flag(is_internal, "internal"));
    line.push_str(&setting("cross-zone", balancer.cross_zone, "on", "off"));
    let denies = balancer.denies_internet_ipv6;
    line.push_str(&setting("igw-ipv6", denies, "denied", "allowed"));
    let is_enforced = balancer.enforces_groups_on_private_link;
    line.push_str(&flag(!is_enforced, "unenforced"));
    line.push_str(&unavailable(balancer.state));
    page.line(&line);
    for listener in &balancer.listeners {
        let (protocol, port) = (listener.protocol.word().to_ascii_lowercase(), listener.port);
        page.line(&format!(
            "  listener {protocol}/{port} {}",
            actions(&listener.actions)
        ));
        for rule in &listener.rules {
            page.line(&format!("  rule {}", actions(&rule.actions)));
        }
        if !listener.rules_known {
            page.line("  rules unknown");
        }
    }
    if !balancer.listeners_known {
        page.line("  listeners unknown");
    }
}

fn actions(actions: &[ListenerAction]) -> String {
    let forwarded = actions.iter().filter_map(|action| match action {
        ListenerAction::Forward(groups) => Some(groups),
        ListenerAction::Other(_) => None,
    });
    let groups = forwarded.flatten();
    let groups = groups.map(|weighted| format!("{}*{}", weighted.group.id(), weighted.weight));
    let groups = joined(groups, ",");
    if groups.is_empty() {
        "other".into()
    } else {
        groups
    }
}

fn print_group(page: &mut Page, group: &TargetGroup) {
    let protocol = group.protocol.map_or("tcp", model::BalancerProtocol::word);
    let (protocol, port) = (protocol.to_ascii_lowercase(), group.port.unwrap_or(0));
    let vpc = group.vpc.as_ref().map_or("-", |vpc| vpc.id().as_str());
    let kind = word(TARGET_KINDS, &group.kind);
    let mut line = format!("targets {} {protocol}/{port} {vpc} {kind}", group.id);
    line.push_str(&flag(group.family == Family::V6, "ipv6"));
    line.push_str(&setting("preserve", group.preserves_client, "on", "off"));
    line.push_str(&setting("cross-zone", group.cross_zone, "on", "off"));
    if let Some(port) = group.health_check.port {
        let _ = write!(line, " check {port}");
    }
    page.line(&line);
    for target in &group.targets {
        page.line(&target_line(target));
    }
    if !group.targets_known {
        page.line("  targets unknown");
    }
}

fn target_line(target: &Target) -> String {
    let name = match &target.name {
        TargetName::Instance(link) => link.id().to_string(),
        TargetName::LoadBalancer(link) => link.id().to_string(),
        TargetName::Function(id) => id.to_string(),
        TargetName::Address(address) => address.to_string(),
    };
    let mut line = format!("  target {name}");
    if let Some(port) = target.port {
        let _ = write!(line, " port {port}");
    }
    line.push_str(&match &target.zone {
        TargetZone::Zone(zone) => format!(" zone {zone}"),
        TargetZone::All => " zone all".into(),
        TargetZone::Untold => String::new(),
    });
    line.push_str(&flag(target.health == TargetHealth::Healthy, "healthy"));
    line.push_str(&flag(target.health == TargetHealth::Unhealthy, "unhealthy"));
    line
}

fn endpoint_line(endpoint: &VpcEndpoint) -> String {
    let (id, kind, vpc) = (&endpoint.id, kind_word(&endpoint.kind), endpoint.vpc.id());
    let service = if endpoint.service.is_empty() {
        "-"
    } else {
        &*endpoint.service
    };
    let mut line = format!("endpoint {id} {kind} {vpc} {service}");
    line.push_str(&links("nodes", &endpoint.interfaces));
    line.push_str(&links("subnets", &endpoint.subnets));
    line.push_str(&links("groups", &endpoint.groups));
    if let Some(resource) = &endpoint.resource {
        let _ = write!(line, " resource {resource}");
    }
    line.push_str(&unavailable(endpoint.state));
    line
}

fn print_service(page: &mut Page, service: &VpcEndpointService) {
    let balancers = joined(service.load_balancers.iter().map(Link::id), ",");
    let (id, name, state) = (&service.id, &service.service, unavailable(service.state));
    page.line(&format!("service {id} {name} balancers {balancers}{state}"));
    for connection in &service.connections {
        let state = unavailable(connection.state);
        page.line(&format!("  connection {}{state}", connection.endpoint));
    }
}
