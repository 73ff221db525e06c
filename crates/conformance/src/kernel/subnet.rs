//! A subnet: a bridge for its hosts, and a router with its ACL and its route table.
//!
//! Packets within the subnet cross the bridge only. The ACL is stateless: no rule here asks for a connection.

use std::net::IpAddr;

use model::{Direction, Index, NetworkAcl, Subnet, Vpc};
use packet::Family;

use super::filter;
use super::lab::{CONNECTED, LOCAL, Lab, OTHER};
use super::plan::{Hop, ROUTER, Table};
use super::{Result, route};

/// The device of the router on which the subnet's hosts are.
pub(super) const BRIDGE: &str = "br0";

/// The namespace of a subnet.
pub(super) fn name(lab: &Lab<'_>, subnet: Index<Subnet>) -> String {
    format!("subnet-{}", lab.snapshot.subnets().get(subnet).id)
}

/// Where the local route of a subnet leads.
pub(super) fn local(lab: &mut Lab<'_>, subnet: Index<Subnet>) -> Hop {
    let from = name(lab, subnet);
    match lab.snapshot.subnets().get(subnet).vpc.target() {
        Some(vpc) => {
            let core = lab.core(vpc);
            Hop::Along(lab.towards(&from, &core))
        }
        None => Hop::Unreachable,
    }
}

/// Lays the bridge, the router's addresses on it, and the way from the VPC to it.
pub(super) fn lay(lab: &mut Lab<'_>, subnet: Index<Subnet>) -> Result {
    let here = name(lab, subnet);
    let row = lab.snapshot.subnets().get(subnet);
    let vpc = row.vpc.target();
    let vpc = vpc.ok_or_else(|| format!("subnet `{}` has no VPC", row.id))?;
    let namespace = lab.plan.namespace(&here);
    namespace.forwards = true;
    namespace
        .devices
        .push(format!("link add {BRIDGE} type bridge mcast_snooping 0"));
    namespace.up(BRIDGE);
    namespace.link_local(BRIDGE, ROUTER);
    for block in &row.cidrs {
        if let Some(router) = router(row, block.family()).filter(|own| block.contains(*own)) {
            namespace.address(BRIDGE, router, block.length());
            namespace.answers_on.push(router);
        }
        if block.family() == Family::V6 {
            namespace.route(*block, &Hop::Device(BRIDGE.to_owned()), Table::Main, 1);
        }
        let condition = format!("to {block}");
        namespace.rule_of(block.family(), &condition, Table::Main, CONNECTED);
    }
    for service in services(lab, subnet) {
        lab.plan.namespace(&here).own(service);
    }
    let core = lab.core(vpc);
    let towards = lab.towards(&core, &here);
    for block in &row.cidrs {
        let hop = Hop::Along(towards.clone());
        lab.plan
            .namespace(&core)
            .route(*block, &hop, Table::Main, 1);
    }
    Ok(())
}

/// The router's address: the first of an IPv4 block plus one.
pub(super) fn router(subnet: &Subnet, family: Family) -> Option<IpAddr> {
    let mut blocks = subnet.cidrs.iter();
    let block = blocks.find(|block| block.family() == family && family == Family::V4)?;
    family.address(Family::number(block.first()) + 1)
}

/// Services that AWS runs at every subnet: metadata, time and DNS.
fn services(lab: &Lab<'_>, subnet: Index<Subnet>) -> Vec<IpAddr> {
    let vpc = lab.snapshot.subnets().get(subnet).vpc.target();
    let dns = vpc.and_then(|vpc| dns(lab.snapshot.vpcs().get(vpc)));
    let v4 = [254, 253, 123].map(|last| IpAddr::from([169, 254, 169, last]));
    let v6 = [0x254, 0x253, 0x123].map(|last| IpAddr::from([0xfd00, 0xec2, 0, 0, 0, 0, 0, last]));
    v4.into_iter().chain(v6).chain(dns).collect()
}

/// The address of a VPC's DNS: the first of its first IPv4 block plus two.
pub(super) fn dns(vpc: &Vpc) -> Option<IpAddr> {
    let mut blocks = vpc.cidrs.iter();
    let first = blocks.find(|block| block.family() == Family::V4)?;
    Family::V4.address(Family::number(first.first()) + 2)
}

