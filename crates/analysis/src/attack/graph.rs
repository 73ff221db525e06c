//! Where an intruder may stand, and where each place leads.
//!
//! A node holds hosts that nothing in the network tells apart, so that the graph does not grow with their number.

use std::collections::BTreeMap;

use engine::ClassId;
use model::Endpoint;
use packet::PacketSet;

use crate::channels::Berth;
use crate::host::{CellId, HostClassId, HostId};
use crate::landscape::{Landscape, Selection};
use crate::passage::Passage;
use crate::subject::Subject;

/// The graph of a question.
#[derive(Debug)]
pub(super) struct Graph {
    pub(super) nodes: Vec<Node>,
    pub(super) edges: Vec<Edge>,
    /// For each node, the edges from it.
    out: Vec<Vec<usize>>,
    /// For each node, the edges to it.
    into: Vec<Vec<usize>>,
    /// For each node, a number that it shares with all nodes that people see as one.
    labels: Vec<usize>,
}

/// Where an intruder may stand.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) party: Party,
    pub(super) mark: Mark,
    /// The services by which it counts as reached.
    pub(super) counts: PacketSet,
    /// By which channels an intruder goes on from it, and comes to it.
    pub(super) berth: Berth,
}

/// Who is at a node.
#[derive(Debug)]
pub(super) enum Party {
    /// Hosts of one class, from cells that behave alike.
    Hosts {
        class: HostClassId,
        cells: Vec<CellId>,
        hosts: Vec<HostId>,
    },
    /// A network outside, with its classes of the engine.
    Outside(Selection, Vec<ClassId>),
}

/// Which end of the question a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mark {
    Foothold,
    Target,
    Neither,
}

/// One node reaches another.
#[derive(Debug)]
pub(super) struct Edge {
    pub(super) from: usize,
    pub(super) to: usize,
    /// The fronts in between, by number.
    pub(super) via: Vec<usize>,
    /// How it passes them, target by target; none for a direct way.
    pub(super) passages: Vec<Passage>,
    pub(super) certain: PacketSet,
    pub(super) undetermined: PacketSet,
    /// The channel that it is, by number, if it is no packets.
    pub(super) channel: Option<usize>,
    is_certain: bool,
}

/// What stands between two places.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Means {
    /// The fronts, by number.
    via: Vec<usize>,
    /// The channel, by number.
    channel: Option<usize>,
}

impl Edge {
    /// What stands in between.
    pub(super) fn means(&self) -> Means {
        Means {
            via: self.via.clone(),
            channel: self.channel,
        }
    }

    /// What packets pass.
    pub(super) fn of_packets(
        (from, to): (usize, usize),
        (via, passages): (Vec<usize>, Vec<Passage>),
        (certain, undetermined): (PacketSet, PacketSet),
    ) -> Self {
        Self {
            from,
            to,
            via,
            passages,
            is_certain: !certain.is_empty(),
            certain,
            undetermined,
            channel: None,
        }
    }

    /// What leads on without packets.
    pub(super) fn of_channel((from, to): (usize, usize), channel: usize, is_certain: bool) -> Self {
        Self {
            from,
            to,
            via: Vec::new(),
            passages: Vec::new(),
            certain: PacketSet::empty(),
            undetermined: PacketSet::empty(),
            channel: Some(channel),
            is_certain,
        }
    }

    pub(super) const fn is_certain(&self) -> bool {
        self.is_certain
    }

    /// The services of the strongest claim.
    pub(super) fn services(&self) -> &PacketSet {
        if self.is_certain() {
            &self.certain
        } else {
            &self.undetermined
        }
    }
}

impl Graph {
    pub(super) fn new(nodes: Vec<Node>, edges: Vec<Edge>) -> Self {
        let mut out = vec![Vec::new(); nodes.len()];
        let mut into = vec![Vec::new(); nodes.len()];
        for (number, edge) in edges.iter().enumerate() {
            if let Some(edges) = out.get_mut(edge.from) {
                edges.push(number);
            }
            if let Some(edges) = into.get_mut(edge.to) {
                edges.push(number);
            }
        }
        let mut known = BTreeMap::new();
        let labels = nodes.iter().enumerate().map(|(number, node)| {
            let key = match &node.party {
                Party::Hosts { class, .. } => (Some(*class), None),
                Party::Outside(..) => (None, Some(number)),
            };
            let next = known.len();
            *known.entry((key, node.mark)).or_insert(next)
        });
        let labels = labels.collect();
        Self {
            nodes,
            edges,
            out,
            into,
            labels,
        }
    }

    pub(super) fn out_of(&self, node: usize) -> impl Iterator<Item = (usize, &Edge)> {
        self.listed(self.out.get(node))
    }

    pub(super) fn into(&self, node: usize) -> impl Iterator<Item = (usize, &Edge)> {
        self.listed(self.into.get(node))
    }

    fn listed<'g>(
        &'g self,
        numbers: Option<&'g Vec<usize>>,
    ) -> impl Iterator<Item = (usize, &'g Edge)> {
        let numbers = numbers.into_iter().flatten();
        numbers.filter_map(|number| Some((*number, self.edges.get(*number)?)))
    }

    pub(super) fn label(&self, node: usize) -> usize {
        self.labels.get(node).copied().unwrap_or_default()
    }

    pub(super) fn mark(&self, node: usize) -> Mark {
        self.nodes.get(node).map_or(Mark::Neither, |node| node.mark)
    }

    /// The nodes of one end.
    pub(super) fn marked(&self, mark: Mark) -> impl Iterator<Item = usize> {
        let nodes = self.nodes.iter().enumerate();
        nodes
            .filter(move |(_, node)| node.mark == mark)
            .map(|(number, _)| number)
    }

    /// Everybody whom people see as one with a node.
    pub(super) fn subject(&self, landscape: &Landscape<'_>, nodes: &[usize]) -> Option<Subject> {
        let mut members = Vec::new();
        for node in nodes {
            match &self.nodes.get(*node)?.party {
                Party::Outside(selection, _) => {
                    return Some(landscape.selection_subject(selection));
                }
                Party::Hosts { class, hosts, .. } => {
                    members.extend(hosts.iter().map(|host| (*class, *host)));
                }
            }
        }
        members.sort_unstable();
        let (class, _) = *members.first()?;
        let hosts: Vec<HostId> = members.into_iter().map(|(_, host)| host).collect();
        Some(landscape.subject(class, &hosts))
    }

    /// All nodes with the same label.
    pub(super) fn alike(&self, label: usize) -> Vec<usize> {
        let labels = self.labels.iter().enumerate();
        labels
            .filter(|(_, of_node)| **of_node == label)
            .map(|(node, _)| node)
            .collect()
    }
}

impl Node {
    /// The addresses from which it sends.
    pub(super) fn senders(&self, landscape: &Landscape<'_>) -> Vec<Endpoint> {
        match &self.party {
            Party::Hosts { hosts, .. } => landscape.senders(hosts),
            Party::Outside(selection, _) => landscape.endpoints(selection),
        }
    }

    /// The addresses at which it is reached.
    pub(super) fn receivers(&self, landscape: &Landscape<'_>) -> Vec<Endpoint> {
        match &self.party {
            Party::Hosts { hosts, .. } => landscape.receivers(hosts),
            Party::Outside(selection, _) => landscape.endpoints(selection),
        }
    }
}
