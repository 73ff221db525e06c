//! What two snapshots differ in: who can reach whom by what, before and after.
//!
//! Endpoints are the same before and after if they are the same address of the same interface, or the same block of the
//! same network outside. Those that behave alike on both sides are one kind; changes are told between kinds.
//!
//! # Limits
//!
//! Ways are direct ones: what a load balancer passes on counts as the way to it, and the way from it to its targets. Two
//! endpoints that are on one host before or after are not compared, nor are addresses of VPCs that nobody holds.

mod kinds;
mod naming;
mod proof;
mod rows;

use std::collections::BTreeMap;

use engine::{Engine, Reach};
use model::{Change, Endpoint, Snapshot};
use packet::{Family, Packet, PacketSet, Prefix};

use crate::answer::Answer;
use crate::witness::RuleAt;

use kinds::Kinds;
pub use proof::Prover;

/// What differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The kinds that changes name.
    kinds: BTreeMap<PartyKindId, Vec<Party>>,
    /// All networks outside by block, if changes name any.
    outside: Vec<Party>,
    /// What changed between them. Each two kinds are in one of the changes at most.
    pub changes: Vec<Changed>,
}

/// The number of a kind of endpoints: those that behave alike on both sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartyKindId(usize);

/// One endpoint on both sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Party {
    /// As it was; `None` if it was not there.
    pub before: Option<Endpoint>,
    /// As it is; `None` if it is gone.
    pub after: Option<Endpoint>,
    /// The block that it stands for, where it is outside.
    pub block: Option<Prefix>,
}

/// What changed from some kinds of endpoints to others: from each of them to each that is on another host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// Who starts.
    pub from: Vec<PartyKindId>,
    /// Who is reached.
    pub to: Vec<PartyKindId>,
    /// What it was and is; no packet is in two of them.
    pub moves: Vec<Move>,
}

/// Packets whose fate changed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Move {
    /// What became of them before.
    pub before: State,
    /// What becomes of them now.
    pub after: State,
    /// The packets, with addresses left free.
    pub packets: PacketSet,
}

/// What becomes of packets between two endpoints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// They are dropped, or one of the two is not there.
    Blocked,
    /// They arrive, and no answer returns.
    OneWay,
    /// The input or the model cannot tell.
    Undetermined,
    /// They arrive and are answered.
    Reachable,
}

/// A packet that proves a move, as `trace` has replayed it on both sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// Who sends it.
    pub from: Party,
    /// Who receives it.
    pub to: Party,
    /// The packet as it is sent.
    pub packet: Packet,
    /// On which side it gets farther.
    pub side: Side,
    /// The rules of groups that let it pass on that side.
    pub rules: Vec<RuleAt>,
    /// Whether `trace` says the same of both sides as the engine. If not, one of them is wrong: a bug to be reported.
    pub is_replayed: bool,
}

/// One of the two snapshots.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// The first one.
    Before,
    /// The second one.
    After,
}

/// Compares two snapshots.
///
/// # Cost
///
/// All pairs of both, and a pass over the kinds of endpoints for each two rows that belong to one target.
pub fn difference(before: &Snapshot, after: &Snapshot) -> Difference {
    let old = Engine::alongside(before, after);
    let new = old.with_rules_of(after);
    Difference::between(
        &old,
        &new.unwrap_or_else(|| Engine::alongside(after, before)),
    )
}

/// Tells what changes of a snapshot change, which [made](Snapshot::with) another one of it.
///
/// # Cost
///
/// All pairs of the first one, and again what the [changes touch](Engine::after); then as [`Difference::between`].
pub fn difference_by<'c>(
    before: &Snapshot,
    after: &Snapshot,
    changes: impl IntoIterator<Item = &'c Change>,
) -> Difference {
    let old = Engine::alongside(before, after);
    Difference::between(&old, &old.after(after, changes))
}

