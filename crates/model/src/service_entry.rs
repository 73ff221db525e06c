//! Ways into a VPC that AWS services keep: they send to hosts that no route from outside leads to.

use std::sync::Arc;

use packet::{PortSet, Prefix};

use crate::id::resource;
use crate::owner::OwnerKind;
use crate::pack::Pack;
use crate::{
    AccountId, Link, NetworkInterface, Origin, Region, ResourceId, ResourceState, SecurityGroup,
    Subnet, Vpc,
};

/// A way into a VPC that an AWS service keeps.
#[derive(Debug, Clone, Pack)]
pub struct ServiceEntry {
    /// `eice-…`, `vo_…`, `vae-…`, the id of a link, or the ARN of an endpoint group.
    pub id: ResourceId,
    /// What people call it.
    pub name: Option<Arc<str>>,
    /// The account that owns it.
    pub owner: Option<AccountId>,
    /// The region of its interfaces.
    pub region: Option<Region>,
    /// Which service keeps it.
    pub kind: EntryKind,
    /// Whether it works.
    pub state: ResourceState,
    /// The VPC that it leads into, where told.
    pub vpc: Option<Link<Vpc>>,
    /// The subnets of its interfaces, where told.
    pub subnets: Vec<Link<Subnet>>,
    /// The groups that its interfaces wear, where told.
    pub groups: Vec<Link<SecurityGroup>>,
    /// The interfaces that it names.
    pub interfaces: Vec<Link<NetworkInterface>>,
    /// What it sends to.
    pub reach: EntryReach,
    /// Where it was read.
    pub origin: Origin,
}

/// The service that keeps an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Pack)]
pub enum EntryKind {
    /// An EC2 Instance Connect endpoint.
    InstanceConnectEndpoint,
    /// An endpoint of Verified Access.
    VerifiedAccess,
    /// A VPC origin of `CloudFront`.
    CloudFrontVpcOrigin,
    /// An endpoint group of Global Accelerator.
    GlobalAccelerator,
    /// A VPC link of API Gateway.
    ApiGatewayLink,
}

/// What an entry sends to.
#[derive(Debug, Clone, PartialEq, Eq, Pack)]
pub enum EntryReach {
    /// Over TCP, whatever its interfaces reach.
    Anything {
        /// Whether its packets carry the client's address; `None` if the input does not tell.
        keeps_client: Option<bool>,
    },
    /// These, and nothing else.
    Targets(Vec<EntryTarget>),
    /// The input does not tell.
    Untold,
}

/// One thing that an entry sends to.
#[derive(Debug, Clone, PartialEq, Eq, Pack)]
pub struct EntryTarget {
    /// What it is.
    pub resource: EntryResource,
    /// The TCP ports that it is sent to; `None` if the input does not tell.
    pub ports: Option<PortSet>,
    /// Whether packets carry the client's address, and not that of the entry's interface.
    pub keeps_client: bool,
}

/// What an entry sends to, by name.
#[derive(Debug, Clone, PartialEq, Eq, Pack)]
pub enum EntryResource {
    /// A resource by its id or ARN: an instance, an interface, a load balancer, an Elastic IP address.
    Named(ResourceId),
    /// Every address of a block.
    Block(Prefix),
}

impl EntryKind {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::InstanceConnectEndpoint,
        Self::VerifiedAccess,
        Self::CloudFrontVpcOrigin,
        Self::GlobalAccelerator,
        Self::ApiGatewayLink,
    ];

    /// Whose interfaces it sends from, where the interfaces show it. Those of Verified Access do not.
    pub const fn owner(self) -> Option<OwnerKind> {
        match self {
            Self::InstanceConnectEndpoint => Some(OwnerKind::InstanceConnectEndpoint),
            Self::CloudFrontVpcOrigin => Some(OwnerKind::CloudFrontVpcOrigin),
            Self::GlobalAccelerator => Some(OwnerKind::GlobalAccelerator),
            Self::ApiGatewayLink => Some(OwnerKind::ApiGatewayLink),
            Self::VerifiedAccess => None,
        }
    }
}

resource!(ServiceEntry);
