//! Setup, tests and checks of this repository: `cargo xtask COMMAND`.
//!
//! Each command is one file, and one line in [`COMMANDS`]. Nothing here is part of the product.
#![expect(
    clippy::print_stdout,
    reason = "a developer's tool talks to its terminal"
)]

mod bench;
mod bench_data;
mod check;
mod corpus;
mod counts;
mod docs;
mod fuzz;
mod metadata;
mod setup;
mod shell;
mod steps;
mod table;
mod test;
mod tidy;

use std::process::ExitCode;

/// What every command returns: an error says what was being done, and is printed once, in [`main`].
type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

/// One command of `cargo xtask`.
struct Command {
    /// The word that selects it.
    name: &'static str,
    /// One line for the help.
    summary: &'static str,
    /// Does it; the arguments are those after the name.
    run: fn(&[String]) -> Result,
}

/// All commands, in the order of the help.
const COMMANDS: &[Command] = &[
    Command {
        name: "setup",
        summary: "install what the tests need; safe to repeat",
        run: setup::run,
    },
    Command {
        name: "test",
        summary: "set up, check and test everything: what CI runs",
        run: test::run,
    },
    Command {
        name: "check",
        summary: "formatting, tidiness, dependency table, clippy, docs, licences",
        run: check::run,
    },
    Command {
        name: "tidy",
        summary: "the house rules that no compiler knows",
        run: tidy::run,
    },
    Command {
        name: "docs",
        summary: "build the documentation of every crate; --open shows it",
        run: docs::run,
    },
    Command {
        name: "bench",
        summary: "measure, and print the table; arguments go to the benchmark",
        run: bench::run,
    },
    Command {
        name: "bench-data",
        summary: "write an organisation: --profile P --interfaces N --seed S --out DIR [--layout L]",
        run: bench_data::run,
    },
    Command {
        name: "fuzz",
        summary: "fuzz one target: TARGET [SECONDS] (needs nightly and cargo-fuzz)",
        run: fuzz::run,
    },
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match arguments.split_first() {
        None => help(),
        Some((name, _)) if matches!(name.as_str(), "help" | "-h" | "--help") => help(),
        Some((name, rest)) => run(name, rest),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            if !error.is::<steps::StepsFailed>() {
                shell::complain(&format!("error: {error}"));
            }
            ExitCode::FAILURE
        }
    }
}

/// Runs the command called `name`.
fn run(name: &str, arguments: &[String]) -> Result {
    let Some(command) = COMMANDS.iter().find(|command| command.name == name) else {
        return Err(format!("no command `{name}`; `cargo xtask help` lists them").into());
    };
    (command.run)(arguments)
}

/// Prints the commands.
#[expect(
    clippy::unnecessary_wraps,
    reason = "stands in a row with the commands"
)]
fn help() -> Result {
    println!("cargo xtask COMMAND\n");
    for command in COMMANDS {
        println!("  {:<10} {}", command.name, command.summary);
    }
    Ok(())
}

/// Refuses arguments, for the commands that take none.
fn expect_no_arguments(arguments: &[String]) -> Result {
    match arguments.first() {
        None => Ok(()),
        Some(argument) => Err(format!("unexpected argument `{argument}`").into()),
    }
}
