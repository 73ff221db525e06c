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
use crate::tag::tag_of;

/// Tags by which people say what a host is for, the plainest first.
const TAGS: [&str; 3] = ["Tier", "Layer", "Role"];

/// The tag by which Auto Scaling marks its instances.
const AUTO_SCALING: &str = "aws:autoscaling:groupName";

/// Everything by which hosts are put together.
type Key = (Option<Index<Vpc>>, Option<Arc<str>>, Evidence, String, Role);

pub(super) fn tiers(landscape: &Landscape<'_>, options: &TierOptions) -> Vec<Tier> {
    let declared = declared(landscape, options);
    let balanced = balanced(landscape);
    let mut members: BTreeMap<Key, Vec<HostId>> = BTreeMap::new();
    for (id, host) in landscape.hosts() {
        if !is_part(host) {
            continue;
        }
        let (evidence, name) = evidence(landscape, (id, host), &declared, &balanced);
        // What the user declares may hold hosts of several sorts and VPCs. No tier mixes environments.
        let environment = landscape.environment_of(id).cloned();
        let (vpc, role) = match evidence {
            Evidence::Declared => (None, Role::Instance),
            _ => (landscape.vpc_of(host), host.owner.role),
        };
        let key = (vpc, environment, evidence, name, role);
        members.entry(key).or_default().push(id);
    }
    let tiers = members.into_iter().map(|(key, hosts)| {
        let (_, environment, evidence, name, _) = key;
        let first = hosts.first().map(|host| landscape.host(*host));
        Tier {
            name: called(landscape, &evidence, name, &hosts),
            evidence,
            vpc: first.and_then(|host| landscape.vpc_of(host)),
            environment,
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
            return (Evidence::Tag(tag), value.to_owned());
        }
    }
    if let Some(group) = tag_of(landscape, host, AUTO_SCALING) {
        return (Evidence::AutoScalingGroup, group.to_owned());
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

/// Adds to every name that more than one tier has what tells them apart: the VPC, the environment, the role, and if all
/// that is not enough a number.
fn tell_apart(landscape: &Landscape<'_>, tiers: &mut [Tier]) {
    let snapshot = landscape.snapshot();
    add_to_shared(tiers, |tier, _| {
        // Hosts of a declared tier may be in several.
        let vpc = tier.vpc.filter(|_| tier.evidence != Evidence::Declared);
        let vpc = vpc.map(|vpc| snapshot.vpcs().get(vpc));
        vpc.map(|vpc| vpc.name().unwrap_or(vpc.id.as_str()).to_owned())
    });
    add_to_shared(tiers, |tier, _| {
        tier.environment.as_deref().map(str::to_owned)
    });
    add_to_shared(tiers, |tier, _| Some(tier.role.label().to_owned()));
    add_to_shared(tiers, |_, number| Some(number.to_string()));
}

/// Adds something to names that more than one tier has, unless it is the same for all of them.
fn add_to_shared(tiers: &mut [Tier], more: impl Fn(&Tier, usize) -> Option<String>) {
    let mut by_name: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (place, tier) in tiers.iter().enumerate() {
        by_name.entry(tier.name.clone()).or_default().push(place);
    }
    for (name, places) in by_name {
        let numbered = places.iter().enumerate().filter_map(|(number, place)| {
            let tier = tiers.get(*place)?;
            Some((*place, more(tier, number + 1)))
        });
        let told: Vec<(usize, Option<String>)> = numbered.collect();
        let differ: BTreeSet<&Option<String>> = told.iter().map(|(_, more)| more).collect();
        if differ.len() < 2 {
            continue;
        }
        for (place, more) in &told {
            if let Some((tier, more)) = tiers.get_mut(*place).zip(more.as_ref()) {
                tier.name = format!("{name} ({more})");
            }
        }
    }
}
