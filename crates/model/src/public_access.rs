//! VPC Block Public Access: the account's switch against internet gateways, and what it leaves out.

use std::sync::Arc;

use crate::id::resource;
use crate::pack::Pack;
use crate::{AccountId, Origin, Region, ResourceId};

/// The switch of one account in one region.
#[derive(Debug, Clone, Pack)]
pub struct PublicAccessOptions {
    /// Made of the account and the region.
    pub id: ResourceId,
    /// None: a switch has no name.
    pub name: Option<Arc<str>>,
    /// The account.
    pub owner: Option<AccountId>,
    /// The region.
    pub region: Option<Region>,
    /// What is blocked.
    pub mode: PublicAccessMode,
    /// Where it was read.
    pub origin: Origin,
}

/// What Block Public Access blocks (EC2 `InternetGatewayBlockMode`). This list is complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Pack)]
pub enum PublicAccessMode {
    /// Nothing.
    Off,
    /// Both directions.
    BlockBidirectional,
    /// All but what starts inside and leaves by a NAT or egress-only gateway.
    BlockIngress,
    /// A mode that is not known here.
    Unknown,
}

/// A VPC or subnet that the switch leaves out.
#[derive(Debug, Clone, Pack)]
pub struct PublicAccessExclusion {
    /// `vpcbpa-exclude-…`.
    pub id: ResourceId,
    /// The `Name` tag.
    pub name: Option<Arc<str>>,
    /// The VPC or the subnet.
    pub resource: ResourceId,
    /// What is let through.
    pub mode: PublicAccessExclusionMode,
    /// Whether it is in force.
    pub state: PublicAccessExclusionState,
    /// Where it was read.
    pub origin: Origin,
}

/// What an exclusion lets through (EC2 `InternetGatewayExclusionMode`). This list is complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Pack)]
pub enum PublicAccessExclusionMode {
    /// Both directions.
    AllowBidirectional,
    /// What starts inside.
    AllowEgress,
    /// A mode that is not known here.
    Unknown,
}

/// Whether an exclusion is in force. This list is complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Pack)]
pub enum PublicAccessExclusionState {
    /// It is.
    InForce,
    /// It is being made, changed or removed.
    Changing,
    /// It is not: it failed or is gone.
    Gone,
}

/// Encryption Controls of a VPC (EC2 `EncryptionControl.Mode`). This list is complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Pack)]
pub enum EncryptionMode {
    /// What is not encrypted is noted.
    Monitor,
    /// What is not encrypted may be dropped.
    Enforce,
}

resource!(PublicAccessOptions);
resource!(PublicAccessExclusion);
