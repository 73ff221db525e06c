//! The lists that are used: their keys, the operations that answer with them, and how they are read.

use model::Kind;

use super::{
    Read, Used, addresses, balancers, firewalls, groups, instances, outside, transit_answers,
};
use crate::wire::load_balancer::{attributes, listener};
use crate::wire::transit::table as transit_table;
use crate::wire::{
    client_vpn, direct_connect, group, group_association, interface, internet, load_balancer, nat,
    network_acl, peering, prefix_list, public_access, route_table, target_group, transit, vpc,
    vpc_endpoint, vpn,
};

/// A list of objects that become resources one by one.
macro_rules! list {
    ($key:literal, $operations:expr, $kind:expr, $wire:ty => $($list:ident).+) => {
        Used {
            key: $key,
            operations: &$operations,
            kind: $kind,
            is_about_one: false,
            read: |reading, list, raw, _| {
                reading.each(list, raw, |element: $wire, at, sink| {
                    let resource = element.into_model(at, sink.log)?;
                    sink.$($list).+.push(resource);
                    Ok(())
                });
            },
        }
    };
}

/// A list with a reader of its own.
const fn several(
    key: &'static str,
    operations: &'static [&'static str],
    kind: Option<Kind>,
    read: Read,
) -> Used {
    Used {
        key,
        operations,
        kind,
        is_about_one: false,
        read,
    }
}

/// A list with a reader of its own, about one object that the answer does not name.
const fn about_one(
    key: &'static str,
    operations: &'static [&'static str],
    kind: Option<Kind>,
    read: Read,
) -> Used {
    Used {
        is_about_one: true,
        ..several(key, operations, kind, read)
    }
}

