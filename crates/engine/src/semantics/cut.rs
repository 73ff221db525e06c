//! The end of what is known (§8).

use std::net::IpAddr;

use model::{Direction, Index, NetworkInterface};

use super::Semantics;
use super::group::{Peer, PeerInterface};
use super::local::filter_here;
use crate::filter::Filter;
use crate::network::Holder;
use crate::way::{End, Errand, Origin, Outcome, Way};

impl Semantics<'_> {
    /// The way goes on where the input or the model does not tell.
    pub(super) fn cut(&self, mut way: Way) -> Outcome {
        if let Errand::First(Origin::Interface { interface, to }) = way.errand {
            let neighbour = self.neighbour(interface, to);
            let peer = Peer {
                address: to,
                interface: neighbour.map_or(PeerInterface::Anyone, PeerInterface::Doubtful),
            };
            let filter = self.group_filter(interface, Direction::Egress, peer);
            way.pass(&filter_here(&way, filter));
            let receiver = neighbour.filter(|receiver| way.may_end_at(End::Interface(*receiver)));
            if let Some(admitted) =
                receiver.and_then(|receiver| self.admitted_from_anywhere(receiver))
            {
                way.pass(&filter_here(&way, Filter::exactly(admitted)));
            }
        }
        way.filter = way.filter.and(&Filter::unknown());
        Outcome::arrived(&way.filter)
    }

    /// The only interface of the sender's own VPC that holds an address of it: nobody else there can receive.
    fn neighbour(
        &self,
        sender: Index<NetworkInterface>,
        address: IpAddr,
    ) -> Option<Index<NetworkInterface>> {
        let vpc = self.snapshot().interfaces().get(sender).vpc.target()?;
        let is_inside = self.snapshot().vpcs().get(vpc).contains(address);
        match self.network.holders(vpc, address).as_slice() {
            [Holder::Interface(receiver)] if is_inside => Some(*receiver),
            _ => None,
        }
    }
}
