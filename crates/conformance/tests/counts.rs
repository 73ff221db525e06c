//! How much work it is to answer for all pairs of an organisation: counts that no machine changes. A change of them is
//! made on purpose, with `WATERTIGHT_BLESS=1 cargo test -p conformance --test counts`.
#![expect(clippy::tests_outside_test_module, reason = "an integration test")]

use std::path::Path;

use engine::{Engine, RowCounts};
use organisation::{Layout, Organisation, Profile};

/// What is expected, one count a line.
const EXPECTED: &str = "tests/counts.txt";

fn printed(interfaces: usize, counts: RowCounts) -> String {
    let RowCounts {
        classes,
        sites,
        ways,
        signatures,
        rows,
        reaches,
        single_pairs,
    } = counts;
    let lines = [
        ("interfaces", interfaces),
        ("classes", classes),
        ("sites", sites),
        ("ways followed", ways),
        ("rows computed", signatures),
        ("rows that differ", rows),
        ("answers that differ", reaches),
        ("pairs followed singly", single_pairs),
    ];
    let lines = lines.map(|(name, count)| format!("{name}: {count}\n"));
    lines.concat()
}

#[test]
fn the_work_for_an_organisation_is_what_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let organisation = Organisation {
        profile: Profile::Tidy,
        layout: Layout::Aws,
        interfaces: 10_000,
        seed: 1,
    };
    organisation.write(folder.path()).unwrap();
    let loaded = ingest::load(&[folder.path().to_owned()], Vec::new()).unwrap();
    let engine = Engine::new(&loaded.snapshot);
    let found = printed(loaded.snapshot.interfaces().len(), engine.rows().counts());
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(EXPECTED);
    if std::env::var_os("WATERTIGHT_BLESS").is_some() {
        std::fs::write(&path, &found).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap();
    assert_eq!(
        found, expected,
        "the work has changed: run with WATERTIGHT_BLESS=1 if that is meant"
    );
}
