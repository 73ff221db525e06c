//! What passes between two sites, whatever stands there wears.

use model::Endpoint;
use packet::PacketSet;

use crate::asks::{Ask, Asks, Ends, Party};
use crate::class::{Classes, Site};
use crate::semantics::{Question, Seen, Semantics, Span};
use crate::way::Outcome;

/// What passes between two sites.
#[derive(Debug)]
pub(crate) enum Terrain {
    /// Nothing.
    Impassable,
    /// These packets, if the groups of both ends let them pass as well.
    Passable {
        ground: Ground,
        /// What the groups of the sender are asked.
        to_source: Vec<Ask>,
        /// What the groups of the receiver are asked.
        to_target: Vec<Ask>,
    },
    /// The answers of the groups are part of the way: every pair has to be followed by itself.
    Entangled,
}

/// Packets as in a `Reach`, before any group is asked.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Ground {
    pub(crate) certain: PacketSet,
    pub(crate) possible: PacketSet,
    pub(crate) delivered: PacketSet,
}

impl Ground {
    fn is_nothing(&self) -> bool {
        self.possible.is_empty() && self.delivered.is_empty()
    }
}

impl Terrain {
    /// Follows the way between two sites once, and tells what was seen of it; nothing if there is none, since all that stand
    /// there are on one host.
    pub(crate) fn between(
        semantics: &Semantics<'_>,
        classes: &Classes,
        (from, to): (Site, Site),
    ) -> (Self, Option<Seen>) {
        let sources = classes.endpoints_at(from);
        let mut pairs =
            sources.flat_map(|source| classes.endpoints_at(to).map(move |target| (source, target)));
        let Some((source, target)) = pairs.find(|pair| are_apart(semantics, *pair)) else {
            return (Self::Entangled, None);
        };
        let question = Question {
            from: *source,
            to: *target,
            open: Ends::of(source, target),
            span: Span::Whole,
        };
        let (outcome, seen) = semantics.follow_watched(&question);
        (Self::of(&outcome), Some(seen))
    }

    fn of(outcome: &Outcome) -> Self {
        let Outcome {
            delivered,
            answered,
        } = outcome;
        let ground = Ground {
            certain: answered.allow().clone(),
            possible: answered.maybe().clone(),
            delivered: delivered.allow().clone(),
        };
        if ground.is_nothing() {
            return Self::Impassable;
        }
        let asks = if answered.denies_all() || answered.asks() == delivered.asks() {
            delivered.asks()
        } else {
            &Asks::Entangled
        };
        let Asks::These(asks) = asks else {
            return Self::Entangled;
        };
        // Where rules change, nobody looks for those that ask the ends for what the other one is asked.
        if !asks
            .iter()
            .all(|ask| ask.is_between_ends() && ask.is_of_role())
        {
            return Self::Entangled;
        }
        let (to_source, to_target) = asks.iter().partition(|ask| ask.wearer() == Party::Source);
        Self::Passable {
            ground,
            to_source,
            to_target,
        }
    }
}

/// The question for the first two endpoints that are not on one host.
pub(crate) fn first_pair(
    semantics: &Semantics<'_>,
    sources: &[Endpoint],
    targets: &[Endpoint],
) -> Option<Question> {
    let pairs = sources
        .iter()
        .flat_map(|source| targets.iter().map(move |target| (source, target)));
    let apart = pairs
        .into_iter()
        .find(|(source, target)| !semantics.is_same_host(source, target))?;
    Some(Question::of(*apart.0, *apart.1))
}

/// Whether two endpoints are of different interfaces, and not joined by a kernel.
fn are_apart(semantics: &Semantics<'_>, (source, target): (&Endpoint, &Endpoint)) -> bool {
    let ends = Ends::of(source, target);
    (ends.source.is_none() || ends.source != ends.target) && !semantics.is_same_host(source, target)
}
