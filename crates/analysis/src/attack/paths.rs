//! The ways from a foothold to a target.

use std::collections::BTreeSet;

use packet::PacketSet;

use super::build::{Ends, graph};
use super::choke::{self, Choke, chokes};
use super::graph::{Edge, Graph, Mark};
use super::pivot::PivotModel;
use super::search::{Wanted, Way, cheapest};
use super::technique::{Technique, by_channel, techniques};
use crate::channels::{ChannelKind, Link, RoleName};
use crate::front::FrontName;
use crate::landscape::{Landscape, Selection};
use crate::subject::Subject;
use crate::through::gathered;
use crate::witness::{Claim, RuleAt, Witness, witness};

/// How paths are looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathOptions {
    /// What makes a host fall.
    pub model: PivotModel,
    /// What hops cost.
    pub costs: Costs,
    /// How many paths to tell, of each kind.
    pub max_paths: usize,
    /// The most hops of a path.
    pub max_hops: usize,
}

impl Default for PathOptions {
    fn default() -> Self {
        Self {
            model: PivotModel::AnyService,
            costs: Costs::default(),
            max_paths: 5,
            max_hops: 32,
        }
    }
}

/// What hops cost, by the services that they may use: the cheapest of them counts. What is not named costs one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Costs {
    /// Services with what a hop by one of them costs, at least one.
    pub of_services: Vec<(PacketSet, u64)>,
}

impl Costs {
    /// What a hop by any of these packets costs.
    fn of(&self, services: &PacketSet) -> u64 {
        let mut rest = services.clone();
        let mut best: Option<u64> = None;
        for (of, cost) in &self.of_services {
            if !rest.intersection(of).is_empty() {
                best = Some(best.map_or(*cost, |best| best.min(*cost)));
                rest = rest.difference(of);
            }
        }
        match best {
            Some(best) if rest.is_empty() => best.max(1),
            Some(_) | None => 1,
        }
    }
}

/// The ways from a foothold to a target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paths {
    /// Where the intruder starts.
    pub foothold: Subject,
    /// What he wants.
    pub target: Subject,
    /// What was taken to make a host fall.
    pub model: PivotModel,
    /// Whether intruders go on by what roles may do beyond the network.
    pub by_channels: bool,
    /// If so, how many hosts act as roles of which the input does not tell what they may do.
    pub n_roles_untold: usize,
    /// Ways of which every hop is certain, the cheapest first. Those that go by the same classes are told once.
    pub certain: Vec<Path>,
    /// Ways of which at least one hop is open.
    pub possible: Vec<Path>,
    /// What all certain ways go through.
    pub chokes: Vec<Choke>,
    /// The rules that all certain ways need: without any one of them none is left.
    pub rules: Vec<RuleAt>,
    /// Whether there are more ways than were told, or longer ones.
    pub is_cut_short: bool,
}

/// One way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    /// What it costs.
    pub cost: u64,
    /// Its hops, at least one.
    pub hops: Vec<Hop>,
}

/// One hop of a way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hop {
    /// Where the intruder stands.
    pub from: Subject,
    /// Where he gets.
    pub to: Subject,
    /// The fronts that pass requests on in between.
    pub via: Vec<FrontName>,
    /// What leads there without packets of the network, if so.
    pub channel: Option<ChannelHop>,
    /// By which packets; through a front, as what they reach the target.
    pub services: PacketSet,
    /// Whether they pass for certain.
    pub is_certain: bool,
    /// What attackers call it.
    pub techniques: Vec<Technique>,
    /// A packet to the first front.
    pub to_front: Option<Witness>,
    /// A packet that proves it; through a front, one from there to the target.
    pub witness: Option<Witness>,
}

/// A hop by what a role may ask AWS for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelHop {
    /// What it is.
    pub kind: ChannelKind,
    /// As which role.
    pub role: RoleName,
    /// What the role may ask for.
    pub actions: Vec<&'static str>,
}

impl ChannelHop {
    pub(crate) fn of(link: &Link) -> Self {
        Self {
            kind: link.kind,
            role: link.role.clone(),
            actions: link.actions.clone(),
        }
    }
}

