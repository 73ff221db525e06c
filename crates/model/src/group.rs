//! Security groups.

use std::sync::Arc;

use packet::{Prefix, Service};

use crate::id::resource;
use crate::pack::Pack;
use crate::{
    AccountId, Link, Origin, PrefixList, Region, ResourceId, ResourceState, SharedVec, Vpc,
};

/// A security group: a set of stateful allow rules that interfaces wear.
#[derive(Debug, Clone, Pack)]
pub struct SecurityGroup {
    /// `sg-…`.
    pub id: ResourceId,
    /// The group name (not the `Name` tag).
    pub name: Option<Arc<str>>,
    /// The account that owns it.
    pub owner: Option<AccountId>,
    /// Its region.
    pub region: Option<Region>,
    /// The VPC that it was created in. Interfaces of other VPCs may wear it.
    pub vpc: Option<Link<Vpc>>,
    /// What the creator wrote about it.
    pub description: Arc<str>,
    /// All rules of both directions. Their order means nothing.
    pub rules: SharedVec<SecurityGroupRule>,
    /// Whether every rule of the group could be read. If not, `rules` holds the others: what they allow is allowed, and
    /// whether anything else is must be answered with "undetermined".
    pub is_complete: bool,
    /// All tags, sorted by key.
    pub tags: Vec<(Arc<str>, Arc<str>)>,
    /// Where it was read.
    pub origin: Origin,
}

impl SecurityGroup {
    /// Whether this is the group that a VPC comes with, which is worn by whatever names no group.
    pub fn is_default(&self) -> bool {
        self.name.as_deref() == Some("default")
    }

    /// The rules of one direction.
    pub fn rules(&self, direction: Direction) -> impl Iterator<Item = &SecurityGroupRule> {
        self.rules
            .iter()
            .filter(move |rule| rule.direction == direction)
    }
}

/// Direction of a packet, as the interface or subnet sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Pack)]
pub enum Direction {
    /// Into the interface or subnet.
    Ingress,
    /// Out of the interface or subnet.
    Egress,
}

/// One rule of a group: one service to or from one peer.
#[derive(Debug, Clone, Pack)]
pub struct SecurityGroupRule {
    /// `sgr-…`, where the input tells it.
    pub id: Option<ResourceId>,
    /// Which way.
    pub direction: Direction,
    /// Protocol and destination ports, or ICMP messages.
    pub service: Service,
    /// Who the other end is.
    pub peer: RulePeer,
    /// What the author wrote about it.
    pub description: Option<Arc<str>>,
    /// Where it was read.
    pub origin: Origin,
}

/// The other end of a group rule.
#[derive(Debug, Clone, PartialEq, Eq, Pack)]
pub enum RulePeer {
    /// Addresses of one family.
    Cidr(Prefix),
    /// Interfaces that wear a group.
    Group(GroupReference),
    /// The addresses of a prefix list.
    PrefixList(Link<PrefixList>),
}

impl RulePeer {
    /// Whether two peers stand for the same: of a group it does not matter what else is told of it.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Cidr(one), Self::Cidr(other)) => one == other,
            (Self::Group(one), Self::Group(other)) => one.group == other.group,
            (Self::PrefixList(one), Self::PrefixList(other)) => one == other,
            (Self::Cidr(_) | Self::Group(_) | Self::PrefixList(_), _) => false,
        }
    }
}

/// A reference from a rule to a group: it stands for the private addresses of the interfaces that wear it.
#[derive(Debug, Clone, PartialEq, Eq, Pack)]
pub struct GroupReference {
    /// The group.
    pub group: Link<SecurityGroup>,
    /// The account that owns the group, where told.
    pub owner: Option<AccountId>,
    /// The VPC of the group, where told.
    pub vpc: Option<ResourceId>,
    /// The peering connection that the reference uses, where told.
    pub peering: Option<ResourceId>,
    /// Whether AWS reports that the group or the peering is gone; such a reference matches nothing.
    pub is_stale: bool,
}

/// An association of a group with another VPC than its own, in which it may then be worn.
#[derive(Debug, Clone)]
pub struct SecurityGroupVpcAssociation {
    /// The group.
    pub group: ResourceId,
    /// The other VPC.
    pub vpc: ResourceId,
    /// Whether it is made. One that comes or goes is not.
    pub state: ResourceState,
    /// Where it was read.
    pub origin: Origin,
}

resource!(SecurityGroup);
