//! Prefix lists.

use std::sync::Arc;

use packet::{Family, Prefix};

use crate::id::resource;
use crate::pack::Pack;
use crate::{Origin, Region, ResourceId};

/// A named set of address blocks, kept by AWS or by a customer.
#[derive(Debug, Clone, Pack)]
pub struct PrefixList {
    /// `pl-…`.
    pub id: ResourceId,
    /// The list's name, such as `com.amazonaws.us-east-1.s3`.
    pub name: Option<Arc<str>>,
    /// Its region.
    pub region: Option<Region>,
    /// Whether AWS keeps it. Such lists hold public addresses of AWS services only.
    pub is_aws_managed: bool,
    /// The family of its blocks, where told.
    pub family: Option<Family>,
    /// Its blocks, or `None` if the input does not hold them.
    pub entries: Option<Vec<Prefix>>,
    /// Where it was read.
    pub origin: Origin,
}

resource!(PrefixList);
