//! The answer for a pair.

use model::Reachability;
use packet::{Packet, PacketSet, PortSet, Protocol, Service};

use crate::way::Outcome;

/// Which first packets from one endpoint to another make a session, by protocol, ports and client ports.
///
/// Addresses are left free in the sets: the pair fixes them. A set speaks of both families; the pair's addresses tell
/// which one is meant.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Reach {
    /// Packets that are delivered and answered, for certain.
    pub certain: PacketSet,
    /// Packets that may be: all of `certain`, and those on which the input or the model cannot tell.
    pub possible: PacketSet,
    /// Packets that are delivered for certain, answered or not.
    pub delivered: PacketSet,
}

impl Reach {
    pub(crate) fn of(outcome: &Outcome) -> Self {
        Self {
            certain: outcome.answered.allow().clone(),
            possible: outcome.answered.maybe().clone(),
            delivered: outcome.delivered.allow().clone(),
        }
    }

    /// Nothing passes.
    pub const fn nothing() -> Self {
        Self {
            certain: PacketSet::empty(),
            possible: PacketSet::empty(),
            delivered: PacketSet::empty(),
        }
    }

    /// Whether nothing passes, for certain.
    pub fn is_nothing(&self) -> bool {
        self.possible.is_empty() && self.delivered.is_empty()
    }

    /// The answer for one packet of the pair.
    pub fn reachability(&self, packet: &Packet) -> Reachability {
        if self.certain.contains(packet) {
            Reachability::Reachable
        } else if self.possible.contains(packet) {
            Reachability::Undetermined
        } else {
            Reachability::Blocked
        }
    }

    /// The answer for some packet of a service that comes from some client port (1024 to 65535).
    pub fn reachability_of(&self, service: &Service) -> Reachability {
        self.reachability_of_any(&PacketSet::from(service).intersection(&from_clients()))
    }

    /// The answer for some packet of a set, which should leave addresses free as the sets here do.
    pub fn reachability_of_any(&self, asked: &PacketSet) -> Reachability {
        if !self.certain.intersection(asked).is_empty() {
            Reachability::Reachable
        } else if !self.possible.intersection(asked).is_empty() {
            Reachability::Undetermined
        } else {
            Reachability::Blocked
        }
    }

    /// Packets on which the input or the model cannot tell.
    pub fn undetermined(&self) -> PacketSet {
        self.possible.difference(&self.certain)
    }

    /// Services whose packets arrive and whose answers are certainly lost, whatever the client port: enough for some
    /// attacks, no session.
    pub fn one_way(&self) -> PacketSet {
        self.delivered
            .services()
            .difference(&self.possible.services())
    }

    /// What one of the two pairs lets pass, as if they were one.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        Self {
            certain: self.certain.union(&other.certain),
            possible: self.possible.union(&other.possible),
            delivered: self.delivered.union(&other.delivered),
        }
    }
}

/// Packets that a client may send: from a client port, where there are ports.
fn from_clients() -> PacketSet {
    let ported =
        PacketSet::of_protocol(Protocol::TCP).union(&PacketSet::of_protocol(Protocol::UDP));
    PacketSet::from_ports(&PortSet::range(1024, u16::MAX)).union(&ported.complement())
}
