//! Changes of a network that must not change an answer, or may change it one way only.
//!
//! All of them are functions of the resources and a seed alone, and look at each resource by itself as far as they can:
//! the network that [`shrink`](crate::shrink()) leaves is changed just as the whole one was.

/// Does something with every list of [`Parts`]. A list that is new does not compile until it is named.
macro_rules! every_list {
    ($parts:ident, $call:ident, $with:expr; $($list:ident: $one:expr,)*) => {
        let model::Parts { $($list,)* coverage: _ } = $parts;
        $($call($list, $with, $one);)*
    };
}

mod add;
mod divide;
mod hash;
mod reverse;
mod rewrite;
mod shift;

use std::net::IpAddr;

use model::{Parts, ResourceId};

use rewrite::{Rename, Shift};

/// A change of a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Every id becomes another, so that they sort in another order. Names stay.
    Rename(u64),
    /// Private addresses move within their range, and every block with them.
    Shift(u64),
    /// Rules, entries, routes and lists speak in halves: of a block if that can be divided, of a range of ports.
    Divide,
    /// Everything whose order means nothing comes in the reverse order.
    Reverse,
    /// A group gets one more rule.
    AddRule(u64),
    /// An ACL gets one more entry that denies.
    AddDeny(u64),
    /// An ACL gets one more entry that allows.
    AddAllow(u64),
}

/// What a change may do to an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Nothing.
    None,
    /// What passed before passes still.
    Opens,
    /// What did not pass before does not.
    Shuts,
}

impl Change {
    /// The changed network.
    pub fn apply(self, parts: &Parts) -> Parts {
        let mut changed = parts.clone();
        match self {
            Self::Rename(seed) => rewrite::parts(&mut changed, &Rename(seed)),
            Self::Shift(seed) => rewrite::parts(&mut changed, &Shift(seed)),
            Self::Divide => divide::parts(&mut changed),
            Self::Reverse => reverse::parts(&mut changed),
            Self::AddRule(seed) => add::rule(&mut changed, seed),
            Self::AddDeny(seed) => add::entry(&mut changed, seed, model::Verdict::Deny),
            Self::AddAllow(seed) => add::entry(&mut changed, seed, model::Verdict::Allow),
        }
        changed
    }

    /// What it may do to answers.
    pub const fn effect(self) -> Effect {
        match self {
            Self::Rename(_) | Self::Shift(_) | Self::Divide | Self::Reverse => Effect::None,
            Self::AddRule(_) | Self::AddAllow(_) => Effect::Opens,
            Self::AddDeny(_) => Effect::Shuts,
        }
    }

    /// The id that a resource has afterwards.
    pub fn id(self, id: &ResourceId) -> ResourceId {
        match self {
            Self::Rename(seed) => rewrite::renamed(seed, id),
            _ => id.clone(),
        }
    }

    /// The address that stands for an address afterwards.
    pub fn address(self, address: IpAddr) -> IpAddr {
        match self {
            Self::Shift(seed) => shift::address(seed, address),
            _ => address,
        }
    }
}
