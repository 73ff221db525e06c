//! Changes of networks change what they say, everywhere, and nothing else.
#![expect(
    clippy::unwrap_used,
    clippy::tests_outside_test_module,
    reason = "an integration test"
)]

use std::collections::BTreeSet;
use std::net::IpAddr;

use model::Snapshot;
use packet::{Family, Service, is_public};
use testkit::{Change, Topology, print, random_network};

fn addresses() -> Vec<IpAddr> {
    let texts = [
        "10.0.0.2",
        "10.0.1.10",
        "10.1.1.10",
        "10.200.0.1",
        "100.64.1.10",
        "172.16.0.5",
        "172.31.9.9",
        "192.168.0.5",
        "54.1.1.10",
        "203.0.113.7",
        "169.254.169.253",
        "fd00:1:0:1101::10",
        "fd00:1:1:1101::10",
        "fd12:3456::1",
        "fd00:ec2::253",
        "2600:1f14:0:1101::10",
    ];
    texts.map(|text| text.parse().unwrap()).to_vec()
}

fn shared_bits(a: IpAddr, b: IpAddr) -> u32 {
    let unused = 128 - u32::from(Family::of(a).bits());
    (Family::number(a) ^ Family::number(b)).leading_zeros() - unused
}

#[test]
fn shifted_addresses_share_as_many_bits_as_before() {
    for seed in 0..50 {
        let change = Change::Shift(seed);
        for a in addresses() {
            assert_eq!(is_public(change.address(a)), is_public(a));
            let alike = |b: &IpAddr| Family::of(*b) == Family::of(a);
            for b in addresses().into_iter().filter(alike) {
                let moved = (change.address(a), change.address(b));
                assert_eq!(shared_bits(moved.0, moved.1), shared_bits(a, b), "{a} {b}");
            }
        }
    }
}

#[test]
fn shifting_moves_private_networks_and_leaves_services_and_the_public_alone() {
    let moved: BTreeSet<IpAddr> = (0..50)
        .map(|seed| Change::Shift(seed).address("10.1.1.10".parse().unwrap()))
        .collect();
    assert!(20 < moved.len(), "{moved:?}");
    for fixed in [
        "169.254.169.253",
        "fd00:ec2::253",
        "203.0.113.7",
        "2600:1f14::1",
    ] {
        let fixed: IpAddr = fixed.parse().unwrap();
        assert_eq!(Change::Shift(7).address(fixed), fixed);
    }
}

/// Every word of a network as text; of the state of an exclusion, `gone` is a word of the language and no id.
fn words(text: &str) -> BTreeSet<&str> {
    let lines = text.lines().map(|line| {
        let is_exclusion = line.starts_with("exclusion ");
        let state = is_exclusion.then(|| line.strip_suffix(" gone"));
        state.flatten().unwrap_or(line)
    });
    lines.flat_map(|line| line.split([' ', ','])).collect()
}

#[test]
fn renaming_leaves_no_old_id() {
    for seed in 0..40 {
        let topology = random_network(seed).unwrap();
        let renamed = Change::Rename(seed).apply(&topology.parts);
        let text = print(&Snapshot::assemble(renamed).0);
        let left = words(&text);
        let ids = [
            "v0", "v1", "v0s0", "v0s0h0", "g0", "g1", "v0igw", "v0eigw", "v0nat0", "p01", "t0",
            "t0a0", "t0r0", "v0vgw", "v0vgwvpn", "pl0", "v0main", "v0s0rt", "v0s0acl", "gone",
            "i1", "vpce-1", "cagw-1",
        ];
        for id in ids {
            assert!(!left.contains(id), "seed {seed}: {id} is left in\n{text}");
        }
    }
}

#[test]
fn renaming_and_shifting_keep_the_shape() {
    for seed in 0..40 {
        let topology = random_network(seed).unwrap();
        // Where the next lines are is said whenever it changes, which depends on their order.
        let is_place = |line: &&str| line.starts_with("account ") || line.starts_with("region ");
        let lines = |snapshot: &Snapshot| {
            let text = print(snapshot);
            text.lines().filter(|line| !is_place(line)).count()
        };
        let before = lines(&topology.snapshot());
        for change in [Change::Rename(seed), Change::Shift(seed), Change::Reverse] {
            let after = Snapshot::assemble(change.apply(&topology.parts)).0;
            assert_eq!(lines(&after), before, "seed {seed}: {change:?}");
        }
    }
}

#[test]
fn dividing_makes_halves_of_blocks_and_ports() {
    let topology = Topology::parse(
        "
        vpc v 10.0.0.0/16
        group g
          in tcp/22-25 from 10.0.0.0/8
        acl a v
          in 1 allow udp from 10.0.0.1/32
        table t v
          route 0.0.0.0/0 igw i
          route 10.0.0.0/16 local
        ",
    );
    let divided = Change::Divide.apply(&topology.unwrap().parts);
    let rules: Vec<String> = divided
        .groups
        .iter()
        .flat_map(|group| &group.rules)
        .map(|rule| format!("{} {:?}", rule.service, rule.peer))
        .collect();
    assert_eq!(rules.len(), 4, "{rules:?}");
    assert!(
        rules
            .iter()
            .any(|rule| rule.starts_with("tcp/24-25") && rule.contains("10.128.0.0/9")),
        "{rules:?}"
    );
    let acl = divided
        .acls
        .iter()
        .find(|acl| acl.id.as_str() == "a")
        .unwrap();
    let services: Vec<Service> = acl.entries.iter().map(|entry| entry.service).collect();
    let halves = ["udp/0-32767", "udp/32768-65535"].map(|text| text.parse::<Service>().unwrap());
    assert_eq!(services, halves);
    let table = divided
        .route_tables
        .iter()
        .find(|table| table.id.as_str() == "t")
        .unwrap();
    assert_eq!(
        table.routes.len(),
        3,
        "the local route stays whole: {:?}",
        table.routes
    );
}
