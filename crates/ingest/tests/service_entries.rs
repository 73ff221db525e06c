//! Answers about ways in that AWS services keep.
#![expect(
    clippy::tests_outside_test_module,
    clippy::indexing_slicing,
    reason = "an integration test may fail by panic"
)]

use ingest::{Input, read_bytes};
use model::{
    EntryKind, EntryReach, EntryResource, EntryTarget, Parts, ResourceState, Scope, ServiceEntry,
    Snapshot,
};
use packet::PortSet;

#[track_caller]
fn read(name: &str, json: &str) -> Input {
    read_bytes(name, json.as_bytes(), &Scope::default())
}

#[track_caller]
fn only(input: &Input) -> &ServiceEntry {
    assert_eq!(
        input.parts.service_entries.len(),
        1,
        "{:?}",
        input.diagnostics
    );
    &input.parts.service_entries[0]
}

fn target(named: &str, ports: Option<PortSet>, keeps_client: bool) -> EntryTarget {
    EntryTarget {
        resource: EntryResource::Named(named.into()),
        ports,
        keeps_client,
    }
}

#[test]
fn instance_connect_endpoints() {
    let input = read(
        "",
        r#"{"InstanceConnectEndpoints": [{"InstanceConnectEndpointId": "eice-1", "OwnerId": "111111111111",
            "State": "create-complete", "VpcId": "vpc-1", "SubnetId": "subnet-1", "PreserveClientIp": false,
            "NetworkInterfaceIds": ["eni-1"], "SecurityGroupIds": ["sg-1"], "Tags": [{"Key": "Name", "Value": "door"}]}]}"#,
    );
    let entry = only(&input);
    assert_eq!(entry.kind, EntryKind::InstanceConnectEndpoint);
    assert_eq!(entry.name.as_deref(), Some("door"));
    assert_eq!(entry.interfaces[0].id().as_str(), "eni-1");
    let hides = EntryReach::Anything {
        keeps_client: Some(false),
    };
    assert_eq!(entry.reach, hides);
    assert!(input.diagnostics.is_empty(), "{:?}", input.diagnostics);
    let failed = read(
        "",
        r#"{"InstanceConnectEndpoints": [{"InstanceConnectEndpointId": "eice-1", "State": "delete-complete"}]}"#,
    );
    assert_eq!(only(&failed).state, ResourceState::Unavailable);
    let untold = EntryReach::Anything { keeps_client: None };
    assert_eq!(only(&failed).reach, untold);
}

#[test]
fn verified_access_endpoints_of_every_type() {
    let input = read(
        "",
        r#"{"VerifiedAccessEndpoints": [
            {"VerifiedAccessEndpointId": "vae-1", "Status": {"Code": "active"}, "SecurityGroupIds": ["sg-1"],
             "LoadBalancerOptions": {"LoadBalancerArn": "arn:lb", "Port": 443, "Protocol": "https", "SubnetIds": ["subnet-1"]}},
            {"VerifiedAccessEndpointId": "vae-2", "Status": {"Code": "deleted"},
             "NetworkInterfaceOptions": {"NetworkInterfaceId": "eni-1", "PortRanges": [{"FromPort": 22, "ToPort": 23}]}},
            {"VerifiedAccessEndpointId": "vae-3", "RdsOptions": {"RdsDbProxyArn": "arn:proxy", "Port": 5432}},
            {"VerifiedAccessEndpointId": "vae-4", "CidrOptions": {"Cidr": "10.1.0.0/16", "PortRanges": [{"FromPort": 22, "ToPort": 22}]}},
            {"VerifiedAccessEndpointId": "vae-5"}]}"#,
    );
    let reaches: Vec<&EntryReach> = input
        .parts
        .service_entries
        .iter()
        .map(|entry| &entry.reach)
        .collect();
    let one = |target| EntryReach::Targets(vec![target]);
    let https = one(target("arn:lb", Some(PortSet::range(443, 443)), false));
    let ssh = one(target("eni-1", Some(PortSet::range(22, 23)), false));
    let proxy = one(target("arn:proxy", Some(PortSet::range(5432, 5432)), false));
    let block = one(EntryTarget {
        resource: EntryResource::Block("10.1.0.0/16".parse().unwrap()),
        ports: Some(PortSet::range(22, 22)),
        keeps_client: false,
    });
    assert_eq!(reaches, [&https, &ssh, &proxy, &block, &EntryReach::Untold]);
    let states: Vec<ResourceState> = input
        .parts
        .service_entries
        .iter()
        .map(|entry| entry.state)
        .collect();
    assert_eq!(
        states[..3],
        [
            ResourceState::Available,
            ResourceState::Unavailable,
            ResourceState::Available
        ]
    );
    assert_eq!(
        input.parts.service_entries[0].subnets[0].id().as_str(),
        "subnet-1"
    );
}

const LISTED: &str = r#"{"VpcOriginList": {"Marker": "", "IsTruncated": false, "Items": [
    {"Id": "vo_1", "Name": "shop", "Status": "Deployed", "AccountId": "111111111111", "OriginEndpointArn": "arn:lb"}]}}"#;

const TOLD: &str = r#"{"VpcOrigin": {"Id": "vo_1", "Status": "Deployed", "VpcOriginEndpointConfig":
    {"Name": "shop", "Arn": "arn:lb", "HTTPPort": 80, "HTTPSPort": 8443, "OriginProtocolPolicy": "https-only"}}, "ETag": "x"}"#;

