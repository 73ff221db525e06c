//! Which hosts behave alike.
//!
//! Cells are exact, and too fine for people: six application servers in three zones are three cells. A class joins the
//! cells whose hosts have one role and one set of groups in one VPC, as long as they reach, and are reached by, every
//! other class and network in the same ways. Where they differ, the class is split until they do not.

use std::collections::BTreeMap;

use crate::behaviour::Behaviours;
use crate::class_name;
use crate::host::{CellId, HostClass};
use crate::landscape::Landscape;

/// All classes of a landscape, those of many hosts first, named.
pub(crate) fn classes(landscape: &Landscape<'_>) -> Vec<HostClass> {
    let mut partition = by_role_and_groups(landscape);
    loop {
        let finer = split(landscape, &partition);
        if finer.len() == partition.len() {
            break;
        }
        partition = finer;
    }
    let mut classes: Vec<HostClass> = partition
        .iter()
        .map(|cells| class(landscape, cells))
        .collect();
    class_name::give(landscape, &mut classes);
    classes.sort_by(|a, b| {
        (b.hosts.len(), &a.name, &a.hosts).cmp(&(a.hosts.len(), &b.name, &b.hosts))
    });
    classes
}

type Partition = Vec<Vec<CellId>>;

fn by_role_and_groups(landscape: &Landscape<'_>) -> Partition {
    let mut parts: BTreeMap<_, Vec<CellId>> = BTreeMap::new();
    for (id, cell) in landscape.cells() {
        parts
            .entry((cell.role, &cell.vpc, &cell.groups))
            .or_default()
            .push(id);
    }
    parts.into_values().collect()
}

/// The partition with every part cut into cells that behave alike towards all parts; the one with the first cell first.
fn split(landscape: &Landscape<'_>, partition: &Partition) -> Partition {
    let behaviours = Behaviours::of(landscape.matrix(), landscape.cells().len(), partition);
    let mut finer = Vec::with_capacity(partition.len());
    for part in partition {
        let mut kinds: BTreeMap<_, Vec<CellId>> = BTreeMap::new();
        for cell in part {
            let is_single = landscape.cell(*cell).hosts.len() == 1;
            let behaviour = behaviours.of_cell(part, *cell, is_single);
            kinds.entry(behaviour).or_default().push(*cell);
        }
        let mut kinds: Vec<Vec<CellId>> = kinds.into_values().collect();
        kinds.sort_unstable();
        finer.extend(kinds);
    }
    finer
}

fn class(landscape: &Landscape<'_>, cells: &[CellId]) -> HostClass {
    let mut hosts: Vec<_> = cells
        .iter()
        .flat_map(|cell| landscape.cell(*cell).hosts.iter().copied())
        .collect();
    hosts.sort_unstable();
    let first = cells.first().map(|cell| landscape.cell(*cell));
    let snapshot = landscape.snapshot();
    let groups = first.into_iter().flat_map(|cell| &cell.groups);
    HostClass {
        name: String::new(),
        role: first.map_or(crate::Role::Interface, |cell| cell.role),
        hosts,
        groups: groups
            .filter_map(|id| snapshot.groups().find(id.as_str()))
            .collect(),
        vpc: first.and_then(|cell| snapshot.vpcs().find(cell.vpc.as_str())),
        cells: cells.to_vec(),
    }
}
