//! How the graph of a question is made.

use std::collections::{BTreeMap, BTreeSet};

use engine::ClassId;
use packet::PacketSet;

use super::graph::{Edge, Graph, Mark, Node, Party};
use super::pivot::PivotModel;
use crate::answer::Answer;
use crate::channels::Berth;
use crate::host::{Cell, CellId, HostClassId, HostId};
use crate::landscape::{Landscape, Selection};
use crate::lateral::is_foothold;
use crate::matrix::{AnswerId, CellRowId};
use crate::owner::Nature;
use crate::passage::{Passage, passages};
use crate::spread::is_open;

/// The two ends of a question.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ends<'s> {
    /// Where the intruder starts; from anywhere if there is none.
    pub(super) foothold: Option<&'s Selection>,
    pub(super) target: &'s Selection,
}

/// The graph of a question.
pub(super) fn graph(landscape: &Landscape<'_>, ends: Ends<'_>, model: &PivotModel) -> Graph {
    let nodes = nodes(landscape, ends, model);
    let builder = Builder {
        landscape,
        by_host: by_host(&nodes),
        nodes: &nodes,
    };
    let mut edges = Vec::new();
    for from in 0..nodes.len() {
        builder.edges_from(from, &mut edges);
    }
    Graph::new(nodes, edges)
}

/// Hosts of one cell by the services that count on them, and by the channels that they have.
fn parts(
    landscape: &Landscape<'_>,
    model: &PivotModel,
    hosts: &[HostId],
) -> BTreeMap<(PacketSet, Berth), Vec<HostId>> {
    let mut parts: BTreeMap<_, Vec<HostId>> = BTreeMap::new();
    for (counts, hosts) in model.by_services(landscape, hosts) {
        if !landscape.goes_by_channels() {
            parts.insert((counts, Berth::default()), hosts);
            continue;
        }
        for host in hosts {
            let part = (counts.clone(), landscape.berth(host).clone());
            parts.entry(part).or_default().push(host);
        }
    }
    parts
}

fn by_host(nodes: &[Node]) -> BTreeMap<HostId, usize> {
    let nodes = nodes.iter().enumerate();
    let pairs = nodes.flat_map(|(number, node)| {
        let hosts = match &node.party {
            Party::Hosts { hosts, .. } => hosts.as_slice(),
            Party::Outside(..) => &[],
        };
        hosts.iter().map(move |host| (*host, number))
    });
    pairs.collect()
}

fn nodes(landscape: &Landscape<'_>, ends: Ends<'_>, model: &PivotModel) -> Vec<Node> {
    let foothold = ends.foothold.map(|one| hosts_of(landscape, one));
    let foothold = foothold.unwrap_or_default();
    let target = hosts_of(landscape, ends.target);
    let mark = |host: &HostId| match (foothold.contains(host), target.contains(host)) {
        (true, _) => Mark::Foothold,
        (false, true) => Mark::Target,
        (false, false) => Mark::Neither,
    };
    let mut nodes = outside(landscape, ends, model);
    let mut alike: BTreeMap<Likeness, (Vec<CellId>, Vec<HostId>)> = BTreeMap::new();
    let outgoing = outgoing(landscape);
    for ((id, cell), outgoing) in landscape.cells().zip(outgoing) {
        let mut marked: BTreeMap<Mark, Vec<HostId>> = BTreeMap::new();
        for host in &cell.hosts {
            marked.entry(mark(host)).or_default().push(*host);
        }
        let is_marked = marked.keys().any(|mark| *mark != Mark::Neither);
        for (mark, hosts) in marked {
            for ((counts, berth), hosts) in parts(landscape, model, &hosts) {
                if is_marked {
                    let class = landscape.class_of_cell(id);
                    let cells = vec![id];
                    let party = Party::Hosts {
                        class,
                        cells,
                        hosts,
                    };
                    nodes.push(Node {
                        party,
                        mark,
                        counts,
                        berth,
                    });
                } else {
                    let likeness = Likeness::of(landscape, id, outgoing.clone(), (counts, berth));
                    let (cells, all) = alike.entry(likeness).or_default();
                    cells.push(id);
                    all.extend(hosts);
                }
            }
        }
    }
    nodes.extend(alike.into_iter().map(|(likeness, (cells, hosts))| Node {
        party: Party::Hosts {
            class: likeness.class,
            hosts,
            cells,
        },
        mark: Mark::Neither,
        counts: likeness.counts,
        berth: likeness.berth,
    }));
    nodes
}

fn hosts_of(landscape: &Landscape<'_>, selection: &Selection) -> BTreeSet<HostId> {
    match selection {
        Selection::Internet | Selection::Office(_) => BTreeSet::new(),
        Selection::Endpoints(endpoints) => endpoints
            .iter()
            .filter_map(|endpoint| landscape.host_of(endpoint))
            .collect(),
    }
}

