//! VPC peering connections.

use std::sync::Arc;

use packet::Prefix;

use crate::id::resource;
use crate::pack::Pack;
use crate::{AccountId, Index, Link, Origin, Region, ResourceId, Vpc};

/// A peering connection between two VPCs.
#[derive(Debug, Clone, Pack)]
pub struct VpcPeeringConnection {
    /// `pcx-…`.
    pub id: ResourceId,
    /// The `Name` tag.
    pub name: Option<Arc<str>>,
    /// Whether it works.
    pub status: PeeringStatus,
    /// The side that asked.
    pub requester: PeeringSide,
    /// The side that was asked.
    pub accepter: PeeringSide,
    /// Where it was read.
    pub origin: Origin,
}

impl VpcPeeringConnection {
    /// The other side, seen from a VPC; `None` if the VPC is no side of this connection.
    pub fn peer_of(&self, vpc: Index<Vpc>) -> Option<&PeeringSide> {
        match (self.requester.vpc.is(vpc), self.accepter.vpc.is(vpc)) {
            (true, _) => Some(&self.accepter),
            (false, true) => Some(&self.requester),
            (false, false) => None,
        }
    }
}

/// One side of a peering connection.
#[derive(Debug, Clone, Pack)]
pub struct PeeringSide {
    /// The VPC.
    pub vpc: Link<Vpc>,
    /// The account of the VPC.
    pub owner: Option<AccountId>,
    /// The region of the VPC.
    pub region: Option<Region>,
    /// The blocks of the VPC, as the connection tells them; empty if it does not.
    pub cidrs: Vec<Prefix>,
}

/// Whether a peering connection works (EC2 `Status.Code`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Pack)]
pub enum PeeringStatus {
    /// It carries packets.
    Active,
    /// It is not yet, or no longer, in force.
    Inactive,
}

resource!(VpcPeeringConnection);
