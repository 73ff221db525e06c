//! Lateral movement in a few numbers, on the screen.

use analysis::{Summary, TierWithin};
use schemars::JsonSchema;
use serde::Serialize;

use super::AuditView;
use crate::channels::{self, ChannelView};
use crate::common::SubjectView;
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
    /// What hosts may do beyond the network.
    pub channels: Vec<ChannelView>,
    /// How many hosts act as roles of which the input does not tell what they may do.
    pub roles_not_told: usize,
    /// Hosts that the internet reaches directly, that act as a role, and whose metadata service answers without a token.
    pub metadata_exposed: Vec<SubjectView>,
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
            pairs: summary.pairs,
            direct: summary.open.direct,
            transitive: summary.open.transitive,
            within: within.collect(),
            channels: ChannelView::all(&summary.channels),
            roles_not_told: summary.channels.n_untold,
            metadata_exposed: summary
                .metadata_exposed
                .iter()
                .map(SubjectView::of)
                .collect(),
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
        let mut rows = Vec::new();
        if *pairs > 0 {
            let outside = format!("{internet_in_all} of {of} hosts in all");
            let connect =
                format!("{direct} of {pairs} connect, {transitive} in any number of steps");
            rows.push(["from the internet", &outside].map(Cell::new));
            rows.push(["pairs of hosts", &connect].map(Cell::new));
        }
        if !within.is_empty() {
            let tiers = Cell::styled(self.summary.tiers(), palette.bad);
            rows.push([Cell::new("within a tier"), tiers]);
        }
        let beyond = channels::summary(&self.summary.channels, &self.summary.metadata_exposed);
        if !beyond.is_empty() {
            let beyond = Cell::styled(beyond, palette.bad);
            rows.push([Cell::new("beyond the network"), beyond]);
        }
        if rows.is_empty() {
            return;
        }
        let rows: Vec<Vec<Cell>> = rows.into_iter().map(Vec::from).collect();
        page.gap();
        page.table(2, &rows);
    }
}
