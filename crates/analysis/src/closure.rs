//! How far one fallen host leads, for all hosts at once, by services that are worth something to an intruder.
//!
//! Cells that reach the same are one node, and so are cells that are reached from the same: the network of these two kinds
//! of nodes is small. What leads back to itself is one component of it, and what each component reaches is the union of
//! what those after it reach.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use packet::PacketSet;

use crate::components::{Components, Node, components};
use crate::fingerprint::{Sums, fingerprint};
use crate::host::{Cell, CellId, HostId};
use crate::landscape::Landscape;
use crate::matrix::{AnswerId, CellRowId};
use crate::owner::{Nature, Role};
use crate::risk::Risk;

/// How far one fallen host leads, for certain, by services of at least some risk.
pub(crate) struct Closure<'l, 'a> {
    landscape: &'l Landscape<'a>,
    open: Open<'l, 'a>,
    /// Cells that the same others reach.
    ends: Vec<End>,
    /// The end that each cell is in.
    end_of: Vec<usize>,
    /// Cells that reach the same ends.
    starts: Vec<Start>,
    /// The start that each cell is in.
    start_of: Vec<usize>,
    /// What each start, and behind them each end, leads to.
    network: Vec<Vec<Node>>,
    components: Components,
    /// What each component reaches.
    reached: Vec<Reached>,
    /// How many hosts that accept connections are in the ends that each component reaches.
    n_reached: Vec<usize>,
}

#[derive(Default)]
struct End {
    cells: Vec<CellId>,
    /// How many of their hosts accept connections.
    n_hosts: usize,
}

struct Start {
    /// One of its cells.
    first: CellId,
    /// How many hosts that accept connections are in the ends that it reaches.
    n_hosts: usize,
    /// Hosts that it reaches through fronts.
    passed: BTreeSet<HostId>,
}

/// Ends, as bits, and single hosts.
#[derive(Debug, Clone, Default)]
struct Reached {
    ends: Vec<u64>,
    passed: BTreeSet<HostId>,
}

impl<'l, 'a> Closure<'l, 'a> {
    pub(crate) fn of(landscape: &'l Landscape<'a>, risk: Risk) -> Self {
        let open = Open::of(landscape, risk);
        let (ends, end_of) = open.ends();
        let (mut starts, start_of) = open.starts(&ends);
        let network = open.network(&mut starts, &start_of, &ends);
        let components = components(&network);
        let mut closure = Self {
            landscape,
            open,
            ends,
            end_of,
            starts,
            start_of,
            network,
            components,
            reached: Vec::new(),
            n_reached: Vec::new(),
        };
        closure.reached = closure.all_reached();
        let counts = closure.reached.iter().map(|it| closure.n_in_ends(it));
        closure.n_reached = counts.collect();
        closure
    }

    /// How many other hosts fall or are reached from a host in all, and how many at the first hop.
    pub(crate) fn count(&self, host: HostId) -> (usize, usize) {
        let Some((start_number, start)) = self.start_of(host) else {
            return (0, 0);
        };
        let next = self.network.get(start_number);
        let next = next.map_or(&[][..], Vec::as_slice);
        let is_first = |end| next.contains(&Node::at(self.starts.len() + end));
        let first = self.hosts((start.n_hosts, &start.passed), is_first, host);
        let component = self.components.of_node(start_number);
        let n_all = self.n_reached.get(component).copied().unwrap_or_default();
        let in_all = self.reached.get(component).map_or(0, |all| {
            self.hosts((n_all, &all.passed), |end| all.has(end), host)
        });
        (in_all, first)
    }

    /// The same with the double of the host: another one that is like it, whether the network has one or not.
    pub(crate) fn count_with_double(&self, host: HostId) -> (usize, usize) {
        let (in_all, first) = self.count(host);
        let cell = self.landscape.host(host).cell;
        let Some((start_number, start)) = self.start_of(host) else {
            return (in_all, first);
        };
        if !accepts(self.landscape.cell(cell)) {
            return (in_all, first);
        }
        let is_first = self.open.is_within(cell) || start.passed.contains(&host);
        let all = self.reached.get(self.components.of_node(start_number));
        let is_led_back = all.is_some_and(|all| {
            let end = self.end_of.get(cell.0);
            all.passed.contains(&host) || end.is_some_and(|end| all.has(*end))
        });
        let is_reached = is_first || is_led_back;
        (
            in_all + usize::from(is_reached),
            first + usize::from(is_first),
        )
    }

