//! Answers for a pair, and for sets of hosts.

use model::Reachability;
use packet::PacketSet;

use crate::answer::Answer;
use crate::explain::Explanation;
use crate::landscape::{Landscape, Selection};
use crate::subject::Subject;
use crate::witness::Witness;

/// The answer for one pair of parties.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reached {
    /// Who starts.
    pub from: Subject,
    /// Who is reached.
    pub to: Subject,
    /// The packets that were asked about.
    pub asked: PacketSet,
    /// Whether any of them makes a session.
    pub reachability: Reachability,
    /// Which of them.
    pub answer: Answer,
    /// One packet that passes, or one that is open, or one that is blocked, explained; `None` if the two have no
    /// address family in common.
    pub explanation: Option<Explanation>,
    /// The proof with its rules, where anything passes.
    pub witness: Option<Witness>,
}

/// The answer for sets: a row for each pair of classes between which anything passes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetAnswer {
    /// Who starts.
    pub from: Subject,
    /// Who is reached.
    pub to: Subject,
    /// The packets that were asked about.
    pub asked: PacketSet,
    /// Pairs of classes between which some of them pass, or may.
    pub rows: Vec<SetRow>,
    /// How many pairs of classes there are between which none passes.
    pub n_blocked: usize,
}

/// What passes from one class to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetRow {
    /// Who starts.
    pub from: Subject,
    /// Who is reached.
    pub to: Subject,
    /// By which packets.
    pub answer: Answer,
    /// One packet that proves it.
    pub witness: Option<Witness>,
}

/// The answer for a pair of parties, each of which stands for all of its addresses.
pub fn reach(
    landscape: &Landscape<'_>,
    from: &Selection,
    to: &Selection,
    asked: &PacketSet,
) -> Reached {
    Reached {
        from: landscape.selection_subject(from),
        to: landscape.selection_subject(to),
        asked: asked.clone(),
        reachability: Reachability::Blocked,
        answer: Answer::nothing(),
        explanation: None,
        witness: None,
    }
}

/// The answer for sets of hosts, by class.
pub fn reach_set(
    landscape: &Landscape<'_>,
    from: &Selection,
    to: &Selection,
    asked: &PacketSet,
) -> SetAnswer {
    SetAnswer {
        from: landscape.selection_subject(from),
        to: landscape.selection_subject(to),
        asked: asked.clone(),
        rows: Vec::new(),
        n_blocked: 0,
    }
}
