//! What Systems Manager manages.

use std::sync::Arc;

use crate::id::resource;
use crate::pack::Pack;
use crate::{AccountId, Origin, Region, ResourceId};

/// A machine with an agent of Systems Manager.
#[derive(Debug, Clone, Pack)]
pub struct ManagedInstance {
    /// `i-…`, or `mi-…` for a machine outside EC2.
    pub id: ResourceId,
    /// What people call it.
    pub name: Option<Arc<str>>,
    /// The account that it is managed in.
    pub owner: Option<AccountId>,
    /// The region that it is managed in.
    pub region: Option<Region>,
    /// Whether its agent answers; `None` if the input does not tell.
    pub is_online: Option<bool>,
    /// Where it was read.
    pub origin: Origin,
}

resource!(ManagedInstance);
