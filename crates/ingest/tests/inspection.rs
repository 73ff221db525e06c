//! Firewalls, the switches of accounts, and what interfaces, gateways and routes tell beyond their addresses.
#![expect(clippy::tests_outside_test_module, reason = "tests")]

use ingest::{Input, read_bytes};
use model::{
    EncryptionMode, FirewallRuleOrder, FirewallRules, InterfaceStatus, PublicAccessExclusionState,
    PublicAccessMode, RouteTarget, Scope, StatefulAction, StatefulDefault, StatelessAction,
};

fn read(name: &str, json: &str) -> Input {
    read_bytes(name, json.as_bytes(), &Scope::default())
}

#[test]
fn a_firewall_and_its_endpoints() {
    let input = read(
        "1/us-east-1/network-firewall/DescribeFirewall/fw.json",
        r#"{"UpdateToken": "t",
            "Firewall": {"FirewallName": "fw", "VpcId": "vpc-1", "FirewallPolicyArn": "arn:p",
                "FirewallArn": "arn:aws:network-firewall:us-east-1:111122223333:firewall/fw"},
            "FirewallStatus": {"Status": "READY", "SyncStates": {
                "us-east-1a": {"Attachment": {"EndpointId": "vpce-a", "SubnetId": "subnet-a"}},
                "us-east-1b": {"Attachment": {"SubnetId": "subnet-b"}}}}}"#,
    );
    assert_eq!(input.diagnostics, []);
    let firewall = &input.parts.firewalls[0];
    assert_eq!(firewall.owner, Some("111122223333".into()));
    assert_eq!(firewall.endpoints.len(), 1);
    assert_eq!(firewall.endpoints[0].id.as_str(), "vpce-a");
    assert_eq!(firewall.endpoints[0].subnet.id().as_str(), "subnet-a");
}

#[test]
fn a_firewall_in_proxy_mode_has_no_endpoints_that_only_filter() {
    let of = |settings: &str| {
        read(
            "",
            &format!(
                r#"{{"Firewalls": [{{"Firewall": {{"VpcId": "vpc-1", "FirewallPolicyArn": "arn:p", {settings}
                    "FirewallArn": "arn:aws:network-firewall:us-east-1:111122223333:firewall/fw"}},
                    "FirewallStatus": {{"SyncStates": {{
                        "us-east-1a": {{"Attachment": {{"EndpointId": "vpce-a", "SubnetId": "subnet-a"}}}}}}}}}}]}}"#
            ),
        )
    };
    let n_endpoints = |input: &Input| {
        let firewalls = input.parts.firewalls.iter();
        firewalls
            .map(|firewall| firewall.endpoints.len())
            .sum::<usize>()
    };
    for settings in [
        r#""ProxySettings": {"ListenerProperties": []},"#,
        r#""NatGatewayCreateMappings": [{"SubnetId": "subnet-b"}],"#,
    ] {
        let input = of(settings);
        assert_eq!(n_endpoints(&input), 0, "{settings}");
        assert_eq!(input.diagnostics.len(), 1, "{settings}");
        assert_eq!(input.diagnostics[0].code, "not-modelled");
    }
    for settings in [
        "",
        r#""ProxySettings": null, "NatGatewayCreateMappings": [],"#,
    ] {
        let input = of(settings);
        assert_eq!(n_endpoints(&input), 1, "{settings}");
        assert_eq!(input.diagnostics, []);
    }
}

