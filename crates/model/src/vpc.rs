//! Virtual private clouds and their subnets.

use std::net::IpAddr;
use std::sync::Arc;

use packet::Prefix;

use crate::id::resource;
use crate::pack::Pack;
use crate::{AccountId, EncryptionMode, Link, Origin, PublicAccessMode, Region, ResourceId, Zone};

/// A virtual private cloud.
#[derive(Debug, Clone, Pack)]
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
    /// What Block Public Access amounts to here, as the VPC itself tells.
    pub public_access: Option<PublicAccessMode>,
    /// Its Encryption Controls, if it has any.
    pub encryption: Option<EncryptionMode>,
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
#[derive(Debug, Clone, Pack)]
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
    /// What Block Public Access amounts to here, as the subnet itself tells.
    pub public_access: Option<PublicAccessMode>,
    /// Whether its resolver makes up IPv6 addresses for names that have IPv4 addresses only.
    pub has_dns64: bool,
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
