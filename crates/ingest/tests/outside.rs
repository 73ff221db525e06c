//! Answers about what is outside a VPC: VPN, Direct Connect, Client VPN, Cloud WAN.
#![expect(clippy::tests_outside_test_module, reason = "an integration test")]

use ingest::{Input, read_bytes};
use model::{
    ClientVpnTarget, Completeness, CoreNetworkResource, DirectConnectPartner, ResourceState,
    RouteDestination, RouteState, RouteTarget, Scope, Snapshot, Tunnels, VirtualInterfaceKind,
};
use packet::Family;

#[track_caller]
fn read(name: &str, json: &str) -> Input {
    read_bytes(name, json.as_bytes(), &Scope::default())
}

fn codes(input: &Input) -> Vec<&str> {
    input.diagnostics.iter().map(|each| each.code).collect()
}

#[test]
fn vpn_connections_with_selectors_family_and_telemetry() {
    let input = read(
        "",
        r#"{"VpnConnections": [
            {"VpnConnectionId": "vpn-1", "State": "available",
             "Options": {"LocalIpv4NetworkCidr": "192.168.0.0/16", "RemoteIpv4NetworkCidr": "10.0.0.0/16",
                         "TunnelInsideIpVersion": "ipv4", "OutsideIpAddressType": "PrivateIpv4"},
             "VgwTelemetry": [{"Status": "DOWN"}, {"Status": "DOWN"}]},
            {"VpnConnectionId": "vpn-2", "State": "available",
             "Options": {"LocalIpv6NetworkCidr": "fd01::/16", "TunnelInsideIpVersion": "ipv6"},
             "VgwTelemetry": [{"Status": "UP"}, {"Status": "DOWN"}]}],
           "CustomerGateways": [{"CustomerGatewayId": "cgw-1", "BgpAsn": "65001"}]}"#,
    );
    let [first, second] = input.parts.vpn_connections.as_slice() else {
        panic!("two connections");
    };
    assert_eq!(first.family, Family::V4);
    assert_eq!(first.office_side, "192.168.0.0/16".parse().ok());
    assert_eq!(first.cloud_side, "10.0.0.0/16".parse().ok());
    assert_eq!(first.tunnels, Tunnels::Down);
    assert!(first.over_direct_connect);
    assert_eq!(second.family, Family::V6);
    assert_eq!(second.office_side, "fd01::/16".parse().ok());
    assert_eq!(second.cloud_side, None);
    assert_eq!(second.tunnels, Tunnels::Up);
    assert_eq!(input.parts.customer_gateways[0].asn, Some(65001));
}

#[test]
fn direct_connect_gateways_associations_and_interfaces() {
    let input = read(
        "eu-west-1/directconnect/DescribeDirectConnect.json",
        r#"{"directConnectGateways": [{"directConnectGatewayId": "d-1", "directConnectGatewayName": "hall",
                "directConnectGatewayState": "available"}],
            "directConnectGatewayAssociations": [
               {"directConnectGatewayId": "d-1", "associationState": "associated", "associationId": "a-1",
                "associatedGateway": {"id": "tgw-1", "type": "transitGateway"},
                "allowedPrefixesToDirectConnectGateway": [{"cidr": "10.0.0.0/8"}]},
               {"directConnectGatewayId": "d-1", "associationState": "disassociated", "virtualGatewayId": "vgw-1"}],
            "virtualInterfaces": [
               {"virtualInterfaceId": "dxvif-1", "virtualInterfaceType": "transit", "virtualInterfaceState": "available",
                "directConnectGatewayId": "d-1", "siteLinkEnabled": true,
                "bgpPeers": [{"bgpStatus": "down"}]},
               {"virtualInterfaceId": "dxvif-2", "virtualInterfaceType": "private", "virtualInterfaceState": "available",
                "virtualGatewayId": "vgw-1", "bgpPeers": [{"bgpStatus": "down"}, {"bgpStatus": "up"}]},
               {"virtualInterfaceId": "dxvif-3", "virtualInterfaceType": "round"}]}"#,
    );
    let parts = &input.parts;
    assert_eq!(
        parts.direct_connect_gateways[0].name.as_deref(),
        Some("hall")
    );
    let [by_transit, by_vpn] = parts.direct_connect_associations.as_slice() else {
        panic!("two associations");
    };
    assert!(
        matches!(&by_transit.with, DirectConnectPartner::TransitGateway(link) if link.id().as_str() == "tgw-1")
    );
    assert_eq!(
        by_transit.allowed,
        Some(vec!["10.0.0.0/8".parse().expect("a block")])
    );
    assert!(
        matches!(&by_vpn.with, DirectConnectPartner::VpnGateway(link) if link.id().as_str() == "vgw-1")
    );
    assert_eq!(
        (by_vpn.state, &by_vpn.allowed),
        (ResourceState::Unavailable, &None)
    );
    let [transit, private] = parts.virtual_interfaces.as_slice() else {
        panic!("two interfaces");
    };
    assert_eq!(transit.kind, VirtualInterfaceKind::Transit);
    assert_eq!(transit.state, ResourceState::Unavailable);
    assert!(transit.site_link);
    assert_eq!(private.state, ResourceState::Available);
    assert_eq!(codes(&input), ["invalid-type"]);
}

