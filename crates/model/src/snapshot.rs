//! The network at one instant.

use crate::pack::Pack;
use crate::{
    ClientVpnEndpoint, CoreNetworkAttachment, CoreNetworkTable, Coverage, CustomerGateway,
    DirectConnectAssociation, DirectConnectGateway, EgressOnlyInternetGateway, ElasticAddress,
    FirewallPolicy, FirewallRuleGroup, IamPolicy, IamRole, Instance, InternetGateway, LoadBalancer,
    ManagedInstance, NatGateway, NetworkAcl, NetworkFirewall, NetworkInterface, OfficeNetwork,
    PrefixList, PublicAccessExclusion, PublicAccessOptions, RouteTable, SecurityGroup,
    ServiceEntry, Subnet, Table, TargetGroup, TransitGateway, TransitGatewayAttachment,
    TransitGatewayRouteTable, VirtualInterface, Vpc, VpcEndpoint, VpcEndpointService,
    VpcPeeringConnection, VpnConnection, VpnGateway,
};

/// The network at one instant: immutable, and valid by construction.
///
/// Made by [`Snapshot::assemble`](crate::Parts). Every link in it is resolved or known to be missing; every table is
/// sorted by id, so that the same resources give the same snapshot in whatever order they were read.
#[derive(Debug, Clone, Default, Pack)]
pub struct Snapshot {
    pub(crate) vpcs: Table<Vpc>,
    pub(crate) subnets: Table<Subnet>,
    pub(crate) interfaces: Table<NetworkInterface>,
    pub(crate) instances: Table<Instance>,
    pub(crate) groups: Table<SecurityGroup>,
    pub(crate) acls: Table<NetworkAcl>,
    pub(crate) route_tables: Table<RouteTable>,
    pub(crate) internet_gateways: Table<InternetGateway>,
    pub(crate) egress_only_gateways: Table<EgressOnlyInternetGateway>,
    pub(crate) nat_gateways: Table<NatGateway>,
    pub(crate) peerings: Table<VpcPeeringConnection>,
    pub(crate) transit_gateways: Table<TransitGateway>,
    pub(crate) transit_attachments: Table<TransitGatewayAttachment>,
    pub(crate) transit_route_tables: Table<TransitGatewayRouteTable>,
    pub(crate) vpn_gateways: Table<VpnGateway>,
    pub(crate) customer_gateways: Table<CustomerGateway>,
    pub(crate) vpn_connections: Table<VpnConnection>,
    pub(crate) prefix_lists: Table<PrefixList>,
    pub(crate) client_vpn_endpoints: Table<ClientVpnEndpoint>,
    pub(crate) service_entries: Table<ServiceEntry>,
    pub(crate) direct_connect_gateways: Table<DirectConnectGateway>,
    pub(crate) direct_connect_associations: Table<DirectConnectAssociation>,
    pub(crate) virtual_interfaces: Table<VirtualInterface>,
    pub(crate) core_attachments: Table<CoreNetworkAttachment>,
    pub(crate) core_tables: Table<CoreNetworkTable>,
    pub(crate) elastic_addresses: Table<ElasticAddress>,
    pub(crate) load_balancers: Table<LoadBalancer>,
    pub(crate) target_groups: Table<TargetGroup>,
    pub(crate) vpc_endpoints: Table<VpcEndpoint>,
    pub(crate) endpoint_services: Table<VpcEndpointService>,
    pub(crate) firewalls: Table<NetworkFirewall>,
    pub(crate) firewall_policies: Table<FirewallPolicy>,
    pub(crate) firewall_rule_groups: Table<FirewallRuleGroup>,
    pub(crate) public_access_options: Table<PublicAccessOptions>,
    pub(crate) public_access_exclusions: Table<PublicAccessExclusion>,
    pub(crate) iam_roles: Table<IamRole>,
    pub(crate) iam_policies: Table<IamPolicy>,
    pub(crate) managed_instances: Table<ManagedInstance>,
    pub(crate) offices: Table<OfficeNetwork>,
    pub(crate) coverage: Coverage,
}

