//! The dependency table: which crate may use which, held against `cargo metadata`.
//!
//! The table is the architecture in one screen. Change a row only together with `ARCHITECTURE.md`, and say why.

use crate::metadata::{Dependency, Kind, Package};
use crate::{Result, metadata};

/// What one crate may use.
struct Row {
    /// The crate.
    name: &'static str,
    /// Crates of this workspace that it may use.
    may_use: &'static [&'static str],
    /// Crates of this workspace that only its tests may use.
    tests_may_use: &'static [&'static str],
    /// How many crates from outside it may use directly, not counting those of its tests.
    outside: Option<usize>,
}

/// One row per crate, in the direction of the data.
const TABLE: &[Row] = &[
    Row {
        name: "packet",
        may_use: &[],
        tests_may_use: &["testkit"],
        outside: Some(2),
    },
    Row {
        name: "pack-derive",
        may_use: &[],
        tests_may_use: &[],
        outside: Some(3),
    },
    Row {
        name: "model",
        may_use: &["pack-derive", "packet"],
        tests_may_use: &["testkit"],
        outside: Some(3),
    },
    Row {
        name: "ingest",
        may_use: &["model", "packet"],
        tests_may_use: &["testkit"],
        outside: None,
    },
    Row {
        name: "trace",
        may_use: &["model", "packet"],
        tests_may_use: &["testkit"],
        outside: Some(3),
    },
    Row {
        name: "engine",
        may_use: &["model", "packet"],
        tests_may_use: &["testkit"],
        outside: Some(4),
    },
    Row {
        name: "analysis",
        may_use: &["engine", "trace", "model", "packet"],
        tests_may_use: &["testkit"],
        outside: Some(4),
    },
    Row {
        name: "report",
        may_use: &["analysis", "model", "packet"],
        tests_may_use: &["engine", "testkit"],
        outside: None,
    },
    Row {
        name: "watertight",
        may_use: &[
            "analysis", "engine", "ingest", "model", "packet", "report", "trace",
        ],
        tests_may_use: &["testkit"],
        outside: None,
    },
    Row {
        name: "testkit",
        may_use: &["model", "packet"],
        tests_may_use: &[],
        outside: None,
    },
    Row {
        name: "organisation",
        may_use: &["testkit"],
        tests_may_use: &[],
        outside: Some(0),
    },
    Row {
        name: "baseline",
        may_use: &["model", "packet"],
        tests_may_use: &["testkit"],
        outside: Some(1),
    },
    Row {
        name: "conformance",
        may_use: &[
            "analysis",
            "baseline",
            "engine",
            "ingest",
            "model",
            "organisation",
            "packet",
            "report",
            "testkit",
            "trace",
            "watertight",
        ],
        tests_may_use: &[],
        outside: None,
    },
    Row {
        name: "xtask",
        may_use: &[],
        tests_may_use: &[],
        outside: None,
    },
];

/// Holds the workspace against [`TABLE`].
pub(crate) fn run() -> Result {
    let packages = metadata::packages()?;
    let violations = violations(&packages, TABLE);
    if violations.is_empty() {
        println!("{} crates use only what they may", packages.len());
        return Ok(());
    }
    Err(violations.join("\n").into())
}

/// Everything in the workspace that the table does not allow, one sentence each.
fn violations(packages: &[Package], table: &[Row]) -> Vec<String> {
    let mut violations = Vec::new();
    for package in packages {
        match table.iter().find(|row| row.name == package.name) {
            Some(row) => violations.extend(violations_of(package, row)),
            None => violations.push(format!(
                "`{}` has no row in the dependency table",
                package.name
            )),
        }
    }
    let is_missing = |row: &&Row| packages.iter().all(|package| package.name != row.name);
    violations.extend(table.iter().filter(is_missing).map(|row| {
        format!(
            "the dependency table has a row for `{}`, which is no crate",
            row.name
        )
    }));
    violations
}

/// What one crate uses against its row.
fn violations_of(package: &Package, row: &Row) -> Vec<String> {
    let name = &package.name;
    let (inside, outside): (Vec<&Dependency>, Vec<&Dependency>) = package
        .dependencies
        .iter()
        .partition(|dependency| dependency.path.is_some());
    let mut violations: Vec<String> = inside
        .into_iter()
        .filter_map(|dependency| forbidden(name, dependency, row))
        .collect();
    let mut direct: Vec<&str> = outside
        .into_iter()
        .filter(|dependency| dependency.kind != Some(Kind::Dev))
        .map(|dependency| dependency.name.as_str())
        .collect();
    direct.sort_unstable();
    direct.dedup();
    if let Some(limit) = row.outside.filter(|&limit| direct.len() > limit) {
        let (n_direct, list) = (direct.len(), direct.join(", "));
        violations.push(format!(
            "`{name}` uses {n_direct} crates from outside, of {limit} it may: {list}"
        ));
    }
    violations
}

