//! Lateral movement in a few numbers.

use crate::blast::BlastOptions;
use crate::channels::{Channels, channels, metadata_version_1};
use crate::closure::Closure;
use crate::host::HostId;
use crate::landscape::{Landscape, Selection};
use crate::owner::Nature;
use crate::score::{Counts, pairs_by_any};
use crate::spread::{Mode, spread};
use crate::subject::Subject;
use crate::tiers::{TierOptions, TierWithin, within};

/// Lateral movement in a few numbers. Only what is certain counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// So many hosts the internet reaches directly, …
    pub internet_next: usize,
    /// … so many an attacker from there reaches in all, …
    pub internet_in_all: usize,
    /// … of so many that accept connections.
    pub of: usize,
    /// How many ordered pairs of hosts there are, as the score counts them, …
    pub pairs: u64,
    /// … and how many of them connect.
    pub open: Counts,
    /// Tiers in which hosts reach each other by what nothing in the input needs, the largest first.
    pub within: Vec<TierWithin>,
    /// What hosts may do beyond the network.
    pub channels: Channels,
    /// Hosts that the internet reaches directly, that act as a role, and whose metadata service answers without a token:
    /// whoever makes one fetch an address for him has its role.
    pub metadata_exposed: Vec<Subject>,
}

pub(crate) fn summary(
    landscape: &Landscape<'_>,
    closure: &Closure<'_, '_>,
    options: &TierOptions,
) -> Summary {
    let accepting = landscape.hosts();
    let accepting = accepting.filter(|(_, host)| host.owner.role.nature() != Nature::Inert);
    let outside = spread(
        landscape,
        &Selection::Internet,
        Mode::Certain,
        &BlastOptions::default(),
    );
    let next = |host: HostId| {
        let reached = outside.reached.get(&host);
        reached.is_some_and(|reached| reached.hop == 1)
    };
    let n_next = outside.reached.keys().filter(|host| next(**host)).count();
    let (pairs, open) = pairs_by_any(landscape, closure);
    Summary {
        internet_next: n_next,
        internet_in_all: outside.reached.len(),
        of: accepting.count(),
        pairs,
        open,
        within: within(landscape, options),
        channels: channels(landscape),
        metadata_exposed: metadata_version_1(landscape, next),
    }
}
