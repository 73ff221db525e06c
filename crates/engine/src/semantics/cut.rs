//! The end of what is known (§8).

use model::{Direction, Index, NetworkInterface};
use packet::PacketSet;

use super::Semantics;
use super::group::{Peer, PeerInterface};
use crate::filter::Filter;
use crate::network::Holder;
use crate::way::{End, Errand, Origin, Outcome, Way};

impl Semantics<'_> {
    /// The way goes on where the input or the model does not tell.
    pub(super) fn cut(&self, mut way: Way) -> Outcome {
        if let Errand::First(Origin::Interface { interface, to }) = way.errand {
            let peer = Peer {
                address: to,
                interface: PeerInterface::Anyone,
            };
            way.pass(&self.group_filter(interface, Direction::Egress, peer));
            if let Some(admitted) = self.admitted_at(interface, &way) {
                way.pass(&Filter::exactly(admitted));
            }
        }
        way.filter = way.filter.and(&Filter::unknown());
        Outcome::arrived(&way.filter)
    }

    /// What the only possible receiver admits from anyone, if the destination is in the sender's own VPC.
    fn admitted_at(&self, sender: Index<NetworkInterface>, way: &Way) -> Option<PacketSet> {
        let vpc = self.snapshot().interfaces().get(sender).vpc.target()?;
        if !self.snapshot().vpcs().get(vpc).contains(way.destination) {
            return None;
        }
        match self.network.holders(vpc, way.destination).as_slice() {
            [Holder::Interface(receiver)] if way.may_end_at(End::Interface(*receiver)) => {
                self.admitted_from_anywhere(*receiver)
            }
            _ => None,
        }
    }
}
