//! Connections to networks outside AWS.

use std::net::IpAddr;
use std::sync::Arc;

use packet::{Family, Prefix};

use crate::id::resource;
use crate::pack::Pack;
use crate::{Attachment, Link, Origin, Region, ResourceId, ResourceState, TransitGateway};

/// A virtual private gateway: the end of VPN and Direct Connect at a VPC.
#[derive(Debug, Clone, Pack)]
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
#[derive(Debug, Clone, Pack)]
pub struct CustomerGateway {
    /// `cgw-…`.
    pub id: ResourceId,
    /// The `Name` tag.
    pub name: Option<Arc<str>>,
    /// Its region.
    pub region: Option<Region>,
    /// Its public address, where told.
    pub address: Option<IpAddr>,
    /// The number of its network in BGP, where told.
    pub asn: Option<u32>,
    /// Where it was read.
    pub origin: Origin,
}

/// A site-to-site VPN connection.
#[derive(Debug, Clone, Pack)]
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
    /// The family that its tunnels carry: always IPv4 at a VPN gateway.
    pub family: Family,
    /// The addresses at the office's end that it is agreed to carry (`LocalIpv4NetworkCidr`, or the IPv6 one); `None`
    /// for all.
    pub office_side: Option<Prefix>,
    /// The addresses at the AWS end that it is agreed to carry (`RemoteIpv4NetworkCidr`, or the IPv6 one); `None` for
    /// all.
    pub cloud_side: Option<Prefix>,
    /// Whether its tunnels were up when the input was taken.
    pub tunnels: Tunnels,
    /// Whether its tunnels run over Direct Connect, between private addresses.
    pub over_direct_connect: bool,
    /// Where it was read.
    pub origin: Origin,
}

/// Whether the tunnels of a VPN were up when the input was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Pack)]
pub enum Tunnels {
    /// At least one was up, or the input does not tell.
    Up,
    /// All were down.
    Down,
}

resource!(VpnGateway);
resource!(CustomerGateway);
resource!(VpnConnection);
