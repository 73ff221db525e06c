//! Who a result is about, as plain data.

use std::net::IpAddr;
use std::sync::Arc;

use model::{AccountId, Index, OfficeNetwork, Region, ResourceId};

use crate::owner::Role;

/// Who a result is about: hosts that behave alike, or a network outside.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Subject {
    /// Hosts, or which network outside.
    pub kind: SubjectKind,
    /// What people call it: `app-*`, `shop-db`, `internet`, `Sydney`.
    pub name: String,
    /// The hosts that the result is about, sorted by id; of very many classes some examples. Empty for networks outside.
    /// Subjects of one class share their list.
    pub members: Arc<[Member]>,
    /// How many hosts the class has, or the many classes have that are meant; `members` may be a part of them. As many as
    /// there are members where no class was looked for.
    pub class_size: usize,
}

/// The kind of a subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SubjectKind {
    /// Hosts of one class, or of very many, all of this role.
    Hosts(Role),
    /// The internet.
    Internet,
    /// An office network.
    Office(Index<OfficeNetwork>),
    /// Addresses of no class: vacant, or of a network that nobody declared.
    Addresses,
}

/// One host of a subject.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Member {
    /// `i-…`, `eni-…`, `nat-…`, or a load balancer's path.
    pub id: String,
    /// What people call it.
    pub name: Option<String>,
    /// The account that owns it, where the input tells it.
    pub account: Option<AccountId>,
    /// Its region, where the input tells it.
    pub region: Option<Region>,
    /// Its addresses, private ones before public ones.
    pub addresses: Vec<IpAddr>,
    /// Its interfaces.
    pub interfaces: Vec<ResourceId>,
    /// The groups that it wears, as far as the snapshot holds them.
    pub groups: Vec<ResourceId>,
}

impl Subject {
    /// Whether only some of the hosts of the class are meant.
    pub fn is_part(&self) -> bool {
        self.members.len() < self.class_size
    }
}