impl Difference {
    /// Compares what two engines say, of which the second one was made for a snapshot [after](Engine::after) changes by the
    /// first one, or both [alongside](Engine::alongside) each other.
    ///
    /// # Cost
    ///
    /// If they have the same classes, a look at each class, and a pass over what differs; else a pass over all
    /// endpoints, and one over their kinds for each two rows that belong to one target.
    pub fn between(before: &Engine<'_>, after: &Engine<'_>) -> Self {
        let kinds = Kinds::of(before, after);
        let changes = rows::changes(&kinds);
        let named = changes
            .iter()
            .flat_map(|one| one.from.iter().chain(&one.to));
        let named = named.map(|id| (*id, kinds.parties(*id).into_owned()));
        let named: BTreeMap<PartyKindId, Vec<Party>> = named.collect();
        let mut parties = named.values().flatten();
        let names_outside = parties.any(|party| party.block.is_some());
        Self {
            kinds: named,
            outside: if names_outside {
                kinds.outside()
            } else {
                Vec::new()
            },
            changes,
        }
    }

    /// The endpoints of a kind that a change names, in order.
    pub fn parties(&self, id: PartyKindId) -> &[Party] {
        self.kinds.get(&id).map_or(&[], Vec::as_slice)
    }
}

impl Changed {
    /// The move that matters most: what opened, then what may have, then what closed.
    pub fn gravest(&self) -> Option<&Move> {
        let order = |one: &&Move| (std::cmp::Reverse(one.after), one.before);
        self.moves.iter().min_by_key(order)
    }
}

/// What changed from one answer to another. Messages that nobody answers count for nothing: answers hold them beside
/// others only.
fn moves(before: Option<&Reach>, after: Option<&Reach>, family: Family) -> Vec<Move> {
    let (old, new) = (states(before, family), states(after, family));
    let unanswered = PacketSet::without_answer();
    let mut moves = Vec::new();
    for (before, was) in &old {
        for (after, is) in new.iter().filter(|(after, _)| after != before) {
            let packets = was.intersection(is).difference(&unanswered);
            if !packets.is_empty() {
                let (before, after) = (*before, *after);
                moves.push(Move {
                    before,
                    after,
                    packets,
                });
            }
        }
    }
    moves.sort_unstable();
    moves
}

