//! The whole picture on one screen.

mod lateral;
mod summary;

use std::collections::BTreeSet;

use analysis::{Audit, Finding, LateralMeasure, NotModelled, Open};
use model::Snapshot;
use rayon::prelude::*;
use schemars::JsonSchema;
use serde::Serialize;

pub use self::summary::{SummaryView, TierWithinView};
use crate::blast::{EdgeView, WayOutView};
use crate::common::{RuleView, SubjectView, WitnessView};
use crate::exposed::{ExposureView, rules};
use crate::header::{FORMAT_VERSION, Kind};
use crate::inventory::{self, InventoryView};
use crate::page::{Cell, Page};
use crate::palette::Palette;
use crate::render::View;
use crate::services;
use crate::through::ThroughView;

/// The whole picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AuditView {
    /// The version of this format.
    pub format_version: u32,
    /// `audit`.
    pub kind: Kind,
    /// What there is.
    pub inventory: InventoryView,
    /// What networks outside can reach.
    pub exposures: Vec<ExposureView>,
    /// Who can move where inside, for certain.
    pub lateral: Vec<EdgeView>,
    /// Who may move where: the input leaves it open.
    pub lateral_undetermined: Vec<EdgeView>,
    /// Who reaches whom inside through load balancers.
    pub lateral_through: Vec<ThroughView>,
    /// What hosts reach outside.
    pub ways_out: Vec<WayOutView>,
    /// Hosts that reach nothing on the internet but may ask the resolver of their VPC: names lead out, unless a DNS
    /// Firewall stands there, which is not read.
    pub resolver_only: Vec<SubjectView>,
    /// How far one fallen host leads.
    pub measures: Vec<MeasureView>,
    /// Lateral movement in a few numbers.
    pub summary: SummaryView,
    /// What is wrong, the worst first.
    pub findings: Vec<FindingView>,
    /// Why answers are open.
    pub undetermined: Vec<OpenView>,
    /// What the input holds, by which packets may go, and which no answer heeds.
    pub not_modelled: Vec<NotModelledView>,
}

/// Something that no answer heeds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NotModelledView {
    /// What it is, in the plural.
    pub what: String,
    /// File and JSON pointer of a place that tells it.
    pub origin: String,
}

/// How far one fallen host leads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MeasureView {
    /// From any one of these.
    pub from: SubjectView,
    /// So many other hosts are reached directly.
    pub next: usize,
    /// So many in all.
    pub in_all: usize,
    /// Of so many.
    pub of: usize,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FindingView {
    /// The check's code.
    pub code: String,
    /// The check's name.
    pub check: String,
    /// `critical`, `high`, `medium`, `low` or `info`.
    pub severity: String,
    /// What is wrong, in one line.
    pub title: String,
    /// Whose hosts are concerned.
    pub subjects: Vec<SubjectView>,
    /// Who can use it.
    pub sources: Vec<SubjectView>,
    /// The services that are open.
    pub services: Vec<String>,
    /// The rules to change.
    pub rules: Vec<RuleView>,
    /// A packet that proves it.
    pub witness: Option<WitnessView>,
    /// The change that repairs it.
    pub fix: String,
    /// The removal of the rules that let it pass, in the words of `watertight whatif`. Where some of that is needed, a
    /// narrower rule has to come in their place.
    pub cut: Vec<String>,
    /// Whether no packet can arrive today.
    pub latent: bool,
    /// Where to change it: file and JSON pointer.
    pub origins: Vec<String>,
}

/// One reason why answers are open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OpenView {
    /// A stable code.
    pub code: String,
    /// What is not known.
    pub text: String,
    /// How to get an answer.
    pub remedy: String,
    /// How many pairs of classes it leaves open.
    pub pairs: usize,
    /// One of them.
    pub example: EdgeView,
}

/// The view of an audit.
pub fn view(audit: &Audit, snapshot: &Snapshot) -> AuditView {
    let lateral = &audit.lateral;
    AuditView {
        format_version: FORMAT_VERSION,
        kind: Kind::Audit,
        inventory: inventory::view(&audit.inventory, snapshot),
        exposures: audit
            .exposures
            .iter()
            .map(|exposure| ExposureView::of(exposure, snapshot))
            .collect(),
        lateral: lateral
            .edges
            .par_iter()
            .map(|edge| EdgeView::of(edge, snapshot))
            .collect(),
        lateral_undetermined: lateral
            .undetermined
            .par_iter()
            .map(|edge| EdgeView::of(edge, snapshot))
            .collect(),
        lateral_through: ThroughView::all(&lateral.through, snapshot),
        ways_out: lateral
            .ways_out
            .par_iter()
            .map(|way| WayOutView::of(way, snapshot))
            .collect(),
        resolver_only: lateral.resolver_only.iter().map(SubjectView::of).collect(),
        measures: lateral.measures.iter().map(MeasureView::of).collect(),
        summary: SummaryView::of(&audit.summary),
        findings: audit
            .findings
            .iter()
            .map(|finding| FindingView::of(finding, snapshot))
            .collect(),
        undetermined: audit
            .undetermined
            .iter()
            .map(|open| OpenView::of(open, snapshot))
            .collect(),
        not_modelled: audit.not_modelled.iter().map(NotModelledView::of).collect(),
    }
}

