//! Groups, ACLs and route tables.

use model::{
    AclEntry, Direction, NetworkAcl, Resource, Route, RouteDestination, RouteOrigin, RouteState,
    RouteTable, RouteTableAssociation, RouteTarget, RulePeer, SecurityGroupRule, Snapshot, Verdict,
};
use packet::{Protocol, Service};

use super::super::block::UNMODELLED;
use super::{Page, flag};

pub(super) fn print(page: &mut Page, snapshot: &Snapshot) {
    for group in snapshot.groups().rows() {
        page.scope(group.owner.as_ref(), group.region.as_ref());
        let vpc = group.vpc.as_ref().map(|vpc| format!(" {}", vpc.id()));
        let default = flag(group.is_default(), "name default");
        let vpc = vpc.unwrap_or_default();
        let incomplete = flag(!group.is_complete, "incomplete");
        page.line(&format!("group {}{vpc}{default}{incomplete}", group.id));
        for rule in &group.rules {
            page.line(&rule_line(rule));
        }
    }
    for acl in snapshot.acls().rows() {
        page.scope(acl.owner.as_ref(), acl.region.as_ref());
        print_acl(page, acl);
    }
    for table in snapshot.route_tables().rows() {
        page.scope(table.owner.as_ref(), table.region.as_ref());
        print_table(page, table);
    }
}

const fn words(direction: Direction) -> (&'static str, &'static str) {
    match direction {
        Direction::Ingress => ("in", "from"),
        Direction::Egress => ("out", "to"),
    }
}

/// A service as one word that can be read again.
pub(super) fn service_word(service: Service) -> String {
    let name = |protocol: Protocol| match protocol {
        Protocol::TCP | Protocol::UDP | Protocol::ICMP | Protocol::ICMPV6 => protocol.to_string(),
        Protocol(number) => format!("proto/{number}"),
    };
    match service {
        Service::Any => "any".into(),
        Service::Protocol(protocol) => name(protocol),
        Service::Ports { protocol, ports } => format!("{protocol}/{ports}"),
        Service::Icmp { family, kind, code } => {
            let protocol = match family {
                packet::Family::V4 => "icmp",
                packet::Family::V6 => "icmpv6",
            };
            let code = code.map(|code| format!("/{code}")).unwrap_or_default();
            format!("{protocol}/{kind}{code}")
        }
    }
}

fn rule_line(rule: &SecurityGroupRule) -> String {
    let (word, preposition) = words(rule.direction);
    let service = service_word(rule.service);
    let peer = match &rule.peer {
        RulePeer::Cidr(prefix) => prefix.to_string(),
        RulePeer::Group(reference) => {
            let stale = flag(reference.is_stale, "stale");
            format!("group {}{stale}", reference.group.id())
        }
        RulePeer::PrefixList(list) => format!("list {}", list.id()),
    };
    format!("  {word} {service} {preposition} {peer}")
}

fn print_acl(page: &mut Page, acl: &NetworkAcl) {
    let default = flag(acl.is_default, "default");
    let incomplete = flag(!acl.is_complete, "incomplete");
    let (id, vpc) = (acl.id(), acl.vpc.id());
    page.line(&format!("acl {id} {vpc}{default}{incomplete}"));
    for entry in &acl.entries {
        page.line(&entry_line(entry));
    }
    for subnet in &acl.subnets {
        page.line(&format!("  subnets {}", subnet.id()));
    }
}

fn entry_line(entry: &AclEntry) -> String {
    let (word, preposition) = words(entry.direction);
    let verdict = match entry.verdict {
        Verdict::Allow => "allow",
        Verdict::Deny => "deny",
    };
    let service = service_word(entry.service);
    let (number, cidr) = (entry.number, entry.cidr);
    format!("  {word} {number} {verdict} {service} {preposition} {cidr}")
}

fn print_table(page: &mut Page, table: &RouteTable) {
    let main = flag(table.is_main, "main");
    let incomplete = flag(!table.is_complete, "incomplete");
    let (id, vpc) = (table.id(), table.vpc.id());
    page.line(&format!("table {id} {vpc}{main}{incomplete}"));
    for route in &table.routes {
        page.line(&route_line(route));
    }
    for association in &table.associations {
        page.line(&match association {
            RouteTableAssociation::Subnet(subnet) => format!("  subnets {}", subnet.id()),
            RouteTableAssociation::Gateway(gateway) => format!("  gateways {gateway}"),
        });
    }
}

fn route_line(route: &Route) -> String {
    let destination = destination_word(&route.destination);
    let target = match &route.target {
        RouteTarget::Local => "local".into(),
        RouteTarget::InternetGateway(link) => format!("igw {}", link.id()),
        RouteTarget::EgressOnlyInternetGateway(link) => format!("eigw {}", link.id()),
        RouteTarget::NatGateway(link) => format!("nat {}", link.id()),
        RouteTarget::NetworkInterface(link) => format!("host {}", link.id()),
        RouteTarget::VpcEndpoint(id) => format!("endpoint {id}"),
        RouteTarget::Peering(link) => format!("peering {}", link.id()),
        RouteTarget::TransitGateway(link) => format!("tgw {}", link.id()),
        RouteTarget::VpnGateway(link) => format!("vgw {}", link.id()),
        RouteTarget::CoreNetwork(id) => format!("core {id}"),
        RouteTarget::NextHop(address) => format!("next-hop {address}"),
        RouteTarget::Unmodelled { field, id } => {
            let mut words = UNMODELLED.iter().filter(|(_, known)| known == field);
            format!("{} {id}", words.next().map_or("other", |(word, _)| word))
        }
    };
    let kind = match (route.kind, &route.target) {
        (RouteOrigin::Static, RouteTarget::Local) => " static",
        (RouteOrigin::Table | RouteOrigin::Static, _) => "",
        (RouteOrigin::Propagated, _) => " propagated",
        (RouteOrigin::Advertised, _) => " advertised",
    };
    let blackhole = flag(route.state == RouteState::Blackhole, "blackhole");
    format!("  route {destination} {target}{kind}{blackhole}")
}

pub(super) fn destination_word(destination: &RouteDestination) -> String {
    match destination {
        RouteDestination::Prefix(prefix) => prefix.to_string(),
        RouteDestination::PrefixList(list) => format!("list {}", list.id()),
    }
}
