//! Problems of the input.

use crate::Origin;
use crate::pack::Pack;

/// How much a problem of the input matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Pack)]
pub enum Severity {
    /// Good to know: nothing was lost that an answer could rest on.
    Note,
    /// Something is odd or was left out; answers that rest on it are undetermined.
    Warning,
    /// A file or a resource could not be read.
    Error,
}

/// One problem of the input, with its place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Pack)]
pub struct Diagnostic {
    /// How much it matters.
    pub severity: Severity,
    /// A stable kebab-case name of the kind of problem, such as `dangling-reference`.
    pub code: &'static str,
    /// What is wrong, with which object: one line, lower case, no full stop.
    pub message: String,
    /// Where.
    pub origin: Origin,
}

impl Diagnostic {
    /// A problem of the given weight.
    pub fn new(
        severity: Severity,
        code: &'static str,
        message: impl Into<String>,
        origin: Origin,
    ) -> Self {
        Self {
            severity,
            code,
            message: message.into(),
            origin,
        }
    }
}
