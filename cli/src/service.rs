//! Services as questions.

use std::net::IpAddr;

use packet::{Family, PacketSet, Protocol, Service};
use trace::{Message, Question};

/// All packets of a service; see [`in_both_families`].
pub(crate) fn packets(service: Option<Service>) -> PacketSet {
    let Some(service) = service else {
        return PacketSet::full();
    };
    let all = in_both_families(service).into_iter();
    all.fold(PacketSet::empty(), |all, one| {
        all.union(&PacketSet::from(&one))
    })
}

/// A service in both families. ICMP stands for `ICMPv6` too: whoever asks for a ping means one in the family at hand.
pub(crate) fn in_both_families(service: Service) -> Vec<Service> {
    let twin = match service {
        Service::Protocol(Protocol::ICMP) => Some(Service::Protocol(Protocol::ICMPV6)),
        Service::Icmp {
            family: Family::V4,
            kind: 8,
            code: None,
        } => Some(Service::Icmp {
            family: Family::V6,
            kind: 128,
            code: None,
        }),
        Service::Any | Service::Protocol(_) | Service::Ports { .. } | Service::Icmp { .. } => None,
    };
    std::iter::once(service).chain(twin).collect()
}

/// The one question that a service asks of an address.
///
/// # Errors
///
/// If it stands for many: what to write instead.
pub(crate) fn question(service: Service, destination: IpAddr) -> Result<Question, String> {
    let (protocol, message) = match service {
        Service::Ports { protocol, ports } if ports.first() == ports.last() => {
            (protocol, Message::Port(ports.first()))
        }
        Service::Icmp {
            family: Family::V4,
            kind: 8,
            code: None,
        }
        | Service::Protocol(Protocol::ICMP | Protocol::ICMPV6) => {
            return Ok(Question::echo(destination));
        }
        Service::Icmp { family, kind, code } => {
            let protocol = match family {
                Family::V4 => Protocol::ICMP,
                Family::V6 => Protocol::ICMPV6,
            };
            (protocol, Message::Icmp(kind, code.unwrap_or(0)))
        }
        Service::Protocol(protocol) if !protocol.has_ports() => (protocol, Message::Other),
        Service::Any | Service::Protocol(_) | Service::Ports { .. } => {
            let example = "a trace follows one packet: name one port, as in `tcp/22`";
            return Err(format!("`{service}` stands for many packets; {example}"));
        }
    };
    Ok(Question {
        destination,
        protocol,
        message,
    })
}
