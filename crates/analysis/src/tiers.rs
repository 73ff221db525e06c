//! Tiers: hosts that stand together for one purpose, and what passes within and between them.
//!
//! What a tier needs no input tells for certain. Three things speak for it: a flow that the user declares, a load
//! balancer that passes requests on, and a rule that names a group which the sender wears. Within a tier only the first
//! counts: a group that lets in itself is the very fault that is looked for.

mod detect;
mod flows;

use std::sync::Arc;

use model::{Index, Vpc};
use packet::PacketSet;

use crate::answer::Answer;
use crate::attack::Flow;
use crate::host::HostId;
use crate::landscape::{Landscape, Selection};
use crate::owner::Role;
use crate::witness::Witness;

/// All tiers of a network, and what passes between them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tiers {
    /// The tiers, by VPC and name. Each host that sends or accepts connections is in one.
    pub tiers: Vec<Tier>,
    /// What passes between two of them or within one, by places in the list. What nothing passes between is left out.
    pub flows: Vec<TierFlow>,
}

/// Hosts that stand together for one purpose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tier {
    /// What people call it; no two tiers have the same name.
    pub name: String,
    /// Why its hosts are taken for a tier.
    pub evidence: Evidence,
    /// The VPC that its hosts are in, or the first of them.
    pub vpc: Option<Index<Vpc>>,
    /// The environment that all of its hosts are in, where it is known.
    pub environment: Option<Arc<str>>,
    /// What its hosts are.
    pub role: Role,
    /// Its hosts, in order.
    pub hosts: Vec<HostId>,
}

/// Why hosts are taken for a tier: the first of these that tells something. This list is complete.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Evidence {
    /// The user says so.
    Declared,
    /// They have the same value of this tag.
    Tag(&'static str),
    /// They are of one Auto Scaling group.
    AutoScalingGroup,
    /// They are targets of one target group.
    TargetGroup,
    /// They wear the same groups.
    Groups,
}

/// What passes from hosts of one tier to hosts of another, or to others of the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TierFlow {
    /// The place of the tier of who starts.
    pub from: usize,
    /// The place of the tier of who is reached.
    pub to: usize,
    /// What passes from any host of the one to any of the other.
    pub answer: Answer,
    /// Of what passes for certain, what a declared flow needs.
    pub declared: PacketSet,
    /// What a load balancer in the first tier passes on to hosts of the second.
    pub balanced: PacketSet,
    /// What rules admit that name a group which hosts of the first tier wear; nothing within a tier.
    pub named: PacketSet,
    /// A packet that proves what nothing needs, or else what passes; `None` of very many flows.
    pub witness: Option<Witness>,
}

/// What the user says of tiers.
#[derive(Debug, Clone, Default)]
pub struct TierOptions {
    /// Hosts that are a tier, with its name. A host is in the first one that has it.
    pub tiers: Vec<(String, Selection)>,
    /// Flows that are needed.
    pub needs: Vec<Flow>,
}

/// Finds the tiers of a network, and what passes between them.
///
/// # Cost
///
/// A pass over the rows of all cells; then a packet is followed for some thousand flows at most.
pub fn tiers(landscape: &Landscape<'_>, options: &TierOptions) -> Tiers {
    let tiers = detect::tiers(landscape, options);
    let flows = flows::flows(landscape, &tiers, &options.needs);
    Tiers { tiers, flows }
}

/// Hosts of one tier that reach each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TierWithin {
    /// What people call the tier.
    pub name: String,
    /// How many hosts it has.
    pub n_hosts: usize,
    /// By what hosts of it certainly reach others of it, less what declared flows need.
    pub unneeded: PacketSet,
}

/// Tiers in which hosts reach each other by what nothing in the input needs, the largest first.
///
/// # Cost
///
/// A pass over the rows of all cells; no packet is followed.
pub(crate) fn within(landscape: &Landscape<'_>, options: &TierOptions) -> Vec<TierWithin> {
    let tiers = detect::tiers(landscape, options);
    let found = flows::within(landscape, &tiers, &options.needs);
    let told = found.into_iter().filter_map(|(place, unneeded)| {
        let tier = tiers.get(place)?;
        Some(TierWithin {
            name: tier.name.clone(),
            n_hosts: tier.hosts.len(),
            unneeded,
        })
    });
    let mut told: Vec<TierWithin> = told.collect();
    told.sort_by(|a, b| (b.n_hosts, &a.name).cmp(&(a.n_hosts, &b.name)));
    told
}

impl Evidence {
    /// The evidence in words.
    pub const fn label(&self) -> &'static str {
        match self {
            Self::Declared => "declared",
            Self::Tag(tag) => tag,
            Self::AutoScalingGroup => "Auto Scaling group",
            Self::TargetGroup => "target group",
            Self::Groups => "security groups",
        }
    }
}

impl TierFlow {
    /// Whether it is between hosts of one tier.
    pub const fn is_within(&self) -> bool {
        self.from == self.to
    }

    /// What passes for certain and nothing in the input needs.
    pub fn unneeded(&self) -> PacketSet {
        let needed = self.declared.union(&self.balanced).union(&self.named);
        self.answer.certain.difference(&needed)
    }
}
