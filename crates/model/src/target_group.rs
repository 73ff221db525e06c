//! What load balancers send to.

use std::net::IpAddr;
use std::sync::Arc;

use packet::Family;

use crate::id::resource;
use crate::pack::Pack;
use crate::{
    AccountId, Attribute, BalancerProtocol, Instance, Link, LoadBalancer, Origin, Region,
    ResourceId, Vpc, Zone,
};

/// A group of targets.
#[derive(Debug, Clone, Pack)]
pub struct TargetGroup {
    /// Its ARN; made up of name and port for the instances of a Classic load balancer.
    pub id: ResourceId,
    /// The name that users gave it.
    pub name: Option<Arc<str>>,
    /// The account that owns it.
    pub owner: Option<AccountId>,
    /// Its region.
    pub region: Option<Region>,
    /// What its targets speak; `None` for functions.
    pub protocol: Option<BalancerProtocol>,
    /// The port of targets that name none; `None` for functions.
    pub port: Option<u16>,
    /// The VPC of its targets; `None` for functions.
    pub vpc: Option<Link<Vpc>>,
    /// How targets are named.
    pub kind: TargetKind,
    /// The family of the addresses that packets are sent to.
    pub family: Family,
    /// Where its targets are asked whether they are well.
    pub health_check: HealthCheck,
    /// Whether targets see the addresses of clients (`preserve_client_ip.enabled`).
    pub preserves_client: Attribute<bool>,
    /// Whether nodes send to targets of every enabled zone, in place of what the load balancer says.
    pub cross_zone: Attribute<bool>,
    /// Its targets, as far as the input tells.
    pub targets: Vec<Target>,
    /// Whether these are all of its targets.
    pub targets_known: bool,
    /// Where it was read.
    pub origin: Origin,
}

/// How the targets of a group are named. This list is complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Pack)]
pub enum TargetKind {
    /// By instance: the primary address of its primary interface.
    Instance,
    /// By address.
    Address,
    /// A Lambda function, which is called and receives no packets.
    Function,
    /// An Application Load Balancer.
    LoadBalancer,
}

/// Where targets are asked whether they are well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Pack)]
pub struct HealthCheck {
    /// What is spoken.
    pub protocol: Option<BalancerProtocol>,
    /// The port; `None` for the target's own.
    pub port: Option<u16>,
}

/// One target of a group.
#[derive(Debug, Clone, Pack)]
pub struct Target {
    /// Who it is.
    pub name: TargetName,
    /// Its port, where it is not the group's.
    pub port: Option<u16>,
    /// Its zone, as far as the registration tells.
    pub zone: TargetZone,
    /// Whether it is well.
    pub health: TargetHealth,
}

/// Who a target is. This list is complete.
#[derive(Debug, Clone, Pack)]
pub enum TargetName {
    /// An instance.
    Instance(Link<Instance>),
    /// Whoever holds the address.
    Address(IpAddr),
    /// A Lambda function.
    Function(ResourceId),
    /// A load balancer.
    LoadBalancer(Link<LoadBalancer>),
}

/// The zone in which a target is registered. This list is complete.
#[derive(Debug, Clone, PartialEq, Eq, Default, Pack)]
pub enum TargetZone {
    /// In this one.
    Zone(Zone),
    /// Every zone sends to it (`all`).
    All,
    /// The registration does not tell: where the target stands.
    #[default]
    Untold,
}

/// Whether a target is well. This list is complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Pack)]
pub enum TargetHealth {
    /// It is.
    Healthy,
    /// It is not, or not yet, or not any more.
    Unhealthy,
    /// The input does not tell.
    #[default]
    Unknown,
}

resource!(TargetGroup);
