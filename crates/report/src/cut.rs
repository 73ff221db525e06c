//! The smallest set of rule changes that parts a foothold from a target.

use analysis::{Cut, CutOutcome, Flow, Parting, Path, RuleAt, RuleChange};
use model::Snapshot;
use schemars::JsonSchema;
use serde::Serialize;

use crate::common::{RuleView, SubjectView};
use crate::exposed::rules;
use crate::header::{FORMAT_VERSION, Kind};
use crate::inventory::count;
use crate::page::{Cell, Page};
use crate::palette::Palette;
use crate::paths::{PathView, write_paths};
use crate::pivot;
use crate::render::View;
use crate::services;

/// The smallest set of rule changes that parts a foothold from a target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CutView {
    /// The version of this format.
    pub format_version: u32,
    /// `cut`.
    pub kind: Kind,
    /// Where the intruder starts.
    pub foothold: SubjectView,
    /// What he wants.
    pub target: SubjectView,
    /// What makes a host fall.
    pub model: String,
    /// The flows that are kept.
    pub keep: Vec<String>,
    /// Those of them that do not pass as it is.
    pub not_carried: Vec<String>,
    /// `apart`, `cut` or `none`.
    pub outcome: OutcomeWord,
    /// The cut, if there is one and it is needed.
    pub cut: Option<PartingView>,
    /// Other single changes that part the two at the same price, the least harmful first.
    pub others: Vec<PartingView>,
    /// A way that no change closes, if there is no cut.
    pub open: Option<OpenView>,
    /// Ways that are not certain, and that are left.
    pub possible: Vec<PathView>,
}

/// Whether there is a cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum OutcomeWord {
    /// No certain way leads to the target as it is.
    Apart,
    /// Changes part the two.
    Cut,
    /// No change of rules parts the two.
    None,
}

/// A set of changes with its effect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PartingView {
    /// What to change.
    pub changes: Vec<ChangeView>,
    /// What it costs: one for each rule, unless it is said otherwise.
    pub weight: u64,
    /// Everything that passes for certain before, and not afterwards.
    pub lost: Vec<LossView>,
}

/// A rule that goes, and what comes instead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ChangeView {
    /// The rule that goes.
    pub remove: RuleView,
    /// The rules of the same group that come instead: what kept flows need of it.
    pub add: Vec<RuleView>,
    /// The flows that need it.
    pub kept_for: Vec<String>,
}

/// What stops working.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LossView {
    /// Who started.
    pub from: SubjectView,
    /// Who was reached.
    pub to: SubjectView,
    /// By which services.
    pub services: Vec<String>,
}

/// A way that no change closes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OpenView {
    /// The way.
    pub path: PathView,
    /// The rules on it that kept flows need.
    pub needed: Vec<NeedView>,
}

/// A rule that kept flows need.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NeedView {
    /// The rule.
    pub rule: RuleView,
    /// The flows.
    pub flows: Vec<String>,
}

/// Views of one snapshot, with the flows by their numbers.
struct Views<'v> {
    snapshot: &'v Snapshot,
    keep: Vec<String>,
}

/// The view of a cut.
pub fn view(cut: &Cut, keep: &[Flow], snapshot: &Snapshot) -> CutView {
    let keep = keep.iter().map(|flow| flow.text.clone()).collect();
    let views = Views { snapshot, keep };
    let (outcome, best, others, open) = match &cut.outcome {
        CutOutcome::Apart => (OutcomeWord::Apart, None, Vec::new(), None),
        CutOutcome::Cut { best, others } => {
            let others = others.iter().map(|one| views.parting(one)).collect();
            (OutcomeWord::Cut, Some(views.parting(best)), others, None)
        }
        CutOutcome::None { path, needed } => (
            OutcomeWord::None,
            None,
            Vec::new(),
            Some(views.open(path, needed)),
        ),
    };
    let possible = cut.possible.iter();
    CutView {
        format_version: FORMAT_VERSION,
        kind: Kind::Cut,
        foothold: SubjectView::of(&cut.foothold),
        target: SubjectView::of(&cut.target),
        model: pivot::text(&cut.model, false),
        not_carried: views.flows(&cut.not_carried),
        outcome,
        cut: best,
        others,
        open,
        possible: possible.map(|path| PathView::of(path, snapshot)).collect(),
        keep: views.keep,
    }
}

