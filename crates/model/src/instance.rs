//! EC2 instances.

use std::sync::Arc;

use crate::id::resource;
use crate::pack::Pack;
use crate::{AccountId, Origin, Region, ResourceId};

/// A virtual machine. Its interfaces refer to it.
#[derive(Debug, Clone, Pack)]
pub struct Instance {
    /// `i-…`.
    pub id: ResourceId,
    /// The `Name` tag.
    pub name: Option<Arc<str>>,
    /// The account that owns it.
    pub owner: Option<AccountId>,
    /// Its region.
    pub region: Option<Region>,
    /// The ARN of its instance profile, whose role its programs act as.
    pub profile: Option<ResourceId>,
    /// How it tells its programs about itself, and hands them the credentials of the role.
    pub metadata: MetadataService,
    /// What it is doing.
    pub state: InstanceState,
    /// All tags, sorted by key.
    pub tags: Vec<(Arc<str>, Arc<str>)>,
    /// Where it was read.
    pub origin: Origin,
}

/// The service at which an instance asks about itself (EC2 `MetadataOptions`); `None` where the input does not tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Pack)]
pub struct MetadataService {
    /// Whether it answers.
    pub is_on: Option<bool>,
    /// Whether it answers without a session token too (version 1): whoever makes a program fetch an address reads it.
    pub takes_version_1: Option<bool>,
    /// How many hops its answers go: beyond one, they reach containers.
    pub hop_limit: Option<u16>,
}

/// The state of an instance (EC2 `State.Name`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Pack)]
pub enum InstanceState {
    /// It runs, or is about to.
    Running,
    /// It is stopped, or about to be, and may run again.
    Stopped,
    /// It is gone, or about to be.
    Terminated,
    /// The input did not say.
    Unknown,
}

resource!(Instance);
