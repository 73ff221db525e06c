//! The answer for a pair.

use packet::{Family, IntervalSet, Packet, PacketSet, PortSet, Protocol, Service};

use super::code::{Codes, STRETCH, icmp_of, message, of_packet, start};

/// Which packets between two ends make a session.
///
/// Filters read the destination port only. So the first packet is judged by its destination port, its answer by its
/// source port, and what makes a session is a product of two sets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Codes of first packets that are delivered.
    first: Codes,
    /// Codes of answers that come back.
    reply: Codes,
}

impl Session {
    pub(super) const fn new(first: Codes, reply: Codes) -> Self {
        Self { first, reply }
    }

    pub(super) const fn none() -> Self {
        Self::new(IntervalSet::empty(), IntervalSet::empty())
    }

    /// Whether a packet of the pair makes a session.
    pub fn contains(&self, packet: &Packet) -> bool {
        let reply = packet.reply();
        let is_answered = reply.is_none_or(|reply| self.reply.contains(of_packet(&reply)));
        self.first.contains(of_packet(packet)) && is_answered
    }

    /// Whether no packet does.
    pub fn is_empty(&self) -> bool {
        self.size() == 0
    }

    /// How many headers make a session, of 2^40: protocol, 16 bits behind it and a source port of 16 bits, where what a
    /// protocol does not carry counts with every value.
    pub fn size(&self) -> u128 {
        (0..=u8::MAX)
            .map(|number| self.size_of(Protocol(number)))
            .sum()
    }

    /// The same as a set of packets of any address.
    pub fn packets(&self) -> PacketSet {
        let mut packets = PacketSet::empty();
        for number in 0..=u8::MAX {
            packets = packets.union(&self.packets_of(Protocol(number)));
        }
        packets
    }

    fn size_of(&self, protocol: Protocol) -> u128 {
        let (first, reply) = (part(&self.first, protocol), part(&self.reply, protocol));
        if protocol.has_ports() {
            return count(&first) * count(&reply);
        }
        if let Some(family) = family_of_icmp(protocol) {
            return count(&self.messages(family)) * STRETCH;
        }
        count(&first.intersection(&reply)) * STRETCH
    }

    fn packets_of(&self, protocol: Protocol) -> PacketSet {
        let (first, reply) = (part(&self.first, protocol), part(&self.reply, protocol));
        if protocol.has_ports() {
            let clients = PacketSet::from_ports(&reply);
            return PacketSet::to_ports(protocol, &first).intersection(&clients);
        }
        if let Some(family) = family_of_icmp(protocol) {
            return packets_of_messages(family, &self.messages(family));
        }
        if first.intersection(&reply).is_empty() {
            return PacketSet::empty();
        }
        PacketSet::of_protocol(protocol)
    }

    /// The ICMP messages that are delivered and, if somebody answers them, answered.
    fn messages(&self, family: Family) -> PortSet {
        let protocol = icmp_of(family);
        let (request, answer) = match family {
            Family::V4 => (8, 0),
            Family::V6 => (128, 129),
        };
        let delivered = part(&self.first, protocol);
        if self.reply.contains(start(protocol) + message(answer, 0)) {
            return delivered;
        }
        let requests = part(
            &IntervalSet::range(
                start(protocol) + message(request, 0),
                start(protocol) + message(request, 255),
            ),
            protocol,
        );
        delivered.difference(&requests)
    }
}

/// The stretch of one protocol, counted from its start.
fn part(codes: &Codes, protocol: Protocol) -> PortSet {
    let start = start(protocol);
    let stretch = codes.intersection(&IntervalSet::range(start, start + STRETCH - 1));
    let behind = |code: u128| u16::try_from(code - start).unwrap_or(u16::MAX);
    let intervals = stretch.intervals().iter();
    IntervalSet::from_ranges(intervals.map(|&(first, last)| (behind(first), behind(last))))
}

fn count(set: &PortSet) -> u128 {
    let sizes = set
        .intervals()
        .iter()
        .map(|&(first, last)| u128::from(last) - u128::from(first) + 1);
    sizes.sum()
}

fn family_of_icmp(protocol: Protocol) -> Option<Family> {
    Family::ALL
        .into_iter()
        .find(|family| icmp_of(*family) == protocol)
}

fn packets_of_messages(family: Family, messages: &PortSet) -> PacketSet {
    if messages.is_full() {
        return PacketSet::of_protocol(icmp_of(family));
    }
    let mut packets = PacketSet::empty();
    for kind in 0..=u8::MAX {
        let base = u16::from(kind) * 256;
        let codes = messages.intersection(&PortSet::range(base, base + 255));
        let is_every_code = codes == PortSet::range(base, base + 255);
        if is_every_code {
            packets = packets.union(&PacketSet::from(&Service::Icmp {
                family,
                kind,
                code: None,
            }));
            continue;
        }
        let single = codes
            .intervals()
            .iter()
            .flat_map(|&(first, last)| first..=last);
        for code in single.filter_map(|number| u8::try_from(number - base).ok()) {
            let service = Service::Icmp {
                family,
                kind,
                code: Some(code),
            };
            packets = packets.union(&PacketSet::from(&service));
        }
    }
    packets
}