/// The parts of one endpoint, from calls of their own.
const CLIENT_VPN: &[(&str, &str)] = &[
    (
        "ec2/DescribeClientVpnEndpoints.json",
        r#"{"ClientVpnEndpoints": [{"ClientVpnEndpointId": "cvpn-endpoint-1", "Status": {"Code": "available"},
            "ClientCidrBlock": "10.200.0.0/22", "VpcId": "vpc-1", "SecurityGroupIds": ["sg-1"]}]}"#,
    ),
    (
        "ec2/DescribeClientVpnTargetNetworks/cvpn-endpoint-1.json",
        r#"{"ClientVpnTargetNetworks": [{"ClientVpnEndpointId": "cvpn-endpoint-1", "TargetNetworkId": "subnet-1",
            "Status": {"Code": "associated"}}]}"#,
    ),
    (
        "ec2/DescribeClientVpnRoutes/cvpn-endpoint-1.json",
        r#"{"Routes": [{"ClientVpnEndpointId": "cvpn-endpoint-1", "DestinationCidr": "10.0.0.0/16", "TargetSubnet": "subnet-1",
            "Status": {"Code": "active"}},
            {"ClientVpnEndpointId": "cvpn-endpoint-1", "DestinationCidr": "10.200.0.0/22", "TargetSubnet": "local",
            "Status": {"Code": "active"}},
            {"ClientVpnEndpointId": "cvpn-endpoint-1", "DestinationCidr": "10.9.0.0/16", "TargetSubnet": "subnet-1",
            "Status": {"Code": "failed"}}]}"#,
    ),
    (
        "ec2/DescribeClientVpnAuthorizationRules/cvpn-endpoint-1.json",
        r#"{"AuthorizationRules": []}"#,
    ),
];

#[test]
fn client_vpn_endpoints_from_four_calls() {
    let mut parts = model::Parts::default();
    for (name, json) in CLIENT_VPN {
        let input = read(name, json);
        assert_eq!(codes(&input), [""; 0], "{name}");
        parts.merge(input.parts);
    }
    parts.interfaces.push(client_interface());
    parts.subnets.extend(
        read(
            "",
            r#"{"Subnets": [{"SubnetId": "subnet-1", "VpcId": "vpc-1", "CidrBlock": "10.0.0.0/24"}]}"#,
        )
        .parts
        .subnets,
    );
    let (snapshot, _) = Snapshot::assemble(parts);
    let [endpoint] = snapshot.client_vpn_endpoints().rows() else {
        panic!("one endpoint");
    };
    assert_eq!(endpoint.associations_told, Some(Completeness::Complete));
    assert_eq!(endpoint.routes_told, Some(Completeness::Complete));
    assert_eq!(endpoint.rules_told, Some(Completeness::Complete));
    assert_eq!(endpoint.routes.len(), 2);
    assert_eq!(endpoint.routes[1].target, ClientVpnTarget::Clients);
    assert!(endpoint.rules.is_empty());
    let found = &endpoint.associations[0].interfaces;
    assert_eq!(found.len(), 1, "the interface is found by its description");
    let office = &snapshot.offices().rows()[0];
    assert_eq!(office.id.as_str(), "client-vpn:cvpn-endpoint-1");
    assert_eq!(office.cidrs, ["10.200.0.0/22".parse().expect("a block")]);
}