/// All of them.
pub(super) const USED: &[Used] = &[
    list!("Vpcs", ["describevpcs"], Some(Kind::Vpcs), vpc::Vpc<'_> => parts.vpcs),
    list!("Subnets", ["describesubnets"], Some(Kind::Subnets), vpc::Subnet<'_> => parts.subnets),
    list!("NetworkInterfaces", ["describenetworkinterfaces"], Some(Kind::NetworkInterfaces),
        interface::NetworkInterface<'_> => parts.interfaces),
    several(
        "Reservations",
        &["describeinstances"],
        Some(Kind::Instances),
        instances::reservations,
    ),
    several(
        "Instances",
        &["describeinstances"],
        Some(Kind::Instances),
        instances::instances,
    ),
    list!("SecurityGroups", ["describesecuritygroups"], Some(Kind::SecurityGroups),
        group::SecurityGroup<'_> => parts.groups),
    list!("SecurityGroupRules", ["describesecuritygrouprules"], None,
        group::SecurityGroupRule<'_> => parts.group_rules),
    list!("SecurityGroupVpcAssociations", ["describesecuritygroupvpcassociations"], None,
        group_association::Association<'_> => parts.group_associations),
    several(
        "StaleSecurityGroupSet",
        &["describestalesecuritygroups"],
        None,
        groups::stale,
    ),
    list!("NetworkAcls", ["describenetworkacls"], Some(Kind::NetworkAcls), network_acl::NetworkAcl<'_> => parts.acls),
    list!("RouteTables", ["describeroutetables"], Some(Kind::RouteTables),
        route_table::RouteTable<'_> => parts.route_tables),
    list!("InternetGateways", ["describeinternetgateways"], Some(Kind::InternetGateways),
        internet::InternetGateway<'_> => parts.internet_gateways),
    list!("EgressOnlyInternetGateways", ["describeegressonlyinternetgateways"], Some(Kind::EgressOnlyInternetGateways),
        internet::EgressOnlyInternetGateway<'_> => parts.egress_only_gateways),
    list!("NatGateways", ["describenatgateways"], Some(Kind::NatGateways), nat::NatGateway<'_> => parts.nat_gateways),
    list!("VpcPeeringConnections", ["describevpcpeeringconnections"], Some(Kind::VpcPeeringConnections),
        peering::VpcPeeringConnection<'_> => parts.peerings),
    list!("TransitGateways", ["describetransitgateways"], Some(Kind::TransitGateways),
        transit::TransitGateway<'_> => parts.transit_gateways),
    several(
        "TransitGatewayAttachments",
        &["describetransitgatewayattachments"],
        Some(Kind::TransitGatewayAttachments),
        transit_answers::transit_attachments,
    ),
    list!("TransitGatewayVpcAttachments", ["describetransitgatewayvpcattachments"],
        Some(Kind::TransitGatewayVpcAttachments), transit::VpcAttachment<'_> => parts.transit_attachments),
    several(
        "TransitGatewayPeeringAttachments",
        &["describetransitgatewaypeeringattachments"],
        None,
        transit_answers::transit_peerings,
    ),
    list!("TransitGatewayRouteTables", ["describetransitgatewayroutetables"], Some(Kind::TransitGatewayRouteTables),
        transit_table::Table<'_> => parts.transit_route_tables),
    about_one(
        "Routes",
        &["searchtransitgatewayroutes", "describeclientvpnroutes"],
        Some(Kind::TransitGatewayRoutes),
        transit_answers::routes,
    ),
    list!("TransitGatewayPrefixListReferences", ["gettransitgatewayprefixlistreferences"], None,
        transit_table::Reference<'_> => pending.tables),
    list!("ClientVpnEndpoints", ["describeclientvpnendpoints"], Some(Kind::ClientVpnEndpoints),
        client_vpn::Endpoint<'_> => parts.client_vpn_endpoints),
    several(
        "ClientVpnTargetNetworks",
        &["describeclientvpntargetnetworks"],
        None,
        outside::target_networks,
    ),
    several(
        "AuthorizationRules",
        &["describeclientvpnauthorizationrules"],
        None,
        outside::authorization_rules,
    ),
    list!("directConnectGateways", ["describedirectconnectgateways"], Some(Kind::DirectConnectGateways),
        direct_connect::Gateway<'_> => parts.direct_connect_gateways),
    list!("directConnectGatewayAssociations", ["describedirectconnectgatewayassociations"],
        Some(Kind::DirectConnectGatewayAssociations),
        direct_connect::Association<'_> => parts.direct_connect_associations),
    list!("virtualInterfaces", ["describevirtualinterfaces"], Some(Kind::VirtualInterfaces),
        direct_connect::Interface<'_> => parts.virtual_interfaces),
    several(
        "Attachments",
        &["listattachments"],
        Some(Kind::CoreNetworkAttachments),
        outside::core_attachments,
    ),
    several(
        "VpcAttachment",
        &["getvpcattachment"],
        None,
        outside::core_vpc_attachment,
    ),
    several(
        "NetworkRoutes",
        &["getnetworkroutes"],
        None,
        outside::core_routes,
    ),
    about_one(
        "Associations",
        &["gettransitgatewayroutetableassociations"],
        Some(Kind::TransitGatewayAssociations),
        transit_answers::transit_associations,
    ),
    about_one(
        "TransitGatewayRouteTablePropagations",
        &["gettransitgatewayroutetablepropagations"],
        Some(Kind::TransitGatewayPropagations),
        transit_answers::transit_propagations,
    ),
    list!("TransitGatewayStaticRoutes", [], Some(Kind::TransitGatewayRoutes),
        transit_table::StaticRoutes<'_> => pending.tables),
    list!("TransitGatewayPropagations", [], Some(Kind::TransitGatewayPropagations),
        transit_table::Propagations<'_> => pending.tables),
    list!("VpnGateways", ["describevpngateways"], Some(Kind::VpnGateways), vpn::VpnGateway<'_> => parts.vpn_gateways),
    list!("CustomerGateways", ["describecustomergateways"], Some(Kind::CustomerGateways),
        vpn::CustomerGateway<'_> => parts.customer_gateways),
    list!("VpnConnections", ["describevpnconnections"], Some(Kind::VpnConnections),
        vpn::VpnConnection<'_> => parts.vpn_connections),
    list!("PrefixLists", ["describemanagedprefixlists", "describeprefixlists"], Some(Kind::PrefixLists),
        prefix_list::PrefixList<'_> => parts.prefix_lists),
    about_one(
        "Entries",
        &["getmanagedprefixlistentries"],
        None,
        addresses::prefix_list_entries,
    ),
    several(
        "Addresses",
        &["describeaddresses"],
        Some(Kind::Addresses),
        addresses::addresses,
    ),
    list!("LoadBalancers", ["describeloadbalancers"], Some(Kind::LoadBalancers),
        load_balancer::LoadBalancer<'_> => parts.load_balancers),
    several(
        "LoadBalancerDescriptions",
        &["describeloadbalancers"],
        Some(Kind::ClassicLoadBalancers),
        balancers::classic,
    ),
    several(
        "Listeners",
        &["describelisteners"],
        None,
        balancers::listeners,
    ),
    list!("LoadBalancerListeners", [], None, listener::ListenersOf<'_> => parts.balancer_facts),
    several("Rules", &["describerules"], None, balancers::rules),
    several(
        "TargetGroups",
        &["describetargetgroups"],
        Some(Kind::TargetGroups),
        balancers::target_groups,
    ),
    about_one(
        "TargetHealthDescriptions",
        &["describetargethealth"],
        None,
        balancers::targets,
    ),
    list!("LoadBalancerTargetHealth", [], None, target_group::HealthOf<'_> => parts.balancer_facts),
    about_one(
        "Attributes",
        &[
            "describeloadbalancerattributes",
            "describetargetgroupattributes",
        ],
        None,
        balancers::attributes,
    ),
    several(
        "LoadBalancerAttributes",
        &["describeloadbalancerattributes"],
        None,
        balancers::load_balancer_attributes,
    ),
    list!("TargetGroupAttributes", ["describetargetgroupattributes"], Some(Kind::TargetGroupAttributes),
        attributes::AttributesOf<'_> => parts.balancer_facts),
    list!("VpcEndpoints", ["describevpcendpoints"], Some(Kind::VpcEndpoints),
        vpc_endpoint::VpcEndpoint<'_> => parts.vpc_endpoints),
    list!("ServiceConfigurations", ["describevpcendpointserviceconfigurations"], Some(Kind::VpcEndpointServices),
        vpc_endpoint::ServiceConfiguration<'_> => parts.endpoint_services),
    several(
        "VpcEndpointConnections",
        &["describevpcendpointconnections"],
        Some(Kind::VpcEndpointConnections),
        balancers::connections,
    ),
    several(
        "VpcBlockPublicAccessOptions",
        &["describevpcblockpublicaccessoptions"],
        Some(Kind::VpcBlockPublicAccessOptions),
        firewalls::public_access_options,
    ),
    list!("VpcBlockPublicAccessExclusions", ["describevpcblockpublicaccessexclusions"],
        Some(Kind::VpcBlockPublicAccessExclusions), public_access::Exclusion<'_> => parts.public_access_exclusions),
    about_one("Firewall", &["describefirewall"], None, firewalls::one),
    several(
        "Firewalls",
        &["describefirewall", "describefirewalls", "listfirewalls"],
        None,
        firewalls::several,
    ),
    about_one(
        "FirewallPolicy",
        &["describefirewallpolicy"],
        None,
        firewalls::one_policy,
    ),
    several(
        "FirewallPolicies",
        &[
            "describefirewallpolicy",
            "describefirewallpolicies",
            "listfirewallpolicies",
        ],
        None,
        firewalls::several_policies,
    ),
    about_one(
        "RuleGroup",
        &["describerulegroup"],
        None,
        firewalls::one_rule_group,
    ),
    several(
        "RuleGroups",
        &["describerulegroup", "describerulegroups", "listrulegroups"],
        None,
        firewalls::several_rule_groups,
    ),
];
