//! Groups and ACLs: each test is a sentence of the specification.
#![expect(clippy::tests_outside_test_module, reason = "tests")]

mod common;

use common::check;

const PAIR: &str = "
    region us-east-1
    account 111111111111
    vpc main 10.0.0.0/16 2001:db8:1::/56
    subnet web main 10.0.1.0/24 2001:db8:1:1::/64 zone a
    subnet back main 10.0.2.0/24 2001:db8:1:2::/64 zone a
    group open
      in any from any
      out any to any
";

fn pair(rest: &str) {
    check(&format!("{PAIR}{rest}"));
}

#[test]
fn a_group_allows_what_one_rule_allows() {
    pair(
        "
    group app
      in tcp/443 from 10.0.1.10/32
      in udp/53 from 10.0.0.0/16
    host a in web 10.0.1.10 groups open
    host b in back 10.0.2.10 groups app
    expect a -> b tcp/443 reachable
    expect a -> b udp/53 reachable
    expect a -> b tcp/444 blocked no-ingress-rule
    expect a -> b tcp/53 blocked no-ingress-rule",
    );
}

#[test]
fn groups_of_one_interface_add_up() {
    pair(
        "
    group one
      in tcp/1 from any
    group two
      in tcp/2 from any
    host a in web 10.0.1.10 groups open
    host b in back 10.0.2.10 groups one,two
    expect a -> b tcp/1 reachable
    expect a -> b tcp/2 reachable
    expect a -> b tcp/3 blocked no-ingress-rule",
    );
}

#[test]
fn a_group_without_egress_rules_lets_nothing_out() {
    pair(
        "
    group in-only
      in any from any
    host a in web 10.0.1.10 groups in-only
    host b in back 10.0.2.10 groups open
    expect a -> b tcp/443 blocked no-egress-rule
    expect b -> a tcp/443 reachable",
    );
}

#[test]
fn the_reply_asks_no_group() {
    pair(
        "
    group client
      out tcp/443 to any
    group server
      in tcp/443 from any
    host a in web 10.0.1.10 groups client
    host b in back 10.0.2.10 groups server
    expect a -> b tcp/443 reachable
    expect b -> a tcp/443 blocked no-egress-rule",
    );
}

#[test]
fn a_group_reference_matches_who_wears_the_group() {
    pair(
        "
    group web-tier
      out any to any
    group app
      in tcp/8080 from group web-tier
    host a in web 10.0.1.10 groups web-tier
    host b in back 10.0.2.10 groups app
    host c in web 10.0.1.11 groups open
    expect a -> b tcp/8080 reachable
    expect c -> b tcp/8080 blocked no-ingress-rule",
    );
}

#[test]
fn a_group_that_names_itself_matches_its_own_members_only() {
    pair(
        "
    group cluster
      in any from group cluster
      out any to group cluster
    host a in web 10.0.1.10 groups cluster
    host b in back 10.0.2.10 groups cluster
    host c in back 10.0.2.11 groups open
    expect a -> b tcp/9300 reachable
    expect a -> c tcp/9300 blocked no-egress-rule
    expect c -> a tcp/9300 blocked no-ingress-rule",
    );
}

#[test]
fn an_egress_reference_matches_the_receiver() {
    pair(
        "
    group db
      in tcp/5432 from any
    group app
      out tcp/5432 to group db
    host a in web 10.0.1.10 groups app
    host b in back 10.0.2.10 groups db
    host c in back 10.0.2.11 groups open
    expect a -> b tcp/5432 reachable
    expect a -> c tcp/5432 blocked no-egress-rule",
    );
}

#[test]
fn a_stale_reference_matches_nothing() {
    pair(
        "
    group app
      in tcp/8080 from group open stale
    host a in web 10.0.1.10 groups open
    host b in back 10.0.2.10 groups app
    expect a -> b tcp/8080 blocked no-ingress-rule",
    );
}

#[test]
fn a_reference_to_a_group_that_is_not_in_the_input_still_matches_by_id() {
    pair(
        "
    group app
      in tcp/8080 from group gone
    host a in web 10.0.1.10 groups open,gone
    host b in back 10.0.2.10 groups app
    expect a -> b tcp/8080 reachable",
    );
}

