//! The catalogue of checks: one file each, one line in [`ALL`].

use crate::exposure::Exposure;
use crate::finding::{Finding, Grade};
use crate::landscape::Landscape;
use crate::lateral::Lateral;

/// What a check looks at.
#[derive(Debug, Clone, Copy)]
pub struct Scene<'s, 'a> {
    /// The network.
    pub landscape: &'s Landscape<'a>,
    /// What the internet and the offices can reach.
    pub exposures: &'s [Exposure],
    /// Who can move where inside.
    pub lateral: &'s Lateral,
}

/// A check of the catalogue.
#[derive(Debug, Clone, Copy)]
pub struct Check {
    /// A stable code, such as `WT-SG-001`.
    pub code: &'static str,
    /// Its name in kebab-case.
    pub name: &'static str,
    /// How bad its findings are at worst.
    pub grade: Grade,
    /// What it says, for people.
    pub docs: Docs,
    /// Controls of frameworks that it supports, such as `FSBP EC2.19`.
    pub controls: &'static [&'static str],
    /// Runs it.
    pub run: fn(&Scene<'_, '_>) -> Vec<Finding>,
}

/// What a check says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Docs {
    /// What it finds.
    pub finds: &'static str,
    /// Why it matters.
    pub why: &'static str,
    /// How to fix it.
    pub fix: &'static str,
    /// A topology on which it fires.
    pub example: &'static str,
    /// What it does not see.
    pub limits: &'static str,
}

/// Every check.
pub const ALL: &[Check] = &[];
