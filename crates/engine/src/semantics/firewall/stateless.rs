//! Stateless rules of firewalls (`network-firewall.md`, section 1).

use std::net::IpAddr;

use model::{
    FirewallGroupReference, FirewallPolicy, FirewallRules, StatelessAction, StatelessRule,
};
use packet::{PacketSet, PortRange, PortSet, Protocol};

use crate::semantics::Semantics;

/// Packets by what becomes of them; those in no set are dropped.
#[derive(Debug, Clone, Default)]
pub(super) struct Stateless {
    pub(super) passed: PacketSet,
    pub(super) forwarded: PacketSet,
    pub(super) unknown: PacketSet,
}

impl Stateless {
    fn add(&mut self, action: Option<StatelessAction>, packets: &PacketSet) {
        let set = match action {
            Some(StatelessAction::Pass) => &mut self.passed,
            Some(StatelessAction::Forward) => &mut self.forwarded,
            Some(StatelessAction::Drop) => return,
            None => &mut self.unknown,
        };
        *set = set.union(packets);
    }
}

impl Semantics<'_> {
    /// What the stateless rules of a policy do with packets between two addresses.
    pub(super) fn stateless(&self, policy: &FirewallPolicy, ends: (IpAddr, IpAddr)) -> Stateless {
        let mut fates = Stateless::default();
        let mut undecided = PacketSet::full();
        for reference in by_priority(&policy.stateless) {
            let Some(rules) = self.stateless_rules(reference) else {
                fates.add(None, &undecided);
                return fates;
            };
            for rule in rules {
                let mut matched = matched_by(rule, ends).intersection(&undecided);
                if rule.has_flags {
                    matched = matched.intersection(&PacketSet::of_protocol(Protocol::TCP));
                }
                fates.add((!rule.has_flags).then_some(rule.action), &matched);
                undecided = undecided.difference(&matched);
            }
        }
        fates.add(policy.stateless_default, &undecided);
        fates
    }

    fn stateless_rules(&self, reference: &FirewallGroupReference) -> Option<&[StatelessRule]> {
        let groups = self.snapshot().firewall_rule_groups();
        let group = groups.get(reference.group.target()?);
        match &group.rules {
            FirewallRules::Stateless(rules) if group.is_complete => Some(rules),
            FirewallRules::Stateless(_) | FirewallRules::Stateful(_) => None,
        }
    }
}

/// The groups that a policy uses, the smallest priority first.
pub(super) fn by_priority(groups: &[FirewallGroupReference]) -> Vec<&FirewallGroupReference> {
    let mut sorted: Vec<&FirewallGroupReference> = groups.iter().collect();
    sorted.sort_by_key(|reference| reference.priority);
    sorted
}

fn matched_by(rule: &StatelessRule, (source, destination): (IpAddr, IpAddr)) -> PacketSet {
    let holds = |blocks: &[packet::Prefix], address| {
        blocks.is_empty() || blocks.iter().any(|block| block.contains(address))
    };
    if !holds(&rule.sources, source) || !holds(&rule.destinations, destination) {
        return PacketSet::empty();
    }
    let protocols = if rule.protocols.is_empty() {
        PacketSet::full()
    } else {
        rule.protocols
            .iter()
            .map(|protocol| PacketSet::of_protocol(*protocol))
            .collect()
    };
    let ported: PacketSet = [Protocol::TCP, Protocol::UDP]
        .map(PacketSet::of_protocol)
        .into_iter()
        .collect();
    let from = PacketSet::from_ports(&port_set(&rule.source_ports));
    let to_ports = port_set(&rule.destination_ports);
    let to: PacketSet = [Protocol::TCP, Protocol::UDP]
        .map(|protocol| PacketSet::to_ports(protocol, &to_ports))
        .into_iter()
        .collect();
    let with_ports = ported.intersection(&from).intersection(&to);
    protocols.intersection(&with_ports.union(&ported.complement()))
}

/// The ports of these ranges; all if there is none.
fn port_set(ranges: &[PortRange]) -> PortSet {
    if ranges.is_empty() {
        return PortSet::full();
    }
    PortSet::from_ranges(ranges.iter().map(|range| (range.first(), range.last())))
}
