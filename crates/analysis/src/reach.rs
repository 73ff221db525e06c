//! Answers for a pair, and for sets of hosts.

use std::collections::BTreeMap;

use engine::ClassId;
use model::{Endpoint, Reachability};
use packet::{Family, PacketSet, is_public};

use crate::answer::Answer;
use crate::explain::{Explanation, explain};
use crate::landscape::{Landscape, Selection};
use crate::parts::parts;
use crate::subject::Subject;
use crate::through::{Through, through};
use crate::witness::{Claim, Witness, concrete, witness};

/// The answer for one pair of parties.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reached {
    /// Who starts.
    pub from: Subject,
    /// Who is reached.
    pub to: Subject,
    /// The packets that were asked about.
    pub asked: PacketSet,
    /// Whether any of them makes a session.
    pub reachability: Reachability,
    /// Which of them.
    pub answer: Answer,
    /// Everything that passes between the two, asked about or not.
    pub whole: Answer,
    /// One packet that passes, or one that is open, or one that is blocked, explained; `None` if the two have no
    /// address family in common.
    pub explanation: Option<Explanation>,
    /// The proof with its rules, where anything passes.
    pub witness: Option<Witness>,
    /// What leads there through load balancers and the like.
    pub through: Vec<Through>,
}

/// The answer for sets: a row for each pair of parts between which anything passes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetAnswer {
    /// Who starts.
    pub from: Subject,
    /// Who is reached.
    pub to: Subject,
    /// The packets that were asked about.
    pub asked: PacketSet,
    /// Pairs of parts that behave alike, as far as was asked, between which some of them pass, or may.
    pub rows: Vec<SetRow>,
    /// How many pairs of such parts there are between which none passes directly.
    pub n_blocked: usize,
    /// What leads there through load balancers and the like.
    pub through: Vec<Through>,
}

/// What passes from one part to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetRow {
    /// Who starts.
    pub from: Subject,
    /// Who is reached.
    pub to: Subject,
    /// By which packets.
    pub answer: Answer,
    /// One packet that proves it.
    pub witness: Option<Witness>,
}

/// The answer for a pair of parties, each of which stands for all of its addresses.
pub fn reach(
    landscape: &Landscape<'_>,
    from: &Selection,
    to: &Selection,
    asked: &PacketSet,
) -> Reached {
    let (senders, receivers) = (landscape.endpoints(from), landscape.endpoints(to));
    let whole = answer_between(landscape, &senders, &receivers);
    let answer = whole.of_packets(asked);
    let claim = Claim::of(&answer);
    let proof = claim.and_then(|claim| {
        witness(
            landscape,
            &senders,
            &receivers,
            claim,
            claim.packets(&answer),
        )
    });
    let explanation = match &proof {
        Some(proof) => Some(explain(landscape, proof.from, proof.packet)),
        None => blocked(landscape, &senders, &receivers, asked),
    };
    Reached {
        from: landscape.asked_subject(from),
        to: landscape.asked_subject(to),
        asked: asked.clone(),
        reachability: answer.reachability(),
        answer,
        whole,
        explanation,
        witness: proof,
        through: through(landscape, from, to, asked),
    }
}

/// A packet that does not pass, explained: between addresses that one would use, public ones from outside.
fn blocked(
    landscape: &Landscape<'_>,
    senders: &[Endpoint],
    receivers: &[Endpoint],
    asked: &PacketSet,
) -> Option<Explanation> {
    let pairs = senders
        .iter()
        .flat_map(|sender| receivers.iter().map(move |receiver| (sender, receiver)));
    let pairs: Vec<_> = pairs
        .filter(|(sender, receiver)| family(sender) == family(receiver))
        .collect();
    let is_natural = |(sender, receiver): &&(&Endpoint, &Endpoint)| {
        let is_outside = matches!(sender, Endpoint::Internet { .. });
        is_outside == is_public(receiver.address())
    };
    let (sender, receiver) = pairs.iter().find(is_natural).or(pairs.first())?;
    let packet = concrete(asked, sender, receiver)?;
    Some(explain(landscape, **sender, packet))
}

pub(crate) const fn family(endpoint: &Endpoint) -> Family {
    Family::of(endpoint.address())
}

/// The answer for sets of hosts, by parts of them that behave alike towards each other.
pub fn reach_set(
    landscape: &Landscape<'_>,
    from: &Selection,
    to: &Selection,
    asked: &PacketSet,
) -> SetAnswer {
    let (sources, targets) = parts(landscape, from, to);
    let mut rows = Vec::new();
    let mut n_blocked = 0;
    for source in &sources {
        for target in &targets {
            let answer =
                answer_between(landscape, &source.endpoints, &target.endpoints).of_packets(asked);
            let Some(claim) = Claim::of(&answer) else {
                n_blocked += 1;
                continue;
            };
            let packets = claim.packets(&answer);
            let proof = witness(
                landscape,
                &source.endpoints,
                &target.endpoints,
                claim,
                packets,
            );
            rows.push(SetRow {
                from: source.subject.clone(),
                to: target.subject.clone(),
                answer,
                witness: proof,
            });
        }
    }
    let through = through(landscape, from, to, asked);
    let (from, to) = (landscape.asked_subject(from), landscape.asked_subject(to));
    SetAnswer {
        from,
        to,
        asked: asked.clone(),
        rows,
        n_blocked,
        through,
    }
}

/// What passes from any of some endpoints to any of others on another host; on the same host if there are no others.
pub(crate) fn answer_between(
    landscape: &Landscape<'_>,
    from: &[Endpoint],
    to: &[Endpoint],
) -> Answer {
    let (sources, targets) = (
        by_engine_class(landscape, from),
        by_engine_class(landscape, to),
    );
    let mut all = Answer::nothing();
    let mut has_pair = false;
    for source in &sources {
        for target in targets
            .iter()
            .filter(|target| family_of(source) == family_of(target))
        {
            let mut pairs = source
                .iter()
                .flat_map(|a| target.iter().map(move |b| (*a, *b)));
            if let Some((a, b)) = pairs.find(|(a, b)| !landscape.is_same_host(a, b)) {
                has_pair = true;
                let answer = landscape.answer_of(a, b);
                if *answer != all {
                    all = all.union(&answer);
                }
            }
        }
    }
    match (has_pair, from.first(), to.first()) {
        (false, Some(a), Some(b)) if family(a) == family(b) => {
            Answer::of(&landscape.engine().reach(a, b), family(b))
        }
        _ => all,
    }
}

fn family_of(endpoints: &[&Endpoint]) -> Option<Family> {
    endpoints.first().map(|endpoint| family(endpoint))
}

/// Endpoints of one class of the engine together; those of no class each alone.
fn by_engine_class<'e>(
    landscape: &Landscape<'_>,
    endpoints: &'e [Endpoint],
) -> Vec<Vec<&'e Endpoint>> {
    let mut classes: BTreeMap<ClassId, Vec<&Endpoint>> = BTreeMap::new();
    let mut alone = Vec::new();
    for endpoint in endpoints {
        match landscape.engine().class_of(endpoint) {
            Some(class) => classes.entry(class).or_default().push(endpoint),
            None => alone.push(vec![endpoint]),
        }
    }
    classes.into_values().chain(alone).collect()
}
