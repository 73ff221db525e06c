//! The policy of an endpoint says who may do what with the service, and nothing about packets.
#![expect(
    clippy::unwrap_used,
    clippy::tests_outside_test_module,
    reason = "an integration test"
)]

use std::fs;

use conformance::both::Both;
use conformance::case;
use model::Reachability;

const NETWORK: &[(&str, &str)] = &[
    ("Vpcs", r#"{"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16"}"#),
    (
        "Subnets",
        r#"{"SubnetId": "subnet-a", "VpcId": "vpc-1", "CidrBlock": "10.0.1.0/24"}"#,
    ),
    (
        "NetworkInterfaces",
        r#"{"NetworkInterfaceId": "eni-client", "VpcId": "vpc-1", "SubnetId": "subnet-a", "PrivateIpAddress": "10.0.1.10",
            "Status": "in-use", "InterfaceType": "interface", "Groups": [{"GroupId": "sg-1"}]},
           {"NetworkInterfaceId": "eni-endpoint", "VpcId": "vpc-1", "SubnetId": "subnet-a", "PrivateIpAddress": "10.0.1.50",
            "Status": "in-use", "InterfaceType": "vpc_endpoint", "Groups": [{"GroupId": "sg-1"}]}"#,
    ),
    (
        "SecurityGroups",
        r#"{"GroupId": "sg-1", "GroupName": "one", "VpcId": "vpc-1", "Description": "",
            "IpPermissions": [{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "10.0.0.0/16"}]}],
            "IpPermissionsEgress": [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]}"#,
    ),
];

/// What a host gets from an endpoint with a policy.
fn answers(policy: &str) -> [Reachability; 2] {
    let root = tempfile::tempdir().unwrap();
    let endpoint = format!(
        r#"{{"VpcEndpointId": "vpce-1", "VpcEndpointType": "Interface", "VpcId": "vpc-1", "State": "available",
            "ServiceName": "com.amazonaws.us-east-1.sqs", "NetworkInterfaceIds": ["eni-endpoint"],
            "Groups": [{{"GroupId": "sg-1"}}], "PolicyDocument": {policy}}}"#
    );
    let lists = NETWORK
        .iter()
        .copied()
        .chain([("VpcEndpoints", endpoint.as_str())]);
    for (name, elements) in lists {
        let text = format!(r#"{{"{name}": [{elements}]}}"#);
        fs::write(root.path().join(format!("{name}.json")), text).unwrap();
    }
    let snapshot = case::load(root.path()).unwrap();
    let both = Both::new(&snapshot);
    ["443", "80"].map(|port| {
        case::answer(&both, "10.0.1.10", "10.0.1.50", "tcp", port)
            .unwrap()
            .0
    })
}

/// Covers: exact 3.11/endpoint-policy
#[test]
fn a_policy_of_an_endpoint_is_about_identity_not_about_packets() {
    let statement = |effect: &str| {
        format!(
            r#""{{\"Statement\": [{{\"Effect\": \"{effect}\", \"Principal\": \"*\", \"Action\": \"*\", \"Resource\": \"*\"}}]}}""#
        )
    };
    let expected = [Reachability::Reachable, Reachability::Blocked];
    for policy in [statement("Allow"), statement("Deny"), "null".to_owned()] {
        assert_eq!(answers(&policy), expected, "{policy}");
    }
}
