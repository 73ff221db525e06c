//! The command line of Watertight.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(watertight::run(std::env::args_os()).code())
}