#[test]
fn a_group_reference_does_not_match_a_packet_to_a_public_address() {
    pair(
        "
    group app
      in tcp/443 from group open
    igw gw main
    table public main main
      route 0.0.0.0/0 igw gw
    host a in web 10.0.1.10 public 203.0.113.10 groups open
    host b in back 10.0.2.10 public 203.0.113.20 groups app
    expect a -> b tcp/443 reachable
    expect a -> b/203.0.113.20 tcp/443 blocked no-ingress-rule",
    );
}

#[test]
fn a_missing_group_leaves_open_what_no_known_rule_allows() {
    pair(
        "
    group app
      in tcp/443 from any
    host a in web 10.0.1.10 groups open
    host b in back 10.0.2.10 groups app,gone
    expect a -> b tcp/443 reachable
    expect a -> b tcp/22 undetermined missing-group",
    );
}

#[test]
fn a_group_with_lost_rules_leaves_open_what_no_known_rule_allows() {
    pair(
        "
    group app main incomplete
      in tcp/443 from any
    host a in web 10.0.1.10 groups open
    host b in back 10.0.2.10 groups app
    expect a -> b tcp/443 reachable
    expect a -> b tcp/22 undetermined missing-group",
    );
}

#[test]
fn a_prefix_list_stands_for_its_entries() {
    pair(
        "
    list offices 10.0.1.0/28 10.0.9.0/24
    group app
      in tcp/22 from list offices
    host a in web 10.0.1.10 groups open
    host c in web 10.0.1.20 groups open
    host b in back 10.0.2.10 groups app
    expect a -> b tcp/22 reachable
    expect c -> b tcp/22 blocked no-ingress-rule",
    );
}

#[test]
fn a_prefix_list_without_entries_is_undetermined_unless_aws_keeps_it() {
    pair(
        "
    list offices unknown
    list s3 aws unknown
    group app
      in tcp/22 from list offices
      in tcp/23 from list s3
    host a in web 10.0.1.10 groups open
    host b in back 10.0.2.10 groups app
    expect a -> b tcp/22 undetermined missing-prefix-list
    expect a -> b tcp/23 blocked no-ingress-rule",
    );
}

#[test]
fn an_ordinary_interface_without_groups_denies_and_a_managed_one_is_undetermined() {
    pair(
        "
    host a in web 10.0.1.10 groups open
    host b in back 10.0.2.10
    host c in back 10.0.2.11 managed
    expect a -> b tcp/443 blocked no-ingress-rule
    expect a -> c tcp/443 undetermined no-groups-told",
    );
}

#[test]
fn a_later_certain_denial_beats_an_earlier_doubt() {
    pair(
        "
    group app
      in tcp/22 from 10.0.9.9/32
    host a in web 10.0.1.10 groups gone
    host b in back 10.0.2.10 groups app
    host c in back 10.0.2.11 groups open
    expect a -> c tcp/443 undetermined missing-group
    expect a -> b tcp/443 blocked no-ingress-rule",
    );
}

#[test]
fn an_acl_never_applies_inside_a_subnet() {
    pair(
        "
    acl shut main
      subnets web
    host a in web 10.0.1.10 groups open
    host b in web 10.0.1.11 groups open
    host c in back 10.0.2.10 groups open
    expect a -> b tcp/443 reachable
    expect a -> c tcp/443 blocked acl-no-entry",
    );
}

#[test]
fn acls_are_asked_at_both_subnets_and_for_the_reply() {
    pair(
        "
    acl tight main
      in 100 allow tcp/443 from 10.0.0.0/16
      out 100 allow tcp/32768-61000 to any
      subnets back
    host a in web 10.0.1.10 groups open
    host b in back 10.0.2.10 groups open
    expect a -> b tcp/443 client 40000 reachable
    expect a -> b tcp/443 client 61001 blocked acl-no-entry
    expect a -> b tcp/443 reachable
    expect a -> b tcp/22 blocked acl-no-entry",
    );
}

#[test]
fn the_first_matching_acl_entry_decides() {
    pair(
        "
    acl tight main
      in 90 deny tcp/22 from 10.0.1.0/24
      in 100 allow any from any
      out 100 allow any to any
      subnets back
    host a in web 10.0.1.10 groups open
    host b in back 10.0.2.10 groups open
    expect a -> b tcp/22 blocked acl-deny
    expect a -> b tcp/23 reachable",
    );
}

