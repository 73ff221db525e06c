//! Every row of the reference is covered, and `docs/semantics/coverage.md` says by what. `WATERTIGHT_BLESS=1` writes it anew.
#![expect(clippy::tests_outside_test_module, reason = "an integration test")]

use conformance::coverage::{self, Standing};
use conformance::{corpus, literate};

/// Topologies with expected answers. May only grow.
const MIN_CASES: usize = 282;

#[test]
fn the_table_says_what_the_tests_cover() {
    let folder = corpus::root().join("docs/semantics");
    let rows = coverage::rows(&folder.join("rows.csv")).unwrap();
    let mut claims = coverage::of_pages(&literate::pages(&folder).unwrap()).unwrap();
    let of_tests = coverage::of_tests(&corpus::root()).unwrap();
    let complaints = coverage::complaints_of_tests(&rows, &of_tests);
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    claims.extend(of_tests);
    let n_open = coverage::open(&rows, &claims).len();
    assert_eq!(n_open, 0, "rows about packets that no case covers");
    let path = folder.join("coverage.md");
    let table = coverage::table(&rows, &claims);
    if std::env::var_os("WATERTIGHT_BLESS").is_some() {
        std::fs::write(&path, &table).unwrap();
    }
    let published = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        published == table,
        "coverage.md is not what the tests cover: run with WATERTIGHT_BLESS=1"
    );
}

#[test]
fn there_are_many_cases() {
    let folder = corpus::root().join("docs/semantics");
    let (mut n_cases, mut n_answers) = (0, 0);
    for (_, page) in literate::pages(&folder).unwrap() {
        for block in &page.blocks {
            let n_expected = literate::topology(block).unwrap().expectations.len();
            n_answers += n_expected;
            n_cases += usize::from(0 < n_expected);
        }
    }
    println!("literate: {n_cases} cases expect {n_answers} answers");
    assert!(MIN_CASES <= n_cases, "only {n_cases} cases");
}

#[test]
fn what_differs_between_cases_is_conditional() {
    use Standing::{Conditional, Exact, Undetermined};
    assert_eq!(Standing::together([]), None);
    assert_eq!(Standing::together([Exact, Exact]), Some(Exact));
    let mixed = Standing::together([Undetermined, Exact, Undetermined]);
    assert_eq!(mixed, Some(Conditional));
}

#[test]
fn a_claim_that_the_answers_do_not_bear_out_is_told() {
    let folder = corpus::root().join("docs/semantics");
    let rows = coverage::rows(&folder.join("rows.csv")).unwrap();
    let page = literate::read(
        "## A\n\nCovers: exact 2.1/scope\n\n## B\n\nCovers: undetermined 2.1/order, exact 9.9/none\n\n```topology\nvpc main 10.0.0.0/16\nsubnet a main 10.0.1.0/24\nhost x in a 10.0.1.5\nexpect x -> x tcp/22 reachable\n```\n",
    );
    let expected = [
        "page.md line 3: no topology follows what is covered",
        "page.md line 7: `2.1/order`: the expected answers do not bear this standing out",
        "page.md line 7: `9.9/none`: no such row in rows.csv",
    ];
    assert_eq!(coverage::complaints(&rows, "page.md", &page), expected);
}
