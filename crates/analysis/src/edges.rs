//! What passes between classes of hosts, as edges.
//!
//! Few cells differ in who reaches them. So what reaches a class is found once for all classes whose cells have the same
//! rows, and told for each of them.

use std::collections::BTreeMap;

use packet::PacketSet;
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::edge::Edge;
use crate::host::{CellId, HostClassId, HostId};
use crate::landscape::Landscape;
use crate::lateral::is_foothold;
use crate::matrix::{AnswerId, CellRowId, Matrix};
use crate::owner::{Nature, Role};
use crate::witness::{Claim, witness};

/// So many classes that reach one by the same packets are told together.
pub(crate) const MANY: usize = 50;

/// All edges of a kind between classes, from those where an attacker could sit.
pub(crate) fn edges(landscape: &Landscape<'_>, claim: Claim) -> Vec<Edge> {
    let edge = |between: Between| {
        let ends = (between.from.first().copied(), between.to);
        (ends, between.edge(landscape, claim))
    };
    let mut edges = all(landscape, claim, MANY, edge);
    edges.sort_by_key(|(ends, _)| *ends);
    edges.into_iter().map(|(_, edge)| edge).collect()
}

/// Everything that passes between classes, each made into something: `many` classes are told together.
fn all<T: Send>(
    landscape: &Landscape<'_>,
    claim: Claim,
    many: usize,
    make: impl Fn(Between) -> T + Sync,
) -> Vec<T> {
    let footholds = footholds(landscape);
    let targets: Vec<_> = targets(landscape).into_iter().collect();
    let results = targets.par_iter().flat_map_iter(|(rows, targets)| {
        let arrivals = Arrivals::of(landscape.matrix(), claim, rows, &footholds);
        let found = targets.iter().flat_map(move |to| {
            let others = arrivals.at(landscape, *to, many);
            others.into_iter().chain(within(landscape, claim, *to))
        });
        found.map(&make)
    });
    results.collect()
}

/// For each cell, its class and role if an attacker could sit there.
fn footholds(landscape: &Landscape<'_>) -> Vec<Option<(HostClassId, Role)>> {
    let cells = landscape.cells();
    let of_cell = cells
        .map(|(id, cell)| is_foothold(cell.role).then(|| (landscape.class_of_cell(id), cell.role)));
    of_cell.collect()
}

/// All classes that accept connections, by the rows of their cells.
fn targets(landscape: &Landscape<'_>) -> BTreeMap<Vec<CellRowId>, Vec<HostClassId>> {
    let mut targets: BTreeMap<Vec<CellRowId>, Vec<HostClassId>> = BTreeMap::new();
    for (id, class) in landscape.classes() {
        if class.role.nature() != Nature::Inert {
            let rows = class
                .cells
                .iter()
                .map(|cell| landscape.matrix().row_of(*cell));
            let mut rows: Vec<CellRowId> = rows.collect();
            rows.sort_unstable();
            rows.dedup();
            targets.entry(rows).or_default().push(id);
        }
    }
    targets
}

/// What reaches cells of some rows, from each class where an attacker could sit.
struct Arrivals<'r> {
    rows: &'r [CellRowId],
    parties: Vec<Party>,
}

/// Classes of one role from which the same packets come, in order.
struct Party {
    services: PacketSet,
    sources: Vec<Source>,
}

/// A class from which packets come.
struct Source {
    class: HostClassId,
    /// Those of its cells that send.
    cells: Vec<CellId>,
    /// By which of the rows.
    rows: Vec<CellRowId>,
}

/// One cell that reaches cells of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Arrival {
    role: Role,
    class: HostClassId,
    cell: CellId,
    row: CellRowId,
    answer: AnswerId,
}

