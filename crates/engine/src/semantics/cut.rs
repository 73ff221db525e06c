//! The end of what is known (§8).

use std::net::IpAddr;

use model::{Direction, Index, Kind, NetworkInterface, PeeringStatus};

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
            let neighbour = self.neighbour(&way, interface, to);
            let peer = Peer {
                address: to,
                interface: match neighbour {
                    Some(neighbour) => PeerInterface::Doubtful(neighbour),
                    None if self.is_out_of_sight(interface, to) => PeerInterface::None,
                    None => PeerInterface::Anyone,
                },
            };
            let filter = self.group_filter(way.open, interface, Direction::Egress, peer);
            way.pass(&filter_here(&way, filter));
            let receiver = neighbour.filter(|receiver| way.may_end_at(End::Interface(*receiver)));
            if let Some(receiver) = receiver {
                way.pass(&filter_here(&way, self.admission(way.open, receiver)));
            }
        }
        way.filter = way.filter.and(&Filter::unknown());
        Outcome::arrived(&way.filter)
    }

    /// Whether nobody whom a group could name holds the address: it is in no block of the sender's VPC, and in none of a
    /// VPC that a peering connection joins to it.
    pub(super) fn is_out_of_sight(&self, sender: Index<NetworkInterface>, address: IpAddr) -> bool {
        let snapshot = self.snapshot();
        let Some(vpc) = snapshot.interfaces().get(sender).vpc.target() else {
            return false;
        };
        if !self.network.lists_all(Kind::VpcPeeringConnections, vpc)
            || snapshot.vpcs().get(vpc).contains(address)
        {
            return false;
        }
        let active = snapshot
            .peerings()
            .rows()
            .iter()
            .filter(|peering| peering.status == PeeringStatus::Active);
        let mut blocks = active
            .filter_map(|peering| peering.peer_of(vpc))
            .map(|peer| match peer.vpc.target() {
                Some(known) => &snapshot.vpcs().get(known).cidrs,
                None => &peer.cidrs,
            });
        blocks
            .all(|blocks| !blocks.is_empty() && !blocks.iter().any(|block| block.contains(address)))
    }

    /// The only interface of the sender's own VPC that holds an address of it: nobody else there can receive.
    fn neighbour(
        &self,
        way: &Way,
        sender: Index<NetworkInterface>,
        address: IpAddr,
    ) -> Option<Index<NetworkInterface>> {
        let vpc = self.snapshot().interfaces().get(sender).vpc.target()?;
        let is_inside = self.snapshot().vpcs().get(vpc).contains(address);
        self.look(way);
        self.ask_about(vpc);
        match self.network.holders(vpc, address).as_ref() {
            [Holder::Interface(receiver)] if is_inside => Some(*receiver),
            _ => None,
        }
    }
}