/// Lays the routes.
pub(super) fn route(lab: &mut Lab<'_>, subnet: Index<Subnet>) -> Result {
    let here = name(lab, subnet);
    let tables = {
        let namespace = lab.plan.namespace(&here);
        [namespace.next_table(), namespace.next_table()].map(Table::Number)
    };
    let locals = route::fill(lab, subnet, &here, tables)?;
    let [local, other] = tables;
    for device in inside(lab, subnet) {
        let namespace = lab.plan.namespace(&here);
        for block in &locals {
            let condition = format!("iif {device} to {block}");
            namespace.rule_of(block.family(), &condition, local, LOCAL);
        }
        namespace.rule(&format!("iif {device}"), other, OTHER);
    }
    Ok(())
}

/// The devices by which packets come that stand in the subnet: from hosts, and from a transit gateway.
fn inside(lab: &Lab<'_>, subnet: Index<Subnet>) -> Vec<String> {
    let transit = transit(lab, subnet);
    std::iter::once(BRIDGE.to_owned()).chain(transit).collect()
}

/// The devices towards transit gateways.
fn transit(lab: &Lab<'_>, subnet: Index<Subnet>) -> Vec<String> {
    let attachments = lab.attachments.iter();
    let here = attachments.filter(|((of, _), _)| *of == subnet);
    here.map(|(_, towards)| towards.device.clone()).collect()
}

fn acl<'a>(lab: &Lab<'a>, subnet: Index<Subnet>) -> Result<&'a NetworkAcl> {
    let row = lab.snapshot.subnets().get(subnet);
    let acls = lab.snapshot.acls().rows();
    let named = acls
        .iter()
        .find(|acl| acl.subnets.iter().any(|link| link.is(subnet)));
    let default = |acl: &&NetworkAcl| acl.is_default && acl.vpc.id() == row.vpc.id();
    named
        .or_else(|| acls.iter().find(default))
        .ok_or_else(|| format!("subnet `{}` has no ACL", row.id))
}

/// Lays the ACL at the border, and shuts the router's own addresses to everyone but the subnet.
pub(super) fn filter(lab: &mut Lab<'_>, subnet: Index<Subnet>) -> Result {
    let here = name(lab, subnet);
    let acl = acl(lab, subnet)?;
    let inside = set(&inside(lab, subnet));
    let transit = transit(lab, subnet);
    let blocks = &lab.snapshot.subnets().get(subnet).cidrs;
    let mut lines = vec!["table inet acl {".to_owned()];
    lines.extend(filter::chain(acl, Direction::Egress, "leave"));
    lines.extend(filter::chain(acl, Direction::Ingress, "enter"));
    lines.push("chain border {\ntype filter hook forward priority 0;".to_owned());
    lines.push("ip daddr 169.254.0.0/16 drop".to_owned());
    for family in Family::ALL {
        let word = filter::word(family);
        let outside = filter::blocks_of(blocks, family).map_or_else(
            || family_only(family),
            |own| format!("{word} daddr != {own}"),
        );
        lines.push(format!("iifname {inside} {outside} jump leave"));
    }
    lines.push(format!("oifname {BRIDGE} iifname != {inside} jump enter"));
    if !transit.is_empty() {
        lines.push(format!("oifname {} jump enter", set(&transit)));
    }
    lines.push("}".to_owned());
    lines.push(format!(
        "chain own {{\ntype filter hook input priority 0;\niifname {{ {BRIDGE}, lo }} accept\n{}\ndrop\n}}",
        filter::NEIGHBOURS
    ));
    lines.push("}".to_owned());
    let namespace = lab.plan.namespace(&here);
    namespace.filters.extend(lines);
    Ok(())
}

/// The match of a whole family.
fn family_only(family: Family) -> String {
    let word = match family {
        Family::V4 => "ipv4",
        Family::V6 => "ipv6",
    };
    format!("meta nfproto {word}")
}

/// Devices as a set of `nft`.
pub(super) fn set(devices: &[String]) -> String {
    format!("{{ {} }}", devices.join(", "))
}
