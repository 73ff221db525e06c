//! Stateless rules: asked for each packet by itself.

use std::net::IpAddr;

use model::{FirewallRules, StatelessAction, StatelessRule};
use packet::{Packet, PortRange, Prefix};

use super::Inspector;
use crate::inspection::FirewallRule;

/// What becomes of a packet. The rule that decided, or the default.
#[derive(Debug)]
pub(super) enum Fate {
    Passed(Option<FirewallRule>),
    Dropped(Option<FirewallRule>),
    Forwarded,
    /// The input does not tell.
    Unknown,
}

impl Fate {
    const fn of(action: StatelessAction, rule: Option<FirewallRule>) -> Self {
        match action {
            StatelessAction::Pass => Self::Passed(rule),
            StatelessAction::Drop => Self::Dropped(rule),
            StatelessAction::Forward => Self::Forwarded,
        }
    }
}

impl Inspector<'_, '_> {
    pub(super) fn stateless(self, packet: &Packet) -> Fate {
        let mut used: Vec<_> = self.policy.stateless.iter().collect();
        used.sort_by_key(|used| used.priority);
        for used in used {
            let Some(index) = used.group.target() else {
                return Fate::Unknown;
            };
            let group = self.tracer.snapshot.firewall_rule_groups().get(index);
            let FirewallRules::Stateless(rules) = &group.rules else {
                return Fate::Unknown;
            };
            if !group.is_complete {
                return Fate::Unknown;
            }
            let mut rules = rules.iter().enumerate();
            if let Some((number, rule)) = rules.find(|(_, rule)| matches(rule, packet)) {
                return if rule.has_flags {
                    Fate::Unknown
                } else {
                    Fate::of(rule.action, Some((index, number)))
                };
            }
        }
        let default = self.policy.stateless_default;
        default.map_or(Fate::Unknown, |action| Fate::of(action, None))
    }
}

/// Whether a rule matches, apart from flags. A rule that looks at them is for TCP only.
fn matches(rule: &StatelessRule, packet: &Packet) -> bool {
    let protocol = packet.protocol();
    let is_of_protocol = rule.protocols.is_empty() || rule.protocols.contains(&protocol);
    let may_have_flags = !rule.has_flags || protocol == packet::Protocol::TCP;
    is_of_protocol
        && may_have_flags
        && holds(&rule.sources, packet.source())
        && holds(&rule.destinations, packet.destination())
        && has_port(&rule.source_ports, packet.source_port())
        && has_port(&rule.destination_ports, packet.destination_port())
}

fn holds(blocks: &[Prefix], address: IpAddr) -> bool {
    blocks.is_empty() || blocks.iter().any(|block| block.contains(address))
}

fn has_port(ranges: &[PortRange], port: Option<u16>) -> bool {
    let Some(port) = port else { return true };
    ranges.is_empty() || ranges.iter().any(|range| range.contains(port))
}
