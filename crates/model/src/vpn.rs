//! Connections to networks outside AWS.

use std::net::IpAddr;
use std::sync::Arc;

use packet::Prefix;

use crate::id::resource;
use crate::{Attachment, Link, Origin, Region, ResourceId, ResourceState, TransitGateway};

/// A virtual private gateway: the end of VPN and Direct Connect at a VPC.
#[derive(Debug, Clone)]
pub struct VpnGateway {
    /// `vgw-…`.
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

/// The device at the other end of a VPN.
#[derive(Debug, Clone)]
pub struct CustomerGateway {
    /// `cgw-…`.
    pub id: ResourceId,
    /// The `Name` tag.
    pub name: Option<Arc<str>>,
    /// Its region.
    pub region: Option<Region>,
    /// Its public address, where told.
    pub address: Option<IpAddr>,
    /// Where it was read.
    pub origin: Origin,
}

/// A site-to-site VPN connection.
#[derive(Debug, Clone)]
pub struct VpnConnection {
    /// `vpn-…`.
    pub id: ResourceId,
    /// The `Name` tag.
    pub name: Option<Arc<str>>,
    /// Its region.
    pub region: Option<Region>,
    /// Whether it works (not whether its tunnels are up).
    pub state: ResourceState,
    /// The gateway at the VPC, if it ends at one.
    pub vpn_gateway: Option<Link<VpnGateway>>,
    /// The transit gateway, if it ends at one.
    pub transit_gateway: Option<Link<TransitGateway>>,
    /// The device at the other end.
    pub customer_gateway: Option<Link<CustomerGateway>>,
    /// Whether all routes are static. If not, some are learned by BGP and shown nowhere here.
    pub static_only: bool,
    /// Its static routes: networks at the other end.
    pub static_routes: Vec<Prefix>,
    /// Where it was read.
    pub origin: Origin,
}

resource!(VpnGateway);
resource!(CustomerGateway);
resource!(VpnConnection);