fn client_interface() -> model::NetworkInterface {
    let input = read(
        "",
        r#"{"NetworkInterfaces": [{"NetworkInterfaceId": "eni-1", "SubnetId": "subnet-1", "VpcId": "vpc-1",
            "Description": "ClientVPN Endpoint resource", "InterfaceType": "interface",
            "PrivateIpAddresses": [{"PrivateIpAddress": "10.0.0.9"}]}]}"#,
    );
    let mut interfaces = input.parts.interfaces;
    interfaces.remove(0)
}

#[test]
fn routes_of_client_vpn_are_none_of_a_transit_gateway() {
    let input = read(
        "Routes.json",
        r#"{"Routes": [{"ClientVpnEndpointId": "cvpn-endpoint-1", "DestinationCidr": "10.0.0.0/16", "TargetSubnet": "subnet-1"}]}"#,
    );
    assert_eq!(input.parts.client_vpn_endpoints.len(), 1);
    assert_eq!(codes(&input), [""; 0]);
    let input = read(
        "SearchTransitGatewayRoutes/tgw-rtb-1.json",
        r#"{"Routes": [{"DestinationCidrBlock": "10.0.0.0/16", "Type": "static", "State": "blackhole"}]}"#,
    );
    assert!(input.parts.client_vpn_endpoints.is_empty());
}

#[test]
fn a_broken_rule_leaves_the_rules_partial() {
    let input = read(
        "",
        r#"{"AuthorizationRules": [{"ClientVpnEndpointId": "cvpn-endpoint-1", "DestinationCidr": "10.0.0.0/16", "AccessAll": true},
            {"ClientVpnEndpointId": "cvpn-endpoint-1", "DestinationCidr": "ten", "AccessAll": true}]}"#,
    );
    let endpoint = &input.parts.client_vpn_endpoints[0];
    assert_eq!(endpoint.rules_told, Some(Completeness::Partial));
    assert_eq!(codes(&input), ["invalid-cidr"]);
}

#[test]
fn core_network_attachments_and_routes() {
    let mut parts = model::Parts::default();
    let answers = [
        (
            "networkmanager/ListAttachments.json",
            r#"{"Attachments": [{"AttachmentId": "attachment-1", "CoreNetworkId": "core-network-1", "AttachmentType": "VPC",
                "ResourceArn": "arn:aws:ec2:eu-west-1:111122223333:vpc/vpc-1", "SegmentName": "prod",
                "EdgeLocation": "eu-west-1", "State": "AVAILABLE"},
                {"AttachmentId": "attachment-2", "CoreNetworkId": "core-network-1", "AttachmentType": "SITE_TO_SITE_VPN",
                 "State": "CREATING"}]}"#,
        ),
        (
            "networkmanager/GetVpcAttachment/attachment-1.json",
            r#"{"VpcAttachment": {"Attachment": {"AttachmentId": "attachment-1", "CoreNetworkId": "core-network-1",
                "AttachmentType": "VPC", "ResourceArn": "arn:aws:ec2:eu-west-1:111122223333:vpc/vpc-1", "State": "AVAILABLE"},
                "SubnetArns": ["arn:aws:ec2:eu-west-1:111122223333:subnet/subnet-1"],
                "Options": {"Ipv6Support": true, "ApplianceModeSupport": false}}}"#,
        ),
        (
            "networkmanager/GetNetworkRoutes/prod.json",
            r#"{"CoreNetworkSegmentEdge": {"CoreNetworkId": "core-network-1", "SegmentName": "prod", "EdgeLocation": "eu-west-1"},
                "NetworkRoutes": [
                {"DestinationCidrBlock": "10.1.0.0/16", "Type": "PROPAGATED", "State": "ACTIVE",
                 "Destinations": [{"CoreNetworkAttachmentId": "attachment-1"}]},
                {"DestinationCidrBlock": "10.2.0.0/16", "Type": "STATIC", "State": "ACTIVE",
                 "Destinations": [{"NetworkFunctionGroupName": "firewalls"}]},
                {"DestinationCidrBlock": "10.3.0.0/16", "Type": "STATIC", "State": "BLACKHOLE"}]}"#,
        ),
    ];
    for (name, json) in answers {
        let input = read(name, json);
        assert_eq!(codes(&input), [""; 0], "{name}");
        parts.merge(input.parts);
    }
    let (snapshot, _) = Snapshot::assemble(parts);
    let [vpc, vpn] = snapshot.core_attachments().rows() else {
        panic!("two attachments");
    };
    assert_eq!(vpc.segment.as_deref(), Some("prod"));
    assert_eq!(vpc.ipv6, Some(true));
    assert!(
        matches!(&vpc.resource, CoreNetworkResource::Vpc { subnets: Some(subnets), .. } if subnets.len() == 1)
    );
    assert_eq!(vpn.state, ResourceState::Unavailable);
    let [table] = snapshot.core_tables().rows() else {
        panic!("one table");
    };
    assert_eq!(table.id.as_str(), "core-network-1/prod/eu-west-1");
    let [propagated, function, hole] = table.routes.as_slice() else {
        panic!("three routes");
    };
    assert!(!propagated.leads_elsewhere && function.leads_elsewhere);
    assert_eq!(
        (hole.state, hole.leads_elsewhere),
        (RouteState::Blackhole, false)
    );
}

