//! Networks that are hard in one way each hold what makes them hard, are answered for all pairs as by following each
//! pair, with as much work as before, and both implementations agree about them. A change of the work is made on
//! purpose, with `WATERTIGHT_BLESS=1 cargo test -p conformance --test hard_input`.
#![expect(
    clippy::tests_outside_test_module,
    clippy::unwrap_used,
    reason = "an integration test"
)]

use std::collections::BTreeSet;

use conformance::both::{Both, question};
use conformance::{case, counts};
use engine::Engine;
use model::{Direction, Endpoint, Reachability, RulePeer, SecurityGroupRule, Severity, Snapshot};
use organisation::{Hard, Layout, Organisation, Profile};
use packet::{Prefix, Service};
use testkit::Random;

/// Hosts of each network.
const INTERFACES: usize = 200;
/// Random questions about each network.
const QUESTIONS: usize = 2_000;
/// Ports that rules of some network name one by one.
const PORTS: [&str; 6] = ["22", "80", "443", "5432", "8080", "9100"];

fn snapshot(hard: Hard) -> Snapshot {
    let folder = tempfile::tempdir().unwrap();
    let organisation = Organisation {
        profile: Profile::Hard(hard),
        layout: Layout::Aws,
        interfaces: INTERFACES,
        seed: 1,
    };
    let written = organisation.write(folder.path()).unwrap();
    let loaded = ingest::load(&[folder.path().to_owned()], Vec::new()).unwrap();
    let mut complaints = loaded.diagnostics.iter();
    assert_eq!(complaints.find(|it| it.severity != Severity::Note), None);
    assert_eq!(loaded.snapshot.interfaces().len(), written.interfaces);
    assert_eq!(loaded.snapshot.interfaces().len(), INTERFACES);
    loaded.snapshot
}

/// The work for all pairs, after each was found to be what following it gives.
fn work(hard: Hard, snapshot: &Snapshot) -> String {
    let engine = Engine::new(snapshot);
    for (from, source) in engine.classes() {
        for (to, target) in engine.classes() {
            if source.block.is_some() && target.block.is_some() {
                continue;
            }
            let followed = engine.between(from, to).filter(|it| !it.is_nothing());
            let row = engine.rows().between(from, to);
            assert_eq!(row, followed.as_ref(), "{hard:?}: {source:?} to {target:?}");
        }
    }
    let counts = counts::of_rows(&engine.rows().counts());
    counts::printed(&format!("{hard:?}"), counts)
}

/// Both implementations answer random questions alike, rows being known; some are reached and some are not.
fn assert_told_alike(hard: Hard, snapshot: &Snapshot) {
    let both = Both::new(snapshot);
    both.engine.rows();
    let mut ends = Vec::new();
    for (interface, held) in snapshot.interfaces().iter() {
        let addresses = held.addresses.iter().map(|held| held.address);
        ends.extend(addresses.map(|address| Endpoint::Interface { interface, address }));
    }
    let mut random = Random::new(1);
    let (mut n_reachable, mut n_blocked) = (0, 0);
    for _ in 0..QUESTIONS {
        let (from, to) = (random.pick(&ends).unwrap(), random.pick(&ends).unwrap());
        let port = if random.chance(50) {
            random.word(&PORTS).to_owned()
        } else {
            random.below(12_000).to_string()
        };
        let protocol = random.word(&["tcp", "tcp", "udp"]);
        let to = to.address();
        let service = case::service(protocol, &port, packet::Family::V4).unwrap();
        let answers = both.ask(*from, question(service, to)).unwrap();
        assert!(
            answers.agree(),
            "{hard:?}: {from:?} -> {to} {protocol}/{port}: {answers:?}"
        );
        n_reachable += usize::from(answers.trace == Reachability::Reachable);
        n_blocked += usize::from(answers.trace == Reachability::Blocked);
    }
    assert_eq!(n_reachable + n_blocked, QUESTIONS, "{hard:?}: undetermined");
    assert!(
        10 < n_reachable && 10 < n_blocked,
        "{hard:?}: {n_reachable} reached, {n_blocked} not"
    );
}

fn rules(snapshot: &Snapshot) -> impl Iterator<Item = &SecurityGroupRule> {
    let groups = snapshot.groups().rows().iter();
    groups.flat_map(|group| group.rules(Direction::Ingress))
}

