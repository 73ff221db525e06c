//! Cloud WAN: core networks, what is attached to them, and the routes of each segment at each edge.

use std::sync::Arc;

use crate::id::resource;
use crate::pack::Pack;
use crate::{
    Link, Origin, Region, ResourceId, ResourceState, RouteDestination, RouteState, Subnet,
    TransitGatewayRouteKind, Vpc,
};

/// Something attached to a core network.
#[derive(Debug, Clone, Pack)]
pub struct CoreNetworkAttachment {
    /// `attachment-…`.
    pub id: ResourceId,
    /// The `Name` tag.
    pub name: Option<Arc<str>>,
    /// The core network, by id (`core-network-…`).
    pub core_network: ResourceId,
    /// What is attached.
    pub resource: CoreNetworkResource,
    /// The segment that it is in.
    pub segment: Option<Arc<str>>,
    /// The edge at which it is attached.
    pub edge: Option<Region>,
    /// Whether it works.
    pub state: ResourceState,
    /// Whether both directions of a flow are held to one zone.
    pub appliance_mode: bool,
    /// Whether it carries IPv6; `None` if the input does not tell.
    pub ipv6: Option<bool>,
    /// Where it was read.
    pub origin: Origin,
}

/// What is attached to a core network.
#[derive(Debug, Clone, Pack)]
pub enum CoreNetworkResource {
    /// A VPC, through an interface in each of these subnets.
    Vpc {
        /// The VPC.
        vpc: Link<Vpc>,
        /// One subnet a zone, or `None` if the input does not tell them.
        subnets: Option<Vec<Link<Subnet>>>,
    },
    /// Anything else: its type and its ARN.
    Other {
        /// The type, such as `SITE_TO_SITE_VPN`.
        kind: Arc<str>,
        /// The ARN.
        id: ResourceId,
    },
}

/// The routes of one segment at one edge of a core network, as `GetNetworkRoutes` tells them.
#[derive(Debug, Clone, Pack)]
pub struct CoreNetworkTable {
    /// The core network, the segment and the edge, with slashes between.
    pub id: ResourceId,
    /// Such tables have no names.
    pub name: Option<Arc<str>>,
    /// The core network, by id.
    pub core_network: ResourceId,
    /// The segment.
    pub segment: Arc<str>,
    /// The edge.
    pub edge: Region,
    /// The routes. Their order means nothing.
    pub routes: Vec<CoreNetworkRoute>,
    /// Whether every route could be read.
    pub is_complete: bool,
    /// Where it was read.
    pub origin: Origin,
}

/// One route of a core network.
#[derive(Debug, Clone, Pack)]
pub struct CoreNetworkRoute {
    /// Which packets.
    pub destination: RouteDestination,
    /// The attachments that they leave by: several share the load.
    pub attachments: Vec<Link<CoreNetworkAttachment>>,
    /// Whether it also leads to something that is no attachment, such as a group of firewalls.
    pub leads_elsewhere: bool,
    /// Whether it carries or drops packets.
    pub state: RouteState,
    /// How it came to be.
    pub kind: TransitGatewayRouteKind,
    /// Where it was read.
    pub origin: Origin,
}

impl CoreNetworkTable {
    /// The id of the table of a segment at an edge.
    pub fn id_of(core_network: &str, segment: &str, edge: &str) -> ResourceId {
        format!("{core_network}/{segment}/{edge}").into()
    }
}

resource!(CoreNetworkAttachment);
resource!(CoreNetworkTable);
