//! The packet that proves a claim.

use model::{
    Direction, Endpoint, Index, Reachability, RulePeer, SecurityGroup, SecurityGroupRule, Snapshot,
};
use packet::{Family, Packet, PacketSet, PortSet, Protocol};
use trace::{Ground, Step, Trace};

use crate::answer::Answer;
use crate::landscape::Landscape;

/// A rule of a group: the group, and the rule's place in its list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleAt {
    /// The group.
    pub group: Index<SecurityGroup>,
    /// The place in [`SecurityGroup::rules`].
    pub number: usize,
}

impl RuleAt {
    /// The rule itself; `None` for a place that the group does not have.
    pub fn rule(self, snapshot: &Snapshot) -> Option<&SecurityGroupRule> {
        snapshot.groups().get(self.group).rules.get(self.number)
    }
}

/// A concrete packet that proves a claim, as `trace` has replayed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witness {
    /// Who sends it.
    pub from: Endpoint,
    /// Who receives it.
    pub to: Endpoint,
    /// The packet as it is sent.
    pub packet: Packet,
    /// The rules that let this packet, and the other packets of the claim, in at the receiver. A few stand for all where
    /// there are many.
    pub ingress: Vec<RuleAt>,
    /// The rules that let it out at the sender.
    pub egress: Vec<RuleAt>,
    /// Why the answer is open, where the claim is that it is: a stable code and a line of text.
    pub doubt: Option<(&'static str, String)>,
    /// Whether `trace` gives the same answer as the engine. If not, one of them is wrong: a bug to be reported.
    pub is_replayed: bool,
}

/// What a witness has to prove.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Claim {
    Certain,
    Undetermined,
    OneWay,
}

impl Claim {
    /// The strongest claim that an answer allows.
    pub(crate) const fn of(answer: &Answer) -> Option<Self> {
        if !answer.certain.is_empty() {
            Some(Self::Certain)
        } else if !answer.undetermined.is_empty() {
            Some(Self::Undetermined)
        } else if !answer.one_way.is_empty() {
            Some(Self::OneWay)
        } else {
            None
        }
    }

    pub(crate) const fn packets(self, answer: &Answer) -> &PacketSet {
        match self {
            Self::Certain => &answer.certain,
            Self::Undetermined => &answer.undetermined,
            Self::OneWay => &answer.one_way,
        }
    }

    fn is_proved_by(self, trace: &Trace) -> bool {
        match self {
            Self::Certain => trace.reachability == Reachability::Reachable,
            Self::Undetermined => trace.reachability == Reachability::Undetermined,
            Self::OneWay => trace.one_way && trace.reachability == Reachability::Blocked,
        }
    }
}

/// A witness for packets of `wanted` between two sets of endpoints.
pub(crate) fn witness(
    landscape: &Landscape<'_>,
    senders: &[Endpoint],
    receivers: &[Endpoint],
    claim: Claim,
    wanted: &PacketSet,
) -> Option<Witness> {
    let mut first = None;
    let mut rules = Vec::new();
    let mut rest = wanted.clone();
    // Packets that one pair of addresses does not carry may go between another: each has rules of its own.
    for (from, to, packets) in pairs(landscape, senders, receivers, claim) {
        let fresh = packets.intersection(&rest);
        if fresh.is_empty() {
            continue;
        }
        rest = rest.difference(&fresh);
        if let Some(proof) = proof(landscape, &from, &to, fresh) {
            rules.extend(proof.rules);
            first.get_or_insert((from, to, proof.packet, proof.trace));
        }
        if rest.is_empty() {
            break;
        }
    }
    let (from, to, packet, trace) = first?;
    let snapshot = landscape.snapshot();
    let doubt = trace
        .doubt()
        .map(|doubt| (doubt.code(), doubt.describe(snapshot)));
    let is_replayed = claim.is_proved_by(&trace);
    let of = |direction| strongest(rules.iter().copied(), direction, snapshot);
    let (ingress, egress) = (of(Direction::Ingress), of(Direction::Egress));
    Some(Witness {
        from,
        to,
        packet,
        ingress,
        egress,
        doubt,
        is_replayed,
    })
}

/// One of some packets between two endpoints, as it was followed, and the rules that decide on them.
struct Proof {
    packet: Packet,
    trace: Trace,
    rules: Vec<RuleAt>,
}

