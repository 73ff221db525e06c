//! Load balancers, their targets, endpoints and services: what is read of them, and what is known to be whole.
#![expect(
    clippy::unwrap_used,
    clippy::tests_outside_test_module,
    reason = "tests"
)]

use std::path::PathBuf;

use ingest::read;
use model::{
    Attribute, LoadBalancer, LoadBalancerKind, ResourceState, Severity, Snapshot, TargetGroup,
    TargetHealth, TargetName, TargetZone,
};

const BALANCER: &str = r#"{"LoadBalancers": [{
    "LoadBalancerArn": "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/web/0a1b",
    "LoadBalancerName": "web", "Type": "network", "Scheme": "internal", "VpcId": "vpc-1",
    "State": {"Code": "active"}, "SecurityGroups": ["sg-1"],
    "EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic": "off",
    "AvailabilityZones": [{"ZoneName": "eu-west-1a", "SubnetId": "subnet-1",
        "LoadBalancerAddresses": [{"IpAddress": "203.0.113.7", "PrivateIPv4Address": "10.0.1.9"}]}]}]}"#;

const LISTENERS: &str = r#"{"Listeners": [{
    "ListenerArn": "arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener/net/web/0a1b/77",
    "LoadBalancerArn": "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/web/0a1b",
    "Port": 80, "Protocol": "TCP", "DefaultActions": [{"Type": "forward", "TargetGroupArn":
        "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/tg/0c"}]}]}"#;

const GROUPS: &str = r#"{"TargetGroups": [{
    "TargetGroupArn": "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/tg/0c",
    "TargetGroupName": "tg", "Protocol": "TCP", "Port": 8080, "VpcId": "vpc-1", "TargetType": "ip",
    "IpAddressType": "ipv4", "HealthCheckPort": "traffic-port", "HealthCheckProtocol": "HTTP"}]}"#;

const HEALTH: &str = r#"{"TargetHealthDescriptions": [
    {"Target": {"Id": "10.0.1.20", "Port": 9000, "AvailabilityZone": "all"}, "TargetHealth": {"State": "healthy"}},
    {"Target": {"Id": "10.0.1.21"}, "TargetHealth": {"State": "draining"}}]}"#;

const INTERFACES: &str = r#"{"NetworkInterfaces": [
    {"NetworkInterfaceId": "eni-1", "VpcId": "vpc-1", "SubnetId": "subnet-1", "PrivateIpAddress": "10.0.1.8",
     "InterfaceType": "network_load_balancer", "RequesterManaged": true, "Description": "ELB net/web/0a1b"},
    {"NetworkInterfaceId": "eni-2", "VpcId": "vpc-1", "SubnetId": "subnet-1", "PrivateIpAddress": "10.0.1.9"},
    {"NetworkInterfaceId": "eni-3", "VpcId": "vpc-1", "SubnetId": "subnet-1", "PrivateIpAddress": "10.0.1.10",
     "Description": "ELB net/web/0a1b"},
    {"NetworkInterfaceId": "eni-4", "VpcId": "vpc-1", "SubnetId": "subnet-1", "PrivateIpAddress": "10.0.1.11",
     "InterfaceType": "vpc_endpoint", "Description": "VPC Endpoint Interface vpce-1"}]}"#;

/// The network of some files.
fn network(files: &[(&str, &str)]) -> (Snapshot, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path: PathBuf = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let input = read(&[folder.path().to_owned()]).unwrap();
    let (snapshot, mut diagnostics) = Snapshot::assemble(input.parts);
    diagnostics.extend(input.diagnostics);
    let loud = diagnostics
        .iter()
        .filter(|one| Severity::Note < one.severity);
    let loud = loud.filter(|one| !one.message.contains("is not in the input"));
    let loud = loud
        .map(|one| format!("{} {}", one.code, one.message))
        .collect();
    (snapshot, loud)
}

fn balancer(snapshot: &Snapshot) -> &LoadBalancer {
    snapshot.load_balancers().rows().first().unwrap()
}

fn group(snapshot: &Snapshot) -> &TargetGroup {
    snapshot.target_groups().rows().first().unwrap()
}