impl Views<'_> {
    fn parting(&self, parting: &Parting) -> PartingView {
        let changes = parting.changes.iter();
        let lost = parting.lost.iter().map(|edge| LossView {
            from: SubjectView::of(&edge.from),
            to: SubjectView::of(&edge.to),
            services: services::list(&edge.services),
        });
        PartingView {
            changes: changes.filter_map(|change| self.change(change)).collect(),
            weight: parting.weight,
            lost: lost.collect(),
        }
    }

    fn change(&self, change: &RuleChange) -> Option<ChangeView> {
        let group = self.snapshot.groups().get(change.rule.group);
        let instead = change.instead.iter();
        Some(ChangeView {
            remove: RuleView::of(change.rule, self.snapshot)?,
            add: instead
                .map(|rule| RuleView::of_rule(group, rule, self.snapshot))
                .collect(),
            kept_for: self.flows(&change.needed_by),
        })
    }

    fn open(&self, path: &Path, needed: &[(RuleAt, Vec<usize>)]) -> OpenView {
        let needed = needed.iter().filter_map(|(rule, flows)| {
            Some(NeedView {
                rule: RuleView::of(*rule, self.snapshot)?,
                flows: self.flows(flows),
            })
        });
        OpenView {
            path: PathView::of(path, self.snapshot),
            needed: needed.collect(),
        }
    }

    fn flows(&self, numbers: &[usize]) -> Vec<String> {
        let flows = numbers.iter().filter_map(|number| self.keep.get(*number));
        flows.cloned().collect()
    }
}

impl View for CutView {
    fn text(&self, width: usize, palette: &Palette) -> String {
        let mut page = Page::new(width, palette);
        let (from, to) = (self.foothold.label(), self.target.label());
        match (self.outcome, &self.cut, &self.open) {
            (OutcomeWord::Apart, ..) => {
                let answer = format!("{from} and {to} are apart: there is nothing to cut");
                page.styled(0, &answer, palette.good);
            }
            (_, Some(cut), _) => {
                let changes = count(cut.changes.len(), "change");
                let is_one = cut.changes.len() == 1;
                let verb = if is_one { "separates" } else { "separate" };
                let answer = format!("{changes} of rules {verb} {to} from {from}:");
                page.styled(0, &answer, palette.good);
                cut.write(&mut page, palette);
            }
            (_, None, open) => {
                let answer = format!("No change of rules separates {to} from {from}");
                page.styled(0, &answer, palette.bad);
                if let Some(open) = open {
                    open.write(&mut page, palette);
                }
            }
        }
        self.write_others(&mut page, palette);
        self.write_notes(&mut page, palette);
        page.finish()
    }

    fn columns() -> &'static [&'static str] {
        &[
            "cut",
            "what",
            "group",
            "group_id",
            "account",
            "rule_id",
            "direction",
            "service",
            "peer",
            "from",
            "to",
            "services",
            "kept_for",
        ]
    }

    fn rows(&self) -> Vec<Vec<String>> {
        let all = self.cut.iter().chain(&self.others).enumerate();
        all.flat_map(|(number, parting)| parting.rows(number + 1))
            .collect()
    }
}

impl CutView {
    fn write_others(&self, page: &mut Page<'_>, palette: &Palette) {
        for other in &self.others {
            page.heading("Or instead");
            other.write(page, palette);
        }
    }