#[test]
fn a_policy() {
    let input = read(
        "",
        r#"{"FirewallPolicies": [{"FirewallPolicyResponse": {"FirewallPolicyArn": "arn:p", "FirewallPolicyName": "p"},
            "FirewallPolicy": {
                "StatelessDefaultActions": ["measure", "aws:forward_to_sfe"],
                "StatelessFragmentDefaultActions": ["aws:drop"],
                "StatelessRuleGroupReferences": [{"ResourceArn": "arn:b", "Priority": 20}, {"ResourceArn": "arn:a", "Priority": 10}],
                "StatefulRuleGroupReferences": [{"ResourceArn": "arn:c", "Override": {"Action": "DROP_TO_ALERT"}}],
                "StatefulEngineOptions": {"RuleOrder": "STRICT_ORDER"},
                "StatefulDefaultActions": ["aws:alert_strict", "aws:drop_strict"],
                "PolicyVariables": {"RuleVariables": {"HOME_NET": {"Definition": ["10.0.0.0/8"]}}}}},
           {"Name": "only listed"}]}"#,
    );
    assert_eq!(input.diagnostics, []);
    let policy = &input.parts.firewall_policies[0];
    assert_eq!(policy.stateless_default, Some(StatelessAction::Forward));
    assert_eq!(policy.rule_order, FirewallRuleOrder::Strict);
    assert_eq!(policy.stateful_default, StatefulDefault::DropAll);
    let order: Vec<_> = policy
        .stateless
        .iter()
        .map(|used| used.group.id().as_str())
        .collect();
    assert_eq!(order, ["arn:a", "arn:b"]);
    assert!(policy.stateful[0].only_alerts);
    assert!(policy.variables.contains_key("HOME_NET"));
}

fn group(source: &str) -> Input {
    let json = format!(
        r#"{{"RuleGroupResponse": {{"RuleGroupArn": "arn:g", "RuleGroupName": "g"}}, "RuleGroup": {source}}}"#
    );
    read("network-firewall/DescribeRuleGroup/g.json", &json)
}

#[test]
fn rules_of_every_form() {
    let input = group(
        r#"{"RulesSource": {"StatelessRulesAndCustomActions": {"StatelessRules": [
            {"Priority": 2, "RuleDefinition": {"Actions": ["aws:pass"], "MatchAttributes": {"Protocols": [6, 17]}}},
            {"Priority": 1, "RuleDefinition": {"Actions": ["aws:drop"], "MatchAttributes": {
                "Sources": [{"AddressDefinition": "10.0.0.0/8"}], "DestinationPorts": [{"FromPort": 443, "ToPort": 443}],
                "TCPFlags": [{"Flags": ["SYN"], "Masks": ["SYN", "ACK"]}]}}}]}}}"#,
    );
    assert_eq!(input.diagnostics, []);
    let FirewallRules::Stateless(rules) = &input.parts.firewall_rule_groups[0].rules else {
        unreachable!("the rules are stateless");
    };
    assert_eq!(rules[0].action, StatelessAction::Drop);
    assert!(rules[0].has_flags && !rules[1].has_flags);
    assert_eq!(rules[1].protocols.len(), 2);

    let input = group(
        r##"{"RuleVariables": {"IPSets": {"A": {"Definition": ["10.0.0.0/8", "!10.1.0.0/16"]}}, "PortSets": {"W": {"Definition": ["80"]}}},
            "ReferenceSets": {"IPSetReferences": {"L": {"ReferenceArn": "arn:aws:ec2:us-east-1:1:prefix-list/pl-1"}}},
            "RulesSource": {"RulesString": "# first\npass tcp $A any -> @L $W (sid:1;)\n\ndrop http any any \\\n -> any any (content:\"x\"; sid:2;)"}}"##,
    );
    assert_eq!(input.diagnostics, []);
    let group_read = &input.parts.firewall_rule_groups[0];
    let FirewallRules::Stateful(rules) = &group_read.rules else {
        unreachable!("the rules are stateful");
    };
    assert_eq!(rules.len(), 2);
    assert!(rules[1].is_conditional && !rules[0].is_conditional);
    assert!(group_read.is_complete && group_read.addresses.contains_key("A"));
    assert_eq!(group_read.references["L"].id().as_str(), "pl-1");

    let input = group(
        r#"{"RulesSource": {"StatefulRules": [{"Action": "REJECT", "Header": {"Protocol": "TCP", "Source": "10.0.0.0/8",
            "SourcePort": "ANY", "Direction": "ANY", "Destination": "ANY", "DestinationPort": "[80,443]"},
            "RuleOptions": [{"Keyword": "sid", "Settings": ["1"]}]}]}}"#,
    );
    assert_eq!(input.diagnostics, []);
    let FirewallRules::Stateful(rules) = &input.parts.firewall_rule_groups[0].rules else {
        unreachable!("the rules are stateful");
    };
    assert_eq!(rules[0].action, StatefulAction::Drop);
    assert!(rules[0].is_both_ways && !rules[0].is_conditional);

    let input = group(
        r#"{"RulesSource": {"RulesSourceList": {"Targets": [".example.com"], "TargetTypes": ["TLS_SNI"], "GeneratedRulesType": "ALLOWLIST"}}}"#,
    );
    let FirewallRules::Stateful(rules) = &input.parts.firewall_rule_groups[0].rules else {
        unreachable!("the rules are stateful");
    };
    assert!(rules.len() == 2 && rules.iter().all(|rule| rule.is_conditional));
}

