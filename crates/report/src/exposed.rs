//! What a network outside can reach.

use std::collections::BTreeSet;

use analysis::{Exposed, Exposure, Whence};
use model::Snapshot;
use packet::PacketSet;
use schemars::JsonSchema;
use serde::Serialize;

use crate::common::{RuleView, SubjectView, WitnessView};
use crate::header::{FORMAT_VERSION, Kind};
use crate::page::{Cell, Page};
use crate::palette::Palette;
use crate::render::View;
use crate::services;
use crate::through::ThroughView;

/// What networks outside can reach.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ExposedView {
    /// The version of this format.
    pub format_version: u32,
    /// `exposed`.
    pub kind: Kind,
    /// One for each network outside that was asked about.
    pub exposures: Vec<ExposureView>,
}

/// What one network outside can reach.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ExposureView {
    /// Who reaches.
    pub from: SubjectView,
    /// What it reaches.
    pub rows: Vec<ExposedRow>,
    /// What it reaches through load balancers.
    pub through: Vec<ThroughView>,
}

/// Hosts that can be reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ExposedRow {
    /// The hosts.
    pub to: SubjectView,
    /// From which blocks outside; empty for anywhere.
    pub from_blocks: Vec<String>,
    /// Services that can be reached for certain.
    pub services: Vec<String>,
    /// Services of which the input does not tell.
    pub undetermined: Vec<String>,
    /// Services to which packets arrive and whose answers are lost.
    pub one_way: Vec<String>,
    /// A packet that proves it.
    pub witness: Option<WitnessView>,
}

/// The view of exposures.
pub fn view(exposures: &[Exposure], snapshot: &Snapshot) -> ExposedView {
    let exposures = exposures
        .iter()
        .map(|exposure| ExposureView::of(exposure, snapshot))
        .collect();
    ExposedView {
        format_version: FORMAT_VERSION,
        kind: Kind::Exposed,
        exposures,
    }
}

impl ExposureView {
    /// Whether another network reaches the same hosts by the same services; the rules may differ.
    pub(crate) fn reaches_the_same(&self, other: &Self) -> bool {
        let reached = |view: &Self| -> Vec<_> {
            let rows = view.rows.iter();
            rows.map(|row| {
                (
                    row.to.clone(),
                    row.services.clone(),
                    row.undetermined.clone(),
                    row.one_way.clone(),
                )
            })
            .collect()
        };
        let passed_on = |view: &Self| -> Vec<_> {
            let ways = view.through.iter();
            ways.map(|way| {
                (
                    way.via.clone(),
                    way.to.clone(),
                    way.exit.clone(),
                    way.verdict,
                )
            })
            .collect()
        };
        !self.rows.is_empty()
            && reached(self) == reached(other)
            && passed_on(self) == passed_on(other)
    }

    pub(crate) fn of(exposure: &Exposure, snapshot: &Snapshot) -> Self {
        let rows = exposure
            .rows
            .iter()
            .map(|row| ExposedRow::of(row, snapshot));
        Self {
            from: SubjectView::of(&exposure.from),
            rows: rows.collect(),
            through: ThroughView::all(&exposure.through, snapshot),
        }
    }

    /// Puts the rows on a page: who, by what, through which rule.
    pub(crate) fn write(&self, page: &mut Page<'_>, palette: &Palette, limit: usize) {
        let mut rows = Vec::new();
        for row in &self.rows {
            rows.extend(row.cells(palette));
        }
        rows.extend(self.through.iter().map(|way| way.cells(palette)));
        if rows.is_empty() {
            page.text(2, "nothing");
        }
        page.table_head(2, &rows, limit, "see `watertight exposed`");
    }
}

impl ExposedRow {
    fn of(row: &Exposed, snapshot: &Snapshot) -> Self {
        let from_blocks = match &row.whence {
            Whence::Anywhere => Vec::new(),
            Whence::Blocks(blocks) => blocks.iter().map(ToString::to_string).collect(),
        };
        let list = |set: &PacketSet| services::list(set);
        Self {
            to: SubjectView::of(&row.to),
            from_blocks,
            services: list(&row.answer.certain),
            undetermined: list(&row.answer.undetermined),
            one_way: list(&row.answer.one_way),
            witness: row
                .witness
                .as_ref()
                .map(|witness| WitnessView::of(witness, snapshot)),
        }
    }

    /// One line for what is certain, what is open and what is one-way.
    fn cells(&self, palette: &Palette) -> Vec<Vec<Cell>> {
        let kinds = [
            (&self.services, "", palette.bad),
            (&self.undetermined, "possibly ", palette.warn),
            (&self.one_way, "one-way ", palette.warn),
        ];
        let shown = kinds
            .into_iter()
            .filter(|(services, ..)| !services.is_empty());
        shown
            .map(|(services, prefix, style)| {
                vec![
                    Cell::new(self.to.label()),
                    Cell::styled(format!("{prefix}{}", services::short(services, 4)), style),
                    Cell::new(self.because(services)),
                ]
            })
            .collect()
    }

