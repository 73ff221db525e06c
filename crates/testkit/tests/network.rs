//! Generated networks always read, print the same again, and hold every mechanism.
#![expect(clippy::tests_outside_test_module, reason = "an integration test")]

use testkit::{Topology, print, random_network, random_text, shrink};

#[test]
fn generated_networks_read_and_print_the_same() {
    for seed in 0..300 {
        let snapshot = random_network(seed)
            .unwrap_or_else(|error| panic!("seed {seed}: {error}\n{}", random_text(seed)))
            .snapshot();
        let text = print(&snapshot);
        let again = Topology::parse(&text).unwrap().snapshot();
        assert_eq!(print(&again), text, "seed {seed}");
    }
}

#[test]
fn a_seed_gives_one_network() {
    assert_eq!(random_text(7), random_text(7));
    assert_ne!(random_text(7), random_text(8));
}

/// A word of every mechanism that networks are drawn with.
const WORDS: &[&str] = &[
    "bare",
    "igw ",
    "eigw ",
    "nat ",
    "regional",
    "peering ",
    "inactive",
    "side ",
    "tgw ",
    "references",
    "noreferences",
    "attachment ",
    " peering t",
    "appliance",
    "propagate",
    "blackhole",
    "propagated",
    "advertised",
    "static-unknown",
    "propagated-listed",
    "propagations-unknown",
    " ipv6 nat",
    "vgw ",
    "vpn ",
    "bgp",
    "office ",
    "list ",
    "unknown",
    "stale",
    "incomplete",
    "missing ",
    "asked ",
    "described ",
    "requester ",
    "rslvr-in",
    "partial ",
    "gateways ",
    "prefix ",
    "instance ",
    "nocheck",
    "managed",
    "kind ",
    "public ",
    "fd00:",
    "default",
    "private",
    "endpoint ",
    "host v",
    "other ",
    "local",
    "us-east-1a",
    "eu-west-1",
    "222222222222",
    "gone",
    "balancer b",
    "listener udp/",
    "targets unknown",
    "preserve off",
    "cross-zone on",
    "unhealthy",
    "endpoint e0 interface",
    "endpoint gwe gateway",
    "service s ",
    "connection ",
    "firewall f",
    "firewall-policy p strict",
    "filter drop ",
    " flags",
    "endpoint gev",
    "public-access block-ingress",
    "exclusion ",
    "encryption enforce",
    "stopped",
    "unattached",
    "refuses-internet",
    "next-hop ",
    "64:ff9b::/96",
    "client-vpn ",
    "core-attachment ",
    "dx-association ",
    "vif ",
    " sitelink",
];

#[test]
fn every_mechanism_is_drawn() {
    let all: String = (0..300).map(random_text).collect();
    for word in WORDS {
        assert!(all.contains(word), "no `{word}` in 300 networks");
    }
}

#[test]
fn shrinking_keeps_the_fault_and_little_else() {
    let snapshot = random_network(3).unwrap().snapshot();
    let text = shrink(&snapshot, |smaller| !smaller.vpcs().is_empty());
    assert_eq!(text.lines().count(), 1, "{text}");
}
