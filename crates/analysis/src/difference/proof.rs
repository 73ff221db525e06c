//! Packets that prove what changed.

use model::{Endpoint, Reachability, Snapshot};
use trace::{Trace, Tracer};

use super::{Changed, Difference, Move, Party, Proof, Side, State};
use crate::witness::{concrete, rules_of};

/// More pairs of endpoints are not tried.
const MAX_PAIRS: usize = 1000;

/// Finds proofs for changes between two snapshots.
#[derive(Debug)]
pub struct Prover<'a> {
    before: Tracer<'a>,
    after: Tracer<'a>,
}

impl<'a> Prover<'a> {
    /// Prepares both snapshots.
    pub fn new(before: &'a Snapshot, after: &'a Snapshot) -> Self {
        Self {
            before: Tracer::new(before),
            after: Tracer::new(after),
        }
    }

    /// A packet whose fate changed as a move of a change says; `None` if no two endpoints can exchange one.
    pub fn proof(&self, difference: &Difference, changed: &Changed, one: &Move) -> Option<Proof> {
        let parties = |ids: &[super::PartyKindId]| {
            let kinds = ids.iter().map(|id| difference.parties(*id));
            let parties = kinds.flat_map(|parties| parties.iter().take(MAX_PAIRS));
            parties.copied().collect::<Vec<Party>>()
        };
        let (from, to) = (parties(&changed.from), parties(&changed.to));
        let pairs = from
            .iter()
            .flat_map(|source| to.iter().map(move |target| (*source, *target)));
        let mut proofs = pairs
            .take(MAX_PAIRS)
            .filter_map(|(source, target)| self.between(source, target, one));
        let first = proofs.next()?;
        if first.is_replayed {
            return Some(first);
        }
        // Endpoints of one host come in between: they are not meant.
        Some(proofs.find(|proof| proof.is_replayed).unwrap_or(first))
    }

    fn between(&self, from: Party, to: Party, one: &Move) -> Option<Proof> {
        let ends = |side: Side| match side {
            Side::Before => from.before.zip(to.before),
            Side::After => from.after.zip(to.after),
        };
        let side = if one.before < one.after {
            Side::After
        } else {
            Side::Before
        };
        let (source, target) = ends(side)?;
        let packet = concrete(&one.packets, &source, &target)?;
        let follow = |side: Side| {
            let (source, target) = ends(side)?;
            let tracer = match side {
                Side::Before => &self.before,
                Side::After => &self.after,
            };
            Some((tracer.trace(source, packet), target))
        };
        let (was, is) = (follow(Side::Before), follow(Side::After));
        let shown = match side {
            Side::Before => &was,
            Side::After => &is,
        };
        Some(Proof {
            from,
            to,
            packet,
            side,
            rules: shown
                .as_ref()
                .map(|(trace, _)| rules_of(trace))
                .unwrap_or_default(),
            is_replayed: is_in(one.before, was.as_ref()) && is_in(one.after, is.as_ref()),
        })
    }
}

/// What a trace says of its packet, and to whom that was meant to go.
type Replay = (Trace, Endpoint);

/// Whether a trace says that its packet is in a state. Where an end is not there, nothing passes.
fn is_in(state: State, replay: Option<&Replay>) -> bool {
    let Some((trace, target)) = replay else {
        return state == State::Blocked;
    };
    match state {
        State::Blocked => {
            trace.reachability == Reachability::Blocked || is_led_astray(trace, target)
        }
        State::OneWay => trace.one_way && trace.reachability == Reachability::Blocked,
        State::Undetermined => trace.reachability == Reachability::Undetermined,
        State::Reachable => trace.reachability == Reachability::Reachable,
    }
}

/// Whether a packet to an address outside gets to another network than the one that is meant: an office's block may be
/// used on the internet too.
fn is_led_astray(trace: &Trace, target: &Endpoint) -> bool {
    let is_outside = match target {
        Endpoint::Office { .. } | Endpoint::Internet { .. } => true,
        Endpoint::Interface { .. } | Endpoint::Unknown { .. } => false,
    };
    is_outside && trace.to.is_some_and(|to| to != *target)
}
