//! What passes through fronts, target by target.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::OnceLock;

use engine::ClassId;
use model::{Endpoint, Index, NetworkInterface, Reachability};
use packet::{PacketSet, Protocol};
use trace::Question;

use crate::answer::Answer;
use crate::front::{Behind, Door, Front, Passing, Reach};
use crate::landscape::Landscape;
use crate::reach::answer_between;

/// One target that is reached through fronts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Passage {
    /// The fronts in the order of the way, by number, each with the node by which it is passed, if that is known.
    pub(crate) via: Vec<(usize, Option<Index<NetworkInterface>>)>,
    /// What the client sends to the first of them.
    pub(crate) entry: PacketSet,
    /// Who is reached.
    pub(crate) to: Endpoint,
    /// By what it is reached.
    pub(crate) exit: PacketSet,
    /// Whether every part of the way is certain.
    pub(crate) is_certain: bool,
    /// Whether the last front opens the connection to the target itself.
    pub(crate) is_own_connection: bool,
}

/// More fronts than this are not followed one behind the other: AWS allows an Application Load Balancer behind a
/// Network Load Balancer, and a balancer behind an address of another.
const MAX_FRONTS: usize = 3;

/// Everything that these senders reach through fronts.
pub(crate) fn passages(landscape: &Landscape<'_>, senders: &[Endpoint]) -> Vec<Passage> {
    let senders = representatives(landscape, senders);
    let mut found = Vec::new();
    let is_outside = senders
        .iter()
        .any(|sender| matches!(sender, Endpoint::Internet { .. }));
    for (number, front) in landscape.fronts().iter().enumerate() {
        let is_service = front.name.kind.gate().is_some();
        for (place, door) in front.doors.iter().enumerate() {
            let steps = match (is_service, is_outside) {
                (true, true) => come_in(landscape, (number, place)),
                (true, false) => Vec::new(),
                (false, _) => enter(landscape, &senders, (number, place), door),
            };
            for step in steps {
                follow(landscape, &Passage::first(number, door, step), &mut found);
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// What lies behind the doors of all fronts, whoever comes in.
#[derive(Debug)]
pub(crate) struct Beyond {
    /// The doors of each node, by front and place.
    by_node: BTreeMap<Index<NetworkInterface>, Vec<(usize, usize)>>,
    /// What each door sends on.
    steps: Vec<Vec<OnceLock<Vec<Step>>>>,
}

impl Beyond {
    pub(crate) fn of(fronts: &[Front]) -> Self {
        let mut by_node: BTreeMap<_, Vec<(usize, usize)>> = BTreeMap::new();
        for (number, front) in fronts.iter().enumerate() {
            for (place, door) in front.doors.iter().enumerate() {
                if let Some(node) = door.node {
                    by_node.entry(node).or_default().push((number, place));
                }
            }
        }
        let doors = |front: &Front| front.doors.iter().map(|_| OnceLock::new()).collect();
        Self {
            by_node,
            steps: fronts.iter().map(doors).collect(),
        }
    }

    fn doors_of(&self, node: Index<NetworkInterface>) -> &[(usize, usize)] {
        self.by_node.get(&node).map_or(&[], Vec::as_slice)
    }
}

/// One door passed: what goes in, and what comes out where.
#[derive(Debug, Clone)]
struct Step {
    entry: PacketSet,
    to: Endpoint,
    exit: PacketSet,
    is_certain: bool,
}

impl Passage {
    /// By what the target is reached; where a group of targets takes none of what its listener takes, what the client
    /// sends.
    pub(crate) const fn services(&self) -> &PacketSet {
        if self.exit.is_empty() {
            &self.entry
        } else {
            &self.exit
        }
    }

    fn first(front: usize, door: &Door, step: Step) -> Self {
        Self {
            via: vec![(front, door.node)],
            entry: step.entry,
            to: step.to,
            exit: step.exit,
            is_certain: step.is_certain,
            is_own_connection: door.passing == Passing::Answers,
        }
    }

    /// The same way, gone on through another door.
    fn then(&self, front: usize, door: &Door, step: Step) -> Self {
        let mut next = Self::first(front, door, step);
        next.via = self.via.iter().copied().chain(next.via).collect();
        next.entry = self.entry.clone();
        next.is_certain &= self.is_certain;
        next
    }
}

/// Keeps a passage, or goes on from it where its target is itself a front.
fn follow(landscape: &Landscape<'_>, passage: &Passage, found: &mut Vec<Passage>) {
    let mut goes_on = false;
    if passage.via.len() < MAX_FRONTS
        && let Endpoint::Interface { interface, .. } = passage.to
    {
        let doors = landscape.beyond().doors_of(interface).iter();
        let fresh = doors.filter(|(number, _)| passage.via.iter().all(|(seen, _)| seen != number));
        for (number, place) in fresh {
            let Some(door) = door(landscape, (*number, *place)) else {
                continue;
            };
            if passage.exit.intersection(&door.takes).is_empty() {
                continue;
            }
            goes_on = true;
            for step in out_of(landscape, (*number, *place)) {
                let next = passage.then(*number, door, step.clone());
                follow(landscape, &next, found);
            }
        }
    }
    if !goes_on {
        found.push(passage.clone());
    }
}

/// A door, by its front and its place.
fn door<'l>(landscape: &'l Landscape<'_>, (number, place): (usize, usize)) -> Option<&'l Door> {
    landscape.fronts().get(number)?.doors.get(place)
}

/// What passes a door from some senders.
fn enter(
    landscape: &Landscape<'_>,
    senders: &[Endpoint],
    at: (usize, usize),
    door: &Door,
) -> Vec<Step> {
    let entry = answer_between(landscape, senders, &door.at).of_packets(&door.takes);
    let Some((packets, is_certain)) = strongest(&entry) else {
        return Vec::new();
    };
    if door.passing == Passing::HandsOn {
        return handed_on(landscape, senders, door, &packets);
    }
    let steps = out_of(landscape, at).iter();
    let joined = steps.map(|step| Step {
        entry: packets.clone(),
        is_certain: step.is_certain && is_certain,
        ..step.clone()
    });
    joined.collect()
}

/// What passes a door of a service outside the network: its clients send to it what it sends on.
fn come_in(landscape: &Landscape<'_>, at: (usize, usize)) -> Vec<Step> {
    let mut steps = out_of(landscape, at).to_vec();
    for step in &mut steps {
        step.entry = step.exit.clone();
    }
    steps
}

/// What a door sends to its targets, whoever came in.
fn out_of<'l>(landscape: &'l Landscape<'_>, at: (usize, usize)) -> &'l [Step] {
    let steps = landscape.beyond().steps.get(at.0);
    let steps = steps
        .and_then(|doors| doors.get(at.1))
        .zip(door(landscape, at));
    steps.map_or(&[], |(steps, door)| {
        steps.get_or_init(|| match &door.behind {
            Reach::Targets(targets) => to_targets(landscape, door, targets),
            Reach::Anybody { sends, is_certain } => to_anybody(landscape, door, sends, *is_certain),
        })
    })
}

/// What a node's packets reach: one question for each class of the engine.
fn to_anybody(
    landscape: &Landscape<'_>,
    door: &Door,
    sends: &PacketSet,
    is_certain: bool,
) -> Vec<Step> {
    let mut steps = Vec::new();
    for (_, class) in landscape.engine().classes() {
        let mut members = class.endpoints.iter().filter(|endpoint| {
            matches!(endpoint, Endpoint::Interface { interface, .. } if Some(*interface) != door.node)
        });
        let Some(first) = members.next() else {
            continue;
        };
        let answer = answer_between(landscape, &door.from, &[*first]).of_packets(sends);
        let Some((exit, passes)) = strongest(&answer) else {
            continue;
        };
        steps.extend([first].into_iter().chain(members).map(|to| Step {
            entry: PacketSet::empty(),
            to: *to,
            exit: exit.clone(),
            is_certain: passes && is_certain,
        }));
    }
    steps
}

fn to_targets(landscape: &Landscape<'_>, door: &Door, targets: &[Behind]) -> Vec<Step> {
    let mut steps = Vec::new();
    for behind in targets {
        let exit = match door.passing {
            Passing::Answers => answer_between(landscape, &door.from, &[behind.to]),
            // Whose groups admit whom depends on the client: the most that can pass.
            Passing::AnswersAsClient | Passing::HandsOn => Answer {
                undetermined: behind.sends.clone(),
                ..Answer::nothing()
            },
        };
        if let Some((exit, is_certain)) = strongest(&exit.of_packets(&behind.sends)) {
            steps.push(Step {
                entry: PacketSet::empty(),
                to: behind.to,
                exit,
                is_certain: is_certain && behind.is_certain,
            });
        }
    }
    steps
}

/// Where the node hands packets on, each target is asked for by name: which of several gets a packet depends on the
/// client's port, and any of them may.
fn handed_on(
    landscape: &Landscape<'_>,
    senders: &[Endpoint],
    door: &Door,
    packets: &PacketSet,
) -> Vec<Step> {
    let mut steps = Vec::new();
    let Reach::Targets(targets) = &door.behind else {
        return steps;
    };
    for behind in targets {
        for protocol in [Protocol::TCP, Protocol::UDP] {
            let of_protocol = PacketSet::of_protocol(protocol);
            let entry = packets.intersection(&of_protocol);
            let Some(port) = entry.destination_ports(protocol).first() else {
                continue;
            };
            let question = |at: IpAddr| match protocol {
                Protocol::UDP => Question::udp(at, port),
                _ => Question::tcp(at, port),
            };
            let answer = best_handed_on(landscape, senders, door, behind, question);
            if answer != Reachability::Blocked {
                steps.push(Step {
                    entry,
                    to: behind.to,
                    exit: behind.sends.intersection(&of_protocol),
                    is_certain: answer == Reachability::Reachable,
                });
            }
        }
    }
    steps
}

/// The best answer of any sender at any address of the node, for packets that are handed to one target.
fn best_handed_on(
    landscape: &Landscape<'_>,
    senders: &[Endpoint],
    door: &Door,
    behind: &Behind,
    question: impl Fn(IpAddr) -> Question,
) -> Reachability {
    let mut best = Reachability::Blocked;
    let target = behind.to.address();
    for sender in senders {
        for at in door.at.iter().map(Endpoint::address) {
            let asked = landscape
                .tracer()
                .ask_through(*sender, question(at), target);
            match asked.map(|trace| trace.reachability) {
                Some(Reachability::Reachable) => return Reachability::Reachable,
                Some(Reachability::Undetermined) => best = Reachability::Undetermined,
                Some(Reachability::Blocked) | None => {}
            }
        }
    }
    best
}

/// What passes for certain, or else what may.
fn strongest(answer: &Answer) -> Option<(PacketSet, bool)> {
    if !answer.certain.is_empty() {
        Some((answer.certain.clone(), true))
    } else if !answer.undetermined.is_empty() {
        Some((answer.undetermined.clone(), false))
    } else {
        None
    }
}

/// Two endpoints of each class of the engine stand for all: one of them is on another host than the target.
fn representatives(landscape: &Landscape<'_>, endpoints: &[Endpoint]) -> Vec<Endpoint> {
    let mut seen: BTreeMap<ClassId, usize> = BTreeMap::new();
    let mut chosen = Vec::new();
    for endpoint in endpoints {
        let n_seen = landscape.engine().class_of(endpoint).map(|class| {
            let n_seen = seen.entry(class).or_default();
            *n_seen += 1;
            *n_seen
        });
        if n_seen.is_none_or(|n_seen| n_seen <= 2) {
            chosen.push(*endpoint);
        }
    }
    chosen
}
