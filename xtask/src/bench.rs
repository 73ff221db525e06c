//! `cargo xtask bench`: the table of measurements.

use crate::{Result, shell};

/// Builds the benchmark for release and runs it with `arguments`.
pub(crate) fn run(arguments: &[String]) -> Result {
    let mut command = shell::cargo(&[
        "run",
        "--release",
        "--package",
        "conformance",
        "--bin",
        "bench",
        "--",
    ]);
    command.args(arguments);
    shell::run(&mut command)
}
