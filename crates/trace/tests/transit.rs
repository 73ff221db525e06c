//! Transit gateways: each test is a sentence of the specification.
#![expect(clippy::tests_outside_test_module, reason = "tests")]

mod common;

use common::check;

const HUB: &str = "
    region eu-west-1
    account 111111111111
    vpc left 10.0.0.0/16
    vpc right 10.1.0.0/16
    subnet l left 10.0.1.0/24 zone euw1-az1 table from-left
    subnet lt left 10.0.9.0/28 zone euw1-az1 table from-left
    subnet r right 10.1.1.0/24 zone euw1-az1 table from-right
    subnet rt right 10.1.9.0/28 zone euw1-az1 table from-right
    table from-left left
      route 10.1.0.0/16 tgw t
    table from-right right
      route 10.0.0.0/16 tgw t
    group open
      in any from any
      out any to any
    group app
      in tcp/443 from group open
    host a in l 10.0.1.10 groups open
    host b in r 10.1.1.10 groups open
    host c in r 10.1.1.11 groups app
";

const ATTACHED: &str = "
    attachment al t vpc left lt table rt
    attachment ar t vpc right rt table rt
    tgw-table rt t
      propagate al,ar
";

fn hub(rest: &str) {
    check(&format!("{HUB}{rest}"));
}

#[test]
fn a_transit_gateway_carries_between_attached_vpcs() {
    hub(&format!(
        "{ATTACHED}
    tgw t
    expect a -> b tcp/443 reachable
    expect b -> a tcp/443 reachable"
    ));
}

#[test]
fn a_group_reference_matches_across_a_transit_gateway_that_supports_it_and_else_not() {
    hub(&format!(
        "{ATTACHED}
    tgw t references
    expect a -> c tcp/443 reachable"
    ));
    hub(&format!(
        "{ATTACHED}
    tgw t
    expect a -> c tcp/443 blocked no-ingress-rule"
    ));
}

#[test]
fn an_egress_reference_never_matches_across_a_transit_gateway() {
    hub(&format!(
        "{ATTACHED}
    tgw t references
    group narrow
      out tcp/443 to group open
    host d in l 10.0.1.12 groups narrow
    expect d -> b tcp/443 blocked no-egress-rule"
    ));
}

#[test]
fn a_reference_does_not_match_in_the_zone_without_references() {
    let text = format!(
        "{HUB}{ATTACHED}
    tgw t references
    expect a -> c tcp/443 blocked no-ingress-rule
    expect a -> b tcp/443 reachable"
    );
    check(&text.replace("euw1-az1", "use1-az3"));
}

#[test]
fn a_reference_in_a_zone_of_us_east_1_that_is_given_by_name_is_undetermined() {
    let text = format!(
        "{HUB}{ATTACHED}
    tgw t references
    expect a -> c tcp/443 undetermined identity-unknown
    expect a -> b tcp/443 reachable"
    );
    check(&text.replace("euw1-az1", "us-east-1a"));
}

#[test]
fn a_zone_without_an_attachment_subnet_drops() {
    hub(&format!(
        "{ATTACHED}
    tgw t
    subnet l2 left 10.0.2.0/24 zone euw1-az2 table from-left
    host d in l2 10.0.2.10 groups open
    expect d -> b tcp/443 blocked no-attachment-in-zone
    expect b -> d tcp/443 blocked no-attachment-in-zone"
    ));
}

#[test]
fn a_zone_id_and_a_zone_name_do_not_compare() {
    hub(&format!(
        "{ATTACHED}
    tgw t
    subnet l2 left 10.0.2.0/24 zone eu-west-1a table from-left
    host d in l2 10.0.2.10 groups open
    expect d -> b tcp/443 undetermined zone-unknown"
    ));
}

