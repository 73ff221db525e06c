//! Topologies are read, refused with the line and the problem, and printed such that they read the same again.
#![expect(
    clippy::unwrap_used,
    clippy::tests_outside_test_module,
    reason = "tests"
)]

use model::{Endpoint, Kind, Reachability, Snapshot};
use testkit::{Topology, print};

/// Every statement and option of the language.
const EVERYTHING: &str = "
    region us-east-1
    account 111111111111
    vpc main 10.0.0.0/16 2001:db8:1::/56
    vpc other 10.1.0.0/16 public-access block-ingress encryption enforce
    subnet web main 10.0.1.0/24 2001:db8:1:1::/64 zone a acl tight table public
    subnet back main 10.0.2.0/24 zone b public-access off dns64
    subnet far other 10.1.1.0/24 zone a
    group app
      in tcp/443 from 0.0.0.0/0
      in tcp/8080 from group web
      in icmp/echo from group gone stale
      in proto/50 from list offices
      out any to any
    group web main name default incomplete
    host w1 in web 10.0.1.10 public 203.0.113.10 2001:db8:1:1::10 groups app,web instance i1 device 0 nocheck
    host w2 in back 10.0.2.10 10.0.2.11 groups app instance i1 managed prefix 10.0.2.64/28 kind lambda
    host f1 in far 10.1.1.10 kind strange instance i2 stopped unattached refuses-internet
    host lost in nowhere 10.9.9.9 vpc gone
    acl tight main
      in 100 allow tcp/443 from 0.0.0.0/0
      in 90 deny icmp/3/4 from 10.0.0.0/8
      out 100 allow tcp/1024-65535 to any
    table public main
      route 0.0.0.0/0 igw gw
      route ::/0 eigw out
      route 10.1.0.0/16 peering p
      route 10.2.0.0/16 tgw t blackhole
      route 192.168.0.0/16 vgw v propagated
      route list offices nat n
      route 10.3.0.0/16 host w1
      route 10.4.0.0/16 endpoint vpce-1
      route 10.5.0.0/16 other thing-1
      route 10.6.0.0/16 carrier cagw-1
      route 10.7.0.0/16 outpost lgw-1
      route 10.8.0.0/16 odb odb-1
      route 10.9.0.0/16 next-hop 10.0.1.10 advertised
      route 10.0.0.0/16 local
    table edge main incomplete
      gateways gw
    igw gw main
    igw loose
    eigw out main unavailable
    nat n in web 10.0.1.5 public 203.0.113.5
    nat q in back 10.0.2.5 private unavailable
    nat r regional main table public ? public 203.0.113.6 zone a appliance
    firewall f main policy p endpoint vpce-1 in back
    firewall-policy p strict stateless pass default drop-established home 10.0.0.0/8
      stateless 10 fixed
      stateful 20 flows only-alerts
    firewall-policy p2 stateless unknown default drop
    firewall-rules fixed stateless
      filter 20 forward
      filter 10 drop tcp,17 from 10.0.0.0/8 ports 1-2 to 10.1.0.0/16 ports 443,80 flags
    firewall-rules flows stateful incomplete
      addresses SERVERS 10.0.0.0/8 !10.1.0.0/16
      ports WEB 80 443:445
      references LIST offices
      filter pass tcp [$SERVERS, @LIST] any -> any $WEB (sid:1;)
    public-access block-bidirectional
    exclusion x main allow-egress changing
    exclusion y back allow-bidirectional gone
    peering p main other inactive
    peering q main gone
      side gone account 222222222222 region eu-west-1 10.7.0.0/16
    tgw t references
    attachment a t vpc main web,back table rt ipv6 appliance
    attachment b t vpc other ? table unknown noreferences
    attachment c t peering u unavailable
    attachment d t vpn n table rt
    attachment e t dx dxgw-1
    attachment f t other connect c-1
    attachment g t vpc gone -
    tgw-table rt t propagated-listed
      route 10.1.0.0/16 a,b propagated
      route 10.2.0.0/16 blackhole
      propagate a,b
    tgw-table ru t static-unknown propagations-unknown
    vgw v main
    customer c 203.0.113.99
    vpn n tgw t customer c bgp
    vpn m vgw v unavailable static 192.168.0.0/16
    list offices 10.8.0.0/16
    list s3 aws ipv4 unknown
    balancer lb app main subnets web,back nodes w1 internal groups app cross-zone off igw-ipv6 allowed
      listener https/443 tg*2,other-tg
      rule tg
      rules unknown
      listener http/80 other
    balancer nlb net main nodes w2 cross-zone unknown unenforced unavailable
      listener tcp_udp/53 tg
      listeners unknown
    targets tg tcp/8080 main instance preserve on check 8081
      target i1 port 9000 zone a healthy
      target i2 unhealthy
      targets unknown
    targets other-tg tls/443 main ip ipv6 preserve off cross-zone on
      target 2001:db8:1:1::10 zone all
    targets nested tcp/80 main balancer
      target lb
    endpoint e interface main com.amazonaws.us-east-1.sqs nodes w1 subnets web groups app unavailable
    endpoint r resource main - resource arn:aws:x
    service s com.amazonaws.vpce.us-east-1.vpce-svc-1 balancers nlb
      connection e
      connection r unavailable
    office Sydney 192.168.0.0/16
    missing nat-gateways
    partial network-interfaces 111111111111 us-east-1
";

fn network(text: &str) -> Snapshot {
    Topology::parse(text).unwrap().snapshot()
}

