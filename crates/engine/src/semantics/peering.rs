//! VPC peering (§3).
//!
//! From an address of one VPC to an address of the other, and nothing beyond: peering is not transitive. Groups may name
//! groups of the peer within one region.
//!
//! # Source
//!
//! VPC Peering Guide: How VPC peering connections work.

use model::{Link, PeeringSide, PeeringStatus, VpcPeeringConnection};
use packet::Prefix;

use super::subnet::Place;
use super::{Return, Semantics};
use crate::way::{Identity, Outcome, Way};

impl Semantics<'_> {
    pub(super) fn leave_by_peering(
        &self,
        way: Way,
        at: Place,
        link: &Link<VpcPeeringConnection>,
    ) -> Outcome {
        let Some(index) = link.target() else {
            return self.cut(way);
        };
        let vpc = self.snapshot().vpcs().get(at.vpc);
        if !vpc.contains(way.source) {
            return Outcome::denied();
        }
        self.cross_peering(way, at, self.snapshot().peerings().get(index))
    }

    /// Packets go over a connection, whoever sends them.
    pub(super) fn cross_peering(
        &self,
        mut way: Way,
        at: Place,
        peering: &VpcPeeringConnection,
    ) -> Outcome {
        let Some(peer) = peering
            .peer_of(at.vpc)
            .filter(|_| peering.status == PeeringStatus::Active)
        else {
            return Outcome::denied();
        };
        let blocks = self.blocks_of(peer);
        if blocks.is_empty() {
            return self.cut(way);
        }
        if !blocks.iter().any(|block| block.contains(way.destination)) {
            return Outcome::denied();
        }
        let Some(peer_vpc) = peer.vpc.target() else {
            return self.cut(way);
        };
        self.ask_about(peer_vpc);
        self.return_by(&way, peer_vpc, Return::Otherwise);
        way.identity = if way.crossed_transit {
            Identity::Lost
        } else {
            way.identity.then(self.identity_across(peering))
        };
        self.arrive(way, peer_vpc, None)
    }

    fn blocks_of<'s>(&'s self, side: &'s PeeringSide) -> &'s [Prefix] {
        match side.vpc.target() {
            Some(vpc) => &self.snapshot().vpcs().get(vpc).cidrs,
            None => &side.cidrs,
        }
    }

    /// References work within one region: that of the VPC, or the one that the connection tells.
    pub(super) fn identity_across(&self, peering: &VpcPeeringConnection) -> Identity {
        let region = |side: &PeeringSide| {
            let vpc = side.vpc.target().map(|vpc| self.snapshot().vpcs().get(vpc));
            vpc.and_then(|vpc| vpc.region.clone())
                .or_else(|| side.region.clone())
        };
        match (region(&peering.requester), region(&peering.accepter)) {
            (Some(a), Some(b)) if a == b => Identity::Kept,
            (Some(_), Some(_)) => Identity::Lost,
            (None, _) | (_, None) => Identity::Doubtful,
        }
    }
}
