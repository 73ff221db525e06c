//! One sentence about AWS, one test: the engine's answers on small topologies.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use engine::Engine;
use testkit::Topology;

/// Asks every `expect` line of a topology.
fn check(text: &str) {
    let topology = Topology::parse(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let snapshot = topology.snapshot();
    let engine = Engine::new(&snapshot);
    assert!(!topology.expectations.is_empty(), "nothing is asked");
    for expectation in &topology.expectations {
        let (from, to) = expectation.endpoints(&snapshot).unwrap();
        let reach = engine.reach(&from, &to);
        let answer = match expectation.client_port {
            None => reach.reachability_of(&expectation.service),
            Some(port) => {
                let mut packet = packet::PacketSet::from(&expectation.service);
                packet = packet.intersection(&packet::PacketSet::from_ports(
                    &packet::PortSet::range(port, port),
                ));
                reach.reachability(&packet.witness().unwrap())
            }
        };
        assert_eq!(
            answer, expectation.answer,
            "line {}: {expectation:?}\n{reach:?}",
            expectation.line
        );
    }
}

const TWO_SUBNETS: &str = "
    vpc main 10.0.0.0/16 2001:db8:1::/56
    subnet web main 10.0.1.0/24 2001:db8:1:1::/64
    subnet db main 10.0.2.0/24 2001:db8:1:2::/64
";

#[test]
fn a_group_reference_matches_the_interface_and_not_its_address() {
    check(&format!(
        "{TWO_SUBNETS}
        group app
          out any to any
        group other
          out any to any
        group data
          in tcp/5432 from group app
        host a in web 10.0.1.10 2001:db8:1:1::10 groups app
        host b in web 10.0.1.11 groups other
        host d in db 10.0.2.10 2001:db8:1:2::10 groups data
        expect a -> d tcp/5432 reachable
        expect a/v6 -> d/v6 tcp/5432 reachable
        expect a -> d tcp/22 blocked
        expect b -> d tcp/5432 blocked"
    ));
}

#[test]
fn groups_are_stateful_and_ask_no_reply() {
    check(&format!(
        "{TWO_SUBNETS}
        group client
          out tcp/443 to any
        group server
          in tcp/443 from any
        host a in web 10.0.1.10 groups client
        host b in db 10.0.2.10 groups server
        expect a -> b tcp/443 reachable
        expect b -> a tcp/443 blocked"
    ));
}

#[test]
fn an_acl_never_applies_inside_a_subnet() {
    check(
        "
        vpc main 10.0.0.0/16
        subnet web main 10.0.1.0/24 acl shut
        subnet db main 10.0.2.0/24
        acl shut main
          in 100 deny any from any
        group all
          in any from any
          out any to any
        host a in web 10.0.1.10 groups all
        host b in web 10.0.1.11 groups all
        host c in db 10.0.2.10 groups all
        expect a -> b tcp/22 reachable
        expect a -> c tcp/22 blocked
        expect c -> a tcp/22 blocked",
    );
}

#[test]
fn an_acl_is_stateless_and_asks_the_reply_for_its_client_port() {
    check(
        "
        vpc main 10.0.0.0/16
        subnet web main 10.0.1.0/24 acl half
        subnet db main 10.0.2.0/24
        acl half main
          in 100 allow tcp/1024-32767 from any
          out 100 allow tcp/5432 to 10.0.2.0/24
          out 110 allow icmp to any
          in 110 deny icmp/0 from any
        group all
          in any from any
          out any to any
        host a in web 10.0.1.10 groups all
        host d in db 10.0.2.10 groups all
        expect a -> d tcp/5432 reachable
        expect a -> d tcp/5432 client 2000 reachable
        expect a -> d tcp/5432 client 40000 blocked
        expect a -> d icmp/echo blocked
        expect a -> d icmp/3/1 reachable
        expect a -> d tcp/22 blocked",
    );
}

#[test]
fn a_local_route_beats_a_longer_propagated_one() {
    check(
        "
        vpc main 10.0.0.0/16
        subnet web main 10.0.1.0/24
        subnet db main 10.0.2.0/24
        vgw v main
        table t main main
          route 10.0.2.0/24 vgw v propagated
        group all
          in any from any
          out any to any
        host a in web 10.0.1.10 groups all
        host b in db 10.0.2.10 groups all
        expect a -> b tcp/22 reachable",
    );
}

#[test]
fn a_blackhole_wins_and_drops() {
    check(
        "
        vpc main 10.0.0.0/16
        vpc other 10.1.0.0/16
        subnet web main 10.0.1.0/24
        subnet far other 10.1.1.0/24
        peering p main other
        table t main main
          route 10.1.0.0/16 peering p
          route 10.1.1.0/24 peering p blackhole
        table u other main
          route 10.0.0.0/16 peering p
        group all
          in any from any
          out any to any
        host a in web 10.0.1.10 groups all
        host b in far 10.1.1.10 groups all
        expect a -> b tcp/22 blocked
        expect b -> a tcp/22 blocked",
    );
}

const PUBLIC: &str = "
    vpc main 10.0.0.0/16 2600:1f00:1::/56
    subnet front main 10.0.1.0/24 2600:1f00:1:1::/64 table public
    subnet back main 10.0.2.0/24 2600:1f00:1:2::/64 table private
    igw gw main
    eigw out main
    nat n in front 10.0.1.5 public 203.0.113.5
    table public main
      route 0.0.0.0/0 igw gw
      route ::/0 igw gw
    table private main
      route 0.0.0.0/0 nat n
      route ::/0 eigw out
    group all
      in any from any
      out any to any
    host f in front 10.0.1.10 public 203.0.113.10 2600:1f00:1:1::10 groups all
    host g in front 10.0.1.11 groups all
    host b in back 10.0.2.10 2600:1f00:1:2::10 groups all
    host p in back 10.0.2.11 public 203.0.113.11 groups all
";

#[test]
fn an_internet_gateway_carries_only_who_has_a_public_address() {
    check(&format!(
        "{PUBLIC}
        expect internet -> 203.0.113.10 tcp/22 reachable
        expect internet/v6 -> f/v6 tcp/22 reachable
        expect f -> internet tcp/443 reachable
        expect f/v6 -> internet/v6 tcp/443 reachable
        expect g -> internet tcp/443 blocked
        expect internet -> 10.0.1.10 tcp/22 blocked"
    ));
}

#[test]
fn in_by_internet_gateway_out_by_nat_gateway_dies() {
    check(&format!(
        "{PUBLIC}
        expect internet -> 203.0.113.11 tcp/22 blocked
        expect p -> internet tcp/443 reachable"
    ));
}

#[test]
fn a_nat_gateway_carries_tcp_udp_and_icmp_outwards_only() {
    check(&format!(
        "{PUBLIC}
        expect b -> internet tcp/443 reachable
        expect b -> internet icmp/echo reachable
        expect b -> internet esp blocked
        expect internet -> 203.0.113.5 tcp/443 blocked
        expect g -> 10.0.1.5 tcp/443 blocked"
    ));
}

#[test]
fn an_egress_only_gateway_lets_no_one_in() {
    check(&format!(
        "{PUBLIC}
        expect b/v6 -> internet/v6 tcp/443 reachable
        expect b/v6 -> f/v6 tcp/443 reachable
        expect internet/v6 -> b/v6 tcp/443 blocked"
    ));
}

#[test]
fn a_public_address_of_the_same_network_is_reached_through_the_internet_gateway() {
    check(&format!(
        "{PUBLIC}
        group ref
          in tcp/22 from group all
          out any to any
        host r in front 10.0.1.20 public 203.0.113.20 groups ref
        expect f -> 10.0.1.20 tcp/22 reachable
        expect f -> 203.0.113.20 tcp/22 blocked
        expect f -> 203.0.113.10 tcp/22 reachable"
    ));
}

#[test]
fn peering_carries_from_vpc_to_vpc_and_nothing_beyond() {
    check(
        "
        region us-east-1
        vpc a 10.0.0.0/16
        vpc b 10.1.0.0/16
        vpc c 10.2.0.0/16
        subnet sa a 10.0.1.0/24
        subnet sb b 10.1.1.0/24
        subnet sc c 10.2.1.0/24
        peering ab a b
        peering bc b c
        table ta a main
          route 10.1.0.0/16 peering ab
          route 10.2.0.0/16 peering ab
        table tb b main
          route 10.0.0.0/16 peering ab
          route 10.2.0.0/16 peering bc
        table tc c main
          route 10.0.0.0/8 peering bc
        group all
          in any from any
          out any to any
        group named
          in tcp/22 from group all
        host ha in sa 10.0.1.10 groups all
        host hb in sb 10.1.1.10 groups named
        host hc in sc 10.2.1.10 groups all
        expect ha -> hb tcp/22 reachable
        expect ha -> hc tcp/22 blocked",
    );
}

const TRANSIT: &str = "
    vpc a 10.0.0.0/16
    vpc b 10.1.0.0/16
    subnet sa1 a 10.0.1.0/24 zone use1-az1
    subnet sa2 a 10.0.2.0/24 zone use1-az2
    subnet sb1 b 10.1.1.0/24 zone use1-az1
    tgw t references
    attachment ta t vpc a sa1 table rt
    attachment tb t vpc b sb1 table rt
    tgw-table rt t
      propagate ta,tb
    table ra a main
      route 10.1.0.0/16 tgw t
    table rb b main
      route 10.0.0.0/16 tgw t
    group all
      in any from any
      out any to any
    group named
      in tcp/22 from group all
      out tcp/443 to group all
    host h1 in sa1 10.0.1.10 groups all
    host h2 in sa2 10.0.2.10 groups all
    host hb in sb1 10.1.1.10 groups named
";

#[test]
fn a_zone_without_an_attachment_has_no_way_to_the_transit_gateway() {
    check(&format!(
        "{TRANSIT}
        expect h1 -> hb tcp/22 reachable
        expect h2 -> hb tcp/22 blocked"
    ));
}

#[test]
fn rules_may_name_groups_over_a_transit_gateway_on_ingress_only() {
    check(&format!(
        "{TRANSIT}
        expect h1 -> hb tcp/22 reachable
        expect hb -> h1 tcp/443 blocked"
    ));
}

#[test]
fn what_a_bgp_attachment_announces_is_not_known() {
    check(&format!(
        "{TRANSIT}
        vpn v tgw t bgp
        attachment tv t vpn v table rt
        tgw-table rt2 t
          propagate ta,tv
        attachment tc t vpc c - table rt2
        expect h1 -> hb tcp/22 reachable"
    ));
}

#[test]
fn an_office_reaches_what_its_gateway_and_the_groups_allow() {
    check(
        "
        vpc main 10.0.0.0/16
        subnet web main 10.0.1.0/24
        vgw v main
        vpn n vgw v static 192.168.10.0/24
        office Sydney 192.168.10.0/24
        table t main main
          route 192.168.10.0/24 vgw v propagated
        group g
          in tcp/22 from 192.168.10.0/24
          out tcp/443 to any
        host h in web 10.0.1.10 groups g
        expect 192.168.10.7 -> h tcp/22 reachable
        expect 192.168.10.7 -> h tcp/80 blocked
        expect h -> 192.168.10.7 tcp/443 reachable
        expect h -> 192.168.11.7 tcp/443 blocked",
    );
}

#[test]
fn a_missing_route_table_makes_undetermined_and_a_group_still_blocks() {
    check(&format!(
        "{TWO_SUBNETS}
        bare
        missing route-tables
        acl open main default
          in 100 allow any from 0.0.0.0/0
          out 100 allow any to 0.0.0.0/0
        group app
          in tcp/443 from any
          out any to any
        host a in web 10.0.1.10 groups app
        host b in db 10.0.2.10 groups app
        expect a -> b tcp/443 undetermined
        expect a -> b tcp/22 blocked"
    ));
}

#[test]
fn addresses_of_one_machine_reach_each_other_whatever_the_groups_say() {
    check(&format!(
        "{TWO_SUBNETS}
        group none
        host a in web 10.0.1.10 groups none instance i
        host b in db 10.0.2.10 groups none instance i
        expect a -> b tcp/443 reachable"
    ));
}

#[test]
fn amazon_dns_and_metadata_are_never_filtered() {
    check(&format!(
        "{TWO_SUBNETS}
        group none
        host a in web 10.0.1.10 groups none
        expect a -> 10.0.0.2 udp/53 reachable
        expect a -> 169.254.169.254 tcp/80 reachable
        expect a -> 169.254.7.7 tcp/80 blocked
        expect a -> 10.0.9.9 tcp/80 blocked"
    ));
}

#[test]
fn hosts_that_behave_alike_are_one_class() {
    let text = format!(
        "{TWO_SUBNETS}
        group app
          in tcp/443 from any
        host a in web 10.0.1.10 groups app
        host b in web 10.0.1.11 groups app
        host c in db 10.0.2.10 groups app
        expect a -> b tcp/443 blocked"
    );
    let snapshot = Topology::parse(&text).unwrap().snapshot();
    let engine = Engine::new(&snapshot);
    let sizes: Vec<usize> = engine
        .classes()
        .map(|(_, class)| class.endpoints.len())
        .collect();
    assert!(sizes.contains(&2), "{sizes:?}");
}
