//! Ways through fronts, as answers.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

use model::{Endpoint, Index, NetworkInterface, Reachability};
use packet::PacketSet;

use crate::front::FrontName;
use crate::host::{HostClassId, HostId, HostKind};
use crate::landscape::{Landscape, Selection};
use crate::passage::{Passage, passages};
use crate::subject::Subject;
use crate::witness::{Claim, Witness, witness};

/// What is reached through a front, or several one behind the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Through {
    /// Who starts.
    pub from: Subject,
    /// The fronts, in the order of the way.
    pub via: Vec<FrontName>,
    /// Who is reached.
    pub to: Subject,
    /// What the client sends to the first front.
    pub entry: PacketSet,
    /// As what it reaches the target.
    pub exit: PacketSet,
    /// Whether it is certain.
    pub reachability: Reachability,
    /// One packet to the first front that proves its part of the way.
    pub to_front: Option<Witness>,
    /// One packet from the last front to the target, where it opens a connection of its own.
    pub to_target: Option<Witness>,
}

/// What leads through fronts from one party to another, by packets of which the client sends or the target gets any
/// that were asked about.
pub fn through(
    landscape: &Landscape<'_>,
    from: &Selection,
    to: &Selection,
    asked: &PacketSet,
) -> Vec<Through> {
    let senders = landscape.endpoints(from);
    let wanted: BTreeSet<Endpoint> = landscape.endpoints(to).into_iter().collect();
    let hosts: BTreeSet<HostId> = wanted
        .iter()
        .filter_map(|endpoint| landscape.host_of(endpoint))
        .collect();
    let mut found = passages(landscape, &senders);
    found.retain(|passage| {
        let is_meant = match landscape.host_of(&passage.to) {
            Some(host) => hosts.contains(&host),
            None => wanted.contains(&passage.to),
        };
        let is_asked = |packets: &PacketSet| !packets.intersection(asked).is_empty();
        is_meant && (is_asked(&passage.entry) || is_asked(&passage.exit))
    });
    let subject = landscape.asked_subject(from);
    gathered_by(
        landscape,
        (&subject, &senders),
        found.iter(),
        Grouping::Kinds,
    )
}

/// Everything that a party reaches through fronts.
pub(crate) fn all_through(
    landscape: &Landscape<'_>,
    from: &Subject,
    senders: &[Endpoint],
) -> Vec<Through> {
    let found = passages(landscape, senders);
    gathered(landscape, from, senders, found.iter())
}

/// Passages that differ in nothing but the target within its class, the node and the listener.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key<'l> {
    is_open: bool,
    via: Vec<usize>,
    to: Target<'l>,
    exit: PacketSet,
}

/// Passages of one key.
#[derive(Debug, Default)]
pub(crate) struct Way<'l> {
    /// What the client sends to any of the first fronts.
    pub(crate) entry: PacketSet,
    pub(crate) passages: Vec<&'l Passage>,
}

/// Hosts by class or kind; what is no host by itself.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Target<'l> {
    Class(HostClassId),
    Kind(HostKind<'l>),
    Other(Endpoint),
}

/// Which targets are told together.
#[derive(Clone, Copy)]
pub(crate) enum Grouping {
    /// Those of one class: what passes between all pairs is known, or will be asked for.
    Classes,
    /// Those of one kind, for a question about some hosts only.
    Kinds,
}

impl Grouping {
    fn target<'l>(self, landscape: &'l Landscape<'_>, to: &Endpoint) -> Target<'l> {
        match (landscape.host_of(to), self) {
            (None, _) => Target::Other(*to),
            (Some(host), Self::Classes) => Target::Class(landscape.class_of(host)),
            (Some(host), Self::Kinds) => Target::Kind(landscape.kind_of(host)),
        }
    }
}

/// Passages as answers: those that differ in the node, the listener or the target within its class are one.
pub(crate) fn gathered<'l>(
    landscape: &'l Landscape<'_>,
    from: &Subject,
    senders: &[Endpoint],
    found: impl Iterator<Item = &'l Passage>,
) -> Vec<Through> {
    gathered_by(landscape, (from, senders), found, Grouping::Classes)
}

fn gathered_by<'l>(
    landscape: &'l Landscape<'_>,
    from: (&Subject, &[Endpoint]),
    found: impl Iterator<Item = &'l Passage>,
    grouping: Grouping,
) -> Vec<Through> {
    let to_targets = ToTargets::default();
    let ways = grouped(landscape, found, grouping).into_iter();
    ways.map(|(key, way)| answer(landscape, from, (&key, &way), &to_targets))
        .collect()
}