#[test]
fn an_attachment_without_a_table_drops_and_an_untold_one_is_undetermined() {
    hub("
    tgw t
    attachment al t vpc left lt
    attachment ar t vpc right rt table unknown
    tgw-table rt t
      propagate al,ar
    expect a -> b tcp/443 blocked no-association
    expect b -> a tcp/443 undetermined association-unknown");
}

#[test]
fn a_table_without_a_route_drops() {
    hub("
    tgw t
    attachment al t vpc left lt table rt
    attachment ar t vpc right rt table rt
    tgw-table rt t
      propagate al
    expect a -> b tcp/443 blocked transit-no-route");
}

#[test]
fn a_transit_blackhole_drops() {
    hub(&format!(
        "{ATTACHED}
      route 10.1.1.0/24 blackhole
    tgw t
    expect a -> b tcp/443 blocked transit-blackhole"
    ));
}

#[test]
fn a_static_route_beats_a_propagated_one_in_a_transit_gateway() {
    hub(&format!(
        "{ATTACHED}
      route 10.1.0.0/16 blackhole
    tgw t
    expect a -> b tcp/443 blocked transit-blackhole"
    ));
}

#[test]
fn routes_that_the_input_does_not_list_are_undetermined() {
    hub("
    tgw t
    attachment al t vpc left lt table rt
    attachment ar t vpc right rt table rt
    tgw-table rt t static-unknown
      propagate al,ar
    expect a -> b tcp/443 undetermined transit-routes-unknown");
}

#[test]
fn an_unattached_vpc_is_dropped_if_attachments_are_whole() {
    hub("
    tgw t
    expect a -> b tcp/443 blocked no-attachment");
    hub("
    tgw t
    missing transit-gateway-attachments
    missing transit-gateway-vpc-attachments
    expect a -> b tcp/443 undetermined attachment-unknown");
}

#[test]
fn the_attachment_subnets_acl_is_asked_when_it_differs_from_the_senders() {
    hub(&format!(
        "{ATTACHED}
    tgw t
    acl tight left
      in 100 allow tcp/443 from 10.0.1.0/24
      out 100 allow any to any
      subnets lt
    expect a -> b tcp/443 reachable
    expect a -> b tcp/22 blocked acl-no-entry"
    ));
}

#[test]
fn in_the_attachments_own_subnet_the_acl_is_asked_on_the_way_out_only() {
    // Towards the gateway both directions are asked, from the gateway none.
    hub("
    tgw t
    attachment al t vpc left l table rt
    attachment ar t vpc right rt table rt
    tgw-table rt t
      propagate al,ar
    acl tight left
      in 100 allow any from 10.0.1.0/24
      out 100 allow any to 10.1.0.0/16
      subnets l
    expect a -> b tcp/443 reachable
    expect b -> a tcp/443 reachable");
}

#[test]
fn the_far_attachment_subnets_acl_and_table_decide() {
    hub(&format!(
        "{ATTACHED}
    tgw t
    acl shut right
      in 100 allow any from any
      subnets rt
    expect a -> b tcp/443 blocked acl-no-entry"
    ));
}

#[test]
fn routes_that_send_a_packet_back_are_a_loop() {
    let looping = HUB.replace("route 10.1.0.0/16 tgw t", "route 0.0.0.0/0 tgw t");
    let looping = looping.replace("route 10.0.0.0/16 tgw t", "route 0.0.0.0/0 tgw t");
    check(&format!(
        "{looping}{ATTACHED}
      route 192.168.0.0/16 ar
    tgw t
    expect a -> b tcp/443 reachable
    expect a -> 192.168.0.1 tcp/443 blocked loop"
    ));
}

#[test]
fn an_attachment_without_subnets_carries_nothing() {
    hub("
    tgw t
    attachment al t vpc left lt table rt
    attachment ar t vpc right - table rt
    tgw-table rt t
      propagate al,ar
    expect a -> b tcp/443 blocked attachment-unavailable
    expect b -> a tcp/443 blocked no-attachment-in-zone");
}

#[test]
fn zones_that_aws_chooses_among_must_agree() {
    hub("
    tgw t
    subnet far right 10.1.2.0/24 zone euw1-az2 table from-right
    subnet f2 right 10.1.8.0/28 zone euw1-az2 acl shut table from-right
    subnet f3 right 10.1.7.0/28 zone euw1-az3 table from-right
    acl shut right
    attachment al t vpc left lt table rt
    attachment ar t vpc right f2,f3 table rt
    tgw-table rt t
      propagate al,ar
    expect a -> b icmp/3/4 undetermined depends-on-way");
}

#[test]
fn transit_gateways_peer_between_regions() {
    check(
        "
    region eu-west-1
    vpc left 10.0.0.0/16
    subnet l left 10.0.1.0/24 zone euw1-az1
    tgw t references
    table tl left main
      route 10.1.0.0/16 tgw t
    attachment al t vpc left l table rl
    attachment pc t peering u table rl
    tgw-table rl t
      route 10.1.0.0/16 pc
      propagate al
    region us-west-2
    vpc right 10.1.0.0/16
    subnet r right 10.1.1.0/24 zone usw2-az1
    tgw u references
    table tr right main
      route 10.0.0.0/16 tgw u
    attachment ar u vpc right r table rr
    attachment pc u peering t table rr
    tgw-table rr u
      route 10.0.0.0/16 pc
      propagate ar
    group open
      in any from any
      out any to any
    group app
      in tcp/443 from group open
    host a in l 10.0.1.10 groups open
    host b in r 10.1.1.10 groups open
    host c in r 10.1.1.11 groups app
    expect a -> b tcp/443 reachable
    expect a -> c tcp/443 blocked no-ingress-rule",
    );
}

#[test]
fn central_egress_goes_through_the_nat_gateway_of_another_vpc() {
    check(
        "
    account 111111111111
    vpc left 10.0.0.0/16
    vpc hub 10.1.0.0/16
    subnet l left 10.0.1.0/24 zone z-az1
    subnet attach hub 10.1.9.0/28 zone z-az1 table via-nat
    subnet pub hub 10.1.5.0/24 zone z-az1 table to-internet
    tgw t
    igw gw hub
    nat n in pub 10.1.5.5 public 203.0.113.5
    table from-left left main
      route 0.0.0.0/0 tgw t
    table via-nat hub
      route 0.0.0.0/0 nat n
    table to-internet hub
      route 0.0.0.0/0 igw gw
      route 10.0.0.0/16 tgw t
    attachment al t vpc left l table rt
    attachment ah t vpc hub attach table rt
    tgw-table rt t
      route 0.0.0.0/0 ah
      propagate al,ah
    group open
      out any to any
    host a in l 10.0.1.10 groups open
    expect a -> internet tcp/443 reachable",
    );
}

#[test]
fn an_office_behind_a_transit_gateway_is_reached_and_answers() {
    check(
        "
    region eu-west-1
    vpc left 10.0.0.0/16
    subnet l left 10.0.1.0/24 zone euw1-az1
    tgw t
    table tl left main
      route 192.168.0.0/16 tgw t
    office Sydney 192.168.0.0/16
    customer c
    vpn n tgw t customer c static 192.168.0.0/16
    attachment al t vpc left l table rt
    attachment av t vpn n table rt
    tgw-table rt t
      propagate al,av
    group open
      in any from any
      out any to any
    host a in l 10.0.1.10 groups open
    expect a -> Sydney tcp/443 reachable
    expect Sydney -> a tcp/22 reachable",
    );
}

#[test]
fn ipv6_over_an_attachment_without_it_is_undetermined() {
    check(
        "
    region eu-west-1
    vpc left 10.0.0.0/16 2001:db8:1::/56
    vpc right 10.1.0.0/16 2001:db8:2::/56
    subnet l left 10.0.1.0/24 2001:db8:1:1::/64 zone euw1-az1
    subnet r right 10.1.1.0/24 2001:db8:2:1::/64 zone euw1-az1
    tgw t
    table tl left main
      route 2001:db8:2::/56 tgw t
    attachment al t vpc left l table rt
    attachment ar t vpc right r table rt ipv6
    tgw-table rt t
      propagate al,ar
    group open
      in any from any
      out any to any
    host a in l 10.0.1.10 2001:db8:1:1::10 groups open
    host b in r 10.1.1.10 2001:db8:2:1::10 groups open
    expect a/v6 -> b/v6 tcp/443 undetermined attachment-ipv6-off",
    );
}
