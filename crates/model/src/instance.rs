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
    /// What it is doing.
    pub state: InstanceState,
    /// All tags, sorted by key.
    pub tags: Vec<(Arc<str>, Arc<str>)>,
    /// Where it was read.
    pub origin: Origin,
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