/// The packets of a family in each state.
fn states(reach: Option<&Reach>, family: Family) -> [(State, PacketSet); 4] {
    let answer = reach.map_or_else(Answer::nothing, |reach| Answer::of(reach, family));
    // Of a service that goes one way only, packets from some client ports may not even arrive.
    let one_way = reach.map_or_else(PacketSet::empty, |reach| {
        answer.one_way.intersection(&reach.delivered)
    });
    let passing = answer.certain.union(&answer.undetermined).union(&one_way);
    let all = PacketSet::of_family(family);
    [
        (State::Blocked, all.difference(&passing)),
        (State::OneWay, one_way),
        (State::Undetermined, answer.undetermined),
        (State::Reachable, answer.certain),
    ]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use testkit::{Random, random_change, random_network};

    use super::*;

    /// A network, what some changes make of it, and those.
    fn changed(seed: u64) -> (Snapshot, Snapshot, Vec<Change>) {
        let mut random = Random::new(seed);
        let before = random_network(seed).unwrap().snapshot();
        let mut after = before.clone();
        let mut changes = Vec::new();
        for _ in 0..=seed % 4 {
            let Some(change) = random_change(&after, &mut random) else {
                continue;
            };
            if let Ok(next) = after.with([&change]) {
                changes.push(change);
                after = next;
            }
        }
        (before, after, changes)
    }

    fn pair(seed: u64) -> (Snapshot, Snapshot) {
        let (before, after, _) = changed(seed);
        (before, after)
    }

    /// The moves between any two parties, as a difference tells them.
    fn told(difference: &Difference) -> BTreeMap<(Party, Party), Vec<Move>> {
        let mut told = BTreeMap::new();
        let parties = |ids: &[PartyKindId]| -> Vec<Party> {
            let parties = ids.iter().flat_map(|id| difference.parties(*id));
            parties.copied().collect()
        };
        for changed in &difference.changes {
            for from in parties(&changed.from) {
                for to in parties(&changed.to) {
                    let other = told.insert((from, to), changed.moves.clone());
                    assert_eq!(other, None, "two changes speak of one pair");
                }
            }
        }
        told
    }

    /// The same, found pair by pair.
    fn asked(before: &Snapshot, after: &Snapshot) -> BTreeMap<(Party, Party), Vec<Move>> {
        let (old, new) = (Engine::new(before), Engine::new(after));
        let aligned = [
            Engine::alongside(before, after),
            Engine::alongside(after, before),
        ];
        let kinds = Kinds::of(&aligned[0], &aligned[1]);
        let parties = |id| kinds.parties(id).into_owned();
        let sources = kinds.ids().filter(|id| kinds.sends(*id));
        let sources: Vec<Party> = sources.flat_map(parties).collect();
        let targets: Vec<Party> = kinds.ids().flat_map(parties).collect();
        let mut asked = BTreeMap::new();
        for to in &targets {
            for from in &sources {
                let family =
                    |party: &Party| Family::of(party.after.or(party.before).unwrap().address());
                if family(from) != family(to) || (from.block.is_some() && to.block.is_some()) {
                    continue;
                }
                let answer = |engine: &Engine<'_>, ends: Option<(Endpoint, Endpoint)>| {
                    let (a, b) = ends?;
                    let is_one = engine.is_same_host(&a, &b);
                    (!is_one).then(|| engine.reach(&a, &b))
                };
                let sides = [
                    (&old, from.before.zip(to.before)),
                    (&new, from.after.zip(to.after)),
                ];
                let answers = sides.map(|(engine, ends)| match ends {
                    None => Some(Reach::nothing()),
                    Some(_) => answer(engine, ends),
                });
                if let [Some(was), Some(is)] = &answers {
                    let found = moves(Some(was), Some(is), family(to));
                    if !found.is_empty() {
                        asked.insert((*from, *to), found);
                    }
                }
            }
        }
        asked
    }

    /// Pairs of parties of one host are nobody's: a change may speak of them where it speaks of their kinds.
    fn is_joined(before: &Snapshot, after: &Snapshot, (from, to): &(Party, Party)) -> bool {
        let (old, new) = (Engine::new(before), Engine::new(after));
        let engines = [&old, &new];
        rows::meeting(engines, &[*from], &[*to]).is_none()
    }

    #[test]
    fn a_difference_is_what_asking_each_pair_tells() {
        let mut n_pairs = 0;
        for seed in 0..80 {
            let (before, after, changes) = changed(seed);
            let asked = asked(&before, &after);
            n_pairs += asked.len();
            let by_changes = difference_by(&before, &after, &changes);
            for difference in [difference(&before, &after), by_changes] {
                let mut told = told(&difference);
                told.retain(|pair, _| {
                    asked.contains_key(pair) || !is_joined(&before, &after, pair)
                });
                assert_eq!(told, asked, "seed {seed}");
            }
        }
        assert!(400 < n_pairs, "{n_pairs}");
    }

    #[test]
    fn a_snapshot_does_not_differ_from_itself() {
        for seed in 0..40 {
            let snapshot = random_network(seed).unwrap().snapshot();
            assert_eq!(difference(&snapshot, &snapshot).changes, []);
        }
    }

    #[test]
    fn the_difference_the_other_way_round_is_its_mirror() {
        for seed in 0..60 {
            let (before, after) = pair(seed);
            let there = told(&difference(&before, &after));
            let back = told(&difference(&after, &before));
            let turned = |party: Party| Party {
                before: party.after,
                after: party.before,
                ..party
            };
            let mirrored = back.into_iter().map(|((from, to), moves)| {
                let moves = moves.into_iter().map(|one| Move {
                    before: one.after,
                    after: one.before,
                    packets: one.packets,
                });
                let mut moves: Vec<Move> = moves.collect();
                moves.sort_unstable();
                ((turned(from), turned(to)), moves)
            });
            let mirrored: BTreeMap<_, _> = mirrored.collect();
            assert_eq!(there, mirrored, "seed {seed}");
        }
    }

    #[test]
    fn every_move_has_a_packet_that_proves_it() {
        let (mut n_moves, mut n_proofs) = (0, 0);
        for seed in 0..120 {
            let (before, after) = pair(seed);
            let difference = difference(&before, &after);
            let prover = Prover::new(&before, &after);
            for changed in &difference.changes {
                for one in &changed.moves {
                    n_moves += 1;
                    let Some(proof) = prover.proof(&difference, changed, one) else {
                        continue;
                    };
                    n_proofs += 1;
                    // Where a load balancer chooses among targets, engine and trace do not mean the same by one-way.
                    let is_one_way = [one.before, one.after].contains(&State::OneWay);
                    assert!(
                        proof.is_replayed || is_one_way,
                        "seed {seed}: {one:?} {proof:?}"
                    );
                }
            }
        }
        assert_eq!(n_moves, n_proofs);
        assert!(200 < n_moves, "{n_moves}");
    }
}
