//! How far one fallen host leads, for all hosts at once, by services that are worth something to an intruder.
//!
//! Cells that reach the same are one node, and so are cells that are reached from the same: the network of these two kinds
//! of nodes is small. What leads back to itself is one component of it, and what each component reaches is the union of
//! what those after it reach.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use packet::PacketSet;

use crate::components::{Components, Node, components};
use crate::fingerprint::{Sums, fingerprint};
use crate::host::{Cell, CellId, HostId};
use crate::landscape::Landscape;
use crate::matrix::{AnswerId, CellRowId};
use crate::owner::{Nature, Role};
use crate::passage::Passage;
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
    components: Components,
    /// All hosts that any start reaches through fronts, in order.
    behind: Vec<HostId>,
    /// What each component reaches.
    reached: Vec<Reached>,
    /// How many hosts that accept connections each component reaches.
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
    /// The ends that it reaches, in order.
    ends: Vec<usize>,
    /// Hosts that it reaches through fronts.
    passed: Passed,
    /// How many hosts that accept connections it reaches at once.
    n_hosts: usize,
}

/// Hosts that are reached through fronts, in order. Very many starts share theirs.
type Passed = Rc<[HostId]>;

/// Ends, and single hosts.
#[derive(Debug)]
struct Reached {
    ends: Bits,
    passed: Bits,
}

/// Numbers, as bits.
#[derive(Debug)]
struct Bits(Vec<u64>);

impl<'l, 'a> Closure<'l, 'a> {
    pub(crate) fn of(landscape: &'l Landscape<'a>, risk: Risk) -> Self {
        let open = Open::of(landscape, risk);
        let (ends, end_of) = open.ends();
        let (mut starts, start_of) = open.starts(&ends);
        let network = open.network(&mut starts, &start_of, &ends);
        let components = components(&network);
        let lists: BTreeSet<&Passed> = starts.iter().map(|start| &start.passed).collect();
        let behind: BTreeSet<HostId> = lists
            .into_iter()
            .flat_map(|list| list.iter().copied())
            .collect();
        let behind = behind.into_iter().collect();
        let mut closure = Self {
            landscape,
            open,
            ends,
            end_of,
            starts,
            start_of,
            components,
            behind,
            reached: Vec::new(),
            n_reached: Vec::new(),
        };
        closure.reached = closure.all_reached();
        closure.count_all();
        closure
    }

    /// How many other hosts fall or are reached from a host in all, and how many at the first hop.
    pub(crate) fn count(&self, host: HostId) -> (usize, usize) {
        let Some((start_number, start)) = self.start_of(host) else {
            return (0, 0);
        };
        let is_first = self.is_at_first(start, host);
        let component = self.components.of_node(start_number);
        let n_all = self.n_reached.get(component).copied().unwrap_or_default();
        let is_reached = self.is_reached(component, host);
        (
            n_all - usize::from(is_reached),
            start.n_hosts - usize::from(is_first),
        )
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
        let is_first = self.open.is_within(cell) || start.passed.binary_search(&host).is_ok();
        let all = self.reached.get(self.components.of_node(start_number));
        let is_led_back = all.is_some_and(|all| {
            let end = self.end_of.get(cell.0);
            self.is_behind(all, host) || end.is_some_and(|end| all.ends.has(*end))
        });
        let is_reached = is_first || is_led_back;
        (
            in_all + usize::from(is_reached),
            first + usize::from(is_first),
        )
    }

    /// Whether a host is one of those that a start reaches at once.
    fn is_at_first(&self, start: &Start, host: HostId) -> bool {
        let end = self.end_that_accepts(host);
        end.is_some_and(|end| start.ends.binary_search(&end).is_ok())
            || start.passed.binary_search(&host).is_ok()
    }

    /// Whether a host is one of those that a component reaches.
    fn is_reached(&self, component: usize, host: HostId) -> bool {
        self.reached.get(component).is_some_and(|all| {
            let end = self.end_that_accepts(host);
            end.is_some_and(|end| all.ends.has(end)) || self.is_behind(all, host)
        })
    }

    /// Whether a host is one of those that are reached through fronts.
    fn is_behind(&self, all: &Reached, host: HostId) -> bool {
        let place = self.behind.binary_search(&host);
        place.is_ok_and(|place| all.passed.has(place))
    }

    /// The end that a host is in, if it accepts connections.
    fn end_that_accepts(&self, host: HostId) -> Option<usize> {
        let cell = self.landscape.host(host).cell;
        let accepts = accepts(self.landscape.cell(cell));
        self.end_of.get(cell.0).copied().filter(|_| accepts)
    }