#[test]
fn answers_of_one_folder_are_one_load_balancer() {
    let (snapshot, loud) = network(&[
        ("eu-west-1/elbv2/DescribeLoadBalancers.json", BALANCER),
        ("eu-west-1/elbv2/DescribeListeners/web_0a1b.json", LISTENERS),
        ("eu-west-1/elbv2/DescribeTargetGroups.json", GROUPS),
        ("eu-west-1/elbv2/DescribeTargetHealth/tg_0c.json", HEALTH),
        ("eu-west-1/ec2/DescribeNetworkInterfaces.json", INTERFACES),
        (
            "eu-west-1/elbv2/DescribeTargetGroupAttributes/tg_0c.json",
            r#"{"Attributes": [{"Key": "preserve_client_ip.enabled", "Value": "true"}]}"#,
        ),
        (
            "eu-west-1/elbv2/DescribeLoadBalancerAttributes/web_0a1b.json",
            r#"{"Attributes": [{"Key": "load_balancing.cross_zone.enabled", "Value": "true"}]}"#,
        ),
    ]);
    assert_eq!(loud, [""; 0]);
    let web = balancer(&snapshot);
    assert_eq!(web.kind, LoadBalancerKind::Network);
    assert_eq!(web.cross_zone, Attribute::Told(true));
    assert_eq!(web.denies_internet_ipv6, Attribute::Default);
    assert!(!web.enforces_groups_on_private_link);
    assert!(web.listeners_known);
    assert_eq!(web.listeners.len(), 1);
    // By its description and by an address; a user's description does not count.
    let nodes: Vec<&str> = web.nodes.iter().map(|node| node.id().as_str()).collect();
    assert_eq!(nodes, ["eni-1", "eni-2"]);
    let tg = group(&snapshot);
    assert_eq!(tg.preserves_client, Attribute::Told(true));
    assert_eq!(tg.cross_zone, Attribute::Default);
    assert!(tg.targets_known);
    let [first, second] = tg.targets.as_slice() else {
        unreachable!("two targets are told");
    };
    assert!(
        matches!(first.name, TargetName::Address(address) if address.to_string() == "10.0.1.20")
    );
    assert_eq!((first.port, &first.zone), (Some(9000), &TargetZone::All));
    assert_eq!(second.health, TargetHealth::Unhealthy);
}

#[test]
fn what_is_not_told_is_not_known() {
    let (snapshot, loud) = network(&[
        ("DescribeLoadBalancers.json", BALANCER),
        ("DescribeTargetGroups.json", GROUPS),
    ]);
    assert_eq!(loud, [""; 0]);
    assert!(!balancer(&snapshot).listeners_known);
    assert_eq!(balancer(&snapshot).cross_zone, Attribute::Unknown);
    assert!(!group(&snapshot).targets_known);
    // Nobody asked for the attributes of any group: they count as never set.
    assert_eq!(group(&snapshot).preserves_client, Attribute::Default);
}

#[test]
fn attributes_that_are_told_for_another_group_only_are_not_known() {
    let (snapshot, _) = network(&[
        ("DescribeTargetGroups.json", GROUPS),
        (
            "DescribeTargetGroupAttributes/other_0d.json",
            r#"{"Attributes": []}"#,
        ),
    ]);
    assert_eq!(group(&snapshot).preserves_client, Attribute::Unknown);
}

