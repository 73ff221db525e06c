//! How cells behave towards the parts of a partition, to be compared.
//!
//! Towards each part a cell has a set of answers, and so has the part towards the cell. What is compared is a number of
//! 128 bits that is made of all these sets, so that no row has to be written out.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::host::CellId;
use crate::matrix::{AnswerId, CellRowId, CellSet, Matrix};

/// How all cells behave towards all parts.
pub(crate) struct Behaviours<'m> {
    matrix: &'m Matrix,
    /// Towards all parts but the cell's own, from the cell.
    outgoing: Vec<u128>,
    /// From all parts but the cell's own, to the cell.
    incoming: Vec<u128>,
}

/// What can be compared: towards other parts, and both ways within the cell's own.
pub(crate) type Behaviour = (u128, u128, BTreeSet<AnswerId>, BTreeSet<AnswerId>);

/// Something for each cell or part, of which most have nothing.
struct Slate<T> {
    slots: Vec<T>,
    used: Vec<usize>,
}

/// The answers that were found, and how many cells have any.
#[derive(Debug, Clone, Default)]
struct Found {
    answers: Vec<AnswerId>,
    n_cells: usize,
}

impl<'m> Behaviours<'m> {
    pub(crate) fn of(matrix: &'m Matrix, n_cells: usize, partition: &[Vec<CellId>]) -> Self {
        let mut part_of = vec![0; n_cells];
        for (number, part) in partition.iter().enumerate() {
            for cell in part {
                if let Some(slot) = part_of.get_mut(cell.0) {
                    *slot = number;
                }
            }
        }
        Self {
            matrix,
            outgoing: outgoing(matrix, &part_of, partition),
            incoming: incoming(matrix, &part_of, partition),
        }
    }

    /// How a cell of a part behaves; a single host does not meet itself.
    pub(crate) fn of_cell(&self, part: &[CellId], cell: CellId, is_single: bool) -> Behaviour {
        let others = || part.iter().filter(|other| !is_single || **other != cell);
        let from_cell = others().map(|other| self.matrix.number(cell, *other));
        let to_cell = others().map(|other| self.matrix.number(*other, cell));
        let towards = |numbers: &[u128]| numbers.get(cell.0).copied().unwrap_or(0);
        (
            towards(&self.outgoing),
            towards(&self.incoming),
            from_cell.collect(),
            to_cell.collect(),
        )
    }
}

/// For each cell, what passes from it to all parts but its own.
fn outgoing(matrix: &Matrix, part_of: &[usize], partition: &[Vec<CellId>]) -> Vec<u128> {
    let mut behaviours = vec![0_u128; part_of.len()];
    let mut slate: Slate<Found> = Slate::new(part_of.len());
    for (number, part) in partition.iter().enumerate() {
        for (row, n_targets) in rows_of(matrix, part) {
            for (answer, cells) in matrix.row(row) {
                let others = cells.iter();
                let others = others.filter(|cell| part_of.get(cell.0) != Some(&number));
                for cell in others {
                    slate.at(cell.0).add(*answer, n_targets);
                }
            }
        }
        slate.clear(|cell, found| {
            if let Some(behaviour) = behaviours.get_mut(cell) {
                *behaviour = behaviour.wrapping_add(found.number(number, part.len()));
            }
        });
    }
    behaviours
}

/// The rows of the cells of a part, with how many have each.
fn rows_of(matrix: &Matrix, part: &[CellId]) -> Vec<(CellRowId, usize)> {
    let mut rows: Vec<CellRowId> = part.iter().map(|cell| matrix.row_of(*cell)).collect();
    rows.sort_unstable();
    let same = rows.chunk_by(|a, b| a == b);
    same.filter_map(|same| Some((*same.first()?, same.len())))
        .collect()
}

/// For each cell, what passes to it from all parts but its own.
fn incoming(matrix: &Matrix, part_of: &[usize], partition: &[Vec<CellId>]) -> Vec<u128> {
    let mut targets: Vec<Vec<usize>> = Vec::new();
    for cell in 0..part_of.len() {
        let row = matrix.row_of(CellId(cell)).number();
        if targets.len() <= row {
            targets.resize_with(row + 1, Vec::new);
        }
        if let Some(of_row) = targets.get_mut(row) {
            of_row.push(cell);
        }
    }
    let mut behaviours = vec![0; part_of.len()];
    let mut slate: Slate<Found> = Slate::new(partition.len());
    for (row, parts) in matrix.rows() {
        for (answer, cells) in parts {
            count(&mut slate, *answer, cells, part_of);
        }
        let mut numbers: Vec<(usize, u128)> = Vec::new();
        slate.clear(|part, found| {
            let size = partition.get(part).map_or(0, Vec::len);
            numbers.push((part, found.number(part, size)));
        });
        numbers.sort_unstable();
        let all = numbers
            .iter()
            .fold(0_u128, |all, (_, number)| all.wrapping_add(*number));
        for cell in targets.get(row.number()).into_iter().flatten() {
            let own = part_of.get(*cell).copied().unwrap_or(0);
            let own = numbers.binary_search_by_key(&own, |(part, _)| *part);
            let own = own.ok().and_then(|place| numbers.get(place));
            if let Some(behaviour) = behaviours.get_mut(*cell) {
                *behaviour = all.wrapping_sub(own.map_or(0, |(_, number)| *number));
            }
        }
    }
    behaviours
}

fn count(slate: &mut Slate<Found>, answer: AnswerId, cells: &CellSet, part_of: &[usize]) {
    for cell in cells.iter() {
        if let Some(part) = part_of.get(cell.0) {
            slate.at(*part).add(answer, 1);
        }
    }
}

impl Found {
    fn add(&mut self, answer: AnswerId, n_cells: usize) {
        self.n_cells += n_cells;
        if let Err(place) = self.answers.binary_search(&answer) {
            self.answers.insert(place, answer);
        }
    }

    /// A number for the set of answers of a part: also that nothing passes, if that is so for some of its cells.
    fn number(&self, part: usize, n_cells: usize) -> u128 {
        let is_partly = self.n_cells < n_cells;
        // The halves are independent, and sums of numbers tell which part has which set.
        let half = |salt: u8| {
            let mut hasher = DefaultHasher::new();
            (salt, part, is_partly, &self.answers).hash(&mut hasher);
            u128::from(hasher.finish())
        };
        (half(0) << 64) | half(1)
    }
}

impl<T: Default + Clone> Slate<T> {
    fn new(n_slots: usize) -> Self {
        Self {
            slots: vec![T::default(); n_slots],
            used: Vec::new(),
        }
    }
}

impl Slate<Found> {
    fn at(&mut self, slot: usize) -> &mut Found {
        #[expect(clippy::indexing_slicing, reason = "there is a slot for each")]
        let found = &mut self.slots[slot];
        if found.n_cells == 0 {
            self.used.push(slot);
        }
        found
    }

    /// Hands out all that was written, and wipes it.
    fn clear(&mut self, mut each: impl FnMut(usize, &Found)) {
        for slot in self.used.drain(..) {
            if let Some(found) = self.slots.get_mut(slot) {
                each(slot, found);
                found.answers.clear();
                found.n_cells = 0;
            }
        }
    }
}