    /// Counts the hosts that starts and components reach: those in ends, and those behind fronts that are in no such end.
    fn count_all(&mut self) {
        let at_first = self.starts.iter().map(|start| {
            let in_ends = start.ends.iter().filter_map(|end| self.ends.get(*end));
            let in_ends: usize = in_ends.map(|end| end.n_hosts).sum();
            let more = start.passed.iter().filter(|host| {
                let end = self.end_that_accepts(**host);
                end.is_none_or(|end| start.ends.binary_search(&end).is_err())
            });
            in_ends + more.count()
        });
        let at_first: Vec<usize> = at_first.collect();
        let in_all = self.reached.iter().map(|reached| {
            let in_ends = reached.ends.iter().filter_map(|end| self.ends.get(end));
            let in_ends: usize = in_ends.map(|end| end.n_hosts).sum();
            let behind = reached.passed.iter();
            let behind = behind.filter_map(|place| self.behind.get(place));
            let more = behind.filter(|host| {
                let end = self.end_that_accepts(**host);
                end.is_none_or(|end| !reached.ends.has(end))
            });
            in_ends + more.count()
        });
        self.n_reached = in_all.collect();
        for (start, n_hosts) in self.starts.iter_mut().zip(at_first) {
            start.n_hosts = n_hosts;
        }
    }

    fn start_of(&self, host: HostId) -> Option<(usize, &Start)> {
        let number = *self.start_of.get(self.landscape.host(host).cell.0)?;
        Some((number, self.starts.get(number)?))
    }

    /// What each component reaches; those that come later are reached by those before.
    fn all_reached(&self) -> Vec<Reached> {
        let mut all: Vec<Reached> = Vec::new();
        for nodes in self.components.all() {
            let mut reached = Reached {
                ends: Bits::of(self.ends.len()),
                passed: Bits::of(self.behind.len()),
            };
            for node in nodes {
                if let Some(end) = node.checked_sub(self.starts.len()) {
                    reached.ends.add(end);
                } else if let Some(start) = self.starts.get(*node) {
                    let places = start.passed.iter();
                    let places = places.filter_map(|host| self.behind.binary_search(host).ok());
                    places.for_each(|place| reached.passed.add(place));
                }
            }
            for after in self.components.after(all.len()) {
                if let Some(after) = all.get(*after) {
                    reached.ends.join(&after.ends);
                    reached.passed.join(&after.passed);
                }
            }
            all.push(reached);
        }
        all
    }
}

impl Bits {
    fn of(n: usize) -> Self {
        Self(vec![0; n.div_ceil(64)])
    }

    fn add(&mut self, number: usize) {
        if let Some(word) = self.0.get_mut(number / 64) {
            *word |= 1 << (number % 64);
        }
    }

    fn has(&self, number: usize) -> bool {
        let word = self.0.get(number / 64);
        word.is_some_and(|word| word & (1 << (number % 64)) != 0)
    }

    fn join(&mut self, other: &Self) {
        for (word, more) in self.0.iter_mut().zip(&other.0) {
            *word |= more;
        }
    }

    fn iter(&self) -> impl Iterator<Item = usize> {
        let words = self.0.iter().enumerate().filter(|(_, word)| **word != 0);
        words.flat_map(|(place, word)| {
            let bits = (0..64).filter(move |bit| word & (1 << bit) != 0);
            bits.map(move |bit| place * 64 + bit)
        })
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
        let mut numbers: HashMap<(u128, *const HostId), usize> = HashMap::new();
        let mut known: HashMap<(*const Passage, usize), Passed> = HashMap::new();
        let mut shared: BTreeSet<Passed> = BTreeSet::new();
        let mut starts: Vec<Start> = Vec::new();
        let mut start_of = Vec::with_capacity(landscape.cells().len());
        for ((first, _), sum) in landscape.cells().zip(sums.finish()) {
            let passages = landscape.passages(first);
            let passed = known.entry((passages.as_ptr(), passages.len()));
            let passed = passed.or_insert_with(|| {
                let passed = self.passed(passages);
                shared.insert(Rc::clone(&passed));
                shared.get(&passed).cloned().unwrap_or(passed)
            });
            let key = (sum, passed.as_ptr());
            let number = *numbers.entry(key).or_insert(starts.len());
            if number == starts.len() {
                starts.push(Start {
                    first,
                    ends: Vec::new(),
                    passed: Rc::clone(passed),
                    n_hosts: 0,
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

    /// The hosts that are reached by passages for certain.
    fn passed(&self, passages: &[Passage]) -> Passed {
        let landscape = self.landscape;
        let certain = passages.iter().filter(|one| one.is_certain);
        let hosts = certain.filter_map(|passage| {
            let host = landscape.host_of(&passage.to)?;
            let role = landscape.host(host).owner.role;
            let is_open = self.counts(passage.services(), role);
            (is_open && role.nature() != Nature::Inert).then_some(host)
        });
        let hosts: BTreeSet<HostId> = hosts.collect();
        hosts.into_iter().collect()
    }

    /// What each node leads to: starts to ends and to hosts behind fronts, ends to the starts of the hosts that fall there.
    /// The numbers of ends come after those of starts. Starts, which are in the order of their first cells, are told which
    /// ends they reach.
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
                    start.ends.push(number);
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
