//! The same network in smaller words: halves of blocks, halves of ranges.

mod chosen;

use model::{
    AclEntry, ClientVpnEndpoint, CoreNetworkTable, NetworkAcl, Parts, PrefixList, ResourceId,
    RouteTable, RulePeer, SecurityGroup, SecurityGroupRule, TransitGatewayRouteTable,
};
use packet::{Family, PortRange, Prefix, Protocol, Service};

use chosen::Rivals;

/// Divides every rule, entry, route and list that can be divided without a change of meaning.
pub(super) fn parts(parts: &mut Parts) {
    let rivals = Rivals::of(parts);
    parts.group_rules = parts.group_rules.iter().flat_map(listed_rule).collect();
    every_list!(parts, divide, &rivals;
        vpcs: whole,
        subnets: whole,
        interfaces: whole,
        instance_interfaces: whole,
        instances: whole,
        groups: group,
        group_rules: whole,
        group_associations: whole,
        acls: acl,
        route_tables: table,
        internet_gateways: whole,
        egress_only_gateways: whole,
        nat_gateways: whole,
        peerings: whole,
        transit_gateways: whole,
        transit_attachments: whole,
        transit_route_tables: transit_table,
        vpn_gateways: whole,
        customer_gateways: whole,
        vpn_connections: whole,
        client_vpn_endpoints: client_vpn,
        service_entries: whole,
        direct_connect_gateways: whole,
        direct_connect_associations: whole,
        virtual_interfaces: whole,
        core_attachments: whole,
        core_tables: core_table,
        prefix_lists: list,
        elastic_addresses: whole,
        load_balancers: whole,
        target_groups: whole,
        balancer_facts: whole,
        vpc_endpoints: whole,
        endpoint_services: whole,
        endpoint_connections: whole,
        offices: whole,
        firewalls: whole,
        firewall_policies: whole,
        firewall_rule_groups: whole,
        public_access_options: whole,
        public_access_exclusions: whole,
        iam_roles: whole,
        iam_policies: whole,
        managed_instances: whole,
    );
}

fn divide<T>(rows: &mut [T], rivals: &Rivals, one: fn(&mut T, &Rivals)) {
    for row in rows {
        one(row, rivals);
    }
}

/// For what is not made of parts that can be divided, or is divided apart.
const fn whole<T>(_: &mut T, _: &Rivals) {}

fn group(group: &mut SecurityGroup, _: &Rivals) {
    group.rules = group.rules.iter().flat_map(rule).collect();
}

fn acl(acl: &mut NetworkAcl, _: &Rivals) {
    acl.entries = acl.entries.iter().flat_map(entry).collect();
}

fn table(table: &mut RouteTable, rivals: &Rivals) {
    table.routes = rivals.divide(&table.routes);
}

fn transit_table(table: &mut TransitGatewayRouteTable, rivals: &Rivals) {
    table.routes = rivals.divide(&table.routes);
}

fn core_table(table: &mut CoreNetworkTable, rivals: &Rivals) {
    table.routes = rivals.divide(&table.routes);
}

fn client_vpn(endpoint: &mut ClientVpnEndpoint, rivals: &Rivals) {
    endpoint.routes = rivals.divide(&endpoint.routes);
    endpoint.rules = rivals.divide(&endpoint.rules);
}

fn list(list: &mut PrefixList, rivals: &Rivals) {
    if rivals.steers(list) {
        return;
    }
    if let Some(entries) = &mut list.entries {
        *entries = entries.iter().flat_map(halves_or_whole).collect();
    }
}

/// The halves of a rule that is listed apart from its group.
fn listed_rule(
    (group, one): &(ResourceId, SecurityGroupRule),
) -> Vec<(ResourceId, SecurityGroupRule)> {
    let halves = rule(one).into_iter();
    halves.map(|half| (group.clone(), half)).collect()
}

fn rule(rule: &SecurityGroupRule) -> Vec<SecurityGroupRule> {
    let by_peer = match &rule.peer {
        RulePeer::Cidr(cidr) => halves_or_whole(cidr)
            .into_iter()
            .map(RulePeer::Cidr)
            .collect(),
        peer => vec![peer.clone()],
    };
    let services = services(rule.service);
    let pairs = by_peer
        .iter()
        .flat_map(|peer| services.iter().map(move |service| (peer, service)));
    let rules = pairs.map(|(peer, service)| SecurityGroupRule {
        peer: peer.clone(),
        service: *service,
        ..rule.clone()
    });
    rules.collect()
}

fn entry(entry: &AclEntry) -> Vec<AclEntry> {
    let services = services(entry.service);
    let blocks = halves_or_whole(&entry.cidr);
    let pairs = blocks
        .iter()
        .flat_map(|cidr| services.iter().map(move |service| (cidr, service)));
    let entries = (0..).zip(pairs).map(|(place, (cidr, service))| AclEntry {
        number: entry.number.saturating_mul(4).saturating_add(place),
        cidr: *cidr,
        service: *service,
        ..entry.clone()
    });
    entries.collect()
}

/// Both halves of a block, or the block if it is one address.
fn halves_or_whole(prefix: &Prefix) -> Vec<Prefix> {
    let halves = || {
        let length = prefix.length().checked_add(1)?;
        let bit = prefix.family().bits().checked_sub(length)?;
        let first = prefix.first();
        let second = prefix.family().address(Family::number(first) | 1 << bit)?;
        Some(vec![
            Prefix::new(first, length)?,
            Prefix::new(second, length)?,
        ])
    };
    halves().unwrap_or_else(|| vec![*prefix])
}

/// Both halves of a range of ports; all of TCP or UDP is all their ports.
fn services(service: Service) -> Vec<Service> {
    let (protocol, ports) = match service {
        Service::Ports { protocol, ports } => (protocol, ports),
        Service::Protocol(protocol @ (Protocol::TCP | Protocol::UDP)) => (protocol, PortRange::ALL),
        Service::Any | Service::Protocol(_) | Service::Icmp { .. } => return vec![service],
    };
    let middle = ports.first() + (ports.last() - ports.first()) / 2;
    let halves = [
        PortRange::new(ports.first(), middle),
        middle
            .checked_add(1)
            .and_then(|next| PortRange::new(next, ports.last())),
    ];
    let halves = halves.into_iter().flatten();
    halves
        .map(|ports| Service::Ports { protocol, ports })
        .collect()
}
