//! The picture of a blast radius.

use std::collections::BTreeMap;
use std::sync::Arc;

use analysis::Member;
use model::Snapshot;

use super::place::Place;
use super::{Edge, Node, Part, Picture, deciding};
use crate::blast::{BlastView, CauseWord, FallView, OutcomeWord};
use crate::channels::ChannelHopView;
use crate::common::SubjectView;
use crate::inventory::count;

impl Picture {
    /// The picture of a blast radius: each node is the hosts of a class that are reached in one way. The way to the
    /// first crown jewel is highlighted, or without any the way to what is reached last.
    pub fn of_blast(view: &BlastView, snapshot: &Snapshot) -> Self {
        let falls: Vec<&FallView> = view.certain.iter().chain(&view.possible).collect();
        let mut nodes = vec![foothold(&view.foothold, snapshot)];
        nodes.extend(falls.iter().map(|fall| node(fall, snapshot)));
        let node_of = by_member(&nodes);
        let mut edges = Vec::new();
        for (number, fall) in falls.iter().enumerate() {
            for from in sources(fall, number + 1, &node_of) {
                edges.push(edge(fall, from, number + 1));
            }
        }
        let highlight = highlight(view, &nodes, &edges, &node_of);
        Self {
            title: view.headline(),
            notes: notes(view),
            nodes,
            edges,
            highlight,
        }
    }
}

fn foothold(subject: &SubjectView, snapshot: &Snapshot) -> Node {
    Node {
        label: subject.label(),
        kind: subject.kind.clone(),
        part: Part::Foothold,
        hop: 0,
        is_certain: true,
        place: Place::of(&subject.members, snapshot),
        members: Arc::clone(&subject.members),
    }
}

fn node(fall: &FallView, snapshot: &Snapshot) -> Node {
    Node {
        label: fall.to.label(),
        kind: fall.to.kind.clone(),
        part: match fall.outcome {
            OutcomeWord::Falls => Part::Falls,
            OutcomeWord::Prize => Part::Prize,
            OutcomeWord::PassesOn => Part::PassesOn,
        },
        hop: fall.hop,
        is_certain: fall.cause == CauseWord::Certain,
        place: Place::of(&fall.to.members, snapshot),
        members: Arc::clone(&fall.to.members),
    }
}

/// Hosts by their ids, networks outside by what they are and their name.
type Key<'p> = (&'p str, &'p str);

fn keys<'p>(members: &'p [Member], kind: &'p str, name: &'p str) -> Vec<Key<'p>> {
    if members.is_empty() {
        vec![(kind, name)]
    } else {
        let ids = members.iter().map(|member| ("host", member.id.as_str()));
        ids.collect()
    }
}

/// The node of each host and network outside; hosts of the foothold that fall once more belong to the foothold.
fn by_member(nodes: &[Node]) -> BTreeMap<Key<'_>, usize> {
    let mut found = BTreeMap::new();
    for (number, node) in nodes.iter().enumerate() {
        for key in keys(&node.members, &node.kind, &node.label) {
            found.entry(key).or_insert(number);
        }
    }
    found
}

/// The nodes from which hosts are reached.
fn sources(fall: &FallView, own: usize, node_of: &BTreeMap<Key<'_>, usize>) -> Vec<usize> {
    let from = &fall.from;
    let mut sources: Vec<usize> = keys(&from.members, &from.kind, &from.name)
        .iter()
        .filter_map(|key| node_of.get(key).copied())
        .filter(|source| *source != own)
        .collect();
    sources.sort_unstable();
    sources.dedup();
    if sources.is_empty() {
        sources.push(0);
    }
    sources
}

fn edge(fall: &FallView, from: usize, to: usize) -> Edge {
    let (rules, doubt) = deciding(fall.witness.as_ref());
    let passed_on = || "a load balancer passes requests on, at most so far".to_owned();
    let by = (&*fall.services, &*fall.via);
    let (services, via) = ChannelHopView::in_picture(fall.channel.as_ref(), by);
    Edge {
        from,
        to,
        services,
        is_certain: fall.cause == CauseWord::Certain,
        via,
        front_rules: Vec::new(),
        rules,
        doubt: match fall.cause {
            CauseWord::Certain => None,
            CauseWord::Undetermined => doubt,
            CauseWord::Through => Some(doubt.unwrap_or_else(passed_on)),
        },
        techniques: Vec::new(),
    }
}

/// The edges of the way to the first crown jewel, or to what is reached last; certain ways before others.
fn highlight(
    view: &BlastView,
    nodes: &[Node],
    edges: &[Edge],
    node_of: &BTreeMap<Key<'_>, usize>,
) -> Vec<usize> {
    let certain_first = |jewel: &&crate::extent::JewelView| (!jewel.certain, jewel.hop);
    let jewel = view.jewels.iter().min_by_key(certain_first);
    let first = jewel.and_then(|jewel| jewel.hosts.members.first());
    let of_jewel = first.and_then(|member| node_of.get(&("host", member.id.as_str())).copied());
    let last = || {
        let numbers = 1..nodes.len();
        let rank = |number: &usize| {
            let node = nodes.get(*number);
            node.map(|node| (node.is_certain, node.hop, std::cmp::Reverse(*number)))
        };
        numbers.max_by_key(rank)
    };
    let Some(mut place) = of_jewel.or_else(last) else {
        return Vec::new();
    };
    let mut way = Vec::new();
    let mut last_hop = usize::MAX;
    while let Some(node) = nodes.get(place).filter(|node| node.hop < last_hop) {
        last_hop = node.hop;
        let to_it = edges.iter().position(|edge| edge.to == place);
        let Some((number, edge)) = to_it.and_then(|number| Some((number, edges.get(number)?)))
        else {
            break;
        };
        way.push(number);
        place = edge.from;
    }
    way.reverse();
    way
}

fn notes(view: &BlastView) -> Vec<String> {
    let mut notes = vec![format!("Model: {}.", view.model)];
    let mut left_out = Vec::new();
    if !view.ways_out.is_empty() {
        left_out.push(count(view.ways_out.len(), "way") + " out");
    }
    if !view.one_way.is_empty() {
        left_out.push(count(view.one_way.len(), "way") + " on which answers are lost");
    }
    if !left_out.is_empty() {
        notes.push(format!("Not drawn: {}.", left_out.join(", ")));
    }
    if view.cut_short {
        notes.push("The search stopped at the largest number of hops; there is more.".to_owned());
    }
    notes
}
