//! From resources as they were read to a valid snapshot.

mod associations;
mod balancers;
mod check;
mod merge;
mod offices;
mod resolve;

use crate::{
    AccountId, ClientVpnEndpoint, CoreNetworkAttachment, CoreNetworkTable, Coverage,
    CustomerGateway, Diagnostic, DirectConnectAssociation, DirectConnectGateway,
    EgressOnlyInternetGateway, ElasticAddress, FirewallPolicy, FirewallRuleGroup, IamPolicy,
    IamRole, Instance, InternetGateway, LoadBalancer, ManagedInstance, NatGateway, NetworkAcl,
    NetworkFirewall, NetworkInterface, OfficeNetwork, PrefixList, PublicAccessExclusion,
    PublicAccessOptions, ResourceId, RouteTable, SecurityGroup, SecurityGroupRule,
    SecurityGroupVpcAssociation, ServiceEntry, Snapshot, Subnet, Table, TargetGroup,
    TransitGateway, TransitGatewayAttachment, TransitGatewayRouteTable, VirtualInterface, Vpc,
    VpcEndpoint, VpcEndpointService, VpcPeeringConnection, VpnConnection, VpnGateway,
};

pub use balancers::BalancerFact;

/// Resources as they were read: links by id only, in any order, perhaps seen more than once.
#[derive(Debug, Clone, Default)]
#[expect(missing_docs, reason = "each list is named after what it holds")]
pub struct Parts {
    pub vpcs: Vec<Vpc>,
    pub subnets: Vec<Subnet>,
    pub interfaces: Vec<NetworkInterface>,
    /// Interfaces as instances describe them, used only where `interfaces` has no entry.
    pub instance_interfaces: Vec<NetworkInterface>,
    pub instances: Vec<Instance>,
    pub groups: Vec<SecurityGroup>,
    /// Rules listed apart from their groups (`DescribeSecurityGroupRules`): the group's id and the rule.
    pub group_rules: Vec<(ResourceId, SecurityGroupRule)>,
    /// Where groups may be worn beside their own VPCs. What is worn counts; these show what does not fit it.
    pub group_associations: Vec<SecurityGroupVpcAssociation>,
    pub acls: Vec<NetworkAcl>,
    pub route_tables: Vec<RouteTable>,
    pub internet_gateways: Vec<InternetGateway>,
    pub egress_only_gateways: Vec<EgressOnlyInternetGateway>,
    pub nat_gateways: Vec<NatGateway>,
    pub peerings: Vec<VpcPeeringConnection>,
    pub transit_gateways: Vec<TransitGateway>,
    pub transit_attachments: Vec<TransitGatewayAttachment>,
    pub transit_route_tables: Vec<TransitGatewayRouteTable>,
    pub vpn_gateways: Vec<VpnGateway>,
    pub customer_gateways: Vec<CustomerGateway>,
    pub vpn_connections: Vec<VpnConnection>,
    pub client_vpn_endpoints: Vec<ClientVpnEndpoint>,
    pub service_entries: Vec<ServiceEntry>,
    pub direct_connect_gateways: Vec<DirectConnectGateway>,
    pub direct_connect_associations: Vec<DirectConnectAssociation>,
    pub virtual_interfaces: Vec<VirtualInterface>,
    pub core_attachments: Vec<CoreNetworkAttachment>,
    pub core_tables: Vec<CoreNetworkTable>,
    pub prefix_lists: Vec<PrefixList>,
    pub elastic_addresses: Vec<ElasticAddress>,
    pub load_balancers: Vec<LoadBalancer>,
    pub target_groups: Vec<TargetGroup>,
    /// What is told apart from the load balancers and groups of targets that it is about.
    pub balancer_facts: Vec<BalancerFact>,
    pub vpc_endpoints: Vec<VpcEndpoint>,
    pub endpoint_services: Vec<VpcEndpointService>,
    /// Connections as the owners of services list them: the service's id and the connection.
    pub endpoint_connections: Vec<(ResourceId, crate::EndpointConnection)>,
    pub firewalls: Vec<NetworkFirewall>,
    pub firewall_policies: Vec<FirewallPolicy>,
    pub firewall_rule_groups: Vec<FirewallRuleGroup>,
    pub public_access_options: Vec<PublicAccessOptions>,
    pub public_access_exclusions: Vec<PublicAccessExclusion>,
    pub iam_roles: Vec<IamRole>,
    pub iam_policies: Vec<IamPolicy>,
    pub managed_instances: Vec<ManagedInstance>,
    /// Networks that the user declared; their uplinks are found while assembling.
    pub offices: Vec<OfficeNetwork>,
    pub coverage: Coverage,
}

