//! NAT64: IPv6 packets to `64:ff9b::/96` as packets of IPv4.

use std::net::{IpAddr, Ipv4Addr};

use packet::{Packet, Protocol, Transport};

/// The segments of the block in which IPv4 addresses stand.
const WELL_KNOWN: [u16; 6] = [0x64, 0xff9b, 0, 0, 0, 0];

/// The IPv4 address that an IPv6 address stands for.
pub(super) fn inside(address: IpAddr) -> Option<IpAddr> {
    let IpAddr::V6(v6) = address else {
        return None;
    };
    let octets = v6.octets();
    let segments = v6.segments();
    let is_inside = segments.starts_with(&WELL_KNOWN);
    let last: [u8; 4] = octets.get(12..)?.try_into().ok()?;
    is_inside.then(|| IpAddr::V4(Ipv4Addr::from(last)))
}

/// The packet as IPv4, from an address that is still to be put; a packet of IPv4 as it is. `None` for a message of
/// ICMPv6 that has no match.
pub(super) fn as_ipv4(packet: &Packet) -> Option<Packet> {
    let Some(destination) = inside(packet.destination()) else {
        return Some(*packet);
    };
    let (protocol, transport) = match (packet.protocol(), packet.transport()) {
        (Protocol::ICMPV6, Transport::Icmp { kind: 128, code: 0 }) => {
            (Protocol::ICMP, Transport::Icmp { kind: 8, code: 0 })
        }
        (Protocol::ICMPV6, _) => return None,
        other => other,
    };
    Packet::new(destination, destination, protocol, transport)
}
