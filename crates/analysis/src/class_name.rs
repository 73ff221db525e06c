//! What people would call a class of hosts.

use std::collections::BTreeMap;

use model::{Index, Resource, SecurityGroup};

use crate::host::{HostClass, HostId};
use crate::landscape::Landscape;
use crate::owner::Role;
use crate::subject::Subject;

/// Names every class; no two get the same name.
pub(crate) fn give(landscape: &Landscape<'_>, classes: &mut [HostClass]) {
    for class in classes.iter_mut() {
        class.name = name(landscape, class);
    }
    // Classes whose hosts are named alike are told apart by what they wear, and if that is not enough by a host.
    tell_apart(classes, |class| group_names(landscape, class).join("+"));
    tell_apart(classes, |class| {
        let first = class
            .hosts
            .first()
            .map(|host| landscape.host(*host).owner.id.clone());
        let more = if class.hosts.len() > 1 { "…" } else { "" };
        format!("{}{more}", first.unwrap_or_default())
    });
}

/// Adds something to every name that more than one class has.
fn tell_apart(classes: &mut [HostClass], by: impl Fn(&HostClass) -> String) {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for class in classes.iter() {
        *counts.entry(class.name.clone()).or_default() += 1;
    }
    let is_shared = |name: &str| counts.get(name).is_some_and(|&count| count > 1);
    for class in classes.iter_mut().filter(|class| is_shared(&class.name)) {
        let more = by(class);
        if !more.is_empty() && more != class.name {
            class.name = format!("{} ({more})", class.name);
        }
    }
}

/// Adds ids to every name that more than one subject with hosts has.
pub(crate) fn tell_subjects_apart<'s>(subjects: impl Iterator<Item = &'s mut Subject>) {
    let mut by_name: BTreeMap<String, Vec<&mut Subject>> = BTreeMap::new();
    for subject in subjects {
        let of_name = by_name.entry(subject.name.clone()).or_default();
        of_name.push(subject);
    }
    let shared = by_name.into_values().filter(|subjects| subjects.len() > 1);
    for subject in shared.flatten() {
        let more = if subject.members.len() > 1 { "…" } else { "" };
        if let Some(first) = subject.members.first() {
            subject.name = format!("{} ({}{more})", subject.name, first.id);
        }
    }
}

/// What people would call some hosts of one kind; one that has no name also by its id.
pub(crate) fn of_some(landscape: &Landscape<'_>, hosts: &[HostId]) -> String {
    let first = hosts
        .first()
        .map(|host| landscape.cell(landscape.host(*host).cell));
    let groups = first.into_iter().flat_map(|cell| &cell.groups);
    let groups = groups.filter_map(|id| landscape.snapshot().groups().find(id.as_str()));
    let groups = names_of_groups(landscape, groups);
    let role = first.map_or(Role::Interface, |cell| cell.role);
    let name = name_of(landscape, role, hosts, &groups);
    match hosts {
        [only] if !groups.is_empty() && landscape.host(*only).owner.name.is_none() => {
            format!("{name} ({})", landscape.host(*only).owner.id)
        }
        _ => name,
    }
}

fn group_names<'a>(landscape: &Landscape<'a>, class: &HostClass) -> Vec<&'a str> {
    names_of_groups(landscape, class.groups.iter().copied())
}

fn names_of_groups<'a>(
    landscape: &Landscape<'a>,
    groups: impl Iterator<Item = Index<SecurityGroup>>,
) -> Vec<&'a str> {
    let groups = groups.map(|group| landscape.snapshot().groups().get(group));
    groups
        .map(|group| group.name().unwrap_or(group.id.as_str()))
        .collect()
}

fn name(landscape: &Landscape<'_>, class: &HostClass) -> String {
    let groups = group_names(landscape, class);
    name_of(landscape, class.role, &class.hosts, &groups)
}

fn name_of(landscape: &Landscape<'_>, role: Role, hosts: &[HostId], groups: &[&str]) -> String {
    let owner = |host: &HostId| &landscape.host(*host).owner;
    let names: Option<Vec<&str>> = hosts
        .iter()
        .map(|host| owner(host).name.as_deref())
        .collect();
    if let Some(name) = names.as_deref().and_then(common) {
        return name;
    }
    match (hosts, groups) {
        ([only], []) => owner(only).id.clone(),
        (_, []) => role.label().to_owned(),
        (_, names) => names.join("+"),
    }
}

/// The one name that all share, or the part that all begin with and a star.
pub(crate) fn common(names: &[&str]) -> Option<String> {
    let (first, rest) = names.split_first()?;
    if rest.iter().all(|name| name == first) {
        return Some((*first).to_owned());
    }
    let shared = |count: usize| {
        let prefix: String = first.chars().take(count).collect();
        rest.iter()
            .all(|name| name.starts_with(&prefix))
            .then_some(prefix)
    };
    let prefix = (0..=first.chars().count()).rev().find_map(shared)?;
    // A name is cut where a word ends, if there is such a place: `app-a1` and `app-a2` are `app-a*`, not all `app-`.
    let kept = prefix.trim_end_matches(|letter: char| letter.is_ascii_digit());
    (kept.chars().count() >= MIN_PREFIX).then(|| format!("{kept}*"))
}

/// Shorter common beginnings say nothing.
const MIN_PREFIX: usize = 2;

#[cfg(test)]
mod tests {
    use super::*;

    fn check(names: &[&str], expected: Option<&str>) {
        assert_eq!(common(names).as_deref(), expected);
    }

    #[test]
    fn names_are_joined_by_their_beginning() {
        check(&["app-a1", "app-b2", "app-c1"], Some("app-*"));
        check(&["web1", "web2"], Some("web*"));
        check(&["web10", "web11"], Some("web*"));
        check(&["api", "api"], Some("api"));
        check(&["bastion"], Some("bastion"));
        check(&["a1", "b1"], None);
        check(&["db", "web"], None);
    }
}
