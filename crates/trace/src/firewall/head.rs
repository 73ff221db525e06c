//! Whether the head of a stateful rule matches a packet.

use std::net::IpAddr;

use model::{
    EXTERNAL_NET, FirewallAddresses, FirewallPorts, FirewallProtocol, FirewallRuleGroup, HOME_NET,
    StatefulRule,
};
use packet::{Packet, Prefix, Protocol};

use super::Inspector;

/// How deep variables in variables are followed.
const MAX_VARIABLES: usize = 4;

/// Whether something matches. What is more certain is larger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Match {
    No,
    Perhaps,
    Yes,
}

impl Match {
    const fn of(is_so: bool) -> Self {
        if is_so { Self::Yes } else { Self::No }
    }

    const fn not(self) -> Self {
        match self {
            Self::No => Self::Yes,
            Self::Perhaps => Self::Perhaps,
            Self::Yes => Self::No,
        }
    }
}

impl Inspector<'_, '_> {
    pub(super) fn head_matches(
        self,
        group: &FirewallRuleGroup,
        rule: &StatefulRule,
        packet: &Packet,
    ) -> Match {
        let (source, destination) = (packet.source(), packet.destination());
        let ports = (packet.source_port(), packet.destination_port());
        let one_way = |from, from_port, to, to_port| {
            let answers = [
                self.holds(group, &rule.source, from, MAX_VARIABLES),
                has_port(group, &rule.source_ports, from_port, MAX_VARIABLES),
                self.holds(group, &rule.destination, to, MAX_VARIABLES),
                has_port(group, &rule.destination_ports, to_port, MAX_VARIABLES),
            ];
            answers.into_iter().min().unwrap_or(Match::Yes)
        };
        let mut sides = one_way(source, ports.0, destination, ports.1);
        if rule.is_both_ways {
            sides = sides.max(one_way(destination, ports.1, source, ports.0));
        }
        let options = if rule.is_conditional {
            Match::Perhaps
        } else {
            Match::Yes
        };
        is_of_protocol(&rule.protocol, packet.protocol())
            .min(sides)
            .min(options)
    }

    fn holds(
        self,
        group: &FirewallRuleGroup,
        set: &FirewallAddresses,
        address: IpAddr,
        depth: usize,
    ) -> Match {
        match set {
            FirewallAddresses::Any => Match::Yes,
            FirewallAddresses::Block(block) => Match::of(block.contains(address)),
            FirewallAddresses::Not(inner) => self.holds(group, inner, address, depth).not(),
            FirewallAddresses::Among(members) => {
                let (negated, plain): (Vec<_>, Vec<_>) = members
                    .iter()
                    .partition(|member| matches!(member, FirewallAddresses::Not(_)));
                let answer =
                    |member: &&FirewallAddresses| self.holds(group, member, address, depth);
                among(plain.iter().map(answer), negated.iter().map(answer))
            }
            FirewallAddresses::Variable(name) => self.variable(group, name, address, depth),
            FirewallAddresses::Reference(name) => self.reference(group, name, address),
            FirewallAddresses::Unknown => Match::Perhaps,
        }
    }

    fn variable(
        self,
        group: &FirewallRuleGroup,
        name: &str,
        address: IpAddr,
        depth: usize,
    ) -> Match {
        let Some(depth) = depth.checked_sub(1) else {
            return Match::Perhaps;
        };
        let set = group.addresses.get(name);
        if let Some(set) = set.or_else(|| self.policy.variables.get(name)) {
            return self.holds(group, set, address, depth);
        }
        match name {
            HOME_NET => self.home_net(address),
            EXTERNAL_NET => self.variable(group, HOME_NET, address, depth).not(),
            _ => Match::Perhaps,
        }
    }

    /// The blocks of the firewall's VPC.
    fn home_net(self, address: IpAddr) -> Match {
        let snapshot = self.tracer.snapshot;
        let vpc = snapshot.firewalls().get(self.firewall).vpc.target();
        vpc.map_or(Match::Perhaps, |vpc| {
            Match::of(snapshot.vpcs().get(vpc).contains(address))
        })
    }

    fn reference(self, group: &FirewallRuleGroup, name: &str, address: IpAddr) -> Match {
        let list = group.references.get(name).and_then(model::Link::target);
        let list = list.map(|list| self.tracer.snapshot.prefix_lists().get(list));
        let entries = list.and_then(|list| list.entries.as_ref());
        let holds = |entries: &Vec<Prefix>| entries.iter().any(|entry| entry.contains(address));
        entries.map_or(Match::Perhaps, |entries| Match::of(holds(entries)))
    }
}

/// What a plain member of a list holds, or everything if all members are negated, less what negated members hold.
fn among(plain: impl Iterator<Item = Match>, negated: impl Iterator<Item = Match>) -> Match {
    let least = negated.min();
    match (plain.max(), least) {
        (None, None) => Match::Perhaps,
        (held, least) => held.unwrap_or(Match::Yes).min(least.unwrap_or(Match::Yes)),
    }
}

fn has_port(
    group: &FirewallRuleGroup,
    set: &FirewallPorts,
    port: Option<u16>,
    depth: usize,
) -> Match {
    let Some(number) = port else {
        return if *set == FirewallPorts::Any {
            Match::Yes
        } else {
            Match::Perhaps
        };
    };
    match set {
        FirewallPorts::Any => Match::Yes,
        FirewallPorts::Range(range) => Match::of(range.contains(number)),
        FirewallPorts::Not(inner) => has_port(group, inner, port, depth).not(),
        FirewallPorts::Among(members) => {
            let (negated, plain): (Vec<_>, Vec<_>) = members
                .iter()
                .partition(|member| matches!(member, FirewallPorts::Not(_)));
            let answer = |member: &&FirewallPorts| has_port(group, member, port, depth);
            among(plain.iter().map(answer), negated.iter().map(answer))
        }
        FirewallPorts::Variable(name) => {
            let set = group.ports.get(name).zip(depth.checked_sub(1));
            set.map_or(Match::Perhaps, |(set, depth)| {
                has_port(group, set, port, depth)
            })
        }
        FirewallPorts::Unknown => Match::Perhaps,
    }
}

fn is_of_protocol(asked: &FirewallProtocol, protocol: Protocol) -> Match {
    match asked {
        FirewallProtocol::Any => Match::Yes,
        // Suricata's word for ICMP may mean that of IPv6 too.
        FirewallProtocol::Of(Protocol::ICMP) if protocol == Protocol::ICMPV6 => Match::Perhaps,
        FirewallProtocol::Of(asked) => Match::of(*asked == protocol),
        FirewallProtocol::Over(carriers) if carriers.contains(&protocol) => Match::Perhaps,
        FirewallProtocol::Over(_) => Match::No,
        FirewallProtocol::Unknown => Match::Perhaps,
    }
}
