//! Ways through load balancers and other services in front.

use analysis::{FrontName, Gate, Through};
use model::Snapshot;
use rayon::prelude::*;
use schemars::JsonSchema;
use serde::Serialize;

use crate::common::{SubjectView, WitnessView};
use crate::exposed::rules_beside;
use crate::page::{Cell, Page};
use crate::palette::Palette;
use crate::services;
use crate::trace::Verdict;

/// What is reached through a front, or several one behind the other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ThroughView {
    /// Who starts.
    pub from: SubjectView,
    /// The fronts, in the order of the way.
    pub via: Vec<FrontView>,
    /// Who is reached.
    pub to: SubjectView,
    /// What the client sends to the first front.
    pub entry: Vec<String>,
    /// As what it reaches the target.
    pub exit: Vec<String>,
    /// `reachable` if both parts of the way are certain, else `undetermined`.
    pub verdict: Verdict,
    /// A packet to the first front.
    pub to_front: Option<WitnessView>,
    /// A packet from the last front to the target, where the front opens a connection of its own.
    pub to_target: Option<WitnessView>,
}

/// A service that stands in front of others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FrontView {
    /// `load balancer` …
    pub kind: String,
    /// Its id.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// What a service outside the network asks of those who come to it; absent if nothing, and for load balancers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub demand: Option<String>,
}

impl FrontView {
    pub(crate) fn of(name: &FrontName) -> Self {
        Self {
            kind: name.kind.label().to_owned(),
            id: name.id.clone(),
            name: name.name.clone(),
            demand: name.kind.gate().and_then(Gate::demand).map(str::to_owned),
        }
    }

    /// All of them in words: `load balancer outer, load balancer web`.
    pub(crate) fn list(fronts: &[Self]) -> String {
        let words = fronts.iter().map(|front| match &front.demand {
            Some(demand) => format!("{} {}, which {demand}", front.kind, front.name),
            None => format!("{} {}", front.kind, front.name),
        });
        words.collect::<Vec<_>>().join(", ")
    }
}

impl ThroughView {
    pub(crate) fn of(through: &Through, snapshot: &Snapshot) -> Self {
        let proof = |witness: &Option<analysis::Witness>| {
            let witness = witness.as_ref();
            witness.map(|witness| WitnessView::of(witness, snapshot))
        };
        Self {
            from: SubjectView::of(&through.from),
            via: through.via.iter().map(FrontView::of).collect(),
            to: SubjectView::of(&through.to),
            entry: services::list(&through.entry),
            exit: services::list(&through.exit),
            verdict: through.reachability.into(),
            to_front: proof(&through.to_front),
            to_target: proof(&through.to_target),
        }
    }

    pub(crate) fn all(ways: &[Through], snapshot: &Snapshot) -> Vec<Self> {
        ways.par_iter().map(|way| Self::of(way, snapshot)).collect()
    }

    /// `load balancer web (tcp/443 -> tcp/8080)`.
    fn way(&self) -> String {
        let (entry, exit) = (
            services::short(&self.entry, 4),
            services::short(&self.exit, 4),
        );
        format!("{} ({entry} -> {exit})", FrontView::list(&self.via))
    }

    /// `through load balancer web (tcp/443)`.
    pub(crate) fn through(&self) -> String {
        let entry = services::short(&self.entry, 4);
        format!("through {} ({entry})", FrontView::list(&self.via))
    }

    /// The rules that let requests in, at the front and then at the target.
    fn because(&self) -> String {
        let rules = |witness: &Option<WitnessView>, services: &[String]| {
            let ingress = witness.as_ref().map_or(&[][..], |witness| &witness.ingress);
            rules_beside(ingress, services)
        };
        let both = [
            rules(&self.to_front, &self.entry),
            rules(&self.to_target, &self.exit),
        ];
        both.into_iter()
            .filter(|text| !text.is_empty())
            .collect::<Vec<_>>()
            .join(", then ")
    }

    /// One line of a table of what is reached: whom, by what, through which front by which rules.
    pub(crate) fn cells(&self, palette: &Palette) -> Vec<Cell> {
        let (prefix, style) = match self.verdict {
            Verdict::Reachable => ("", palette.bad),
            Verdict::Blocked | Verdict::Undetermined => ("possibly ", palette.warn),
        };
        let exit = services::short(&self.exit, 4);
        let front = self.through();
        let because = self.because();
        let text = if because.is_empty() {
            front
        } else {
            format!("{front}: {because}")
        };
        vec![
            Cell::new(self.to.label()),
            Cell::styled(format!("{prefix}{exit}"), style),
            Cell::new(text),
        ]
    }

    /// The same for the table of exposures.
    pub(crate) fn csv_row(&self) -> Vec<String> {
        let (certain, open) = match self.verdict {
            Verdict::Reachable => (self.exit.join(" "), String::new()),
            Verdict::Blocked | Verdict::Undetermined => (String::new(), self.exit.join(" ")),
        };
        vec![
            self.from.name.clone(),
            String::new(),
            self.to.name.clone(),
            self.to.ids(),
            certain,
            open,
            String::new(),
            self.because(),
            self.way(),
        ]
    }

    /// Puts a line for each way on a page: `through load balancer web (tcp/443 -> tcp/8080): reachable`.
    pub(crate) fn write(ways: &[Self], page: &mut Page<'_>, palette: &Palette) {
        if ways.is_empty() {
            return;
        }
        page.gap();
        for way in ways {
            let style = match way.verdict {
                Verdict::Reachable => palette.bad,
                Verdict::Blocked => palette.good,
                Verdict::Undetermined => palette.warn,
            };
            let line = format!("through {}: {}", way.way(), way.verdict.word());
            page.styled(0, &line, style);
            let because = way.because();
            if !because.is_empty() {
                let row = vec![Cell::styled("in by", palette.dim), Cell::new(because)];
                page.table(2, &[row]);
            }
        }
    }
}
