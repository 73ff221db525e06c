//! Where groups may be worn, and which of their rules are stale.
#![expect(clippy::tests_outside_test_module, reason = "an integration test")]

use ingest::read_bytes;
use model::{RulePeer, Scope, Snapshot};

/// The notes of the input and of the network with these codes, one a line.
fn notes(json: &str, codes: &[&str]) -> String {
    let input = read_bytes("", json.as_bytes(), &Scope::default());
    let (_, found) = Snapshot::assemble(input.parts);
    let all = input.diagnostics.iter().chain(&found);
    let lines = all
        .filter(|each| codes.contains(&each.code))
        .map(|each| format!("{:?} {}: {}", each.severity, each.origin, each.message));
    lines.collect::<Vec<_>>().join("\n")
}

/// A network in which `eni-1` in `vpc-2` wears `sg-1`, which may have been associated with that VPC.
fn worn(associations: &str) -> String {
    let network = format!(
        r#"{{"SecurityGroups": [{{"GroupId": "sg-1", "VpcId": "vpc-1"}}, {{"GroupId": "sg-2", "VpcId": "vpc-2"}}],
            "NetworkInterfaces": [
                {{"NetworkInterfaceId": "eni-1", "VpcId": "vpc-2", "SubnetId": "subnet-2",
                  "PrivateIpAddress": "10.2.0.1", "Groups": [{{"GroupId": "sg-1"}}, {{"GroupId": "sg-2"}}]}},
                {{"NetworkInterfaceId": "eni-2", "VpcId": "vpc-1", "SubnetId": "subnet-1",
                  "PrivateIpAddress": "10.1.0.1", "Groups": [{{"GroupId": "sg-1"}}]}}],
            "SecurityGroupVpcAssociations": [{associations}]}}"#
    );
    notes(&network, &["group-not-associated"])
}

#[test]
fn a_group_worn_by_an_association_that_is_not_made_is_noted_and_counts() {
    let told = "Note #/NetworkInterfaces/0: `eni-1` wears `sg-1`, whose association with `vpc-2` is not made: \
                what is worn counts";
    let of = |state| format!(r#"{{"GroupId": "sg-1", "VpcId": "vpc-2", "State": "{state}"}}"#);
    for state in [
        "associating",
        "association-failed",
        "disassociating",
        "disassociated",
    ] {
        assert_eq!(worn(&of(state)), told, "{state}");
    }
    for state in ["associated", "disassociation-failed"] {
        assert_eq!(worn(&of(state)), "", "{state}");
    }
    let both = [of("disassociated"), of("associated")].join(",");
    assert_eq!(worn(&both), "", "it was made again");
    assert_eq!(worn(""), "", "the account may not be shown the association");
}

#[test]
fn an_association_without_its_group_or_vpc_is_an_error() {
    let json = r#"{"SecurityGroupVpcAssociations": [{"GroupId": "sg-1"}, {"VpcId": "vpc-1"}]}"#;
    assert_eq!(
        notes(json, &["missing-field"]),
        "Error #/SecurityGroupVpcAssociations/0: cannot be read: `VpcId` is missing\n\
         Error #/SecurityGroupVpcAssociations/1: cannot be read: `GroupId` is missing"
    );
}

#[test]
fn a_list_of_stale_rules_is_noted_and_decides_nothing() {
    let json = r#"{"SecurityGroups": [{"GroupId": "sg-1", "VpcId": "vpc-1", "IpPermissions": [
                      {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "UserIdGroupPairs": [{"GroupId": "sg-2"}]}]}],
                   "StaleSecurityGroupSet": [{"GroupId": "sg-1", "VpcId": "vpc-1",
                      "StaleIpPermissions": [{"UserIdGroupPairs": [{"GroupId": "sg-2", "PeeringStatus": "active"}]}],
                      "StaleIpPermissionsEgress": [{"UserIdGroupPairs": [{"GroupId": "sg-3"}]}]}]}"#;
    assert_eq!(
        notes(json, &["stale-rule", "unknown-kind", "unused-kind"]),
        "Note #/StaleSecurityGroupSet/0/StaleIpPermissions/0/UserIdGroupPairs/0: \
         a rule of `sg-1` that names `sg-2` is stale, says AWS\n\
         Note #/StaleSecurityGroupSet/0/StaleIpPermissionsEgress/0/UserIdGroupPairs/0: \
         a rule of `sg-1` that names `sg-3` is stale, says AWS"
    );
    let input = read_bytes("", json.as_bytes(), &Scope::default());
    let [rule] = input.parts.groups[0].rules.as_slice() else {
        panic!("one rule");
    };
    assert!(matches!(&rule.peer, RulePeer::Group(named) if !named.is_stale));
}
