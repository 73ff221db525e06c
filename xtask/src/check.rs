//! `cargo xtask check`: everything that can be said without running the tests.

use crate::steps::Step;
use crate::{Result, docs, expect_no_arguments, shell, steps, table, tidy};

/// The checks that need nothing but the Rust toolchain, the quick ones first.
pub(crate) const STEPS: &[Step] = &[
    Step {
        name: "fmt",
        run: formatting,
    },
    Step {
        name: "tidy",
        run: || tidy::run(&[]),
    },
    Step {
        name: "dependency table",
        run: table::run,
    },
    Step {
        name: "clippy",
        run: clippy,
    },
    Step {
        name: "docs",
        run: || docs::run(&[]),
    },
];

/// Runs [`STEPS`], and `cargo deny` where it is installed.
pub(crate) fn run(arguments: &[String]) -> Result {
    expect_no_arguments(arguments)?;
    let mut outcomes = steps::run_all(STEPS);
    outcomes.push(steps::run_one("licences", deny));
    steps::summarise(&outcomes)
}

/// Every file is formatted.
fn formatting() -> Result {
    shell::run(&mut shell::cargo(&["fmt", "--all", "--check"]))
}

/// No lint speaks, in products, tests and benchmarks alike.
fn clippy() -> Result {
    let arguments = [
        "clippy",
        "--workspace",
        "--all-targets",
        "--",
        "-D",
        "warnings",
    ];
    shell::run(&mut shell::cargo(&arguments))
}

/// Licences, bans and sources of all dependencies.
///
/// Advisories are left to `cargo deny check advisories`: they are fetched from a place that a build need not reach.
fn deny() -> Result {
    if !shell::succeeds(&mut shell::cargo(&["deny", "--version"])) {
        println!(
            "WARNING: LICENCES NOT CHECKED. cargo-deny is not installed; \
             `cargo install cargo-deny` takes some minutes and brings it"
        );
        return Ok(());
    }
    shell::run(&mut shell::cargo(&[
        "deny", "check", "bans", "licenses", "sources",
    ]))
}
