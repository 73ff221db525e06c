//! After an edit of an organisation, the answers that were carried over are those that are found from nothing.
#![expect(
    clippy::tests_outside_test_module,
    clippy::unwrap_used,
    reason = "an integration test"
)]

use std::collections::BTreeMap;

use engine::{ClassId, Engine, Reach};
use model::Snapshot;
use organisation::{Layout, Organisation, Profile};
use testkit::{Random, random_change};

/// How many interfaces the organisation has.
const INTERFACES: usize = 400;
/// How many edits are made, each by itself.
const EDITS: usize = 25;

fn snapshot(profile: Profile, seed: u64) -> Snapshot {
    let folder = tempfile::tempdir().unwrap();
    let organisation = Organisation {
        profile,
        layout: Layout::Aws,
        interfaces: INTERFACES,
        seed,
    };
    organisation.write(folder.path()).unwrap();
    let folder = folder.path().to_owned();
    ingest::load(&[folder], Vec::new()).unwrap().snapshot
}

/// Who reaches a class, by what.
fn row<'e>(engine: &'e Engine<'_>, target: ClassId) -> BTreeMap<ClassId, &'e Reach> {
    let rows = engine.rows();
    let joined = rows.joined_to(target);
    let parts = rows.row(rows.row_of(target)).parts();
    let parts = parts.flat_map(|(id, set)| set.iter().map(move |class| (class, rows.reach(id))));
    parts.filter(|(class, _)| !joined.contains(class)).collect()
}

/// Makes edits one by one; gives how many changed something without everything being found out again.
fn check(profile: Profile, seed: u64) -> usize {
    let before = snapshot(profile, seed);
    let engine = Engine::new(&before);
    let mut random = Random::new(seed);
    let mut n_carried = 0;
    for _ in 0..EDITS {
        let Some(change) = random_change(&before, &mut random) else {
            continue;
        };
        let Ok(after) = before.with([&change]) else {
            continue;
        };
        let carried = engine.after(&after, [&change]);
        // Edits of rules have a law of their own.
        if carried.known_rows().is_none() || carried.shares_classes_with(&engine) {
            continue;
        }
        n_carried += 1;
        let fresh = Engine::alongside(&after, &before);
        for (target, _) in carried.classes() {
            assert_eq!(row(&carried, target), row(&fresh, target), "{change:?}");
        }
    }
    n_carried
}

#[test]
fn edits_of_an_organisation_carry_over_what_they_do_not_touch() {
    for (seed, profile) in [
        (1, Profile::Tidy),
        (2, Profile::Messy),
        (3, Profile::Kubernetes),
    ] {
        assert!(5 < check(profile, seed));
    }
}
