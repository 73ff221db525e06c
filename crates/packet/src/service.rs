//! What a rule speaks about: a protocol with ports, or ICMP types.

use std::fmt;
use std::str::FromStr;

use crate::names::SERVICE_NAMES;
use crate::{Family, Packet, Protocol, Transport};

/// A range of ports; both ends inclusive, never empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PortRange {
    // INVARIANT: first <= last.
    first: u16,
    last: u16,
}

impl PortRange {
    /// All ports.
    pub const ALL: Self = Self {
        first: 0,
        last: u16::MAX,
    };

    /// The ports from `first` to `last`, both inclusive; `None` if `last < first`.
    pub fn new(first: u16, last: u16) -> Option<Self> {
        (first <= last).then_some(Self { first, last })
    }

    /// The range that holds one port.
    pub const fn single(port: u16) -> Self {
        Self {
            first: port,
            last: port,
        }
    }

    /// The first port.
    pub const fn first(self) -> u16 {
        self.first
    }

    /// The last port (inclusive).
    pub const fn last(self) -> u16 {
        self.last
    }

    /// Whether the port is in the range.
    pub const fn contains(self, port: u16) -> bool {
        self.first <= port && port <= self.last
    }
}

/// Kinds of traffic that one rule speaks about: a protocol and its destination ports or ICMP messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Service {
    /// Every protocol.
    Any,
    /// Every packet of one protocol.
    Protocol(Protocol),
    /// Destination ports of TCP or UDP.
    Ports {
        /// TCP or UDP.
        protocol: Protocol,
        /// The destination ports.
        ports: PortRange,
    },
    /// Messages of ICMP (`Family::V4`) or ICMPv6 (`Family::V6`).
    Icmp {
        /// Which of the two ICMP protocols.
        family: Family,
        /// The message type.
        kind: u8,
        /// The message code; `None` for every code.
        code: Option<u8>,
    },
}

impl Service {
    /// Whether the packet is of this service.
    pub fn matches(&self, packet: &Packet) -> bool {
        match *self {
            Self::Any => true,
            Self::Protocol(protocol) => packet.protocol() == protocol,
            Self::Ports { protocol, ports } => {
                packet.protocol() == protocol
                    && packet
                        .destination_port()
                        .is_some_and(|port| ports.contains(port))
            }
            Self::Icmp { family, kind, code } => match packet.transport() {
                Transport::Icmp {
                    kind: packet_kind,
                    code: packet_code,
                } => {
                    packet.protocol() == icmp_protocol(family)
                        && packet_kind == kind
                        && code.is_none_or(|code| code == packet_code)
                }
                Transport::Ports { .. } | Transport::Other => false,
            },
        }
    }

    /// The one protocol that the service is of, or `None` for every protocol.
    pub const fn protocol(&self) -> Option<Protocol> {
        match *self {
            Self::Any => None,
            Self::Protocol(protocol) | Self::Ports { protocol, .. } => Some(protocol),
            Self::Icmp { family, .. } => Some(icmp_protocol(family)),
        }
    }
}

pub(crate) const fn icmp_protocol(family: Family) -> Protocol {
    match family {
        Family::V4 => Protocol::ICMP,
        Family::V6 => Protocol::ICMPV6,
    }
}

/// The type of an ICMP echo request in a family.
pub(crate) const fn echo_request(family: Family) -> u8 {
    match family {
        Family::V4 => 8,
        Family::V6 => 128,
    }
}

impl fmt::Display for PortRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.first == self.last {
            write!(f, "{}", self.first)
        } else {
            write!(f, "{}-{}", self.first, self.last)
        }
    }
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => f.write_str("any"),
            Self::Protocol(protocol) => protocol.fmt(f),
            Self::Ports { protocol, ports } => write!(f, "{protocol}/{ports}"),
            Self::Icmp {
                family,
                kind,
                code: None,
            } if *kind == echo_request(*family) => {
                write!(f, "{}/echo", icmp_protocol(*family))
            }
            Self::Icmp {
                family,
                kind,
                code: None,
            } => write!(f, "{}/type {kind}", icmp_protocol(*family)),
            Self::Icmp {
                family,
                kind,
                code: Some(code),
            } => {
                write!(f, "{}/type {kind} code {code}", icmp_protocol(*family))
            }
        }
    }
}

