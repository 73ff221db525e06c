//! How cells behave towards the parts of a partition, to be compared.
//!
//! Towards each part a cell has a set of answers, and so has the part towards the cell. What is compared is a number of
//! 128 bits that is made of all these sets, so that no row has to be written out.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::fingerprint::{Sums, fingerprint};
use crate::host::CellId;
use crate::matrix::{AnswerId, CellRow, CellRowId, Matrix};

/// How all cells behave towards those parts of a partition that the last cut made. Cells of one part behave alike
/// towards all others, or they would have been cut apart before.
pub(crate) struct Behaviours<'m> {
    matrix: &'m Matrix,
    /// Towards all parts but the cell's own, from the cell.
    outgoing: Vec<u128>,
    /// From all parts but the cell's own, to the cell.
    incoming: Vec<u128>,
}

/// What can be compared: towards other parts, and both ways within the cell's own.
pub(crate) type Behaviour = (u128, u128, Vec<AnswerId>, Vec<AnswerId>);

/// The answers of some cells, with how many cells have each.
#[derive(Debug, Clone, Default)]
struct Found {
    // INVARIANT: sorted, no count is zero.
    counts: Vec<(AnswerId, usize)>,
    n_cells: usize,
}

impl<'m> Behaviours<'m> {
    /// `fresh` are the numbers of the parts that the last cut made, in order.
    pub(crate) fn of(
        matrix: &'m Matrix,
        n_cells: usize,
        partition: &[Vec<CellId>],
        fresh: &[usize],
    ) -> Self {
        let parts = || {
            fresh
                .iter()
                .filter_map(|number| Some((*number, partition.get(*number)?)))
        };
        let mut part_of = vec![None; n_cells];
        for (number, part) in parts() {
            for cell in part {
                if let Some(slot) = part_of.get_mut(cell.0) {
                    *slot = Some(number);
                }
            }
        }
        Self {
            matrix,
            outgoing: outgoing(matrix, n_cells, parts()),
            incoming: incoming(matrix, &part_of, partition),
        }
    }

    /// How each cell behaves towards other parts.
    pub(crate) fn towards_others(&self, cell: CellId) -> (u128, u128) {
        let towards = |numbers: &[u128]| numbers.get(cell.0).copied().unwrap_or(0);
        (towards(&self.outgoing), towards(&self.incoming))
    }

    /// How the cells of a part behave, one by one; a single host does not meet itself.
    pub(crate) fn of_part(
        &self,
        part: &[CellId],
        is_single: impl Fn(CellId) -> bool,
    ) -> Vec<Behaviour> {
        let matrix = self.matrix;
        let rows = rows_of(matrix, part);
        let of_row = |(row, _): &(CellRowId, usize)| (*row, from_part(matrix, *row, part));
        let to_rows: BTreeMap<CellRowId, Found> = rows.iter().map(of_row).collect();
        let behaviour = |cell: &CellId| {
            let (outgoing, incoming) = self.towards_others(*cell);
            let row = matrix.row_of(*cell);
            let own = matrix.in_row(row, *cell);
            let mut from_cell = found_in(matrix, &rows, *cell);
            let mut to_cell = to_rows.get(&row).cloned().unwrap_or_default();
            for found in [&mut from_cell, &mut to_cell] {
                found.remove(own, 1);
                if !is_single(*cell) {
                    found.add(matrix.within(*cell), 1);
                }
            }
            (outgoing, incoming, from_cell.answers(), to_cell.answers())
        };
        part.iter().map(behaviour).collect()
    }
}

