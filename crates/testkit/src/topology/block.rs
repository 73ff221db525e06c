//! Resources that span lines: groups, ACLs and route tables.

use model::{
    AclEntry, Direction, GroupReference, Link, NetworkAcl, Route, RouteDestination, RouteOrigin,
    RouteState, RouteTable, RouteTableAssociation, RouteTarget, RulePeer, SecurityGroup,
    SecurityGroupRule, Verdict,
};
use packet::Prefix;

use super::build::{Block, Builder};
use super::words::{Result, Words};
use super::{outside, transit};

pub(super) fn group(builder: &mut Builder, words: &mut Words<'_>) -> Result {
    let id = words.need("the group's name")?;
    let mut group = SecurityGroup {
        id: id.into(),
        name: Some(id.into()),
        owner: builder.account.clone(),
        region: builder.region.clone(),
        vpc: None,
        description: "".into(),
        rules: model::SharedVec::new(),
        is_complete: true,
        tags: Vec::new(),
        origin: words.origin(),
    };
    while let Some(word) = words.next() {
        match word {
            "incomplete" => group.is_complete = false,
            "name" => group.name = Some(words.need("a name")?.into()),
            vpc => group.vpc = Some(Link::to(vpc)),
        }
    }
    builder.parts.groups.push(group);
    builder.block = Some(Block::Group);
    Ok(())
}

pub(super) fn acl(builder: &mut Builder, words: &mut Words<'_>) -> Result {
    let id = words.need("the ACL's name")?;
    builder.parts.acls.push(NetworkAcl {
        id: id.into(),
        name: Some(id.into()),
        owner: builder.account.clone(),
        region: builder.region.clone(),
        vpc: Link::to(words.need("the ACL's VPC")?),
        is_default: words.skip("default"),
        is_complete: !words.skip("incomplete"),
        subnets: Vec::new(),
        entries: Vec::new(),
        origin: words.origin(),
    });
    builder.block = Some(Block::Acl);
    Ok(())
}

pub(super) fn table(builder: &mut Builder, words: &mut Words<'_>) -> Result {
    let id = words.need("the table's name")?;
    builder.parts.route_tables.push(RouteTable {
        id: id.into(),
        name: Some(id.into()),
        owner: builder.account.clone(),
        region: builder.region.clone(),
        vpc: Link::to(words.need("the table's VPC")?),
        is_main: words.skip("main"),
        is_complete: !words.skip("incomplete"),
        associations: Vec::new(),
        routes: Vec::new(),
        origin: words.origin(),
    });
    builder.block = Some(Block::Table);
    Ok(())
}

pub(super) fn ingress(builder: &mut Builder, words: &mut Words<'_>) -> Result {
    filter(builder, words, Direction::Ingress)
}

pub(super) fn egress(builder: &mut Builder, words: &mut Words<'_>) -> Result {
    filter(builder, words, Direction::Egress)
}

/// A line of a group or an ACL.
fn filter(builder: &mut Builder, words: &mut Words<'_>, direction: Direction) -> Result {
    let parts = &mut builder.parts;
    match (
        builder.block,
        parts.groups.last_mut(),
        parts.acls.last_mut(),
    ) {
        (Some(Block::Group), Some(group), _) => rules(words, direction, &mut group.rules),
        (Some(Block::Acl), _, Some(acl)) => entries(words, direction, &mut acl.entries),
        _ => Err(words.error("this line belongs to a group or an ACL")),
    }
}

const fn preposition(direction: Direction) -> &'static str {
    match direction {
        Direction::Ingress => "from",
        Direction::Egress => "to",
    }
}

fn rules(
    words: &mut Words<'_>,
    direction: Direction,
    rules: &mut Vec<SecurityGroupRule>,
) -> Result {
    let service = words.service()?;
    words.literal(preposition(direction))?;
    let peers = if words.skip("any") {
        vec![
            RulePeer::Cidr(Prefix::ALL_V4),
            RulePeer::Cidr(Prefix::ALL_V6),
        ]
    } else if words.skip("group") {
        vec![RulePeer::Group(reference(words)?)]
    } else if words.skip("list") {
        vec![RulePeer::PrefixList(Link::to(words.need("a prefix list")?))]
    } else {
        vec![RulePeer::Cidr(words.prefix()?)]
    };
    rules.extend(peers.into_iter().map(|peer| SecurityGroupRule {
        id: None,
        direction,
        service,
        peer,
        description: None,
        origin: words.origin(),
    }));
    Ok(())
}

fn reference(words: &mut Words<'_>) -> Result<GroupReference> {
    Ok(GroupReference {
        group: Link::to(words.need("a group")?),
        owner: None,
        vpc: None,
        peering: None,
        is_stale: words.skip("stale"),
    })
}

fn entries(words: &mut Words<'_>, direction: Direction, entries: &mut Vec<AclEntry>) -> Result {
    let number = words.number("an entry's number")?;
    let verdict = match words.need("`allow` or `deny`")? {
        "allow" => Verdict::Allow,
        "deny" => Verdict::Deny,
        other => return Err(words.unknown(other)),
    };
    let service = words.service()?;
    words.literal(preposition(direction))?;
    let cidrs = if words.skip("any") {
        vec![Prefix::ALL_V4, Prefix::ALL_V6]
    } else {
        vec![words.prefix()?]
    };
    entries.extend(cidrs.into_iter().map(|cidr| AclEntry {
        number,
        direction,
        verdict,
        cidr,
        service,
        origin: words.origin(),
    }));
    entries.sort_by_key(|entry| (entry.direction, entry.number));
    Ok(())
}

