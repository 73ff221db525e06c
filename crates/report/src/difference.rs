//! What two networks differ in.

use analysis::{Changed, Difference, Move, Proof, Prover, Side, State};
use model::Snapshot;
use schemars::JsonSchema;
use serde::Serialize;

use crate::common::{RuleView, SubjectView, endpoint};
use crate::exposed::rules;
use crate::header::{FORMAT_VERSION, Kind};
use crate::page::{Cell, Page};
use crate::palette::Palette;
use crate::render::View;
use crate::services;

/// What two networks differ in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DifferenceView {
    /// The version of this format.
    pub format_version: u32,
    /// `difference`.
    pub kind: Kind,
    /// What changed, the gravest first.
    pub changes: Vec<ChangeView>,
}

/// What changed from some endpoints to others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ChangeView {
    /// Who starts. What is gone is told as it was.
    pub from: Vec<SubjectView>,
    /// Who is reached.
    pub to: Vec<SubjectView>,
    /// What it was and is, the gravest first.
    pub moves: Vec<MoveView>,
}

/// Services whose fate changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MoveView {
    /// What became of them before.
    pub before: Fate,
    /// What becomes of them now.
    pub after: Fate,
    /// The services.
    pub services: Vec<String>,
    /// A packet that proves it.
    pub witness: Option<ProofView>,
}

/// What becomes of packets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Fate {
    /// They are dropped, or one of the two ends is not there.
    Blocked,
    /// They arrive, and no answer returns.
    OneWay,
    /// The input or the model cannot tell.
    Undetermined,
    /// They arrive and are answered.
    Reachable,
}

/// The packet that proves that something changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ProofView {
    /// The packet: protocol, addresses, ports.
    pub packet: String,
    /// Who sends it.
    pub from: String,
    /// Who receives it.
    pub to: String,
    /// The rules of groups that let it pass: before, if it gets less far now.
    pub rules: Vec<RuleView>,
    /// Whether following the packet on both sides gives the same answers. If not, please report a bug.
    pub replayed: bool,
}

/// The view of a difference.
pub fn view(difference: &Difference, before: &Snapshot, after: &Snapshot) -> DifferenceView {
    let prover = Prover::new(before, after);
    let drawing = Drawing {
        difference,
        before,
        after,
        prover: &prover,
    };
    let changes = difference.changes.iter();
    let mut changes: Vec<ChangeView> = changes.map(|changed| drawing.change(changed)).collect();
    changes.sort_by_key(|change| change.moves.first().map(MoveView::gravity));
    DifferenceView {
        format_version: FORMAT_VERSION,
        kind: Kind::Difference,
        changes,
    }
}

/// What is needed to draw a change.
struct Drawing<'d> {
    difference: &'d Difference,
    before: &'d Snapshot,
    after: &'d Snapshot,
    prover: &'d Prover<'d>,
}

impl Drawing<'_> {
    fn change(&self, changed: &Changed) -> ChangeView {
        let subjects = |ids| {
            let subjects = self.difference.subjects(ids, self.before, self.after);
            subjects.iter().map(SubjectView::of).collect()
        };
        let moves = changed.moves.iter().map(|one| self.one(changed, one));
        let mut moves: Vec<MoveView> = moves.collect();
        moves.sort_by_key(MoveView::gravity);
        ChangeView {
            from: subjects(&changed.from),
            to: subjects(&changed.to),
            moves,
        }
    }

    fn one(&self, changed: &Changed, one: &Move) -> MoveView {
        let proof = self.prover.proof(self.difference, changed, one);
        MoveView {
            before: one.before.into(),
            after: one.after.into(),
            services: services::list(&one.packets),
            witness: proof.map(|proof| self.proof(&proof)),
        }
    }

    fn proof(&self, proof: &Proof) -> ProofView {
        let named = |party: &analysis::Party| {
            let after = party.after.map(|one| endpoint(&one, self.after));
            let before = || party.before.map(|one| endpoint(&one, self.before));
            after.or_else(before).unwrap_or_default()
        };
        ProofView {
            packet: proof.packet.to_string(),
            from: named(&proof.from),
            to: named(&proof.to),
            rules: RuleView::all(&proof.rules, self.snapshot(proof.side)),
            replayed: proof.is_replayed,
        }
    }

    const fn snapshot(&self, side: Side) -> &Snapshot {
        match side {
            Side::Before => self.before,
            Side::After => self.after,
        }
    }
}

