//! Gateways between a VPC and the internet.

use std::net::IpAddr;
use std::sync::Arc;

use crate::id::resource;
use crate::pack::Pack;
use crate::{
    AccountId, Link, NetworkInterface, Origin, Region, ResourceId, RouteTable, Subnet, Vpc, Zone,
};

/// Whether a resource works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Pack)]
pub enum ResourceState {
    /// It works.
    Available,
    /// It is being made, has failed, or is going away: it carries nothing.
    Unavailable,
}

/// A gateway's attachment to a VPC.
#[derive(Debug, Clone, Pack)]
pub struct Attachment {
    /// The VPC.
    pub vpc: Link<Vpc>,
    /// Whether the attachment works.
    pub state: ResourceState,
}

/// An internet gateway.
#[derive(Debug, Clone, Pack)]
pub struct InternetGateway {
    /// `igw-…`.
    pub id: ResourceId,
    /// The `Name` tag.
    pub name: Option<Arc<str>>,
    /// The account that owns it.
    pub owner: Option<AccountId>,
    /// Its region.
    pub region: Option<Region>,
    /// The VPC it is attached to: at most one in practice.
    pub attachments: Vec<Attachment>,
    /// Where it was read.
    pub origin: Origin,
}

/// A gateway for IPv6 connections that start inside.
#[derive(Debug, Clone, Pack)]
pub struct EgressOnlyInternetGateway {
    /// `eigw-…`.
    pub id: ResourceId,
    /// The `Name` tag.
    pub name: Option<Arc<str>>,
    /// Its region.
    pub region: Option<Region>,
    /// The VPC it is attached to.
    pub attachments: Vec<Attachment>,
    /// Where it was read.
    pub origin: Origin,
}

/// A NAT gateway.
#[derive(Debug, Clone, Pack)]
pub struct NatGateway {
    /// `nat-…`.
    pub id: ResourceId,
    /// The `Name` tag.
    pub name: Option<Arc<str>>,
    /// Its region.
    pub region: Option<Region>,
    /// The VPC it is in.
    pub vpc: Link<Vpc>,
    /// Whether it works.
    pub state: ResourceState,
    /// To the internet or within private networks.
    pub connectivity: Connectivity,
    /// In one subnet or for the whole VPC.
    pub mode: NatMode,
    /// Its addresses, the primary one first.
    pub addresses: Vec<NatAddress>,
    /// Whether appliances are attached to it that decide what it carries.
    pub has_appliance: bool,
    /// Where it was read.
    pub origin: Origin,
}

/// What a NAT gateway connects to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Pack)]
pub enum Connectivity {
    /// The internet, through an internet gateway.
    Public,
    /// Other private networks; it has no public address.
    Private,
}

/// Where a NAT gateway stands.
#[derive(Debug, Clone, Pack)]
pub enum NatMode {
    /// In one subnet, with an interface there.
    Zonal(Link<Subnet>),
    /// In no subnet, with a route table of its own.
    Regional(Option<Link<RouteTable>>),
}

/// An address of a NAT gateway.
#[derive(Debug, Clone, Pack)]
pub struct NatAddress {
    /// The private address that senders are translated to.
    pub private: Option<IpAddr>,
    /// The public address that stands for the private one at the internet gateway.
    pub public: Option<IpAddr>,
    /// Its interface.
    pub interface: Option<Link<NetworkInterface>>,
    /// The zone that it serves, at a regional gateway.
    pub zone: Option<Zone>,
}

/// An elastic address.
#[derive(Debug, Clone, Pack)]
pub struct ElasticAddress {
    /// `eipalloc-…`, or the address itself where the input has no allocation id.
    pub id: ResourceId,
    /// The `Name` tag.
    pub name: Option<Arc<str>>,
    /// The account that owns it.
    pub owner: Option<AccountId>,
    /// Its region.
    pub region: Option<Region>,
    /// The public address.
    pub public: IpAddr,
    /// The private address that it stands for, if associated.
    pub private: Option<IpAddr>,
    /// The interface that holds the private address.
    pub interface: Option<Link<NetworkInterface>>,
    /// Where it was read.
    pub origin: Origin,
}

resource!(InternetGateway);
resource!(EgressOnlyInternetGateway);
resource!(NatGateway);
resource!(ElasticAddress);