fn different<'a>(blocks: impl IntoIterator<Item = &'a Prefix>) -> BTreeSet<&'a Prefix> {
    blocks.into_iter().collect()
}

fn holds_classes_of_one(snapshot: &Snapshot) {
    let engine = Engine::new(snapshot);
    let sizes = engine.classes().filter(|(_, class)| class.block.is_none());
    let sizes: Vec<_> = sizes.map(|(_, class)| class.endpoints.len()).collect();
    assert!(INTERFACES <= sizes.len());
    assert!(sizes.iter().all(|size| *size == 1), "{sizes:?}");
}

fn holds_wide_ports(snapshot: &Snapshot) {
    for group in snapshot.groups().rows() {
        let widths = group
            .rules(Direction::Ingress)
            .filter_map(|rule| match rule.service {
                Service::Ports { ports, .. } => Some(ports.last() - ports.first()),
                Service::Any | Service::Protocol(_) | Service::Icmp { .. } => None,
            });
        assert_eq!(widths.filter(|width| 100 <= *width).count(), 60);
    }
}

fn holds_long_lists(snapshot: &Snapshot) {
    let lists = snapshot.prefix_lists();
    assert_eq!(lists.len(), 4);
    for (list, held) in lists.iter() {
        assert_eq!(different(held.entries.as_deref().unwrap()).len(), 5_000);
        let is_named = |rule: &SecurityGroupRule| match &rule.peer {
            RulePeer::PrefixList(named) => named.is(list),
            RulePeer::Cidr(_) | RulePeer::Group(_) => false,
        };
        assert!(rules(snapshot).any(is_named));
    }
}

fn holds_overlapping_blocks(snapshot: &Snapshot) {
    let blocks = rules(snapshot).filter_map(|rule| match &rule.peer {
        RulePeer::Cidr(block) => Some(block),
        RulePeer::Group(_) | RulePeer::PrefixList(_) => None,
    });
    let blocks = different(blocks);
    assert_eq!(blocks.len(), 1_000);
    for block in &blocks {
        let overlap = |other: &&Prefix| other != block && other.overlaps(block);
        assert!(blocks.iter().copied().any(|other| overlap(&other)));
    }
}

fn holds_full_acls(snapshot: &Snapshot) {
    let own = || snapshot.acls().rows().iter().filter(|acl| !acl.is_default);
    assert_eq!(own().count(), snapshot.subnets().len());
    for acl in own() {
        assert_eq!(acl.subnets.len(), 1);
        for direction in [Direction::Ingress, Direction::Egress] {
            let of_v4 = acl.entries(direction).filter(|entry| entry.number < 32_767);
            assert_eq!(of_v4.count(), 40);
        }
    }
}

fn holds_a_large_block(snapshot: &Snapshot) {
    let blocks = snapshot.vpcs().rows().iter().flat_map(|vpc| &vpc.cidrs);
    assert_eq!(blocks.map(Prefix::length).collect::<Vec<_>>(), [8]);
    let blocks = snapshot
        .subnets()
        .rows()
        .iter()
        .flat_map(|subnet| &subnet.cidrs);
    let lengths: Vec<_> = blocks.map(Prefix::length).collect();
    assert!(1 < lengths.len() && lengths.iter().all(|length| *length == 16));
}

/// A network, and what checks that it is hard in its way.
type Claim = (Hard, fn(&Snapshot));

const CLAIMS: [Claim; 6] = [
    (Hard::AllDifferent, holds_classes_of_one),
    (Hard::WidePorts, holds_wide_ports),
    (Hard::LongLists, holds_long_lists),
    (Hard::OverlappingBlocks, holds_overlapping_blocks),
    (Hard::FullAcls, holds_full_acls),
    (Hard::OneLargeVpc, holds_a_large_block),
];

#[test]
fn hard_networks_are_hard_and_answered_exactly() {
    let mut found = String::new();
    for (hard, check) in CLAIMS {
        let snapshot = snapshot(hard);
        check(&snapshot);
        found += &work(hard, &snapshot);
        assert_told_alike(hard, &snapshot);
    }
    let expected = counts::expected("hard_input.txt", &found).unwrap();
    assert_eq!(
        found, expected,
        "the work has changed: run with WATERTIGHT_BLESS=1 if that is meant"
    );
}
