//! VPC peering: from one VPC's addresses to the other's, and no further.

use model::{Index, PeeringStatus, Vpc, VpcPeeringConnection};

use crate::walk::{Flight, Leads, Next, Sender};
use crate::{Doubt, Ground, Place, Reason, Tracer};

/// How packets come to a peering connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Crossed {
    /// By a route: only from addresses of the VPC.
    ByRoute,
    /// From a load balancer that keeps the addresses of its clients, wherever those are.
    ByBalancer,
}

impl Tracer<'_> {
    /// By a route of a VPC to a peering connection.
    pub(crate) fn by_peering(
        &self,
        flight: &mut Flight,
        index: Index<VpcPeeringConnection>,
        vpc: Index<Vpc>,
        crossed: Crossed,
    ) -> Leads {
        let peering = self.snapshot.peerings().get(index);
        let (source, destination) = (flight.packet.source(), flight.destination());
        flight.at(Place::Peering(index));
        if peering.status == PeeringStatus::Inactive {
            return Err(Reason::PeeringInactive(index).into());
        }
        let peer = peering
            .peer_of(vpc)
            .ok_or(Reason::PeeringOfOthers(index, vpc))?;
        let is_own = self.snapshot.vpcs().get(vpc).contains(source);
        if crossed == Crossed::ByRoute && !is_own {
            return Err(Reason::PeeringNoTransit(index, source).into());
        }
        let peer_vpc = peer.vpc.target();
        let blocks = peer_vpc.map_or(&peer.cidrs, |vpc| &self.snapshot.vpcs().get(vpc).cidrs);
        if blocks.is_empty() {
            return Err(Doubt::PeerBlocksUnknown(index).into());
        }
        if !blocks.iter().any(|block| block.contains(destination)) {
            return Err(Reason::DestinationNotInPeer(index, destination).into());
        }
        let peer_vpc = peer_vpc.ok_or_else(|| Doubt::PeerMissing(index, peer.vpc.id().clone()))?;
        flight.allow(Ground::Carried);
        let is_certain = self.keeps_identity(peering);
        flight.sender = flight
            .sender
            .filter(|sender| !sender.has_crossed)
            .and_then(|sender| {
                let is_certain = is_certain?;
                Some(Sender {
                    is_certain: sender.is_certain && is_certain,
                    has_crossed: true,
                    ..sender
                })
            });
        Ok(Next::Local(peer_vpc, None))
    }

    /// Whether references to groups match across the connection: `Some(false)` if that is not known.
    pub(crate) fn keeps_identity(&self, peering: &VpcPeeringConnection) -> Option<bool> {
        let [one, other] = [&peering.requester, &peering.accepter].map(|side| {
            let vpc = side.vpc.target().map(|vpc| self.snapshot.vpcs().get(vpc));
            vpc.and_then(|vpc| vpc.region.as_ref())
                .or(side.region.as_ref())
        });
        match (one, other) {
            (Some(one), Some(other)) => (one == other).then_some(true),
            (None, _) | (_, None) => Some(false),
        }
    }
}
