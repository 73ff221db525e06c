//! How much of a network is open to itself.

use analysis::{Counts, Pairs, Risk, Score};
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
    /// What a pair weighs, by the riskiest service that opens it.
    pub weights: Weights,
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
    /// What the direct pairs weigh, in percent of what all pairs would weigh at the largest weight.
    pub direct_weighted_percent: Option<f64>,
    /// Those in which an attacker on the first host reaches the second for certain, in any number of steps.
    pub transitive: u64,
    /// `transitive` in percent of `pairs`; nothing if there are no pairs.
    pub transitive_percent: Option<f64>,
    /// What the transitive pairs weigh, in percent of what all pairs would weigh at the largest weight.
    pub transitive_weighted_percent: Option<f64>,
    /// Pairs that are open by services of at least each risk, the least first.
    pub by_risk: Vec<RiskView>,
}

/// Pairs that are open by services of at least some risk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RiskView {
    /// The risk.
    pub at_least: RiskWord,
    /// Pairs in which the first host connects to the second by such a service.
    pub direct: u64,
    /// Pairs in which an attacker on the first host reaches the second in steps that all go by such services.
    pub transitive: u64,
}

/// How much a service is worth to an intruder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RiskWord {
    /// He needs a hole in it.
    Other,
    /// It hands out data.
    Data,
    /// It lets him run what he likes, given a key or a password.
    Administration,
}

/// What a pair weighs, by the riskiest service that opens it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Weights {
    /// Any other service.
    pub other: u16,
    /// Databases and file servers.
    pub data: u16,
    /// Remote administration, containers, databases that run programs.
    pub administration: u16,
}

impl Default for Weights {
    fn default() -> Self {
        Self {
            other: 1,
            data: 2,
            administration: 4,
        }
    }
}

impl Weights {
    /// Whether what is riskier weighs no less, and the riskiest weighs something.
    pub const fn is_in_order(self) -> bool {
        self.other <= self.data && self.data <= self.administration && self.administration > 0
    }

    /// What pairs weigh: each step of risk adds what it weighs more than the one before.
    fn of(self, pairs: &Pairs, count: fn(Counts) -> u64) -> u64 {
        let steps = [
            (Risk::Other, self.other),
            (Risk::Data, self.data.saturating_sub(self.other)),
            (
                Risk::Administration,
                self.administration.saturating_sub(self.data),
            ),
        ];
        let weighed = steps.map(|(risk, step)| count(pairs.at(risk)).saturating_mul(step.into()));
        weighed.into_iter().fold(0, u64::saturating_add)
    }
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
    any number of steps. weighted: a pair counts by the riskiest service that opens it (docs/score.md). Only what is certain counts. A pair belongs to the account, environment and VPC of its \
    first host.";

/// The view of a score.
pub fn view(score: &Score, weights: Weights, snapshot: &Snapshot) -> ScoreView {
    let of = |scope, id, pairs: &Pairs| PairsView::of(scope, id, (pairs, weights));
    let whole = of(Scope::Whole, None, &score.whole);
    let accounts = score.accounts.iter();
    let accounts = accounts.map(|(id, pairs)| of(Scope::Account, Some(id.to_string()), pairs));
    let environments = score.environments.iter();
    let environments =
        environments.map(|(name, pairs)| of(Scope::Environment, Some(name.to_string()), pairs));
    let vpcs = score.vpcs.iter().map(|(vpc, pairs)| {
        let id = snapshot.vpcs().get(*vpc).id.to_string();
        of(Scope::Vpc, Some(id), pairs)
    });
    ScoreView {
        format_version: FORMAT_VERSION,
        kind: Kind::Score,
        weights,
        scores: std::iter::once(whole)
            .chain(accounts)
            .chain(environments)
            .chain(vpcs)
            .collect(),
    }
}

impl PairsView {
    fn of(scope: Scope, id: Option<String>, (pairs, weights): (&Pairs, Weights)) -> Self {
        let any = pairs.at(Risk::Other);
        let most = pairs.all.saturating_mul(weights.administration.into());
        let by_risk = Risk::ALL.map(|risk| RiskView {
            at_least: RiskWord::of(risk),
            direct: pairs.at(risk).direct,
            transitive: pairs.at(risk).transitive,
        });
        Self {
            scope,
            id,
            pairs: pairs.all,
            direct: any.direct,
            direct_percent: percent(any.direct, pairs.all),
            direct_weighted_percent: percent(weights.of(pairs, |open| open.direct), most),
            transitive: any.transitive,
            transitive_percent: percent(any.transitive, pairs.all),
            transitive_weighted_percent: percent(weights.of(pairs, |open| open.transitive), most),
            by_risk: by_risk.into(),
        }
    }

    fn cells(&self) -> [String; 9] {
        [
            self.scope.word().to_owned(),
            self.id.clone().unwrap_or_default(),
            self.pairs.to_string(),
            self.direct.to_string(),
            written(self.direct_percent),
            written(self.direct_weighted_percent),
            self.transitive.to_string(),
            written(self.transitive_percent),
            written(self.transitive_weighted_percent),
        ]
    }
}

impl RiskWord {
    const fn of(risk: Risk) -> Self {
        match risk {
            Risk::Other => Self::Other,
            Risk::Data => Self::Data,
            Risk::Administration => Self::Administration,
        }
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

/// What stands above the columns on the screen.
const HEAD: [&str; 9] = [
    "scope",
    "id",
    "pairs",
    "direct",
    "%",
    "weighted %",
    "transitive",
    "%",
    "weighted %",
];

impl View for ScoreView {
    fn text(&self, width: usize, palette: &Palette) -> String {
        let mut page = Page::new(width, palette);
        let head = HEAD.into_iter().map(Cell::new);
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
            "direct_weighted",
            "transitive",
            "transitive_percent",
            "transitive_weighted",
        ]
    }

    fn rows(&self) -> Vec<Vec<String>> {
        self.scores.iter().map(|row| row.cells().into()).collect()
    }
}
