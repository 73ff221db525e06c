//! The packet that proves a claim.

use model::{Endpoint, Index, SecurityGroup};
use packet::Packet;

/// A rule of a group: the group, and the rule's place in its list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleAt {
    /// The group.
    pub group: Index<SecurityGroup>,
    /// The place in [`SecurityGroup::rules`].
    pub number: usize,
}

/// A concrete packet that proves a claim, as `trace` has replayed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witness {
    /// Who sends it.
    pub from: Endpoint,
    /// Who receives it.
    pub to: Endpoint,
    /// The packet as it is sent.
    pub packet: Packet,
    /// The rules that let this packet, and the other packets of the claim, in at the receiver. A few stand for all where
    /// there are many.
    pub ingress: Vec<RuleAt>,
    /// The rules that let it out at the sender.
    pub egress: Vec<RuleAt>,
    /// Why the answer is open, where the claim is that it is: a stable code and a line of text.
    pub doubt: Option<(&'static str, String)>,
    /// Whether `trace` gives the same answer as the engine. If not, one of them is wrong: a bug to be reported.
    pub is_replayed: bool,
}
