//! `cargo xtask bench-data`: a large network, written as files.

use crate::{Result, shell};

/// Builds what writes organisations, and runs it with `arguments`.
pub(crate) fn run(arguments: &[String]) -> Result {
    let mut command = shell::cargo(&[
        "run",
        "--release",
        "--package",
        "organisation",
        "--bin",
        "bench-data",
        "--",
    ]);
    command.args(arguments);
    shell::run(&mut command)
}
