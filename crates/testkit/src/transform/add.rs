//! One more rule, one more entry.

use model::{
    AclEntry, Direction, NetworkAcl, Parts, RulePeer, SecurityGroup, SecurityGroupRule, Verdict,
};
use packet::{Prefix, Service};

use super::hash;
use crate::Random;

/// Adds a rule to one of the groups: like a rule somewhere, or wider.
pub(super) fn rule(parts: &mut Parts, seed: u64) {
    let mut random = Random::new(seed);
    let rules = parts.groups.iter().flat_map(|group| &group.rules);
    let rules: Vec<SecurityGroupRule> = rules.cloned().collect();
    let (service, peer) = (service(&mut random, parts), random.pick(&rules).cloned());
    let chosen = parts.groups.iter_mut();
    let chosen = chosen.min_by_key(|group| hash::bits(seed, group.id.as_str()));
    let (Some(group), Some(template)) = (chosen, peer) else {
        return;
    };
    let peers = [
        RulePeer::Cidr(Prefix::ALL_V4),
        RulePeer::Cidr(Prefix::ALL_V6),
        template.peer.clone(),
        template.peer.clone(),
    ];
    add_to(
        group,
        &template,
        direction(&mut random),
        service,
        random.pick(&peers),
    );
}

fn add_to(
    group: &mut SecurityGroup,
    template: &SecurityGroupRule,
    direction: Direction,
    service: Service,
    peer: Option<&RulePeer>,
) {
    group.rules.push(SecurityGroupRule {
        direction,
        service,
        peer: peer.unwrap_or(&template.peer).clone(),
        ..template.clone()
    });
}

/// Adds an entry somewhere in one of the ACLs.
pub(super) fn entry(parts: &mut Parts, seed: u64, verdict: Verdict) {
    let mut random = Random::new(seed);
    let service = service(&mut random, parts);
    let cidr = block(&mut random, parts);
    let direction = direction(&mut random);
    let chosen = parts.acls.iter_mut();
    let Some(acl) = chosen.min_by_key(|acl| hash::bits(seed, acl.id.as_str())) else {
        return;
    };
    let entries = acl
        .entries
        .iter()
        .filter(|entry| entry.direction == direction);
    let numbers: Vec<u32> = entries.map(|entry| entry.number).collect();
    let number = random.pick(&numbers).copied().unwrap_or(100);
    let is_before = random.chance(50);
    let entry = AclEntry {
        number: number
            .saturating_mul(2)
            .saturating_add(u32::from(!is_before)),
        direction,
        verdict,
        cidr,
        service,
        origin: acl.origin.clone(),
    };
    insert(acl, entry, is_before);
}

/// Makes room by doubling the numbers, and keeps the order. Before the entry of its own number, or behind it.
fn insert(acl: &mut NetworkAcl, entry: AclEntry, is_before: bool) {
    for other in &mut acl.entries {
        other.number = other.number.saturating_mul(2);
    }
    let key = |one: &AclEntry| (one.direction, one.number);
    let place = acl.entries.partition_point(|one| {
        if is_before {
            key(one) < key(&entry)
        } else {
            key(one) <= key(&entry)
        }
    });
    acl.entries.insert(place, entry);
}

fn direction(random: &mut Random) -> Direction {
    if random.chance(50) {
        Direction::Ingress
    } else {
        Direction::Egress
    }
}

/// A service of some rule or entry, or any.
fn service(random: &mut Random, parts: &Parts) -> Service {
    let rules = parts.groups.iter().flat_map(|group| &group.rules);
    let entries = parts.acls.iter().flat_map(|acl| &acl.entries);
    let services = rules.map(|rule| rule.service);
    let mut services: Vec<Service> = services.chain(entries.map(|entry| entry.service)).collect();
    services.push(Service::Any);
    random.pick(&services).copied().unwrap_or(Service::Any)
}

/// The block of some subnet, rule or entry, or everything.
fn block(random: &mut Random, parts: &Parts) -> Prefix {
    let subnets = parts.subnets.iter().flat_map(|subnet| &subnet.cidrs);
    let entries = parts.acls.iter().flat_map(|acl| &acl.entries);
    let mut blocks: Vec<Prefix> = subnets.copied().collect();
    blocks.extend(entries.map(|entry| entry.cidr));
    blocks.extend([Prefix::ALL_V4, Prefix::ALL_V6]);
    random.pick(&blocks).copied().unwrap_or(Prefix::ALL_V4)
}
