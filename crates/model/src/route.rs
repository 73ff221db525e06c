//! Route tables of VPCs.

use std::net::IpAddr;
use std::sync::Arc;

use packet::Prefix;

use crate::id::resource;
use crate::pack::Pack;
use crate::{
    AccountId, EgressOnlyInternetGateway, InternetGateway, Link, NatGateway, NetworkInterface,
    Origin, PrefixList, Region, ResourceId, Subnet, TransitGateway, Vpc, VpcPeeringConnection,
    VpnGateway,
};

/// A route table of a VPC.
#[derive(Debug, Clone, Pack)]
pub struct RouteTable {
    /// `rtb-…`.
    pub id: ResourceId,
    /// The `Name` tag.
    pub name: Option<Arc<str>>,
    /// The account that owns it.
    pub owner: Option<AccountId>,
    /// Its region.
    pub region: Option<Region>,
    /// The VPC it belongs to.
    pub vpc: Link<Vpc>,
    /// Whether it applies to subnets of the VPC that no table names.
    pub is_main: bool,
    /// The subnets and gateways that name it.
    pub associations: Vec<RouteTableAssociation>,
    /// All routes, including local ones. Their order means nothing.
    pub routes: Vec<Route>,
    /// Whether every route of the table could be read. If not, one that is missing may be more specific than any that
    /// `routes` holds: whatever is looked up in the table must be answered with "undetermined".
    pub is_complete: bool,
    /// Where it was read.
    pub origin: Origin,
}

/// Who uses a route table by name.
#[derive(Debug, Clone, PartialEq, Eq, Pack)]
pub enum RouteTableAssociation {
    /// A subnet, for what leaves its hosts.
    Subnet(Link<Subnet>),
    /// An internet or VPN gateway, for what enters the VPC through it.
    Gateway(ResourceId),
}

/// One route.
#[derive(Debug, Clone, Pack)]
pub struct Route {
    /// Which packets.
    pub destination: RouteDestination,
    /// Where they go.
    pub target: RouteTarget,
    /// Whether the target is there.
    pub state: RouteState,
    /// How the route came to be, which decides between equal prefixes.
    pub kind: RouteOrigin,
    /// Where it was read.
    pub origin: Origin,
}

/// The packets that a route is for.
#[derive(Debug, Clone, PartialEq, Eq, Pack)]
pub enum RouteDestination {
    /// Addresses of one block.
    Prefix(Prefix),
    /// Addresses of a prefix list.
    PrefixList(Link<PrefixList>),
}

/// Where a route leads.
#[derive(Debug, Clone, PartialEq, Eq, Pack)]
pub enum RouteTarget {
    /// Any host of the VPC, by its private address.
    Local,
    /// An internet gateway.
    InternetGateway(Link<InternetGateway>),
    /// An egress-only internet gateway.
    EgressOnlyInternetGateway(Link<EgressOnlyInternetGateway>),
    /// A NAT gateway.
    NatGateway(Link<NatGateway>),
    /// An interface that forwards.
    NetworkInterface(Link<NetworkInterface>),
    /// A gateway endpoint, or the endpoint of a gateway load balancer or firewall.
    VpcEndpoint(ResourceId),
    /// A peering connection.
    Peering(Link<VpcPeeringConnection>),
    /// A transit gateway.
    TransitGateway(Link<TransitGateway>),
    /// A virtual private gateway.
    VpnGateway(Link<VpnGateway>),
    /// The core network of a Cloud WAN, by id.
    CoreNetwork(ResourceId),
    /// The interface with this address, as a route server advertised it.
    NextHop(IpAddr),
    /// Something that this model does not hold: its EC2 field name and id.
    Unmodelled {
        /// The field of the EC2 answer that names the target, such as `CarrierGatewayId`.
        field: &'static str,
        /// Its id.
        id: ResourceId,
    },
}

/// Whether a route's target is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Pack)]
pub enum RouteState {
    /// The route carries packets.
    Active,
    /// The target is gone: the route still wins, and drops.
    Blackhole,
}

/// How a route came to be (EC2 `Origin`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Pack)]
pub enum RouteOrigin {
    /// With the table: the local route.
    Table,
    /// Someone added it.
    Static,
    /// A virtual private gateway announced it.
    Propagated,
    /// A VPC route server announced it.
    Advertised,
}

resource!(RouteTable);
