//! Which hosts are reached from which, hop by hop.

mod links;
mod starts;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use engine::ClassId;
use model::{Endpoint, Index, OfficeNetwork};
use packet::PacketSet;

use crate::answer::Answer;
use crate::attack::PivotModel;
use crate::blast::{BlastOptions, Cause};
use crate::front::Gate;
use crate::host::{CellId, HostId};
use crate::landscape::{Landscape, Selection};
use crate::owner::{Nature, Role};
use crate::passage::{Passage, passages};
use starts::{Starts, Way};

/// Where a hop starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Start {
    /// The foothold itself, where that is a network outside.
    Outside,
    /// An office network that was reached.
    Office(Index<OfficeNetwork>),
    /// Hosts of a cell.
    Cell(CellId),
}

/// A host or office that is reached.
#[derive(Debug, Clone)]
pub(crate) struct Reached {
    pub(crate) hop: usize,
    pub(crate) from: Start,
    pub(crate) services: PacketSet,
    pub(crate) cause: Cause,
    /// The fronts in between, by number.
    pub(crate) via: Vec<usize>,
    /// The link that leads there without packets, by number, if one does.
    pub(crate) link: Option<usize>,
}

/// All that is reached.
#[derive(Debug)]
pub(crate) struct Spread {
    pub(crate) foothold: BTreeSet<HostId>,
    pub(crate) reached: BTreeMap<HostId, Reached>,
    /// Offices other than the foothold.
    pub(crate) offices: BTreeMap<Index<OfficeNetwork>, Reached>,
    pub(crate) is_cut_short: bool,
}

/// What is taken for a way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Only what is certain.
    Certain,
    /// Also what is undetermined, and what load balancers may pass on.
    Possible,
}

/// A search under way.
struct Search<'l, 'a> {
    landscape: &'l Landscape<'a>,
    mode: Mode,
    model: &'l PivotModel,
    outside: Vec<ClassId>,
    /// The offices that an intruder may come to, with their classes.
    offices: BTreeMap<Index<OfficeNetwork>, Vec<ClassId>>,
    /// What the foothold reaches through fronts, where it is a network outside.
    from_outside: Vec<Passage>,
    spread: Spread,
}

/// Follows an intruder from a foothold.
pub(crate) fn spread(
    landscape: &Landscape<'_>,
    foothold: &Selection,
    mode: Mode,
    options: &BlastOptions,
) -> Spread {
    let (outside, hosts) = match foothold {
        Selection::Internet => (landscape.internet(), BTreeSet::new()),
        Selection::Office(office) => (landscape.office(*office), BTreeSet::new()),
        Selection::Endpoints(endpoints) => {
            let hosts: BTreeSet<HostId> = endpoints
                .iter()
                .filter_map(|endpoint| landscape.host_of(endpoint))
                .collect();
            let others = endpoints
                .iter()
                .filter(|endpoint| landscape.host_of(endpoint).is_none());
            (
                others
                    .filter_map(|endpoint| landscape.engine().class_of(endpoint))
                    .collect(),
                hosts,
            )
        }
    };
    let from_outside = open_passages(landscape, &outside);
    let offices = landscape.snapshot().offices().iter();
    let offices = offices.map(|(office, _)| office);
    let offices = offices
        .filter(|office| options.through_offices && *foothold != Selection::Office(*office))
        .map(|office| (office, landscape.office(office)));
    let spread = Spread {
        foothold: hosts,
        reached: BTreeMap::new(),
        offices: BTreeMap::new(),
        is_cut_short: false,
    };
    let mut search = Search {
        landscape,
        mode,
        model: &options.model,
        outside,
        offices: offices.collect(),
        from_outside,
        spread,
    };
    search.run(options.max_hops);
    search.spread
}

/// What a network outside reaches through fronts that ask for nothing.
fn open_passages(landscape: &Landscape<'_>, outside: &[ClassId]) -> Vec<Passage> {
    let classes = outside.iter();
    let senders = classes.flat_map(|class| &landscape.engine().class(*class).endpoints);
    let senders: Vec<Endpoint> = senders.copied().collect();
    let mut passages = passages(landscape, &senders);
    passages.retain(|passage| is_open(landscape, passage));
    passages
}

/// Whether an intruder without credentials goes this way: who asks for a permission or an identity lets nobody pass.
pub(crate) fn is_open(landscape: &Landscape<'_>, passage: &Passage) -> bool {
    let mut fronts = passage
        .via
        .iter()
        .filter_map(|(number, _)| landscape.fronts().get(*number));
    fronts.all(|front| match front.name.kind.gate() {
        None | Some(Gate::Open | Gate::Caller) => true,
        Some(Gate::Permission | Gate::Identity) => false,
    })
}

