//! Who reaches whom: a pair, or sets.

use analysis::{Answer, Reached, SetAnswer};
use model::Snapshot;
use schemars::JsonSchema;
use serde::Serialize;

use crate::common::{SubjectView, WitnessView};
use crate::header::{FORMAT_VERSION, Kind};
use crate::palette::Palette;
use crate::render::View;
use crate::services;
use crate::trace::{self, TraceView, Verdict};

/// The answer for a pair.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ReachView {
    /// The version of this format.
    pub format_version: u32,
    /// `reach`.
    pub kind: Kind,
    /// Who starts.
    pub from: SubjectView,
    /// Who is reached.
    pub to: SubjectView,
    /// What was asked about.
    pub asked: Vec<String>,
    /// Whether any of it makes a session.
    pub verdict: Verdict,
    /// Which services.
    pub services: ServicesView,
    /// A packet that proves it, with its rules.
    pub witness: Option<WitnessView>,
    /// A packet explained.
    pub explanation: Option<TraceView>,
}

/// The answers for sets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ReachSetView {
    /// The version of this format.
    pub format_version: u32,
    /// `reach-set`.
    pub kind: Kind,
    /// Who starts.
    pub from: SubjectView,
    /// Who is reached.
    pub to: SubjectView,
    /// What was asked about.
    pub asked: Vec<String>,
    /// Pairs of classes between which some of it passes, or may.
    pub rows: Vec<ReachRow>,
    /// How many pairs of classes there are between which nothing passes.
    pub blocked_pairs: usize,
}

/// What passes between two classes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ReachRow {
    /// Who starts.
    pub from: SubjectView,
    /// Who is reached.
    pub to: SubjectView,
    /// The verdict.
    pub verdict: Verdict,
    /// Which services.
    pub services: ServicesView,
    /// A packet that proves it, with its rules.
    pub witness: Option<WitnessView>,
}

/// Which services pass.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ServicesView {
    /// For certain, with an answer.
    pub certain: Vec<String>,
    /// Those of which the input does not tell.
    pub undetermined: Vec<String>,
    /// Those that arrive and whose answers are lost.
    pub one_way: Vec<String>,
    /// The same as `certain` with client ports, where those are restricted.
    pub client_ports: Option<String>,
}

/// The view of a pair.
pub fn view(reached: &Reached, snapshot: &Snapshot) -> ReachView {
    ReachView {
        format_version: FORMAT_VERSION,
        kind: Kind::Reach,
        from: SubjectView::of(&reached.from, snapshot),
        to: SubjectView::of(&reached.to, snapshot),
        asked: services::list(&reached.asked),
        verdict: reached.reachability.into(),
        services: ServicesView::of(&reached.answer),
        witness: reached
            .witness
            .as_ref()
            .map(|witness| WitnessView::of(witness, snapshot)),
        explanation: reached
            .explanation
            .as_ref()
            .map(|explanation| trace::view(explanation, snapshot)),
    }
}

/// The view of sets.
pub fn view_set(answer: &SetAnswer, snapshot: &Snapshot) -> ReachSetView {
    let rows = answer.rows.iter().map(|row| ReachRow {
        from: SubjectView::of(&row.from, snapshot),
        to: SubjectView::of(&row.to, snapshot),
        verdict: row.answer.reachability().into(),
        services: ServicesView::of(&row.answer),
        witness: row
            .witness
            .as_ref()
            .map(|witness| WitnessView::of(witness, snapshot)),
    });
    ReachSetView {
        format_version: FORMAT_VERSION,
        kind: Kind::ReachSet,
        from: SubjectView::of(&answer.from, snapshot),
        to: SubjectView::of(&answer.to, snapshot),
        asked: services::list(&answer.asked),
        rows: rows.collect(),
        blocked_pairs: answer.n_blocked,
    }
}

impl ServicesView {
    fn of(answer: &Answer) -> Self {
        let text = answer.certain.to_string();
        Self {
            certain: services::list(&answer.certain),
            undetermined: services::list(&answer.undetermined),
            one_way: services::list(&answer.one_way),
            client_ports: text.contains(" from client ports ").then_some(text),
        }
    }
}

impl View for ReachView {
    fn text(&self, _width: usize, _palette: &Palette) -> String {
        String::new()
    }

    fn columns() -> &'static [&'static str] {
        COLUMNS
    }

    fn rows(&self) -> Vec<Vec<String>> {
        vec![row(
            &self.from,
            &self.to,
            self.verdict,
            &self.services,
            self.witness.as_ref(),
        )]
    }
}

impl View for ReachSetView {
    fn text(&self, _width: usize, _palette: &Palette) -> String {
        String::new()
    }

    fn columns() -> &'static [&'static str] {
        COLUMNS
    }

    fn rows(&self) -> Vec<Vec<String>> {
        let rows = self.rows.iter();
        rows.map(|line| {
            row(
                &line.from,
                &line.to,
                line.verdict,
                &line.services,
                line.witness.as_ref(),
            )
        })
        .collect()
    }
}

const COLUMNS: &[&str] = &[
    "from",
    "from_ids",
    "to",
    "to_ids",
    "verdict",
    "services",
    "undetermined",
    "one_way",
    "rules",
];

fn row(
    from: &SubjectView,
    to: &SubjectView,
    verdict: Verdict,
    services: &ServicesView,
    witness: Option<&WitnessView>,
) -> Vec<String> {
    vec![
        from.name.clone(),
        from.ids(),
        to.name.clone(),
        to.ids(),
        verdict.word().to_owned(),
        services.certain.join(" "),
        services.undetermined.join(" "),
        services.one_way.join(" "),
        witness.map_or_else(String::new, |witness| {
            crate::exposed::rules(&witness.ingress)
        }),
    ]
}