/// Why a text is not a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceError {
    text: String,
    reason: Reason,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Reason {
    UnknownName(Option<&'static str>),
    NoSuchPort(String),
    BackwardRange,
    NoPorts(Protocol),
    UnknownMessage(String),
}

impl FromStr for Service {
    type Err = ServiceError;

    /// Parses `tcp/443`, `tcp/8000-8100`, `udp/53`, `icmp/echo`, `icmp/3/4`, `any`, a protocol name or number
    /// (`esp`, `proto/50`), or a name of the table such as `ssh`.
    fn from_str(text: &str) -> Result<Self, ServiceError> {
        parse(text.trim()).map_err(|reason| ServiceError {
            text: text.to_owned(),
            reason,
        })
    }
}

fn parse(text: &str) -> Result<Service, Reason> {
    let Some((protocol, rest)) = text.split_once('/') else {
        return parse_name(text);
    };
    if protocol.eq_ignore_ascii_case("proto") {
        return rest
            .parse()
            .map(|number| of_protocol(Protocol(number)))
            .map_err(|_| Reason::UnknownName(None));
    }
    let protocol = Protocol::from_name(protocol).ok_or(Reason::UnknownName(None))?;
    match protocol {
        Protocol::TCP | Protocol::UDP => {
            parse_ports(rest).map(|ports| Service::Ports { protocol, ports })
        }
        Protocol::ICMP => parse_message(Family::V4, rest),
        Protocol::ICMPV6 => parse_message(Family::V6, rest),
        other => Err(Reason::NoPorts(other)),
    }
}

fn of_protocol(protocol: Protocol) -> Service {
    Service::Protocol(protocol)
}

fn parse_name(name: &str) -> Result<Service, Reason> {
    if ["any", "all"]
        .iter()
        .any(|any| any.eq_ignore_ascii_case(name))
    {
        return Ok(Service::Any);
    }
    if let Some(protocol) = Protocol::from_name(name) {
        return Ok(of_protocol(protocol));
    }
    let named = SERVICE_NAMES
        .iter()
        .find(|named| named.name.eq_ignore_ascii_case(name));
    let named = named.ok_or_else(|| Reason::UnknownName(nearest(name)))?;
    Ok(Service::Ports {
        protocol: named.protocol,
        ports: PortRange::single(named.port),
    })
}

fn nearest(name: &str) -> Option<&'static str> {
    let lower = name.to_lowercase();
    let is_near = |known: &&str| {
        !lower.is_empty() && (known.starts_with(&lower) || lower.starts_with(*known))
    };
    SERVICE_NAMES.iter().map(|named| named.name).find(is_near)
}

fn parse_ports(text: &str) -> Result<PortRange, Reason> {
    let port = |text: &str| {
        text.trim()
            .parse::<u16>()
            .map_err(|_| Reason::NoSuchPort(text.to_owned()))
    };
    match text.split_once('-') {
        None if text == "*" => Ok(PortRange::ALL),
        None => port(text).map(PortRange::single),
        Some((first, last)) => {
            PortRange::new(port(first)?, port(last)?).ok_or(Reason::BackwardRange)
        }
    }
}

fn parse_message(family: Family, text: &str) -> Result<Service, Reason> {
    if text.eq_ignore_ascii_case("echo") {
        return Ok(Service::Icmp {
            family,
            kind: echo_request(family),
            code: None,
        });
    }
    let (kind, code) = text
        .split_once('/')
        .map_or((text, None), |(kind, code)| (kind, Some(code)));
    let number = |text: &str| {
        text.parse::<u8>()
            .map_err(|_| Reason::UnknownMessage(text.to_owned()))
    };
    Ok(Service::Icmp {
        family,
        kind: number(kind)?,
        code: code.map(number).transpose()?,
    })
}

impl fmt::Display for ServiceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not a service: ", self.text)?;
        match &self.reason {
            Reason::UnknownName(Some(name)) => write!(f, "no such name, did you mean `{name}`?"),
            Reason::UnknownName(None) => {
                f.write_str("write `tcp/443`, `udp/53`, `icmp/echo`, `any` or a name such as `ssh`")
            }
            Reason::NoSuchPort(port) => write!(f, "`{port}` is not a port from 0 to 65535"),
            Reason::BackwardRange => f.write_str("the first port is larger than the last"),
            Reason::NoPorts(protocol) => {
                write!(f, "{protocol} has no ports, write `{protocol}` alone")
            }
            Reason::UnknownMessage(kind) => {
                write!(f, "`{kind}` is not an ICMP type from 0 to 255, nor `echo`")
            }
        }
    }
}

impl std::error::Error for ServiceError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let shown = text
            .parse::<Service>()
            .map_or_else(|error| error.to_string(), |service| service.to_string());
        assert_eq!(shown, expected);
    }

    #[test]
    fn services_are_read_and_printed() {
        check("ssh", "tcp/22");
        check("tcp/8000-8100", "tcp/8000-8100");
        check("udp/*", "udp/0-65535");
        check("icmp/echo", "icmp/echo");
        check("icmp/3/4", "icmp/type 3 code 4");
        check("icmpv6/128", "icmpv6/echo");
        check("ANY", "any");
        check("proto/50", "esp");
    }

    #[test]
    fn a_wrong_service_says_what_to_write() {
        check(
            "tcp/70000",
            "`tcp/70000` is not a service: `70000` is not a port from 0 to 65535",
        );
        check(
            "tcp/90-80",
            "`tcp/90-80` is not a service: the first port is larger than the last",
        );
        check(
            "postgresql",
            "`postgresql` is not a service: no such name, did you mean `postgres`?",
        );
        check(
            "esp/4",
            "`esp/4` is not a service: esp has no ports, write `esp` alone",
        );
    }
}