/// For each cell, what passes from it to all these parts but its own.
fn outgoing<'p>(
    matrix: &Matrix,
    n_cells: usize,
    parts: impl Iterator<Item = (usize, &'p Vec<CellId>)>,
) -> Vec<u128> {
    let mut sums = Sums::new(n_cells);
    for (number, part) in parts {
        let rows = rows_of(matrix, part);
        sweep(matrix, &rows, |(first, end), found| {
            sums.add((first.0, end.0), found.number(number, part.len()));
        });
        for cell in part {
            let found = found_in(matrix, &rows, *cell).passing();
            if found.n_cells > 0 {
                let own = (cell.0, cell.0 + 1);
                sums.take(own, found.number(number, part.len()));
            }
        }
    }
    sums.finish()
}

/// The rows of the cells of a part, with how many have each.
fn rows_of(matrix: &Matrix, part: &[CellId]) -> Vec<(CellRowId, usize)> {
    let mut rows: Vec<CellRowId> = part.iter().map(|cell| matrix.row_of(*cell)).collect();
    rows.sort_unstable();
    let same = rows.chunk_by(|a, b| a == b);
    same.filter_map(|same| Some((*same.first()?, same.len())))
        .collect()
}

/// What some rows say of a cell.
fn found_in(matrix: &Matrix, rows: &[(CellRowId, usize)], cell: CellId) -> Found {
    let mut found = Found::default();
    for (row, n_targets) in rows {
        found.add(matrix.in_row(*row, cell), *n_targets);
    }
    found
}

/// What a row says of the cells of a part.
fn from_part(matrix: &Matrix, row: CellRowId, part: &[CellId]) -> Found {
    let mut found = Found::default();
    for cell in part {
        found.add(matrix.in_row(row, *cell), 1);
    }
    found
}

/// Hands out what passes to targets of some rows, by ranges of cells: the first one, and the one after the last.
fn sweep(
    matrix: &Matrix,
    rows: &[(CellRowId, usize)],
    mut each: impl FnMut((CellId, CellId), &Found),
) {
    let mut changes: Vec<(CellId, bool, AnswerId, usize)> = Vec::new();
    for (row, n_targets) in rows {
        for (answer, cells) in matrix.row(*row) {
            for (first, last) in cells.ranges() {
                changes.push((*first, true, *answer, *n_targets));
                changes.push((CellId(last.0 + 1), false, *answer, *n_targets));
            }
        }
    }
    changes.sort_unstable();
    let mut found = Found::default();
    let mut before = CellId(0);
    for (place, is_start, answer, n_targets) in changes {
        if before < place && found.n_cells > 0 {
            each((before, place), &found);
        }
        before = place;
        if is_start {
            found.add(answer, n_targets);
        } else {
            found.remove(answer, n_targets);
        }
    }
}

/// For each cell, what passes to it from all parts that have numbers, but its own.
fn incoming(matrix: &Matrix, part_of: &[Option<usize>], partition: &[Vec<CellId>]) -> Vec<u128> {
    let rows: Vec<&CellRow> = matrix.rows().map(|(_, row)| row).collect();
    let mut targets: Vec<Vec<CellId>> = vec![Vec::new(); rows.len()];
    for cell in (0..part_of.len()).map(CellId) {
        if let Some(of_row) = targets.get_mut(matrix.row_of(cell).number()) {
            of_row.push(cell);
        }
    }
    let fresh: Vec<(CellId, usize)> = (0..part_of.len())
        .filter_map(|cell| Some((CellId(cell), part_of.get(cell).copied().flatten()?)))
        .collect();
    let of_rows = rows.par_iter().zip(&targets).map_init(
        || Slate::new(partition.len()),
        |slate, (row, targets)| {
            let numbers = slate.numbers(row, &fresh, partition);
            towards(&numbers, targets, part_of)
        },
    );
    let of_rows: Vec<Vec<u128>> = of_rows.collect();
    let mut behaviours = vec![0; part_of.len()];
    for (targets, found) in targets.iter().zip(of_rows) {
        for (cell, number) in targets.iter().zip(found) {
            if let Some(behaviour) = behaviours.get_mut(cell.0) {
                *behaviour = number;
            }
        }
    }
    behaviours
}