impl<'r> Arrivals<'r> {
    fn of(
        matrix: &Matrix,
        claim: Claim,
        rows: &'r [CellRowId],
        footholds: &[Option<(HostClassId, Role)>],
    ) -> Self {
        let mut arrivals = arrivals(matrix, claim, rows, footholds);
        arrivals.sort_unstable();
        let mut services = Services::new(matrix, claim);
        let mut parties: BTreeMap<(Role, usize), Vec<Source>> = BTreeMap::new();
        for arrivals in arrivals.chunk_by(|a, b| a.class == b.class) {
            if let Some(first) = arrivals.first() {
                let answers = sorted(arrivals.iter().map(|arrival| arrival.answer));
                let party = (first.role, services.number(answers));
                parties.entry(party).or_default().push(Source {
                    class: first.class,
                    cells: sorted(arrivals.iter().map(|arrival| arrival.cell)),
                    rows: sorted(arrivals.iter().map(|arrival| arrival.row)),
                });
            }
        }
        let parties = parties.into_iter().filter_map(|((_, number), sources)| {
            let services = services.all.get(number)?.clone();
            Some(Party { services, sources })
        });
        Self {
            rows,
            parties: parties.collect(),
        }
    }

    /// What comes to a class of these rows from others: `many` classes of a party are told together.
    fn at(&self, landscape: &Landscape<'_>, to: HostClassId, many: usize) -> Vec<Between> {
        let mut found = Vec::new();
        for party in &self.parties {
            let others = party.sources.iter().filter(|source| source.class != to);
            let others: Vec<&Source> = others.collect();
            if others.len() < many {
                let single = others.chunks(1);
                found.extend(single.filter_map(|one| self.between(landscape, party, one, to)));
            } else {
                found.extend(self.between(landscape, party, &others, to));
            }
        }
        found
    }

    fn between(
        &self,
        landscape: &Landscape<'_>,
        party: &Party,
        sources: &[&Source],
        to: HostClassId,
    ) -> Option<Between> {
        let first = sources.first()?;
        let mut of_each = sources.iter();
        let is_whole = of_each.any(|source| source.rows.len() == self.rows.len());
        let rows = sources.iter().filter(|_| !is_whole);
        let rows = sorted(rows.flat_map(|source| source.rows.iter().copied()));
        let is_reached = |cell: &CellId| {
            is_whole
                || rows
                    .binary_search(&landscape.matrix().row_of(*cell))
                    .is_ok()
        };
        let cells = landscape.class(to).cells.iter().copied();
        let senders = sources.iter().flat_map(|source| &source.cells);
        Some(Between {
            from: sources.iter().map(|source| source.class).collect(),
            n_senders: senders.map(|cell| landscape.cell(*cell).hosts.len()).sum(),
            senders: hosts_of(landscape, first.cells.iter().copied()),
            to,
            receivers: hosts_of(landscape, cells.filter(is_reached)),
            services: party.services.clone(),
        })
    }
}

/// Every cell where an attacker could sit and that reaches cells of the rows.
fn arrivals(
    matrix: &Matrix,
    claim: Claim,
    rows: &[CellRowId],
    footholds: &[Option<(HostClassId, Role)>],
) -> Vec<Arrival> {
    let mut found = Vec::new();
    for row in rows {
        for (answer, cells) in matrix.row(*row) {
            if claim.packets(matrix.answer(*answer)).is_empty() {
                continue;
            }
            found.extend(cells.iter().filter_map(|cell| {
                let (class, role) = footholds.get(cell.0).copied().flatten()?;
                Some(Arrival {
                    role,
                    class,
                    cell,
                    row: *row,
                    answer: *answer,
                })
            }));
        }
    }
    found
}

/// The packets of sets of answers, with numbers by which they can be compared.
struct Services<'m> {
    matrix: &'m Matrix,
    claim: Claim,
    all: Vec<PacketSet>,
    numbers: FxHashMap<Vec<AnswerId>, usize>,
}

impl<'m> Services<'m> {
    fn new(matrix: &'m Matrix, claim: Claim) -> Self {
        Self {
            matrix,
            claim,
            all: Vec::new(),
            numbers: FxHashMap::default(),
        }
    }

