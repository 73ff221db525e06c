//! What becomes of a rule: it goes, or shrinks to what kept flows need of it.

use std::collections::{BTreeMap, BTreeSet};

use engine::Engine;
use model::{Change, ChangeError, RuleName, SecurityGroupRule, Snapshot};
use packet::{PortRange, Service};
use trace::Tracer;

use super::RuleChange;
use super::evidence::Piece;
use super::flow::{Carried, Flow};
use super::narrow::{Width, narrowed};
use crate::landscape::Landscape;
use crate::witness::{RuleAt, rules_of};

/// Decides what becomes of each rule, so that every flow keeps passing.
pub(super) struct Planner<'p, 'a> {
    landscape: &'p Landscape<'a>,
    flows: &'p [Flow],
    carried: Vec<Carried>,
    widths: BTreeMap<RuleAt, Width>,
}

impl<'p, 'a> Planner<'p, 'a> {
    pub(super) fn new(landscape: &'p Landscape<'a>, flows: &'p [Flow]) -> Self {
        let carried = flows.iter().map(|flow| Carried::of(landscape, flow));
        Self {
            landscape,
            flows,
            carried: carried.collect(),
            widths: BTreeMap::new(),
        }
    }

    /// Which flows do not pass as it is.
    pub(super) fn not_carried(&self) -> Vec<usize> {
        let carried = self.carried.iter().enumerate();
        carried
            .filter(|(_, carried)| carried.is_nothing())
            .map(|(number, _)| number)
            .collect()
    }

    /// Whether all flows pass on a changed network as they did.
    pub(super) fn all_kept(&self, after: &Snapshot) -> bool {
        self.flows.is_empty() || self.broken(after).is_empty()
    }

    fn broken(&self, after: &Snapshot) -> Vec<usize> {
        let engine = Engine::new(after);
        let carried = self.carried.iter().enumerate();
        carried
            .filter(|(_, carried)| !carried.is_kept(&engine))
            .map(|(number, _)| number)
            .collect()
    }

    /// Leaves more of these rules.
    pub(super) fn widen(&mut self, rules: &BTreeSet<RuleAt>) {
        for rule in rules {
            let width = self.width(*rule);
            self.widths.insert(*rule, width.wider());
        }
    }

    fn width(&self, rule: RuleAt) -> Width {
        self.widths.get(&rule).copied().unwrap_or(Width::Group)
    }

    /// Finds out how much of a rule has to stay, where nobody did.
    fn settle(&mut self, rule: RuleAt) -> Result<(), ChangeError> {
        if self.flows.is_empty() || self.widths.contains_key(&rule) {
            return Ok(());
        }
        let mut width = Width::Group;
        loop {
            self.widths.insert(rule, width);
            if width == Width::Whole {
                return Ok(());
            }
            let after = self.after(rule)?;
            if self.all_kept(&after) {
                return Ok(());
            }
            width = width.wider();
        }
    }

    fn after(&self, rule: RuleAt) -> Result<Snapshot, ChangeError> {
        let changes = self.changes(&BTreeSet::from([rule]));
        self.landscape.snapshot().with(&changes)
    }

    /// Whether the change of a rule may keep a packet out that it lets through.
    pub(super) fn closes(&mut self, rule: RuleAt, piece: &Piece) -> Result<bool, ChangeError> {
        self.settle(rule)?;
        let instead = self.change(rule).instead;
        if instead.is_empty() {
            return Ok(true);
        }
        if self.width(rule) == Width::Whole {
            return Ok(false);
        }
        let after = self.after(rule)?;
        let trace = Tracer::new(&after).trace(piece.from, piece.packet);
        let rules = rules_of(&trace);
        let is_left = |at: &RuleAt| {
            let left = at.rule(&after);
            at.group == rule.group
                && left.is_some_and(|left| instead.iter().any(|other| is_same(left, other)))
        };
        Ok(!rules.iter().any(is_left))
    }

    /// What becomes of a rule.
    pub(super) fn change(&self, at: RuleAt) -> RuleChange {
        let (instead, needed_by) = narrowed(self.landscape, self.flows, at, self.width(at));
        RuleChange {
            rule: at,
            instead,
            needed_by,
        }
    }

    /// The flows that need a rule, or what is left of it.
    pub(super) fn needed_by(&self, rule: RuleAt) -> Vec<usize> {
        let needed = self.change(rule).needed_by;
        if !needed.is_empty() {
            return needed;
        }
        // What it does for a flow cannot be read off it.
        let name = self.name(rule);
        let after = name.map(|name| self.landscape.snapshot().with(&[Change::RemoveRule(name)]));
        after
            .and_then(Result::ok)
            .map_or_else(Vec::new, |after| self.broken(&after))
    }

    /// The changed rules of which a rule of the changed network is what is left.
    pub(super) fn needs_of(
        &self,
        chosen: &BTreeSet<RuleAt>,
        after: &Snapshot,
        at: RuleAt,
    ) -> Vec<(RuleAt, Vec<usize>)> {
        let Some(left) = at.rule(after) else {
            return Vec::new();
        };
        let of_group = chosen.iter().filter(|rule| rule.group == at.group);
        let changed = of_group.map(|rule| self.change(*rule));
        changed
            .filter(|change| change.instead.iter().any(|other| is_same(other, left)))
            .map(|change| (change.rule, change.needed_by))
            .collect()
    }

    /// The changes of the network that these rules make.
    pub(super) fn changes(&self, rules: &BTreeSet<RuleAt>) -> Vec<Change> {
        let snapshot = self.landscape.snapshot();
        let mut gone = Vec::new();
        let mut added: Vec<(RuleAt, SecurityGroupRule)> = Vec::new();
        for rule in rules {
            gone.extend(self.name(*rule).map(Change::RemoveRule));
            for instead in self.change(*rule).instead {
                let is_known = |(of, other): &(RuleAt, SecurityGroupRule)| {
                    of.group == rule.group && is_same(other, &instead)
                };
                let group = snapshot.groups().get(rule.group);
                let mut others = group.rules.iter().enumerate();
                let is_there = others.any(|(number, other)| {
                    let at = RuleAt { number, ..*rule };
                    is_same(other, &instead) && !rules.contains(&at)
                });
                if !is_there && !added.iter().any(is_known) {
                    added.push((*rule, instead));
                }
            }
        }
        let added = added.into_iter().map(|(at, rule)| Change::AddRule {
            group: snapshot.groups().get(at.group).id.clone(),
            rule,
        });
        gone.into_iter().chain(added).collect()
    }

    fn name(&self, at: RuleAt) -> Option<RuleName> {
        let snapshot = self.landscape.snapshot();
        let group = snapshot.groups().get(at.group).id.clone();
        Some(RuleName::of(group, at.rule(snapshot)?))
    }
}

/// Whether two rules of one group say the same.
pub(super) fn is_same(one: &SecurityGroupRule, other: &SecurityGroupRule) -> bool {
    one.direction == other.direction && one.service == other.service && one.peer == other.peer
}

/// How many services a rule speaks of, roughly: all ports count for two protocols.
pub(super) fn n_services(service: Service) -> u64 {
    let all = u64::from(u16::MAX);
    match service {
        Service::Any => 2 * all,
        Service::Protocol(_) => all,
        Service::Ports { ports, .. } => ports_of(ports),
        Service::Icmp { .. } => 1,
    }
}

fn ports_of(ports: PortRange) -> u64 {
    u64::from(ports.last() - ports.first()) + 1
}
