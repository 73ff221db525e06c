//! Everything from which a target can be reached.

use std::collections::{BTreeMap, BTreeSet};

use super::build::{Ends, graph};
use super::graph::{Edge, Graph, Mark, Party};
use super::paths::{Hop, hop};
use super::pivot::PivotModel;
use crate::landscape::{Landscape, Selection};
use crate::lateral::is_foothold;
use crate::subject::Subject;

/// Everything from which a target can be reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origins {
    /// What the intruder wants.
    pub target: Subject,
    /// What was taken to make a host fall.
    pub model: PivotModel,
    /// Whether intruders go on by what roles may do beyond the network.
    pub by_channels: bool,
    /// If so, how many hosts act as roles of which the input does not tell what they may do.
    pub n_roles_untold: usize,
    /// Who reaches it for certain, the nearest first.
    pub certain: Vec<Origin>,
    /// Who may reach it besides.
    pub possible: Vec<Origin>,
    /// How many hosts there are on which an intruder could sit, but for the target.
    pub n_others: usize,
}

/// Hosts, or a network outside, that are so many hops from a target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// How many hops it takes, at least one.
    pub n_hops: usize,
    /// Who.
    pub from: Subject,
    /// The first hop of a shortest way.
    pub next: Hop,
}

/// Everything from which a target can be reached.
pub fn origins(landscape: &Landscape<'_>, target: &Selection, model: &PivotModel) -> Origins {
    let ends = Ends {
        foothold: None,
        target,
    };
    let graph = graph(landscape, ends, model);
    let certain = backwards(&graph, false);
    let mut possible = backwards(&graph, true);
    possible.retain(|node, _| !certain.contains_key(node));
    Origins {
        target: landscape.selection_subject(target),
        model: model.clone(),
        by_channels: landscape.goes_by_channels(),
        n_roles_untold: landscape.n_roles_untold(),
        n_others: n_others(landscape, &graph),
        certain: told(landscape, &graph, &certain),
        possible: told(landscape, &graph, &possible),
    }
}

fn n_others(landscape: &Landscape<'_>, graph: &Graph) -> usize {
    let nodes = graph.nodes.iter().filter(|node| node.mark != Mark::Target);
    let hosts = nodes.map(|node| match &node.party {
        Party::Hosts { class, hosts, .. } => {
            let is_seat = is_foothold(landscape.class(*class).role);
            if is_seat { hosts.len() } else { 0 }
        }
        Party::Outside(..) => 0,
    });
    hosts.sum()
}

/// Whether an intruder may sit there.
fn is_seat(landscape: &Landscape<'_>, graph: &Graph, node: usize) -> bool {
    graph.nodes.get(node).is_some_and(|node| match &node.party {
        Party::Hosts { class, .. } => is_foothold(landscape.class(*class).role),
        Party::Outside(..) => true,
    })
}

/// How far each node is from the target, with the first edge of a shortest way.
fn backwards(graph: &Graph, is_possible: bool) -> BTreeMap<usize, (usize, usize)> {
    let mut found: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
    let mut level: Vec<usize> = graph.marked(Mark::Target).collect();
    let targets: BTreeSet<usize> = level.iter().copied().collect();
    let mut n_hops = 0;
    while !level.is_empty() {
        n_hops += 1;
        let mut next = Vec::new();
        for node in level {
            let edges = graph.into(node);
            let usable = edges.filter(|(_, edge)| is_possible || edge.is_certain());
            for (number, edge) in usable {
                if !targets.contains(&edge.from) && !found.contains_key(&edge.from) {
                    found.insert(edge.from, (n_hops, number));
                    next.push(edge.from);
                }
            }
        }
        level = next;
    }
    found
}

/// Nodes that people see as one, and whose way begins alike, together.
fn told(
    landscape: &Landscape<'_>,
    graph: &Graph,
    found: &BTreeMap<usize, (usize, usize)>,
) -> Vec<Origin> {
    let mut alike: BTreeMap<_, Vec<(usize, &Edge)>> = BTreeMap::new();
    for (node, (n_hops, edge)) in found {
        let Some(edge) = graph
            .edges
            .get(*edge)
            .filter(|_| is_seat(landscape, graph, *node))
        else {
            continue;
        };
        let labels = (graph.label(*node), graph.label(edge.to));
        let key = (*n_hops, labels, edge.means(), edge.services().clone());
        alike.entry(key).or_default().push((*node, edge));
    }
    let origins = alike.into_iter().filter_map(|((n_hops, ..), members)| {
        let (nodes, edges): (Vec<usize>, Vec<&Edge>) = members.into_iter().unzip();
        Some(Origin {
            n_hops,
            from: graph.subject(landscape, &nodes)?,
            next: hop(landscape, graph, &edges)?,
        })
    });
    origins.collect()
}
