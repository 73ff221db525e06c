//! The cheapest ways through a graph, one after the other.
//!
//! Ways are grown from the foothold, the most promising first: what a way costs so far, and what it costs at least from
//! there on, which is known exactly from a search backwards. No way comes to a node twice. Of ways that people would see
//! as one, only the first is kept.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

use super::graph::{Edge, Graph, Mark, Means};

/// What is looked for.
#[derive(Clone, Copy)]
pub(super) struct Wanted<'w> {
    /// Ways of which at least one hop is open, rather than ways that are certain.
    pub(super) is_possible: bool,
    /// What a hop costs; at least one.
    pub(super) cost: &'w dyn Fn(&Edge) -> u64,
    pub(super) max_hops: usize,
    pub(super) max_ways: usize,
}

/// A way: its edges, and what it costs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Way {
    pub(super) edges: Vec<usize>,
    pub(super) cost: u64,
}

/// The ways that were found, the cheapest first.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) ways: Vec<Way>,
    /// Whether the search stopped with more to come.
    pub(super) is_cut_short: bool,
}

/// A search ends after so many steps: ways that never come twice to a node can be very many.
const MAX_STEPS: usize = 200_000;

/// The beginning of a way.
#[derive(Clone)]
struct Beginning {
    node: usize,
    cost: u64,
    /// Whether a hop that is open is still to come.
    owes: bool,
    nodes: Vec<usize>,
    edges: Vec<usize>,
    /// How people see it: nodes by their labels, and what stands in between.
    seen_as: Vec<(usize, Means, bool)>,
}

pub(super) fn cheapest(graph: &Graph, wanted: Wanted<'_>) -> Found {
    let rest = Distances::of(graph, wanted.is_possible, wanted.cost);
    let hops = Distances::of(graph, wanted.is_possible, &|_| 1);
    let mut beginnings: Vec<Beginning> = Vec::new();
    let mut heap = BinaryHeap::new();
    for node in graph.marked(Mark::Foothold) {
        let first = Beginning {
            node,
            cost: 0,
            owes: wanted.is_possible,
            nodes: vec![node],
            edges: Vec::new(),
            seen_as: vec![(graph.label(node), Means::default(), false)],
        };
        push(&mut heap, &mut beginnings, first, &rest);
    }
    let mut found = Found::default();
    let (mut known, mut told) = (BTreeSet::new(), BTreeSet::new());
    let mut n_steps = 0;
    while let Some(Reverse((_, _, number))) = heap.pop() {
        let Some(beginning) = beginnings.get(number).cloned() else {
            continue;
        };
        let is_whole = graph.mark(beginning.node) == Mark::Target;
        let place = (!is_whole).then_some(beginning.node);
        if !known.insert((beginning.seen_as.clone(), place, beginning.owes)) {
            continue;
        }
        if is_whole {
            if found.ways.len() == wanted.max_ways {
                found.is_cut_short = true;
                break;
            }
            if told.insert(beginning.labels()) && !beginning.is_detour(&told) {
                found.ways.push(Way {
                    edges: beginning.edges,
                    cost: beginning.cost,
                });
            }
            continue;
        }
        n_steps += 1;
        if n_steps > MAX_STEPS {
            found.is_cut_short = true;
            break;
        }
        for next in beginning.grown(graph, wanted) {
            let least = hops.from(next.node, next.owes);
            let is_short = least
                .is_some_and(|least| next.edges.len() as u64 + least <= wanted.max_hops as u64);
            if is_short {
                push(&mut heap, &mut beginnings, next, &rest);
            } else {
                found.is_cut_short |= least.is_some();
            }
        }
    }
    found
}

type Heap = BinaryHeap<Reverse<(u64, usize, usize)>>;

fn push(heap: &mut Heap, all: &mut Vec<Beginning>, next: Beginning, rest: &Distances) {
    if let Some(rest) = rest.from(next.node, next.owes) {
        let least = next.cost.saturating_add(rest);
        heap.push(Reverse((least, next.edges.len(), all.len())));
        all.push(next);
    }
}

impl Beginning {
    /// How people see its nodes, one after the other, and what stands in between.
    fn labels(&self) -> Vec<(usize, Means)> {
        let seen = self.seen_as.iter();
        seen.map(|(label, means, _)| (*label, means.clone()))
            .collect()
    }

    /// Whether it comes back to a class, and a way that was told is the same without that.
    fn is_detour(&self, told: &BTreeSet<Vec<(usize, Means)>>) -> bool {
        let mut direct: Vec<(usize, Means)> = Vec::new();
        for (label, via) in self.labels() {
            match direct.iter().position(|(known, _)| *known == label) {
                Some(place) => direct.truncate(place + 1),
                None => direct.push((label, via)),
            }
        }
        direct.len() < self.seen_as.len() && told.contains(&direct)
    }

    /// The same with one more hop, in every way.
    fn grown(&self, graph: &Graph, wanted: Wanted<'_>) -> Vec<Self> {
        let usable = graph.out_of(self.node).filter(|(_, edge)| {
            (wanted.is_possible || edge.is_certain()) && !self.nodes.contains(&edge.to)
        });
        let mut grown = Vec::new();
        for (number, edge) in usable {
            let is_whole = graph.mark(edge.to) == Mark::Target;
            let owes = self.owes && edge.is_certain();
            if is_whole && owes {
                continue;
            }
            let mut next = self.clone();
            next.node = edge.to;
            next.cost = next.cost.saturating_add((wanted.cost)(edge).max(1));
            next.owes = owes;
            next.nodes.push(edge.to);
            next.edges.push(number);
            let seen = (graph.label(edge.to), edge.means(), edge.is_certain());
            next.seen_as.push(seen);
            grown.push(next);
        }
        grown
    }
}

/// What it costs at least from each node to the target: any way, and one with an open hop.
struct Distances {
    any: Vec<Option<u64>>,
    owing: Vec<Option<u64>>,
}

impl Distances {
    fn of(graph: &Graph, is_possible: bool, cost: &dyn Fn(&Edge) -> u64) -> Self {
        let mut distances = Self {
            any: vec![None; graph.nodes.len()],
            owing: vec![None; graph.nodes.len()],
        };
        let mut heap: BinaryHeap<Reverse<(u64, usize, bool)>> = BinaryHeap::new();
        heap.extend(
            graph
                .marked(Mark::Target)
                .map(|node| Reverse((0, node, false))),
        );
        while let Some(Reverse((so_far, node, owes))) = heap.pop() {
            if !distances.settle(node, owes, so_far) {
                continue;
            }
            for (_, edge) in graph.into(node) {
                let next = so_far.saturating_add(cost(edge).max(1));
                let mut put = |owes| heap.push(Reverse((next, edge.from, owes)));
                match (edge.is_certain(), owes) {
                    (true, owes) => put(owes),
                    (false, false) if is_possible => {
                        put(true);
                        put(false);
                    }
                    // With two open hops the first one pays what is owed.
                    (false, true) if is_possible => put(true),
                    (false, _) => {}
                }
            }
        }
        distances
    }

    /// Keeps the first distance of a node; false if it has one.
    fn settle(&mut self, node: usize, owes: bool, distance: u64) -> bool {
        let of = if owes { &mut self.owing } else { &mut self.any };
        match of.get_mut(node) {
            Some(slot @ None) => {
                *slot = Some(distance);
                true
            }
            Some(Some(_)) | None => false,
        }
    }

    fn from(&self, node: usize, owes: bool) -> Option<u64> {
        let of = if owes { &self.owing } else { &self.any };
        of.get(node).copied().flatten()
    }
}
