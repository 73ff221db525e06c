//! Pictures of large networks: what does not fit is drawn as one node that says how much it is.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::place::Place;
use super::{Edge, Node, Part, Picture};
use crate::inventory::count;

impl Picture {
    /// The picture with so many nodes at each hop that it can be read. The highlighted way stays, prizes and large
    /// classes go before others.
    pub(super) fn capped(&self) -> Self {
        let columns: BTreeSet<usize> = self.nodes.iter().map(|node| node.hop).collect();
        let limit = (MAX_NODES / columns.len().max(1)).clamp(MIN_PER_HOP, MAX_PER_HOP);
        let kept = self.kept(limit);
        let mut nodes: Vec<Node> = Vec::new();
        let mut place_of = BTreeMap::new();
        for number in &kept {
            if let Some(node) = self.nodes.get(*number) {
                place_of.insert(*number, nodes.len());
                nodes.push(node.clone());
            }
        }
        let mut further: BTreeMap<(usize, bool), Vec<usize>> = BTreeMap::new();
        for (number, node) in self.nodes.iter().enumerate() {
            if !kept.contains(&number) {
                let key = (node.hop, !node.is_certain);
                further.entry(key).or_default().push(number);
            }
        }
        for ((hop, is_possible), numbers) in further {
            place_of.extend(numbers.iter().map(|number| (*number, nodes.len())));
            nodes.push(self.stand_in(&numbers, hop, !is_possible));
        }
        let (edges, highlight) = self.moved(&place_of, &nodes);
        Self {
            title: self.title.clone(),
            notes: self.notes.clone(),
            nodes,
            edges,
            highlight,
        }
    }

    /// The nodes that are drawn apart.
    fn kept(&self, limit: usize) -> BTreeSet<usize> {
        let way = self
            .highlight
            .iter()
            .filter_map(|edge| self.edges.get(*edge));
        let on_way: BTreeSet<usize> = way.flat_map(|edge| [edge.from, edge.to]).collect();
        let leading: BTreeSet<usize> = self.edges.iter().map(|edge| edge.from).collect();
        let mut by_hop: BTreeMap<(usize, bool), Vec<usize>> = BTreeMap::new();
        for (number, node) in self.nodes.iter().enumerate() {
            let key = (node.hop, node.is_certain);
            by_hop.entry(key).or_default().push(number);
        }
        let mut kept = BTreeSet::new();
        for (_, mut numbers) in by_hop {
            // One more than the limit takes no more room than a node that says so.
            let limit = if numbers.len() <= limit + 1 {
                limit + 1
            } else {
                limit
            };
            numbers.sort_by_key(|number| {
                let node = self.nodes.get(*number);
                let is_worth =
                    node.is_some_and(|node| matches!(node.part, Part::Prize | Part::Target));
                let n_hosts = node.map_or(0, |node| node.members.len());
                (
                    !on_way.contains(number),
                    !is_worth,
                    !leading.contains(number),
                    usize::MAX - n_hosts,
                    *number,
                )
            });
            kept.extend(numbers.into_iter().take(limit));
        }
        kept.extend(on_way);
        kept
    }

    /// The node that stands for others.
    fn stand_in(&self, numbers: &[usize], hop: usize, is_certain: bool) -> Node {
        let nodes = numbers.iter().filter_map(|number| self.nodes.get(*number));
        let n_hosts: usize = nodes.map(|node| node.members.len()).sum();
        let classes = if numbers.len() == 1 {
            "class"
        } else {
            "classes"
        };
        Node {
            label: format!("and {} more {classes}", numbers.len()),
            kind: count(n_hosts, "host"),
            part: Part::Further,
            hop,
            is_certain,
            place: Place::Further,
            members: Arc::from([]),
        }
    }

    /// The edges between the nodes that are drawn; those of nodes that stand for others are joined.
    fn moved(&self, place_of: &BTreeMap<usize, usize>, nodes: &[Node]) -> (Vec<Edge>, Vec<usize>) {
        let is_further = |number: usize| {
            nodes
                .get(number)
                .is_some_and(|node| node.part == Part::Further)
        };
        let mut edges: Vec<Edge> = Vec::new();
        let mut number_of = BTreeMap::new();
        let mut joined: BTreeMap<(usize, usize, bool), usize> = BTreeMap::new();
        for (number, edge) in self.edges.iter().enumerate() {
            let (Some(from), Some(to)) = (place_of.get(&edge.from), place_of.get(&edge.to)) else {
                continue;
            };
            let mut edge = Edge {
                from: *from,
                to: *to,
                ..edge.clone()
            };
            if is_further(edge.from) || is_further(edge.to) {
                let key = (edge.from, edge.to, edge.is_certain);
                if let Some(known) = joined.get(&key).and_then(|known| edges.get_mut(*known)) {
                    known.join(&edge);
                    continue;
                }
                joined.insert(key, edges.len());
                if is_further(edge.to) {
                    edge.forget_rules();
                }
            }
            number_of.insert(number, edges.len());
            edges.push(edge);
        }
        let way = self.highlight.iter();
        let way = way.filter_map(|number| number_of.get(number).copied());
        (edges, way.collect())
    }
}

impl Edge {
    /// Takes in what another edge between the same nodes lets pass.
    fn join(&mut self, other: &Self) {
        let more = other.services.iter();
        for service in more {
            if !self.services.contains(service) {
                self.services.push(service.clone());
            }
        }
        if self.rules != other.rules || self.via != other.via {
            self.forget_rules();
        }
    }

    /// Edges to many classes go by rules of each.
    fn forget_rules(&mut self) {
        self.via = String::new();
        self.front_rules = Vec::new();
        self.rules = Vec::new();
        self.doubt = None;
        self.techniques = Vec::new();
    }
}

/// So many nodes fit a picture, as far as each hop has at least [`MIN_PER_HOP`].
const MAX_NODES: usize = 40;
const MIN_PER_HOP: usize = 2;
const MAX_PER_HOP: usize = 10;
