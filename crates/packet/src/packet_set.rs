//! Exact sets of headers.

use std::net::IpAddr;
use std::sync::LazyLock;

use crate::diagram::{Diagram, Level};
use crate::interval::{AddressSet, PortSet};
use crate::service::{echo_request, icmp_protocol};
use crate::{Family, Packet, Protocol, Service, Transport};

/// An exact set of packet headers, with the whole set algebra.
///
/// Two sets are equal exactly if they hold the same packets. [`Display`](std::fmt::Display) prints it as people write
/// rules: `tcp/22, tcp/8000-8100`.
///
/// Fields that a protocol does not carry (ports of ESP, a source port of ICMP) are never restricted, so that every
/// non-empty set holds a real packet.
///
/// # Cost
///
/// Operations are linear in the product of the operands' sizes at worst, and usually in their sum; clones are free.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PacketSet {
    pub(crate) diagram: Diagram,
}

impl PacketSet {
    /// The set without a packet.
    pub const fn empty() -> Self {
        Self {
            diagram: Diagram::Empty,
        }
    }

    /// The set of all packets of both families.
    pub const fn full() -> Self {
        Self {
            diagram: Diagram::Full,
        }
    }

    /// All packets of one family.
    pub fn of_family(family: Family) -> Self {
        let first = kind(family, Protocol(0));
        Self::of_kinds(&[(first, first + 255)], &Diagram::Full)
    }

    /// All packets of one protocol, of both families.
    pub fn of_protocol(protocol: Protocol) -> Self {
        Self::of_service(protocol, &[(0, u128::from(u16::MAX))])
    }

    /// All messages that nobody answers: those of ICMP, other than echo requests.
    pub fn without_answer() -> Self {
        static ALL: LazyLock<PacketSet> = LazyLock::new(|| {
            let messages = |(family, protocol)| {
                let echo = Service::Icmp {
                    family,
                    kind: echo_request(family),
                    code: None,
                };
                PacketSet::of_protocol(protocol).difference(&PacketSet::from(&echo))
            };
            [(Family::V4, Protocol::ICMP), (Family::V6, Protocol::ICMPV6)]
                .map(messages)
                .into_iter()
                .collect()
        });
        ALL.clone()
    }

    /// All packets of TCP or UDP to one of these ports, of both families; empty for a protocol without ports.
    pub fn to_ports(protocol: Protocol, ports: &PortSet) -> Self {
        if protocol.has_ports() {
            Self::of_service(protocol, &widen(ports))
        } else {
            Self::empty()
        }
    }

    /// All TCP and UDP packets from one of these source ports; no packet of a protocol without ports.
    pub fn from_ports(ports: &PortSet) -> Self {
        let from = Diagram::within(
            &widen(ports),
            Level::SourcePort.last(Family::V4),
            &Diagram::Full,
        );
        let service = through(Level::Service, Family::V4, &from);
        let kinds = [
            (Family::V4, Protocol::TCP),
            (Family::V4, Protocol::UDP),
            (Family::V6, Protocol::TCP),
            (Family::V6, Protocol::UDP),
        ];
        Self::of_kinds(
            &kinds.map(|(family, protocol)| (kind(family, protocol), kind(family, protocol))),
            &service,
        )
    }

    /// All packets from one of these addresses.
    pub fn from_addresses(addresses: &AddressSet) -> Self {
        Self::of_addresses(addresses, |_, inside| inside)
    }

    /// All packets to one of these addresses.
    pub fn to_addresses(addresses: &AddressSet) -> Self {
        Self::of_addresses(addresses, |family, inside| {
            through(Level::Source, family, &inside)
        })
    }

    /// Whether no packet is in the set.
    pub const fn is_empty(&self) -> bool {
        matches!(self.diagram, Diagram::Empty)
    }

    /// Whether every packet is in the set.
    pub const fn is_full(&self) -> bool {
        matches!(self.diagram, Diagram::Full)
    }

    /// Whether the packet is in the set.
    pub fn contains(&self, packet: &Packet) -> bool {
        let [service, source_port] = transport_fields(packet.transport());
        let diagram = self
            .diagram
            .follow(kind(packet.family(), packet.protocol()))
            .follow(service)
            .follow(source_port);
        let diagram = diagram
            .follow(Family::number(packet.source()))
            .follow(Family::number(packet.destination()));
        *diagram == Diagram::Full
    }