    fn number(&mut self, answers: Vec<AnswerId>) -> usize {
        if let Some(known) = self.numbers.get(&answers) {
            return *known;
        }
        let packets = answers.iter();
        let packets = packets.map(|answer| self.claim.packets(self.matrix.answer(*answer)));
        let packets = packets.fold(PacketSet::empty(), |all, more| all.union(more));
        let known = self.all.iter().position(|other| *other == packets);
        let number = known.unwrap_or(self.all.len());
        if known.is_none() {
            self.all.push(packets);
        }
        self.numbers.insert(answers, number);
        number
    }
}

/// What passes to a class from another, or from many of one role together.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Between {
    from: Vec<HostClassId>,
    /// How many hosts send in all.
    n_senders: usize,
    /// Those of the first class that do: all classes reach the target by the same packets, so that they prove it.
    senders: Vec<HostId>,
    to: HostClassId,
    receivers: Vec<HostId>,
    services: PacketSet,
}

impl Between {
    fn edge(self, landscape: &Landscape<'_>, claim: Claim) -> Edge {
        let sending = landscape.senders(&self.senders);
        let receiving = landscape.receivers(&self.receivers);
        let proof = witness(landscape, &sending, &receiving, claim, &self.services);
        let from = match self.from.as_slice() {
            [only] => landscape.subject(*only, &self.senders),
            many => landscape.many(many, self.n_senders),
        };
        Edge {
            from,
            to: landscape.subject(self.to, &self.receivers),
            services: self.services,
            witness: proof,
        }
    }
}

/// What passes between hosts of a class.
fn within(landscape: &Landscape<'_>, claim: Claim, class: HostClassId) -> Option<Between> {
    if !is_foothold(landscape.class(class).role) {
        return None;
    }
    let matrix = landscape.matrix();
    let cells = &landscape.class(class).cells;
    let mut by_row: BTreeMap<CellRowId, Vec<CellId>> = BTreeMap::new();
    for cell in cells {
        by_row.entry(matrix.row_of(*cell)).or_default().push(*cell);
    }
    let (mut senders, mut receivers, mut answers) = (Vec::new(), Vec::new(), Vec::new());
    for cell in cells {
        let own = matrix.within(*cell);
        if !claim.packets(matrix.answer(own)).is_empty() {
            senders.push(*cell);
            receivers.push(*cell);
            answers.push(own);
        }
    }
    for (row, targets) in by_row {
        let sending = sending(matrix, claim, row, cells);
        // What a row says of its own cell counts for nothing.
        let sent = sending
            .iter()
            .filter(|(cell, _)| has_another(&targets, *cell));
        for (cell, answer) in sent {
            senders.push(*cell);
            answers.push(*answer);
        }
        let sending: Vec<CellId> = sending.iter().map(|(cell, _)| *cell).collect();
        receivers.extend(targets.iter().filter(|cell| has_another(&sending, **cell)));
    }
    let senders = hosts_of(landscape, sorted(senders.into_iter()).into_iter());
    (!senders.is_empty()).then(|| Between {
        from: vec![class],
        n_senders: senders.len(),
        senders,
        to: class,
        receivers: hosts_of(landscape, sorted(receivers.into_iter()).into_iter()),
        services: {
            let mut services = Services::new(matrix, claim);
            let number = services.number(sorted(answers.into_iter()));
            services.all.swap_remove(number)
        },
    })
}

/// Which of some cells reach cells of a row, by what answer.
fn sending(
    matrix: &Matrix,
    claim: Claim,
    row: CellRowId,
    cells: &[CellId],
) -> Vec<(CellId, AnswerId)> {
    let mut found = Vec::new();
    for (answer, reaching) in matrix.row(row) {
        if !claim.packets(matrix.answer(*answer)).is_empty() {
            let cells = cells.iter().filter(|cell| reaching.contains(**cell));
            found.extend(cells.map(|cell| (*cell, *answer)));
        }
    }
    found
}

/// Whether there is a cell other than this one.
fn has_another(cells: &[CellId], than: CellId) -> bool {
    cells.iter().take(2).any(|cell| *cell != than)
}

