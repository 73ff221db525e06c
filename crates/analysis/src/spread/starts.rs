//! From where a hop starts, and the ways of a hop.

use std::borrow::Cow;
use std::collections::BTreeSet;

use packet::PacketSet;

use super::Start;
use crate::blast::Cause;
use crate::host::CellId;

/// A way to a cell.
pub(super) struct Way<'w> {
    /// The place of its start among all.
    pub(super) place: usize,
    pub(super) start: Start,
    pub(super) services: Cow<'w, PacketSet>,
    pub(super) cause: Cause,
}

impl Way<'_> {
    pub(super) fn owned(self) -> Way<'static> {
        Way {
            place: self.place,
            start: self.start,
            services: Cow::Owned(self.services.into_owned()),
            cause: self.cause,
        }
    }
}

/// The starts of a hop, by cell.
pub(super) struct Starts {
    // INVARIANT: sorted.
    cells: Vec<(CellId, usize, Cause)>,
    /// The networks outside.
    pub(super) outside: Vec<(Start, Cause, usize)>,
    pub(super) n_causes: usize,
}

impl Starts {
    pub(super) fn of(starts: &[(Start, Cause)]) -> Self {
        let mut cells = Vec::with_capacity(starts.len());
        let mut outside = Vec::new();
        for (place, (start, cause)) in starts.iter().enumerate() {
            match start {
                Start::Cell(cell) => cells.push((*cell, place, *cause)),
                Start::Outside | Start::Office(_) => outside.push((*start, *cause, place)),
            }
        }
        cells.sort_unstable();
        let causes: BTreeSet<Cause> = starts.iter().map(|(_, cause)| *cause).collect();
        Self {
            cells,
            outside,
            n_causes: causes.len(),
        }
    }

    /// The starts from cells of a range, by cell.
    pub(super) fn of_cells(
        &self,
        (first, last): (CellId, CellId),
    ) -> impl Iterator<Item = (CellId, Cause, usize)> {
        let start = self.cells.partition_point(|(cell, ..)| *cell < first);
        let found = self.cells.iter().skip(start);
        found
            .take_while(move |(cell, ..)| *cell <= last)
            .map(|(cell, place, cause)| (*cell, *cause, *place))
    }
}
