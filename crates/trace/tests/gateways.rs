//! The internet, NAT, peering and offices: each test is a sentence of the specification.
#![expect(clippy::tests_outside_test_module, reason = "tests")]

mod common;

use common::check;

const SITE: &str = "
    region us-east-1
    account 111111111111
    vpc main 10.0.0.0/16 2001:db8:1::/56
    subnet web main 10.0.1.0/24 2001:db8:1:1::/64 zone a table public
    subnet back main 10.0.2.0/24 2001:db8:1:2::/64 zone a table private
    igw gw main
    table public main
      route 0.0.0.0/0 igw gw
      route ::/0 igw gw
    group open
      in any from any
      out any to any
    group app
      in tcp/443 from group open
";

fn site(rest: &str) {
    check(&format!("{SITE}{rest}"));
}

#[test]
fn an_internet_gateway_translates_public_addresses_both_ways() {
    site(
        "
    table private main
    host a in web 10.0.1.10 public 203.0.113.10 groups open
    expect a -> internet tcp/443 reachable
    expect internet -> a/203.0.113.10 tcp/22 reachable
    expect internet -> a/10.0.1.10 tcp/22 blocked not-public",
    );
}

#[test]
fn without_a_public_address_the_internet_gateway_drops() {
    site(
        "
    table private main
    host a in web 10.0.1.10 groups open
    expect a -> internet tcp/443 blocked no-public-address",
    );
}

#[test]
fn a_detached_internet_gateway_drops() {
    site(
        "
    igw loose
    table private main
      route 0.0.0.0/0 igw loose
    host b in back 10.0.2.10 public 203.0.113.20 groups open
    expect b -> internet tcp/443 blocked gateway-detached",
    );
}

#[test]
fn a_missing_internet_gateway_is_undetermined() {
    site(
        "
    table private main
      route 0.0.0.0/0 igw gone
    host b in back 10.0.2.10 public 203.0.113.20 groups open
    expect b -> internet tcp/443 undetermined missing-gateway",
    );
}

#[test]
fn a_public_address_behind_a_subnet_without_a_route_back_is_one_way() {
    site(
        "
    table private main
    host b in back 10.0.2.10 public 203.0.113.20 groups open
    expect internet -> b/203.0.113.20 tcp/22 blocked no-route",
    );
}

#[test]
fn neither_end_in_the_network_is_blocked() {
    site(
        "
    table private main
    host a in web 10.0.1.10 groups open
    expect internet -> 192.0.2.1 tcp/22 blocked not-in-this-network",
    );
}

#[test]
fn a_vpc_without_internet_gateway_is_not_reached_by_public_addresses() {
    check(
        "
    vpc main 10.0.0.0/16
    subnet web main 10.0.1.0/24
    group open
      in any from any
    host a in web 10.0.1.10 public 203.0.113.10 groups open
    expect internet -> a/203.0.113.10 tcp/22 blocked no-internet-gateway",
    );
}

#[test]
fn internet_gateways_that_are_not_in_the_input_are_undetermined() {
    check(
        "
    missing internet-gateways
    vpc main 10.0.0.0/16
    subnet web main 10.0.1.0/24
    group open
      in any from any
    host a in web 10.0.1.10 public 203.0.113.10 groups open
    expect internet -> a/203.0.113.10 tcp/22 undetermined internet-gateway-unknown",
    );
}

#[test]
fn an_edge_route_to_an_appliance_is_undetermined() {
    site(
        "
    table private main
    table edge main
      gateways gw
      route 10.0.1.0/24 host box
    host box in back 10.0.2.5 groups open nocheck
    host a in web 10.0.1.10 public 203.0.113.10 groups open
    expect internet -> a/203.0.113.10 tcp/22 undetermined middlebox",
    );
}

#[test]
fn an_ipv6_address_is_public_by_itself() {
    site(
        "
    table private main
    host a in web 10.0.1.10 2001:db8:1:1::10 groups open
    host b in back 10.0.2.10 2001:db8:1:2::10 groups open
    expect internet/v6 -> a/v6 tcp/22 reachable
    expect internet/v6 -> b/v6 tcp/22 blocked no-route
    expect a/v6 -> internet/v6 tcp/443 reachable",
    );
}

#[test]
fn an_egress_only_gateway_lets_ipv6_out_and_its_answers_in() {
    site(
        "
    eigw out main
    table private main
      route ::/0 eigw out
    host b in back 10.0.2.10 2001:db8:1:2::10 groups open
    expect b/v6 -> internet/v6 tcp/443 reachable
    expect internet/v6 -> b/v6 tcp/22 blocked egress-only-no-session",
    );
}

#[test]
fn an_egress_only_gateway_of_another_vpc_carries_nothing() {
    site(
        "
    vpc other 10.1.0.0/16
    eigw out other
    table private main
      route ::/0 eigw out
    host b in back 10.0.2.10 2001:db8:1:2::10 groups open
    expect b/v6 -> internet/v6 tcp/443 blocked gateway-detached",
    );
}

