//! Who reaches whom: a pair, or sets.

use analysis::{Answer, Reached, SetAnswer};
use model::Snapshot;
use schemars::JsonSchema;
use serde::Serialize;

use crate::common::{SubjectView, WitnessView};
use crate::exposed::{rules, rules_beside};
use crate::header::{FORMAT_VERSION, Kind};
use crate::page::{Cell, Page};
use crate::palette::Palette;
use crate::render::View;
use crate::services;
use crate::through::ThroughView;
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
    /// Whether any of it makes a session with the target itself; see `through` for what is passed on.
    pub verdict: Verdict,
    /// Which services.
    pub services: ServicesView,
    /// What passes for certain of what was not asked about.
    pub others: Vec<String>,
    /// A packet that proves it, with its rules.
    pub witness: Option<WitnessView>,
    /// A packet explained.
    pub explanation: Option<TraceView>,
    /// What leads there through load balancers.
    pub through: Vec<ThroughView>,
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
    /// Pairs of classes, told apart as far as was asked, between which some of it passes, or may.
    pub rows: Vec<ReachRow>,
    /// How many pairs of classes there are between which nothing passes directly.
    pub blocked_pairs: usize,
    /// What leads there through load balancers.
    pub through: Vec<ThroughView>,
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
        from: SubjectView::of(&reached.from),
        to: SubjectView::of(&reached.to),
        asked: services::list(&reached.asked),
        verdict: reached.reachability.into(),
        services: ServicesView::of(&reached.answer),
        others: services::list(&reached.whole.certain.difference(&reached.asked)),
        witness: reached
            .witness
            .as_ref()
            .map(|witness| WitnessView::of(witness, snapshot)),
        explanation: reached
            .explanation
            .as_ref()
            .map(|explanation| trace::view(explanation, snapshot)),
        through: ThroughView::all(&reached.through, snapshot),
    }
}

