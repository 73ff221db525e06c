//! IP protocol numbers.

use std::fmt;

/// An IP protocol number (IPv4 "protocol", IPv6 "next header").
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Protocol(pub u8);

impl Protocol {
    /// Internet Control Message Protocol for IPv4.
    pub const ICMP: Self = Self(1);
    /// Transmission Control Protocol.
    pub const TCP: Self = Self(6);
    /// User Datagram Protocol.
    pub const UDP: Self = Self(17);
    /// Encapsulating Security Payload.
    pub const ESP: Self = Self(50);
    /// Internet Control Message Protocol for IPv6.
    pub const ICMPV6: Self = Self(58);

    /// Whether packets of this protocol carry ports that filters read: TCP and UDP.
    pub const fn has_ports(self) -> bool {
        matches!(self, Self::TCP | Self::UDP)
    }

    /// Whether packets of this protocol carry an ICMP type and code.
    pub const fn is_icmp(self) -> bool {
        matches!(self, Self::ICMP | Self::ICMPV6)
    }

    /// The protocol with this name: `tcp`, `udp`, `icmp`, `icmpv6`, `esp`, `ah`, `gre`, `sctp`, `ipip`.
    pub fn from_name(name: &str) -> Option<Self> {
        NAMES
            .iter()
            .find(|(_, known)| known.eq_ignore_ascii_case(name))
            .map(|&(protocol, _)| protocol)
    }
}

const NAMES: &[(Protocol, &str)] = &[
    (Protocol::ICMP, "icmp"),
    (Protocol(4), "ipip"),
    (Protocol::TCP, "tcp"),
    (Protocol::UDP, "udp"),
    (Protocol(47), "gre"),
    (Protocol::ESP, "esp"),
    (Protocol(51), "ah"),
    (Protocol::ICMPV6, "icmpv6"),
    (Protocol(132), "sctp"),
];

impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match NAMES.iter().find(|(protocol, _)| protocol == self) {
            Some((_, name)) => f.write_str(name),
            None => write!(f, "protocol {}", self.0),
        }
    }
}
