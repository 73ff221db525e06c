//! The example networks answer as their `expected.csv` says.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::tests_outside_test_module,
    reason = "an integration test"
)]

use conformance::both::Both;
use conformance::{case, corpus, table};

fn check(name: &str) {
    let folder = corpus::root().join("examples").join(name);
    let snapshot = case::load(&folder).unwrap_or_else(|error| panic!("{name}: {error}"));
    let both = Both::new(&snapshot);
    let rows = table::read(&folder.join("expected.csv")).unwrap();
    let mut complaints = Vec::new();
    for (number, row) in rows.iter().enumerate() {
        let [src, dst, proto, dport] =
            ["src", "dst", "proto", "dport"].map(|column| row.get(column));
        let shown = match case::answer(&both, src, dst, proto, dport) {
            Ok((answer, _)) if case::word(answer) == row.get("expected") => continue,
            Ok((answer, why)) => format!("{} ({why})", case::word(answer)),
            Err(error) => error,
        };
        let (line, expected, why) = (number + 2, row.get("expected"), row.get("why"));
        complaints.push(format!(
            "line {line}: {src} -> {dst} {proto}/{dport}: expected {expected} ({why}), got {shown}"
        ));
    }
    assert!(
        complaints.is_empty(),
        "{name}: {} of {} rows\n{}",
        complaints.len(),
        rows.len(),
        complaints.join("\n")
    );
    println!("{name}: {} rows agree", rows.len());
}

#[test]
fn shop() {
    check("shop");
}

#[test]
fn shop_hardened() {
    check("shop-hardened");
}

#[test]
fn hub() {
    check("hub");
}