/// Follows packets between two endpoints until a few stand for all; `None` if there is none.
fn proof(
    landscape: &Landscape<'_>,
    from: &Endpoint,
    to: &Endpoint,
    packets: PacketSet,
) -> Option<Proof> {
    let snapshot = landscape.snapshot();
    let mut proof: Option<Proof> = None;
    let mut rest = packets;
    for _ in 0..MAX_RULES {
        let Some(packet) = concrete(&rest, from, to) else {
            break;
        };
        let trace = landscape.tracer().trace(*from, packet);
        let found = rules_of(&trace);
        let admitting = found
            .iter()
            .rev()
            .find_map(|at| ingress_rule(*at, snapshot));
        let letting_out = || found.first().and_then(|at| at.rule(snapshot));
        let service = admitting
            .or_else(letting_out)
            .map(|rule| PacketSet::from(&rule.service));
        let first = proof.get_or_insert(Proof {
            packet,
            trace,
            rules: Vec::new(),
        });
        first.rules.extend(found);
        let Some(service) = service else {
            break;
        };
        rest = rest.difference(&service);
    }
    proof
}

/// So many rules are named for one claim.
const MAX_RULES: usize = 6;

fn ingress_rule(at: RuleAt, snapshot: &Snapshot) -> Option<&SecurityGroupRule> {
    at.rule(snapshot)
        .filter(|rule| rule.direction == Direction::Ingress)
}

/// Pairs of endpoints between which packets pass in the way that is claimed, with those packets.
fn pairs<'e>(
    landscape: &'e Landscape<'_>,
    from: &'e [Endpoint],
    to: &'e [Endpoint],
    claim: Claim,
) -> impl Iterator<Item = (Endpoint, Endpoint, PacketSet)> + 'e {
    let pairs = from
        .iter()
        .flat_map(|source| to.iter().map(move |target| (source, target)));
    pairs.take(MAX_PAIRS).filter_map(move |(source, target)| {
        let family = Family::of(target.address());
        let is_pair =
            Family::of(source.address()) == family && !landscape.is_same_host(source, target);
        let answer =
            is_pair.then(|| Answer::of(&landscape.engine().reach(source, target), family))?;
        Some((*source, *target, claim.packets(&answer).clone()))
    })
}

/// More pairs are not tried: those that differ in their answers come early, since hosts of a class are alike.
const MAX_PAIRS: usize = 100_000;

/// A packet of the set between two endpoints; one to a well-known port if there is one.
pub(crate) fn concrete(set: &PacketSet, from: &Endpoint, to: &Endpoint) -> Option<Packet> {
    let family = Family::of(to.address());
    let set = set.intersection(&PacketSet::of_family(family));
    let ports = set.destination_ports(Protocol::TCP);
    let known = WELL_KNOWN.iter().find(|port| ports.contains(**port));
    let known = known.and_then(|port| {
        let service = PacketSet::to_ports(Protocol::TCP, &PortSet::range(*port, *port));
        set.intersection(&service).witness()
    });
    let shape = known.or_else(|| set.witness())?;
    Packet::new(
        from.address(),
        to.address(),
        shape.protocol(),
        shape.transport(),
    )
}

/// Ports that people recognise, for witnesses.
const WELL_KNOWN: &[u16] = &[22, 443, 445, 3389, 5432, 3306, 80];

/// The rules by which a packet passed on its way.
pub(crate) fn rules_of(trace: &Trace) -> Vec<RuleAt> {
    let steps = trace.forward.hops.iter().flat_map(|hop| &hop.steps);
    steps
        .filter_map(|step| match step {
            Step::Allowed(Ground::Rule(group, number)) => Some(RuleAt {
                group: *group,
                number: *number,
            }),
            Step::Allowed(_) | Step::Denied(_) | Step::Unknown(_) => None,
        })
        .collect()
}

/// The rules of a direction, less those whose services another one of them covers.
fn strongest(
    rules: impl Iterator<Item = RuleAt>,
    direction: Direction,
    snapshot: &Snapshot,
) -> Vec<RuleAt> {
    let mut kept: Vec<(RuleAt, PacketSet)> = Vec::new();
    for at in rules {
        let Some(rule) = at.rule(snapshot).filter(|rule| rule.direction == direction) else {
            continue;
        };
        let mut services = PacketSet::from(&rule.service);
        if let RulePeer::Cidr(cidr) = &rule.peer {
            services = services.intersection(&PacketSet::of_family(cidr.family()));
        }
        if kept.iter().any(|(_, other)| services.is_subset(other)) {
            continue;
        }
        kept.retain(|(_, other)| !other.is_subset(&services));
        kept.push((at, services));
    }
    kept.into_iter().map(|(at, _)| at).collect()
}
