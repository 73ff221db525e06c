//! Network ACLs.

use std::sync::Arc;

use packet::{Prefix, Service};

use crate::id::resource;
use crate::pack::Pack;
use crate::{AccountId, Direction, Link, Origin, Region, ResourceId, Subnet, Vpc};

/// A network ACL: ordered stateless entries at the border of subnets.
#[derive(Debug, Clone, Pack)]
pub struct NetworkAcl {
    /// `acl-…`.
    pub id: ResourceId,
    /// The `Name` tag.
    pub name: Option<Arc<str>>,
    /// The account that owns it.
    pub owner: Option<AccountId>,
    /// Its region.
    pub region: Option<Region>,
    /// The VPC it belongs to.
    pub vpc: Link<Vpc>,
    /// Whether it applies to subnets of the VPC that no ACL names.
    pub is_default: bool,
    /// The subnets that name it.
    pub subnets: Vec<Link<Subnet>>,
    /// Entries, sorted by direction and number: the first that matches decides, and none means deny.
    pub entries: Vec<AclEntry>,
    /// Whether every entry of the ACL could be read. If not, one that is missing may stand before any that `entries`
    /// holds: whatever crosses the ACL must be answered with "undetermined".
    pub is_complete: bool,
    /// Where it was read.
    pub origin: Origin,
}

impl NetworkAcl {
    /// The entries of one direction in the order in which they are asked.
    pub fn entries(&self, direction: Direction) -> impl Iterator<Item = &AclEntry> {
        self.entries
            .iter()
            .filter(move |entry| entry.direction == direction)
    }
}

/// One entry of a network ACL.
#[derive(Debug, Clone, Pack)]
pub struct AclEntry {
    /// Its place in the order; small numbers first.
    pub number: u32,
    /// Which way.
    pub direction: Direction,
    /// What it decides.
    pub verdict: Verdict,
    /// Addresses of the source (ingress) or of the destination (egress).
    pub cidr: Prefix,
    /// Protocol and destination ports, or ICMP messages.
    pub service: Service,
    /// Where it was read.
    pub origin: Origin,
}

/// One filter's answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Pack)]
pub enum Verdict {
    /// Lets the packet pass.
    Allow,
    /// Drops the packet.
    Deny,
}

resource!(NetworkAcl);
