//! Stateful rules: asked for flows, by action or in strict order.

use model::{
    FirewallGroupReference, FirewallRuleOrder, FirewallRules, StatefulAction, StatefulDefault,
};
use packet::Packet;

use super::Inspector;
use super::head::Match;
use crate::inspection::FirewallRule;

/// What becomes of a flow. The rule that decides, or the default.
#[derive(Debug)]
pub(super) enum Verdict {
    Passed(Option<FirewallRule>),
    Dropped(Option<FirewallRule>),
    /// What the application says decides.
    Conditional(Option<FirewallRule>),
}

/// A rule that matches a packet, perhaps.
#[derive(Debug, Clone, Copy)]
struct Hit {
    /// Which one; `None` for one that is not in the input.
    rule: Option<FirewallRule>,
    action: StatefulAction,
    is_certain: bool,
}

impl Inspector<'_, '_> {
    pub(super) fn stateful(self, packet: &Packet) -> Verdict {
        let hits = self.hits(packet);
        match self.policy.rule_order {
            FirewallRuleOrder::ByAction => by_action(&hits),
            FirewallRuleOrder::Strict => self.strict(&hits),
        }
    }

    /// A rule that drops an answer as it is, perhaps.
    #[expect(
        clippy::option_option,
        reason = "no rule, or one that may not be in the input"
    )]
    pub(super) fn may_drop(self, packet: &Packet) -> Option<Option<FirewallRule>> {
        let hits = self.hits(packet);
        let mut drops = hits.iter().filter(|hit| hit.action == StatefulAction::Drop);
        drops.next().map(|hit| hit.rule)
    }

    fn strict(self, hits: &[Hit]) -> Verdict {
        let (mut may_pass, mut may_drop) = (None, None);
        for hit in hits {
            match (hit.action, hit.is_certain) {
                (StatefulAction::Pass, true) => {
                    return may_drop.map_or(Verdict::Passed(hit.rule), Verdict::Conditional);
                }
                (StatefulAction::Drop, true) => {
                    return may_pass.map_or(Verdict::Dropped(hit.rule), Verdict::Conditional);
                }
                (StatefulAction::Pass, false) => may_pass = may_pass.or(Some(hit.rule)),
                (StatefulAction::Drop, false) => may_drop = may_drop.or(Some(hit.rule)),
                (StatefulAction::Alert, _) => {}
            }
        }
        match self.policy.stateful_default {
            StatefulDefault::DropAll => {
                may_pass.map_or(Verdict::Dropped(None), Verdict::Conditional)
            }
            StatefulDefault::DropEstablished => Verdict::Conditional(None),
            StatefulDefault::Pass => may_drop.map_or(Verdict::Passed(None), Verdict::Conditional),
        }
    }

    /// All rules that match, perhaps, group by group.
    fn hits(self, packet: &Packet) -> Vec<Hit> {
        let mut used: Vec<_> = self.policy.stateful.iter().collect();
        used.sort_by_key(|used| used.priority);
        used.into_iter()
            .flat_map(|used| self.hits_of(used, packet))
            .collect()
    }

    fn hits_of(self, used: &FirewallGroupReference, packet: &Packet) -> Vec<Hit> {
        let index = used.group.target();
        let group = index.map(|index| self.tracer.snapshot.firewall_rule_groups().get(index));
        let mut hits = Vec::new();
        let mut is_whole = false;
        if let (Some(index), Some(group)) = (index, group)
            && let FirewallRules::Stateful(rules) = &group.rules
        {
            is_whole = group.is_complete;
            for (number, rule) in rules.iter().enumerate() {
                let answer = self.head_matches(group, rule, packet);
                if answer != Match::No {
                    hits.push(Hit {
                        rule: Some((index, number)),
                        action: rule.action,
                        is_certain: answer == Match::Yes,
                    });
                }
            }
        }
        if !is_whole {
            let anything = [StatefulAction::Pass, StatefulAction::Drop];
            hits.extend(anything.map(|action| Hit {
                rule: None,
                action,
                is_certain: false,
            }));
        }
        let drops = |hit: &Hit| hit.action == StatefulAction::Drop;
        hits.retain(|hit| !(used.only_alerts && drops(hit)));
        hits
    }
}

/// All that pass, then all that drop.
fn by_action(hits: &[Hit]) -> Verdict {
    let find = |action, is_certain| {
        let mut hits = hits.iter();
        let hit = hits.find(|hit| hit.action == action && hit.is_certain == is_certain);
        hit.map(|hit| hit.rule)
    };
    if let Some(rule) = find(StatefulAction::Pass, true) {
        return Verdict::Passed(rule);
    }
    let may_pass = find(StatefulAction::Pass, false);
    match (find(StatefulAction::Drop, true), may_pass) {
        (Some(rule), None) => Verdict::Dropped(rule),
        (Some(_), Some(rule)) => Verdict::Conditional(rule),
        (None, _) => {
            let may_drop = find(StatefulAction::Drop, false);
            may_drop.map_or(Verdict::Passed(None), Verdict::Conditional)
        }
    }
}
