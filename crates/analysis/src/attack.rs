//! What an intruder does with a network: ways from a foothold to a target, and what all of them need.

mod build;
mod choke;
mod cut;
#[cfg(test)]
mod exhaustive;
mod graph;
mod listening;
mod origins;
mod paths;
mod pivot;
mod search;
mod technique;

pub use choke::Choke;
pub use cut::{Cut, CutOptions, CutOutcome, Flow, Parting, RuleChange, cut};
pub use listening::Listening;
pub use origins::{Origin, Origins, origins};
pub use paths::{ChannelHop, Costs, Hop, Path, PathOptions, Paths, paths};
pub use pivot::PivotModel;
pub use technique::{Technique, techniques};
