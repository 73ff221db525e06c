//! Lateral movement in a few numbers, on the screen.

use analysis::{Summary, TierWithin};
use schemars::JsonSchema;
use serde::Serialize;

use super::AuditView;
use crate::page::{Cell, Page};
use crate::palette::Palette;
use crate::services;

/// Lateral movement in a few numbers. Only what is certain counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SummaryView {
    /// So many hosts the internet reaches directly.
    pub internet_next: usize,
    /// So many hosts an attacker from there reaches in all.
    pub internet_in_all: usize,
    /// Of so many hosts that accept connections.
    pub of: usize,
    /// Ordered pairs of hosts, as `score` counts them.
    pub pairs: u64,
    /// Those that connect directly.
    pub direct: u64,
    /// Those that connect in any number of steps.
    pub transitive: u64,
    /// Tiers in which hosts reach each other by what nothing in the input needs, the largest first.
    pub within: Vec<TierWithinView>,
}

/// Hosts of one tier that reach each other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TierWithinView {
    /// What people call the tier.
    pub name: String,
    /// How many hosts it has.
    pub hosts: usize,
    /// By what they reach each other, less what declared flows need.
    pub unneeded: Vec<String>,
}

/// More tiers are counted, not listed.
const MAX_TIERS: usize = 6;

impl SummaryView {
    pub(super) fn of(summary: &Summary) -> Self {
        let within = summary
            .within
            .iter()
            .map(|tier: &TierWithin| TierWithinView {
                name: tier.name.clone(),
                hosts: tier.n_hosts,
                unneeded: services::list(&tier.unneeded),
            });
        Self {
            internet_next: summary.internet_next,
            internet_in_all: summary.internet_in_all,
            of: summary.of,
            pairs: summary.pairs.all,
            direct: summary.pairs.direct,
            transitive: summary.pairs.transitive,
            within: within.collect(),
        }
    }

    fn tiers(&self) -> String {
        let labels = self.within.iter().take(MAX_TIERS).map(|tier| {
            let services = services::short(&tier.unneeded, 2);
            format!("{} ×{} ({services})", tier.name, tier.hosts)
        });
        let mut labels: Vec<String> = labels.collect();
        let n_more = self.within.len().saturating_sub(MAX_TIERS);
        if n_more > 0 {
            labels.push(format!("{n_more} more"));
        }
        labels.join(", ")
    }
}

impl AuditView {
    /// What lateral movement comes to.
    pub(super) fn write_summary(&self, page: &mut Page<'_>, palette: &Palette) {
        let SummaryView {
            internet_in_all,
            of,
            pairs,
            direct,
            transitive,
            within,
            ..
        } = &self.summary;
        if *pairs == 0 {
            return;
        }
        page.gap();
        let mut rows = vec![
            [
                "from the internet",
                &format!("{internet_in_all} of {of} hosts in all"),
            ]
            .map(Cell::new),
            [
                "pairs of hosts",
                &format!("{direct} of {pairs} connect, {transitive} in any number of steps"),
            ]
            .map(Cell::new),
        ];
        if !within.is_empty() {
            let tiers = Cell::styled(self.summary.tiers(), palette.bad);
            rows.push([Cell::new("within a tier"), tiers]);
        }
        let rows: Vec<Vec<Cell>> = rows.into_iter().map(Vec::from).collect();
        page.table(2, &rows);
    }
}
