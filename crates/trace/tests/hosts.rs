//! Leaving an interface, arriving at one, and routes inside a VPC: each test is a sentence of the specification.
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
    group shut
";

fn pair(rest: &str) {
    check(&format!("{PAIR}{rest}"));
}

#[test]
fn a_host_reaches_its_own_addresses_unfiltered() {
    pair(
        "
    host a in web 10.0.1.10 10.0.1.11 groups shut instance i1
    host a2 in back 10.0.2.10 groups shut instance i1
    expect a -> a/10.0.1.11 tcp/22 reachable
    expect a -> a2 tcp/22 reachable",
    );
}

#[test]
fn amazon_dns_metadata_and_time_are_never_filtered() {
    pair(
        "
    acl shut main
      subnets web
    host a in web 10.0.1.10 2001:db8:1:1::10 groups shut
    expect a -> 169.254.169.253 udp/53 reachable
    expect a -> 169.254.169.254 tcp/80 reachable
    expect a -> 10.0.0.2 udp/53 reachable
    expect a -> 10.0.1.1 icmp/echo reachable
    expect a -> fd00:ec2::254 tcp/80 reachable
    expect a -> 169.254.1.1 tcp/80 blocked link-local",
    );
}

#[test]
fn a_vacant_address_is_no_host_if_the_list_of_interfaces_is_whole() {
    pair(
        "
    host a in web 10.0.1.10 groups open
    expect a -> 10.0.2.99 tcp/80 blocked no-such-host
    expect 10.0.2.99 -> a tcp/80 blocked no-such-sender",
    );
}

#[test]
fn a_vacant_address_is_undetermined_if_interfaces_may_be_missing() {
    pair(
        "
    partial network-interfaces
    host a in web 10.0.1.10 groups open
    expect a -> 10.0.2.99 tcp/80 undetermined holder-unknown
    expect 10.0.2.99 -> a tcp/80 undetermined sender-unknown",
    );
}

#[test]
fn an_address_that_two_interfaces_hold_is_undetermined() {
    pair(
        "
    host a in web 10.0.1.10 groups open
    host b in back 10.0.2.10 groups open
    host c in back 10.0.2.10 groups open
    expect a -> 10.0.2.10 tcp/80 undetermined shared-address",
    );
}

#[test]
fn an_address_of_a_delegated_prefix_is_the_interfaces_own() {
    pair(
        "
    host a in web 10.0.1.10 groups open
    host b in back 10.0.2.10 prefix 10.0.2.64/28 groups open
    expect a -> 10.0.2.70 tcp/80 reachable
    expect a -> 10.0.2.80 tcp/80 blocked no-such-host",
    );
}

#[test]
fn a_load_balancers_interface_is_undetermined_behind_its_groups() {
    pair(
        "
    group lb
      in tcp/443 from any
    host a in web 10.0.1.10 groups open
    host n in back 10.0.2.10 groups lb kind nlb
    expect a -> n tcp/443 undetermined balancer-unknown
    expect a -> n tcp/22 blocked no-ingress-rule",
    );
}

#[test]
fn a_subnet_without_a_known_route_table_is_undetermined() {
    pair(
        "
    missing route-tables
    host a in web 10.0.1.10 groups open
    host b in back 10.0.2.10 groups open
    host c in web 10.0.1.11 groups open
    expect a -> b tcp/443 undetermined missing-route-table
    expect a -> c tcp/443 reachable",
    );
}

#[test]
fn a_cut_way_to_a_host_of_the_own_vpc_still_needs_an_ingress_rule_for_the_service() {
    pair(
        "
    missing route-tables
    group app
      in tcp/443 from 10.9.9.9/32
    host a in web 10.0.1.10 groups open
    host b in back 10.0.2.10 groups app
    host c in back 10.0.2.11 groups app,gone
    expect a -> b tcp/443 undetermined missing-route-table
    expect a -> b tcp/22 blocked no-ingress-rule
    expect a -> c tcp/22 undetermined missing-route-table",
    );
}

#[test]
fn an_egress_reference_is_undetermined_where_the_way_is_cut() {
    pair(
        "
    missing route-tables
    group app
      out tcp/443 to group open
    host a in web 10.0.1.10 groups app
    host b in back 10.0.2.10 groups shut
    host c in back 10.0.2.11 groups open
    expect a -> c tcp/443 undetermined identity-unknown
    expect a -> c tcp/22 blocked no-egress-rule
    expect a -> b tcp/443 blocked no-egress-rule",
    );
}

#[test]
fn a_table_with_lost_routes_is_undetermined() {
    pair(
        "
    table torn main main incomplete
    host a in web 10.0.1.10 groups open
    host b in back 10.0.2.10 groups open
    expect a -> b tcp/443 undetermined partial-route-table",
    );
}

