//! The bits of a header as variables.

use std::net::IpAddr;
use std::ops::RangeInclusive;

use biodivine_lib_bdd::{Bdd, BddPartialValuation, BddValuation, BddVariable, BddVariableSet};
use packet::{Family, Packet, Prefix, Protocol, Transport};

/// A field of a header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    /// Addresses of IPv4 stand in the first 32 of the 128 bits.
    Destination,
    /// As the destination.
    Source,
    Protocol,
    /// The destination port, or the type and code of an ICMP message.
    Service,
    SourcePort,
}

/// Where each field stands, and which way is one: the family, then the fields, each with its highest bit first.
#[derive(Debug)]
pub(super) struct Alphabet {
    variables: BddVariableSet,
    all: Vec<BddVariable>,
}

const N_VARIABLES: u16 = 1 + 128 + 128 + 8 + 16 + 16;

impl Alphabet {
    pub(super) fn new() -> Self {
        let variables = BddVariableSet::new_anonymous(N_VARIABLES);
        let all = variables.variables();
        Self { variables, all }
    }

    pub(super) fn none(&self) -> Bdd {
        self.variables.mk_false()
    }

    pub(super) fn all(&self) -> Bdd {
        self.variables.mk_true()
    }

    /// Packets of one pair of addresses.
    pub(super) fn pair(&self, source: IpAddr, destination: IpAddr) -> Bdd {
        let source = self.prefix(Field::Source, &Prefix::host(source));
        let mut cube = source.and(&self.prefix(Field::Destination, &Prefix::host(destination)));
        if destination.is_ipv4() {
            // The bits that IPv4 does not use are fixed, so that sizes count ports only.
            for field in [Field::Source, Field::Destination] {
                let unused = self.bits(field).iter().skip(32).map(|bit| (*bit, false));
                cube = cube.and(&self.cube(unused));
            }
        }
        cube
    }

    /// Packets with an address in a block.
    pub(super) fn prefix(&self, field: Field, prefix: &Prefix) -> Bdd {
        let family = self
            .all
            .iter()
            .take(1)
            .map(|bit| (*bit, prefix.family() == Family::V6));
        let number = placed(prefix.first());
        let length = usize::from(prefix.length());
        let bits = self.bits(field).iter().take(length).zip((0..128).rev());
        let bits = bits.map(|(variable, bit)| (*variable, number >> bit & 1 == 1));
        self.cube(family.chain(bits))
    }

    pub(super) fn protocol(&self, protocol: Protocol) -> Bdd {
        self.range(
            Field::Protocol,
            u16::from(protocol.0)..=u16::from(protocol.0),
        )
    }

    /// Packets with a field in a range.
    pub(super) fn range(&self, field: Field, range: RangeInclusive<u16>) -> Bdd {
        let at_least = self.compared(field, *range.start(), true);
        at_least.and(&self.compared(field, *range.end(), false))
    }

    /// One message, or all of its type.
    pub(super) fn message(&self, protocol: Protocol, kind: u8, code: Option<u8>) -> Bdd {
        let number = |code| u16::from_be_bytes([kind, code]);
        let range = number(code.unwrap_or(0))..=number(code.unwrap_or(u8::MAX));
        self.protocol(protocol)
            .and(&self.range(Field::Service, range))
    }

    /// Packets that nobody answers: messages of ICMP other than an echo request.
    pub(super) fn without_answer(&self) -> Bdd {
        let v4 = self
            .protocol(Protocol::ICMP)
            .and_not(&self.message(Protocol::ICMP, 8, None));
        let echo = self.message(Protocol::ICMPV6, 128, None);
        v4.or(&self.protocol(Protocol::ICMPV6).and_not(&echo))
    }

    /// One packet.
    pub(super) fn valuation(&self, packet: &Packet) -> BddValuation {
        let (service, source_port) = match packet.transport() {
            Transport::Ports {
                source,
                destination,
            } => (destination, source),
            Transport::Icmp { kind, code } => (u16::from_be_bytes([kind, code]), 0),
            Transport::Other => (0, 0),
        };
        let mut valuation = BddValuation::all_false(N_VARIABLES);
        for bit in self
            .all
            .iter()
            .take(1)
            .filter(|_| packet.family() == Family::V6)
        {
            valuation.set(*bit);
        }
        let values = [
            (Field::Destination, placed(packet.destination())),
            (Field::Source, placed(packet.source())),
            (Field::Protocol, packet.protocol().0.into()),
            (Field::Service, service.into()),
            (Field::SourcePort, source_port.into()),
        ];
        for (field, value) in values {
            for (place, variable) in self.bits(field).iter().rev().enumerate() {
                valuation.set_value(*variable, value >> place & 1 == 1);
            }
        }
        valuation
    }

    /// Packets whose field is at least, or at most, a value: from the lowest bit up, what the bits so far say.
    fn compared(&self, field: Field, value: u16, is_lower_bound: bool) -> Bdd {
        let mut holds = self.all();
        for (place, variable) in self.bits(field).iter().rev().enumerate() {
            let is_set = value >> place & 1 == 1;
            let beyond = self.variables.mk_literal(*variable, is_lower_bound);
            holds = if is_set == is_lower_bound {
                beyond.and(&holds)
            } else {
                beyond.or(&holds)
            };
        }
        holds
    }

    fn cube(&self, bits: impl Iterator<Item = (BddVariable, bool)>) -> Bdd {
        let bits = BddPartialValuation::from_values_iter(bits);
        self.variables.mk_conjunctive_clause(&bits)
    }

    /// The variables of a field, the highest bit first.
    fn bits(&self, field: Field) -> &[BddVariable] {
        let range = match field {
            Field::Destination => 1..129,
            Field::Source => 129..257,
            Field::Protocol => 257..265,
            Field::Service => 265..281,
            Field::SourcePort => 281..297,
        };
        self.all.get(range).unwrap_or_default()
    }
}

/// An address in the 128 bits of its field.
fn placed(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(v4) => u128::from(u32::from(v4)) << 96,
        IpAddr::V6(v6) => v6.into(),
    }
}
