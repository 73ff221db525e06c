//! Transit gateways.

use std::sync::Arc;

use crate::id::resource;
use crate::pack::Pack;
use crate::{
    AccountId, Link, Origin, Region, ResourceId, ResourceState, RouteDestination, RouteState,
    Subnet, Vpc, VpnConnection,
};

/// A transit gateway: a router between attachments.
#[derive(Debug, Clone, Pack)]
pub struct TransitGateway {
    /// `tgw-…`.
    pub id: ResourceId,
    /// The `Name` tag.
    pub name: Option<Arc<str>>,
    /// The account that owns it.
    pub owner: Option<AccountId>,
    /// Its region.
    pub region: Option<Region>,
    /// Whether it works.
    pub state: ResourceState,
    /// Whether rules of groups may name groups of other attached VPCs. Off unless switched on.
    pub group_referencing: bool,
    /// Where it was read.
    pub origin: Origin,
}

/// Something attached to a transit gateway.
///
/// The two sides of a peering between transit gateways are two attachments with one id.
#[derive(Debug, Clone, Pack)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent switches of the EC2 answer"
)]
pub struct TransitGatewayAttachment {
    /// `tgw-attach-…`.
    pub id: ResourceId,
    /// The `Name` tag.
    pub name: Option<Arc<str>>,
    /// The gateway that it is attached to.
    pub gateway: Link<TransitGateway>,
    /// What is attached.
    pub resource: AttachmentResource,
    /// Whether it works.
    pub state: ResourceState,
    /// The table in which packets that come from the attachment are looked up. `None`: there is none, packets are
    /// dropped, or, if `association_known` is false, the input does not tell.
    pub association: Option<Link<TransitGatewayRouteTable>>,
    /// Whether the input tells the association.
    pub association_known: bool,
    /// Whether both directions of a flow are held to one zone (`ApplianceModeSupport`).
    pub appliance_mode: bool,
    /// Whether rules of groups may name groups across this attachment. On unless switched off.
    pub group_referencing: bool,
    /// Whether it carries IPv6.
    pub ipv6: bool,
    /// Whether the gateway translates addresses of what comes in by it (`NatGatewaySupport`), or may: only the gateway's
    /// owner is told. The rules of the translation are not read.
    pub translates: bool,
    /// Where it was read.
    pub origin: Origin,
}

/// What is attached to a transit gateway.
#[derive(Debug, Clone, Pack)]
pub enum AttachmentResource {
    /// A VPC, through an interface in each of these subnets.
    Vpc {
        /// The VPC.
        vpc: Link<Vpc>,
        /// One subnet a zone, or `None` if the input does not tell them.
        subnets: Option<Vec<Link<Subnet>>>,
    },
    /// Another transit gateway.
    Peering(Link<TransitGateway>),
    /// A VPN connection.
    Vpn(Link<VpnConnection>),
    /// A Direct Connect gateway, by id.
    DirectConnect(ResourceId),
    /// Anything else: its EC2 `ResourceType` and id.
    Other {
        /// The type, such as `connect`.
        kind: Arc<str>,
        /// The id.
        id: ResourceId,
    },
}

/// A route table of a transit gateway.
#[derive(Debug, Clone, Pack)]
pub struct TransitGatewayRouteTable {
    /// `tgw-rtb-…`.
    pub id: ResourceId,
    /// The `Name` tag.
    pub name: Option<Arc<str>>,
    /// The gateway that it belongs to.
    pub gateway: Link<TransitGateway>,
    /// The routes that the input lists, static and propagated.
    pub routes: Vec<TransitGatewayRoute>,
    /// Whether `routes` holds the static ones, all of them: false too if one could not be read.
    pub static_known: bool,
    /// Whether `routes` holds the propagated ones too. If not, they follow from `propagations`, as far as the
    /// blocks of the attached networks are known.
    pub propagated_known: bool,
    /// The attachments whose networks are routed in this table; `None` if the input does not tell.
    pub propagations: Option<Vec<Link<TransitGatewayAttachment>>>,
    /// Where it was read.
    pub origin: Origin,
}

/// One route of a transit gateway.
#[derive(Debug, Clone, Pack)]
pub struct TransitGatewayRoute {
    /// Which packets.
    pub destination: RouteDestination,
    /// Where they go: usually one attachment; several share the load; none if the route is a blackhole.
    pub attachments: Vec<Link<TransitGatewayAttachment>>,
    /// Whether it carries or drops packets.
    pub state: RouteState,
    /// How it came to be.
    pub kind: TransitGatewayRouteKind,
    /// Where it was read.
    pub origin: Origin,
}

/// How a route of a transit gateway came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Pack)]
pub enum TransitGatewayRouteKind {
    /// Someone added it.
    Static,
    /// An attachment announced it.
    Propagated,
}

resource!(TransitGateway);
resource!(TransitGatewayAttachment);
resource!(TransitGatewayRouteTable);