const NAT: &str = "
    nat n in web 10.0.1.5 public 203.0.113.5
    table private main
      route 0.0.0.0/0 nat n
    host b in back 10.0.2.10 groups open
";

#[test]
fn a_nat_gateway_carries_tcp_udp_and_icmp_out_and_their_answers_back() {
    site(&format!(
        "{NAT}
    expect b -> internet tcp/443 reachable
    expect b -> internet udp/53 reachable
    expect b -> internet icmp/echo reachable
    expect b -> internet proto/50 blocked nat-protocol"
    ));
}

#[test]
fn a_nat_gateway_accepts_no_connections() {
    site(&format!(
        "{NAT}
    expect internet -> 203.0.113.5 tcp/443 blocked nat-accepts-no-connections
    expect b -> 10.0.1.5 tcp/443 blocked nat-accepts-no-connections"
    ));
}

#[test]
fn an_unavailable_nat_gateway_drops() {
    site(
        "
    nat n in web 10.0.1.5 public 203.0.113.5 unavailable
    table private main
      route 0.0.0.0/0 nat n
    host b in back 10.0.2.10 groups open
    expect b -> internet tcp/443 blocked nat-unavailable",
    );
}

#[test]
fn a_private_nat_gateway_has_no_way_to_the_internet() {
    site(
        "
    nat n in web 10.0.1.5 private
    table private main
      route 0.0.0.0/0 nat n
    host b in back 10.0.2.10 groups open
    expect b -> internet tcp/443 blocked no-public-address",
    );
}

#[test]
fn in_by_internet_gateway_out_by_nat_gateway_dies() {
    site(
        "
    nat n in web 10.0.1.5 public 203.0.113.5
    table private main
      route 0.0.0.0/0 nat n
    host b in back 10.0.2.10 public 203.0.113.20 groups open
    expect internet -> b/203.0.113.20 tcp/443 blocked nat-no-session",
    );
}

#[test]
fn the_acl_of_the_nat_gateways_subnet_sees_both_directions() {
    site(&format!(
        "{NAT}
    acl tight main
      in 100 allow tcp/443 from 10.0.0.0/16
      in 110 allow tcp/1024-65535 from 0.0.0.0/0
      out 100 allow any to any
      subnets web
    expect b -> internet tcp/443 reachable
    expect b -> internet tcp/80 blocked acl-no-entry"
    ));
}

#[test]
fn an_answer_to_a_nat_gateway_needs_one_port_from_1024_up() {
    site(&format!(
        "{NAT}
    acl tight main
      in 100 allow tcp/443 from 10.0.0.0/16
      in 110 allow tcp/2000 from 0.0.0.0/0
      out 100 allow any to any
      subnets web
    expect b -> internet tcp/443 reachable"
    ));
    site(&format!(
        "{NAT}
    acl low main
      in 100 allow tcp/0-1023 from any
      out 100 allow any to any
      subnets web
    expect b -> internet tcp/443 blocked acl-no-entry"
    ));
}

#[test]
fn a_host_behind_nat_reaches_a_public_address_of_its_own_vpc() {
    site(&format!(
        "{NAT}
    host a in web 10.0.1.10 public 203.0.113.10 groups open
    host c in web 10.0.1.11 public 203.0.113.11 groups app
    expect b -> a/203.0.113.10 tcp/443 reachable
    expect b -> c/203.0.113.11 tcp/443 blocked no-ingress-rule
    expect b -> c/10.0.1.11 tcp/443 reachable"
    ));
}

#[test]
fn answers_must_come_back_through_the_nat_gateway_even_where_the_way_beyond_it_is_cut() {
    site(
        "
    nat n in mid 10.0.3.5
    subnet mid main 10.0.3.0/24 table beyond
    table beyond main
      route 0.0.0.0/0 igw gone
    table private main
      route 0.0.0.0/0 nat n
    acl deaf main
      out 100 allow any to any
      subnets back
    subnet third main 10.0.4.0/24 table private
    host b in back 10.0.2.10 groups open
    host c in third 10.0.4.10 groups open
    expect b -> internet tcp/443 blocked acl-no-entry
    expect c -> internet tcp/443 undetermined missing-gateway",
    );
}

#[test]
fn ipv6_to_a_nat_gateway_is_undetermined() {
    site(
        "
    nat n in web 10.0.1.5 public 203.0.113.5
    table private main
      route ::/0 nat n
    host b in back 10.0.2.10 2001:db8:1:2::10 groups open
    expect b/v6 -> internet/v6 tcp/443 undetermined nat64",
    );
}

#[test]
fn a_regional_nat_gateway_is_undetermined() {
    site(
        "
    nat n regional main
    table private main
      route 0.0.0.0/0 nat n
    host b in back 10.0.2.10 groups open
    expect b -> internet tcp/443 undetermined regional-nat",
    );
}

