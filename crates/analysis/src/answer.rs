//! What passes between two parties.

use engine::Reach;
use model::Reachability;
use packet::{Family, PacketSet};

/// What passes from one party to another. The three sets have no packet in common.
///
/// Packets are told apart by family, protocol, ports and client ports; addresses are left free.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Answer {
    /// Packets that are delivered and answered, for certain.
    pub certain: PacketSet,
    /// Packets on which the input or the model cannot tell.
    pub undetermined: PacketSet,
    /// Packets that are delivered for certain, and whose answers are lost: no session, enough for some attacks.
    pub one_way: PacketSet,
}

impl Answer {
    /// Nothing passes.
    pub const fn nothing() -> Self {
        Self {
            certain: PacketSet::empty(),
            undetermined: PacketSet::empty(),
            one_way: PacketSet::empty(),
        }
    }

    /// The answer of the engine for a target of this family.
    pub(crate) fn of(reach: &Reach, family: Family) -> Self {
        let within = PacketSet::of_family(family);
        // Where nothing passes but messages that nobody answers, there is nothing to tell.
        let unanswered = PacketSet::without_answer();
        let keep = |set: &PacketSet| {
            let kept = set.intersection(&within);
            if kept.is_subset(&unanswered) {
                PacketSet::empty()
            } else {
                kept
            }
        };
        Self {
            certain: keep(&reach.certain),
            undetermined: keep(&reach.undetermined()),
            one_way: keep(&reach.one_way()),
        }
    }

    /// What passes in one of two cases: certain in either is certain.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        let certain = self.certain.union(&other.certain);
        let undetermined = self
            .undetermined
            .union(&other.undetermined)
            .difference(&certain);
        let one_way = self
            .one_way
            .union(&other.one_way)
            .difference(&certain)
            .difference(&undetermined);
        Self {
            certain,
            undetermined,
            one_way,
        }
    }

    /// What passes in both of two cases.
    #[must_use]
    pub(crate) fn intersection(&self, other: &Self) -> Self {
        Self {
            certain: self.certain.intersection(&other.certain),
            undetermined: self.undetermined.intersection(&other.undetermined),
            one_way: self.one_way.intersection(&other.one_way),
        }
    }

    /// What passes here and not there.
    #[must_use]
    pub(crate) fn difference(&self, other: &Self) -> Self {
        Self {
            certain: self.certain.difference(&other.certain),
            undetermined: self.undetermined.difference(&other.undetermined),
            one_way: self.one_way.difference(&other.one_way),
        }
    }

    /// The answer for some of the packets.
    #[must_use]
    pub fn of_packets(&self, packets: &PacketSet) -> Self {
        Self {
            certain: self.certain.intersection(packets),
            undetermined: self.undetermined.intersection(packets),
            one_way: self.one_way.intersection(packets),
        }
    }

    /// Whether nothing passes, for certain.
    pub fn is_nothing(&self) -> bool {
        self.certain.is_empty() && self.undetermined.is_empty() && self.one_way.is_empty()
    }

    /// Whether a session can be made by any packet of the answer.
    pub fn reachability(&self) -> Reachability {
        if !self.certain.is_empty() {
            Reachability::Reachable
        } else if self.undetermined.is_empty() {
            Reachability::Blocked
        } else {
            Reachability::Undetermined
        }
    }
}