    fn start_of(&self, host: HostId) -> Option<(usize, &Start)> {
        let number = *self.start_of.get(self.landscape.host(host).cell.0)?;
        Some((number, self.starts.get(number)?))
    }

    /// How many hosts these are, but for one: so many in some ends, and those behind fronts.
    fn hosts(
        &self,
        (n_hosts, passed): (usize, &BTreeSet<HostId>),
        has: impl Fn(usize) -> bool,
        but: HostId,
    ) -> usize {
        let is_at_end = |host: HostId| {
            let cell = self.landscape.host(host).cell;
            accepts(self.landscape.cell(cell))
                && self.end_of.get(cell.0).is_some_and(|end| has(*end))
        };
        let more = passed
            .iter()
            .filter(|host| **host != but && !is_at_end(**host));
        n_hosts + more.count() - usize::from(is_at_end(but))
    }

    /// How many hosts that accept connections are in ends that are reached.
    fn n_in_ends(&self, reached: &Reached) -> usize {
        let ends = self.ends.iter().enumerate();
        let ends = ends.filter(|(number, _)| reached.has(*number));
        ends.map(|(_, end)| end.n_hosts).sum()
    }

    /// What each component reaches; those that come later are reached by those before.
    fn all_reached(&self) -> Vec<Reached> {
        let mut all: Vec<Reached> = Vec::new();
        for nodes in self.components.all() {
            let mut reached = Reached::of(self.ends.len());
            for node in nodes {
                if let Some(end) = node.checked_sub(self.starts.len()) {
                    reached.add(end);
                } else if let Some(start) = self.starts.get(*node) {
                    reached.passed.extend(&start.passed);
                }
            }
            for after in self.components.after(all.len()) {
                if let Some(after) = all.get(*after) {
                    reached.join(after);
                }
            }
            all.push(reached);
        }
        all
    }
}

impl Reached {
    fn of(n_ends: usize) -> Self {
        Self {
            ends: vec![0; n_ends.div_ceil(64)],
            passed: BTreeSet::new(),
        }
    }

    fn add(&mut self, end: usize) {
        if let Some(word) = self.ends.get_mut(end / 64) {
            *word |= 1 << (end % 64);
        }
    }

    fn has(&self, end: usize) -> bool {
        let word = self.ends.get(end / 64);
        word.is_some_and(|word| word & (1 << (end % 64)) != 0)
    }

    fn join(&mut self, other: &Self) {
        for (word, more) in self.ends.iter_mut().zip(&other.ends) {
            *word |= more;
        }
        self.passed.extend(&other.passed);
    }
}

/// Whether hosts of a cell accept connections.
fn accepts(cell: &Cell) -> bool {
    cell.role.nature() != Nature::Inert
}

/// What is open by services of at least some risk.
struct Open<'l, 'a> {
    landscape: &'l Landscape<'a>,
    by_role: BTreeMap<Role, OfRole>,
}

/// What counts on hosts of a role.
struct OfRole {
    services: PacketSet,
    /// Whether packets count, for those that somebody asked about: fronts pass on the same ones very often.
    known: RefCell<HashMap<PacketSet, bool>>,
    /// For each answer of the matrix, whether it lets any of these pass for certain.
    opens: Vec<bool>,
}

impl OfRole {
    fn counts(&self, packets: &PacketSet) -> bool {
        if let Some(known) = self.known.borrow().get(packets) {
            return *known;
        }
        let counts = is_any(packets, &self.services);
        self.known.borrow_mut().insert(packets.clone(), counts);
        counts
    }
}

