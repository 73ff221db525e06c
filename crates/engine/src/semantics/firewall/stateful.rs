//! Stateful rules of firewalls (`network-firewall.md`, section 2).

use std::net::IpAddr;

use model::{
    FirewallGroupReference, FirewallPolicy, FirewallRuleOrder, FirewallRules, NetworkFirewall,
    StatefulAction, StatefulDefault,
};
use packet::PacketSet;

use super::matching::Names;
use super::stateless::by_priority;
use crate::filter::Filter;
use crate::semantics::Semantics;

/// First packets of flows by what becomes of them; those in none of the first three sets are dropped.
#[derive(Debug, Clone, Default)]
pub(super) struct Flows {
    pub(super) by_rule: PacketSet,
    pub(super) by_default: PacketSet,
    pub(super) unknown: PacketSet,
    /// Packets that some rule would drop, certainly or perhaps.
    pub(super) may_be_dropped: PacketSet,
}

/// A rule that decides something: what it does, and the packets that it matches.
struct Deciding {
    action: Action,
    matched: Filter,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Action {
    Pass,
    Drop,
}

impl Semantics<'_> {
    /// What the stateful rules of a policy do with flows between two addresses.
    pub(super) fn flows(
        &self,
        firewall: &NetworkFirewall,
        policy: &FirewallPolicy,
        ends: (IpAddr, IpAddr),
    ) -> Flows {
        let mut rules = Vec::new();
        for reference in by_priority(&policy.stateful) {
            self.add_rules(&mut rules, (firewall, policy), reference, ends);
        }
        let mut flows = match policy.rule_order {
            FirewallRuleOrder::ByAction => by_action(&rules),
            FirewallRuleOrder::Strict => in_order(&rules, policy.stateful_default),
        };
        flows.may_be_dropped = either(&rules, Action::Drop).maybe().clone();
        flows
    }

    /// The rules of a group that decide; what of it is not known perhaps passes and perhaps drops everything.
    fn add_rules(
        &self,
        rules: &mut Vec<Deciding>,
        (firewall, policy): (&NetworkFirewall, &FirewallPolicy),
        reference: &FirewallGroupReference,
        ends: (IpAddr, IpAddr),
    ) {
        let groups = self.snapshot().firewall_rule_groups();
        let group = reference.group.target().map(|index| groups.get(index));
        let mut is_whole = false;
        if let Some(group) = group
            && let FirewallRules::Stateful(written) = &group.rules
        {
            is_whole = group.is_complete;
            let names = Names {
                firewall,
                policy,
                group,
            };
            for rule in written {
                let action = match rule.action {
                    StatefulAction::Pass => Action::Pass,
                    StatefulAction::Drop if !reference.only_alerts => Action::Drop,
                    StatefulAction::Drop | StatefulAction::Alert => continue,
                };
                let matched = self.matched_by_rule(rule, names, ends);
                rules.push(Deciding { action, matched });
            }
        }
        if !is_whole {
            let matched = Filter::unknown();
            rules.push(Deciding {
                action: Action::Pass,
                matched: matched.clone(),
            });
            if !reference.only_alerts {
                let action = Action::Drop;
                rules.push(Deciding { action, matched });
            }
        }
    }
}

/// What some rule with this action matches.
fn either(rules: &[Deciding], action: Action) -> Filter {
    let those = rules.iter().filter(|rule| rule.action == action);
    those.fold(Filter::deny(), |all, rule| all.best(&rule.matched))
}

fn by_action(rules: &[Deciding]) -> Flows {
    let (passed, dropped) = (either(rules, Action::Pass), either(rules, Action::Drop));
    let by_rule = passed.allow().clone();
    let surely = dropped.allow().difference(passed.maybe());
    let unknown = dropped.maybe().difference(&surely).difference(&by_rule);
    let decided = by_rule.union(&surely).union(&unknown);
    Flows {
        by_default: decided.complement(),
        by_rule,
        unknown,
        may_be_dropped: PacketSet::empty(),
    }
}

fn in_order(rules: &[Deciding], default: StatefulDefault) -> Flows {
    let mut flows = Flows::default();
    let mut undecided = PacketSet::full();
    let (mut may_pass, mut may_drop) = (PacketSet::empty(), PacketSet::empty());
    for rule in rules {
        let matched = rule.matched.allow().intersection(&undecided);
        match rule.action {
            Action::Pass => {
                flows.by_rule = flows.by_rule.union(&matched.difference(&may_drop));
                flows.unknown = flows.unknown.union(&matched.intersection(&may_drop));
            }
            Action::Drop => flows.unknown = flows.unknown.union(&matched.intersection(&may_pass)),
        }
        undecided = undecided.difference(&matched);
        let perhaps = rule.matched.maybe().intersection(&undecided);
        match rule.action {
            Action::Pass => may_pass = may_pass.union(&perhaps),
            Action::Drop => may_drop = may_drop.union(&perhaps),
        }
    }
    let unknown = match default {
        StatefulDefault::DropAll => undecided.intersection(&may_pass),
        StatefulDefault::DropEstablished => undecided.clone(),
        StatefulDefault::Pass => undecided.intersection(&may_drop),
    };
    if default == StatefulDefault::Pass {
        flows.by_default = undecided.difference(&unknown);
    }
    flows.unknown = flows.unknown.union(&unknown);
    flows
}