/// The hosts of some cells, in order.
fn hosts_of(landscape: &Landscape<'_>, cells: impl Iterator<Item = CellId>) -> Vec<HostId> {
    sorted(cells.flat_map(|cell| landscape.cell(cell).hosts.iter().copied()))
}

/// All items in order, each once.
fn sorted<T: Ord>(items: impl Iterator<Item = T>) -> Vec<T> {
    let mut items: Vec<T> = items.collect();
    items.sort_unstable();
    items.dedup();
    items
}

#[cfg(test)]
mod tests {
    use engine::Engine;

    use super::*;

    /// What passes from one class to another, pair of cells by pair of cells.
    fn simple(
        landscape: &Landscape<'_>,
        claim: Claim,
        (from, to): (HostClassId, HostClassId),
    ) -> Option<Between> {
        let matrix = landscape.matrix();
        let (mut senders, mut receivers) = (Vec::new(), Vec::new());
        let mut services = PacketSet::empty();
        for target in &landscape.class(to).cells {
            for source in &landscape.class(from).cells {
                let answer = matrix.answer(matrix.number(*source, *target));
                let packets = claim.packets(answer);
                if !packets.is_empty() {
                    senders.push(*source);
                    receivers.push(*target);
                    services = services.union(packets);
                }
            }
        }
        let senders = hosts_of(landscape, senders.into_iter());
        (!senders.is_empty()).then(|| Between {
            from: vec![from],
            n_senders: senders.len(),
            senders,
            to,
            receivers: hosts_of(landscape, receivers.into_iter()),
            services,
        })
    }

    fn all_simple(landscape: &Landscape<'_>, claim: Claim) -> Vec<Between> {
        let mut found = Vec::new();
        for (from, _) in landscape.classes().filter(|(_, it)| is_foothold(it.role)) {
            for (to, target) in landscape.classes() {
                if target.role.nature() != Nature::Inert {
                    found.extend(simple(landscape, claim, (from, to)));
                }
            }
        }
        found
    }

    fn by_ends(landscape: &Landscape<'_>, claim: Claim, many: usize) -> Vec<Between> {
        let mut found = all(landscape, claim, many, |between| between);
        found.sort_by(|a, b| (&a.from, a.to).cmp(&(&b.from, b.to)));
        found
    }

    /// Those of one role that reach one class by the same packets, made one where they are many.
    fn together(landscape: &Landscape<'_>, single: Vec<Between>, many: usize) -> Vec<Between> {
        let mut parties: BTreeMap<_, Vec<Between>> = BTreeMap::new();
        for between in single {
            let from = between.from[0];
            let itself = (from == between.to).then_some(from);
            let role = landscape.class(from).role;
            let key = (between.to, role, itself, between.services.clone());
            parties.entry(key).or_default().push(between);
        }
        let mut found = Vec::new();
        for ((_, _, itself, _), party) in parties {
            if party.len() < many || itself.is_some() {
                found.extend(party);
                continue;
            }
            let joined = party.into_iter().reduce(|mut all, one| {
                all.from.extend(one.from);
                all.n_senders += one.n_senders;
                all.receivers = sorted(all.receivers.into_iter().chain(one.receivers));
                all
            });
            found.extend(joined);
        }
        found.sort_by(|a, b| (&a.from, a.to).cmp(&(&b.from, b.to)));
        found
    }

    #[test]
    fn edges_are_what_pairs_of_cells_say() {
        let mut n_joined = 0;
        for seed in 0..60 {
            let snapshot = testkit::random_network(seed).unwrap().snapshot();
            let engine = Engine::new(&snapshot);
            let landscape = Landscape::new(&engine);
            for claim in [Claim::Certain, Claim::Undetermined] {
                let expected = all_simple(&landscape, claim);
                for many in [2, 3, usize::MAX] {
                    let expected = together(&landscape, expected.clone(), many);
                    n_joined += expected.iter().filter(|it| it.from.len() > 1).count();
                    assert_eq!(by_ends(&landscape, claim, many), expected, "seed {seed}");
                }
            }
        }
        assert!(n_joined >= 50, "{n_joined}");
    }
}
