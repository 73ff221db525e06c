//! Two small textbook verifiers to compare with: pair by pair, and with binary decision diagrams.
//!
//! # Tour
//!
//! - [`Pairwise`]: for each pair of addresses, the lines of every filter on the way as sets of intervals.
//! - [`Verifier`]: every filter once as a binary decision diagram over whole headers; a pair is a conjunction.
//!
//! Both answer for the same part of AWS: interfaces with known groups, in one VPC or in two with a peering between
//! them; ACLs both ways; routes that are local, lead to that peering, or drop. They share the module `ways`, which
//! tells what stands on the way of a pair, and nothing else; neither knows `engine` or `trace`.
//!
//! # Guarantees
//!
//! What they cannot express is `None`, never a guess.
//!
//! # Limits
//!
//! For tests and measurements only: no product uses this crate.

mod bdd;
mod choice;
mod hosts;
mod pairwise;
mod tally;
mod ways;

pub use bdd::{Passes, Verifier};
pub use pairwise::{Pairwise, Session};
pub use tally::Tally;
