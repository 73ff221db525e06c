//! What a network outside can reach.

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
    pub(crate) fn of(exposure: &Exposure, snapshot: &Snapshot) -> Self {
        let rows = exposure
            .rows
            .iter()
            .map(|row| ExposedRow::of(row, snapshot));
        Self {
            from: SubjectView::of(&exposure.from, snapshot),
            rows: rows.collect(),
        }
    }

    /// Puts the rows on a page: who, by what, through which rule.
    pub(crate) fn write(&self, page: &mut Page<'_>, palette: &Palette) {
        let mut rows = Vec::new();
        for row in &self.rows {
            rows.extend(row.cells(palette));
        }
        if rows.is_empty() {
            page.text(2, "nothing");
        }
        page.table(2, &rows);
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
            to: SubjectView::of(&row.to, snapshot),
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
                    Cell::new(self.because()),
                ]
            })
            .collect()
    }

    fn because(&self) -> String {
        let blocks = if self.from_blocks.is_empty() {
            String::new()
        } else {
            format!(" (only {})", self.from_blocks.join(", "))
        };
        let rules = self
            .witness
            .as_ref()
            .map_or_else(String::new, |witness| rules(&witness.ingress));
        format!("{rules}{blocks}")
    }
}

/// Rules in a few words: `shop-bastion: tcp/22 from 0.0.0.0/0 ::/0`. What groups or rules have in common is said once.
pub(crate) fn rules(rules: &[RuleView]) -> String {
    let mut by_service: Vec<(Vec<&str>, String, Vec<String>)> = Vec::new();
    for rule in rules {
        let (group, service, peer) = (rule.group(), rule.beginning(), rule.peer_text());
        let same = by_service.iter_mut().find(|(groups, known, peers)| {
            *known == service && (groups.contains(&group) || peers.contains(&peer))
        });
        match same {
            Some((groups, _, peers)) => {
                if !groups.contains(&group) {
                    groups.push(group);
                }
                if !peers.contains(&peer) {
                    peers.push(peer);
                }
            }
            None => by_service.push((vec![group], service, vec![peer])),
        }
    }
    let mut before = Vec::new();
    let mut texts = Vec::new();
    for (groups, service, peers) in by_service {
        let clause = format!("{service} {}", peers.join(" "));
        texts.push(if groups == before {
            clause
        } else {
            format!("{}: {clause}", groups.join(" "))
        });
        before = groups;
    }
    texts.join(", ")
}

impl View for ExposedView {
    fn text(&self, width: usize, palette: &Palette) -> String {
        let mut page = Page::new(width, palette);
        for exposure in &self.exposures {
            page.heading(&format!("Exposed to {}", exposure.from.name));
            exposure.write(&mut page, palette);
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
        ]
    }

    fn rows(&self) -> Vec<Vec<String>> {
        let rows = self
            .exposures
            .iter()
            .flat_map(|exposure| exposure.rows.iter().map(move |row| (exposure, row)));
        rows.map(|(exposure, row)| {
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
            ]
        })
        .collect()
    }
}
