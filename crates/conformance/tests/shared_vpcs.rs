//! A shared VPC as folders of a collector, one for each account: with both, with the owner's and with a participant's.
#![expect(
    clippy::unwrap_used,
    clippy::tests_outside_test_module,
    reason = "an integration test"
)]

use std::fs;
use std::path::Path;

use conformance::both::Both;
use conformance::case;

const OWNER: &str = "accounts/111111111111/eu-west-1";
const PARTICIPANT: &str = "accounts/222222222222/eu-west-1";

const VPCS: &str =
    r#"{"Vpcs": [{"VpcId": "vpc-1", "OwnerId": "111111111111", "CidrBlock": "10.0.0.0/16"}]}"#;

/// A subnet as an account sees it, by its own name for the zone.
fn subnet(id: &str, block: &str, zone: &str) -> String {
    format!(
        r#"{{"SubnetId": "{id}", "VpcId": "vpc-1", "OwnerId": "111111111111", "CidrBlock": "{block}",
            "AvailabilityZone": "{zone}"}}"#
    )
}

fn interface(number: u8, owner: &str, subnet: &str, address: &str, group: &str) -> String {
    format!(
        r#"{{"NetworkInterfaceId": "eni-{number}", "OwnerId": "{owner}", "VpcId": "vpc-1", "SubnetId": "{subnet}",
            "PrivateIpAddress": "{address}", "Status": "in-use", "InterfaceType": "interface",
            "Groups": [{{"GroupId": "{group}"}}]}}"#
    )
}

fn group(id: &str, owner: &str, port: u16) -> String {
    let everywhere = r#""IpRanges": [{"CidrIp": "10.0.0.0/16"}]"#;
    format!(
        r#"{{"GroupId": "{id}", "GroupName": "{id}", "OwnerId": "{owner}", "VpcId": "vpc-1", "Description": "",
            "IpPermissions": [{{"IpProtocol": "tcp", "FromPort": {port}, "ToPort": {port}, {everywhere}}}],
            "IpPermissionsEgress": [{{"IpProtocol": "-1", {everywhere}}}]}}"#
    )
}

fn table(subnets: &[&str]) -> String {
    let of = |subnet: &&str| format!(r#"{{"SubnetId": "{subnet}", "Main": false}}"#);
    let associations: Vec<String> = subnets.iter().map(of).collect();
    let associations = associations.join(",");
    format!(
        r#"{{"RouteTableId": "rtb-1", "VpcId": "vpc-1", "OwnerId": "111111111111", "Associations": [{associations}],
            "Routes": [{{"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local", "State": "active"}}]}}"#
    )
}

fn acl(subnets: &[&str]) -> String {
    let of = |subnet: &&str| format!(r#"{{"SubnetId": "{subnet}"}}"#);
    let associations: Vec<String> = subnets.iter().map(of).collect();
    let associations = associations.join(",");
    let entry = |egress: bool| {
        format!(
            r#"{{"RuleNumber": 100, "Protocol": "-1", "RuleAction": "allow", "Egress": {egress}, "CidrBlock": "0.0.0.0/0"}}"#
        )
    };
    format!(
        r#"{{"NetworkAclId": "acl-1", "VpcId": "vpc-1", "OwnerId": "111111111111", "IsDefault": true,
            "Associations": [{associations}], "Entries": [{}, {}]}}"#,
        entry(true),
        entry(false)
    )
}

fn write(root: &Path, folder: &str, lists: &[(&str, Vec<String>)]) {
    let folder = root.join(folder);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("Vpcs.json"), VPCS).unwrap();
    for (name, elements) in lists {
        let text = format!(r#"{{"{name}": [{}]}}"#, elements.join(","));
        fs::write(folder.join(format!("{name}.json")), text).unwrap();
    }
}

