//! Which hosts are a tier.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::sync::Arc;

use model::{Index, Link, Resource, ResourceId, TargetName, Vpc};

use super::{Evidence, Tier, TierOptions};
use crate::class_name::common;
use crate::host::{Host, HostId};
use crate::landscape::Landscape;
use crate::lateral::is_foothold;
use crate::owner::{Nature, Role};

/// Tags by which people say what a host is for, the plainest first.
const TAGS: [&str; 3] = ["Tier", "Layer", "Role"];

/// The tag by which Auto Scaling marks its instances.
const AUTO_SCALING: &str = "aws:autoscaling:groupName";

/// Everything by which hosts are put together.
type Key = (Option<Index<Vpc>>, Evidence, String, Role);

pub(super) fn tiers(landscape: &Landscape<'_>, options: &TierOptions) -> Vec<Tier> {
    let declared = declared(landscape, options);
    let balanced = balanced(landscape);
    let mut members: BTreeMap<Key, Vec<HostId>> = BTreeMap::new();
    for (id, host) in landscape.hosts() {
        if !is_part(host) {
            continue;
        }
        let (evidence, name) = evidence(landscape, (id, host), &declared, &balanced);
        // What the user declares may hold hosts of several sorts and VPCs.
        let key = match evidence {
            Evidence::Declared => (None, evidence, name, Role::Instance),
            _ => (vpc_of(landscape, host), evidence, name, host.owner.role),
        };
        members.entry(key).or_default().push(id);
    }
    let tiers = members.into_iter().map(|((_, evidence, name, _), hosts)| {
        let first = hosts.first().map(|host| landscape.host(*host));
        Tier {
            name: called(landscape, &evidence, name, &hosts),
            evidence,
            vpc: first.and_then(|host| vpc_of(landscape, host)),
            role: first.map_or(Role::Interface, |host| host.owner.role),
            hosts,
        }
    });
    let mut tiers: Vec<Tier> = tiers.collect();
    tell_apart(landscape, &mut tiers);
    tiers.sort_by(|a, b| (a.vpc, &a.name).cmp(&(b.vpc, &b.name)));
    tiers
}

/// Whether a host takes part: it accepts connections, or an attacker could sit on it.
fn is_part(host: &Host) -> bool {
    host.owner.role.nature() != Nature::Inert || is_foothold(host.owner.role)
}

/// The place of the tier that the user puts each host in.
fn declared(landscape: &Landscape<'_>, options: &TierOptions) -> BTreeMap<HostId, String> {
    let mut declared = BTreeMap::new();
    for (name, selection) in &options.tiers {
        let endpoints = landscape.endpoints(selection);
        for host in endpoints.iter().filter_map(|one| landscape.host_of(one)) {
            declared.entry(host).or_insert_with(|| name.clone());
        }
    }
    declared
}

/// The names of the target groups of which hosts are targets.
fn balanced(landscape: &Landscape<'_>) -> BTreeMap<HostId, BTreeSet<String>> {
    let snapshot = landscape.snapshot();
    let mut by_instance: BTreeMap<&str, HostId> = BTreeMap::new();
    let mut by_address: BTreeMap<(&ResourceId, IpAddr), HostId> = BTreeMap::new();
    for (id, host) in landscape.hosts() {
        if host.owner.role == Role::Instance {
            by_instance.insert(&host.owner.id, id);
        }
        for index in &host.interfaces {
            let interface = snapshot.interfaces().get(*index);
            let held = interface.addresses.iter();
            by_address.extend(held.map(|held| ((interface.vpc.id(), held.address), id)));
        }
    }
    let mut balanced: BTreeMap<HostId, BTreeSet<String>> = BTreeMap::new();
    for group in snapshot.target_groups().rows() {
        let name = group.name().unwrap_or(group.id.as_str());
        for target in &group.targets {
            let host = match &target.name {
                TargetName::Instance(link) => by_instance.get(link.id().as_str()),
                TargetName::Address(address) => {
                    let vpc = group.vpc.as_ref().map(Link::id);
                    vpc.and_then(|vpc| by_address.get(&(vpc, *address)))
                }
                TargetName::Function(_) | TargetName::LoadBalancer(_) => None,
            };
            if let Some(host) = host {
                balanced.entry(*host).or_default().insert(name.to_owned());
            }
        }
    }
    balanced
}

