//! `cargo xtask fuzz`: searches for inputs that break a reader.
//!
//! A fuzz target is a function of the `conformance` crate. Here it meets new inputs, which needs a nightly compiler
//! and cargo-fuzz; the ordinary tests run the same function over the inputs kept in `fuzz/kept/TARGET`, on stable.

use std::path::Path;

use crate::{Result, shell};

/// How long to search when nobody says.
const DEFAULT_SECONDS: u32 = 60;

/// Fuzzes the target that the first argument names, for as many seconds as the second says.
pub(crate) fn run(arguments: &[String]) -> Result {
    let targets = targets(&shell::root().join("fuzz/fuzz_targets"))?;
    let request = Request::parse(arguments, &targets)?;
    require_tools()?;
    let (target, seconds) = (&request.target, request.seconds);
    let found = format!("fuzz/corpus/{target}");
    std::fs::create_dir_all(shell::root().join(&found))
        .map_err(|error| format!("cannot make the folder `{found}`: {error}"))?;
    let kept = format!("fuzz/kept/{target}");
    let limit = format!("-max_total_time={seconds}");
    let arguments = [
        "run", "nightly", "cargo", "fuzz", "run", target, &found, &kept, "--", &limit,
    ];
    shell::run(&mut shell::command("rustup", &arguments)).map_err(|error| {
        format!("{error}\na crasher in fuzz/artifacts/{target} belongs, under a telling name, into {kept}").into()
    })
}

/// What to fuzz, and for how long.
#[derive(Debug, PartialEq, Eq)]
struct Request {
    target: String,
    seconds: u32,
}

impl Request {
    /// Reads `TARGET [SECONDS]`.
    fn parse(arguments: &[String], targets: &[String]) -> Result<Self> {
        let (target, seconds) = match arguments {
            [target] => (target, DEFAULT_SECONDS),
            [target, seconds] => (target, parse_seconds(seconds)?),
            _ => {
                return Err(
                    format!("say TARGET [SECONDS]; targets: {}", targets.join(", ")).into(),
                );
            }
        };
        if !targets.contains(target) {
            return Err(format!(
                "no fuzz target `{target}`; there are: {}",
                targets.join(", ")
            )
            .into());
        }
        Ok(Self {
            target: target.clone(),
            seconds,
        })
    }
}

/// Reads a number of seconds.
fn parse_seconds(text: &str) -> Result<u32> {
    text.parse()
        .map_err(|error| format!("`{text}` is no number of seconds: {error}").into())
}

/// The names of the targets: one file each.
fn targets(folder: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "rs") {
            names.extend(
                path.file_stem()
                    .map(|stem| stem.to_string_lossy().into_owned()),
            );
        }
    }
    names.sort();
    Ok(names)
}

/// Fails with an explanation unless nightly and cargo-fuzz are there.
fn require_tools() -> Result {
    if !shell::succeeds(&mut shell::command(
        "rustup",
        &["run", "nightly", "cargo", "--version"],
    )) {
        return Err(
            "fuzzing needs a nightly compiler: `rustup toolchain install nightly`. \
                    The kept inputs run without it, in `cargo xtask test`"
                .into(),
        );
    }
    if !shell::succeeds(&mut shell::cargo(&["fuzz", "--version"])) {
        return Err("fuzzing needs cargo-fuzz: `cargo install cargo-fuzz`. \
                    The kept inputs run without it, in `cargo xtask test`"
            .into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Parses `arguments` where the targets are `batch` and `selector`.
    fn parse(arguments: &[&str]) -> Result<Request> {
        let arguments: Vec<String> = arguments.iter().map(ToString::to_string).collect();
        Request::parse(&arguments, &["batch".into(), "selector".into()])
    }

    #[test]
    fn a_target_runs_for_a_minute_unless_said_otherwise() {
        assert_eq!(
            parse(&["batch"]).unwrap(),
            Request {
                target: "batch".into(),
                seconds: 60
            }
        );
        assert_eq!(
            parse(&["batch", "5"]).unwrap(),
            Request {
                target: "batch".into(),
                seconds: 5
            }
        );
    }

    #[test]
    fn an_unknown_target_is_answered_with_the_known_ones() {
        let error = parse(&["json"]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "no fuzz target `json`; there are: batch, selector"
        );
    }

    #[test]
    fn seconds_are_a_number() {
        assert!(
            parse(&["batch", "soon"])
                .unwrap_err()
                .to_string()
                .starts_with("`soon` is no number")
        );
    }
}