    fn because(&self, services: &[String]) -> String {
        let ingress = self
            .witness
            .as_ref()
            .map_or(&[][..], |witness| &witness.ingress);
        let rules = rules_beside(ingress, services);
        match self.from_blocks.len() {
            0 => rules,
            1..=MAX_BLOCKS => format!("{rules} (only {})", self.from_blocks.join(", ")),
            n => format!("{rules} (only some blocks: {n})"),
        }
    }
}

/// More blocks outside are counted in text, not listed.
const MAX_BLOCKS: usize = 3;

/// Rules in a few words: `shop-bastion: tcp/22 from 0.0.0.0/0 ::/0`. What rules have in common is said once.
pub(crate) fn rules(rules: &[RuleView]) -> String {
    rules_beside(rules, &[])
}

/// The same beside a column that tells the services: they are left out where they are no others.
pub(crate) fn rules_beside(rules: &[RuleView], services: &[String]) -> String {
    let shown: BTreeSet<&str> = services
        .iter()
        .map(|text| text.trim_end_matches(" (IPv6)"))
        .collect();
    let mut texts = Vec::new();
    let mut before: Vec<&str> = Vec::new();
    for Clause {
        groups,
        services,
        preposition,
        peers,
    } in clauses(rules)
    {
        let told: BTreeSet<&str> = services.iter().map(String::as_str).collect();
        let group = if groups == before {
            String::new()
        } else {
            format!("{}: ", groups.join(" "))
        };
        let services = if told == shown {
            String::new()
        } else {
            format!("{} ", services.join(" "))
        };
        texts.push(format!(
            "{group}{services}{preposition} {}",
            peers.join(" ")
        ));
        before = groups;
    }
    texts.join(", ")
}

/// Rules that differ in one thing only, told together.
#[derive(PartialEq, Eq)]
struct Clause<'r> {
    groups: Vec<&'r str>,
    services: Vec<String>,
    preposition: &'static str,
    peers: Vec<String>,
}

fn clauses(rules: &[RuleView]) -> Vec<Clause<'_>> {
    let single = rules.iter().map(|rule| Clause {
        groups: vec![rule.group()],
        services: vec![rule.service.clone()],
        preposition: if rule.direction == "ingress" {
            "from"
        } else {
            "to"
        },
        peers: vec![rule.peer_text()],
    });
    let mut clauses: Vec<Clause<'_>> = Vec::new();
    for clause in single {
        if !clauses.contains(&clause) {
            clauses.push(clause);
        }
    }
    clauses = joined(
        clauses,
        |a, b| a.groups == b.groups && a.services == b.services,
        |a, b| a.peers.extend(b.peers),
    );
    clauses = joined(
        clauses,
        |a, b| a.groups == b.groups && a.peers == b.peers,
        |a, b| a.services.extend(b.services),
    );
    joined(
        clauses,
        |a, b| a.services == b.services && a.peers == b.peers,
        |a, b| a.groups.extend(b.groups),
    )
}

/// The clauses with those that are alike put together.
fn joined<'r>(
    clauses: Vec<Clause<'r>>,
    is_alike: impl Fn(&Clause<'r>, &Clause<'r>) -> bool,
    join: impl Fn(&mut Clause<'r>, Clause<'r>),
) -> Vec<Clause<'r>> {
    let mut kept: Vec<Clause<'r>> = Vec::new();
    for clause in clauses {
        match kept
            .iter_mut()
            .find(|known| known.preposition == clause.preposition && is_alike(known, &clause))
        {
            Some(known) => join(known, clause),
            None => kept.push(clause),
        }
    }
    kept
}

impl View for ExposedView {
    fn text(&self, width: usize, palette: &Palette) -> String {
        let mut page = Page::new(width, palette);
        for exposure in &self.exposures {
            page.heading(&format!("Exposed to {}", exposure.from.name));
            exposure.write(&mut page, palette, usize::MAX);
        }
        page.finish()
    }

    fn columns() -> &'static [&'static str] {
        &[
            "from",
            "from_blocks",
            "to",
            "to_ids",
            "services",
            "undetermined",
            "one_way",
            "rules",
            "through",
        ]
    }

    fn rows(&self) -> Vec<Vec<String>> {
        let rows = self
            .exposures
            .iter()
            .flat_map(|exposure| exposure.rows.iter().map(move |row| (exposure, row)));
        let direct = rows.map(|(exposure, row)| {
            vec![
                exposure.from.name.clone(),
                row.from_blocks.join(" "),
                row.to.name.clone(),
                row.to.ids(),
                row.services.join(" "),
                row.undetermined.join(" "),
                row.one_way.join(" "),
                row.witness
                    .as_ref()
                    .map_or_else(String::new, |witness| rules(&witness.ingress)),
                String::new(),
            ]
        });
        let through = self
            .exposures
            .iter()
            .flat_map(|exposure| exposure.through.iter().map(ThroughView::csv_row));
        direct.chain(through).collect()
    }
}