impl Parts {
    /// Adds all that another input holds.
    pub fn merge(&mut self, other: Self) {
        macro_rules! extend {
            ($($list:ident)*) => { $(self.$list.extend(other.$list);)* };
        }
        extend!(vpcs subnets interfaces instance_interfaces instances groups group_rules group_associations acls route_tables
            internet_gateways egress_only_gateways nat_gateways peerings transit_gateways transit_attachments
            transit_route_tables vpn_gateways customer_gateways vpn_connections client_vpn_endpoints service_entries direct_connect_gateways
            direct_connect_associations virtual_interfaces core_attachments core_tables prefix_lists elastic_addresses load_balancers
            target_groups balancer_facts vpc_endpoints endpoint_services endpoint_connections offices firewalls firewall_policies
            firewall_rule_groups public_access_options public_access_exclusions iam_roles iam_policies managed_instances);
        self.coverage.merge(other.coverage);
    }
}

impl Snapshot {
    /// Builds the network: merges what was seen twice, resolves every link, finds the office networks.
    ///
    /// The diagnostics tell what did not fit, sorted by severity (worst first), code and place.
    ///
    /// # Cost
    ///
    /// A sort of the resources.
    pub fn assemble(mut parts: Parts) -> (Self, Vec<Diagnostic>) {
        let mut diagnostics = Vec::new();
        let declared = std::mem::take(&mut parts.offices);
        let associations = std::mem::take(&mut parts.group_associations);
        let mut snapshot = tables(parts, &mut diagnostics);
        snapshot.settle(declared, &mut diagnostics);
        check::check(&snapshot, &mut diagnostics);
        diagnostics.extend(associations::worn_without(&snapshot, &associations));
        diagnostics
            .sort_by(|a, b| (b.severity, a.code, &a.origin).cmp(&(a.severity, b.code, &b.origin)));
        diagnostics.dedup();
        (snapshot, diagnostics)
    }

    /// Finds again whatever follows from several resources: links, nodes, public addresses, office networks.
    pub(crate) fn settle_again(&mut self) {
        merge::adopt_public_addresses(self);
        let declared = offices::declared(self);
        self.settle(declared, &mut Vec::new());
    }

    fn settle(&mut self, declared: Vec<OfficeNetwork>, diagnostics: &mut Vec<Diagnostic>) {
        balancers::find_interfaces(self);
        resolve::resolve(self, diagnostics);
        self.offices = Table::of(offices::find(self, declared));
    }
}

/// One table a kind, each resource once.
fn tables(mut parts: Parts, diagnostics: &mut Vec<Diagnostic>) -> Snapshot {
    merge::adopt_instance_interfaces(&mut parts);
    balancers::adopt_facts(&mut parts, diagnostics);
    macro_rules! table {
        ($list:ident) => {
            Table::of(merge::unique(std::mem::take(&mut parts.$list), diagnostics))
        };
    }
    let mut snapshot = Snapshot {
        vpcs: table!(vpcs),
        subnets: table!(subnets),
        interfaces: table!(interfaces),
        instances: table!(instances),
        groups: table!(groups),
        acls: table!(acls),
        route_tables: table!(route_tables),
        internet_gateways: table!(internet_gateways),
        egress_only_gateways: table!(egress_only_gateways),
        nat_gateways: table!(nat_gateways),
        peerings: table!(peerings),
        transit_gateways: table!(transit_gateways),
        transit_attachments: table!(transit_attachments),
        transit_route_tables: table!(transit_route_tables),
        vpn_gateways: table!(vpn_gateways),
        customer_gateways: table!(customer_gateways),
        vpn_connections: table!(vpn_connections),
        client_vpn_endpoints: table!(client_vpn_endpoints),
        service_entries: table!(service_entries),
        direct_connect_gateways: table!(direct_connect_gateways),
        direct_connect_associations: table!(direct_connect_associations),
        virtual_interfaces: table!(virtual_interfaces),
        core_attachments: table!(core_attachments),
        core_tables: table!(core_tables),
        prefix_lists: table!(prefix_lists),
        elastic_addresses: table!(elastic_addresses),
        load_balancers: table!(load_balancers),
        target_groups: table!(target_groups),
        vpc_endpoints: table!(vpc_endpoints),
        endpoint_services: table!(endpoint_services),
        firewalls: table!(firewalls),
        firewall_policies: table!(firewall_policies),
        firewall_rule_groups: table!(firewall_rule_groups),
        public_access_options: table!(public_access_options),
        public_access_exclusions: table!(public_access_exclusions),
        iam_roles: table!(iam_roles),
        iam_policies: table!(iam_policies),
        managed_instances: table!(managed_instances),
        offices: Table::default(),
        coverage: std::mem::take(&mut parts.coverage),
    };
    merge::adopt_rules(
        &mut snapshot.groups,
        std::mem::take(&mut parts.group_rules),
        diagnostics,
    );
    merge::adopt_public_addresses(&mut snapshot);
    snapshot
}

/// A resource that two accounts may see, and that two calls may describe in part.
pub(crate) trait Mergeable: crate::Resource {
    /// What tells two resources of one id apart, where ids are not unique.
    fn discriminator(&self) -> Option<&str> {
        None
    }

    /// The account that the input says owns it.
    fn owner(&self) -> Option<&AccountId> {
        None
    }

    /// Takes over what only the other description tells.
    fn absorb(&mut self, _other: Self)
    where
        Self: Sized,
    {
    }
}
