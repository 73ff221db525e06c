//! Headers on one line of numbers, as filters see them.

use packet::{Family, IntervalSet, Packet, Protocol, Service, Transport};

/// Sets of codes: the protocol in front, then 16 bits for what rules read behind it (the destination port, or the type
/// and code of an ICMP message; other protocols fill the whole stretch).
pub(super) type Codes = IntervalSet<u128>;

/// How many codes one protocol has.
pub(super) const STRETCH: u128 = 1 << 16;

/// The first code of a protocol.
pub(super) fn start(protocol: Protocol) -> u128 {
    u128::from(protocol.0) * STRETCH
}

/// The codes of a service, first and last; `None` for ports of a protocol that has none.
pub(super) fn of_service(service: Service) -> Option<(u128, u128)> {
    let part = |protocol, first: u128, last: u128| {
        let start = start(protocol);
        Some((start + first, start + last))
    };
    match service {
        Service::Any => Some((0, u128::MAX)),
        Service::Protocol(protocol) => part(protocol, 0, STRETCH - 1),
        Service::Ports { protocol, ports } if protocol.has_ports() => {
            part(protocol, ports.first().into(), ports.last().into())
        }
        Service::Ports { .. } => None,
        Service::Icmp { family, kind, code } => {
            let first = message(kind, code.unwrap_or(0));
            let last = message(kind, code.unwrap_or(u8::MAX));
            part(icmp_of(family), first, last)
        }
    }
}

/// The code of a packet.
pub(super) fn of_packet(packet: &Packet) -> u128 {
    let behind = match packet.transport() {
        Transport::Ports { destination, .. } => destination.into(),
        Transport::Icmp { kind, code } => message(kind, code),
        Transport::Other => 0,
    };
    start(packet.protocol()) + behind
}

/// An ICMP message within its protocol's stretch.
pub(super) fn message(kind: u8, code: u8) -> u128 {
    u128::from(kind) * 256 + u128::from(code)
}

/// The ICMP of a family.
pub(super) const fn icmp_of(family: Family) -> Protocol {
    match family {
        Family::V4 => Protocol::ICMP,
        Family::V6 => Protocol::ICMPV6,
    }
}
