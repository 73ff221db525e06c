//! Counting the tests that `cargo test` ran.

use std::fmt;

/// Tests that ran, by how they ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    passed: u64,
    failed: u64,
    skipped: u64,
}

impl Counts {
    /// Adds the counts in `line`, if it is the closing line of a test binary; other lines add nothing.
    pub(crate) fn add_line(&mut self, line: &str) {
        if let Some(counts) = parse(line) {
            self.passed += counts.passed;
            self.failed += counts.failed;
            self.skipped += counts.skipped;
        }
    }

    /// Whether no test ran at all.
    pub(crate) fn is_empty(self) -> bool {
        self.passed + self.failed == 0
    }
}

/// Reads `test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.02s`.
fn parse(line: &str) -> Option<Counts> {
    let (_state, parts) = line
        .trim()
        .strip_prefix("test result: ")?
        .split_once(". ")?;
    let count = |word: &str| {
        parts
            .split("; ")
            .find_map(|part| part.strip_suffix(word)?.trim_end().parse::<u64>().ok())
    };
    Some(Counts {
        passed: count("passed")?,
        failed: count("failed")?,
        skipped: count("ignored")?,
    })
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)?;
        if self.skipped > 0 {
            write!(f, ", {} skipped", self.skipped)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Adds all lines of `output` up.
    fn sum(output: &str) -> String {
        let mut counts = Counts::default();
        output.lines().for_each(|line| counts.add_line(line));
        counts.to_string()
    }

    #[test]
    fn closing_lines_add_up() {
        let output = "
running 3 tests
test a ... ok
test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.02s
test result: FAILED. 10 passed; 2 failed; 0 ignored; 0 measured; 4 filtered out; finished in 1.50s";
        assert_eq!(sum(output), "13 passed, 2 failed");
    }

    #[test]
    fn ignored_tests_are_skipped_ones() {
        let line = "test result: ok. 1 passed; 0 failed; 2 ignored; 0 measured; 0 filtered out";
        assert_eq!(sum(line), "1 passed, 0 failed, 2 skipped");
    }

    #[test]
    fn other_lines_count_nothing() {
        assert_eq!(
            sum("test result of the lab: 5 passed"),
            "0 passed, 0 failed"
        );
        assert_eq!(
            sum("test result: ok. many passed; 0 failed"),
            "0 passed, 0 failed"
        );
        assert!(Counts::default().is_empty());
    }
}
