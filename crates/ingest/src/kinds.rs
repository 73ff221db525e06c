//! The kinds of lists: which are used, and how.

mod balancers;
mod firewalls;
mod outside;
mod transit_answers;
pub(crate) mod unmodelled;

use model::Kind;
use serde_json::value::RawValue;

use crate::log::Problem;
use crate::reading::{ListAt, Reading};
use crate::wire::transit::table as transit_table;
use crate::wire::{
    List, Objects, Text, address, client_vpn, direct_connect, group, instance, interface, internet,
    load_balancer, nat, network_acl, peering, prefix_list, public_access, route_table,
    target_group, transit, vpc, vpc_endpoint, vpn,
};

/// A list that is used.
pub(crate) struct Used {
    /// Its key in the answer.
    pub(crate) key: &'static str,
    /// The operations that answer with it, in lower case.
    pub(crate) operations: &'static [&'static str],
    /// The kind whose completeness it decides.
    pub(crate) kind: Option<Kind>,
    /// Whether the answer is about one object that it does not name.
    pub(crate) is_about_one: bool,
    /// Reads it. The whole answer is there for what stands beside the list.
    pub(crate) read: for<'a> fn(&mut Reading, &ListAt<'_>, &'a RawValue, &Beside<'a>),
}

/// What stands beside a list and changes its meaning.
#[derive(Debug, Default)]
pub(crate) struct Beside<'a> {
    /// How many lists the answer has.
    pub(crate) n_lists: usize,
    /// `AdditionalRoutesAvailable`.
    pub(crate) additional_routes: Option<&'a RawValue>,
    /// `CoreNetworkSegmentEdge`.
    pub(crate) segment_edge: Option<&'a RawValue>,
    /// What describes the object of the answer: `FirewallStatus`, `FirewallPolicyResponse`, `RuleGroupResponse`.
    pub(crate) description: Option<&'a RawValue>,
}

/// The list with this key, if it is used.
pub(crate) fn used(key: &str) -> Option<&'static Used> {
    USED.iter().find(|used| used.key == key)
}

/// Whether answers of this operation are used.
pub(crate) fn is_used(operation: &str) -> bool {
    USED.iter().any(|used| used.operations.contains(&operation))
}

/// The service that answers with a list of this key, where another one has an operation of the same name.
fn service_of(key: &str) -> Option<&'static str> {
    match key {
        "LoadBalancerDescriptions" => Some("elb"),
        "LoadBalancers" => Some("elbv2"),
        _ => None,
    }
}

/// The kinds whose completeness an operation decides, of this service if it is known.
pub(crate) fn of_operation(service: Option<&str>, operation: &str) -> impl Iterator<Item = Kind> {
    let is_asked = move |used: &&Used| {
        let is_of_service = service
            .is_none_or(|service| service_of(used.key).is_none_or(|expected| expected == service));
        is_of_service && used.operations.contains(&operation)
    };
    USED.iter().filter(is_asked).filter_map(|used| used.kind)
}

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

