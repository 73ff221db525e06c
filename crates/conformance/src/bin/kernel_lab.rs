//! `kernel-lab run FILE forward|drop` builds a topology in the namespaces that it is started in, and tells the outcome of
//! each probe; `kernel-lab agent …` is what it starts in each place. For `tests/kernel.rs`.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program")]

use std::process::ExitCode;

use conformance::kernel::agent::{self, Listens};
use conformance::kernel::{Appliances, Case, inside};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match work(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn work(arguments: &[String]) -> Result<(), String> {
    match arguments.split_first() {
        Some((first, rest)) if first == "agent" => {
            let listens = Listens::read(rest).ok_or("arguments of an agent")?;
            let name = &listens.name;
            agent::run(&listens).map_err(|error| format!("{name}: {error}"))
        }
        Some((first, rest)) if first == "run" => run(rest),
        _ => Err("kernel-lab run FILE forward|drop".to_owned()),
    }
}

fn run(arguments: &[String]) -> Result<(), String> {
    let [file, appliances] = arguments else {
        return Err("kernel-lab run FILE forward|drop".to_owned());
    };
    let appliances = match appliances.as_str() {
        "forward" => Appliances::Forward,
        _ => Appliances::Drop,
    };
    let case = Case::read(file.as_ref())?;
    for outcome in inside::run(&case, appliances)? {
        println!("{}", outcome.line());
    }
    Ok(())
}
