//! Hosts and rules that every way uses.

use std::collections::BTreeSet;

use engine::Engine;
use model::{Change, RuleName};

use super::build::{Ends, graph};
use super::cut::evidence;
use super::graph::{Graph, Mark};
use super::pivot::PivotModel;
use super::search::Way;
use crate::landscape::Landscape;
use crate::subject::Subject;
use crate::witness::RuleAt;

/// Hosts through which every certain way from the foothold to the target leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choke {
    /// The hosts, or the network outside.
    pub hosts: Subject,
}

/// What all certain ways have in common, in the order of one of them.
///
/// Only what lies on that one can lie on all; what does not is seen by taking it away.
pub(super) fn chokes(landscape: &Landscape<'_>, graph: &Graph, way: &Way) -> Vec<Choke> {
    let between = way.edges.iter().filter_map(|number| {
        let edge = graph.edges.get(*number)?;
        (graph.mark(edge.to) == Mark::Neither).then(|| graph.label(edge.to))
    });
    let needed = between.filter(|label| !is_connected(graph, Some(*label)));
    let chokes = needed.filter_map(|label| {
        let hosts = graph.subject(landscape, &graph.alike(label))?;
        Some(Choke { hosts })
    });
    chokes.collect()
}

/// The rules that every certain way needs: without any one of them none is left. In the order in which one of the ways
/// meets them.
///
/// Only what lets a packet through on that one can be needed by all; each is tried on the network without it.
pub(super) fn rules(
    landscape: &Landscape<'_>,
    (ends, model): (Ends<'_>, &PivotModel),
    graph: &Graph,
    way: &Way,
) -> Vec<RuleAt> {
    let mut needed = Vec::new();
    let mut seen = BTreeSet::new();
    for piece in evidence(landscape, graph, way) {
        if seen.insert(piece.rule) && !is_connected_but(landscape, (ends, model), piece.rule) {
            needed.push(piece.rule);
        }
    }
    needed
}

/// Whether a certain way leads from the foothold to the target on a network without a rule.
fn is_connected_but(
    landscape: &Landscape<'_>,
    (ends, model): (Ends<'_>, &PivotModel),
    at: RuleAt,
) -> bool {
    let snapshot = landscape.snapshot();
    let group = &snapshot.groups().get(at.group).id;
    let name = at
        .rule(snapshot)
        .map(|rule| RuleName::of(group.clone(), rule));
    let change = name.map(Change::RemoveRule);
    let Some(Ok(after)) = change.map(|change| snapshot.with([&change])) else {
        return true;
    };
    let engine = landscape.engine().with_rules_of(&after);
    let engine = engine.unwrap_or_else(|| Engine::new(&after));
    let by_channels = landscape.goes_by_channels();
    let mut landscape = Landscape::new(&engine);
    if by_channels {
        landscape = landscape.with_channels();
    }
    is_connected(&graph(&landscape, ends, model), None)
}

/// Whether a certain way leads from the foothold to the target, but by nodes of a label.
fn is_connected(graph: &Graph, avoided: Option<usize>) -> bool {
    let mut open: Vec<usize> = graph.marked(Mark::Foothold).collect();
    let mut seen: BTreeSet<usize> = open.iter().copied().collect();
    while let Some(node) = open.pop() {
        if graph.mark(node) == Mark::Target {
            return true;
        }
        let certain = graph.out_of(node).filter(|(_, edge)| edge.is_certain());
        for (_, edge) in certain {
            if Some(graph.label(edge.to)) != avoided && seen.insert(edge.to) {
                open.push(edge.to);
            }
        }
    }
    false
}
