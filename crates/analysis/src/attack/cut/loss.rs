//! What passes before a change and not afterwards.

use std::collections::{BTreeMap, BTreeSet};

use model::{Index, SecurityGroup};
use packet::PacketSet;

use crate::answer::Answer;
use crate::edge::Edge;
use crate::host::{CellId, HostClassId, HostId};
use crate::landscape::{Landscape, Selection};
use crate::lateral::is_foothold;
use crate::owner::Nature;
use crate::subject::Subject;

/// Somebody in both networks.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Party {
    Outside(Selection),
    /// Hosts of one cell before and of one cell afterwards.
    Hosts(CellId, CellId, Vec<HostId>),
}

/// Whom people see as one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Seen {
    Outside(Selection),
    Class(HostClassId),
}

type Hosts = BTreeSet<HostId>;

/// Everything that passes for certain before, and not after some groups were changed.
pub(super) fn lost(
    before: &Landscape<'_>,
    after: &Landscape<'_>,
    changed: &BTreeSet<Index<SecurityGroup>>,
) -> Vec<Edge> {
    let parties = parties(before, after);
    let touched: Vec<bool> = parties
        .iter()
        .map(|party| wears(before, party, changed))
        .collect();
    let mut found: BTreeMap<(Seen, Seen, PacketSet), (Hosts, Hosts)> = BTreeMap::new();
    let senders = parties.iter().zip(&touched);
    for (from, is_from_touched) in senders.filter(|(party, _)| starts(before, party)) {
        for (to, is_to_touched) in parties.iter().zip(&touched) {
            if !is_from_touched && !is_to_touched {
                continue;
            }
            let was = answer(before, from, to, false);
            if was.certain.is_empty() {
                continue;
            }
            let packets = was
                .certain
                .difference(&answer(after, from, to, true).certain);
            if packets.is_empty() {
                continue;
            }
            let key = (seen(before, from), seen(before, to), packets);
            let (sources, targets) = found.entry(key).or_default();
            sources.extend(hosts(from));
            targets.extend(hosts(to));
        }
    }
    let edges = found.into_iter().map(|((from, to, services), hosts)| Edge {
        from: subject(before, &from, &hosts.0),
        to: subject(before, &to, &hosts.1),
        services,
        witness: None,
    });
    edges.collect()
}

/// How much is lost: pairs of hosts, a network outside counts as one.
pub(super) fn size(lost: &[Edge]) -> usize {
    let n = |subject: &Subject| subject.members.len().max(1);
    lost.iter().map(|edge| n(&edge.from) * n(&edge.to)).sum()
}

fn parties(before: &Landscape<'_>, after: &Landscape<'_>) -> Vec<Party> {
    let mut parts: BTreeMap<(CellId, CellId), Vec<HostId>> = BTreeMap::new();
    for (id, host) in before.hosts() {
        let key = (host.cell, after.host(id).cell);
        parts.entry(key).or_default().push(id);
    }
    let offices = before.snapshot().offices().iter();
    let offices = offices.map(|(office, _)| Party::Outside(Selection::Office(office)));
    let hosts = parts
        .into_iter()
        .map(|((was, is), hosts)| Party::Hosts(was, is, hosts));
    std::iter::once(Party::Outside(Selection::Internet))
        .chain(offices)
        .chain(hosts)
        .collect()
}

fn hosts(party: &Party) -> impl Iterator<Item = HostId> {
    let hosts = match party {
        Party::Outside(_) => &[][..],
        Party::Hosts(.., hosts) => hosts,
    };
    hosts.iter().copied()
}

/// Whether a party opens connections: gateways only pass them on.
fn starts(landscape: &Landscape<'_>, party: &Party) -> bool {
    match party {
        Party::Outside(_) => true,
        Party::Hosts(was, ..) => {
            let role = landscape.cell(*was).role;
            role.nature() != Nature::Inert || is_foothold(role)
        }
    }
}

fn wears(
    landscape: &Landscape<'_>,
    party: &Party,
    groups: &BTreeSet<Index<SecurityGroup>>,
) -> bool {
    let snapshot = landscape.snapshot();
    hosts(party).take(1).any(|host| {
        let mut interfaces = landscape.host(host).interfaces.iter();
        interfaces.any(|index| {
            let mut worn = snapshot.interfaces().get(*index).groups.iter();
            worn.any(|group| group.target().is_some_and(|group| groups.contains(&group)))
        })
    })
}

/// What passes between two parties, in one network or the other.
fn answer(landscape: &Landscape<'_>, from: &Party, to: &Party, is_after: bool) -> Answer {
    let cell = |was: &CellId, is: &CellId| if is_after { *is } else { *was };
    let classes = |outside: &Selection| match outside {
        Selection::Office(office) => landscape.office(*office),
        Selection::Internet | Selection::Endpoints(_) => landscape.internet(),
    };
    match (from, to) {
        (Party::Hosts(a, b, senders), Party::Hosts(c, d, receivers)) => {
            let (from, to) = (cell(a, b), cell(c, d));
            if senders == receivers && senders.len() == 1 {
                return Answer::nothing();
            }
            let matrix = landscape.matrix();
            matrix.answer(matrix.number(from, to)).clone()
        }
        (Party::Outside(outside), Party::Hosts(was, is, _)) => {
            landscape.union_of(&classes(outside), &landscape.cell(cell(was, is)).targets)
        }
        (Party::Hosts(was, is, _), Party::Outside(outside)) => {
            landscape.union_of(&landscape.cell(cell(was, is)).sources, &classes(outside))
        }
        (Party::Outside(_), Party::Outside(_)) => Answer::nothing(),
    }
}

fn seen(landscape: &Landscape<'_>, party: &Party) -> Seen {
    match party {
        Party::Outside(selection) => Seen::Outside(selection.clone()),
        Party::Hosts(was, ..) => Seen::Class(landscape.class_of_cell(*was)),
    }
}

fn subject(landscape: &Landscape<'_>, seen: &Seen, hosts: &Hosts) -> Subject {
    match seen {
        Seen::Outside(selection) => landscape.selection_subject(selection),
        Seen::Class(class) => landscape.subject(*class, &hosts.iter().copied().collect::<Vec<_>>()),
    }
}
