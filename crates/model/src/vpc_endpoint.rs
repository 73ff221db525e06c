//! Endpoints in a VPC, and the services of other people behind some of them.

use std::sync::Arc;

use crate::id::resource;
use crate::pack::Pack;
use crate::{
    AccountId, Link, LoadBalancer, NetworkInterface, Origin, Region, ResourceId, ResourceState,
    RouteTable, SecurityGroup, Subnet, Vpc,
};

/// An endpoint in a VPC.
#[derive(Debug, Clone, Pack)]
pub struct VpcEndpoint {
    /// `vpce-…`.
    pub id: ResourceId,
    /// The `Name` tag.
    pub name: Option<Arc<str>>,
    /// The account that owns it.
    pub owner: Option<AccountId>,
    /// Its region.
    pub region: Option<Region>,
    /// What sort of endpoint it is.
    pub kind: VpcEndpointKind,
    /// The name of the service behind it; empty if there is none.
    pub service: Arc<str>,
    /// What else stands behind it: the ARN of a resource configuration or a service network.
    pub resource: Option<ResourceId>,
    /// Whether it works.
    pub state: ResourceState,
    /// The VPC it is in.
    pub vpc: Link<Vpc>,
    /// The subnets of its interfaces.
    pub subnets: Vec<Link<Subnet>>,
    /// The groups that its interfaces wear.
    pub groups: Vec<Link<SecurityGroup>>,
    /// Its interfaces: those that it names, and those that name it in their description.
    pub interfaces: Vec<Link<NetworkInterface>>,
    /// The tables that a gateway endpoint is routed by.
    pub route_tables: Vec<Link<RouteTable>>,
    /// Where it was read.
    pub origin: Origin,
}

/// The sort of an endpoint (EC2 `VpcEndpointType`). This list is complete.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Pack)]
pub enum VpcEndpointKind {
    /// Interfaces that lead to a service.
    Interface,
    /// A target of routes to S3 or `DynamoDB`.
    Gateway,
    /// A target of routes to appliances.
    GatewayLoadBalancer,
    /// Interfaces that lead to a resource.
    Resource,
    /// Interfaces that lead to a service network.
    ServiceNetwork,
    /// Any other sort, by the name that EC2 gives it.
    Other(Arc<str>),
}

/// A service that its owner offers to others by endpoints.
#[derive(Debug, Clone, Pack)]
pub struct VpcEndpointService {
    /// `vpce-svc-…`.
    pub id: ResourceId,
    /// The `Name` tag.
    pub name: Option<Arc<str>>,
    /// The account that owns it.
    pub owner: Option<AccountId>,
    /// Its region.
    pub region: Option<Region>,
    /// The name by which endpoints ask for it.
    pub service: Arc<str>,
    /// Whether it works.
    pub state: ResourceState,
    /// The load balancers, network or gateway, that lead to it.
    pub load_balancers: Vec<Link<LoadBalancer>>,
    /// Endpoints that are connected to it, or asked to be.
    pub connections: Vec<EndpointConnection>,
    /// Where it was read.
    pub origin: Origin,
}

/// An endpoint as the owner of the service sees it.
#[derive(Debug, Clone, PartialEq, Eq, Pack)]
pub struct EndpointConnection {
    /// The endpoint's id.
    pub endpoint: ResourceId,
    /// Whether the owner lets it in.
    pub state: ResourceState,
}

resource!(VpcEndpoint);
resource!(VpcEndpointService);