    /// The packets in one of the sets or in both.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        Self {
            diagram: self.diagram.union(&other.diagram),
        }
    }

    /// The packets in both sets.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        Self {
            diagram: self.diagram.intersection(&other.diagram),
        }
    }

    /// The packets of this set that are not in `other`.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Self {
        Self {
            diagram: self.diagram.difference(&other.diagram),
        }
    }

    /// The packets that are not in the set.
    #[must_use]
    pub fn complement(&self) -> Self {
        Self {
            diagram: self.diagram.complement(),
        }
    }

    /// Whether every packet of this set is in `other`.
    pub fn is_subset(&self, other: &Self) -> bool {
        self.difference(other).is_empty()
    }

    /// The set with the addresses forgotten: what is sent, whoever sends it to whomever.
    #[must_use]
    pub fn without_addresses(&self) -> Self {
        Self {
            diagram: forget(&self.diagram, Level::Kind, Level::Source),
        }
    }

    /// The set with addresses and source ports forgotten: the services.
    #[must_use]
    pub fn services(&self) -> Self {
        Self {
            diagram: forget(&self.diagram, Level::Kind, Level::SourcePort),
        }
    }

    /// The destination ports to which packets of TCP or UDP may go, whatever the source ports and addresses.
    pub fn destination_ports(&self, protocol: Protocol) -> PortSet {
        let of_family = |family| {
            let by_service = self
                .diagram
                .follow(kind(family, protocol))
                .intervals(Level::Service.last(family));
            by_service
                .into_iter()
                .filter(|(_, _, next)| *next != Diagram::Empty)
                .map(narrow)
        };
        PortSet::from_ranges(of_family(Family::V4).chain(of_family(Family::V6)))
    }

    /// A packet of the set that proves it is not empty, or `None` if it is.
    ///
    /// The choice is deterministic: TCP before UDP before ICMP before others, low ports first, a client port of
    /// 49152 if the set has it, low addresses first.
    pub fn witness(&self) -> Option<Packet> {
        if self.is_empty() {
            return None;
        }
        let preferred = [
            (Protocol::TCP, 0),
            (Protocol::UDP, 0),
            (Protocol::ICMP, 2048),
            (Protocol::ICMPV6, 32768),
        ];
        let of_protocol = |protocol, service| {
            let mut families = Family::ALL.into_iter();
            families.find_map(|family| self.witness_of(family, protocol, service))
        };
        let first = preferred
            .into_iter()
            .find_map(|(protocol, service)| of_protocol(protocol, service));
        first.or_else(|| (0..=u8::MAX).find_map(|number| of_protocol(Protocol(number), 0)))
    }

    fn witness_of(&self, family: Family, protocol: Protocol, service: u128) -> Option<Packet> {
        let diagram = self.diagram.follow(kind(family, protocol));
        let (service, diagram) = choose(diagram, Level::Service, family, service)?;
        let (source_port, diagram) = choose(&diagram, Level::SourcePort, family, 49152)?;
        let (source, diagram) = choose(&diagram, Level::Source, family, 0)?;
        let (destination, _) = choose(&diagram, Level::Destination, family, 0)?;
        let transport = transport(
            protocol,
            u16::try_from(service).ok()?,
            u16::try_from(source_port).ok()?,
        );
        Packet::new(
            family.address(source)?,
            family.address(destination)?,
            protocol,
            transport,
        )
    }

    fn of_service(protocol: Protocol, services: &[(u128, u128)]) -> Self {
        let service = Diagram::within(services, Level::Service.last(Family::V4), &Diagram::Full);
        let kinds = Family::ALL.map(|family| (kind(family, protocol), kind(family, protocol)));
        Self::of_kinds(&kinds, &service)
    }

    fn of_kinds(kinds: &[(u128, u128)], inside: &Diagram) -> Self {
        Self {
            diagram: Diagram::within(kinds, Level::Kind.last(Family::V4), inside),
        }
    }

    /// Packets of each family whose address field, wrapped by `place`, lies in the set.
    fn of_addresses(addresses: &AddressSet, place: impl Fn(Family, Diagram) -> Diagram) -> Self {
        let of_family = |family: Family| {
            let intervals = addresses.family(family).intervals();
            let address = place(
                family,
                Diagram::within(intervals, family.last_address(), &Diagram::Full),
            );
            let first = kind(family, Protocol(0));
            let wrapped = through(
                Level::Service,
                family,
                &through(Level::SourcePort, family, &address),
            );
            Self::of_kinds(&[(first, first + 255)], &wrapped)
        };
        of_family(Family::V4).union(&of_family(Family::V6))
    }
}

impl Default for PacketSet {
    /// The set without a packet.
    fn default() -> Self {
        Self::empty()
    }
}

