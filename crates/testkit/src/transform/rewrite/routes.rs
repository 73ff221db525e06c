//! Groups, ACLs, route tables and prefix lists.

use model::{
    AclEntry, GroupReference, NetworkAcl, PrefixList, ResourceId, Route, RouteDestination,
    RouteTable, RouteTableAssociation, RouteTarget, RulePeer, SecurityGroup, SecurityGroupRule,
    SecurityGroupVpcAssociation,
};

use super::{Rewrite, link, links, prefixes};

pub(super) fn group(group: &mut SecurityGroup, change: &impl Rewrite) {
    let SecurityGroup {
        id,
        name: _,
        owner: _,
        region: _,
        vpc,
        description: _,
        rules,
        is_complete: _,
        tags: _,
        origin: _,
    } = group;
    change.id(id);
    links(vpc, change);
    for one in rules {
        rule(one, change);
    }
}

/// A rule listed apart from its group.
pub(super) fn listed_rule(
    (group, one): &mut (ResourceId, SecurityGroupRule),
    change: &impl Rewrite,
) {
    change.id(group);
    rule(one, change);
}

pub(super) fn group_association(one: &mut SecurityGroupVpcAssociation, change: &impl Rewrite) {
    let SecurityGroupVpcAssociation {
        group,
        vpc,
        state: _,
        origin: _,
    } = one;
    change.id(group);
    change.id(vpc);
}

fn rule(rule: &mut SecurityGroupRule, change: &impl Rewrite) {
    let SecurityGroupRule {
        id,
        direction: _,
        service: _,
        peer,
        description: _,
        origin: _,
    } = rule;
    if let Some(id) = id {
        change.id(id);
    }
    match peer {
        RulePeer::Cidr(cidr) => change.prefix(cidr),
        RulePeer::Group(GroupReference {
            group,
            owner: _,
            vpc,
            peering,
            is_stale: _,
        }) => {
            link(group, change);
            for id in vpc.iter_mut().chain(peering) {
                change.id(id);
            }
        }
        RulePeer::PrefixList(list) => link(list, change),
    }
}

pub(super) fn acl(acl: &mut NetworkAcl, change: &impl Rewrite) {
    let NetworkAcl {
        id,
        name: _,
        owner: _,
        region: _,
        vpc,
        is_default: _,
        subnets,
        entries,
        is_complete: _,
        origin: _,
    } = acl;
    change.id(id);
    link(vpc, change);
    links(subnets, change);
    for AclEntry {
        number: _,
        direction: _,
        verdict: _,
        cidr,
        service: _,
        origin: _,
    } in entries
    {
        change.prefix(cidr);
    }
}

pub(super) fn table(table: &mut RouteTable, change: &impl Rewrite) {
    let RouteTable {
        id,
        name: _,
        owner: _,
        region: _,
        vpc,
        is_main: _,
        associations,
        routes,
        is_complete: _,
        origin: _,
    } = table;
    change.id(id);
    link(vpc, change);
    for association in associations {
        match association {
            RouteTableAssociation::Subnet(subnet) => link(subnet, change),
            RouteTableAssociation::Gateway(gateway) => change.id(gateway),
        }
    }
    for Route {
        destination: to,
        target: through,
        state: _,
        kind: _,
        origin: _,
    } in routes
    {
        destination(to, change);
        target(through, change);
    }
}

pub(super) fn destination(destination: &mut RouteDestination, change: &impl Rewrite) {
    match destination {
        RouteDestination::Prefix(prefix) => change.prefix(prefix),
        RouteDestination::PrefixList(list) => link(list, change),
    }
}

fn target(target: &mut RouteTarget, change: &impl Rewrite) {
    match target {
        RouteTarget::Local => {}
        RouteTarget::InternetGateway(gateway) => link(gateway, change),
        RouteTarget::EgressOnlyInternetGateway(gateway) => link(gateway, change),
        RouteTarget::NatGateway(gateway) => link(gateway, change),
        RouteTarget::NetworkInterface(interface) => link(interface, change),
        RouteTarget::Peering(peering) => link(peering, change),
        RouteTarget::TransitGateway(gateway) => link(gateway, change),
        RouteTarget::NextHop(address) => change.address(address),
        RouteTarget::VpnGateway(gateway) => link(gateway, change),
        RouteTarget::VpcEndpoint(id)
        | RouteTarget::CoreNetwork(id)
        | RouteTarget::Unmodelled { field: _, id } => change.id(id),
    }
}

pub(super) fn list(list: &mut PrefixList, change: &impl Rewrite) {
    let PrefixList {
        id,
        name: _,
        region: _,
        is_aws_managed: _,
        family: _,
        entries,
        origin: _,
    } = list;
    change.id(id);
    prefixes(entries.iter_mut().flatten(), change);
}
