//! The answers to a batch of questions, as JSON.
//!
//! The command line streams them row by row; this type is what they are.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Kind;

/// The answers to a batch of questions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BatchView {
    /// The version of this format.
    pub format_version: u32,
    /// `batch`.
    pub kind: Kind,
    /// The rows of the batch in their order, each with all its columns, and with `verdict` (`reachable`, `blocked` or
    /// `undetermined`) and `reason` (a stable code, a colon and words).
    pub rows: Vec<BTreeMap<String, String>>,
}

/// The JSON Schema of a [`BatchView`].
pub fn schema() -> String {
    let schema = schemars::schema_for!(BatchView);
    format!(
        "{}\n",
        serde_json::to_string_pretty(&schema).unwrap_or_default()
    )
}
