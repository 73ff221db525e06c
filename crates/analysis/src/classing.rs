//! Which hosts behave alike.
//!
//! Cells are exact, and too fine for people: six application servers in three zones are three cells. A class joins the
//! cells whose hosts have one role and one set of groups in one VPC, as long as they reach, and are reached by, every
//! other class and network in the same ways. Where they differ, the class is split until they do not.

use std::collections::BTreeMap;

use crate::answer::Answer;
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

/// The partition with every part cut into cells that behave alike towards all parts.
fn split(landscape: &Landscape<'_>, partition: &Partition) -> Partition {
    let mut finer = Vec::with_capacity(partition.len());
    for part in partition {
        if let [_] = part.as_slice() {
            finer.push(part.clone());
            continue;
        }
        let mut kinds: BTreeMap<Vec<Vec<&Answer>>, Vec<CellId>> = BTreeMap::new();
        for cell in part {
            kinds
                .entry(behaviour(landscape, partition, *cell))
                .or_default()
                .push(*cell);
        }
        finer.extend(kinds.into_values());
    }
    finer
}

/// For each part, the different answers from and to it.
fn behaviour<'l>(
    landscape: &'l Landscape<'_>,
    partition: &Partition,
    cell: CellId,
) -> Vec<Vec<&'l Answer>> {
    let mut behaviour = Vec::with_capacity(2 * partition.len());
    for part in partition {
        let meets = |other: &&CellId| **other != cell || landscape.cell(cell).hosts.len() > 1;
        let outgoing = part
            .iter()
            .filter(meets)
            .map(|other| landscape.between(cell, *other));
        behaviour.push(distinct(outgoing));
        let incoming = part
            .iter()
            .filter(meets)
            .map(|other| landscape.between(*other, cell));
        behaviour.push(distinct(incoming));
    }
    behaviour
}

fn distinct<'l>(answers: impl Iterator<Item = &'l Answer>) -> Vec<&'l Answer> {
    let mut answers: Vec<&Answer> = answers.collect();
    answers.sort_unstable();
    answers.dedup();
    answers
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
