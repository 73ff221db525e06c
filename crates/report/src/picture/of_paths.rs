//! The picture of the ways from a foothold to a target.

use std::sync::Arc;

use model::Snapshot;

use super::place::Place;
use super::{Edge, Node, Part, Picture, deciding, is_same};
use crate::channels::ChannelHopView;
use crate::common::SubjectView;
use crate::hop::HopView;
use crate::paths::{PathView, PathsView};

impl Picture {
    /// The picture of paths: all of them over each other, the first one highlighted.
    pub fn of_paths(view: &PathsView, snapshot: &Snapshot) -> Self {
        let mut drawing = Drawing {
            snapshot,
            nodes: Vec::new(),
            edges: Vec::new(),
        };
        let mut ways = Vec::new();
        for path in view.certain.iter().chain(&view.possible) {
            ways.push(drawing.add(path));
        }
        if ways.is_empty() {
            drawing.node(&view.foothold, 0, Part::Foothold);
            drawing.node(&view.target, 1, Part::Target);
        }
        let mut notes = vec![format!("Model: {}.", view.model)];
        if view.cut_short {
            notes.push(
                "There are more paths: `--count` and `--hops` tell how many and how long."
                    .to_owned(),
            );
        }
        Self {
            title: view.headline(),
            notes,
            nodes: drawing.nodes,
            edges: drawing.edges,
            highlight: ways.into_iter().next().unwrap_or_default(),
        }
    }
}

struct Drawing<'s> {
    snapshot: &'s Snapshot,
    nodes: Vec<Node>,
    edges: Vec<Edge>,
}

impl Drawing<'_> {
    /// Adds what a path has in addition; the edges that it goes by.
    fn add(&mut self, path: &PathView) -> Vec<usize> {
        let mut numbers = Vec::new();
        let mut is_certain = true;
        for (place, hop) in path.hops.iter().enumerate() {
            let is_last = place + 1 == path.hops.len();
            let of_hop = if place == 0 {
                Part::Foothold
            } else {
                part(&hop.from)
            };
            let from = self.node(&hop.from, place, of_hop);
            let of_hop = if is_last { Part::Target } else { part(&hop.to) };
            let to = self.node(&hop.to, place + 1, of_hop);
            is_certain &= hop.certain;
            if let Some(node) = self.nodes.get_mut(to) {
                node.is_certain |= is_certain;
            }
            numbers.push(self.edge(edge(hop, from, to)));
        }
        numbers
    }

    /// The node of hosts, which stands at the smallest number of hops that any way takes.
    fn node(&mut self, subject: &SubjectView, hop: usize, part: Part) -> usize {
        let known = self.nodes.iter().position(|node| is_same(node, subject));
        if let Some(number) = known {
            if let Some(node) = self.nodes.get_mut(number) {
                node.hop = node.hop.min(hop);
            }
            return number;
        }
        self.nodes.push(Node {
            label: subject.label(),
            kind: subject.kind.clone(),
            part,
            hop,
            is_certain: part == Part::Foothold,
            place: Place::of(&subject.members, self.snapshot),
            members: Arc::clone(&subject.members),
        });
        self.nodes.len() - 1
    }

    fn edge(&mut self, edge: Edge) -> usize {
        let known = self.edges.iter().position(|other| other.is_alike(&edge));
        known.unwrap_or_else(|| {
            self.edges.push(edge);
            self.edges.len() - 1
        })
    }
}

fn part(subject: &SubjectView) -> Part {
    if subject.kind == "load balancer" {
        Part::PassesOn
    } else {
        Part::Falls
    }
}

fn edge(hop: &HopView, from: usize, to: usize) -> Edge {
    let (rules, doubt) = deciding(hop.witness.as_ref());
    let (front_rules, front_doubt) = deciding(hop.to_front.as_ref());
    let passed_on = || "a load balancer passes requests on, at most so far".to_owned();
    let doubt = front_doubt.or(doubt);
    let by = (&*hop.services, &*hop.via);
    let (services, via) = ChannelHopView::in_picture(hop.channel.as_ref(), by);
    Edge {
        from,
        to,
        services,
        is_certain: hop.certain,
        via,
        front_rules,
        rules,
        doubt: (!hop.certain).then(|| doubt.unwrap_or_else(passed_on)),
        techniques: hop
            .techniques
            .iter()
            .map(|technique| technique.id.clone())
            .collect(),
    }
}
