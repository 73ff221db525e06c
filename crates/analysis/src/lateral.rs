//! Lateral movement: which class of hosts reaches which.

use crate::edge::{Edge, WayOut};
use crate::landscape::Landscape;
use crate::subject::Subject;

/// All lateral movement of a network, in classes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lateral {
    /// What passes for certain between classes of hosts (and within one), most hosts first.
    pub edges: Vec<Edge>,
    /// What may pass: the input or the model cannot tell.
    pub undetermined: Vec<Edge>,
    /// What hosts reach outside.
    pub ways_out: Vec<WayOut>,
    /// How far one fallen host of each class leads, the worst first.
    pub measures: Vec<LateralMeasure>,
}

/// How far one fallen host leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LateralMeasure {
    /// From any one of these hosts …
    pub from: Subject,
    /// … an attacker reaches so many other hosts directly,
    pub next: usize,
    /// … and so many in all, going on from those that fall,
    pub in_all: usize,
    /// … of so many other hosts that accept connections.
    pub of: usize,
}

/// All lateral movement of a network.
pub fn lateral(_landscape: &Landscape<'_>) -> Lateral {
    Lateral {
        edges: Vec::new(),
        undetermined: Vec::new(),
        ways_out: Vec::new(),
        measures: Vec::new(),
    }
}
