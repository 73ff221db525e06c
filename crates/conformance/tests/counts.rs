//! How much work it is to answer for all pairs of an organisation, and after an edit of a rule: counts that no machine
//! changes. A change of them is made on purpose, with `WATERTIGHT_BLESS=1 cargo test -p conformance --test counts`.
#![expect(
    clippy::unwrap_used,
    clippy::tests_outside_test_module,
    reason = "an integration test"
)]

use std::alloc::System;

use conformance::counts::{self, printed};
use engine::Engine;
use model::{Change, Direction, RuleName, SecurityGroup, Snapshot};
use organisation::{Layout, Organisation, Profile};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use testkit::Random;

/// Counts allocations of the whole process: there is one test in it.
#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Edits of each kind.
const EDITS: usize = 25;

fn snapshot(profile: Profile, interfaces: usize) -> Snapshot {
    let folder = tempfile::tempdir().unwrap();
    let organisation = Organisation {
        profile,
        layout: Layout::Aws,
        interfaces,
        seed: 1,
    };
    organisation.write(folder.path()).unwrap();
    let loaded = ingest::load(&[folder.path().to_owned()], Vec::new());
    loaded.unwrap().snapshot
}

/// All pairs, found by one thread.
fn all_pairs(title: &str, engine: &Engine<'_>) -> String {
    let region = Region::new(ALLOCATOR);
    let counts = counts::of_rows(&engine.rows().counts());
    let allocations = region.change().allocations;
    let interfaces = engine.snapshot().interfaces().len();
    let counts = [("interfaces", interfaces)]
        .into_iter()
        .chain(counts)
        .chain([("allocations", allocations)]);
    printed(title, counts)
}

/// A rule of one group, put into another or taken away.
fn edit(snapshot: &Snapshot, random: &mut Random, direction: Direction, adds: bool) -> Change {
    let groups = snapshot.groups().rows();
    let mut any = || groups.get(random.below(groups.len())).unwrap();
    let has_rule = |group: &&SecurityGroup| group.rules(direction).next().is_some();
    let from = std::iter::repeat_with(&mut any).find(has_rule).unwrap();
    let group = if adds { any() } else { from };
    let rules: Vec<_> = from.rules(direction).collect();
    let rule = *rules.get(random.below(rules.len())).unwrap();
    if adds {
        let (group, rule) = (group.id.clone(), rule.clone());
        return Change::AddRule { group, rule };
    }
    Change::RemoveRule(RuleName::of(group.id.clone(), rule))
}

/// What is found out again after edits of one kind, each by itself.
fn edits(title: &str, engine: &Engine<'_>, direction: Direction, adds: bool) -> String {
    let mut random = Random::new(7);
    let (mut ways, mut signatures, mut single_pairs, mut differing) = (0, 0, 0, 0);
    let mut done = 0;
    while done < EDITS {
        let change = edit(engine.snapshot(), &mut random, direction, adds);
        // The rule may be there already.
        let Ok(after) = engine.snapshot().with([&change]) else {
            continue;
        };
        let new = engine.with_rules_of(&after).unwrap();
        let counts = new.rows().counts();
        ways += counts.ways;
        signatures += counts.signatures;
        single_pairs += counts.single_pairs;
        differing += engine.rows().targets_that_differ(new.rows()).count();
        done += 1;
    }
    let counts = [
        ("edits", done),
        ("ways followed", ways),
        ("rows computed", signatures),
        ("pairs followed singly", single_pairs),
        ("targets that differ", differing),
    ];
    printed(title, counts)
}

fn work() -> String {
    let tidy = snapshot(Profile::Tidy, 10_000);
    let engine = Engine::new(&tidy);
    let mut found = all_pairs("tidy", &engine);
    for (title, direction, adds) in [
        ("tidy, a rule of ingress more", Direction::Ingress, true),
        ("tidy, a rule of ingress less", Direction::Ingress, false),
        ("tidy, a rule of egress more", Direction::Egress, true),
        ("tidy, a rule of egress less", Direction::Egress, false),
    ] {
        found += &edits(title, &engine, direction, adds);
    }
    // A /8, every interface a class of its own, 60 wide ranges of ports in a group, 5,000 entries in a prefix list, 1,000
    // overlapping blocks, ACLs at their quota.
    let hostile = snapshot(Profile::Hostile, 200);
    found + &all_pairs("hostile", &Engine::new(&hostile))
}

#[test]
fn the_work_for_an_organisation_is_what_it_was() {
    let alone = rayon::ThreadPoolBuilder::new().num_threads(1).build();
    let found = alone.unwrap().install(work);
    let expected = counts::expected("counts.txt", &found).unwrap();
    assert_eq!(
        found, expected,
        "the work has changed: run with WATERTIGHT_BLESS=1 if that is meant"
    );
}
