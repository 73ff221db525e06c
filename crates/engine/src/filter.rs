//! Three-valued sets of packets.

use std::sync::LazyLock;

use packet::{Family, PacketSet, PortSet, Protocol, Service};

use crate::asks::{Ask, Asks};

/// Everything that has ports to translate.
static PORTED: LazyLock<PacketSet> = LazyLock::new(|| {
    PacketSet::of_protocol(Protocol::TCP).union(&PacketSet::of_protocol(Protocol::UDP))
});

/// Everything that comes from a port that NAT gateways use.
static NAT_PORTS: LazyLock<PacketSet> =
    LazyLock::new(|| PacketSet::from_ports(&PortSet::range(1024, u16::MAX)));

/// What filters let pass: certainly, and possibly.
///
/// A packet in `allow` passes; one that is not in `maybe` is dropped; any other is undetermined. Questions that were left
/// open have to be passed as well.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Filter {
    // INVARIANT: allow is a subset of maybe.
    allow: PacketSet,
    maybe: PacketSet,
    asks: Asks,
}

impl Filter {
    const fn of(allow: PacketSet, maybe: PacketSet) -> Self {
        Self {
            allow,
            maybe,
            asks: Asks::none(),
        }
    }

    pub(crate) const fn pass() -> Self {
        Self::of(PacketSet::full(), PacketSet::full())
    }

    pub(crate) const fn deny() -> Self {
        Self::of(PacketSet::empty(), PacketSet::empty())
    }

    pub(crate) const fn unknown() -> Self {
        Self::of(PacketSet::empty(), PacketSet::full())
    }

    /// Whatever the answer to a question is.
    pub(crate) fn left_open(ask: Ask) -> Self {
        Self {
            asks: Asks::one(ask),
            ..Self::pass()
        }
    }

    /// These packets may pass, and no others.
    pub(crate) fn unknown_among(set: &PacketSet) -> Self {
        Self::partly(PacketSet::empty(), set)
    }

    /// Exactly these packets pass.
    pub(crate) fn exactly(set: PacketSet) -> Self {
        Self::of(set.clone(), set)
    }

    /// `allow` passes for certain, `unknown` may pass as well.
    pub(crate) fn partly(allow: PacketSet, unknown: &PacketSet) -> Self {
        let maybe = allow.union(unknown);
        Self::of(allow, maybe)
    }

    pub(crate) const fn allow(&self) -> &PacketSet {
        &self.allow
    }

    pub(crate) const fn maybe(&self) -> &PacketSet {
        &self.maybe
    }

    pub(crate) const fn asks(&self) -> &Asks {
        &self.asks
    }

    pub(crate) const fn denies_all(&self) -> bool {
        self.maybe.is_empty()
    }

    /// Whether nothing is undetermined.
    pub(crate) fn is_certain(&self) -> bool {
        self.allow == self.maybe
    }

    /// Both filters, one after the other.
    pub(crate) fn and(&self, other: &Self) -> Self {
        let allow = self.allow.intersection(&other.allow);
        let maybe = if self.is_certain() && other.is_certain() {
            allow.clone()
        } else {
            self.maybe.intersection(&other.maybe)
        };
        Self {
            allow,
            maybe,
            asks: self.asks.and(&other.asks),
        }
    }

    /// One of two ways that AWS chooses between: certain is only what both let pass.
    pub(crate) fn either(&self, other: &Self) -> Self {
        Self {
            allow: self.allow.intersection(&other.allow),
            maybe: self.maybe.union(&other.maybe),
            asks: self.asks_of_either(other),
        }
    }

    /// One of two ways that are both open: what either lets pass.
    pub(crate) fn best(&self, other: &Self) -> Self {
        let allow = self.allow.union(&other.allow);
        let maybe = if self.is_certain() && other.is_certain() {
            allow.clone()
        } else {
            self.maybe.union(&other.maybe)
        };
        Self {
            allow,
            maybe,
            asks: self.asks_of_either(other),
        }
    }

    /// What drops everything drops it whatever the answers are.
    fn asks_of_either(&self, other: &Self) -> Asks {
        if self.denies_all() {
            other.asks.clone()
        } else if other.denies_all() {
            self.asks.clone()
        } else {
            self.asks.or(&other.asks)
        }
    }

    /// The same filter on packets that may go this way, or may not.
    pub(crate) fn perhaps(&self) -> Self {
        Self {
            allow: PacketSet::empty(),
            maybe: self.maybe.clone(),
            asks: self.asks.clone(),
        }
    }

