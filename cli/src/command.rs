//! One file for each command.

pub mod audit;
pub mod blast;
pub mod cache;
pub mod completions;
pub mod cut;
pub mod diff;
pub mod exposed;
pub mod inventory;
pub mod man;
pub mod paths;
pub mod reach;
pub mod score;
pub mod tiers;
pub mod trace;
pub mod whatif;

mod batch;
mod channels;
mod compare;
mod ends;
mod pivot;