#[test]
fn routes_of_no_segment_are_a_warning() {
    let input = read(
        "networkmanager/GetNetworkRoutes.json",
        r#"{"NetworkRoutes": []}"#,
    );
    assert!(input.parts.core_tables.is_empty());
    assert_eq!(codes(&input), ["unnamed-object"]);
}

#[test]
fn a_route_to_a_core_network_names_it_by_id() {
    let input = read(
        "",
        r#"{"RouteTables": [{"RouteTableId": "rtb-1", "VpcId": "vpc-1", "Routes": [{"DestinationCidrBlock": "0.0.0.0/0",
            "CoreNetworkArn": "arn:aws:networkmanager::111122223333:core-network/core-network-1", "State": "active"}]}]}"#,
    );
    let route = &input.parts.route_tables[0].routes[0];
    assert_eq!(
        route.target,
        RouteTarget::CoreNetwork("core-network-1".into())
    );
}

#[test]
fn prefix_list_references_are_routes_of_their_table() {
    let input = read(
        "",
        r#"{"TransitGatewayRouteTables": [{"TransitGatewayRouteTableId": "tgw-rtb-1", "TransitGatewayId": "tgw-1"}],
            "TransitGatewayPrefixListReferences": [
              {"TransitGatewayRouteTableId": "tgw-rtb-1", "PrefixListId": "pl-1", "State": "available", "Blackhole": false,
               "TransitGatewayAttachment": {"TransitGatewayAttachmentId": "tgw-attach-1", "ResourceType": "vpc"}},
              {"TransitGatewayRouteTableId": "tgw-rtb-1", "PrefixListId": "pl-2", "State": "available", "Blackhole": true}]}"#,
    );
    let (snapshot, _) = Snapshot::assemble(input.parts);
    let table = &snapshot.transit_route_tables().rows()[0];
    assert!(!table.static_known, "other static routes are not told");
    let [to_vpc, hole] = table.routes.as_slice() else {
        panic!("two routes");
    };
    assert!(
        matches!(&to_vpc.destination, RouteDestination::PrefixList(list) if list.id().as_str() == "pl-1")
    );
    assert_eq!(
        (to_vpc.attachments.len(), hole.state),
        (1, RouteState::Blackhole)
    );
}