    fn write_notes(&self, page: &mut Page<'_>, palette: &Palette) {
        if !self.possible.is_empty() {
            page.heading("Left, and not certain: the input does not tell, or a load balancer passes requests on");
            for path in &self.possible {
                page.text(2, &path.line());
            }
        }
        page.gap();
        for flow in &self.not_carried {
            let text = format!("To be kept, but does not pass as it is: {flow}");
            page.styled(0, &text, palette.warn);
        }
        if !self.keep.is_empty() {
            page.styled(0, &format!("Kept: {}.", self.keep.join("; ")), palette.dim);
        }
        page.styled(0, &format!("Model: {}.", self.model), palette.dim);
    }
}

impl PartingView {
    fn write(&self, page: &mut Page<'_>, palette: &Palette) {
        let rows = self.changes.iter().flat_map(|change| change.cells(palette));
        page.table(2, &rows.collect::<Vec<_>>());
        if self.lost.is_empty() {
            page.text(2, "nothing stops working");
            return;
        }
        page.text(2, "what stops working:");
        let rows = self.lost.iter().map(|loss| {
            vec![
                Cell::new(loss.from.label()),
                Cell::new(format!("→ {}", loss.to.label())),
                Cell::styled(services::short(&loss.services, 4), palette.warn),
            ]
        });
        page.table(4, &rows.collect::<Vec<_>>());
    }

    fn rows(&self, number: usize) -> Vec<Vec<String>> {
        let rule = |what: &str, rule: &RuleView, kept_for: &[String]| {
            let mut row = vec![
                number.to_string(),
                what.to_owned(),
                rule.group().to_owned(),
                rule.group_id.clone(),
                rule.account.clone().unwrap_or_default(),
                rule.rule_id.clone().unwrap_or_default(),
                rule.direction.clone(),
                rule.service.clone(),
                rule.peer.clone(),
            ];
            row.extend([
                String::new(),
                String::new(),
                String::new(),
                kept_for.join("; "),
            ]);
            row
        };
        let changes = self.changes.iter().flat_map(|change| {
            let added = change.add.iter();
            let added = added.map(|added| rule("add", added, &change.kept_for));
            std::iter::once(rule("remove", &change.remove, &[])).chain(added)
        });
        let lost = self.lost.iter().map(|loss| {
            let mut row = vec![number.to_string(), "lost".to_owned()];
            row.resize(9, String::new());
            row.extend([
                loss.from.name.clone(),
                loss.to.name.clone(),
                loss.services.join(" "),
                String::new(),
            ]);
            row
        });
        changes.chain(lost).collect()
    }
}

impl ChangeView {
    /// A line for what goes, and one for what comes.
    fn cells(&self, palette: &Palette) -> Vec<Vec<Cell>> {
        let line = |word: &str, style, rule: &RuleView, more: String| {
            let rule = format!("{}{}{more}", rules(std::slice::from_ref(rule)), rule.tag());
            vec![Cell::styled(word, style), Cell::new(rule)]
        };
        let mut lines = vec![line(
            "remove",
            palette.bad,
            &self.remove,
            self.remove.owner(),
        )];
        for added in &self.add {
            let kept_for = format!(", for {}", self.kept_for.join("; "));
            lines.push(line("add", palette.good, added, kept_for));
        }
        lines
    }
}

impl OpenView {
    fn write(&self, page: &mut Page<'_>, palette: &Palette) {
        if self.needed.is_empty() {
            page.text(
                0,
                "This path meets no rule of a group that could keep it out:",
            );
        }
        let rows = self.needed.iter().map(|need| {
            let rule = &need.rule;
            let rule = format!("{}{}", rules(std::slice::from_ref(rule)), rule.tag());
            vec![
                Cell::new(rule),
                Cell::styled(
                    format!("is needed by {}", need.flows.join("; ")),
                    palette.warn,
                ),
            ]
        });
        page.table(2, &rows.collect::<Vec<_>>());
        write_paths(page, std::slice::from_ref(&self.path), "Open path", palette);
    }
}
