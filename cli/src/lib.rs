//! The command line of Watertight, as a library that tests and fuzz targets reach.
//!
//! # Tour
//!
//! - [`run`] is the whole program; the binary only hands it its arguments.
//! - [`selector::parse`], [`batch::parse`] and [`change::make`] read what users write.
//! - [`config`] is the configuration file, [`output`] where answers go, [`exit`] how a run ends.

pub mod arguments;
pub mod batch;
pub mod change;
pub mod command;
pub mod config;
pub mod error;
pub mod exit;
pub mod output;
pub mod selector;

mod interrupt;
mod kept;
mod nearest;
mod progress;
mod service;
mod session;
mod talk;

use std::ffi::OsString;
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind};

use clap::Parser;

use arguments::{Arguments, Command};
use error::Error;
use exit::Exit;

/// Runs the program with these arguments, the first of which is its own name.
///
/// Never panics: a bug is said to be one, and ends with [`Exit::Failure`].
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> Exit {
    std::panic::set_hook(Box::new(say_bug));
    interrupt::listen();
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let exit = catch_unwind(AssertUnwindSafe(|| parse_and_run(arguments)));
    progress::end();
    exit.unwrap_or(Exit::Failure)
}

fn parse_and_run(arguments: Vec<OsString>) -> Exit {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version are answers; that nobody reads them is no error.
            let _ = error.print();
            return if error.use_stderr() {
                Exit::Usage
            } else {
                Exit::Clean
            };
        }
    };
    session::set_colour(arguments.global.color);
    dispatch(&arguments).unwrap_or_else(|error| {
        talk::error(&error);
        error.exit()
    })
}

fn dispatch(arguments: &Arguments) -> Result<Exit, Error> {
    let global = &arguments.global;
    match &arguments.command {
        Command::Audit(command) => command.run(global),
        Command::Inventory(command) => command.run(global),
        Command::Score(command) => command.run(global),
        Command::Tiers(command) => command.run(global),
        Command::Reach(command) => command.run(global),
        Command::Trace(command) => command.run(global),
        Command::Blast(command) => command.run(global),
        Command::Paths(command) => command.run(global),
        Command::Cut(command) => command.run(global),
        Command::Exposed(command) => command.run(global),
        Command::Diff(command) => command.run(global),
        Command::Whatif(command) => command.run(global),
        Command::Cache(command) => command.run(global),
        Command::Completions(command) => command.run(),
        Command::Man(command) => command.run(),
    }
}

fn say_bug(panic: &PanicHookInfo<'_>) {
    let message = panic.payload_as_str().unwrap_or("no message");
    let place = panic
        .location()
        .map_or_else(String::new, |place| format!(" at {place}"));
    let error = Error::failure(format!("this is a bug in watertight: {message}{place}"))
        .with_help("please report it with this line, and the snapshot if you may");
    talk::error(&error);
}
