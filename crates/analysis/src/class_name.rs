//! What people would call a class of hosts.

use std::collections::BTreeMap;

use model::Resource;

use crate::host::{HostClass, HostId};
use crate::landscape::Landscape;

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

fn group_names<'a>(landscape: &Landscape<'a>, class: &HostClass) -> Vec<&'a str> {
    let groups = class
        .groups
        .iter()
        .map(|group| landscape.snapshot().groups().get(*group));
    groups
        .map(|group| group.name().unwrap_or(group.id.as_str()))
        .collect()
}

fn name(landscape: &Landscape<'_>, class: &HostClass) -> String {
    let owner = |host: &HostId| &landscape.host(*host).owner;
    let names: Option<Vec<&str>> = class
        .hosts
        .iter()
        .map(|host| owner(host).name.as_deref())
        .collect();
    if let Some(name) = names.as_deref().and_then(common) {
        return name;
    }
    let group_names = group_names(landscape, class);
    match (class.hosts.as_slice(), group_names.as_slice()) {
        ([only], []) => owner(only).id.clone(),
        (_, []) => class.role.label().to_owned(),
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