impl<'l, 'a> Open<'l, 'a> {
    fn of(landscape: &'l Landscape<'a>, risk: Risk) -> Self {
        let roles: BTreeSet<Role> = landscape.cells().map(|(_, cell)| cell.role).collect();
        let by_role = roles.into_iter().map(|role| {
            let services = risk.services_on(role);
            let answers = landscape.matrix().answers();
            let opens = answers.map(|answer| is_any(&answer.certain, &services));
            let opens = opens.collect();
            let known = RefCell::default();
            (
                role,
                OfRole {
                    services,
                    known,
                    opens,
                },
            )
        });
        Self {
            landscape,
            by_role: by_role.collect(),
        }
    }
    /// The cells by what reaches them, and the end of each cell.
    ///
    /// A row does not tell whether hosts of a cell reach each other: where it seems to and they do not, or the other way
    /// round, the cell is an end by itself.
    fn ends(&self) -> (Vec<End>, Vec<usize>) {
        let landscape = self.landscape;
        let matrix = landscape.matrix();
        let mut numbers: BTreeMap<(CellRowId, Role, Option<CellId>), usize> = BTreeMap::new();
        let mut ends: Vec<End> = Vec::new();
        let mut end_of = Vec::with_capacity(landscape.cells().len());
        for (id, cell) in landscape.cells() {
            let row = matrix.row_of(id);
            let is_alone = match (self.is_told(row, id), cell.hosts.len()) {
                (true, _) => !self.is_within(id),
                (false, 1) => false,
                (false, _) => self.is_within(id),
            };
            let next = ends.len();
            let number = *numbers
                .entry((row, cell.role, is_alone.then_some(id)))
                .or_insert(next);
            if number == next {
                ends.push(End::default());
            }
            if let Some(end) = ends.get_mut(number) {
                end.cells.push(id);
                end.n_hosts += if accepts(cell) { cell.hosts.len() } else { 0 };
            }
            end_of.push(number);
        }
        (ends, end_of)
    }

    /// Whether an answer opens hosts of a role.
    fn opens(&self, answer: AnswerId, role: Role) -> bool {
        let of_role = self.by_role.get(&role);
        of_role.is_some_and(|of_role| of_role.opens.get(answer.number()) == Some(&true))
    }

    /// Whether any of these packets counts on hosts of a role.
    fn counts(&self, packets: &PacketSet, role: Role) -> bool {
        let of_role = self.by_role.get(&role);
        of_role.is_some_and(|of_role| of_role.counts(packets))
    }

    fn is_told(&self, row: CellRowId, cell: CellId) -> bool {
        let role = self.landscape.cell(cell).role;
        let row = self.landscape.matrix().row(row).iter();
        let mut certain = row.filter(|(answer, _)| self.opens(*answer, role));
        certain.any(|(_, cells)| cells.contains(cell))
    }

    /// Whether hosts of a cell reach each other; of a single one, whether it would reach another one like it.
    fn is_within(&self, cell: CellId) -> bool {
        let certain = &self.landscape.to_double(cell).certain;
        self.counts(certain, self.landscape.cell(cell).role)
    }

    /// The cells by what they reach, and the start of each cell.
    fn starts(&self, ends: &[End]) -> (Vec<Start>, Vec<usize>) {
        let landscape = self.landscape;
        let mut sums = Sums::new(landscape.cells().len());
        for (number, end) in ends.iter().enumerate() {
            for (first, last) in self.reaching(end) {
                let range = (first.0, last.0 + 1);
                sums.add(range, fingerprint(std::iter::once(number)));
            }
        }
        let mut numbers: BTreeMap<(u128, BTreeSet<HostId>), usize> = BTreeMap::new();
        let mut starts: Vec<Start> = Vec::new();
        let mut start_of = Vec::with_capacity(landscape.cells().len());
        for ((first, _), sum) in landscape.cells().zip(sums.finish()) {
            let passed = self.passed(first);
            let number = *numbers.entry((sum, passed.clone())).or_insert(starts.len());
            if number == starts.len() {
                starts.push(Start {
                    first,
                    n_hosts: 0,
                    passed,
                });
            }
            start_of.push(number);
        }
        (starts, start_of)
    }