/// The owner has a host in a subnet of its own and is told of the participant's.
fn write_owner(root: &Path) {
    let subnets = vec![
        subnet("subnet-a", "10.0.1.0/24", "eu-west-1a"),
        subnet("subnet-b", "10.0.2.0/24", "eu-west-1b"),
    ];
    let interfaces = vec![
        interface(1, "111111111111", "subnet-a", "10.0.1.10", "sg-1"),
        interface(2, "222222222222", "subnet-b", "10.0.2.10", "sg-2"),
    ];
    let lists = [
        ("Subnets", subnets),
        ("NetworkInterfaces", interfaces),
        ("SecurityGroups", vec![group("sg-1", "111111111111", 22)]),
        ("RouteTables", vec![table(&["subnet-a", "subnet-b"])]),
        ("NetworkAcls", vec![acl(&["subnet-a", "subnet-b"])]),
    ];
    write(root, OWNER, &lists);
}

/// The participant has a host in the subnet that is shared with it, and is told of nothing else.
fn write_participant(root: &Path) {
    let interfaces = vec![interface(
        2,
        "222222222222",
        "subnet-b",
        "10.0.2.10",
        "sg-2",
    )];
    let lists = [
        (
            "Subnets",
            vec![subnet("subnet-b", "10.0.2.0/24", "eu-west-1a")],
        ),
        ("NetworkInterfaces", interfaces),
        ("SecurityGroups", vec![group("sg-2", "222222222222", 443)]),
        ("RouteTables", vec![table(&["subnet-b"])]),
        ("NetworkAcls", vec![acl(&["subnet-b"])]),
    ];
    write(root, PARTICIPANT, &lists);
}

#[track_caller]
fn check(writers: &[fn(&Path)], expected: &[(&str, &str, &str, &str)]) {
    let root = tempfile::tempdir().unwrap();
    for write in writers {
        write(root.path());
    }
    let snapshot = case::load(root.path()).unwrap();
    let both = Both::new(&snapshot);
    for (from, to, port, answer) in expected {
        let given = case::answer(&both, from, to, "tcp", port);
        let given = format!("{given:?}").to_lowercase();
        assert!(
            given.contains(answer),
            "{from} -> {to} tcp/{port}: {given}, not {answer}"
        );
    }
}

#[test]
fn with_both_accounts_every_answer_is_exact() {
    check(
        &[write_owner, write_participant],
        &[
            ("10.0.1.10", "10.0.2.10", "443", "reachable"),
            ("10.0.1.10", "10.0.2.10", "22", "blocked"),
            ("10.0.2.10", "10.0.1.10", "22", "reachable"),
            ("10.0.2.10", "10.0.1.99", "22", "blocked"),
        ],
    );
}

#[test]
fn with_the_owner_alone_a_group_of_the_participant_leaves_it_open() {
    check(
        &[write_owner],
        &[
            ("10.0.1.10", "10.0.2.10", "443", "undetermined"),
            ("10.0.2.10", "10.0.1.10", "443", "blocked"),
            ("10.0.1.10", "10.0.2.99", "443", "blocked"),
        ],
    );
}

#[test]
fn with_the_participant_alone_what_the_owner_would_tell_is_open() {
    check(
        &[write_participant],
        &[
            ("10.0.2.10", "10.0.1.10", "22", "undetermined"),
            ("10.0.2.10", "10.0.2.99", "22", "undetermined"),
            ("10.0.2.10", "192.0.2.1", "22", "blocked"),
        ],
    );
}

#[test]
fn a_participants_name_of_a_zone_is_not_taken_for_the_owners() {
    for writers in [
        &[write_owner as fn(&Path), write_participant][..],
        &[write_participant as fn(&Path)][..],
    ] {
        let root = tempfile::tempdir().unwrap();
        for write in writers {
            write(root.path());
        }
        let snapshot = case::load(root.path()).unwrap();
        let subnets = snapshot.subnets().rows().iter();
        let shared: Vec<_> = subnets
            .filter(|each| each.id.as_str() == "subnet-b")
            .collect();
        let zones: Vec<Option<&str>> = shared
            .iter()
            .map(|each| each.zone.as_ref().map(model::Zone::as_str))
            .collect();
        let expected = if writers.len() == 2 {
            Some("eu-west-1b")
        } else {
            None
        };
        assert_eq!(zones, [expected]);
    }
}
