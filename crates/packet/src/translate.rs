//! Sets of packets as they are behind those who change ports, and before.

use crate::diagram::{Diagram, Level};
use crate::packet_set::kind;
use crate::service::{echo_request, icmp_protocol};
use crate::{Family, PacketSet, Protocol};

impl PacketSet {
    /// The TCP or UDP packets to port `from` that are in this set once their destination port is `to`.
    ///
    /// What somebody who listens at `from` and passes on to `to` lets through, if this set is what passes beyond.
    #[must_use]
    pub fn before_port_change(&self, protocol: Protocol, from: u16, to: u16) -> Self {
        let of_family = |family: Family| {
            let beyond = self.diagram.follow(kind(family, protocol));
            let rest = beyond.follow(u128::from(to)).clone();
            let port = u128::from(from);
            let moved = Diagram::within(&[(port, port)], Level::Service.last(family), &rest);
            of_one_kind(family, protocol, &moved)
        };
        if protocol.has_ports() {
            of_family(Family::V4).union(&of_family(Family::V6))
        } else {
            Self::empty()
        }
    }

    /// The echo requests of the set of one family, as those of the other with the same code.
    #[must_use]
    pub fn echo_requests_of_other_family(&self, from: Family) -> Self {
        let to = match from {
            Family::V4 => Family::V6,
            Family::V6 => Family::V4,
        };
        let messages = self.diagram.follow(kind(from, icmp_protocol(from)));
        let first = |family| u128::from(echo_request(family)) << 8;
        let mut requests = Self::empty();
        for code in 0..=u128::from(u8::MAX) {
            let inside = messages.follow(first(from) + code).clone();
            let number = first(to) + code;
            let request = Diagram::within(&[(number, number)], Level::Service.last(to), &inside);
            requests = requests.union(&of_one_kind(to, icmp_protocol(to), &request));
        }
        requests
    }

    /// The set with source and destination ports of TCP and UDP exchanged, and other protocols as they are.
    ///
    /// Addresses of TCP and UDP packets are set free: the sets of those who need this do not restrict them.
    #[must_use]
    pub fn with_ports_exchanged(&self) -> Self {
        let ported: Self = [Protocol::TCP, Protocol::UDP]
            .map(Self::of_protocol)
            .into_iter()
            .collect();
        let mut exchanged = self.difference(&ported);
        for protocol in [Protocol::TCP, Protocol::UDP] {
            for family in Family::ALL {
                let services = self.diagram.follow(kind(family, protocol));
                let inside = with_services_exchanged(services, family);
                exchanged = exchanged.union(&of_one_kind(family, protocol, &inside));
            }
        }
        exchanged
    }
}

/// A diagram that asks for the destination port, with the source port in its place. Addresses are set free.
fn with_services_exchanged(services: &Diagram, family: Family) -> Diagram {
    // Few source ports tell anything apart, so most intervals of destination ports go together.
    let mut alike: Vec<(Diagram, Vec<(u128, u128)>)> = Vec::new();
    for (first, last, by_source) in services.intervals(Level::Service.last(family)) {
        match alike.iter_mut().find(|(known, _)| *known == by_source) {
            Some((_, intervals)) => intervals.push((first, last)),
            None => alike.push((by_source, vec![(first, last)])),
        }
    }
    let mut exchanged = Diagram::Empty;
    for (by_source, intervals) in alike {
        let last = Level::SourcePort.last(family);
        let from = Diagram::within(&intervals, last, &Diagram::Full);
        let to = filled(&by_source, family);
        let packets = Diagram::within(&to, Level::Service.last(family), &from);
        exchanged = exchanged.union(&packets);
    }
    exchanged
}

/// The packets of one family and protocol whose ports and addresses are in the diagram.
fn of_one_kind(family: Family, protocol: Protocol, inside: &Diagram) -> PacketSet {
    let number = kind(family, protocol);
    PacketSet {
        diagram: Diagram::within(&[(number, number)], Level::Kind.last(family), inside),
    }
}

/// The source ports by which the diagram leads to any packet.
fn filled(diagram: &Diagram, family: Family) -> Vec<(u128, u128)> {
    let intervals = diagram.intervals(Level::SourcePort.last(family));
    let filled = intervals
        .into_iter()
        .filter(|(_, _, next)| *next != Diagram::Empty);
    filled.map(|(first, last, _)| (first, last)).collect()
}
