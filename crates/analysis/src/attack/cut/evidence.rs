//! The rules that let one packet through on each hop of a way.

use model::Endpoint;

use crate::attack::graph::{Edge, Graph, Node, Party};
use crate::attack::search::Way;
use crate::host::HostId;
use crate::landscape::Landscape;
use crate::through::gathered;
use crate::witness::{Claim, RuleAt, rules_of, witness};

/// A rule that lets a packet through.
#[derive(Debug, Clone)]
pub(in crate::attack) struct Piece {
    pub(in crate::attack) rule: RuleAt,
    pub(super) packet: packet::Packet,
    /// Who sends it.
    pub(super) from: Endpoint,
}

/// The rules of both sides for one packet on each hop.
pub(in crate::attack) fn evidence(
    landscape: &Landscape<'_>,
    graph: &Graph,
    way: &Way,
) -> Vec<Piece> {
    let edges = way.edges.iter().filter_map(|edge| graph.edges.get(*edge));
    edges
        .flat_map(|edge| of_hop(landscape, graph, edge))
        .collect()
}

fn of_hop(landscape: &Landscape<'_>, graph: &Graph, edge: &Edge) -> Vec<Piece> {
    let (Some(source), Some(target)) = (graph.nodes.get(edge.from), graph.nodes.get(edge.to))
    else {
        return Vec::new();
    };
    let senders = senders(landscape, source);
    if edge.passages.is_empty() {
        let receivers = receivers(landscape, target);
        let claim = Claim::Certain;
        let proof = witness(landscape, &senders, &receivers, claim, &edge.certain);
        return proof.map_or_else(Vec::new, |proof| {
            pieces(landscape, proof.from, proof.packet)
        });
    }
    let certain = edge.passages.iter().filter(|passage| passage.is_certain);
    // One passage is one way: all parts of it have to be open together.
    let one = certain.take(1);
    let Some(from) = graph.subject(landscape, &[edge.from]) else {
        return Vec::new();
    };
    let ways = gathered(landscape, &from, &senders, one);
    let proofs = ways
        .into_iter()
        .flat_map(|way| [way.to_front, way.to_target]);
    proofs
        .flatten()
        .flat_map(|proof| pieces(landscape, proof.from, proof.packet))
        .collect()
}

fn pieces(landscape: &Landscape<'_>, from: Endpoint, packet: packet::Packet) -> Vec<Piece> {
    let trace = landscape.tracer().trace(from, packet);
    let rules = rules_of(&trace).into_iter();
    rules.map(|rule| Piece { rule, packet, from }).collect()
}

/// The hosts of the first cell of a node: the same for every hop, so that the hops of a way meet.
fn first_cell(landscape: &Landscape<'_>, node: &Node) -> Option<Vec<HostId>> {
    let Party::Hosts { cells, hosts, .. } = &node.party else {
        return None;
    };
    let cell = cells.first()?;
    let hosts = hosts.iter().copied();
    Some(
        hosts
            .filter(|host| landscape.host(*host).cell == *cell)
            .collect(),
    )
}

fn senders(landscape: &Landscape<'_>, node: &Node) -> Vec<Endpoint> {
    first_cell(landscape, node).map_or_else(
        || node.senders(landscape),
        |hosts| landscape.senders(&hosts),
    )
}

fn receivers(landscape: &Landscape<'_>, node: &Node) -> Vec<Endpoint> {
    first_cell(landscape, node).map_or_else(
        || node.receivers(landscape),
        |hosts| landscape.receivers(&hosts),
    )
}
