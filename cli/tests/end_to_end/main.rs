//! The built binary, from the command line to what it prints.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]
#![expect(clippy::print_stdout, reason = "a test that could not compare says so")]

mod bad_input;
mod batch;
mod blast;
mod cache;
mod channels;
mod command_line;
mod cut;
mod environments;
mod faults;
#[cfg(unix)]
mod interrupt;
mod paths;
mod pictures;
mod readme;
mod run;
mod score;
mod stale;
mod tiers;