impl From<&Service> for PacketSet {
    fn from(service: &Service) -> Self {
        match *service {
            Service::Any => Self::full(),
            Service::Protocol(protocol) => Self::of_protocol(protocol),
            Service::Ports { protocol, ports } => {
                Self::to_ports(protocol, &PortSet::range(ports.first(), ports.last()))
            }
            Service::Icmp { family, kind, code } => {
                let first = u128::from(kind) << 8;
                let codes = code.map_or((first, first + 255), |code| {
                    (first + u128::from(code), first + u128::from(code))
                });
                Self::of_service(icmp_protocol(family), &[codes])
            }
        }
    }
}

impl From<&Packet> for PacketSet {
    fn from(packet: &Packet) -> Self {
        let family = packet.family();
        let host = |address: IpAddr, level: Level, inside: &Diagram| {
            let number = Family::number(address);
            Diagram::within(&[(number, number)], level.last(family), inside)
        };
        let [service, source_port] = transport_fields(packet.transport());
        let only = |level: Level, value: u128, inside: &Diagram| {
            Diagram::within(&[(value, value)], level.last(family), inside)
        };
        let to = host(packet.destination(), Level::Destination, &Diagram::Full);
        let from = host(packet.source(), Level::Source, &to);
        let service = match packet.transport() {
            Transport::Ports { .. } => only(
                Level::Service,
                service,
                &only(Level::SourcePort, source_port, &from),
            ),
            Transport::Icmp { .. } => only(
                Level::Service,
                service,
                &through(Level::SourcePort, family, &from),
            ),
            Transport::Other => through(
                Level::Service,
                family,
                &through(Level::SourcePort, family, &from),
            ),
        };
        let kind = kind(family, packet.protocol());
        Self::of_kinds(&[(kind, kind)], &service)
    }
}

impl FromIterator<Self> for PacketSet {
    /// The union of all sets.
    fn from_iter<I: IntoIterator<Item = Self>>(sets: I) -> Self {
        sets.into_iter()
            .fold(Self::empty(), |all, set| all.union(&set))
    }
}

/// The value of [`Level::Kind`].
pub(crate) fn kind(family: Family, protocol: Protocol) -> u128 {
    let first = match family {
        Family::V4 => 0,
        Family::V6 => 256,
    };
    first + u128::from(protocol.0)
}

/// The values of [`Level::Service`] and [`Level::SourcePort`].
fn transport_fields(transport: Transport) -> [u128; 2] {
    match transport {
        Transport::Ports {
            source,
            destination,
        } => [destination.into(), source.into()],
        Transport::Icmp { kind, code } => [(u128::from(kind) << 8) + u128::from(code), 0],
        Transport::Other => [0, 0],
    }
}

fn transport(protocol: Protocol, service: u16, source: u16) -> Transport {
    let [kind, code] = service.to_be_bytes();
    if protocol.has_ports() {
        Transport::Ports {
            source,
            destination: service,
        }
    } else if protocol.is_icmp() {
        Transport::Icmp { kind, code }
    } else {
        Transport::Other
    }
}

/// A diagram that asks `level` but takes every value of it to the same place.
fn through(level: Level, family: Family, next: &Diagram) -> Diagram {
    Diagram::within(&[(0, level.last(family))], level.last(family), next)
}

/// A value of this field with a non-empty continuation: `preferred` if it has one, else the first.
fn choose(
    diagram: &Diagram,
    level: Level,
    family: Family,
    preferred: u128,
) -> Option<(u128, Diagram)> {
    let next = diagram.follow(preferred);
    if *next != Diagram::Empty {
        return Some((preferred, next.clone()));
    }
    let mut intervals = diagram.intervals(level.last(family)).into_iter();
    intervals
        .find(|(_, _, next)| *next != Diagram::Empty)
        .map(|(first, _, next)| (first, next))
}

/// The diagram with every field from `from` on set free.
fn forget(diagram: &Diagram, level: Level, from: Level) -> Diagram {
    match (diagram, level.next()) {
        (Diagram::Empty, _) => Diagram::Empty,
        (Diagram::Full, _) | (Diagram::Node(_), None) => Diagram::Full,
        (Diagram::Node(_), Some(_)) if from <= level => Diagram::Full,
        (Diagram::Node(_), Some(next)) => diagram.map(|branch| forget(branch, next, from)),
    }
}

fn widen(ports: &PortSet) -> Vec<(u128, u128)> {
    ports
        .intervals()
        .iter()
        .map(|&(first, last)| (first.into(), last.into()))
        .collect()
}

fn narrow((first, last, _): (u128, u128, Diagram)) -> (u16, u16) {
    let port = |value| u16::try_from(value).unwrap_or(u16::MAX);
    (port(first), port(last))
}
