//! The whole picture on one screen.

use analysis::{Audit, Finding, LateralMeasure, Open};
use model::Snapshot;
use schemars::JsonSchema;
use serde::Serialize;

use crate::blast::{EdgeView, WayOutView};
use crate::common::{RuleView, SubjectView, WitnessView};
use crate::exposed::ExposureView;
use crate::header::{FORMAT_VERSION, Kind};
use crate::inventory::{self, InventoryView};
use crate::palette::Palette;
use crate::render::View;
use crate::services;

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
    /// What hosts reach outside.
    pub ways_out: Vec<WayOutView>,
    /// How far one fallen host leads.
    pub measures: Vec<MeasureView>,
    /// What is wrong, the worst first.
    pub findings: Vec<FindingView>,
    /// Why answers are open.
    pub undetermined: Vec<OpenView>,
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
            .iter()
            .map(|edge| EdgeView::of(edge, snapshot))
            .collect(),
        lateral_undetermined: lateral
            .undetermined
            .iter()
            .map(|edge| EdgeView::of(edge, snapshot))
            .collect(),
        ways_out: lateral
            .ways_out
            .iter()
            .map(|way| WayOutView::of(way, snapshot))
            .collect(),
        measures: lateral
            .measures
            .iter()
            .map(|measure| MeasureView::of(measure, snapshot))
            .collect(),
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
    }
}

impl MeasureView {
    fn of(measure: &LateralMeasure, snapshot: &Snapshot) -> Self {
        let LateralMeasure {
            from,
            next,
            in_all,
            of,
        } = measure;
        Self {
            from: SubjectView::of(from, snapshot),
            next: *next,
            in_all: *in_all,
            of: *of,
        }
    }
}

impl FindingView {
    fn of(finding: &Finding, snapshot: &Snapshot) -> Self {
        let subjects = |list: &[analysis::Subject]| {
            list.iter()
                .map(|one| SubjectView::of(one, snapshot))
                .collect()
        };
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

impl View for AuditView {
    fn text(&self, _width: usize, _palette: &Palette) -> String {
        String::new()
    }

    fn columns() -> &'static [&'static str] {
        &[
            "severity", "code", "check", "title", "subjects", "ids", "services", "rules", "fix",
            "latent",
        ]
    }

    fn rows(&self) -> Vec<Vec<String>> {
        Vec::new()
    }
}
