//! Network Firewall (`network-firewall.md`).
//!
//! Stateless rules see every packet by itself. What they forward is a matter of stateful rules, which see connections:
//! an answer to what they passed comes back, if it comes the same way.
//!
//! # Source
//!
//! Network Firewall Developer Guide: Stateless and stateful rules engines; Managing evaluation order for Suricata
//! compatible rules; Avoiding asymmetric routing.

mod matching;
mod stateful;
mod stateless;

use std::sync::{Arc, PoisonError};

use model::{Index, NetworkFirewall, ResourceId};
use packet::{PacketSet, Prefix};
use rustc_hash::FxHashMap;

use self::stateful::Flows;
use self::stateless::Stateless;
use super::Semantics;
use crate::filter::{Filter, answered_by};
use crate::way::{Inspection, Outcome, Way};

pub(super) type Memo = FxHashMap<(Index<NetworkFirewall>, Prefix, Prefix), Arc<Judgement>>;

/// What a firewall does with packets between two addresses.
#[derive(Debug)]
pub(super) struct Judgement {
    stateless: Stateless,
    flows: Flows,
}

impl Semantics<'_> {
    /// Packets pass the endpoint of a firewall.
    pub(super) fn inspect(
        &self,
        way: &mut Way,
        firewall: Index<NetworkFirewall>,
        endpoint: &ResourceId,
    ) {
        let judgement = self.judge(way, firewall);
        if way.is_reply() {
            inspect_reply(way, &judgement, endpoint);
        } else {
            inspect_first(way, &judgement, endpoint);
        }
    }

    /// What the firewall does with packets of the addresses that these have now.
    fn judge(&self, way: &Way, index: Index<NetworkFirewall>) -> Arc<Judgement> {
        let blocks = (
            self.lines.of_ways.block(way.source),
            self.lines.of_ways.block(way.destination),
        );
        let key = (index, blocks.0, blocks.1);
        let mut memo = self
            .memos
            .firewalls
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let judgement = memo.entry(key).or_insert_with(|| {
            let firewall = self.snapshot().firewalls().get(index);
            let policy = firewall.policy.target();
            let policy = policy.map(|index| self.snapshot().firewall_policies().get(index));
            Arc::new(policy.map_or_else(Judgement::unknown, |policy| {
                let ends = (way.source, way.destination);
                Judgement {
                    stateless: self.stateless(policy, ends),
                    flows: self.flows(firewall, policy, ends),
                }
            }))
        });
        judgement.clone()
    }
}

impl Judgement {
    /// Of a policy that the input lacks.
    fn unknown() -> Self {
        Self {
            stateless: Stateless {
                unknown: PacketSet::full(),
                ..Stateless::default()
            },
            flows: Flows::default(),
        }
    }
}

fn inspect_first(way: &mut Way, judgement: &Judgement, endpoint: &ResourceId) {
    let Judgement { stateless, flows } = judgement;
    let forwarded = &stateless.forwarded;
    let passed = flows.by_rule.union(&flows.by_default);
    let allow = stateless.passed.union(&forwarded.intersection(&passed));
    let unknown = stateless
        .unknown
        .union(&forwarded.intersection(&flows.unknown));
    way.pass(&Filter::partly(allow, &unknown));
    let inspection = way.inspection_at(endpoint);
    inspection.asked = inspection.asked.union(forwarded);
    let by_default = forwarded.intersection(&flows.by_default);
    inspection.by_default = inspection.by_default.union(&by_default);
}

/// Sets of replies become sets of the first packets that they answer.
fn inspect_reply(way: &mut Way, judgement: &Judgement, endpoint: &ResourceId) {
    let Judgement { stateless, flows } = judgement;
    let forwarded = answered_by(&stateless.forwarded);
    let may_be_dropped = answered_by(&flows.may_be_dropped);
    let inspection = way.inspection_at(endpoint);
    inspection.answered = inspection.answered.union(&forwarded);
    let doubtful = inspection.by_default.intersection(&may_be_dropped);
    let passed = forwarded
        .intersection(&inspection.asked)
        .difference(&doubtful);
    let allow = answered_by(&stateless.passed).union(&passed);
    let unknown = answered_by(&stateless.unknown).union(&forwarded);
    way.pass(&Filter::partly(allow, &unknown));
}

/// Replies are where they were awaited: the same firewalls must have seen them as the first packets.
pub(super) fn come_home(way: &Way) -> Outcome {
    let halves = way.inspections.iter().map(seen_by_half);
    let halves = halves.fold(PacketSet::empty(), |all, half| all.union(&half));
    if halves.is_empty() {
        return Outcome::arrived(&way.filter);
    }
    let whole = halves.complement();
    Outcome::arrived(&way.filter.and(&Filter::partly(whole, &halves)))
}

/// First packets of connections of which the firewall sees one direction only.
fn seen_by_half(inspection: &Inspection) -> PacketSet {
    let asked = inspection.asked.difference(&inspection.answered);
    asked.union(&inspection.answered.difference(&inspection.asked))
}