/// The strongest evidence for what a host is for, and what that calls it.
fn evidence(
    landscape: &Landscape<'_>,
    (id, host): (HostId, &Host),
    declared: &BTreeMap<HostId, String>,
    balanced: &BTreeMap<HostId, BTreeSet<String>>,
) -> (Evidence, String) {
    if let Some(name) = declared.get(&id) {
        return (Evidence::Declared, name.clone());
    }
    for tag in TAGS {
        if let Some(value) = tag_of(landscape, host, tag) {
            return (Evidence::Tag(tag), value);
        }
    }
    if let Some(group) = tag_of(landscape, host, AUTO_SCALING) {
        return (Evidence::AutoScalingGroup, group);
    }
    if let Some(names) = balanced.get(&id) {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        return (Evidence::TargetGroup, names.join("+"));
    }
    let groups = &landscape.cell(host.cell).groups;
    let ids: Vec<&str> = groups.iter().map(ResourceId::as_str).collect();
    // Who wears nothing has nothing in common with others but that.
    let own = if ids.is_empty() {
        host.owner.id.as_str()
    } else {
        ""
    };
    (Evidence::Groups, format!("{}{own}", ids.join("+")))
}

/// The value of a tag of a host: of the instance, else of its interfaces.
fn tag_of(landscape: &Landscape<'_>, host: &Host, wanted: &str) -> Option<String> {
    let snapshot = landscape.snapshot();
    let interfaces = host.interfaces.iter();
    let interfaces = || {
        interfaces
            .clone()
            .map(|index| snapshot.interfaces().get(*index))
    };
    let instances = interfaces().filter_map(|one| one.instance.as_ref()?.target());
    let of_instances = instances.flat_map(|index| &snapshot.instances().get(index).tags);
    let of_interfaces = interfaces().flat_map(|one| &one.tags);
    let is_wanted = |tag: &&(Arc<str>, Arc<str>)| {
        tag.0.eq_ignore_ascii_case(wanted) && !tag.1.trim().is_empty()
    };
    let mut tags = of_instances.chain(of_interfaces).filter(is_wanted);
    tags.next().map(|(_, value)| value.trim().to_owned())
}

fn vpc_of(landscape: &Landscape<'_>, host: &Host) -> Option<Index<Vpc>> {
    let first = host.interfaces.first()?;
    landscape.snapshot().interfaces().get(*first).vpc.target()
}

/// What people would call a tier: what its evidence is called; of groups, what its hosts have in common, else the groups.
fn called(
    landscape: &Landscape<'_>,
    evidence: &Evidence,
    name: String,
    hosts: &[HostId],
) -> String {
    if *evidence != Evidence::Groups {
        return name;
    }
    let owners = hosts.iter().map(|host| &landscape.host(*host).owner);
    let names: Option<Vec<&str>> = owners.map(|owner| owner.name.as_deref()).collect();
    if let Some(name) = names.as_deref().and_then(common) {
        return name;
    }
    let first = hosts.first().map(|host| landscape.host(*host));
    let groups = first.map(|host| landscape.cell(host.cell).groups.iter());
    let groups = groups.into_iter().flatten().map(|id| {
        let index = landscape.snapshot().groups().find(id.as_str());
        let name = index.and_then(|index| landscape.snapshot().groups().get(index).name());
        name.unwrap_or(id.as_str())
    });
    let groups: Vec<&str> = groups.collect();
    match (first, groups.as_slice()) {
        (Some(host), []) => host.owner.id.clone(),
        (_, groups) => groups.join("+"),
    }
}

/// Adds the VPC, and if that is not enough the role and then a number, to every name that more than one tier has.
fn tell_apart(landscape: &Landscape<'_>, tiers: &mut [Tier]) {
    let snapshot = landscape.snapshot();
    add_to_shared(tiers, |tier, _| {
        let vpc = tier.vpc.map(|vpc| snapshot.vpcs().get(vpc));
        vpc.map(|vpc| vpc.name().unwrap_or(vpc.id.as_str()).to_owned())
    });
    add_to_shared(tiers, |tier, _| Some(tier.role.label().to_owned()));
    add_to_shared(tiers, |_, number| Some(number.to_string()));
}

fn add_to_shared(tiers: &mut [Tier], more: impl Fn(&Tier, usize) -> Option<String>) {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for tier in tiers.iter() {
        *counts.entry(tier.name.clone()).or_default() += 1;
    }
    let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
    for tier in tiers {
        if counts.get(&tier.name).is_some_and(|count| *count > 1) {
            let number = numbers.entry(tier.name.clone()).or_default();
            *number += 1;
            if let Some(more) = more(tier, *number) {
                tier.name = format!("{} ({more})", tier.name);
            }
        }
    }
}
