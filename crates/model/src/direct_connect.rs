//! Direct Connect: lines from offices to AWS, and the gateways that share them out.

use std::sync::Arc;

use packet::Prefix;

use crate::id::resource;
use crate::pack::Pack;
use crate::{Link, Origin, Region, ResourceId, ResourceState, TransitGateway, VpnGateway};

/// A Direct Connect gateway: the meeting point of lines from offices and of gateways at VPCs.
///
/// It carries packets between lines and gateways, never between two gateways.
#[derive(Debug, Clone, Pack)]
pub struct DirectConnectGateway {
    /// A UUID.
    pub id: ResourceId,
    /// Its name.
    pub name: Option<Arc<str>>,
    /// Whether it works.
    pub state: ResourceState,
    /// Where it was read.
    pub origin: Origin,
}

/// What joins a gateway at VPCs to a Direct Connect gateway.
#[derive(Debug, Clone, Pack)]
pub struct DirectConnectAssociation {
    /// A UUID.
    pub id: ResourceId,
    /// Associations have no names.
    pub name: Option<Arc<str>>,
    /// The Direct Connect gateway.
    pub gateway: Link<DirectConnectGateway>,
    /// The gateway at the VPCs.
    pub with: DirectConnectPartner,
    /// Whether it is in force.
    pub state: ResourceState,
    /// What is announced to offices (`allowedPrefixesToDirectConnectGateway`); `None` if the input does not tell.
    pub allowed: Option<Vec<Prefix>>,
    /// Where it was read.
    pub origin: Origin,
}

/// A gateway that may be associated with a Direct Connect gateway.
#[derive(Debug, Clone, Pack)]
pub enum DirectConnectPartner {
    /// A VPN gateway of one VPC.
    VpnGateway(Link<VpnGateway>),
    /// A transit gateway.
    TransitGateway(Link<TransitGateway>),
    /// Anything else, such as a core network, by id.
    Other(ResourceId),
}

/// A virtual interface: what one line carries, as one side of a BGP session.
#[derive(Debug, Clone, Pack)]
pub struct VirtualInterface {
    /// `dxvif-…`.
    pub id: ResourceId,
    /// Its name.
    pub name: Option<Arc<str>>,
    /// Its region.
    pub region: Option<Region>,
    /// What it leads to.
    pub kind: VirtualInterfaceKind,
    /// Whether it is available and one of its BGP peers, where they are told, is up.
    pub state: ResourceState,
    /// The Direct Connect gateway at its end.
    pub gateway: Option<Link<DirectConnectGateway>>,
    /// The VPN gateway at its end, if it ends at none of Direct Connect.
    pub vpn_gateway: Option<Link<VpnGateway>>,
    /// Whether it carries packets from office to office (`siteLinkEnabled`).
    pub site_link: bool,
    /// Where it was read.
    pub origin: Origin,
}

/// What a virtual interface leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Pack)]
pub enum VirtualInterfaceKind {
    /// VPN gateways, by private addresses.
    Private,
    /// Transit gateways, by private addresses.
    Transit,
    /// Public addresses of AWS: a part of the internet.
    Public,
}

resource!(DirectConnectGateway);
resource!(DirectConnectAssociation);
resource!(VirtualInterface);
