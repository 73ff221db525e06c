//! Virtual private clouds and their subnets.

use std::net::IpAddr;
use std::sync::Arc;

use packet::Prefix;

use crate::id::resource;
use crate::{AccountId, Link, Origin, Region, ResourceId, Zone};

/// A virtual private cloud.
#[derive(Debug, Clone)]
pub struct Vpc {
    /// `vpc-…`.
    pub id: ResourceId,
    /// The `Name` tag.
    pub name: Option<Arc<str>>,
    /// The account that owns it.
    pub owner: Option<AccountId>,
    /// Its region.
    pub region: Option<Region>,
    /// Its associated blocks of both families.
    pub cidrs: Vec<Prefix>,
    /// All tags, sorted by key.
    pub tags: Vec<(Arc<str>, Arc<str>)>,
    /// Where it was read.
    pub origin: Origin,
}

impl Vpc {
    /// Whether one of the blocks holds the address.
    pub fn contains(&self, address: IpAddr) -> bool {
        self.cidrs.iter().any(|cidr| cidr.contains(address))
    }
}

/// A subnet of a VPC, in one availability zone.
#[derive(Debug, Clone)]
pub struct Subnet {
    /// `subnet-…`.
    pub id: ResourceId,
    /// The `Name` tag.
    pub name: Option<Arc<str>>,
    /// The account that owns it (which shares it, if others use it too).
    pub owner: Option<AccountId>,
    /// Its region.
    pub region: Option<Region>,
    /// The VPC it is part of.
    pub vpc: Link<Vpc>,
    /// Its blocks of both families.
    pub cidrs: Vec<Prefix>,
    /// Its availability zone.
    pub zone: Option<Zone>,
    /// All tags, sorted by key.
    pub tags: Vec<(Arc<str>, Arc<str>)>,
    /// Where it was read.
    pub origin: Origin,
}

impl Subnet {
    /// Whether one of the blocks holds the address.
    pub fn contains(&self, address: IpAddr) -> bool {
        self.cidrs.iter().any(|cidr| cidr.contains(address))
    }
}

resource!(Vpc);
resource!(Subnet);
