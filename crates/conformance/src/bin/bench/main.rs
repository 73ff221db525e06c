//! Prints the table of measurements, as Markdown, and stores it in `target/bench.md`.
//!
//! `cargo xtask bench [--largest] [--limit SECONDS] [PROFILE:INTERFACES …]`: recorded labs, a VPC of 200 hosts,
//! textbook verifiers on the same input, and synthetic organisations. Without a list, `tidy` has 1,000 to 100,000
//! interfaces and the other profiles 1,000 and 10,000; `--largest` adds 1,000,000. Each row is measured in a process of
//! its own, so that its peak of memory is its own, and is given up after the limit.
#![expect(clippy::print_stdout, reason = "the table is the output")]

mod baselines;
mod child;
mod edits;
mod figures;
mod lab;
mod network;
mod tables;

use std::path::Path;
use std::process::ExitCode;

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        [child::LAB, folder] => lab::measure(Path::new(folder)),
        [child::NETWORK, folder] => network::measure(Path::new(folder)),
        [child::EDITS, folder] => network::edits(Path::new(folder)),
        [child::PAIRS, folder] => network::all_pairs(Path::new(folder)),
        [child::PAIRWISE, folder] => baselines::pairwise(Path::new(folder)),
        [child::DIAGRAMS, folder] => baselines::diagrams(Path::new(folder)),
        wanted => tables::all(wanted),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("error={error}");
            ExitCode::FAILURE
        }
    }
}
