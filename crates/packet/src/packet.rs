//! One packet header.

use std::fmt;
use std::net::IpAddr;

use crate::service::echo_request;
use crate::{Family, Protocol};

/// One concrete header: addresses of one family, a protocol and its ports or ICMP message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Packet {
    // INVARIANT: both addresses are of one family; the transport fits the protocol.
    source: IpAddr,
    destination: IpAddr,
    protocol: Protocol,
    transport: Transport,
}

/// What follows the addresses in a header, as far as filters read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Transport {
    /// TCP or UDP ports.
    Ports {
        /// The sender's port.
        source: u16,
        /// The receiver's port.
        destination: u16,
    },
    /// An ICMP or ICMPv6 message.
    Icmp {
        /// Message type.
        kind: u8,
        /// Message code.
        code: u8,
    },
    /// Any other protocol: filters see its number only.
    Other,
}

impl Packet {
    /// A packet, or `None` if the addresses are of two families or the transport does not fit the protocol.
    pub fn new(
        source: IpAddr,
        destination: IpAddr,
        protocol: Protocol,
        transport: Transport,
    ) -> Option<Self> {
        let fits = match transport {
            Transport::Ports { .. } => protocol.has_ports(),
            Transport::Icmp { .. } => protocol.is_icmp(),
            Transport::Other => !protocol.has_ports() && !protocol.is_icmp(),
        };
        let is_one_family = Family::of(source) == Family::of(destination);
        (fits && is_one_family).then_some(Self {
            source,
            destination,
            protocol,
            transport,
        })
    }

    /// The sender's address.
    pub const fn source(&self) -> IpAddr {
        self.source
    }

    /// The receiver's address.
    pub const fn destination(&self) -> IpAddr {
        self.destination
    }

    /// The family of both addresses.
    pub const fn family(&self) -> Family {
        Family::of(self.source)
    }

    /// The IP protocol.
    pub const fn protocol(&self) -> Protocol {
        self.protocol
    }

    /// Ports or ICMP message.
    pub const fn transport(&self) -> Transport {
        self.transport
    }

    /// The receiver's port, for TCP and UDP.
    pub const fn destination_port(&self) -> Option<u16> {
        match self.transport {
            Transport::Ports { destination, .. } => Some(destination),
            Transport::Icmp { .. } | Transport::Other => None,
        }
    }

    /// The sender's port, for TCP and UDP.
    pub const fn source_port(&self) -> Option<u16> {
        match self.transport {
            Transport::Ports { source, .. } => Some(source),
            Transport::Icmp { .. } | Transport::Other => None,
        }
    }

    /// The same packet from another sender; `None` if the family differs.
    pub fn with_source(&self, source: IpAddr) -> Option<Self> {
        Self::new(source, self.destination, self.protocol, self.transport)
    }

    /// The same packet to another receiver; `None` if the family differs.
    pub fn with_destination(&self, destination: IpAddr) -> Option<Self> {
        Self::new(self.source, destination, self.protocol, self.transport)
    }

    /// The same packet with another source port; unchanged for protocols without ports.
    #[must_use]
    pub const fn with_source_port(mut self, port: u16) -> Self {
        if let Transport::Ports { destination, .. } = self.transport {
            self.transport = Transport::Ports {
                source: port,
                destination,
            };
        }
        self
    }

    /// The answer that the receiver would send: addresses and ports swapped, echo reply for echo request.
    ///
    /// `None` for ICMP messages that have no answer (everything but an echo request).
    pub fn reply(&self) -> Option<Self> {
        let transport = match self.transport {
            Transport::Ports {
                source,
                destination,
            } => Transport::Ports {
                source: destination,
                destination: source,
            },
            Transport::Icmp { kind, .. } if kind == echo_request(self.icmp_family()) => {
                Transport::Icmp {
                    kind: echo_reply(self.icmp_family()),
                    code: 0,
                }
            }
            Transport::Icmp { .. } => return None,
            Transport::Other => Transport::Other,
        };
        Some(Self {
            source: self.destination,
            destination: self.source,
            protocol: self.protocol,
            transport,
        })
    }

    /// The family whose ICMP this packet speaks: ICMPv6 may, in theory, be carried by IPv4 and the reverse.
    const fn icmp_family(&self) -> Family {
        match self.protocol {
            Protocol::ICMPV6 => Family::V6,
            _ => Family::V4,
        }
    }
}

/// The type of an ICMP echo reply in a family.
pub(crate) const fn echo_reply(family: Family) -> u8 {
    match family {
        Family::V4 => 0,
        Family::V6 => 129,
    }
}

impl fmt::Display for Packet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            source,
            destination,
            protocol,
            transport,
        } = self;
        match transport {
            Transport::Ports {
                source: from,
                destination: to,
            } => {
                write!(
                    f,
                    "{protocol} {source} port {from} -> {destination} port {to}"
                )
            }
            Transport::Icmp { kind, code } => {
                write!(
                    f,
                    "{protocol} {source} -> {destination} type {kind} code {code}"
                )
            }
            Transport::Other => write!(f, "{protocol} {source} -> {destination}"),
        }
    }
}
