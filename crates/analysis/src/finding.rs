//! What a check finds.

use model::Origin;
use packet::PacketSet;

use crate::subject::Subject;
use crate::witness::{RuleAt, Witness};

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grade {
    /// Act now: outsiders can take a host over, or nearly.
    Critical,
    /// An intruder's next step is open.
    High,
    /// Wider than it needs to be.
    Medium,
    /// Untidy, and a trap for the next change.
    Low,
    /// Nothing can happen today.
    Info,
}

impl Grade {
    /// The grade as one lower-case word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
            Self::Info => "info",
        }
    }
}

/// One result of a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The check's code, such as `WT-SG-001`.
    pub code: &'static str,
    /// The check's name in kebab-case.
    pub check: &'static str,
    /// How bad it is.
    pub grade: Grade,
    /// What is wrong, in one line without names: findings of one check may share it.
    pub title: String,
    /// Whose hosts are concerned: the ones that can be reached, or that reach.
    pub subjects: Vec<Subject>,
    /// Who can use it, where that is not told by the title.
    pub sources: Vec<Subject>,
    /// The services that are open.
    pub services: PacketSet,
    /// The rules to change.
    pub rules: Vec<RuleAt>,
    /// The packet that proves it; `None` for findings about configuration, and latent ones.
    pub witness: Option<Witness>,
    /// The change that repairs it, in one line.
    pub fix: String,
    /// Whether no packet can arrive today.
    pub is_latent: bool,
    /// Where to change it.
    pub origins: Vec<Origin>,
}
