//! Resources and lines of tables in words.

use model::{
    AclEntry, Index, NetworkAcl, NetworkInterface, Resource, Route, RouteDestination, RouteTable,
    RouteTarget, RulePeer, SecurityGroup, SecurityGroupRule, Snapshot, Table, TransitGatewayRoute,
    TransitGatewayRouteTable, Verdict,
};

/// The name and the id of a resource, or its id alone.
pub(crate) fn named<T: Resource>(table: &Table<T>, index: Index<T>) -> String {
    let resource = table.get(index);
    match resource.name() {
        Some(name) if name != resource.id().as_str() => format!("{name} ({})", resource.id()),
        Some(_) | None => resource.id().to_string(),
    }
}

/// The groups of an interface.
pub(crate) fn groups_of(snapshot: &Snapshot, interface: Index<NetworkInterface>) -> String {
    let groups = &snapshot.interfaces().get(interface).groups;
    let name = |link: &model::Link<SecurityGroup>| {
        let missing = || link.id().to_string();
        link.target()
            .map_or_else(missing, |group| named(snapshot.groups(), group))
    };
    let names: Vec<String> = groups.iter().map(name).collect();
    if names.is_empty() {
        "no group".to_owned()
    } else {
        names.join(", ")
    }
}

/// One rule of a group.
pub(crate) fn rule(
    snapshot: &Snapshot,
    group: Index<SecurityGroup>,
    number: usize,
) -> Option<&SecurityGroupRule> {
    snapshot.groups().get(group).rules.get(number)
}

/// The other end of a group rule.
pub(crate) fn peer(snapshot: &Snapshot, rule: &SecurityGroupRule) -> String {
    match &rule.peer {
        RulePeer::Cidr(cidr) => cidr.to_string(),
        RulePeer::Group(reference) => match reference.group.target() {
            Some(group) => named(snapshot.groups(), group),
            None => reference.group.id().to_string(),
        },
        RulePeer::PrefixList(list) => list.id().to_string(),
    }
}

/// One entry of an ACL.
pub(crate) fn entry(
    snapshot: &Snapshot,
    acl: Index<NetworkAcl>,
    number: usize,
) -> Option<&AclEntry> {
    snapshot.acls().get(acl).entries.get(number)
}

/// An entry of an ACL in words.
pub(crate) fn entry_text(snapshot: &Snapshot, acl: Index<NetworkAcl>, number: usize) -> String {
    let acl_name = named(snapshot.acls(), acl);
    let Some(entry) = entry(snapshot, acl, number) else {
        return acl_name;
    };
    let verdict = match entry.verdict {
        Verdict::Allow => "allows",
        Verdict::Deny => "denies",
    };
    let AclEntry {
        number,
        service,
        cidr,
        ..
    } = entry;
    let (direction, preposition) = match entry.direction {
        model::Direction::Ingress => ("ingress", "from"),
        model::Direction::Egress => ("egress", "to"),
    };
    format!("{direction} entry {number} of ACL {acl_name} {verdict} {service} {preposition} {cidr}")
}

/// One route of a table.
pub(crate) fn route(
    snapshot: &Snapshot,
    table: Index<RouteTable>,
    number: usize,
) -> Option<&Route> {
    snapshot.route_tables().get(table).routes.get(number)
}

/// A route in words: `0.0.0.0/0 to igw-1 in rtb-1`.
pub(crate) fn route_text(snapshot: &Snapshot, table: Index<RouteTable>, number: usize) -> String {
    let name = named(snapshot.route_tables(), table);
    let Some(route) = route(snapshot, table, number) else {
        return name;
    };
    let next_hop;
    let target = match &route.target {
        RouteTarget::Local => "local",
        RouteTarget::InternetGateway(link) => link.id().as_str(),
        RouteTarget::EgressOnlyInternetGateway(link) => link.id().as_str(),
        RouteTarget::NatGateway(link) => link.id().as_str(),
        RouteTarget::NetworkInterface(link) => link.id().as_str(),
        RouteTarget::Peering(link) => link.id().as_str(),
        RouteTarget::TransitGateway(link) => link.id().as_str(),
        RouteTarget::VpnGateway(link) => link.id().as_str(),
        RouteTarget::VpcEndpoint(id)
        | RouteTarget::CoreNetwork(id)
        | RouteTarget::Unmodelled { id, .. } => id.as_str(),
        RouteTarget::NextHop(address) => {
            next_hop = address.to_string();
            &next_hop
        }
    };
    format!("{} to {target} in {name}", destination(&route.destination))
}

/// One route of a transit gateway's table.
pub(crate) fn transit_route(
    snapshot: &Snapshot,
    table: Index<TransitGatewayRouteTable>,
    number: usize,
) -> Option<&TransitGatewayRoute> {
    snapshot
        .transit_route_tables()
        .get(table)
        .routes
        .get(number)
}

/// The packets that a route is for, in words.
pub(crate) fn destination(destination: &RouteDestination) -> String {
    match destination {
        RouteDestination::Prefix(prefix) => prefix.to_string(),
        RouteDestination::PrefixList(list) => list.id().to_string(),
    }
}
