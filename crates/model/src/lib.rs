//! Typed AWS network: the [`Snapshot`] and everything in it.
//!
//! # Tour
//!
//! A reader of some input format fills a [`Parts`] with resources whose references are [`Link`]s by id, and calls
//! [`Snapshot::assemble`]. That resolves every link once, merges what was seen twice, and returns the network together
//! with [`Diagnostic`]s on whatever did not fit. From then on the snapshot never changes: [`Snapshot::with`] makes another
//! one, with some [`Change`]s, that shares what is the same.
//!
//! Resources of one kind sit in a [`Table`]; a typed dense [`Index`] names one. A link whose target is not in the
//! snapshot stays unresolved: its [`Link::target`] is `None`, and whoever needs it must answer "undetermined".
//!
//! # Limits
//!
//! No algorithm lives here: who can reach whom is for the crates above.

mod acl;
mod assemble;
pub mod aws_service;
mod change;
mod client_vpn;
mod cloud_wan;
mod coverage;
mod diagnostic;
mod direct_connect;
mod endpoint;
mod firewall;
mod gateway;
mod group;
mod iam;
mod id;
mod instance;
mod interface;
mod lattice;
mod load_balancer;
mod managed_instance;
mod office;
mod origin;
mod owner;
pub mod pack;
mod peering;
mod prefix_list;
mod public_access;
mod route;
mod service_entry;
mod shared_vec;
mod snapshot;
mod steps;
mod table;
mod target_group;
mod text;
mod transit;
mod vpc;
mod vpc_endpoint;
mod vpn;

pub use acl::{AclEntry, NetworkAcl, Verdict};
pub use assemble::{BalancerFact, Parts};
pub use change::{Change, ChangeError, RuleName};
pub use client_vpn::{
    AuthorizationRule, ClientVpnAssociation, ClientVpnEndpoint, ClientVpnRoute, ClientVpnTarget,
};
pub use cloud_wan::{
    CoreNetworkAttachment, CoreNetworkResource, CoreNetworkRoute, CoreNetworkTable,
};
pub use coverage::{Completeness, Coverage, Kind, Scope};
pub use diagnostic::{Diagnostic, Severity};
pub use direct_connect::{
    DirectConnectAssociation, DirectConnectGateway, DirectConnectPartner, VirtualInterface,
    VirtualInterfaceKind,
};
pub use endpoint::{Endpoint, Reachability};
pub use firewall::{
    EXTERNAL_NET, FirewallAddresses, FirewallEndpoint, FirewallGroupReference, FirewallPolicy,
    FirewallPorts, FirewallProtocol, FirewallRuleGroup, FirewallRuleOrder, FirewallRules, HOME_NET,
    NetworkFirewall, RuleError, StatefulAction, StatefulDefault, StatefulRule, StatelessAction,
    StatelessRule,
};
pub use gateway::{
    Attachment, Connectivity, EgressOnlyInternetGateway, ElasticAddress, InternetGateway,
    NatAddress, NatGateway, NatMode, ResourceState,
};
pub use group::{
    Direction, GroupReference, RulePeer, SecurityGroup, SecurityGroupRule,
    SecurityGroupVpcAssociation,
};
pub use iam::{Effect, IamPolicy, IamRole, Patterns, Statement};
pub use id::{AccountId, Link, Region, Resource, ResourceId, Zone};
pub use instance::{Instance, InstanceState, MetadataService};
pub use interface::{InterfaceKind, InterfaceStatus, NetworkInterface, PrivateAddress};
pub use lattice::is_lattice;
pub use load_balancer::{
    Attribute, BalancerProtocol, Listener, ListenerAction, ListenerRule, LoadBalancer,
    LoadBalancerKind, LoadBalancerScheme, LoadBalancerZone, WeightedTargetGroup,
};
pub use managed_instance::ManagedInstance;
pub use office::{OfficeEvidence, OfficeNetwork, Uplink};
pub use origin::Origin;
pub use owner::{Owner, OwnerKind, RESOLVER_PORTS, Reception};
pub use peering::{PeeringSide, PeeringStatus, VpcPeeringConnection};
pub use prefix_list::PrefixList;
pub use public_access::{
    EncryptionMode, PublicAccessExclusion, PublicAccessExclusionMode, PublicAccessExclusionState,
    PublicAccessMode, PublicAccessOptions,
};
pub use route::{
    Route, RouteDestination, RouteOrigin, RouteState, RouteTable, RouteTableAssociation,
    RouteTarget,
};
pub use service_entry::{EntryKind, EntryReach, EntryResource, EntryTarget, ServiceEntry};
pub use shared_vec::SharedVec;
pub use snapshot::Snapshot;
pub use steps::Steps;
pub use table::{Index, Table};
pub use target_group::{
    HealthCheck, Target, TargetGroup, TargetHealth, TargetKind, TargetName, TargetZone,
};
pub use transit::{
    AttachmentResource, TransitGateway, TransitGatewayAttachment, TransitGatewayRoute,
    TransitGatewayRouteKind, TransitGatewayRouteTable,
};
pub use vpc::{Subnet, Vpc};
pub use vpc_endpoint::{EndpointConnection, VpcEndpoint, VpcEndpointKind, VpcEndpointService};
pub use vpn::{CustomerGateway, Tunnels, VpnConnection, VpnGateway};