const USED: &[Used] = &[
    list!("Vpcs", ["describevpcs"], Some(Kind::Vpcs), vpc::Vpc<'_> => parts.vpcs),
    list!("Subnets", ["describesubnets"], Some(Kind::Subnets), vpc::Subnet<'_> => parts.subnets),
    list!("NetworkInterfaces", ["describenetworkinterfaces"], Some(Kind::NetworkInterfaces),
        interface::NetworkInterface<'_> => parts.interfaces),
    Used {
        key: "Reservations",
        operations: &["describeinstances"],
        kind: Some(Kind::Instances),
        is_about_one: false,
        read: reservations,
    },
    Used {
        key: "Instances",
        operations: &["describeinstances"],
        kind: Some(Kind::Instances),
        is_about_one: false,
        read: instances,
    },
    list!("SecurityGroups", ["describesecuritygroups"], Some(Kind::SecurityGroups),
        group::SecurityGroup<'_> => parts.groups),
    list!("SecurityGroupRules", ["describesecuritygrouprules"], None,
        group::SecurityGroupRule<'_> => parts.group_rules),
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
    Used {
        key: "TransitGatewayAttachments",
        operations: &["describetransitgatewayattachments"],
        kind: Some(Kind::TransitGatewayAttachments),
        is_about_one: false,
        read: transit_answers::transit_attachments,
    },
    list!("TransitGatewayVpcAttachments", ["describetransitgatewayvpcattachments"],
        Some(Kind::TransitGatewayVpcAttachments), transit::VpcAttachment<'_> => parts.transit_attachments),
    Used {
        key: "TransitGatewayPeeringAttachments",
        operations: &["describetransitgatewaypeeringattachments"],
        kind: None,
        is_about_one: false,
        read: transit_answers::transit_peerings,
    },
    list!("TransitGatewayRouteTables", ["describetransitgatewayroutetables"], Some(Kind::TransitGatewayRouteTables),
        transit_table::Table<'_> => parts.transit_route_tables),
    Used {
        key: "Routes",
        operations: &["searchtransitgatewayroutes", "describeclientvpnroutes"],
        kind: Some(Kind::TransitGatewayRoutes),
        is_about_one: true,
        read: transit_answers::routes,
    },
    list!("TransitGatewayPrefixListReferences", ["gettransitgatewayprefixlistreferences"], None,
        transit_table::Reference<'_> => pending.tables),
    list!("ClientVpnEndpoints", ["describeclientvpnendpoints"], Some(Kind::ClientVpnEndpoints),
        client_vpn::Endpoint<'_> => parts.client_vpn_endpoints),
    Used {
        key: "ClientVpnTargetNetworks",
        operations: &["describeclientvpntargetnetworks"],
        kind: None,
        is_about_one: false,
        read: outside::target_networks,
    },
    Used {
        key: "AuthorizationRules",
        operations: &["describeclientvpnauthorizationrules"],
        kind: None,
        is_about_one: false,
        read: outside::authorization_rules,
    },
    list!("directConnectGateways", ["describedirectconnectgateways"], Some(Kind::DirectConnectGateways),
        direct_connect::Gateway<'_> => parts.direct_connect_gateways),
    list!("directConnectGatewayAssociations", ["describedirectconnectgatewayassociations"],
        Some(Kind::DirectConnectGatewayAssociations),
        direct_connect::Association<'_> => parts.direct_connect_associations),
    list!("virtualInterfaces", ["describevirtualinterfaces"], Some(Kind::VirtualInterfaces),
        direct_connect::Interface<'_> => parts.virtual_interfaces),
    Used {
        key: "Attachments",
        operations: &["listattachments"],
        kind: Some(Kind::CoreNetworkAttachments),
        is_about_one: false,
        read: outside::core_attachments,
    },
    Used {
        key: "VpcAttachment",
        operations: &["getvpcattachment"],
        kind: None,
        is_about_one: false,
        read: outside::core_vpc_attachment,
    },
    Used {
        key: "NetworkRoutes",
        operations: &["getnetworkroutes"],
        kind: None,
        is_about_one: false,
        read: outside::core_routes,
    },
    Used {
        key: "Associations",
        operations: &["gettransitgatewayroutetableassociations"],
        kind: Some(Kind::TransitGatewayAssociations),
        is_about_one: true,
        read: transit_answers::transit_associations,
    },
    Used {
        key: "TransitGatewayRouteTablePropagations",
        operations: &["gettransitgatewayroutetablepropagations"],
        kind: Some(Kind::TransitGatewayPropagations),
        is_about_one: true,
        read: transit_answers::transit_propagations,
    },
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
    Used {
        key: "Entries",
        operations: &["getmanagedprefixlistentries"],
        kind: None,
        is_about_one: true,
        read: prefix_list_entries,
    },
    Used {
        key: "Addresses",
        operations: &["describeaddresses"],
        kind: Some(Kind::Addresses),
        is_about_one: false,
        read: addresses,
    },
    list!("LoadBalancers", ["describeloadbalancers"], Some(Kind::LoadBalancers),
        load_balancer::LoadBalancer<'_> => parts.load_balancers),
    Used {
        key: "LoadBalancerDescriptions",
        operations: &["describeloadbalancers"],
        kind: Some(Kind::ClassicLoadBalancers),
        is_about_one: false,
        read: balancers::classic,
    },
    Used {
        key: "Listeners",
        operations: &["describelisteners"],
        kind: None,
        is_about_one: false,
        read: balancers::listeners,
    },
    list!("LoadBalancerListeners", [], None, load_balancer::ListenersOf<'_> => parts.balancer_facts),
    Used {
        key: "Rules",
        operations: &["describerules"],
        kind: None,
        is_about_one: false,
        read: balancers::rules,
    },
    Used {
        key: "TargetGroups",
        operations: &["describetargetgroups"],
        kind: Some(Kind::TargetGroups),
        is_about_one: false,
        read: balancers::target_groups,
    },
    Used {
        key: "TargetHealthDescriptions",
        operations: &["describetargethealth"],
        kind: None,
        is_about_one: true,
        read: balancers::targets,
    },
    list!("LoadBalancerTargetHealth", [], None, target_group::HealthOf<'_> => parts.balancer_facts),
    Used {
        key: "Attributes",
        operations: &[
            "describeloadbalancerattributes",
            "describetargetgroupattributes",
        ],
        kind: None,
        is_about_one: true,
        read: balancers::attributes,
    },
    Used {
        key: "LoadBalancerAttributes",
        operations: &["describeloadbalancerattributes"],
        kind: None,
        is_about_one: false,
        read: balancers::load_balancer_attributes,
    },
    list!("TargetGroupAttributes", ["describetargetgroupattributes"], Some(Kind::TargetGroupAttributes),
        load_balancer::AttributesOf<'_> => parts.balancer_facts),
    list!("VpcEndpoints", ["describevpcendpoints"], Some(Kind::VpcEndpoints),
        vpc_endpoint::VpcEndpoint<'_> => parts.vpc_endpoints),
    list!("ServiceConfigurations", ["describevpcendpointserviceconfigurations"], Some(Kind::VpcEndpointServices),
        vpc_endpoint::ServiceConfiguration<'_> => parts.endpoint_services),
    Used {
        key: "VpcEndpointConnections",
        operations: &["describevpcendpointconnections"],
        kind: Some(Kind::VpcEndpointConnections),
        is_about_one: false,
        read: balancers::connections,
    },
    Used {
        key: "VpcBlockPublicAccessOptions",
        operations: &["describevpcblockpublicaccessoptions"],
        kind: Some(Kind::VpcBlockPublicAccessOptions),
        is_about_one: false,
        read: firewalls::public_access_options,
    },
    list!("VpcBlockPublicAccessExclusions", ["describevpcblockpublicaccessexclusions"],
        Some(Kind::VpcBlockPublicAccessExclusions), public_access::Exclusion<'_> => parts.public_access_exclusions),
    Used {
        key: "Firewall",
        operations: &["describefirewall"],
        kind: None,
        is_about_one: true,
        read: firewalls::one,
    },
    Used {
        key: "Firewalls",
        operations: &["describefirewall", "describefirewalls", "listfirewalls"],
        kind: None,
        is_about_one: false,
        read: firewalls::several,
    },
    Used {
        key: "FirewallPolicy",
        operations: &["describefirewallpolicy"],
        kind: None,
        is_about_one: true,
        read: firewalls::one_policy,
    },
    Used {
        key: "FirewallPolicies",
        operations: &[
            "describefirewallpolicy",
            "describefirewallpolicies",
            "listfirewallpolicies",
        ],
        kind: None,
        is_about_one: false,
        read: firewalls::several_policies,
    },
    Used {
        key: "RuleGroup",
        operations: &["describerulegroup"],
        kind: None,
        is_about_one: true,
        read: firewalls::one_rule_group,
    },
    Used {
        key: "RuleGroups",
        operations: &["describerulegroup", "describerulegroups", "listrulegroups"],
        kind: None,
        is_about_one: false,
        read: firewalls::several_rule_groups,
    },
];

/// What describes the object of an answer and is read with it.
pub(crate) const DESCRIPTIONS: [&str; 3] = [
    "FirewallStatus",
    "FirewallPolicyResponse",
    "RuleGroupResponse",
];

fn reservations<'a>(reading: &mut Reading, list: &ListAt<'_>, raw: &'a RawValue, _: &Beside<'a>) {
    reading.each(
        list,
        raw,
        |reservation: instance::Reservation<'_>, at, sink| {
            let owner = reservation.owner_id.get();
            let elements = reservation.instances.objects(at, "Instances", sink.log);
            let mut is_complete = elements.is_complete;
            for (number, instance) in elements.items {
                let at = at.part(format_args!("/Instances/{number}"));
                match instance.into_model(owner, &at, sink.log) {
                    Ok((instance, interfaces)) => {
                        sink.parts.instances.push(instance);
                        sink.parts.instance_interfaces.extend(interfaces);
                    }
                    Err(problem) => {
                        is_complete = false;
                        sink.log.problem(problem, "cannot be read: ", &at);
                    }
                }
            }
            let problem = || Problem::new("malformed-list", "not every instance in it can be");
            is_complete.then_some(()).ok_or_else(problem)
        },
    );
}

fn instances<'a>(reading: &mut Reading, list: &ListAt<'_>, raw: &'a RawValue, _: &Beside<'a>) {
    reading.each(list, raw, |instance: instance::Instance<'_>, at, sink| {
        let (instance, interfaces) = instance.into_model(None, at, sink.log)?;
        sink.parts.instances.push(instance);
        sink.parts.instance_interfaces.extend(interfaces);
        Ok(())
    });
}

fn addresses<'a>(reading: &mut Reading, list: &ListAt<'_>, raw: &'a RawValue, _: &Beside<'a>) {
    reading.each(list, raw, |address: address::Address<'_>, at, sink| {
        let address = address.into_model(at, sink.log)?;
        sink.parts.elastic_addresses.extend(address);
        Ok(())
    });
}

fn prefix_list_entries<'a>(
    reading: &mut Reading,
    list: &ListAt<'_>,
    raw: &'a RawValue,
    _: &Beside<'a>,
) {
    let Some(id) = argument(reading, list) else {
        return;
    };
    let entries: Objects<'_, prefix_list::Entry<'_>> = List::of(raw);
    let (mut prefix_list, is_complete) =
        prefix_list::of_entries(&id, &entries, &list.at, &mut reading.log);
    if reading.has_more {
        prefix_list.entries = None;
    }
    let count = prefix_list.entries.as_ref().map_or(0, Vec::len);
    reading.parts.prefix_lists.push(prefix_list);
    reading.finish(list, count, is_complete);
}

/// The id that an answer about one object is for. Without it the answer cannot be used, and its kind is partial.
fn argument(reading: &mut Reading, list: &ListAt<'_>) -> Option<String> {
    let argument = reading
        .argument
        .clone()
        .filter(|argument| argument.contains('-'));
    if argument.is_none() {
        let message = format!(
            "`{}` of an object that is not named: save the answer as `Operation/ID.json`",
            list.key
        );
        reading.log.warning(
            "unnamed-object",
            message,
            list.at.part(format_args!("/{}", list.key)),
        );
        reading.ignore("the file's name does not tell which object the answer is about");
        if let Some(kind) = list.kind {
            reading
                .coverage
                .push((kind, reading.scope.clone(), model::Completeness::Partial));
        }
    }
    argument
}

/// A text that is read where no list is: `NextToken`.
pub(crate) fn is_told(raw: &RawValue) -> bool {
    !matches!(serde_json::from_str::<Text<'_>>(raw.get()), Ok(text) if text.get().is_none())
}

/// Kinds that are known and not used: answers do not rest on them, or not yet.
pub(crate) fn is_unused(key: &str) -> bool {
    UNUSED.contains(&key)
}

const UNUSED: &[&str] = &[
    "AccountAttributes",
    "AllowedPrincipals",
    "AvailabilityZones",
    "CarrierGateways",
    "Clusters",
    "ConnectionNotificationSet",
    "CoreNetwork",
    "CoreNetworkPolicy",
    "CoreNetworkPolicyVersions",
    "CoreNetworks",
    "DBClusters",
    "DBInstances",
    "DBSubnetGroups",
    "Devices",
    "DhcpOptions",
    "DomainStatusList",
    "FlowLogs",
    "Functions",
    "GlobalNetworks",
    "Hosts",
    "Images",
    "InstanceConnectEndpoints",
    "InstanceCreditSpecifications",
    "InstanceEventWindows",
    "InstanceStates",
    "InstanceStatuses",
    "InstanceTypes",
    "IpamResourceDiscoveryAssociations",
    "KeyPairs",
    "LaunchTemplates",
    "Links",
    "LocalGatewayRouteTables",
    "LocalGateways",
    "MulticastDomainAssociations",
    "NetworkInsightsAnalyses",
    "NetworkInterfacePermissions",
    "Regions",
    "SecurityGroupReferenceSet",
    "SecurityGroupVpcAssociations",
    "SecurityGroupsReferenceSet",
    "ServiceDetails",
    "ServiceNames",
    "Sites",
    "Snapshots",
    "StaleSecurityGroupSet",
    "Tags",
    "TrafficMirrorSessions",
    "TransitGatewayAttachmentPropagations",
    "TransitGatewayConnectPeers",
    "TransitGatewayConnects",
    "TransitGatewayMulticastDomains",
    "TransitGatewayPolicyTables",
    "TransitGatewayRouteTableAnnouncements",
    "VerifiedAccessEndpoints",
    "VerifiedAccessGroups",
    "Volumes",
    "VpcEndpointAssociations",
    "VpnConcentrators",
    "connections",
    "directConnectGatewayAssociationProposals",
    "directConnectGatewayAttachments",
    "lags",
    "virtualGateways",
];
