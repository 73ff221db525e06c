//! Which packets a stateful rule matches: certainly, and perhaps (`network-firewall.md`, section 2).

use std::net::IpAddr;

use model::{
    EXTERNAL_NET, FirewallAddresses, FirewallPolicy, FirewallPorts, FirewallProtocol,
    FirewallRuleGroup, HOME_NET, NetworkFirewall, StatefulRule,
};
use packet::{PacketSet, PortSet, Protocol};

use crate::filter::Filter;
use crate::semantics::Semantics;

/// What names in a rule stand for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Names<'a> {
    pub(super) firewall: &'a NetworkFirewall,
    pub(super) policy: &'a FirewallPolicy,
    pub(super) group: &'a FirewallRuleGroup,
}

/// Whether an address is in a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Held {
    No,
    Perhaps,
    Yes,
}

/// Ports that are in a set: certainly, and perhaps.
struct Ports {
    certain: PortSet,
    possible: PortSet,
}

/// How many variables may stand in one another.
const MAX_VARIABLES: usize = 4;

impl Held {
    const fn not(self) -> Self {
        match self {
            Self::No => Self::Yes,
            Self::Perhaps => Self::Perhaps,
            Self::Yes => Self::No,
        }
    }

    const fn of(is_held: bool) -> Self {
        if is_held { Self::Yes } else { Self::No }
    }

    fn filter(self) -> Filter {
        match self {
            Self::No => Filter::deny(),
            Self::Perhaps => Filter::unknown(),
            Self::Yes => Filter::pass(),
        }
    }
}

impl Semantics<'_> {
    /// Packets that a rule matches between two addresses.
    pub(super) fn matched_by_rule(
        &self,
        rule: &StatefulRule,
        names: Names<'_>,
        (source, destination): (IpAddr, IpAddr),
    ) -> Filter {
        let from = ports(&rule.source_ports, names, MAX_VARIABLES);
        let to = ports(&rule.destination_ports, names, MAX_VARIABLES);
        let forth = self
            .between(rule, names, (source, destination))
            .and(&from_ports(&rule.source_ports, &from))
            .and(&to_ports(&rule.destination_ports, &to));
        let matched = if rule.is_both_ways {
            let back = self
                .between(rule, names, (destination, source))
                .and(&from_ports(&rule.destination_ports, &to))
                .and(&to_ports(&rule.source_ports, &from));
            forth.best(&back)
        } else {
            forth
        };
        let matched = matched.and(&protocol(&rule.protocol));
        if rule.is_conditional {
            matched.perhaps()
        } else {
            matched
        }
    }

    fn between(
        &self,
        rule: &StatefulRule,
        names: Names<'_>,
        (source, destination): (IpAddr, IpAddr),
    ) -> Filter {
        let from = self.holds(&rule.source, source, names, MAX_VARIABLES);
        let to = self.holds(&rule.destination, destination, names, MAX_VARIABLES);
        from.min(to).filter()
    }

    fn holds(
        &self,
        addresses: &FirewallAddresses,
        address: IpAddr,
        names: Names<'_>,
        depth: usize,
    ) -> Held {
        match addresses {
            FirewallAddresses::Any => Held::Yes,
            FirewallAddresses::Block(block) => Held::of(block.contains(address)),
            FirewallAddresses::Not(inner) => self.holds(inner, address, names, depth).not(),
            FirewallAddresses::Among(members) => {
                let is_negated =
                    |member: &&FirewallAddresses| matches!(member, FirewallAddresses::Not(_));
                let holds = |member| self.holds(member, address, names, depth);
                let plain = members.iter().filter(|member| !is_negated(member));
                let plain = plain.map(holds).max().unwrap_or(Held::Yes);
                let negated = members.iter().filter(is_negated).map(holds).min();
                plain.min(negated.unwrap_or(Held::Yes))
            }
            FirewallAddresses::Variable(name) => self.variable_holds(name, address, names, depth),
            FirewallAddresses::Reference(name) => {
                let list = names.group.references.get(name);
                let list = list.and_then(model::Link::target);
                let list = list.map(|index| self.snapshot().prefix_lists().get(index));
                let entries = list.and_then(|list| list.entries.as_ref());
                entries.map_or(Held::Perhaps, |entries| {
                    Held::of(entries.iter().any(|entry| entry.contains(address)))
                })
            }
            FirewallAddresses::Unknown => Held::Perhaps,
        }
    }

    fn variable_holds(&self, name: &str, address: IpAddr, names: Names<'_>, depth: usize) -> Held {
        let Some(depth) = depth.checked_sub(1) else {
            return Held::Perhaps;
        };
        let group = names.group.addresses.get(name);
        if let Some(set) = group.or_else(|| names.policy.variables.get(name)) {
            return self.holds(set, address, names, depth);
        }
        match name {
            HOME_NET => names.firewall.vpc.target().map_or(Held::Perhaps, |vpc| {
                Held::of(self.snapshot().vpcs().get(vpc).contains(address))
            }),
            EXTERNAL_NET => self.variable_holds(HOME_NET, address, names, depth).not(),
            _ => Held::Perhaps,
        }
    }
}

