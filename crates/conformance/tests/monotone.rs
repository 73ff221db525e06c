//! Laws of both implementations over generated networks.
#![expect(
    clippy::unwrap_used,
    clippy::tests_outside_test_module,
    reason = "an integration test"
)]

use engine::Engine;
use model::{Direction, Endpoint, RulePeer, SecurityGroupRule, Snapshot};
use packet::{Prefix, Service};
use testkit::{Random, random_network};

/// One rule that allows more than whatever is there.
fn rule(random: &mut Random, template: &SecurityGroupRule) -> SecurityGroupRule {
    let directions = [Direction::Ingress, Direction::Egress];
    let services = ["any", "tcp/443", "udp", "icmp", "tcp/1024-65535"];
    let peers = [
        RulePeer::Cidr(Prefix::ALL_V4),
        RulePeer::Cidr(Prefix::ALL_V6),
        template.peer.clone(),
    ];
    SecurityGroupRule {
        direction: *random.pick(&directions).unwrap(),
        service: random.word(&services).parse::<Service>().unwrap(),
        peer: random.pick(&peers).unwrap().clone(),
        ..template.clone()
    }
}

/// Interfaces by all their addresses, and two hosts on the internet.
fn ends(snapshot: &Snapshot) -> Vec<Endpoint> {
    let mut ends = Vec::new();
    for (interface, one) in snapshot.interfaces().iter() {
        let addresses = one
            .addresses
            .iter()
            .flat_map(|held| [Some(held.address), held.public])
            .flatten();
        ends.extend(addresses.map(|address| Endpoint::Interface { interface, address }));
    }
    let internet = ["198.51.100.7", "2600:9000::7"].map(|address| address.parse().unwrap());
    ends.extend(internet.map(|address| Endpoint::Internet { address }));
    ends
}

#[test]
fn adding_an_allow_rule_never_removes_reach() {
    for seed in 1_000..1_040 {
        let mut topology = random_network(seed).unwrap();
        let before = topology.snapshot();
        let mut random = Random::new(seed);
        let number = random.below(topology.parts.groups.len());
        let Some(group) = topology.parts.groups.get_mut(number) else {
            continue;
        };
        let Some(template) = group.rules.first().cloned() else {
            continue;
        };
        group.rules.push(rule(&mut random, &template));
        let after = topology.snapshot();
        let (old, new) = (Engine::new(&before), Engine::new(&after));
        for from in ends(&before) {
            for to in ends(&before) {
                let (old, new) = (old.reach(&from, &to), new.reach(&from, &to));
                assert!(
                    old.certain.is_subset(&new.certain),
                    "seed {seed}: {from:?} -> {to:?} lost certain reach"
                );
                assert!(
                    old.possible.is_subset(&new.possible),
                    "seed {seed}: {from:?} -> {to:?} lost possible reach"
                );
            }
        }
    }
}

#[test]
fn what_is_certain_is_possible_and_delivered() {
    for seed in 2_000..2_040 {
        let snapshot = random_network(seed).unwrap().snapshot();
        let engine = Engine::new(&snapshot);
        for from in ends(&snapshot) {
            for to in ends(&snapshot) {
                let reach = engine.reach(&from, &to);
                assert!(
                    reach.certain.is_subset(&reach.possible),
                    "seed {seed}: {from:?} -> {to:?}"
                );
                assert!(
                    reach.certain.is_subset(&reach.delivered),
                    "seed {seed}: {from:?} -> {to:?}"
                );
            }
        }
    }
}
