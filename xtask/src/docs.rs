//! `cargo xtask docs`: the documentation of every crate, without a warning.

use crate::{Result, shell};

/// Builds the documentation, private items included: they are what a contributor reads. `--open` shows it.
pub(crate) fn run(arguments: &[String]) -> Result {
    let mut command = shell::cargo(&[
        "doc",
        "--workspace",
        "--no-deps",
        "--document-private-items",
    ]);
    command.args(arguments).env("RUSTDOCFLAGS", "-D warnings");
    shell::run(&mut command)
}