/// The ways from a foothold to a target. What is both counts as foothold only.
pub fn paths(
    landscape: &Landscape<'_>,
    foothold: &Selection,
    target: &Selection,
    options: &PathOptions,
) -> Paths {
    let ends = Ends {
        foothold: Some(foothold),
        target,
    };
    let graph = graph(landscape, ends, &options.model);
    let cost = |edge: &Edge| options.costs.of(edge.services());
    let search = |is_possible| {
        let wanted = Wanted {
            is_possible,
            cost: &cost,
            max_hops: options.max_hops,
            max_ways: options.max_paths,
        };
        cheapest(&graph, wanted)
    };
    let (certain, possible) = (search(false), search(true));
    let told = |ways: &[Way]| {
        ways.iter()
            .map(|way| path(landscape, &graph, way))
            .collect()
    };
    let first = certain.ways.first();
    Paths {
        foothold: landscape.selection_subject(foothold),
        target: landscape.selection_subject(target),
        model: options.model.clone(),
        by_channels: landscape.goes_by_channels(),
        n_roles_untold: landscape.n_roles_untold(),
        certain: told(&certain.ways),
        possible: told(&possible.ways),
        chokes: first.map_or_else(Vec::new, |way| chokes(landscape, &graph, way)),
        rules: first.map_or_else(Vec::new, |way| {
            choke::rules(landscape, (ends, &options.model), &graph, way)
        }),
        is_cut_short: certain.is_cut_short || possible.is_cut_short,
    }
}

pub(super) fn path(landscape: &Landscape<'_>, graph: &Graph, way: &Way) -> Path {
    let alike = alike(graph, way);
    let hops = alike
        .iter()
        .filter_map(|edges| hop(landscape, graph, edges));
    Path {
        cost: way.cost,
        hops: hops.collect(),
    }
}

/// For each hop of a way, the edges of all ways that people see as the same; that of the way itself comes first.
fn alike<'g>(graph: &'g Graph, way: &Way) -> Vec<Vec<&'g Edge>> {
    let own = way.edges.iter().filter_map(|edge| graph.edges.get(*edge));
    let own: Vec<&Edge> = own.collect();
    let first = own.first().map(|edge| graph.label(edge.from));
    let mut places: BTreeSet<usize> = graph.marked(Mark::Foothold).collect();
    places.retain(|node| Some(graph.label(*node)) == first);
    let mut hops: Vec<Vec<&Edge>> = Vec::new();
    for edge in own {
        let is_alike = |other: &&Edge| {
            graph.label(other.to) == graph.label(edge.to)
                && other.means() == edge.means()
                && other.is_certain() == edge.is_certain()
        };
        let others = places.iter().flat_map(|node| graph.out_of(*node));
        let others = others.map(|(_, other)| other).filter(is_alike);
        let others = others.filter(|other| (other.from, other.to) != (edge.from, edge.to));
        let edges: Vec<&Edge> = std::iter::once(edge).chain(others).collect();
        places = edges.iter().map(|edge| edge.to).collect();
        hops.push(edges);
    }
    let mut after: Option<BTreeSet<usize>> = None;
    for edges in hops.iter_mut().rev() {
        if let Some(after) = &after {
            edges.retain(|edge| after.contains(&edge.to));
        }
        after = Some(edges.iter().map(|edge| edge.from).collect());
    }
    hops
}

/// A hop by edges that people see as one, with a proof of the first.
pub(super) fn hop(landscape: &Landscape<'_>, graph: &Graph, edges: &[&Edge]) -> Option<Hop> {
    let edge = *edges.first()?;
    let (source, target) = (graph.nodes.get(edge.from)?, graph.nodes.get(edge.to)?);
    let nodes = |end: fn(&Edge) -> usize| {
        let nodes: BTreeSet<usize> = edges.iter().map(|edge| end(edge)).collect();
        graph.subject(landscape, &Vec::from_iter(nodes))
    };
    let (from, to) = (nodes(|edge| edge.from)?, nodes(|edge| edge.to)?);
    let all = edges.iter().map(|edge| edge.services());
    let services = all.fold(PacketSet::empty(), |all, more| all.union(more));
    let senders = source.senders(landscape);
    let (to_front, proof) = if edge.channel.is_some() {
        (None, None)
    } else if edge.passages.is_empty() {
        let receivers = target.receivers(landscape);
        let prove = |claim| witness(landscape, &senders, &receivers, claim, edge.services());
        // Through a load balancer of which not all is known, the packets themselves are certain.
        let proof = prove(Claim::Certain).or_else(|| prove(Claim::Undetermined));
        (None, proof)
    } else {
        let wanted = edge.passages.iter();
        let wanted = wanted.filter(|passage| passage.is_certain == edge.is_certain());
        let ways = gathered(landscape, &from, &senders, wanted);
        let first = ways.into_iter().next();
        first.map_or((None, None), |way| (way.to_front, way.to_target))
    };
    let name = |front: &usize| Some(landscape.fronts().get(*front)?.name.clone());
    let link = edge
        .channel
        .and_then(|channel| landscape.links().all.get(channel));
    Some(Hop {
        techniques: link.map_or_else(
            || techniques(from.kind, to.kind, &services, !edge.via.is_empty()),
            |link| by_channel(link.kind).to_vec(),
        ),
        channel: link.map(ChannelHop::of),
        from,
        to,
        via: edge.via.iter().filter_map(name).collect(),
        services,
        is_certain: edge.is_certain(),
        to_front,
        witness: proof,
    })
}