#[test]
fn a_load_balancer_without_listeners_is_known_to_have_none_by_the_name_of_the_file() {
    let (snapshot, _) = network(&[
        ("DescribeLoadBalancers.json", BALANCER),
        ("DescribeListeners/web_0a1b.json", r#"{"Listeners": []}"#),
    ]);
    assert!(balancer(&snapshot).listeners_known);
}

#[test]
fn a_broken_listener_leaves_the_list_open() {
    let broken = LISTENERS.replace("\"Port\": 80", "\"Port\": \"eighty\"");
    let (snapshot, loud) = network(&[
        ("DescribeLoadBalancers.json", BALANCER),
        ("DescribeListeners/web_0a1b.json", &broken),
    ]);
    assert!(!balancer(&snapshot).listeners_known);
    assert_eq!(loud.len(), 1);
}

#[test]
fn listeners_of_global_accelerator_are_none_of_a_load_balancer() {
    let text = r#"{"Listeners": [{"ListenerArn": "arn:aws:globalaccelerator::1:accelerator/a/listener/b"}]}"#;
    let (snapshot, loud) = network(&[
        ("Listeners.json", text),
        ("DescribeTargetGroups.json", GROUPS),
    ]);
    assert!(snapshot.load_balancers().is_empty());
    assert_eq!(loud, [""; 0]);
}

#[test]
fn classic_load_balancers_bring_their_targets() {
    let text = r#"{"LoadBalancerDescriptions": [{"LoadBalancerName": "old", "VPCId": "vpc-1", "Scheme": "internal",
        "Subnets": ["subnet-1"], "SecurityGroups": ["sg-1"], "Instances": [{"InstanceId": "i-1"}],
        "HealthCheck": {"Target": "HTTP:8081/ok"},
        "ListenerDescriptions": [{"Listener": {"Protocol": "HTTPS", "LoadBalancerPort": 443,
            "InstanceProtocol": "HTTP", "InstancePort": 8080}}]}]}"#;
    let (snapshot, loud) = network(&[("us-east-1/elb-describe-load-balancers.json", text)]);
    assert_eq!(loud, [""; 0]);
    let old = balancer(&snapshot);
    assert_eq!(old.kind, LoadBalancerKind::Classic);
    assert_eq!(old.listeners.first().unwrap().port, 443);
    assert_eq!(old.description_of_nodes(), "ELB old");
    assert_eq!(group(&snapshot).port, Some(8080));
    assert_eq!(group(&snapshot).health_check.port, Some(8081));
    assert_eq!(group(&snapshot).targets.len(), 1);
}

#[test]
fn endpoints_services_and_their_connections() {
    let (snapshot, loud) = network(&[
        (
            "DescribeVpcEndpoints.json",
            r#"{"VpcEndpoints": [{"VpcEndpointId": "vpce-1", "VpcEndpointType": "Interface", "VpcId": "vpc-1",
                "ServiceName": "com.amazonaws.vpce.eu-west-1.vpce-svc-1", "State": "pendingAcceptance",
                "Groups": [{"GroupId": "sg-1"}], "SubnetIds": ["subnet-1"]}]}"#,
        ),
        (
            "DescribeVpcEndpointServiceConfigurations.json",
            r#"{"ServiceConfigurations": [{"ServiceId": "vpce-svc-1", "ServiceState": "Available",
                "ServiceName": "com.amazonaws.vpce.eu-west-1.vpce-svc-1", "NetworkLoadBalancerArns": ["arn:1"]}]}"#,
        ),
        (
            "DescribeVpcEndpointConnections.json",
            r#"{"VpcEndpointConnections": [{"ServiceId": "vpce-svc-1", "VpcEndpointId": "vpce-1",
                "VpcEndpointState": "rejected"}]}"#,
        ),
        ("NetworkInterfaces.json", INTERFACES),
    ]);
    assert_eq!(loud, [""; 0]);
    let endpoint = snapshot.vpc_endpoints().rows().first().unwrap();
    assert_eq!(endpoint.state, ResourceState::Unavailable);
    let interfaces: Vec<&str> = endpoint
        .interfaces
        .iter()
        .map(|one| one.id().as_str())
        .collect();
    assert_eq!(interfaces, ["eni-4"]);
    let service = snapshot.endpoint_services().rows().first().unwrap();
    assert_eq!(service.state, ResourceState::Available);
    let connection = service.connections.first().unwrap();
    assert_eq!(connection.state, ResourceState::Unavailable);
}

#[test]
fn that_attributes_count_as_never_set_is_said() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("TargetGroups.json"), GROUPS).unwrap();
    let input = read(&[folder.path().to_owned()]).unwrap();
    let (_, diagnostics) = Snapshot::assemble(input.parts);
    assert!(diagnostics.iter().any(|one| one.code == "assumed-defaults"));
}