impl MeasureView {
    fn of(measure: &LateralMeasure) -> Self {
        let LateralMeasure {
            from,
            next,
            in_all,
            of,
        } = measure;
        Self {
            from: SubjectView::of(from),
            next: *next,
            in_all: *in_all,
            of: *of,
        }
    }
}

impl FindingView {
    fn of(finding: &Finding, snapshot: &Snapshot) -> Self {
        let subjects = |list: &[analysis::Subject]| list.iter().map(SubjectView::of).collect();
        Self {
            code: finding.code.to_owned(),
            check: finding.check.to_owned(),
            severity: finding.grade.word().to_owned(),
            title: finding.title.clone(),
            subjects: subjects(&finding.subjects),
            sources: subjects(&finding.sources),
            services: services::list(&finding.services),
            rules: RuleView::all(&finding.rules, snapshot),
            witness: finding
                .witness
                .as_ref()
                .map(|witness| WitnessView::of(witness, snapshot)),
            fix: finding.fix.clone(),
            cut: removals(&RuleView::all(&finding.rules, snapshot)),
            latent: finding.is_latent,
            origins: finding.origins.iter().map(ToString::to_string).collect(),
        }
    }
}

impl OpenView {
    fn of(open: &Open, snapshot: &Snapshot) -> Self {
        Self {
            code: open.code.to_owned(),
            text: open.text.clone(),
            remedy: open.remedy.to_owned(),
            pairs: open.n_pairs,
            example: EdgeView::of(&open.example, snapshot),
        }
    }
}

impl NotModelledView {
    fn of(one: &NotModelled) -> Self {
        Self {
            what: one.what.to_owned(),
            origin: one.origin.to_string(),
        }
    }
}

impl View for AuditView {
    fn text(&self, width: usize, palette: &Palette) -> String {
        let mut page = Page::new(width, palette);
        self.write_head(&mut page, palette);
        for exposure in &self.exposures {
            let of = if exposure.from.kind == "office" {
                "office "
            } else {
                "the "
            };
            page.heading(&format!("Exposed to {of}{}", exposure.from.name));
            match self.exposures.first() {
                Some(first) if first.from != exposure.from && exposure.reaches_the_same(first) => {
                    page.text(2, &format!("the same as the {}", first.from.name));
                }
                _ => exposure.write(&mut page, palette, MAX_ROWS),
            }
        }
        self.write_lateral(&mut page, palette);
        self.write_summary(&mut page, palette);
        self.write_findings(&mut page, palette);
        self.write_undetermined(&mut page, palette);
        self.write_not_modelled(&mut page, palette);
        self.write_next(&mut page, palette);
        page.finish()
    }

    fn columns() -> &'static [&'static str] {
        &[
            "severity", "code", "check", "title", "subjects", "ids", "services", "rules", "fix",
            "latent",
        ]
    }

    fn rows(&self) -> Vec<Vec<String>> {
        let row = |finding: &FindingView| {
            let ids: Vec<String> = finding.subjects.iter().map(SubjectView::ids).collect();
            vec![
                finding.severity.clone(),
                finding.code.clone(),
                finding.check.clone(),
                finding.title.clone(),
                names(&finding.subjects),
                ids.join(" "),
                finding.services.join(" "),
                rules(&finding.rules),
                finding.fix.clone(),
                finding.latent.to_string(),
            ]
        };
        self.findings.iter().map(row).collect()
    }
}

impl AuditView {
    fn write_head(&self, page: &mut Page<'_>, palette: &Palette) {
        let headline = self.inventory.headline();
        if self.inventory.missing.is_empty() {
            page.text(0, &headline);
        } else {
            let missing = self.inventory.missing.join(", ");
            page.text(0, &headline);
            page.styled(
                0,
                &format!("missing from the input, so not everything is certain: {missing}"),
                palette.warn,
            );
        }
    }