impl Search<'_, '_> {
    fn run(&mut self, max_hops: usize) {
        let mut starts: Vec<(Start, Cause)> = self.cells(&self.spread.foothold, Cause::Certain);
        if !self.outside.is_empty() {
            starts.push((Start::Outside, Cause::Certain));
        }
        let mut hop = 1;
        while !starts.is_empty() {
            let next = self.hop(hop, &starts);
            if hop == max_hops && !next.is_empty() {
                self.spread.is_cut_short = !self.hop(hop + 1, &next).is_empty();
                let is_near = |reached: &Reached| reached.hop <= max_hops;
                self.spread.reached.retain(|_, reached| is_near(reached));
                self.spread.offices.retain(|_, reached| is_near(reached));
                return;
            }
            starts = next;
            hop += 1;
        }
    }

    fn cells(&self, hosts: &BTreeSet<HostId>, cause: Cause) -> Vec<(Start, Cause)> {
        let cells: BTreeSet<CellId> = hosts
            .iter()
            .map(|host| self.landscape.host(*host).cell)
            .collect();
        cells
            .into_iter()
            .map(|cell| (Start::Cell(cell), cause))
            .collect()
    }

    /// Takes one step from all starts; returns those of the next step.
    fn hop(&mut self, hop: usize, starts: &[(Start, Cause)]) -> Vec<(Start, Cause)> {
        let landscape = self.landscape;
        let mut next = Vec::new();
        let by_cell = Starts::of(starts);
        for (cell_id, cell) in landscape.cells() {
            let fresh: Vec<HostId> = cell
                .hosts
                .iter()
                .copied()
                .filter(|host| self.is_fresh(*host))
                .collect();
            if fresh.is_empty() || cell.role.nature() == Nature::Inert {
                continue;
            }
            for (counts, hosts) in self.model.by_services(landscape, &fresh) {
                let Some((from, services, cause)) = self.best(&by_cell, cell_id, &counts) else {
                    continue;
                };
                let reached = Reached {
                    hop,
                    from,
                    services,
                    cause,
                    via: Vec::new(),
                    link: None,
                };
                let start = self.start_of((cell_id, cell.role), &hosts, cause);
                next.extend(start);
                let reached = hosts.into_iter().map(|host| (host, reached.clone()));
                self.spread.reached.extend(reached);
            }
        }
        next.extend(self.through_fronts(hop, starts));
        next.extend(self.by_links(hop));
        next.extend(self.reach_offices(hop, starts));
        next.sort_unstable();
        next.dedup();
        next
    }

    /// How an intruder goes on from hosts of a cell that he reaches; `None` if he does not.
    fn start_of(
        &self,
        (cell, role): (CellId, Role),
        hosts: &[HostId],
        cause: Cause,
    ) -> Option<(Start, Cause)> {
        let is_unknown = |host: &HostId| !self.landscape.is_whole_front(*host);
        match (role.nature(), self.mode) {
            (Nature::Pivot, _) => Some((Start::Cell(cell), cause)),
            (Nature::Through, Mode::Possible) if hosts.iter().any(is_unknown) => {
                Some((Start::Cell(cell), Cause::Through))
            }
            (Nature::Through | Nature::Prize | Nature::Inert, _) => None,
        }
    }

    fn is_fresh(&self, host: HostId) -> bool {
        !self.spread.foothold.contains(&host) && !self.spread.reached.contains_key(&host)
    }

    /// Takes the same step to offices that were not reached before.
    fn reach_offices(&mut self, hop: usize, starts: &[(Start, Cause)]) -> Vec<(Start, Cause)> {
        let counts = self.model.services_anywhere();
        let mut next = Vec::new();
        for (office, classes) in &self.offices {
            if self.spread.offices.contains_key(office) {
                continue;
            }
            let mut best: Option<Reached> = None;
            for (place, (start, cause)) in starts.iter().enumerate() {
                let Start::Cell(cell) = start else {
                    continue;
                };
                let sources = &self.landscape.cell(*cell).sources;
                let answer = self.landscape.union_of(sources, classes);
                let Some(way) = self.way(&answer, &counts, (*start, *cause, place)) else {
                    continue;
                };
                if best.as_ref().is_none_or(|best| way.cause < best.cause) {
                    best = Some(Reached {
                        hop,
                        from: *start,
                        services: way.services.into_owned(),
                        cause: way.cause,
                        via: Vec::new(),
                        link: None,
                    });
                }
            }
            if let Some(reached) = best {
                next.push((Start::Office(*office), reached.cause));
                self.spread.offices.insert(*office, reached);
            }
        }
        next
    }

