//! How far an intruder gets.

use packet::PacketSet;

use crate::edge::{Edge, WayOut};
use crate::landscape::{Landscape, Selection};
use crate::subject::Subject;
use crate::witness::Witness;

/// How a blast radius is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BlastOptions {
    /// After how many hops to stop.
    pub max_hops: usize,
}

/// What makes a host one from which the attacker goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PivotModel {
    /// Any service that can be reached, on any host that can open connections of its own.
    AnyService,
}

/// How far an intruder gets from a foothold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blast {
    /// Where the intruder starts.
    pub foothold: Subject,
    /// What was taken to make a host fall.
    pub model: PivotModel,
    /// Hosts that fall, or are reached, for certain; by hop, from one.
    pub certain: Vec<Fall>,
    /// Hosts that may be reached beyond those: the input leaves it open, or a load balancer passes requests on.
    pub possible: Vec<Fall>,
    /// Hosts to which packets can be sent that nobody answers, from what falls for certain.
    pub one_way: Vec<Edge>,
    /// What the intruder reaches outside from hosts that fall for certain.
    pub ways_out: Vec<WayOut>,
    /// How many other hosts the network has, of those that accept connections.
    pub n_others: usize,
    /// Whether the search stopped at the largest number of hops with more to come.
    pub is_cut_short: bool,
}

/// Hosts of one class that are reached at one hop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fall {
    /// The hop, from one.
    pub hop: usize,
    /// The hosts.
    pub to: Subject,
    /// What reaching them means.
    pub outcome: Outcome,
    /// From whom of the hop before.
    pub from: Subject,
    /// By which packets.
    pub services: PacketSet,
    /// Whether it is certain, and if not, why.
    pub cause: Cause,
    /// One packet that proves it, with the rules.
    pub witness: Option<Witness>,
}

/// What reaching hosts means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// They fall, and the attacker goes on from them.
    Falls,
    /// They are worth having; the attacker does not go on from them.
    Prize,
    /// They pass requests on.
    PassesOn,
}

/// Why hosts are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// Every step is certain.
    Certain,
    /// The input or the model leaves open whether the packets arrive.
    Undetermined,
    /// Requests pass through a load balancer. Which targets it has is not in the model: this is the most that its
    /// interfaces reach.
    Through,
}

/// How far an intruder gets from a foothold.
pub fn blast(landscape: &Landscape<'_>, foothold: &Selection, options: BlastOptions) -> Blast {
    let _ = options;
    Blast {
        foothold: landscape.selection_subject(foothold),
        model: PivotModel::AnyService,
        certain: Vec::new(),
        possible: Vec::new(),
        one_way: Vec::new(),
        ways_out: Vec::new(),
        n_others: 0,
        is_cut_short: false,
    }
}

impl Default for BlastOptions {
    fn default() -> Self {
        Self { max_hops: 32 }
    }
}