/// One account's answers, in which a VPC of another account that is shared with it appears.
const SHARED: &str = r#"{
    "Vpcs": [{"VpcId": "vpc-1", "OwnerId": "111111111111", "CidrBlock": "10.0.0.0/16"}],
    "Subnets": [{"SubnetId": "subnet-1", "OwnerId": "111111111111", "VpcId": "vpc-1", "CidrBlock": "10.0.0.0/24"}],
    "NetworkInterfaces": [{"NetworkInterfaceId": "eni-1", "OwnerId": "222222222222", "SubnetId": "subnet-1",
        "VpcId": "vpc-1", "PrivateIpAddresses": [{"PrivateIpAddress": "10.0.0.9"}]}]INSTANCES}"#;

#[test]
fn a_participant_does_not_see_the_interfaces_of_the_owner_of_a_shared_vpc() {
    let is_whole = |input: &Input, account: &str| {
        let coverage = &input.parts.coverage;
        coverage.is_complete(model::Kind::NetworkInterfaces, Some(&account.into()), None)
    };
    let instances =
        r#", "Reservations": [{"OwnerId": "222222222222", "Instances": [{"InstanceId": "i-1"}]}]"#;
    let asked = read("", &SHARED.replace("INSTANCES", instances));
    assert!(
        is_whole(&asked, "222222222222"),
        "the instances tell who asked"
    );
    assert!(!is_whole(&asked, "111111111111"), "the owner did not ask");
    let unknown = read("", &SHARED.replace("INSTANCES", ""));
    assert!(!is_whole(&unknown, "222222222222"));
    assert!(!is_whole(&unknown, "111111111111"));
}

#[test]
fn the_owner_and_a_participant_show_one_table_with_the_associations_of_both() {
    let table = |account: &str, subnet: &str| {
        let json = format!(
            r#"{{"RouteTables": [{{"RouteTableId": "rtb-1", "OwnerId": "111111111111", "VpcId": "vpc-1",
                "Associations": [{{"SubnetId": "{subnet}"}}]}}],
                "NetworkAcls": [{{"NetworkAclId": "acl-1", "OwnerId": "111111111111", "VpcId": "vpc-1",
                "Associations": [{{"SubnetId": "{subnet}"}}]}}]}}"#
        );
        read(&format!("{account}/eu-west-1/All.json"), &json).parts
    };
    let mut parts = table("111111111111", "subnet-1");
    parts.merge(table("222222222222", "subnet-2"));
    let (snapshot, _) = Snapshot::assemble(parts);
    assert_eq!(snapshot.route_tables().rows()[0].associations.len(), 2);
    assert_eq!(snapshot.acls().rows()[0].subnets.len(), 2);
}

#[test]
fn a_peering_without_an_association_may_have_a_policy_table() {
    let input = read(
        "",
        r#"{"TransitGatewayAttachments": [
            {"TransitGatewayAttachmentId": "tgw-attach-1", "TransitGatewayId": "tgw-1", "TransitGatewayOwnerId": "111111111111",
             "ResourceOwnerId": "111111111111", "ResourceType": "peering", "ResourceId": "tgw-2", "State": "available"},
            {"TransitGatewayAttachmentId": "tgw-attach-2", "TransitGatewayId": "tgw-1", "TransitGatewayOwnerId": "111111111111",
             "ResourceOwnerId": "111111111111", "ResourceType": "vpc", "ResourceId": "vpc-1", "State": "available"}]}"#,
    );
    let known: Vec<bool> = input
        .parts
        .transit_attachments
        .iter()
        .map(|attachment| attachment.association_known)
        .collect();
    assert_eq!(known, [false, true]);
}

#[test]
fn an_attachment_that_is_being_changed_still_carries() {
    let input = read(
        "",
        r#"{"TransitGatewayVpcAttachments": [
            {"TransitGatewayAttachmentId": "tgw-attach-1", "TransitGatewayId": "tgw-1", "VpcId": "vpc-1", "State": "modifying"},
            {"TransitGatewayAttachmentId": "tgw-attach-2", "TransitGatewayId": "tgw-1", "VpcId": "vpc-1", "State": "deleting"}]}"#,
    );
    let states: Vec<ResourceState> = input
        .parts
        .transit_attachments
        .iter()
        .map(|attachment| attachment.state)
        .collect();
    assert_eq!(
        states,
        [ResourceState::Available, ResourceState::Unavailable]
    );
}
