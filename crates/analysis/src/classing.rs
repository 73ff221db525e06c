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
    let partition = partition(landscape);
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

/// Cells by class.
fn partition(landscape: &Landscape<'_>) -> Vec<Vec<CellId>> {
    let mut partition = by_role_and_groups(landscape);
    let mut fresh: Vec<usize> = (0..partition.len()).collect();
    while !fresh.is_empty() {
        (partition, fresh) = cut(landscape, partition, &fresh);
    }
    partition
}

fn by_role_and_groups(landscape: &Landscape<'_>) -> Vec<Vec<CellId>> {
    let mut parts: BTreeMap<_, Vec<CellId>> = BTreeMap::new();
    for (id, cell) in landscape.cells() {
        parts.entry(cell.kind()).or_default().push(id);
    }
    parts.into_values().collect()
}

/// The partition with every part cut into cells that behave alike towards all parts, the one with the first cell first;
/// and which parts were made by that. `fresh` are those that the cut before made.
fn cut(
    landscape: &Landscape<'_>,
    partition: Vec<Vec<CellId>>,
    fresh: &[usize],
) -> (Vec<Vec<CellId>>, Vec<usize>) {
    let n_cells = landscape.cells().len();
    let behaviours = Behaviours::of(landscape.matrix(), n_cells, &partition, fresh);
    let (mut finer, mut made) = (Vec::with_capacity(partition.len()), Vec::new());
    for (number, part) in partition.into_iter().enumerate() {
        // Within a part that was there before nothing has changed.
        let kinds = if fresh.binary_search(&number).is_ok() {
            let is_single = |cell| landscape.cell(cell).hosts.len() == 1;
            alike(&part, behaviours.of_part(&part, is_single).into_iter())
        } else {
            let behaviours = part.iter().map(|cell| behaviours.towards_others(*cell));
            alike(&part, behaviours)
        };
        if kinds.len() > 1 {
            made.extend(finer.len()..finer.len() + kinds.len());
        }
        finer.extend(kinds);
    }
    (finer, made)
}

/// The cells of a part by what they do.
fn alike<B: Ord>(part: &[CellId], behaviours: impl Iterator<Item = B>) -> Vec<Vec<CellId>> {
    let mut kinds: BTreeMap<B, Vec<CellId>> = BTreeMap::new();
    for (cell, behaviour) in part.iter().zip(behaviours) {
        kinds.entry(behaviour).or_default().push(*cell);
    }
    let mut kinds: Vec<Vec<CellId>> = kinds.into_values().collect();
    kinds.sort_unstable();
    kinds
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use engine::Engine;

    use super::*;
    use crate::matrix::AnswerId;

    /// What passes between a cell and all cells of a part, both ways; a single host does not meet itself.
    fn towards(
        landscape: &Landscape<'_>,
        cell: CellId,
        part: &[CellId],
    ) -> (BTreeSet<AnswerId>, BTreeSet<AnswerId>) {
        let matrix = landscape.matrix();
        let is_single = landscape.cell(cell).hosts.len() == 1;
        let others = || part.iter().filter(|other| !is_single || **other != cell);
        let from_cell = others().map(|other| matrix.number(cell, *other));
        let to_cell = others().map(|other| matrix.number(*other, cell));
        (from_cell.collect(), to_cell.collect())
    }

    /// The partition, part by part and pair of cells by pair of cells.
    fn simple(landscape: &Landscape<'_>) -> Vec<Vec<CellId>> {
        let mut partition = by_role_and_groups(landscape);
        loop {
            let behaviour = |cell: &CellId| -> Vec<_> {
                let parts = partition.iter();
                parts.map(|part| towards(landscape, *cell, part)).collect()
            };
            let finer: Vec<Vec<CellId>> = partition
                .iter()
                .flat_map(|part| alike(part, part.iter().map(behaviour)))
                .collect();
            if finer.len() == partition.len() {
                return partition;
            }
            partition = finer;
        }
    }

    #[test]
    fn classes_are_the_coarsest_whose_cells_behave_alike() {
        let mut n_cut = 0;
        for seed in 0..80 {
            let snapshot = testkit::random_network(seed).unwrap().snapshot();
            let engine = Engine::new(&snapshot);
            let landscape = Landscape::new(&engine);
            let found = partition(&landscape);
            assert_eq!(found, simple(&landscape), "seed {seed}");
            n_cut += found.len() - by_role_and_groups(&landscape).len();
        }
        assert!(n_cut > 20, "{n_cut}");
    }
}