/// A route of a VPC's table or of a transit gateway's.
pub(super) fn route(builder: &mut Builder, words: &mut Words<'_>) -> Result {
    if builder.block == Some(Block::TransitTable) {
        return transit::route(builder, words);
    }
    if builder.block == Some(Block::ClientVpn) {
        return outside::client_route(builder, words);
    }
    if builder.block == Some(Block::CoreTable) {
        return outside::core_route(builder, words);
    }
    let Some(table) = open_table(builder) else {
        return Err(words.error("this line belongs to a route table"));
    };
    let mut route = Route {
        destination: destination(words)?,
        target: target(words)?,
        state: RouteState::Active,
        kind: RouteOrigin::Static,
        origin: words.origin(),
    };
    if route.target == RouteTarget::Local {
        route.kind = RouteOrigin::Table;
    }
    while let Some(word) = words.next() {
        match word {
            "propagated" => route.kind = RouteOrigin::Propagated,
            "advertised" => route.kind = RouteOrigin::Advertised,
            "static" => route.kind = RouteOrigin::Static,
            "blackhole" => route.state = RouteState::Blackhole,
            other => return Err(words.unknown(other)),
        }
    }
    table.routes.push(route);
    Ok(())
}

pub(super) fn destination(words: &mut Words<'_>) -> Result<RouteDestination> {
    if words.skip("list") {
        return Ok(RouteDestination::PrefixList(Link::to(
            words.need("a prefix list")?,
        )));
    }
    words.prefix().map(RouteDestination::Prefix)
}

/// The words for targets that the model does not hold, with the fields that name them.
pub(super) const UNMODELLED: &[(&str, &str)] = &[
    ("other", "GatewayId"),
    ("carrier", "CarrierGatewayId"),
    ("outpost", "LocalGatewayId"),
    ("odb", "OdbNetworkArn"),
];

fn target(words: &mut Words<'_>) -> Result<RouteTarget> {
    let kind = words.need("a target")?;
    if kind == "local" {
        return Ok(RouteTarget::Local);
    }
    let id = words.need("the target's name")?;
    Ok(match kind {
        "igw" => RouteTarget::InternetGateway(Link::to(id)),
        "eigw" => RouteTarget::EgressOnlyInternetGateway(Link::to(id)),
        "nat" => RouteTarget::NatGateway(Link::to(id)),
        "host" => RouteTarget::NetworkInterface(Link::to(id)),
        "endpoint" => RouteTarget::VpcEndpoint(id.into()),
        "peering" => RouteTarget::Peering(Link::to(id)),
        "tgw" => RouteTarget::TransitGateway(Link::to(id)),
        "vgw" => RouteTarget::VpnGateway(Link::to(id)),
        "core" => RouteTarget::CoreNetwork(id.into()),
        "next-hop" => {
            let address = id.parse().map_err(|_| words.unknown(id))?;
            RouteTarget::NextHop(address)
        }
        other => {
            let known = UNMODELLED.iter().find(|(word, _)| *word == other);
            let (_, field) = known.ok_or_else(|| words.unknown(other))?;
            let id = id.into();
            RouteTarget::Unmodelled { field, id }
        }
    })
}

pub(super) fn subnets(builder: &mut Builder, words: &mut Words<'_>) -> Result {
    let names = words.names()?;
    let parts = &mut builder.parts;
    match (
        builder.block,
        parts.acls.last_mut(),
        parts.route_tables.last_mut(),
    ) {
        (Some(Block::Acl), Some(acl), _) => acl.subnets.extend(names.into_iter().map(Link::to)),
        (Some(Block::Table), _, Some(table)) => {
            let subnets = names.into_iter().map(Link::to);
            table
                .associations
                .extend(subnets.map(RouteTableAssociation::Subnet));
        }
        _ => return Err(words.error("this line belongs to an ACL or a route table")),
    }
    Ok(())
}

pub(super) fn gateways(builder: &mut Builder, words: &mut Words<'_>) -> Result {
    let Some(table) = open_table(builder) else {
        return Err(words.error("this line belongs to a route table"));
    };
    let names = words.names()?.into_iter();
    let gateways = names.map(|name| RouteTableAssociation::Gateway(name.into()));
    table.associations.extend(gateways);
    Ok(())
}

fn open_table(builder: &mut Builder) -> Option<&mut RouteTable> {
    let is_open = builder.block == Some(Block::Table);
    is_open.then(|| builder.parts.route_tables.last_mut())?
}

/// Gives the ACLs and tables that subnets name those subnets.
pub(super) fn associate(builder: &mut Builder) -> Result {
    let missing = |line, what: &str, name: &str| super::Error {
        line,
        problem: format!("no {what} `{name}` in this topology"),
    };
    for (subnet, name, line) in std::mem::take(&mut builder.acls_of_subnets) {
        let mut acls = builder.parts.acls.iter_mut();
        let acl = acls.find(|acl| acl.id.as_str() == name);
        let acl = acl.ok_or_else(|| missing(line, "ACL", &name))?;
        acl.subnets.push(Link::to(subnet));
    }
    for (subnet, name, line) in std::mem::take(&mut builder.tables_of_subnets) {
        let mut tables = builder.parts.route_tables.iter_mut();
        let table = tables.find(|table| table.id.as_str() == name);
        let table = table.ok_or_else(|| missing(line, "route table", &name))?;
        let association = RouteTableAssociation::Subnet(Link::to(subnet));
        table.associations.push(association);
    }
    Ok(())
}
