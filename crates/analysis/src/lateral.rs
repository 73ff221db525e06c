//! Lateral movement: which class of hosts reaches which.

use std::collections::{BTreeMap, BTreeSet};

use engine::ClassId;

use crate::answer::Answer;
use crate::closure::Closure;
use crate::edge::{Edge, WayOut};
use crate::edges::edges;
use crate::host::{HostClassId, HostId};
use crate::landscape::{Landscape, Selection};
use crate::latent::resolver_only;
use crate::owner::{Nature, Role};
use crate::risk::Risk;
use crate::subject::Subject;
use crate::through::Through;
use crate::through_fronts::through_fronts;
use crate::witness::{Claim, witness};

/// All lateral movement of a network, in classes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lateral {
    /// What passes for certain between classes of hosts (and within one), most hosts first.
    pub edges: Vec<Edge>,
    /// What may pass: the input or the model cannot tell.
    pub undetermined: Vec<Edge>,
    /// What passes between classes of hosts through load balancers and the like.
    pub through: Vec<Through>,
    /// What hosts reach outside.
    pub ways_out: Vec<WayOut>,
    /// Hosts that reach nothing on the internet but may ask the resolver of their VPC: names lead out.
    pub resolver_only: Vec<Subject>,
    /// How far one fallen host of each class leads, the worst first.
    pub measures: Vec<LateralMeasure>,
}

/// How far one fallen host leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LateralMeasure {
    /// From any one of these hosts …
    pub from: Subject,
    /// … an attacker reaches so many other hosts directly,
    pub next: usize,
    /// … and so many in all, going on from those that fall,
    pub in_all: usize,
    /// … of so many other hosts that accept connections.
    pub of: usize,
}

/// Whether an attacker could sit on such a host.
pub(crate) fn is_foothold(role: Role) -> bool {
    role.nature() == Nature::Pivot || role == Role::Function
}

/// All lateral movement of a network.
pub fn lateral(landscape: &Landscape<'_>) -> Lateral {
    lateral_of(landscape, &Closure::of(landscape, Risk::Other))
}

/// The same, where it is known how far one host leads.
pub(crate) fn lateral_of(landscape: &Landscape<'_>, closure: &Closure<'_, '_>) -> Lateral {
    let footholds: BTreeSet<HostId> = landscape
        .hosts()
        .filter(|(_, host)| is_foothold(host.owner.role))
        .map(|(id, _)| id)
        .collect();
    Lateral {
        edges: edges(landscape, Claim::Certain),
        undetermined: edges(landscape, Claim::Undetermined),
        through: through_fronts(landscape),
        ways_out: ways_out(landscape, &footholds),
        resolver_only: resolver_only(landscape),
        measures: measures(landscape, closure),
    }
}

/// What these hosts reach on the internet and in offices, by class.
pub(crate) fn ways_out(landscape: &Landscape<'_>, hosts: &BTreeSet<HostId>) -> Vec<WayOut> {
    let offices = landscape
        .snapshot()
        .offices()
        .iter()
        .map(|(office, _)| Selection::Office(office));
    let mut found = Vec::new();
    for outside in std::iter::once(Selection::Internet).chain(offices) {
        let targets = match &outside {
            Selection::Office(office) => landscape.office(*office),
            Selection::Internet | Selection::Endpoints(_) => landscape.internet(),
        };
        found.extend(ways_to(landscape, hosts, &outside, &targets));
    }
    found
}

fn ways_to(
    landscape: &Landscape<'_>,
    hosts: &BTreeSet<HostId>,
    outside: &Selection,
    targets: &[ClassId],
) -> Vec<WayOut> {
    let mut answers: BTreeMap<(HostClassId, Answer), Vec<HostId>> = BTreeMap::new();
    for (id, cell) in landscape.cells() {
        let members: Vec<HostId> = cell
            .hosts
            .iter()
            .copied()
            .filter(|host| hosts.contains(host))
            .collect();
        if members.is_empty() {
            continue;
        }
        let answer = landscape.union_of(&cell.sources, targets);
        if !(answer.certain.is_empty() && answer.undetermined.is_empty()) {
            answers
                .entry((landscape.class_of_cell(id), answer))
                .or_default()
                .extend(members);
        }
    }
    let receivers = landscape.endpoints(outside);
    let ways = answers.into_iter().map(|((class, answer), members)| {
        let senders = landscape.senders(&members);
        let claim = if answer.certain.is_empty() {
            Claim::Undetermined
        } else {
            Claim::Certain
        };
        let proof = witness(
            landscape,
            &senders,
            &receivers,
            claim,
            claim.packets(&answer),
        );
        let (from, to) = (
            landscape.subject(class, &members),
            landscape.selection_subject(outside),
        );
        WayOut {
            edge: Edge {
                from,
                to,
                services: answer.certain,
                witness: proof,
            },
            undetermined: answer.undetermined,
        }
    });
    ways.collect()
}

/// How far one host of each class leads, the worst first.
fn measures(landscape: &Landscape<'_>, closure: &Closure<'_, '_>) -> Vec<LateralMeasure> {
    let accepting = landscape
        .hosts()
        .filter(|(_, host)| host.owner.role.nature() != Nature::Inert)
        .count();
    let mut measures: Vec<LateralMeasure> = landscape
        .classes()
        .filter(|(_, class)| is_foothold(class.role))
        .map(|(id, class)| {
            let firsts = class
                .cells
                .iter()
                .filter_map(|cell| landscape.cell(*cell).hosts.first());
            let counts = firsts.map(|host| closure.count(*host));
            let (in_all, next) = counts.max().unwrap_or((0, 0));
            let itself = usize::from(class.role.nature() != Nature::Inert);
            let of = accepting.saturating_sub(itself);
            LateralMeasure {
                from: landscape.subject(id, &class.hosts),
                next,
                in_all,
                of,
            }
        })
        .collect();
    measures.sort_by(|a, b| (b.in_all, b.next, &a.from).cmp(&(a.in_all, a.next, &b.from)));
    measures
}

#[cfg(test)]
mod tests {
    use engine::Engine;

    use super::*;
    use crate::blast::BlastOptions;
    use crate::spread::{Mode, spread};

    /// How many hosts are reached from one, in all and directly.
    fn followed(landscape: &Landscape<'_>, host: HostId) -> (usize, usize) {
        let foothold = Selection::Endpoints(landscape.senders(&[host]));
        let options = BlastOptions {
            through_offices: false,
            max_hops: usize::MAX,
            ..BlastOptions::default()
        };
        let spread = spread(landscape, &foothold, Mode::Certain, &options);
        let reached = spread.reached.values();
        let next = reached.filter(|reached| reached.hop == 1).count();
        (spread.reached.len(), next)
    }

    #[test]
    fn the_closure_counts_what_an_intruder_from_each_host_reaches() {
        for seed in 0..40 {
            let snapshot = testkit::random_network(seed).unwrap().snapshot();
            let engine = Engine::new(&snapshot);
            let landscape = Landscape::new(&engine);
            let closure = Closure::of(&landscape, Risk::Other);
            for (id, host) in landscape.hosts() {
                if landscape.senders(&[id]).is_empty() {
                    continue;
                }
                let expected = followed(&landscape, id);
                assert_eq!(closure.count(id), expected, "seed {seed}: {host:?}");
            }
        }
    }
}