    /// The same filter where AWS may not ask it: what it drops may pass.
    pub(crate) fn or_unknown(&self) -> Self {
        Self {
            allow: self.allow.clone(),
            maybe: PacketSet::full(),
            asks: self.asks.changed(),
        }
    }

    /// What passes of IPv6 packets that become packets of IPv4, if this is the filter beyond.
    pub(crate) fn before_nat64(&self) -> Self {
        Self {
            allow: before_nat64(&self.allow),
            maybe: before_nat64(&self.maybe),
            asks: self.asks.changed(),
        }
    }

    /// The filter on packets of IPv4 that IPv6 packets have become, if this is the filter on those.
    pub(crate) fn after_nat64(&self) -> Self {
        Self {
            allow: after_nat64(&self.allow),
            maybe: after_nat64(&self.maybe),
            asks: self.asks.changed(),
        }
    }

    /// What passes where packets to port `from` go on to port `to`, if this is the filter beyond.
    pub(crate) fn before_port_change(&self, protocol: Protocol, from: u16, to: u16) -> Self {
        Self {
            allow: self.allow.before_port_change(protocol, from, to),
            maybe: self.maybe.before_port_change(protocol, from, to),
            asks: self.asks.changed(),
        }
    }

    /// The filter on first packets that a filter on their replies amounts to.
    pub(crate) fn on_replies(&self) -> Self {
        let allow = answered_by(&self.allow);
        let maybe = if self.is_certain() {
            allow.clone()
        } else {
            answered_by(&self.maybe)
        };
        Self {
            allow,
            maybe,
            asks: self.asks.changed(),
        }
    }

    /// The same filter on the way back, which packets without an answer do not have to go.
    pub(crate) fn or_free(&self, free: &PacketSet) -> Self {
        Self {
            allow: self.allow.union(free),
            maybe: self.maybe.union(free),
            asks: self.asks.changed(),
        }
    }

    /// What passes if whoever translates may choose any of its source ports. Groups do not look at those.
    pub(crate) fn after_translation(&self) -> Self {
        Self {
            allow: with_some_nat_port(&self.allow),
            maybe: with_some_nat_port(&self.maybe),
            asks: self.asks.clone(),
        }
    }
}

/// The first packets whose reply is in the set, which must not restrict addresses.
///
/// The reply of TCP and UDP goes to the port that the first packet came from; that of an echo request is an echo reply;
/// other protocols are answered in kind. Messages that have no reply are not in it.
pub(crate) fn answered_by(replies: &PacketSet) -> PacketSet {
    if replies.is_full() {
        return PacketSet::full();
    }
    let mut answered = replies.intersection(&PORTED).with_ports_exchanged();
    for (family, reply) in [(Family::V4, 0), (Family::V6, 129)] {
        let reply = PacketSet::from(&Service::Icmp {
            family,
            kind: reply,
            code: Some(0),
        });
        if reply.is_subset(replies) {
            answered = answered.union(&echo_request(family));
        }
    }
    let explicit: PacketSet = [
        Protocol::TCP,
        Protocol::UDP,
        Protocol::ICMP,
        Protocol::ICMPV6,
    ]
    .map(PacketSet::of_protocol)
    .into_iter()
    .collect();
    answered.union(&replies.difference(&explicit))
}

/// The IPv6 packets that are in the set as packets of IPv4: TCP and UDP as they are, echo requests as echo requests.
fn before_nat64(set: &PacketSet) -> PacketSet {
    set.intersection(&PORTED)
        .union(&set.echo_requests_of_other_family(Family::V4))
}

/// The packets of IPv4 that were in the set as packets of IPv6.
fn after_nat64(set: &PacketSet) -> PacketSet {
    set.intersection(&PORTED)
        .union(&set.echo_requests_of_other_family(Family::V6))
}

fn echo_request(family: Family) -> PacketSet {
    let kind = match family {
        Family::V4 => 8,
        Family::V6 => 128,
    };
    PacketSet::from(&Service::Icmp {
        family,
        kind,
        code: None,
    })
}

/// TCP and UDP packets of the set with any source port, if the set has them with a port that NAT gateways use.
fn with_some_nat_port(set: &PacketSet) -> PacketSet {
    set.intersection(&NAT_PORTS)
        .services()
        .union(&set.difference(&PORTED))
}