/// What comes to each target of one row, from all parts but its own, if each of them has a number for what it sends.
fn towards(numbers: &[(usize, u128)], targets: &[CellId], part_of: &[Option<usize>]) -> Vec<u128> {
    let sum = |all: u128, (_, number): &(usize, u128)| all.wrapping_add(*number);
    let all = numbers.iter().fold(0, sum);
    let others = targets.iter().map(|cell| {
        let own = part_of.get(cell.0).copied().flatten();
        let own = own.and_then(|own| numbers.binary_search_by_key(&own, |(part, _)| *part).ok());
        let own = own.and_then(|place| numbers.get(place));
        all.wrapping_sub(own.map_or(0, |(_, number)| *number))
    });
    others.collect()
}

/// What was found for each part, of which most have nothing.
struct Slate {
    slots: Vec<Found>,
    used: Vec<usize>,
}

impl Slate {
    fn new(n_parts: usize) -> Self {
        Self {
            slots: vec![Found::default(); n_parts],
            used: Vec::new(),
        }
    }

    /// A number for what each part sends to the targets of a row, in the order of the parts; parts that send nothing
    /// are left out.
    fn numbers(
        &mut self,
        row: &CellRow,
        fresh: &[(CellId, usize)],
        partition: &[Vec<CellId>],
    ) -> Vec<(usize, u128)> {
        for (answer, cells) in row {
            for (first, last) in cells.ranges() {
                let start = fresh.partition_point(|(cell, _)| cell < first);
                let within = fresh.iter().skip(start);
                for (_, part) in within.take_while(|(cell, _)| cell <= last) {
                    self.add(*part, *answer);
                }
            }
        }
        self.used.sort_unstable();
        let mut numbers = Vec::with_capacity(self.used.len());
        for part in self.used.drain(..) {
            let n_cells = partition.get(part).map_or(0, Vec::len);
            if let Some(found) = self.slots.get_mut(part) {
                numbers.push((part, found.number(part, n_cells)));
                found.clear();
            }
        }
        numbers
    }

    fn add(&mut self, part: usize, answer: AnswerId) {
        if let Some(found) = self.slots.get_mut(part) {
            if found.n_cells == 0 {
                self.used.push(part);
            }
            found.add(answer, 1);
        }
    }
}

impl Found {
    fn add(&mut self, answer: AnswerId, n_cells: usize) {
        self.n_cells += n_cells;
        match self
            .counts
            .binary_search_by_key(&answer, |(answer, _)| *answer)
        {
            Ok(place) => {
                if let Some((_, count)) = self.counts.get_mut(place) {
                    *count += n_cells;
                }
            }
            Err(place) => self.counts.insert(place, (answer, n_cells)),
        }
    }

    fn remove(&mut self, answer: AnswerId, n_cells: usize) {
        self.n_cells = self.n_cells.saturating_sub(n_cells);
        for (_, count) in self.counts.iter_mut().filter(|(it, _)| *it == answer) {
            *count = count.saturating_sub(n_cells);
        }
        self.counts.retain(|(_, count)| *count > 0);
    }

    /// The same without those from which nothing passes.
    fn passing(mut self) -> Self {
        let nothing = self.counts.iter().find(|(it, _)| *it == AnswerId::NOTHING);
        if let Some((answer, count)) = nothing.copied() {
            self.remove(answer, count);
        }
        self
    }

    fn clear(&mut self) {
        self.counts.clear();
        self.n_cells = 0;
    }

    fn answers(self) -> Vec<AnswerId> {
        self.counts.into_iter().map(|(answer, _)| answer).collect()
    }

    /// A number for the set of answers of a part of so many cells: also that nothing passes, if that is so for some.
    fn number(&self, part: usize, n_cells: usize) -> u128 {
        let is_partly = self.n_cells < n_cells;
        let answers = self.counts.iter().map(|(answer, _)| answer.number());
        let words = [part, usize::from(is_partly)].into_iter().chain(answers);
        fingerprint(words)
    }
}