/// Says why a crate must not use another crate of this workspace, if it must not.
fn forbidden(name: &str, dependency: &Dependency, row: &Row) -> Option<String> {
    let used = dependency.name.as_str();
    let is_for_tests = dependency.kind == Some(Kind::Dev);
    let allowed = if is_for_tests {
        row.tests_may_use
    } else {
        row.may_use
    };
    if allowed.contains(&used) {
        return None;
    }
    let who = if is_for_tests { "tests of " } else { "" };
    let list = if allowed.is_empty() {
        "nothing of this workspace".into()
    } else {
        allowed.join(", ")
    };
    Some(format!(
        "{who}`{name}` must not use `{used}`; allowed: {list}"
    ))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const SMALL: &[Row] = &[
        Row {
            name: "low",
            may_use: &[],
            tests_may_use: &["kit"],
            outside: Some(1),
        },
        Row {
            name: "high",
            may_use: &["low"],
            tests_may_use: &[],
            outside: None,
        },
    ];

    /// Checks a workspace of `low` and `high`, each with the dependencies given as JSON.
    fn check(low: &str, high: &str, expected: &[&str]) {
        let json = format!(
            r#"{{"packages": [{{"name": "low", "dependencies": [{low}]}}, {{"name": "high", "dependencies": [{high}]}}]}}"#
        );
        assert_eq!(
            violations(&metadata::parse(&json).unwrap(), SMALL),
            expected
        );
    }

    #[test]
    fn what_the_table_allows_passes() {
        check(
            r#"{"name": "kit", "kind": "dev", "path": "/kit"}, {"name": "ipnet", "kind": null, "path": null}"#,
            r#"{"name": "low", "kind": null, "path": "/low"}"#,
            &[],
        );
    }

    #[test]
    fn using_upwards_is_refused() {
        check(
            r#"{"name": "high", "kind": null, "path": "/high"}"#,
            "",
            &["`low` must not use `high`; allowed: nothing of this workspace"],
        );
    }

    #[test]
    fn tests_are_held_to_the_table_too() {
        check(
            r#"{"name": "high", "kind": "dev", "path": "/high"}"#,
            "",
            &["tests of `low` must not use `high`; allowed: kit"],
        );
    }

    #[test]
    fn a_build_script_is_no_way_around() {
        check(
            r#"{"name": "kit", "kind": "build", "path": "/kit"}"#,
            "",
            &["`low` must not use `kit`; allowed: nothing of this workspace"],
        );
    }

    #[test]
    fn crates_from_outside_are_counted_once_and_not_for_tests() {
        check(
            r#"{"name": "a", "kind": null, "path": null}, {"name": "a", "kind": "build", "path": null},
               {"name": "b", "kind": "dev", "path": null}"#,
            "",
            &[],
        );
        check(
            r#"{"name": "b", "kind": null, "path": null}, {"name": "a", "kind": null, "path": null}"#,
            "",
            &["`low` uses 2 crates from outside, of 1 it may: a, b"],
        );
    }

    #[test]
    fn rows_and_crates_are_the_same() {
        let packages =
            metadata::parse(r#"{"packages": [{"name": "new", "dependencies": []}]}"#).unwrap();
        let expected = [
            "`new` has no row in the dependency table",
            "the dependency table has a row for `low`, which is no crate",
            "the dependency table has a row for `high`, which is no crate",
        ];
        assert_eq!(violations(&packages, SMALL), expected);
    }

    #[test]
    fn engine_and_trace_never_meet_below_analysis() {
        assert!(!closure("engine").contains("trace"));
        assert!(!closure("trace").contains("engine"));
    }

    /// Every crate that the table lets `name` reach, through its tests as well.
    fn closure(name: &'static str) -> BTreeSet<&'static str> {
        let mut reached = BTreeSet::new();
        let mut open = vec![name];
        while let Some(next) = open.pop() {
            for row in TABLE.iter().filter(|row| row.name == next) {
                let used = row.may_use.iter().chain(row.tests_may_use);
                open.extend(used.filter(|&&used| reached.insert(used)));
            }
        }
        reached
    }
}