macro_rules! tables {
    ($($(#[$doc:meta])* $name:ident: $kind:ty;)*) => {
        impl Snapshot {
            $(
                $(#[$doc])*
                pub const fn $name(&self) -> &Table<$kind> {
                    &self.$name
                }
            )*

            /// Whether two snapshots share every table but that of the groups.
            pub(crate) fn shares_all_but_groups(&self, other: &Self) -> bool {
                self.coverage == other.coverage
                    $(&& (stringify!($name) == "groups" || self.$name.is_shared_with(&other.$name)))*
            }
        }
    };
}

tables! {
    /// Virtual private clouds.
    vpcs: Vpc;
    /// Subnets.
    subnets: Subnet;
    /// Network interfaces.
    interfaces: NetworkInterface;
    /// EC2 instances.
    instances: Instance;
    /// Security groups.
    groups: SecurityGroup;
    /// Network ACLs.
    acls: NetworkAcl;
    /// Route tables of VPCs.
    route_tables: RouteTable;
    /// Internet gateways.
    internet_gateways: InternetGateway;
    /// Egress-only internet gateways.
    egress_only_gateways: EgressOnlyInternetGateway;
    /// NAT gateways.
    nat_gateways: NatGateway;
    /// VPC peering connections.
    peerings: VpcPeeringConnection;
    /// Transit gateways.
    transit_gateways: TransitGateway;
    /// Attachments of transit gateways. The two sides of a peering share their id.
    transit_attachments: TransitGatewayAttachment;
    /// Route tables of transit gateways.
    transit_route_tables: TransitGatewayRouteTable;
    /// Virtual private gateways.
    vpn_gateways: VpnGateway;
    /// Devices at the other ends of VPNs.
    customer_gateways: CustomerGateway;
    /// VPN connections.
    vpn_connections: VpnConnection;
    /// Prefix lists.
    prefix_lists: PrefixList;
    /// Client VPN endpoints.
    client_vpn_endpoints: ClientVpnEndpoint;
    /// Ways into VPCs that AWS services keep.
    service_entries: ServiceEntry;
    /// Direct Connect gateways.
    direct_connect_gateways: DirectConnectGateway;
    /// Associations of Direct Connect gateways.
    direct_connect_associations: DirectConnectAssociation;
    /// Virtual interfaces of Direct Connect.
    virtual_interfaces: VirtualInterface;
    /// Attachments of core networks.
    core_attachments: CoreNetworkAttachment;
    /// Routes of core networks, a table for each segment at each edge.
    core_tables: CoreNetworkTable;
    /// Elastic addresses.
    elastic_addresses: ElasticAddress;
    /// Load balancers of every kind.
    load_balancers: LoadBalancer;
    /// Groups of targets.
    target_groups: TargetGroup;
    /// Endpoints in VPCs.
    vpc_endpoints: VpcEndpoint;
    /// Services that their owners offer by endpoints.
    endpoint_services: VpcEndpointService;
    /// Network firewalls.
    firewalls: NetworkFirewall;
    /// Policies of network firewalls.
    firewall_policies: FirewallPolicy;
    /// Rule groups of network firewalls.
    firewall_rule_groups: FirewallRuleGroup;
    /// Switches of VPC Block Public Access, one for each account and region.
    public_access_options: PublicAccessOptions;
    /// What VPC Block Public Access leaves out.
    public_access_exclusions: PublicAccessExclusion;
    /// Roles of IAM.
    iam_roles: IamRole;
    /// Policies that are attached to roles.
    iam_policies: IamPolicy;
    /// What Systems Manager manages.
    managed_instances: ManagedInstance;
    /// Networks outside AWS that reach it by a private way, declared or inferred.
    offices: OfficeNetwork;
}

impl Snapshot {
    /// Which lists of resources the input held.
    pub const fn coverage(&self) -> &Coverage {
        &self.coverage
    }
}
