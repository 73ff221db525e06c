//! `cargo xtask test`: sets up, checks and tests everything, and closes with the counts.

use std::path::Path;

use crate::counts::Counts;
use crate::{Result, check, corpus, expect_no_arguments, setup, shell, steps};

/// How a test begins the line that says what it did not compare.
const WARNING: &str = "WARNING: ";

/// Runs everything; the last line is `N passed, N failed`, whatever happens before.
pub(crate) fn run(arguments: &[String]) -> Result {
    expect_no_arguments(arguments)?;
    let corpus = corpus::locate()?;
    println!("{}", corpus::announcement(corpus.as_deref()));

    let mut outcomes = vec![steps::run_one("setup", || setup::run(&[]))];
    outcomes.extend(steps::run_all(check::STEPS));
    let mut counts = Counts::default();
    let mut warnings = Vec::new();
    outcomes.push(steps::run_one("tests", || {
        run_tests(corpus.as_deref(), &mut counts, &mut warnings)
    }));

    let verdict = steps::summarise(&outcomes);
    println!("{}", corpus::announcement(corpus.as_deref()));
    for warning in &warnings {
        println!("{warning}");
    }
    println!("\n{counts}");
    verdict
}

/// All tests of the workspace: unit, integration and documentation tests, the fuzz targets' kept inputs among them.
///
/// What a test says that it did not compare is kept, to be said again at the end.
fn run_tests(corpus: Option<&Path>, counts: &mut Counts, warnings: &mut Vec<String>) -> Result {
    let mut command = shell::cargo(&["test", "--workspace", "--no-fail-fast"]);
    if let Some(path) = corpus {
        command.env(corpus::VARIABLE, path);
    }
    shell::run_reading(&mut command, |line| {
        counts.add_line(line);
        warnings.extend(line.starts_with(WARNING).then(|| line.to_owned()));
    })?;
    if counts.is_empty() {
        return Err("no test ran".into());
    }
    Ok(())
}