/// Passages by what they have in common.
pub(crate) fn grouped<'l>(
    landscape: &'l Landscape<'_>,
    found: impl Iterator<Item = &'l Passage>,
    grouping: Grouping,
) -> BTreeMap<Key<'l>, Way<'l>> {
    let mut groups: BTreeMap<Key<'l>, Way<'l>> = BTreeMap::new();
    for passage in found {
        let key = Key {
            is_open: !passage.is_certain,
            via: passage.via.iter().map(|(front, _)| *front).collect(),
            to: grouping.target(landscape, &passage.to),
            exit: passage.exit.clone(),
        };
        let way = groups.entry(key).or_default();
        way.entry = way.entry.union(&passage.entry);
        way.passages.push(passage);
    }
    groups
}

/// A way from a party by some passages, as an answer.
pub(crate) fn answer(
    landscape: &Landscape<'_>,
    (from, senders): (&Subject, &[Endpoint]),
    (key, way): (&Key<'_>, &Way<'_>),
    to_targets: &ToTargets,
) -> Through {
    let Way { entry, passages } = way;
    let mut known = BTreeSet::new();
    let targets = passages.iter().map(|passage| passage.to);
    let targets: Vec<Endpoint> = targets.filter(|target| known.insert(*target)).collect();
    let hosts = || {
        let hosts = targets
            .iter()
            .filter_map(|target| landscape.host_of(target));
        let hosts: BTreeSet<HostId> = hosts.collect();
        Vec::from_iter(hosts)
    };
    let to = match key.to {
        Target::Class(class) => landscape.subject(class, &hosts()),
        Target::Kind(_) => landscape.asked_hosts(&hosts()),
        Target::Other(_) => landscape.selection_subject(&Selection::Endpoints(targets.clone())),
    };
    let name = |number: &usize| Some(landscape.fronts().get(*number)?.name.clone());
    Through {
        from: from.clone(),
        via: key.via.iter().filter_map(name).collect(),
        to,
        to_front: to_front(landscape, senders, passages, entry),
        to_target: to_targets.of(landscape, passages, targets, &key.exit),
        entry: entry.clone(),
        exit: key.exit.clone(),
        reachability: if key.is_open {
            Reachability::Undetermined
        } else {
            Reachability::Reachable
        },
    }
}

fn to_front(
    landscape: &Landscape<'_>,
    senders: &[Endpoint],
    passages: &[&Passage],
    entry: &PacketSet,
) -> Option<Witness> {
    let nodes = passages.iter().filter_map(|passage| passage.via.first());
    let receivers = endpoints_of(landscape, nodes.filter_map(|(_, node)| *node));
    proof(landscape, senders, &receivers, entry)
}

/// The packets that prove the last parts of ways: who starts makes no difference to them.
#[derive(Default)]
pub(crate) struct ToTargets(Mutex<HashMap<LastPart, Option<Witness>>>);

/// Who sends to whom, and what.
type LastPart = (Vec<Endpoint>, Vec<Endpoint>, PacketSet);

impl ToTargets {
    fn of(
        &self,
        landscape: &Landscape<'_>,
        passages: &[&Passage],
        targets: Vec<Endpoint>,
        exit: &PacketSet,
    ) -> Option<Witness> {
        let own = passages.iter().filter(|passage| passage.is_own_connection);
        let nodes = own.filter_map(|passage| passage.via.last());
        let held = endpoints_of(landscape, nodes.filter_map(|(_, node)| *node)).into_iter();
        let senders = held.filter(|endpoint| crate::host::is_own(landscape.snapshot(), endpoint));
        let part = (senders.collect(), targets, exit.clone());
        if let Some(known) = self.known().get(&part) {
            return known.clone();
        }
        let proof = proof(landscape, &part.0, &part.1, exit);
        self.known().insert(part, proof.clone());
        proof
    }

    fn known(&self) -> MutexGuard<'_, HashMap<LastPart, Option<Witness>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn proof(
    landscape: &Landscape<'_>,
    senders: &[Endpoint],
    receivers: &[Endpoint],
    packets: &PacketSet,
) -> Option<Witness> {
    let prove = |claim| witness(landscape, senders, receivers, claim, packets);
    prove(Claim::Certain).or_else(|| prove(Claim::Undetermined))
}

fn endpoints_of(
    landscape: &Landscape<'_>,
    nodes: impl Iterator<Item = Index<NetworkInterface>>,
) -> Vec<Endpoint> {
    let nodes: BTreeSet<Index<NetworkInterface>> = nodes.collect();
    let all = nodes
        .into_iter()
        .flat_map(|node| landscape.endpoints_of(node));
    all.collect()
}
