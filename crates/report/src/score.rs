//! How much of a network is open to itself.

use analysis::{Pairs, Score};
use model::Snapshot;
use schemars::JsonSchema;
use serde::Serialize;

use crate::header::{FORMAT_VERSION, Kind};
use crate::page::{Cell, Page};
use crate::palette::Palette;
use crate::render::View;

/// How much of a network is open to itself.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct ScoreView {
    /// The version of this format.
    pub format_version: u32,
    /// `score`.
    pub kind: Kind,
    /// The whole network, then accounts, then environments, then VPCs. Pairs belong to where their first host is.
    pub scores: Vec<PairsView>,
}

/// The pairs whose first host is in one place.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct PairsView {
    /// `whole`, `account`, `environment` or `vpc`.
    pub scope: Scope,
    /// The id of the account or VPC, or the name of the environment.
    pub id: Option<String>,
    /// Ordered pairs of two hosts: an attacker could sit on the first, and the second accepts connections.
    pub pairs: u64,
    /// Those in which the first host connects to the second for certain, by some service.
    pub direct: u64,
    /// `direct` in percent of `pairs`; nothing if there are no pairs.
    pub direct_percent: Option<f64>,
    /// Those in which an attacker on the first host reaches the second for certain, in any number of steps.
    pub transitive: u64,
    /// `transitive` in percent of `pairs`; nothing if there are no pairs.
    pub transitive_percent: Option<f64>,
}

/// Where the first host of a pair is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// Anywhere.
    Whole,
    /// In a VPC of an account.
    Account,
    /// In an environment.
    Environment,
    /// In a VPC.
    Vpc,
}

impl Scope {
    const fn word(self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::Account => "account",
            Self::Environment => "environment",
            Self::Vpc => "vpc",
        }
    }
}

/// What the numbers mean.
const LEGEND: &str = "pairs: two hosts in order; an attacker could sit on the first, the second accepts connections. \
    direct: the first connects to the second by some service. transitive: an attacker on the first reaches the second in \
    any number of steps. Only what is certain counts. A pair belongs to the account, environment and VPC of its \
    first host.";

/// The view of a score.
pub fn view(score: &Score, snapshot: &Snapshot) -> ScoreView {
    let whole = PairsView::of(Scope::Whole, None, score.whole);
    let accounts = score.accounts.iter();
    let accounts =
        accounts.map(|(id, pairs)| PairsView::of(Scope::Account, Some(id.to_string()), *pairs));
    let environments = score.environments.iter();
    let environments = environments
        .map(|(name, pairs)| PairsView::of(Scope::Environment, Some(name.to_string()), *pairs));
    let vpcs = score.vpcs.iter().map(|(vpc, pairs)| {
        let id = snapshot.vpcs().get(*vpc).id.to_string();
        PairsView::of(Scope::Vpc, Some(id), *pairs)
    });
    ScoreView {
        format_version: FORMAT_VERSION,
        kind: Kind::Score,
        scores: std::iter::once(whole)
            .chain(accounts)
            .chain(environments)
            .chain(vpcs)
            .collect(),
    }
}

impl PairsView {
    fn of(scope: Scope, id: Option<String>, pairs: Pairs) -> Self {
        Self {
            scope,
            id,
            pairs: pairs.all,
            direct: pairs.direct,
            direct_percent: percent(pairs.direct, pairs.all),
            transitive: pairs.transitive,
            transitive_percent: percent(pairs.transitive, pairs.all),
        }
    }

    fn cells(&self) -> [String; 7] {
        [
            self.scope.word().to_owned(),
            self.id.clone().unwrap_or_default(),
            self.pairs.to_string(),
            self.direct.to_string(),
            written(self.direct_percent),
            self.transitive.to_string(),
            written(self.transitive_percent),
        ]
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a percentage of more than 2^53 pairs is near enough"
)]
fn percent(part: u64, all: u64) -> Option<f64> {
    (all > 0).then(|| 100.0 * part as f64 / all as f64)
}

fn written(percent: Option<f64>) -> String {
    percent.map_or_else(String::new, |percent| format!("{percent:.2}"))
}

impl View for ScoreView {
    fn text(&self, width: usize, palette: &Palette) -> String {
        let mut page = Page::new(width, palette);
        let head = Self::columns()
            .iter()
            .map(|name| Cell::new(name.replace('_', " ")));
        let rows = self
            .scores
            .iter()
            .map(|row| row.cells().map(Cell::new).into());
        let rows: Vec<Vec<Cell>> = std::iter::once(head.collect()).chain(rows).collect();
        page.table(0, &rows);
        page.gap();
        page.text(0, LEGEND);
        page.finish()
    }

    fn columns() -> &'static [&'static str] {
        &[
            "scope",
            "id",
            "pairs",
            "direct",
            "direct_percent",
            "transitive",
            "transitive_percent",
        ]
    }

    fn rows(&self) -> Vec<Vec<String>> {
        self.scores.iter().map(|row| row.cells().into()).collect()
    }
}