impl From<State> for Fate {
    fn from(state: State) -> Self {
        match state {
            State::Blocked => Self::Blocked,
            State::OneWay => Self::OneWay,
            State::Undetermined => Self::Undetermined,
            State::Reachable => Self::Reachable,
        }
    }
}

impl Fate {
    const fn word(self) -> &'static str {
        match self {
            Self::Blocked => "blocked",
            Self::OneWay => "one-way",
            Self::Undetermined => "undetermined",
            Self::Reachable => "reachable",
        }
    }
}

impl MoveView {
    /// What opened comes first.
    const fn gravity(&self) -> (std::cmp::Reverse<Fate>, Fate) {
        (std::cmp::Reverse(self.after), self.before)
    }

    fn cells(&self, from: &str, to: &str, palette: &Palette) -> Vec<Cell> {
        let style = match self.after {
            Fate::Reachable => palette.bad,
            Fate::Undetermined | Fate::OneWay => palette.warn,
            Fate::Blocked => palette.good,
        };
        let rules = self.witness.as_ref().map(|proof| rules(&proof.rules));
        vec![
            Cell::new(from),
            Cell::new(to),
            Cell::styled(services::short(&self.services, 4), style),
            Cell::styled(format!("was {}", self.before.word()), palette.dim),
            Cell::styled(rules.unwrap_or_default(), palette.dim),
        ]
    }
}

impl ChangeView {
    fn label(subjects: &[SubjectView]) -> String {
        let labels: Vec<String> = subjects.iter().map(SubjectView::label).collect();
        match labels.as_slice() {
            [first, second, third, rest @ ..] if !rest.is_empty() => {
                format!("{first}, {second}, {third} and {} more", rest.len())
            }
            _ => labels.join(", "),
        }
    }
}

/// What a change ends in, as a heading.
const HEADINGS: [(Fate, &str); 4] = [
    (Fate::Reachable, "now reachable"),
    (Fate::Undetermined, "now undetermined"),
    (
        Fate::OneWay,
        "now one-way: packets arrive, answers are lost",
    ),
    (Fate::Blocked, "now blocked"),
];

impl View for DifferenceView {
    fn text(&self, width: usize, palette: &Palette) -> String {
        let mut page = Page::new(width, palette);
        for (fate, heading) in HEADINGS {
            let rows = self.changes.iter().flat_map(|change| {
                let (from, to) = (
                    ChangeView::label(&change.from),
                    ChangeView::label(&change.to),
                );
                let moves = change.moves.iter().filter(|one| one.after == fate);
                let cells = moves.map(|one| one.cells(&from, &to, palette));
                cells.collect::<Vec<_>>()
            });
            let rows: Vec<Vec<Cell>> = rows.collect();
            if !rows.is_empty() {
                page.heading(heading);
                page.table_head(2, &rows, MAX_ROWS, "`-o json` tells all");
            }
        }
        if self.changes.is_empty() {
            page.styled(0, "no difference: the same reach the same", palette.good);
        }
        page.finish()
    }

    fn columns() -> &'static [&'static str] {
        &[
            "from", "from_ids", "to", "to_ids", "before", "after", "services", "packet", "rules",
        ]
    }

    fn rows(&self) -> Vec<Vec<String>> {
        let ids = |subjects: &[SubjectView]| {
            let ids: Vec<String> = subjects.iter().map(SubjectView::ids).collect();
            ids.join(" ").trim().to_owned()
        };
        let rows = self.changes.iter().flat_map(|change| {
            change.moves.iter().map(move |one| {
                let proof = one.witness.as_ref();
                vec![
                    ChangeView::label(&change.from),
                    ids(&change.from),
                    ChangeView::label(&change.to),
                    ids(&change.to),
                    one.before.word().to_owned(),
                    one.after.word().to_owned(),
                    one.services.join(" "),
                    proof.map(|proof| proof.packet.clone()).unwrap_or_default(),
                    proof.map(|proof| rules(&proof.rules)).unwrap_or_default(),
                ]
            })
        });
        rows.collect()
    }
}

/// More lines are not read by anybody.
const MAX_ROWS: usize = 60;