#[test]
fn what_is_printed_reads_the_same() {
    let once = network(EVERYTHING);
    let text = print(&once);
    let again = network(&text);
    assert_eq!(print(&again), text);
    let bare = |snapshot: &Snapshot| {
        let parts = format!("{snapshot:?}");
        let without_places = parts.split("origin: Origin").map(|part| {
            part.split_once("\" }")
                .map_or(part, |(_, rest)| rest)
                .to_owned()
        });
        without_places.collect::<String>()
    };
    let names = |text: String| {
        text.split("name: ")
            .map(|part| {
                part.split_once(", ")
                    .map_or("", |(_, rest)| rest)
                    .to_owned()
            })
            .collect::<Vec<_>>()
    };
    let coverage = |text: &str| text.split("coverage:").next().unwrap().to_owned();
    let show = |snapshot| names(coverage(&bare(snapshot)));
    for (a, b) in show(&once).iter().zip(show(&again).iter()) {
        assert_eq!(a, b);
    }
    assert!(!again.coverage().has(Kind::NatGateways));
    assert!(again.coverage().has(Kind::RouteTables));
}

#[test]
fn what_is_left_out_is_as_aws_makes_it() {
    let snapshot = network("vpc main 10.0.0.0/16\nsubnet a main 10.0.1.0/24\nnat n in a 10.0.1.5");
    assert_eq!(snapshot.acls().len(), 1);
    assert_eq!(snapshot.route_tables().len(), 1);
    assert_eq!(snapshot.interfaces().len(), 1);
    assert!(snapshot.coverage().has(Kind::Addresses));
}

#[test]
fn an_error_names_line_and_problem() {
    let check = |text: &str, expected: &str| {
        assert_eq!(Topology::parse(text).unwrap_err().to_string(), expected);
    };
    check("\nvpcs main", "line 2: `vpcs` is no statement");
    check(
        "in tcp/1 from any",
        "line 1: this line belongs to a group or an ACL",
    );
    check(
        "group a\n in tcp/70000 from any",
        "line 2: `tcp/70000` is not a service: `70000` is not a port from 0 to 65535",
    );
    check(
        "host a inside b",
        "line 1: `inside` stands where `in` belongs",
    );
    check(
        "subnet a main 10.0.0.0/24 zone",
        "line 1: a zone is missing",
    );
    check(
        "subnet a main 10.0.0.0/24 acl no",
        "line 1: no ACL `no` in this topology",
    );
}

#[test]
fn expectations_name_their_ends() {
    let topology = Topology::parse(
        "vpc main 10.0.0.0/16 2001:db8:1::/56
         subnet a main 10.0.1.0/24 2001:db8:1:1::/64
         host x in a 10.0.1.10 public 203.0.113.10 2001:db8:1:1::10
         office Sydney 192.168.0.0/16
         expect x/v6 -> internet tcp/443 reachable
         expect Sydney -> x tcp/22 client 40000 blocked no-route
         expect internet -> 203.0.113.10 icmp/echo undetermined",
    )
    .unwrap();
    let snapshot = topology.snapshot();
    let ends: Vec<_> = topology
        .expectations
        .iter()
        .map(|expectation| expectation.endpoints(&snapshot).unwrap())
        .collect();
    assert!(
        matches!(ends[0], (Endpoint::Interface { .. }, Endpoint::Internet { address }) if address.is_ipv6())
    );
    assert!(matches!(
        ends[1],
        (Endpoint::Office { .. }, Endpoint::Interface { .. })
    ));
    assert!(matches!(
        ends[2],
        (Endpoint::Internet { .. }, Endpoint::Interface { .. })
    ));
    assert_eq!(topology.expectations[1].client_port, Some(40000));
    assert_eq!(topology.expectations[1].reason.as_deref(), Some("no-route"));
    assert_eq!(topology.expectations[2].answer, Reachability::Undetermined);
}

#[test]
fn what_is_outside_is_printed_as_it_is_read() {
    let text = "
        vpc main 10.0.0.0/16
        subnet web main 10.0.1.0/24
        customer c 198.51.100.1 asn 65001
        vgw v main
        vpn n vgw v customer c bgp static 192.168.0.0/16 down over-dx office-side 192.168.0.0/16 cloud-side 10.0.0.0/16
        dxgw d
        dx-association d vgw v 10.0.0.0/16
        vif x private dxgw d down sitelink
        client-vpn e vpc main clients 10.200.0.0/22 transit rules-unknown
          associated web via eni
          route 10.0.0.0/16 web
          route 10.200.0.0/22 clients
          access 10.0.0.0/16 group engineers
        core-attachment a core vpc main web segment prod edge eu-west-1 ipv6
        core-table core prod eu-west-1
          route 10.1.0.0/16 a,elsewhere propagated
          route 10.2.0.0/16 blackhole
    ";
    let once = print(&Topology::parse(text).unwrap().snapshot());
    let again = print(&Topology::parse(&once).unwrap().snapshot());
    assert_eq!(once, again);
    for line in [
        "vpn n vgw v customer c bgp down over-dx office-side 192.168.0.0/16 cloud-side 10.0.0.0/16 static 192.168.0.0/16",
        "dx-association d vgw v 10.0.0.0/16",
        "vif x private dxgw d down sitelink",
        "client-vpn e vpc main clients 10.200.0.0/22 transit rules-unknown",
        "  access 10.0.0.0/16 group engineers",
        "core-attachment a core vpc main web segment prod edge eu-west-1 ipv6",
        "  route 10.1.0.0/16 a,elsewhere propagated",
        "  route 10.2.0.0/16 blackhole",
    ] {
        assert!(
            once.lines().any(|printed| printed == line),
            "{line} is not in\n{once}"
        );
    }
}