#[test]
fn a_vpc_origin_is_listed_by_one_call_and_told_by_another() {
    let listed = read("cloudfront/ListVpcOrigins.json", LISTED);
    assert_eq!(
        only(&listed).reach,
        EntryReach::Targets(vec![target("arn:lb", None, false)])
    );
    let told = read("cloudfront/GetVpcOrigin.json", TOLD);
    let https = Some(PortSet::range(8443, 8443));
    assert_eq!(
        only(&told).reach,
        EntryReach::Targets(vec![target("arn:lb", https.clone(), false)])
    );
    for (first, second) in [(&listed, &told), (&told, &listed)] {
        let mut parts = Parts::default();
        parts.merge(first.parts.clone());
        parts.merge(second.parts.clone());
        let (snapshot, _) = Snapshot::assemble(parts);
        let entries = snapshot.service_entries().rows();
        assert_eq!(entries.len(), 1);
        assert_eq!(entries[0].name.as_deref(), Some("shop"));
        let expected = EntryReach::Targets(vec![target("arn:lb", https.clone(), false)]);
        assert_eq!(entries[0].reach, expected);
    }
}

#[test]
fn endpoint_groups_of_global_accelerator() {
    let input = read(
        "globalaccelerator/ListEndpointGroups.json",
        r#"{"EndpointGroups": [{"EndpointGroupArn": "arn:group", "EndpointGroupRegion": "eu-west-1", "EndpointDescriptions": [
            {"EndpointId": "arn:lb", "Weight": 128, "ClientIPPreservationEnabled": true},
            {"EndpointId": "eipalloc-1", "ClientIPPreservationEnabled": false},
            {"EndpointId": "i-1"}]}]}"#,
    );
    let entry = only(&input);
    assert_eq!(
        entry.region.as_ref().map(model::Region::as_str),
        Some("eu-west-1")
    );
    let targets = vec![
        target("arn:lb", None, true),
        target("eipalloc-1", None, false),
        target("i-1", None, true),
    ];
    assert_eq!(entry.reach, EntryReach::Targets(targets));
}

#[test]
fn vpc_links_of_both_api_gateways() {
    let http = read(
        "apigatewayv2/GetVpcLinks.json",
        r#"{"Items": [{"VpcLinkId": "abc", "Name": "link", "VpcLinkStatus": "AVAILABLE", "SecurityGroupIds": ["sg-1"],
            "SubnetIds": ["subnet-1"]}]}"#,
    );
    assert_eq!(only(&http).reach, EntryReach::Untold);
    assert_eq!(only(&http).groups[0].id().as_str(), "sg-1");
    let rest = read(
        "apigateway/GetVpcLinks.json",
        r#"{"items": [{"id": "def", "name": "link", "targetArns": ["arn:lb"], "status": "FAILED"}]}"#,
    );
    assert_eq!(
        only(&rest).reach,
        EntryReach::Targets(vec![target("arn:lb", None, false)])
    );
    assert_eq!(only(&rest).state, ResourceState::Unavailable);
}

#[test]
fn other_answers_of_these_services_are_not_taken_for_entries() {
    for (name, json) in [
        (
            "apigateway/GetRestApis.json",
            r#"{"items": [{"id": "abc", "name": "api"}]}"#,
        ),
        (
            "apigatewayv2/GetApis.json",
            r#"{"Items": [{"ApiId": "abc", "Name": "api"}]}"#,
        ),
        (
            "globalaccelerator/ListListeners.json",
            r#"{"Listeners": [{"ListenerArn": "arn:l", "Protocol": "TCP"}]}"#,
        ),
        (
            "cloudfront/ListDistributions.json",
            r#"{"DistributionList": {"Items": []}}"#,
        ),
    ] {
        let input = read(name, json);
        assert!(input.parts.service_entries.is_empty(), "{name}");
        assert!(input.parts.balancer_facts.is_empty(), "{name}");
    }
}

#[test]
fn broken_entries_are_errors_at_their_place() {
    for (name, json, code) in [
        (
            "",
            r#"{"InstanceConnectEndpoints": [{"VpcId": "vpc-1"}]}"#,
            "missing-field",
        ),
        (
            "",
            r#"{"InstanceConnectEndpoints": [7]}"#,
            "malformed-element",
        ),
        (
            "",
            r#"{"VerifiedAccessEndpoints": [{"VerifiedAccessEndpointId": "v", "CidrOptions": {"Cidr": "ten"}}]}"#,
            "invalid-cidr",
        ),
        (
            "",
            r#"{"VerifiedAccessEndpoints": [{"VerifiedAccessEndpointId": "v", "RdsOptions": {"Port": 70000}}]}"#,
            "invalid-port",
        ),
        ("", r#"{"VpcOriginList": {"Items": [{}]}}"#, "missing-field"),
        (
            "",
            r#"{"EndpointGroups": [{"EndpointGroupArn": "a", "EndpointDescriptions": [{}]}]}"#,
            "missing-field",
        ),
    ] {
        let input = read(name, json);
        let codes: Vec<&str> = input.diagnostics.iter().map(|each| each.code).collect();
        assert_eq!(codes, [code], "{json}: {:?}", input.diagnostics);
        assert!(input.parts.service_entries.is_empty(), "{json}");
    }
}