/// The protocols of the rules that a list of domains stands for.
fn of_domains(kind: &str, types: &str) -> Vec<String> {
    let input = group(&format!(
        r#"{{"RulesSource": {{"RulesSourceList": {{"TargetTypes": [{types}], "GeneratedRulesType": "{kind}"}}}}}}"#
    ));
    assert_eq!(input.diagnostics, []);
    let groups = input.parts.firewall_rule_groups.iter();
    let rules = groups.flat_map(|group| match &group.rules {
        FirewallRules::Stateful(rules) => rules.as_slice(),
        FirewallRules::Stateless(_) => unreachable!("the rules are stateful"),
    });
    let heads = rules.map(|rule| rule.text.split(" $").next());
    heads
        .map(|head| head.unwrap_or_default().to_owned())
        .collect()
}

#[test]
fn a_list_of_resolved_domains_asks_every_protocol_by_the_address() {
    let (said, resolved) = (r#""TLS_SNI""#, r#""AWS_ROUTE_53_RESOLVED_DOMAIN""#);
    let both = &format!("{said}, {resolved}");
    assert_eq!(of_domains("DENYLIST", said), ["drop tls"]);
    assert_eq!(of_domains("DENYLIST", both), ["drop ip"]);
    assert_eq!(of_domains("REJECTLIST", resolved), ["drop ip"]);
    assert_eq!(of_domains("ALLOWLIST", said), ["pass tls", "drop tls"]);
    // Both must hold, so only what says its domain passes.
    assert_eq!(of_domains("ALLOWLIST", both), ["pass tls", "drop tls"]);
    // It only adds to what passes.
    assert_eq!(of_domains("ALLOWLIST", resolved), ["pass ip"]);
}

#[test]
fn a_rule_that_cannot_be_read_makes_its_group_incomplete() {
    for source in [
        r#"{"RulesSource": {"RulesSourceList": {"TargetTypes": "TLS_SNI", "GeneratedRulesType": "DENYLIST"}}}"#,
        r#"{"RulesSource": {"RulesString": "pass everything"}}"#,
        r#"{"RulesSource": {"StatefulRules": [{"Action": "PASS"}]}}"#,
        r#"{"RulesSource": {"StatelessRulesAndCustomActions": {"StatelessRules": [{"Priority": 1}]}}}"#,
        r#"{"RulesSource": {"RulesString": "pass ip any any -> any any"}, "RuleVariables": {"IPSets": [1]}}"#,
    ] {
        let input = group(source);
        assert!(!input.parts.firewall_rule_groups[0].is_complete, "{source}");
        assert_eq!(input.diagnostics.len(), 1, "{source}");
    }
    let input = group(r#"{"RulesSource": {}}"#);
    assert!(!input.parts.firewall_rule_groups[0].is_complete);
    let unnamed = read("", r#"{"RuleGroup": {"RulesSource": {"RulesString": ""}}}"#);
    assert_eq!(unnamed.diagnostics[0].code, "missing-field");
}

#[test]
fn block_public_access() {
    let options = read(
        "111122223333/us-east-1/ec2/DescribeVpcBlockPublicAccessOptions.json",
        r#"{"VpcBlockPublicAccessOptions": {"InternetGatewayBlockMode": "block-ingress", "State": "update-complete"}}"#,
    );
    assert_eq!(options.diagnostics, []);
    let read_options = &options.parts.public_access_options[0];
    assert_eq!(read_options.mode, PublicAccessMode::BlockIngress);
    assert_eq!(read_options.owner, Some("111122223333".into()));
    let exclusions = read(
        "",
        r#"{"VpcBlockPublicAccessExclusions": [
            {"ExclusionId": "x-1", "ResourceArn": "arn:aws:ec2:us-east-1:1:subnet/subnet-1", "State": "create-complete",
             "InternetGatewayExclusionMode": "allow-egress"},
            {"ExclusionId": "x-2", "ResourceArn": "arn:aws:ec2:us-east-1:1:vpc/vpc-1", "State": "delete-in-progress"}]}"#,
    );
    let exclusions = &exclusions.parts.public_access_exclusions;
    assert_eq!(exclusions[0].resource.as_str(), "subnet-1");
    assert_eq!(exclusions[0].state, PublicAccessExclusionState::InForce);
    assert_eq!(exclusions[1].state, PublicAccessExclusionState::Changing);
    let malformed = read("", r#"{"VpcBlockPublicAccessOptions": [1]}"#);
    assert_eq!(malformed.diagnostics[0].code, "malformed-element");
}

#[test]
fn what_vpcs_interfaces_gateways_and_routes_tell_besides() {
    let vpcs = read(
        "",
        r#"{"Vpcs": [{"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16",
            "BlockPublicAccessStates": {"InternetGatewayBlockMode": "block-bidirectional"},
            "EncryptionControl": {"Mode": "enforce", "State": "available"}}]}"#,
    );
    let vpc = &vpcs.parts.vpcs[0];
    assert_eq!(
        vpc.public_access,
        Some(PublicAccessMode::BlockBidirectional)
    );
    assert_eq!(vpc.encryption, Some(EncryptionMode::Enforce));
    let interfaces = read(
        "",
        r#"{"NetworkInterfaces": [{"NetworkInterfaceId": "eni-1", "VpcId": "vpc-1", "SubnetId": "subnet-1",
            "Status": "available", "DenyAllIgwTraffic": true}]}"#,
    );
    let interface = &interfaces.parts.interfaces[0];
    assert_eq!(interface.status, InterfaceStatus::Unattached);
    assert!(interface.refuses_internet);
    let gateways = read(
        "",
        r#"{"NatGateways": [{"NatGatewayId": "nat-1", "VpcId": "vpc-1", "AvailabilityMode": "regional", "RouteTableId": "rtb-1",
            "NatGatewayAddresses": [{"PublicIp": "203.0.113.1", "AvailabilityZoneId": "use1-az1"}],
            "AttachedAppliances": [{"Type": "network-firewall-proxy"}]}]}"#,
    );
    let gateway = &gateways.parts.nat_gateways[0];
    assert!(gateway.has_appliance);
    assert_eq!(gateway.addresses[0].zone, Some("use1-az1".into()));
    let tables = read(
        "",
        r#"{"RouteTables": [{"RouteTableId": "rtb-1", "VpcId": "vpc-1", "Routes": [
            {"DestinationCidrBlock": "10.9.0.0/16", "IpAddress": "10.0.1.5", "Origin": "Advertisement", "State": "active"}]}]}"#,
    );
    let target = &tables.parts.route_tables[0].routes[0].target;
    assert_eq!(*target, RouteTarget::NextHop("10.0.1.5".parse().unwrap()));
}
