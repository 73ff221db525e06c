//! The command line of Watertight.
fn main() {}