fn protocol(protocol: &FirewallProtocol) -> Filter {
    match protocol {
        FirewallProtocol::Any => Filter::pass(),
        FirewallProtocol::Of(Protocol::ICMP) => Filter::partly(
            PacketSet::of_protocol(Protocol::ICMP),
            &PacketSet::of_protocol(Protocol::ICMPV6),
        ),
        FirewallProtocol::Of(protocol) => Filter::exactly(PacketSet::of_protocol(*protocol)),
        FirewallProtocol::Over(carriers) => {
            let carriers = carriers.iter().copied().map(PacketSet::of_protocol);
            Filter::unknown_among(&carriers.collect())
        }
        FirewallProtocol::Unknown => Filter::unknown(),
    }
}

fn ports(ports_of: &FirewallPorts, names: Names<'_>, depth: usize) -> Ports {
    let unknown = || Ports {
        certain: PortSet::empty(),
        possible: PortSet::full(),
    };
    match ports_of {
        FirewallPorts::Any => Ports::exactly(PortSet::full()),
        FirewallPorts::Range(range) => Ports::exactly(PortSet::range(range.first(), range.last())),
        FirewallPorts::Not(inner) => ports(inner, names, depth).not(),
        FirewallPorts::Among(members) => {
            let is_negated = |member: &&FirewallPorts| matches!(member, FirewallPorts::Not(_));
            let read = |member| ports(member, names, depth);
            let plain = members.iter().filter(|member| !is_negated(member));
            let plain = plain.map(read).reduce(|a, b| a.or(&b));
            let negated = members.iter().filter(is_negated).map(read);
            let start = plain.unwrap_or_else(|| Ports::exactly(PortSet::full()));
            negated.fold(start, |all, member| all.and(&member))
        }
        FirewallPorts::Variable(name) => {
            match (names.group.ports.get(name), depth.checked_sub(1)) {
                (Some(set), Some(depth)) => ports(set, names, depth),
                (None, _) | (_, None) => unknown(),
            }
        }
        FirewallPorts::Unknown => unknown(),
    }
}

impl Ports {
    fn exactly(ports: PortSet) -> Self {
        Self {
            certain: ports.clone(),
            possible: ports,
        }
    }

    fn not(&self) -> Self {
        Self {
            certain: self.possible.complement(),
            possible: self.certain.complement(),
        }
    }

    fn or(&self, other: &Self) -> Self {
        Self {
            certain: self.certain.union(&other.certain),
            possible: self.possible.union(&other.possible),
        }
    }

    fn and(&self, other: &Self) -> Self {
        Self {
            certain: self.certain.intersection(&other.certain),
            possible: self.possible.intersection(&other.possible),
        }
    }
}

fn from_ports(as_written: &FirewallPorts, ports: &Ports) -> Filter {
    ported(
        as_written,
        PacketSet::from_ports(&ports.certain),
        &PacketSet::from_ports(&ports.possible),
    )
}

fn to_ports(as_written: &FirewallPorts, ports: &Ports) -> Filter {
    let to = |ports: &PortSet| {
        [Protocol::TCP, Protocol::UDP]
            .map(|protocol| PacketSet::to_ports(protocol, ports))
            .into_iter()
            .collect()
    };
    ported(as_written, to(&ports.certain), &to(&ports.possible))
}

/// What has no ports is matched by `any`, and by everything else perhaps.
fn ported(as_written: &FirewallPorts, certain: PacketSet, possible: &PacketSet) -> Filter {
    if *as_written == FirewallPorts::Any {
        return Filter::pass();
    }
    let with_ports: PacketSet = [Protocol::TCP, Protocol::UDP]
        .map(PacketSet::of_protocol)
        .into_iter()
        .collect();
    Filter::partly(certain, &possible.union(&with_ports.complement()))
}
