//! Steps that run one after another, all of them, with a summary at the end.

use std::fmt;
use std::time::{Duration, Instant};

use crate::{Result, shell};

/// One thing to do, by name.
pub(crate) struct Step {
    /// Short name for headings and the summary.
    pub(crate) name: &'static str,
    /// Does it.
    pub(crate) run: fn() -> Result,
}

/// How a step ended.
pub(crate) struct Outcome {
    name: &'static str,
    took: Duration,
    error: Option<String>,
}

/// Runs every step, also after one has failed, so that one run shows everything that is wrong.
pub(crate) fn run_all(steps: &[Step]) -> Vec<Outcome> {
    steps
        .iter()
        .map(|step| run_one(step.name, step.run))
        .collect()
}

/// Runs one step under a heading.
pub(crate) fn run_one(name: &'static str, run: impl FnOnce() -> Result) -> Outcome {
    println!("\n── {name}");
    let start = Instant::now();
    let error = run().err().map(|error| error.to_string());
    if let Some(error) = &error {
        shell::complain(&format!("error: {error}"));
    }
    Outcome {
        name,
        took: start.elapsed(),
        error,
    }
}

/// Steps failed, and [`summarise`] has said which: there is nothing left to print.
#[derive(Debug)]
pub(crate) struct StepsFailed;

/// Prints one line per step, and fails if any of them did.
pub(crate) fn summarise(outcomes: &[Outcome]) -> Result {
    println!("\n── summary");
    for outcome in outcomes {
        println!("{}", outcome.line());
    }
    if outcomes.iter().any(|outcome| outcome.error.is_some()) {
        return Err(StepsFailed.into());
    }
    Ok(())
}

impl Outcome {
    /// The line of this step in the summary.
    fn line(&self) -> String {
        let took = self.took.as_secs_f64();
        match &self.error {
            None => format!("ok      {:<18} {took:7.1} s", self.name),
            Some(error) => format!("FAILED  {:<18} {took:7.1} s  {error}", self.name),
        }
    }
}

impl std::error::Error for StepsFailed {}

impl fmt::Display for StepsFailed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("some steps failed")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STEPS: &[Step] = &[
        Step {
            name: "bad",
            run: || Err("broken".into()),
        },
        Step {
            name: "good",
            run: || Ok(()),
        },
    ];

    #[test]
    fn a_failed_step_does_not_hide_the_next() {
        let outcomes = run_all(STEPS);
        let lines: Vec<String> = outcomes.iter().map(Outcome::line).collect();
        assert!(lines[0].starts_with("FAILED  bad") && lines[0].ends_with("broken"));
        assert!(lines[1].starts_with("ok      good"));
    }

    #[test]
    fn one_failed_step_fails_the_whole() {
        let error = summarise(&run_all(STEPS)).unwrap_err();
        assert!(error.is::<StepsFailed>());
    }

    #[test]
    fn no_failed_step_is_success() {
        assert!(summarise(&run_all(&STEPS[1..])).is_ok());
    }
}
