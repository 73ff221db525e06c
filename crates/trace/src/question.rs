//! Questions without a client port.

use std::net::IpAddr;

use packet::{Family, Packet, Protocol, Transport};

/// Whether something can be reached, from some client port.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Question {
    /// The address that the first packet is sent to: private, IPv6 or public.
    pub destination: IpAddr,
    /// The protocol.
    pub protocol: Protocol,
    /// The port or ICMP message.
    pub message: Message,
}

/// What a question asks of its protocol. This list is complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Message {
    /// A destination port of TCP or UDP.
    Port(u16),
    /// An ICMP or ICMPv6 message: type and code.
    Icmp(u8, u8),
    /// A protocol without ports.
    Other,
}

impl Question {
    /// Whether a TCP connection can be made.
    pub const fn tcp(destination: IpAddr, port: u16) -> Self {
        Self {
            destination,
            protocol: Protocol::TCP,
            message: Message::Port(port),
        }
    }

    /// Whether UDP packets arrive and are answered.
    pub const fn udp(destination: IpAddr, port: u16) -> Self {
        Self {
            destination,
            protocol: Protocol::UDP,
            message: Message::Port(port),
        }
    }

    /// Whether a ping is answered.
    pub const fn echo(destination: IpAddr) -> Self {
        match Family::of(destination) {
            Family::V4 => Self {
                destination,
                protocol: Protocol::ICMP,
                message: Message::Icmp(8, 0),
            },
            Family::V6 => Self {
                destination,
                protocol: Protocol::ICMPV6,
                message: Message::Icmp(128, 0),
            },
        }
    }

    /// The first packet from an address and client port, or `None` if the address is of the other family or the message
    /// does not fit the protocol.
    pub fn packet(&self, source: IpAddr, client_port: u16) -> Option<Packet> {
        let transport = match self.message {
            Message::Port(destination) => Transport::Ports {
                source: client_port,
                destination,
            },
            Message::Icmp(kind, code) => Transport::Icmp { kind, code },
            Message::Other => Transport::Other,
        };
        Packet::new(source, self.destination, self.protocol, transport)
    }
}
