//! What every JSON document begins with.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The version of all formats. It grows when a field changes its meaning or goes; new fields may come without.
pub const FORMAT_VERSION: u32 = 1;

/// What a document holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// The whole picture.
    Audit,
    /// What there is.
    Inventory,
    /// The answer for a pair.
    Reach,
    /// The answers for sets.
    ReachSet,
    /// The way of one packet.
    Trace,
    /// How far an intruder gets.
    Blast,
    /// The ways from a foothold to a target.
    Paths,
    /// Everything from which a target can be reached.
    Origins,
    /// The smallest set of rule changes that parts two ends.
    Cut,
    /// How much of a network is open to itself.
    Score,
    /// What passes within and between tiers.
    Tiers,
    /// What a network outside can reach.
    Exposed,
    /// The answers to a batch of questions.
    Batch,
    /// What two networks differ in.
    Difference,
    /// Problems of the input.
    Diagnostics,
}
