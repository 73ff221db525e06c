//! Both baselines on networks that can be read.
#![expect(
    clippy::unwrap_used,
    clippy::tests_outside_test_module,
    reason = "an integration test"
)]

use baseline::{Pairwise, Tally, Verifier};
use model::{Endpoint, Snapshot};
use packet::{Packet, PacketSet, Protocol, Service, Transport};
use testkit::{Topology, endpoint_at};

fn end(snapshot: &Snapshot, address: &str) -> Endpoint {
    endpoint_at(snapshot, address.parse().unwrap())
}

/// What both say of a TCP connection; `None` if the pair is beyond them.
fn tcp(topology: &str, from: &str, to: &str, ports: (u16, u16)) -> Option<bool> {
    let snapshot = Topology::parse(topology).unwrap().snapshot();
    let (source, target) = (end(&snapshot, from), end(&snapshot, to));
    let transport = Transport::Ports {
        source: ports.0,
        destination: ports.1,
    };
    let (from, to) = (source.address(), target.address());
    let packet = Packet::new(from, to, Protocol::TCP, transport).unwrap();
    let pairwise = Pairwise::new(&snapshot);
    let session = pairwise.session(&source, &target);
    let verifier = Verifier::new(&snapshot);
    let passes = verifier.passes(&source, &target);
    let by_pair = session.map(|session| session.contains(&packet));
    let by_diagram = passes.map(|passes| verifier.contains(&passes, &packet));
    assert_eq!(by_pair, by_diagram, "{packet}");
    by_pair
}

const TWO_SUBNETS: &str = "
    vpc main 10.0.0.0/16
    subnet web main 10.0.1.0/24
    subnet db main 10.0.2.0/24 acl tight
    group app
      out any to any
    group store
      in tcp/5432 from group app
    host w in web 10.0.1.10 groups app
    host d in db 10.0.2.10 groups store
    acl tight main
      in 100 allow tcp/5432 from 10.0.1.0/24
      out 100 allow tcp/32768-60999 to 10.0.1.0/24
";

#[test]
fn a_session_needs_groups_and_acls_both_ways() {
    let ask = |ports| tcp(TWO_SUBNETS, "10.0.1.10", "10.0.2.10", ports);
    assert_eq!(ask((40_000, 5_432)), Some(true));
    assert_eq!(ask((40_000, 443)), Some(false), "the group");
    assert_eq!(ask((1_024, 5_432)), Some(false), "the answer");
    let back = tcp(TWO_SUBNETS, "10.0.2.10", "10.0.1.10", (40_000, 5_432));
    assert_eq!(back, Some(false), "nothing may leave");
}

#[test]
fn a_session_is_a_set_of_packets() {
    let snapshot = Topology::parse(TWO_SUBNETS).unwrap().snapshot();
    let ends = (end(&snapshot, "10.0.1.10"), end(&snapshot, "10.0.2.10"));
    let session = Pairwise::new(&snapshot).session(&ends.0, &ends.1).unwrap();
    let service: Service = "tcp/5432".parse().unwrap();
    let clients = packet::PortSet::range(32_768, 60_999);
    let expected = PacketSet::from(&service).intersection(&PacketSet::from_ports(&clients));
    assert_eq!(session.packets(), expected);
    assert_eq!(session.size(), 60_999 - 32_768 + 1);
}

#[test]
fn both_count_the_same_verdicts() {
    let snapshot = Topology::parse(TWO_SUBNETS).unwrap().snapshot();
    let expected = Tally {
        open: 1,
        shut: 1,
        inexpressible: 0,
    };
    assert_eq!(Pairwise::new(&snapshot).all_pairs(), expected);
    assert_eq!(Verifier::new(&snapshot).all_pairs(), expected);
}

#[test]
fn a_peering_carries_what_both_tables_route_and_no_identity_between_regions() {
    let network = |region: &str, back: &str| {
        format!(
            "
            region us-east-1
            vpc a 10.0.0.0/16
            subnet as a 10.0.1.0/24
            group client
              out any to any
            host x in as 10.0.1.10 groups client
            table am a main
              route 10.1.0.0/16 peering p
            region {region}
            vpc b 10.1.0.0/16
            subnet bs b 10.1.1.0/24
            group server
              in tcp/22 from group client
            host y in bs 10.1.1.10 groups server
            table bm b main
              {back}
            peering p a b
            "
        )
    };
    let back = "route 10.0.0.0/16 peering p";
    let ask = |text: &str| tcp(text, "10.0.1.10", "10.1.1.10", (40_000, 22));
    assert_eq!(ask(&network("us-east-1", back)), Some(true));
    assert_eq!(ask(&network("us-east-1", "")), Some(false), "no route back");
    assert_eq!(ask(&network("eu-west-1", back)), Some(false), "no identity");
}

#[test]
fn what_they_cannot_express_is_no_verdict() {
    let through = |target: &str| {
        format!(
            "
            vpc main 10.0.0.0/16
            subnet web main 10.0.1.0/24
            subnet db main 10.0.2.0/24
            group all
              in any from any
              out any to any
            host w in web 10.0.1.10 groups all
            host d in db 10.0.2.10 groups all
            table rt main main
              {target}
            "
        )
    };
    let ask = |text: &str| tcp(text, "10.0.1.10", "10.0.2.10", (40_000, 22));
    assert_eq!(ask(&through("")), Some(true));
    let middlebox = through("route 10.0.2.0/24 endpoint vpce-1");
    assert_eq!(ask(&middlebox), None, "an appliance decides");
    let unknown = through("") + "missing route-tables\n";
    assert_eq!(ask(&unknown), None, "the tables are not known");
}

#[test]
fn a_machine_that_holds_both_addresses_is_no_network() {
    let text = "
        vpc a 10.0.0.0/16
        subnet as a 10.0.1.0/24
        vpc b 10.0.0.0/16
        subnet bs b 10.0.1.0/24
        group all
          in any from any
          out any to any
        host x in as 10.0.1.10 groups all
        host y in as 10.0.1.11 groups all
        host z in bs 10.0.1.12 groups all
        ";
    let ask = |text: &str| tcp(text, "10.0.1.10", "10.0.1.11", (40_000, 22));
    assert_eq!(ask(text), Some(true));
    let same = text.replace("10.0.1.10 ", "10.0.1.10 instance i ");
    let same = same.replace("10.0.1.12", "10.0.1.11 instance i");
    let snapshot = Topology::parse(&same).unwrap().snapshot();
    let host = |id| snapshot.interfaces().find(id).unwrap();
    let end = |id, address: &str| Endpoint::Interface {
        interface: host(id),
        address: address.parse().unwrap(),
    };
    let (from, to) = (end("x", "10.0.1.10"), end("y", "10.0.1.11"));
    assert_eq!(Pairwise::new(&snapshot).session(&from, &to), None);
    assert!(Verifier::new(&snapshot).passes(&from, &to).is_none());
}
