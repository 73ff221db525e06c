//! Hosts that every way uses.

use std::collections::BTreeSet;

use super::graph::{Graph, Mark};
use super::search::Way;
use crate::landscape::Landscape;
use crate::subject::Subject;

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
    let needed = between.filter(|label| !is_connected_without(graph, *label));
    let chokes = needed.filter_map(|label| {
        let hosts = graph.subject(landscape, &graph.alike(label))?;
        Some(Choke { hosts })
    });
    chokes.collect()
}

/// Whether a certain way leads from the foothold to the target that avoids all nodes of a label.
fn is_connected_without(graph: &Graph, label: usize) -> bool {
    let mut open: Vec<usize> = graph.marked(Mark::Foothold).collect();
    let mut seen: BTreeSet<usize> = open.iter().copied().collect();
    while let Some(node) = open.pop() {
        if graph.mark(node) == Mark::Target {
            return true;
        }
        let certain = graph.out_of(node).filter(|(_, edge)| edge.is_certain());
        for (_, edge) in certain {
            if graph.label(edge.to) != label && seen.insert(edge.to) {
                open.push(edge.to);
            }
        }
    }
    false
}