/// The networks outside: those that the question names, and every office.
fn outside(landscape: &Landscape<'_>, ends: Ends<'_>, model: &PivotModel) -> Vec<Node> {
    let offices = landscape.snapshot().offices().iter();
    let offices = offices.map(|(office, _)| (Selection::Office(office), Mark::Neither));
    let mut wanted: BTreeMap<Selection, Mark> = offices.collect();
    if ends.foothold.is_none() {
        wanted.insert(Selection::Internet, Mark::Neither);
    }
    let target = without_hosts(landscape, ends.target);
    wanted.extend(target.map(|target| (target, Mark::Target)));
    let foothold = ends
        .foothold
        .and_then(|foothold| without_hosts(landscape, foothold));
    wanted.extend(foothold.map(|foothold| (foothold, Mark::Foothold)));
    let nodes = wanted.into_iter().map(|(selection, mark)| {
        let classes = classes_of(landscape, &selection);
        let counts = match selection {
            Selection::Office(_) => model.services_anywhere(),
            Selection::Internet | Selection::Endpoints(_) => PacketSet::full(),
        };
        Node {
            party: Party::Outside(selection, classes),
            mark,
            counts,
            berth: Berth::default(),
        }
    });
    nodes.collect()
}

/// The part of a selection that is no host of the network.
fn without_hosts(landscape: &Landscape<'_>, selection: &Selection) -> Option<Selection> {
    match selection {
        Selection::Internet | Selection::Office(_) => Some(selection.clone()),
        Selection::Endpoints(endpoints) => {
            let others = endpoints
                .iter()
                .filter(|endpoint| landscape.host_of(endpoint).is_none());
            let others: Vec<_> = others.copied().collect();
            (!others.is_empty()).then_some(Selection::Endpoints(others))
        }
    }
}

fn classes_of(landscape: &Landscape<'_>, selection: &Selection) -> Vec<ClassId> {
    match selection {
        Selection::Internet => landscape.internet(),
        Selection::Office(office) => landscape.office(*office),
        Selection::Endpoints(endpoints) => {
            let classes = endpoints
                .iter()
                .filter_map(|endpoint| landscape.engine().class_of(endpoint));
            let classes: BTreeSet<ClassId> = classes.collect();
            classes.into_iter().collect()
        }
    }
}

/// What cells of one node share.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Likeness {
    class: HostClassId,
    row: CellRowId,
    within: AnswerId,
    outgoing: Vec<(CellRowId, AnswerId)>,
    passages: Vec<Passage>,
    counts: PacketSet,
    berth: Berth,
}

impl Likeness {
    fn of(
        landscape: &Landscape<'_>,
        cell: CellId,
        outgoing: Vec<(CellRowId, AnswerId)>,
        (counts, berth): (PacketSet, Berth),
    ) -> Self {
        let matrix = landscape.matrix();
        Self {
            class: landscape.class_of_cell(cell),
            row: matrix.row_of(cell),
            within: matrix.within(cell),
            outgoing,
            passages: landscape.passages(cell).to_vec(),
            counts,
            berth,
        }
    }
}

/// For each cell, by what it reaches the cells of each row.
fn outgoing(landscape: &Landscape<'_>) -> Vec<Vec<(CellRowId, AnswerId)>> {
    let mut outgoing = vec![Vec::new(); landscape.cells().len()];
    for (row, parts) in landscape.matrix().rows() {
        for (answer, cells) in parts {
            for cell in cells.iter() {
                if let Some(of_cell) = outgoing.get_mut(cell.0) {
                    of_cell.push((row, *answer));
                }
            }
        }
    }
    outgoing
}

struct Builder<'b, 'a> {
    landscape: &'b Landscape<'a>,
    nodes: &'b [Node],
    by_host: BTreeMap<HostId, usize>,
}

/// Whether the intruder goes on from a node.
#[derive(Clone, Copy, PartialEq, Eq)]
enum GoesOn {
    Certainly,
    /// A load balancer of which the input does not tell all: this is the most that it reaches.
    AtMost,
    Never,
}

impl Builder<'_, '_> {
    fn edges_from(&self, from: usize, edges: &mut Vec<Edge>) {
        let Some(node) = self.nodes.get(from) else {
            return;
        };
        let goes_on = self.goes_on(node);
        if goes_on == GoesOn::Never {
            return;
        }
        let others = self.nodes.iter().enumerate();
        for (to, target) in others.filter(|(to, _)| *to != from) {
            let mut answer = self.direct(node, target);
            if goes_on == GoesOn::AtMost {
                answer.undetermined = answer.undetermined.union(&answer.certain);
                answer.certain = PacketSet::empty();
            }
            edges.extend(self.edge((from, to), Vec::new(), Vec::new(), &answer));
        }
        if goes_on == GoesOn::Certainly {
            self.through_fronts(from, node, edges);
            self.by_channels(from, node, edges);
        }
    }