    fn write_findings(&self, page: &mut Page<'_>, palette: &Palette) {
        page.heading("Findings");
        if self.findings.is_empty() {
            page.styled(2, "none", palette.good);
        }
        let mut by_check: Vec<(&FindingView, Vec<&FindingView>)> = Vec::new();
        for finding in &self.findings {
            match by_check
                .iter_mut()
                .find(|(first, _)| first.code == finding.code && first.title == finding.title)
            {
                Some((_, all)) => all.push(finding),
                None => by_check.push((finding, vec![finding])),
            }
        }
        for (first, all) in by_check {
            let style = match first.severity.as_str() {
                "critical" | "high" => palette.bad,
                "medium" => palette.warn,
                _ => palette.dim,
            };
            let who = who(&all);
            let title = vec![
                Cell::styled(format!("{:8}", first.severity), style),
                Cell::new(&first.code),
                Cell::new(format!("{}{who}", first.title)),
            ];
            page.table(2, &[title]);
            for finding in all.iter().take(MAX_FIXES) {
                page.styled(12, &finding.fix, palette.dim);
            }
            let rest = all.len().saturating_sub(MAX_FIXES);
            if rest > 0 {
                page.styled(12, &format!("and {rest} more alike"), palette.dim);
            }
        }
    }

    /// What to ask next.
    fn write_next(&self, page: &mut Page<'_>, palette: &Palette) {
        let foothold = self.measures.iter().find(|measure| measure.in_all > 0);
        let Some(member) = foothold.and_then(|measure| measure.from.members.first()) else {
            return;
        };
        page.heading("Next");
        let rows = [
            (
                "watertight blast SNAPSHOT --from internet".to_owned(),
                "how far an outsider gets",
            ),
            (
                format!("watertight blast SNAPSHOT --from {}", member.id),
                "how far an intruder gets from there",
            ),
            (
                "watertight trace SNAPSHOT --from A --to B ssh".to_owned(),
                "why, hop by hop",
            ),
        ];
        let cells = rows
            .map(|(command, purpose)| vec![Cell::new(command), Cell::styled(purpose, palette.dim)]);
        page.table(2, &cells);
    }

    fn write_not_modelled(&self, page: &mut Page<'_>, palette: &Palette) {
        if self.not_modelled.is_empty() {
            return;
        }
        page.heading("Not decided");
        for one in &self.not_modelled {
            let text = format!("ways by {} are not modelled", one.what);
            page.styled(2, &text, palette.warn);
            page.styled(4, &one.origin, palette.dim);
        }
    }

    fn write_undetermined(&self, page: &mut Page<'_>, palette: &Palette) {
        if self.undetermined.is_empty() {
            return;
        }
        page.heading("Undetermined");
        for open in self.undetermined.iter().take(MAX_OPEN) {
            let pairs = inventory::count(open.pairs, "pair");
            let example = format!(
                "{} -> {}",
                open.example.from.label(),
                open.example.to.label()
            );
            page.styled(
                2,
                &format!("{} ({pairs}, such as {example})", open.text),
                palette.warn,
            );
            page.styled(4, &open.remedy, palette.dim);
        }
        let rest = self.undetermined.len().saturating_sub(MAX_OPEN);
        if rest > 0 {
            page.text(2, &format!("and {} more", inventory::count(rest, "reason")));
        }
    }
}

/// More rows of one section are not listed on the screen.
const MAX_ROWS: usize = 30;

/// More subjects of one finding are counted, not listed.
const MAX_SUBJECTS: usize = 6;

/// More fixes of one check are not listed on the screen.
const MAX_FIXES: usize = 2;

/// More reasons are not listed on the screen.
const MAX_OPEN: usize = 5;

/// The removal of rules: of those that let in, where there are some, else of those that let out.
fn removals(rules: &[RuleView]) -> Vec<String> {
    let lets_in = rules.iter().any(|rule| rule.direction == "ingress");
    let meant = rules
        .iter()
        .filter(|rule| (rule.direction == "ingress") == lets_in);
    let texts = meant.map(|rule| {
        let RuleView {
            group_id,
            direction,
            service,
            peer,
            ..
        } = rule;
        let preposition = if lets_in { "from" } else { "to" };
        format!("remove {direction} {group_id} {service} {preposition} {peer}")
    });
    texts.collect()
}

/// The subjects of some findings in words, each once, of many the first ones.
fn who(findings: &[&FindingView]) -> String {
    let subjects = findings.iter().flat_map(|finding| &finding.subjects);
    let mut seen = BTreeSet::new();
    let mut first: Vec<String> = Vec::new();
    for label in subjects.map(SubjectView::label) {
        if first.len() < MAX_SUBJECTS && !seen.contains(&label) {
            first.push(label.clone());
        }
        seen.insert(label);
    }
    let n_more = seen.len() - first.len();
    if n_more > 0 {
        first.push(format!("{n_more} more"));
    }
    if first.is_empty() {
        return String::new();
    }
    format!(": {}", first.join(", "))
}

fn names(subjects: &[SubjectView]) -> String {
    let labels: Vec<String> = subjects.iter().map(SubjectView::label).collect();
    labels.join(", ")
}
