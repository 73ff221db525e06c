//! Lateral movement: which class of hosts reaches which.

use std::collections::{BTreeMap, BTreeSet};

use engine::ClassId;
use packet::PacketSet;

use crate::answer::Answer;
use crate::edge::{Edge, WayOut};
use crate::host::{Cell, HostClassId, HostId};
use crate::landscape::{Landscape, Selection};
use crate::latent::resolver_only;
use crate::owner::{Nature, Role};
use crate::spread::{Mode, spread};
use crate::subject::Subject;
use crate::through::{Through, gathered};
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
        measures: measures(landscape),
    }
}

/// All edges of a kind between classes, from those where an attacker could sit.
fn edges(landscape: &Landscape<'_>, claim: Claim) -> Vec<Edge> {
    let mut edges = Vec::new();
    for (from, source) in landscape
        .classes()
        .filter(|(_, class)| is_foothold(class.role))
    {
        for (to, target) in landscape
            .classes()
            .filter(|(_, class)| class.role.nature() != Nature::Inert)
        {
            let mut found = Between::default();
            for a in &source.cells {
                for b in &target.cells {
                    let packets = claim.packets(landscape.between(*a, *b));
                    if !packets.is_empty() {
                        found.add(landscape.cell(*a), landscape.cell(*b), packets);
                    }
                }
            }
            edges.extend(found.edge(landscape, claim, from, to));
        }
    }
    edges
}

/// What hosts of each class where an attacker could sit reach through fronts, but for themselves.
fn through_fronts(landscape: &Landscape<'_>) -> Vec<Through> {
    let mut found = Vec::new();
    for (id, class) in landscape.classes() {
        if is_foothold(class.role) {
            let cells = class.cells.iter();
            let passages = cells.flat_map(|cell| landscape.passages(*cell).iter().cloned());
            let from = landscape.subject(id, &class.hosts);
            let senders = landscape.senders(&class.hosts);
            found.extend(gathered(landscape, &from, &senders, passages.collect()));
        }
    }
    found
}

/// What was found between two classes.
struct Between {
    senders: BTreeSet<HostId>,
    receivers: BTreeSet<HostId>,
    services: PacketSet,
}

impl Default for Between {
    fn default() -> Self {
        Self {
            senders: BTreeSet::new(),
            receivers: BTreeSet::new(),
            services: PacketSet::empty(),
        }
    }
}

impl Between {
    fn add(&mut self, from: &Cell, to: &Cell, packets: &PacketSet) {
        self.senders.extend(&from.hosts);
        self.receivers.extend(&to.hosts);
        self.services = self.services.union(packets);
    }

    fn edge(
        self,
        landscape: &Landscape<'_>,
        claim: Claim,
        from: HostClassId,
        to: HostClassId,
    ) -> Option<Edge> {
        if self.services.is_empty() {
            return None;
        }
        let (senders, receivers) = (Vec::from_iter(self.senders), Vec::from_iter(self.receivers));
        let (sending, receiving) = (landscape.senders(&senders), landscape.receivers(&receivers));
        let proof = witness(landscape, &sending, &receiving, claim, &self.services);
        let (from, to) = (
            landscape.subject(from, &senders),
            landscape.subject(to, &receivers),
        );
        Some(Edge {
            from,
            to,
            services: self.services,
            witness: proof,
        })
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
fn measures(landscape: &Landscape<'_>) -> Vec<LateralMeasure> {
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
            let counts = firsts.map(|host| count(landscape, *host));
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

/// How many hosts are reached from one, in all and directly.
fn count(landscape: &Landscape<'_>, host: HostId) -> (usize, usize) {
    let foothold = Selection::Endpoints(landscape.senders(&[host]));
    let spread = spread(landscape, &foothold, Mode::Certain, usize::MAX);
    let next = spread
        .reached
        .values()
        .filter(|reached| reached.hop == 1)
        .count();
    (spread.reached.len(), next)
}