    fn goes_on(&self, node: &Node) -> GoesOn {
        let Party::Hosts { cells, hosts, .. } = &node.party else {
            return GoesOn::Certainly;
        };
        let roles = cells.iter().map(|cell| self.landscape.cell(*cell).role);
        let is_unknown = |host: &HostId| !self.landscape.is_whole_front(*host);
        match roles.into_iter().next() {
            Some(_) if node.mark == Mark::Foothold => GoesOn::Certainly,
            Some(role) if is_foothold(role) => GoesOn::Certainly,
            Some(role) if role.nature() == Nature::Through && hosts.iter().any(is_unknown) => {
                GoesOn::AtMost
            }
            Some(_) | None => GoesOn::Never,
        }
    }

    /// What passes without a front in between.
    fn direct(&self, from: &Node, to: &Node) -> Answer {
        let landscape = self.landscape;
        match (&from.party, &to.party) {
            (Party::Hosts { cells: a, .. }, Party::Hosts { cells: b, .. }) => {
                match (a.first(), b.first()) {
                    (Some(a), Some(b)) => {
                        let matrix = landscape.matrix();
                        matrix.answer(matrix.number(*a, *b)).clone()
                    }
                    (None, _) | (_, None) => Answer::nothing(),
                }
            }
            (Party::Outside(_, classes), Party::Hosts { .. }) => {
                let targets = self.cell(to).map(|cell| &cell.targets);
                targets.map_or(Answer::nothing(), |targets| {
                    landscape.union_of(classes, targets)
                })
            }
            (Party::Hosts { .. }, Party::Outside(selection, classes)) => {
                // Whoever holds the internet may have come from there.
                let is_meant = to.mark == Mark::Target || matches!(selection, Selection::Office(_));
                let sources = self.cell(from).filter(|_| is_meant);
                sources.map_or(Answer::nothing(), |cell| {
                    landscape.union_of(&cell.sources, classes)
                })
            }
            (Party::Outside(..), Party::Outside(..)) => Answer::nothing(),
        }
    }

    fn cell(&self, node: &Node) -> Option<&Cell> {
        match &node.party {
            Party::Hosts { cells, .. } => cells.first().map(|cell| self.landscape.cell(*cell)),
            Party::Outside(..) => None,
        }
    }

    fn through_fronts(&self, from: usize, node: &Node, edges: &mut Vec<Edge>) {
        let mut found: BTreeMap<(usize, Vec<usize>), Vec<Passage>> = BTreeMap::new();
        for passage in self.passages(node) {
            let host = self.landscape.host_of(&passage.to);
            let to = host.and_then(|host| self.by_host.get(&host)).copied();
            if let Some(to) = to.filter(|to| *to != from) {
                let via = passage.via.iter().map(|(front, _)| *front).collect();
                found.entry((to, via)).or_default().push(passage);
            }
        }
        for ((to, via), passages) in found {
            let mut answer = Answer::nothing();
            for passage in &passages {
                let set = if passage.is_certain {
                    &mut answer.certain
                } else {
                    &mut answer.undetermined
                };
                *set = set.union(passage.services());
            }
            answer.undetermined = answer.undetermined.difference(&answer.certain);
            edges.extend(self.edge((from, to), via, passages, &answer));
        }
    }

    /// What leads on from a node without packets.
    fn by_channels(&self, from: usize, node: &Node, edges: &mut Vec<Edge>) {
        let links = &self.landscape.links().all;
        for number in &node.berth.from {
            let others = self.nodes.iter().enumerate();
            let targets = others.filter(|(to, target)| {
                *to != from
                    && target.mark != Mark::Foothold
                    && target.berth.to.binary_search(number).is_ok()
            });
            let is_certain = links.get(*number).is_some_and(|link| link.is_certain);
            edges.extend(targets.map(|(to, _)| Edge::of_channel((from, to), *number, is_certain)));
        }
    }

    fn passages(&self, node: &Node) -> Vec<Passage> {
        match &node.party {
            Party::Hosts { cells, .. } => cells
                .first()
                .map_or_else(Vec::new, |cell| self.landscape.passages(*cell).to_vec()),
            Party::Outside(..) => {
                let mut found = passages(self.landscape, &node.senders(self.landscape));
                found.retain(|passage| is_open(self.landscape, passage));
                found
            }
        }
    }

    /// An edge, if the model lets anything of the answer count.
    fn edge(
        &self,
        (from, to): (usize, usize),
        via: Vec<usize>,
        passages: Vec<Passage>,
        answer: &Answer,
    ) -> Option<Edge> {
        let target = self.nodes.get(to)?;
        let nature = match &target.party {
            Party::Hosts { .. } => self.cell(target)?.role.nature(),
            Party::Outside(Selection::Office(_), _) => Nature::Pivot,
            Party::Outside(..) => Nature::Prize,
        };
        if nature == Nature::Inert || target.mark == Mark::Foothold {
            return None;
        }
        let counts = &target.counts;
        let packets = (
            answer.certain.intersection(counts),
            answer.undetermined.intersection(counts),
        );
        let edge = Edge::of_packets((from, to), (via, passages), packets);
        (!(edge.certain.is_empty() && edge.undetermined.is_empty())).then_some(edge)
    }
}
