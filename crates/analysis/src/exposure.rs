//! What a network outside can reach.

use packet::PacketSet;

use crate::answer::Answer;
use crate::landscape::{Landscape, Selection};
use crate::subject::Subject;
use crate::whence::Whence;
use crate::witness::Witness;

/// What a network outside, or any other party, can reach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exposure {
    /// Who reaches.
    pub from: Subject,
    /// What it reaches, the widest first.
    pub rows: Vec<Exposed>,
}

/// Hosts of one class that can be reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exposed {
    /// The hosts.
    pub to: Subject,
    /// From which part of the network outside.
    pub whence: Whence,
    /// By which packets.
    pub answer: Answer,
    /// A packet that proves what is certain; else one for what is undetermined; else one for what is one-way.
    pub witness: Option<Witness>,
}

/// What a party can reach, in classes of hosts.
pub fn exposure(landscape: &Landscape<'_>, from: &Selection) -> Exposure {
    let _ = PacketSet::empty();
    Exposure {
        from: landscape.selection_subject(from),
        rows: Vec::new(),
    }
}
