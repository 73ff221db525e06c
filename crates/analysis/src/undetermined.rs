//! What is not known, and why.

use crate::edge::Edge;
use crate::landscape::Landscape;

/// One reason why answers are open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Open {
    /// A stable code in kebab-case.
    pub code: &'static str,
    /// What is not known, in one line.
    pub text: String,
    /// How to get an answer.
    pub remedy: String,
    /// How many pairs of classes it leaves open.
    pub n_pairs: usize,
    /// One of them.
    pub example: Edge,
}

/// Why answers are open, the reason behind most of them first.
pub fn undetermined(_landscape: &Landscape<'_>) -> Vec<Open> {
    Vec::new()
}