#[test]
fn some_client_port_is_enough() {
    pair(
        "
    acl narrow main
      in 100 allow tcp/443 from any
      out 100 allow tcp/5000 to any
      subnets back
    host a in web 10.0.1.10 groups open
    host b in back 10.0.2.10 groups open
    expect a -> b tcp/443 reachable
    expect a -> b tcp/443 client 5001 blocked acl-no-entry",
    );
}

#[test]
fn a_question_without_an_answer_is_one_way() {
    let text = format!(
        "{PAIR}
    acl deaf main
      in 100 allow any from any
      subnets back
    host a in web 10.0.1.10 groups open
    host b in back 10.0.2.10 groups open
    expect a -> b udp/514 blocked acl-no-entry"
    );
    let topology = testkit::Topology::parse(&text).unwrap_or_default();
    let snapshot = topology.snapshot();
    let expected = &topology.expectations[0];
    assert!(common::ask(&snapshot, &trace::Tracer::new(&snapshot), expected).one_way);
}

#[test]
fn an_echo_request_needs_its_echo_reply() {
    pair(
        "
    acl no-reply main
      in 100 allow icmp/echo from any
      out 100 allow icmp/8 to any
      subnets back
    acl ping main
      in 100 allow icmp/echo from any
      out 100 allow icmp/0 to any
      subnets third
    subnet third main 10.0.3.0/24
    host a in web 10.0.1.10 groups open
    host b in back 10.0.2.10 groups open
    host c in third 10.0.3.10 groups open
    expect a -> b icmp/echo blocked acl-no-entry
    expect a -> c icmp/echo reachable",
    );
}

#[test]
fn an_icmp_message_other_than_echo_needs_no_reply() {
    pair(
        "
    acl deaf main
      in 100 allow any from any
      subnets back
    host a in web 10.0.1.10 groups open
    host b in back 10.0.2.10 groups open
    expect a -> b icmp/3/4 reachable
    expect a -> b proto/50 blocked acl-no-entry",
    );
}

#[test]
fn families_never_mix_in_rules_and_entries() {
    pair(
        "
    group v4-only
      in tcp/443 from 0.0.0.0/0
      out any to any
    acl v4 main
      in 100 allow any from 0.0.0.0/0
      out 100 allow any to 0.0.0.0/0
      subnets third
    subnet third main 10.0.3.0/24 2001:db8:1:3::/64
    host a in web 10.0.1.10 2001:db8:1:1::10 groups open
    host b in back 10.0.2.10 2001:db8:1:2::10 groups v4-only
    host c in third 10.0.3.10 2001:db8:1:3::10 groups open
    expect a/v4 -> b/v4 tcp/443 reachable
    expect a/v6 -> b/v6 tcp/443 blocked no-ingress-rule
    expect a/v4 -> c/v4 tcp/443 reachable
    expect a/v6 -> c/v6 tcp/443 blocked acl-no-entry
    expect a/v6 -> b/v6 icmpv6/128 blocked no-ingress-rule",
    );
}

#[test]
fn a_subnet_without_a_known_acl_is_undetermined() {
    pair(
        "
    missing network-acls
    host a in web 10.0.1.10 groups open
    host b in back 10.0.2.10 groups open
    host c in web 10.0.1.11 groups open
    expect a -> b tcp/443 undetermined missing-acl
    expect a -> c tcp/443 reachable",
    );
}

#[test]
fn the_default_acl_applies_only_if_the_list_of_acls_is_whole() {
    pair(
        "
    partial network-acls
    acl named main
      in 100 allow any from any
      out 100 allow any to any
      subnets web
    host a in web 10.0.1.10 groups open
    host b in back 10.0.2.10 groups open
    expect a -> b tcp/443 undetermined missing-acl",
    );
}

#[test]
fn an_acl_with_lost_entries_is_undetermined_even_where_an_entry_denies() {
    pair(
        "
    acl torn main incomplete
      in 100 deny any from any
      subnets back
    host a in web 10.0.1.10 groups open
    host b in back 10.0.2.10 groups open
    expect a -> b tcp/443 undetermined partial-acl",
    );
}
