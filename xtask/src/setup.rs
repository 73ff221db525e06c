//! `cargo xtask setup`: installs what the tests need, and nothing that is there already.

use crate::{Result, expect_no_arguments, shell};

/// Something that the tests need beside the crates.
struct Part {
    /// What it is called.
    name: &'static str,
    /// What needs it.
    needed_for: &'static str,
    /// A command that succeeds when the part is there.
    probe: &'static [&'static str],
    /// A command that installs it.
    install: &'static [&'static str],
    /// Whether the tests fail without it, or say what they did not compare.
    need: Need,
}

/// What happens where a part is missing and cannot be installed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Need {
    /// Setting up fails.
    Required,
    /// Setting up goes on, and the tests say loudly what they leave out.
    Wanted,
}

/// Everything that the tests need. A new need is a new entry, whatever its kind:
///
/// ```text
/// probe: &["python3", "-c", "import moto"],        install: &["python3", "-m", "pip", "install", "moto==5.0.0"],
/// probe: &["npm", "ls", "--prefix", "ui"],         install: &["npm", "ci", "--prefix", "ui"],
/// ```
const PARTS: &[Part] = &[
    Part {
        name: "rustfmt",
        needed_for: "the formatting check",
        probe: &["cargo", "fmt", "--version"],
        install: &["rustup", "component", "add", "rustfmt"],
        need: Need::Required,
    },
    Part {
        name: "clippy",
        needed_for: "the lints",
        probe: &["cargo", "clippy", "--version"],
        install: &["rustup", "component", "add", "clippy"],
        need: Need::Required,
    },
    Part {
        name: "nftables, iproute2 and util-linux",
        needed_for: "the tests in a real kernel",
        probe: &[
            "sh",
            "-c",
            "nft --version && ip -V && unshare --version && nsenter --version",
        ],
        install: &[
            "sh",
            "-c",
            "apt-get update -q && apt-get install -y -q nftables iproute2 util-linux",
        ],
        need: Need::Wanted,
    },
];

/// Installs every part that is missing, then fetches the crates that the lock file names.
pub(crate) fn run(arguments: &[String]) -> Result {
    expect_no_arguments(arguments)?;
    for part in PARTS {
        match (ensure(part), part.need) {
            (Err(error), Need::Wanted) => {
                println!("WARNING: {error}; what needs it is left out, and says so");
            }
            (outcome, _) => outcome?,
        }
    }
    shell::run(&mut shell::cargo(&["fetch", "--locked", "--quiet"]))
}

/// Installs one part unless it is there, and says which of the two it was.
fn ensure(part: &Part) -> Result {
    let Part {
        name,
        needed_for,
        probe,
        install,
        need: _,
    } = part;
    if is_there(probe) {
        println!("{name}: there already");
        return Ok(());
    }
    println!("{name}: missing, needed for {needed_for}; installing");
    let Some((program, arguments)) = install.split_first() else {
        return Err(format!("no way is known to install `{name}`").into());
    };
    shell::run(&mut shell::command(program, arguments))
        .map_err(|error| format!("cannot install `{name}`, needed for {needed_for}: {error}"))?;
    if is_there(probe) {
        Ok(())
    } else {
        Err(format!(
            "`{name}` was installed, and `{}` still fails",
            probe.join(" ")
        )
        .into())
    }
}

/// Whether the probe succeeds.
fn is_there(probe: &[&str]) -> bool {
    probe.split_first().is_some_and(|(program, arguments)| {
        shell::succeeds(&mut shell::command(program, arguments))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_is_not_installed() {
        let part = Part {
            name: "cargo",
            needed_for: "this test",
            probe: &["cargo", "--version"],
            install: &["watertight-no-such-program"],
            need: Need::Required,
        };
        assert!(ensure(&part).is_ok());
    }

    #[test]
    fn a_failed_installation_says_what_needs_the_part() {
        let part = Part {
            name: "sextant",
            needed_for: "the stars",
            probe: &["watertight-no-such-program"],
            install: &["watertight-no-such-program"],
            need: Need::Required,
        };
        let message = ensure(&part).unwrap_err().to_string();
        assert!(
            message.starts_with("cannot install `sextant`, needed for the stars: "),
            "{message}"
        );
    }

    #[test]
    fn every_part_can_be_probed_and_installed() {
        assert!(
            PARTS
                .iter()
                .all(|part| !part.probe.is_empty() && !part.install.is_empty())
        );
    }
}