#[test]
fn a_local_route_beats_a_longer_propagated_one() {
    pair(
        "
    vgw v main
    office Sydney 10.0.2.0/24
    table learned main main
      route 10.0.2.0/24 vgw v propagated
    host a in web 10.0.1.10 groups open
    host b in back 10.0.2.10 groups open
    expect a -> b tcp/443 reachable",
    );
}

#[test]
fn a_longer_static_route_beats_the_local_one() {
    pair(
        "
    table steered main
      route 10.0.2.0/24 host box
      subnets web
    host box in web 10.0.1.5 groups open nocheck
    host a in web 10.0.1.10 groups open
    host b in back 10.0.2.10 groups open
    expect a -> b tcp/443 undetermined middlebox",
    );
}

#[test]
fn an_interface_that_checks_destinations_forwards_nothing() {
    pair(
        "
    table steered main
      route 10.0.2.0/24 host box
      subnets web
    host box in web 10.0.1.5 groups open
    host a in web 10.0.1.10 groups open
    host b in back 10.0.2.10 groups open
    expect a -> b tcp/443 blocked destination-check",
    );
}

#[test]
fn a_blackhole_still_wins_and_drops() {
    pair(
        "
    igw gw main
    table holed main main
      route 0.0.0.0/0 igw gw
      route 198.51.100.0/24 nat gone blackhole
    host a in web 10.0.1.10 public 203.0.113.10 groups open
    expect a -> internet tcp/443 blocked blackhole
    expect a -> 192.0.2.1 tcp/443 reachable",
    );
}

#[test]
fn the_longest_prefix_wins() {
    pair(
        "
    igw gw main
    vgw v main
    vpn n vgw v static 192.168.0.0/16
    office Sydney 192.168.0.0/16
    table mixed main main
      route 192.0.0.0/4 igw gw
      route 192.168.0.0/16 vgw v
    host a in web 10.0.1.10 groups open
    expect a -> Sydney tcp/443 reachable",
    );
}

#[test]
fn a_static_route_beats_a_propagated_one_of_equal_length() {
    pair(
        "
    vgw v main
    office Sydney 192.168.0.0/16
    table mixed main main
      route 192.168.0.0/16 host box
      route 192.168.0.0/16 vgw v propagated
    host box in web 10.0.1.5 groups open
    host a in web 10.0.1.10 groups open
    expect a -> Sydney tcp/443 blocked destination-check",
    );
}

#[test]
fn equal_routes_to_different_targets_are_undetermined() {
    pair(
        "
    list one 192.168.0.0/16
    list two 192.168.0.0/16
    vgw v main
    office Sydney 192.168.0.0/16
    table mixed main main
      route list one vgw v
      route list two host box
    host box in web 10.0.1.5 groups open
    host a in web 10.0.1.10 groups open
    expect a -> Sydney tcp/443 undetermined ambiguous-route",
    );
}

#[test]
fn a_route_to_a_prefix_list_without_entries_may_match_unless_it_leads_where_the_winner_does() {
    pair(
        "
    list unread unknown
    igw gw main
    table mixed main
      route list unread host box
      route 0.0.0.0/0 igw gw
      subnets web
    table same main
      route list unread igw gw
      route 0.0.0.0/0 igw gw
      subnets back
    host box in web 10.0.1.5 groups open
    host a in web 10.0.1.10 public 203.0.113.10 groups open
    host b in back 10.0.2.10 public 203.0.113.20 groups open
    expect a -> internet tcp/443 undetermined missing-prefix-list
    expect b -> internet tcp/443 reachable",
    );
}

#[test]
fn a_gateway_endpoint_leads_to_a_service_and_an_appliance_endpoint_is_undetermined() {
    pair(
        "
    list s3 aws 198.51.100.0/24
    table endpoints main main
      route list s3 endpoint vpce-1
      route 192.168.0.0/16 endpoint vpce-2
    host a in web 10.0.1.10 groups open
    expect a -> internet tcp/443 reachable
    expect a -> 192.168.0.1 tcp/443 undetermined appliance",
    );
}

#[test]
fn no_route_is_blocked() {
    pair(
        "
    host a in web 10.0.1.10 groups open
    expect a -> internet tcp/443 blocked no-route",
    );
}

#[test]
fn an_interface_whose_subnet_is_missing_is_undetermined() {
    pair(
        "
    host a in gone 10.0.9.10 vpc main groups open
    host b in back 10.0.2.10 groups open
    expect a -> b tcp/443 undetermined missing-subnet
    expect b -> a tcp/443 undetermined missing-subnet",
    );
}