    /// Takes the same step through fronts, to hosts that are not reached otherwise; returns the cells that fall.
    fn through_fronts(&mut self, hop: usize, starts: &[(Start, Cause)]) -> Vec<(Start, Cause)> {
        let landscape = self.landscape;
        let mut best: BTreeMap<HostId, Reached> = BTreeMap::new();
        // Many cells have the same list: what it leads to is the same each time.
        let mut known = BTreeSet::new();
        for (start, cause) in starts {
            let outside;
            let passages = match start {
                Start::Outside => {
                    outside = std::mem::take(&mut self.from_outside);
                    outside.as_slice()
                }
                Start::Office(office) => {
                    let classes = self.offices.get(office).map_or(&[][..], Vec::as_slice);
                    outside = open_passages(landscape, classes);
                    outside.as_slice()
                }
                Start::Cell(cell) => {
                    let list = landscape.passages(*cell);
                    if !known.insert((list.as_ptr(), *cause)) {
                        continue;
                    }
                    list
                }
            };
            for passage in passages {
                let host = landscape.host_of(&passage.to);
                let Some(host) = host.filter(|host| self.is_fresh(*host)) else {
                    continue;
                };
                let counts = self.model.services_on(landscape, host);
                let Some(reached) = self.passed(hop, (*start, *cause), passage, &counts) else {
                    continue;
                };
                let known = best.get(&host);
                if known.is_none_or(|known| reached.cause < known.cause) {
                    best.insert(host, reached);
                }
            }
        }
        let mut next = Vec::new();
        for (host, reached) in best {
            let host_row = landscape.host(host);
            if host_row.owner.role.nature() == Nature::Pivot {
                next.push((Start::Cell(host_row.cell), reached.cause));
            }
            if host_row.owner.role.nature() != Nature::Inert {
                self.spread.reached.insert(host, reached);
            }
        }
        next
    }

    /// What a passage makes of its target; `None` if it does not count.
    fn passed(
        &self,
        hop: usize,
        (from, cause): (Start, Cause),
        passage: &Passage,
        counts: &PacketSet,
    ) -> Option<Reached> {
        let services = passage.services().intersection(counts);
        if services.is_empty() {
            return None;
        }
        let certain = passage.is_certain.then_some(cause);
        let possible = || (self.mode == Mode::Possible).then(|| cause.max(Cause::Undetermined));
        Some(Reached {
            hop,
            from,
            services,
            cause: certain.or_else(possible)?,
            via: passage.via.iter().map(|(front, _)| *front).collect(),
            link: None,
        })
    }

    /// The way to a cell that is the most certain, and among those the widest.
    fn best(
        &self,
        starts: &Starts,
        to: CellId,
        counts: &PacketSet,
    ) -> Option<(Start, PacketSet, Cause)> {
        let mut ways = self.ways(starts, to, counts);
        ways.sort_by_key(|way| way.place);
        let mut best: Option<Way<'_>> = None;
        for way in ways {
            let is_better = best.as_ref().is_none_or(|best| {
                way.cause < best.cause
                    || (way.cause == best.cause
                        && way.services != best.services
                        && best.services.is_subset(&way.services))
            });
            if is_better {
                best = Some(way);
            }
        }
        best.map(|way| (way.start, way.services.into_owned(), way.cause))
    }

    /// For each answer, the first starts from which it leads to a cell: later ones that are no different are no better.
    fn ways(&self, starts: &Starts, to: CellId, counts: &PacketSet) -> Vec<Way<'_>> {
        let matrix = self.landscape.matrix();
        let mut ways = Vec::new();
        let own = matrix.answer(matrix.within(to));
        for (_, cause, place) in starts.of_cells((to, to)) {
            ways.extend(self.way(own, counts, (Start::Cell(to), cause, place)));
        }
        for (answer, cells) in matrix.row(matrix.row_of(to)) {
            let answer = matrix.answer(*answer);
            let mut causes: Vec<Cause> = Vec::new();
            for range in cells.ranges() {
                for (from, cause, place) in starts.of_cells(*range) {
                    if from == to || causes.contains(&cause) {
                        continue;
                    }
                    causes.push(cause);
                    ways.extend(self.way(answer, counts, (Start::Cell(from), cause, place)));
                    if causes.len() == starts.n_causes {
                        break;
                    }
                }
            }
        }
        for (start, cause, place) in &starts.outside {
            let classes = match start {
                Start::Office(office) => self.offices.get(office),
                Start::Outside | Start::Cell(_) => Some(&self.outside),
            };
            let targets = &self.landscape.cell(to).targets;
            let classes = classes.map_or(&[][..], Vec::as_slice);
            let answer = self.landscape.union_of(classes, targets);
            let way = self.way(&answer, counts, (*start, *cause, *place));
            ways.extend(way.map(Way::owned));
        }
        ways
    }

    /// What of an answer counts for a start.
    fn way<'w>(
        &self,
        answer: &'w Answer,
        counts: &PacketSet,
        (start, cause, place): (Start, Cause, usize),
    ) -> Option<Way<'w>> {
        let counting = |packets: &'w PacketSet| {
            let kept = if counts.is_full() {
                Cow::Borrowed(packets)
            } else {
                Cow::Owned(packets.intersection(counts))
            };
            (!kept.is_empty()).then_some(kept)
        };
        let certain = counting(&answer.certain).map(|services| (services, cause));
        let (services, cause) = match certain {
            Some(way) => way,
            None if self.mode == Mode::Possible => (
                counting(&answer.undetermined)?,
                cause.max(Cause::Undetermined),
            ),
            None => return None,
        };
        Some(Way {
            place,
            start,
            services,
            cause,
        })
    }
}
