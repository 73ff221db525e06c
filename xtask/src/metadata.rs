//! What `cargo metadata` says about the crates of this workspace.

use serde::Deserialize;

use crate::{Result, shell};

/// The part of the answer that we read.
#[derive(Debug, Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

/// One crate of the workspace.
#[derive(Debug, Deserialize)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) dependencies: Vec<Dependency>,
}

/// One line under `[dependencies]`, `[dev-dependencies]` or `[build-dependencies]`.
#[derive(Debug, Deserialize)]
pub(crate) struct Dependency {
    pub(crate) name: String,
    /// `None` for a normal one, as cargo writes it.
    pub(crate) kind: Option<Kind>,
    /// Where the crate lies, when it does not come from a registry.
    pub(crate) path: Option<String>,
}

/// A dependency that is not a normal one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    /// For tests, examples and benchmarks.
    Dev,
    /// For the build script.
    Build,
}

/// Asks cargo for the crates of the workspace.
pub(crate) fn packages() -> Result<Vec<Package>> {
    let arguments = ["metadata", "--format-version", "1", "--no-deps"];
    parse(&shell::read(&mut shell::cargo(&arguments))?)
}

/// Reads cargo's answer.
pub(crate) fn parse(json: &str) -> Result<Vec<Package>> {
    let metadata: Metadata = serde_json::from_str(json)
        .map_err(|error| format!("cannot read the answer of `cargo metadata`: {error}"))?;
    Ok(metadata.packages)
}