/// The view of sets.
pub fn view_set(answer: &SetAnswer, snapshot: &Snapshot) -> ReachSetView {
    let rows = answer.rows.iter().map(|row| ReachRow {
        from: SubjectView::of(&row.from),
        to: SubjectView::of(&row.to),
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
        from: SubjectView::of(&answer.from),
        to: SubjectView::of(&answer.to),
        asked: services::list(&answer.asked),
        rows: rows.collect(),
        blocked_pairs: answer.n_blocked,
        through: ThroughView::all(&answer.through, snapshot),
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

impl ReachRow {
    /// One line for what is certain, what is open and what is one-way.
    fn cells(&self, palette: &Palette) -> Vec<Vec<Cell>> {
        let kinds = [
            (&self.services.certain, "", palette.bad),
            (&self.services.undetermined, "possibly ", palette.warn),
            (&self.services.one_way, "one-way ", palette.warn),
        ];
        let shown = kinds
            .into_iter()
            .filter(|(services, ..)| !services.is_empty());
        let ingress = self
            .witness
            .as_ref()
            .map_or(&[][..], |witness| &witness.ingress);
        shown
            .map(|(services, prefix, style)| {
                vec![
                    Cell::new(self.from.label()),
                    Cell::new(self.to.label()),
                    Cell::styled(format!("{prefix}{}", services::short(services, 4)), style),
                    Cell::new(rules_beside(ingress, services)),
                ]
            })
            .collect()
    }
}

/// The groups of the rules of a witness with their ids, to copy.
fn group_ids(witness: &WitnessView) -> String {
    let mut texts: Vec<String> = Vec::new();
    for rule in witness.egress.iter().chain(&witness.ingress) {
        let text = match &rule.group_name {
            Some(name) => format!("{name} {}", rule.group_id),
            None => rule.group_id.clone(),
        };
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
    texts.join(", ")
}

impl ReachView {
    /// What passes, and what does beside what was asked.
    fn service_rows(&self, palette: &Palette) -> Vec<Vec<Cell>> {
        let kinds = [
            ("passes", &self.services.certain, palette.bad),
            ("may pass", &self.services.undetermined, palette.warn),
            ("one-way", &self.services.one_way, palette.warn),
        ];
        let shown = kinds
            .into_iter()
            .filter(|(_, services, _)| !services.is_empty());
        let mut rows: Vec<Vec<Cell>> = shown
            .map(|(word, services, style)| {
                vec![
                    Cell::styled(word, palette.dim),
                    Cell::styled(services::short(services, 12), style),
                ]
            })
            .collect();
        if let Some(text) = &self.services.client_ports {
            rows.push(vec![Cell::styled("exactly", palette.dim), Cell::new(text)]);
        }
        if self.services.certain.is_empty() && !self.others.is_empty() {
            rows.push(vec![
                Cell::styled("but open", palette.dim),
                Cell::new(services::short(&self.others, 12)),
            ]);
        }
        rows
    }

    /// By which rules and which way.
    fn proof_rows(&self, explanation: &TraceView, palette: &Palette) -> Vec<Vec<Cell>> {
        let mut rows = Vec::new();
        if let Some(witness) = &self.witness {
            rows.push(vec![
                Cell::styled("out by", palette.dim),
                Cell::new(rules(&witness.egress)),
            ]);
            rows.push(vec![
                Cell::styled("in by", palette.dim),
                Cell::new(rules(&witness.ingress)),
            ]);
            rows.push(vec![
                Cell::styled("groups", palette.dim),
                Cell::styled(group_ids(witness), palette.dim),
            ]);
        }
        rows.push(vec![
            Cell::styled("way", palette.dim),
            Cell::new(explanation.way()),
        ]);
        rows.push(vec![
            Cell::styled("packet", palette.dim),
            Cell::styled(&explanation.packet, palette.dim),
        ]);
        rows
    }
}

impl View for ReachView {
    fn text(&self, width: usize, palette: &Palette) -> String {
        let mut page = Page::new(width, palette);
        page.text(0, &format!("{} -> {}", self.from.label(), self.to.label()));
        let Some(explanation) = &self.explanation else {
            page.styled(
                0,
                "blocked: the two have no address family in common",
                palette.good,
            );
            ThroughView::write(&self.through, &mut page, palette);
            return page.finish();
        };
        explanation.write_verdict(&mut page, palette, !self.through.is_empty());
        let mut rows = self.service_rows(palette);
        rows.extend(self.proof_rows(explanation, palette));
        rows.retain(|row| row.iter().all(|cell| !cell.is_empty()));
        page.table(2, &rows);
        ThroughView::write(&self.through, &mut page, palette);
        page.finish()
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
    fn text(&self, width: usize, palette: &Palette) -> String {
        let mut page = Page::new(width, palette);
        page.text(
            0,
            &format!(
                "{} -> {}: {}",
                self.from.label(),
                self.to.label(),
                services::short(&self.asked, 4)
            ),
        );
        page.gap();
        let direct = self.rows.iter().flat_map(|row| row.cells(palette));
        let through = self.through.iter().map(|way| {
            let from = Cell::new(way.from.label());
            std::iter::once(from).chain(way.cells(palette)).collect()
        });
        let rows: Vec<Vec<Cell>> = direct.chain(through).collect();
        page.table(2, &rows);
        if rows.is_empty() {
            page.styled(2, "blocked: nothing passes", palette.good);
        } else if self.blocked_pairs > 0 {
            page.gap();
            let text = format!(
                "blocked {}between {} of classes",
                if self.through.is_empty() {
                    ""
                } else {
                    "directly "
                },
                crate::inventory::count(self.blocked_pairs, "other pair")
            );
            page.styled(2, &text, palette.dim);
        }
        page.finish()
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
        witness.map_or_else(String::new, |witness| rules(&witness.ingress)),
    ]
}
