//! Lateral movement in a few numbers.

use crate::blast::BlastOptions;
use crate::closure::Closure;
use crate::landscape::{Landscape, Selection};
use crate::owner::Nature;
use crate::score::{Pairs, score_of};
use crate::spread::{Mode, spread};
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
    /// How many ordered pairs of hosts connect.
    pub pairs: Pairs,
    /// Tiers in which hosts reach each other by what nothing in the input needs, the largest first.
    pub within: Vec<TierWithin>,
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
    let next = outside.reached.values().filter(|reached| reached.hop == 1);
    Summary {
        internet_next: next.count(),
        internet_in_all: outside.reached.len(),
        of: accepting.count(),
        pairs: score_of(landscape, closure).whole,
        within: within(landscape, options),
    }
}
