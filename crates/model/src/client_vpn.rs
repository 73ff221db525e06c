//! Client VPN endpoints: where people's computers enter a VPC.

use std::sync::Arc;

use packet::Prefix;

use crate::id::resource;
use crate::pack::Pack;
use crate::{
    Completeness, Link, NetworkInterface, Origin, Region, ResourceId, ResourceState, SecurityGroup,
    Subnet, Vpc,
};

/// A Client VPN endpoint.
///
/// The lists of associations, routes and rules come from calls of their own: each tells whether it was read, and whole.
#[derive(Debug, Clone, Pack)]
pub struct ClientVpnEndpoint {
    /// `cvpn-endpoint-…`.
    pub id: ResourceId,
    /// The `Name` tag.
    pub name: Option<Arc<str>>,
    /// Its region.
    pub region: Option<Region>,
    /// Whether it takes clients.
    pub state: ResourceState,
    /// The block that clients get addresses from.
    pub clients: Option<Prefix>,
    /// The VPC that it is associated with.
    pub vpc: Option<Link<Vpc>>,
    /// The groups of its interfaces.
    pub groups: Vec<Link<SecurityGroup>>,
    /// Whether it is attached to a transit gateway and not to subnets.
    pub by_transit_gateway: bool,
    /// The subnets in which it has interfaces.
    pub associations: Vec<ClientVpnAssociation>,
    /// Whether `associations` was read, and whole.
    pub associations_told: Option<Completeness>,
    /// Where clients' packets go.
    pub routes: Vec<ClientVpnRoute>,
    /// Whether `routes` was read, and whole.
    pub routes_told: Option<Completeness>,
    /// Which clients may reach what.
    pub rules: Vec<AuthorizationRule>,
    /// Whether `rules` was read, and whole.
    pub rules_told: Option<Completeness>,
    /// Where it was read.
    pub origin: Origin,
}

/// A subnet in which a Client VPN endpoint has interfaces.
#[derive(Debug, Clone, Pack)]
pub struct ClientVpnAssociation {
    /// The subnet.
    pub subnet: Link<Subnet>,
    /// Whether it is in force.
    pub state: ResourceState,
    /// The endpoint's interfaces there; found by their descriptions while assembling where the input names none.
    pub interfaces: Vec<Link<NetworkInterface>>,
}

/// A route of a Client VPN endpoint.
#[derive(Debug, Clone, Pack)]
pub struct ClientVpnRoute {
    /// Which packets.
    pub destination: Prefix,
    /// Where they go.
    pub target: ClientVpnTarget,
    /// Where it was read.
    pub origin: Origin,
}

/// Where a route of a Client VPN endpoint leads.
#[derive(Debug, Clone, PartialEq, Eq, Pack)]
pub enum ClientVpnTarget {
    /// A subnet with an association.
    Subnet(Link<Subnet>),
    /// Other clients of the endpoint.
    Clients,
}

/// A rule that lets clients reach a network.
#[derive(Debug, Clone, Pack)]
pub struct AuthorizationRule {
    /// The network.
    pub destination: Prefix,
    /// The only group of people that it lets in, by id; `None` for everybody.
    pub group: Option<Arc<str>>,
    /// Where it was read.
    pub origin: Origin,
}

resource!(ClientVpnEndpoint);