const PEERS: &str = "
    vpc left 10.0.0.0/16
    vpc right 10.1.0.0/16
    subnet l left 10.0.1.0/24 table from-left
    subnet r right 10.1.1.0/24 table from-right
    group open
      in any from any
      out any to any
    group app
      in tcp/443 from group open
    host a in l 10.0.1.10 groups open
    host b in r 10.1.1.10 groups open
    host c in r 10.1.1.11 groups app
";

fn peers(rest: &str) {
    check(&format!(
        "account 111111111111\nregion us-east-1{PEERS}{rest}"
    ));
}

#[test]
fn peering_needs_routes_on_both_sides() {
    peers(
        "
    peering p left right
    table from-left left
      route 10.1.0.0/16 peering p
    table from-right right
    expect a -> b tcp/443 blocked no-route
    expect b -> a tcp/443 blocked no-route",
    );
}

#[test]
fn a_group_reference_matches_across_peering_in_one_region() {
    peers(
        "
    peering p left right
    table from-left left
      route 10.1.0.0/16 peering p
    table from-right right
      route 10.0.0.0/16 peering p
    expect a -> b tcp/443 reachable
    expect a -> c tcp/443 reachable
    expect a -> c tcp/22 blocked no-ingress-rule",
    );
}

#[test]
fn an_inactive_peering_connection_drops() {
    peers(
        "
    peering p left right inactive
    table from-left left
      route 10.1.0.0/16 peering p
    table from-right right
      route 10.0.0.0/16 peering p
    expect a -> b tcp/443 blocked peering-inactive",
    );
}

#[test]
fn peering_carries_no_transit() {
    check(
        "
    vpc left 10.0.0.0/16
    vpc right 10.1.0.0/16
    subnet l left 10.0.1.0/24 table from-left
    subnet r right 10.1.1.0/24 table from-right
    peering p left right
    igw gw right
    table from-left left
      route 0.0.0.0/0 peering p
    table from-right right
      route 0.0.0.0/0 igw gw
    group open
      out any to any
    host a in l 10.0.1.10 groups open
    expect a -> internet tcp/443 blocked destination-not-in-peer",
    );
}

#[test]
fn a_peer_vpc_that_is_not_in_the_input_is_undetermined_within_its_blocks() {
    check(
        "
    vpc left 10.0.0.0/16
    subnet l left 10.0.1.0/24 table from-left
    peering p left gone
      side gone account 222222222222 region us-east-1 10.7.0.0/16
    table from-left left
      route 10.0.0.0/8 peering p
    group open
      out any to any
    host a in l 10.0.1.10 groups open
    expect a -> 10.7.0.1 tcp/443 undetermined peer-missing
    expect a -> 10.8.0.1 tcp/443 blocked destination-not-in-peer",
    );
}

#[test]
fn a_group_reference_does_not_match_across_regions() {
    check(
        "
    region us-east-1
    vpc left 10.0.0.0/16
    subnet l left 10.0.1.0/24 table from-left
    region eu-west-1
    vpc right 10.1.0.0/16
    subnet r right 10.1.1.0/24 table from-right
    peering p left right
    table from-left left
      route 10.1.0.0/16 peering p
    table from-right right
      route 10.0.0.0/16 peering p
    group open
      out any to any
    group app
      in tcp/443 from group open
      in tcp/22 from 10.0.0.0/16
    host a in l 10.0.1.10 groups open
    host c in r 10.1.1.11 groups app
    expect a -> c tcp/443 blocked no-ingress-rule
    expect a -> c tcp/22 reachable",
    );
}

const OFFICE: &str = "
    vpc main 10.0.0.0/16 2001:db8:1::/56
    subnet web main 10.0.1.0/24 table t
    vgw v main
    office Sydney 192.168.0.0/16
    customer c
    vpn n vgw v customer c static 192.168.0.0/16
    group open
      in any from any
      out any to any
    host a in web 10.0.1.10 groups open
";

#[test]
fn a_vpn_gateway_leads_to_the_office_and_back() {
    check(&format!(
        "{OFFICE}
    table t main
      route 192.168.0.0/16 vgw v propagated
    expect a -> Sydney tcp/443 reachable
    expect Sydney -> a tcp/22 reachable
    expect Sydney -> 10.9.0.1 tcp/22 blocked not-in-vpn-vpc"
    ));
}

#[test]
fn an_office_gets_no_answer_without_a_route_back() {
    check(&format!(
        "{OFFICE}
    table t main
    expect Sydney -> a tcp/22 blocked no-route
    expect a -> Sydney tcp/22 blocked no-route"
    ));
}

#[test]
fn what_a_vpn_gateway_may_know_by_bgp_is_undetermined() {
    let dynamic = OFFICE.replace("static 192.168.0.0/16", "bgp");
    check(&format!(
        "{dynamic}
    table t main
      route 172.16.0.0/12 vgw v
    expect a -> 172.16.0.1 tcp/443 undetermined unknown-network"
    ));
}