    /// The cells whose hosts reach an end for certain, as ranges that have no cell in common.
    fn reaching(&self, end: &End) -> Vec<(CellId, CellId)> {
        let matrix = self.landscape.matrix();
        let Some(first) = end.cells.first() else {
            return Vec::new();
        };
        let role = self.landscape.cell(*first).role;
        let row = matrix.row(matrix.row_of(*first)).iter();
        let certain = row.filter(|(answer, _)| self.opens(*answer, role));
        let ranges = certain.flat_map(|(_, cells)| cells.ranges()).copied();
        // What a row says of a cell itself counts for nothing.
        let Some(own) = end.cells.first().filter(|_| end.cells.len() == 1) else {
            return ranges.collect();
        };
        let mut others: Vec<(CellId, CellId)> =
            ranges.flat_map(|range| without(range, *own)).collect();
        // The double of a single host is counted apart: as an end of its own it would set every such host apart.
        let is_reached = self.landscape.cell(*own).hosts.len() > 1 && self.is_within(*own);
        others.extend(is_reached.then_some((*own, *own)));
        others
    }

    /// The hosts that a cell reaches through fronts for certain.
    fn passed(&self, cell: CellId) -> BTreeSet<HostId> {
        let landscape = self.landscape;
        let passages = landscape.passages(cell).iter();
        let certain = passages.filter(|one| one.is_certain);
        let hosts = certain.filter_map(|passage| {
            let host = landscape.host_of(&passage.to)?;
            let role = landscape.host(host).owner.role;
            let is_open = self.counts(passage.services(), role);
            (is_open && role.nature() != Nature::Inert).then_some(host)
        });
        hosts.collect()
    }

    /// What each node leads to: starts to ends and to hosts behind fronts, ends to the starts of the hosts that fall there.
    /// The numbers of ends come after those of starts. Starts, which are in the order of their first cells, are told how many
    /// hosts they reach.
    fn network(&self, starts: &mut [Start], start_of: &[usize], ends: &[End]) -> Vec<Vec<Node>> {
        let landscape = self.landscape;
        let node = |cell: CellId| start_of.get(cell.0).copied().map(Node::at);
        let falls = |cell: &CellId| landscape.cell(*cell).role.nature() == Nature::Pivot;
        let of_starts = starts.iter().map(|start| {
            let cells = start.passed.iter().map(|host| landscape.host(*host).cell);
            cells.filter(falls).filter_map(node).collect()
        });
        let mut network: Vec<Vec<Node>> = of_starts.collect();
        for (number, end) in ends.iter().enumerate() {
            let end_node = Node::at(starts.len() + number);
            for (first, last) in self.reaching(end) {
                let place = starts.partition_point(|start| start.first < first);
                let within = starts.iter_mut().skip(place);
                let within = within.zip(network.iter_mut().skip(place));
                for (start, next) in within.take_while(|(start, _)| start.first <= last) {
                    start.n_hosts += end.n_hosts;
                    next.push(end_node);
                }
            }
        }
        network.extend(ends.iter().map(|end| {
            let fallen = end.cells.iter().copied().filter(falls).filter_map(node);
            let fallen: BTreeSet<Node> = fallen.collect();
            fallen.into_iter().collect()
        }));
        network
    }
}

/// A range without one of its cells.
fn without(
    (first, last): (CellId, CellId),
    cell: CellId,
) -> impl Iterator<Item = (CellId, CellId)> {
    let is_in = first <= cell && cell <= last;
    let whole = (!is_in).then_some((first, last));
    let before = (is_in && first < cell).then(|| (first, CellId(cell.0 - 1)));
    let after = (is_in && cell < last).then(|| (CellId(cell.0 + 1), last));
    [whole, before, after].into_iter().flatten()
}

/// Whether two sets of packets have any in common.
fn is_any(one: &PacketSet, other: &PacketSet) -> bool {
    if other.is_full() {
        return !one.is_empty();
    }
    !one.intersection(other).is_empty()
}
