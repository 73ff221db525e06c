//! Packets near the boundaries that the rules of a network draw.

use std::net::IpAddr;

use model::{FirewallRules, Snapshot};
use packet::{Family, Packet, PortRange, Protocol, Service, Transport};
use testkit::Random;

/// Values worth trying in one network.
#[derive(Debug)]
pub(super) struct Values {
    ports: Vec<u16>,
    messages: Vec<(u8, u8)>,
}

impl Values {
    /// The boundaries of every rule and entry, and one step beyond them.
    pub(super) fn of(snapshot: &Snapshot) -> Self {
        let rules = snapshot
            .groups()
            .rows()
            .iter()
            .flat_map(|group| &group.rules);
        let entries = snapshot.acls().rows().iter().flat_map(|acl| &acl.entries);
        let services = rules
            .map(|rule| rule.service)
            .chain(entries.map(|entry| entry.service));
        let mut values = Self {
            ports: vec![22, 1023, 1024, 32_768, 49_152, u16::MAX],
            messages: vec![(8, 0), (128, 0), (8, 1), (0, 0), (129, 0), (3, 4)],
        };
        let listeners = snapshot.load_balancers().rows().iter();
        let listeners = listeners.flat_map(|balancer| &balancer.listeners);
        values.ports.extend(listeners.map(|listener| listener.port));
        for service in firewall_services(snapshot).into_iter().chain(services) {
            values.learn(service);
        }
        values.ports.sort_unstable();
        values.ports.dedup();
        values
    }

    fn learn(&mut self, service: Service) {
        match service {
            Service::Ports { ports, .. } => {
                let (first, last) = (ports.first(), ports.last());
                self.ports.extend([first, last]);
                self.ports.extend(first.checked_sub(1));
                self.ports.extend(last.checked_add(1));
            }
            Service::Icmp { kind, code, .. } => self.messages.push((kind, code.unwrap_or(0))),
            Service::Any | Service::Protocol(_) => {}
        }
    }

    /// One packet between two addresses; `None` if they are of two families.
    pub(super) fn packet(&self, random: &mut Random, from: IpAddr, to: IpAddr) -> Option<Packet> {
        let icmp = match (Family::of(from), random.chance(95)) {
            (Family::V4, true) | (Family::V6, false) => Protocol::ICMP,
            (Family::V6, true) | (Family::V4, false) => Protocol::ICMPV6,
        };
        let protocol = match random.below(20) {
            0..10 => Protocol::TCP,
            10..14 => Protocol::UDP,
            14..18 => icmp,
            18 => Protocol::ESP,
            _ => Protocol(47),
        };
        Packet::new(from, to, protocol, self.transport(random, protocol))
    }

    fn transport(&self, random: &mut Random, protocol: Protocol) -> Transport {
        if protocol.has_ports() {
            let mut port = || random.pick(&self.ports).copied().unwrap_or(443);
            return Transport::Ports {
                source: port(),
                destination: port(),
            };
        }
        if protocol.is_icmp() {
            let likely = if protocol == Protocol::ICMP {
                (8, 0)
            } else {
                (128, 0)
            };
            let is_echo = random.chance(60);
            let chosen = random.pick(&self.messages).filter(|_| !is_echo);
            let (kind, code) = chosen.copied().unwrap_or(likely);
            return Transport::Icmp { kind, code };
        }
        Transport::Other
    }
}

/// The ports of the rules of firewalls.
fn firewall_services(snapshot: &Snapshot) -> Vec<Service> {
    let mut ranges = Vec::new();
    for group in snapshot.firewall_rule_groups().rows() {
        if let FirewallRules::Stateless(rules) = &group.rules {
            for rule in rules {
                ranges.extend(&rule.source_ports);
                ranges.extend(&rule.destination_ports);
            }
        }
    }
    let service = |ports: &PortRange| Service::Ports {
        protocol: Protocol::TCP,
        ports: *ports,
    };
    ranges.into_iter().map(service).collect()
}
