//! The way of one packet.

use analysis::{Explained, Explanation, Place, Step, StepVerdict, Stretch, Through};
use model::{Reachability, Snapshot};
use schemars::JsonSchema;
use serde::Serialize;

use crate::common::endpoint;
use crate::header::{FORMAT_VERSION, Kind};
use crate::page::{Cell, Page};
use crate::palette::Palette;
use crate::render::View;
use crate::through::ThroughView;

/// The way of one packet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TraceView {
    /// The version of this format.
    pub format_version: u32,
    /// `trace`.
    pub kind: Kind,
    /// Who sends.
    pub from: String,
    /// Where it arrives, or where it would.
    pub to: Option<String>,
    /// The packet as it is sent.
    pub packet: String,
    /// `reachable`, `blocked` or `undetermined`.
    pub verdict: Verdict,
    /// Whether the packet arrives and its answer is lost.
    pub one_way: bool,
    /// Why it is blocked, or undetermined.
    pub cause: Option<CauseView>,
    /// The way of the packet.
    pub forward: StretchView,
    /// The way of the answer.
    pub reply: Option<StretchView>,
    /// How many other ways AWS may choose.
    pub other_ways: usize,
    /// What leads there through load balancers, by packets of this service or to it.
    pub through: Vec<ThroughView>,
    /// What the input holds, by which packets may go, and which this answer does not heed; told where the target is not
    /// reachable.
    pub not_modelled: Vec<String>,
}

/// The answer to "can a session be made?".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Yes.
    Reachable,
    /// No.
    Blocked,
    /// The input or the model cannot tell.
    Undetermined,
}

/// Why a packet is blocked, or why the answer is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CauseView {
    /// A stable code in kebab-case.
    pub code: String,
    /// One line.
    pub text: String,
    /// What would open the way.
    pub remedy: Option<String>,
    /// File and JSON pointer of the line that decides.
    pub origin: Option<String>,
    /// Whether it concerns the answer, not the packet.
    pub in_reply: bool,
}

/// The way of one packet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct StretchView {
    /// Where it passes.
    pub hops: Vec<HopView>,
    /// Its fate in one line.
    pub fate: String,
    /// `allowed`: it arrives; `denied`: it does not; `unknown`.
    pub verdict: StepWord,
}

/// A place on the way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct HopView {
    /// Name and id.
    pub place: String,
    /// The packet as it arrives there.
    pub packet: String,
    /// What is asked there.
    pub steps: Vec<StepView>,
}

/// One thing that was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct StepView {
    /// The answer.
    pub verdict: StepWord,
    /// One line.
    pub text: String,
    /// File and JSON pointer of the line that decided.
    pub origin: Option<String>,
}

/// The answer of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum StepWord {
    /// The packet passes.
    Allowed,
    /// The packet is dropped.
    Denied,
    /// The input or the model cannot tell.
    Unknown,
}

impl Verdict {
    /// The verdict as one lower-case word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Reachable => "reachable",
            Self::Blocked => "blocked",
            Self::Undetermined => "undetermined",
        }
    }
}

impl From<Reachability> for Verdict {
    fn from(reachability: Reachability) -> Self {
        match reachability {
            Reachability::Reachable => Self::Reachable,
            Reachability::Blocked => Self::Blocked,
            Reachability::Undetermined => Self::Undetermined,
        }
    }
}

impl From<StepVerdict> for StepWord {
    fn from(verdict: StepVerdict) -> Self {
        match verdict {
            StepVerdict::Allowed => Self::Allowed,
            StepVerdict::Denied => Self::Denied,
            StepVerdict::Unknown => Self::Unknown,
        }
    }
}

/// The view of an explanation.
pub fn view(explanation: &Explanation, snapshot: &Snapshot) -> TraceView {
    TraceView {
        format_version: FORMAT_VERSION,
        kind: Kind::Trace,
        from: endpoint(&explanation.from, snapshot),
        to: explanation.to.map(|to| endpoint(&to, snapshot)),
        packet: explanation.packet.to_string(),
        verdict: explanation.reachability.into(),
        one_way: explanation.is_one_way,
        cause: explanation.cause.as_ref().map(CauseView::of),
        forward: StretchView::of(&explanation.forward),
        reply: explanation.reply.as_ref().map(StretchView::of),
        other_ways: explanation.other_ways,
        through: Vec::new(),
        not_modelled: not_heeded(snapshot, explanation.reachability.into()),
    }
}

/// The view of an explanation, with what leads to the same target through load balancers.
pub fn view_with(explanation: &Explanation, through: &[Through], snapshot: &Snapshot) -> TraceView {
    TraceView {
        through: ThroughView::all(through, snapshot),
        ..view(explanation, snapshot)
    }
}

/// What the snapshot holds that an answer does not heed. What is reachable stays so.
fn not_heeded(snapshot: &Snapshot, verdict: Verdict) -> Vec<String> {
    if verdict == Verdict::Reachable {
        return Vec::new();
    }
    let all = analysis::not_modelled(snapshot).into_iter();
    all.map(|one| one.what.to_owned()).collect()
}

impl CauseView {
    fn of(cause: &Explained) -> Self {
        Self {
            code: cause.code.to_owned(),
            text: cause.text.clone(),
            remedy: cause.remedy.clone(),
            origin: cause.origin.as_ref().map(ToString::to_string),
            in_reply: cause.is_in_reply,
        }
    }
}

impl StretchView {
    fn of(stretch: &Stretch) -> Self {
        let hop = |place: &Place| HopView {
            place: place.name.clone(),
            packet: place.packet.to_string(),
            steps: place.steps.iter().map(StepView::of).collect(),
        };
        Self {
            hops: stretch.places.iter().map(hop).collect(),
            fate: stretch.fate.clone(),
            verdict: stretch.verdict.into(),
        }
    }
}

impl StepView {
    fn of(step: &Step) -> Self {
        Self {
            verdict: step.verdict.into(),
            text: step.text.clone(),
            origin: step.origin.as_ref().map(ToString::to_string),
        }
    }
}

impl TraceView {
    /// Puts the verdict, the way and the way back on a page.
    pub(crate) fn write(&self, page: &mut Page<'_>, palette: &Palette) {
        page.text(0, &self.packet);
        let mut ends = vec![vec![
            Cell::styled("from", palette.dim),
            Cell::new(&self.from),
        ]];
        ends.extend(
            self.to
                .iter()
                .map(|to| vec![Cell::styled("to", palette.dim), Cell::new(to)]),
        );
        page.table(2, &ends);
        self.write_verdict(page, palette, !self.through.is_empty());
        page.heading("Way");
        self.forward.write(page, palette, &self.packet);
        if let Some(reply) = &self.reply {
            page.heading("Reply");
            let first = reply.hops.first().map_or("", |hop| hop.packet.as_str());
            reply.write(page, palette, first);
        }
        if self.other_ways > 0 {
            page.gap();
            let ways = if self.other_ways == 1 {
                "1 other way"
            } else {
                "other ways"
            };
            page.text(
                0,
                &format!("AWS may choose {ways}; the one that decides is shown"),
            );
        }
        ThroughView::write(&self.through, page, palette);
    }

    /// The places on the way, in one line.
    pub(crate) fn way(&self) -> String {
        let places: Vec<&str> = self
            .forward
            .hops
            .iter()
            .map(|hop| hop.place.as_str())
            .collect();
        places.join(" > ")
    }

    /// The verdict; where it is not `reachable`, the line that decides and what would change it.
    /// Where something leads there another way, the verdict is about the direct one.
    pub(crate) fn write_verdict(
        &self,
        page: &mut Page<'_>,
        palette: &Palette,
        has_other_way: bool,
    ) {
        let style = match self.verdict {
            Verdict::Reachable => palette.bad,
            Verdict::Blocked => palette.good,
            Verdict::Undetermined => palette.warn,
        };
        page.gap();
        let Some(cause) = &self.cause else {
            page.styled(0, self.verdict.word(), style);
            return;
        };
        let directly = if has_other_way { " directly" } else { "" };
        let reply = if cause.in_reply { "the reply: " } else { "" };
        page.styled(
            0,
            &format!(
                "{}{directly}: {reply}{} [{}]",
                self.verdict.word(),
                cause.text,
                cause.code
            ),
            style,
        );
        if self.one_way {
            page.styled(
                2,
                "one-way: the packet is delivered, its answer is not",
                palette.warn,
            );
        }
        let mut rows = Vec::new();
        if let Some(remedy) = &cause.remedy {
            rows.push(vec![
                Cell::styled("to open", palette.dim),
                Cell::new(remedy),
            ]);
        }
        if let Some(origin) = &cause.origin {
            rows.push(vec![
                Cell::styled("where", palette.dim),
                Cell::styled(origin, palette.dim),
            ]);
        }
        page.table(2, &rows);
        if !self.not_modelled.is_empty() {
            let text = format!(
                "not heeded, since they are not modelled: {}",
                self.not_modelled.join(", ")
            );
            page.styled(2, &text, palette.warn);
        }
    }
}

impl StretchView {
    /// Numbered places with what is asked there; the packet where it has changed.
    fn write(&self, page: &mut Page<'_>, palette: &Palette, packet: &str) {
        let mut before = packet;
        for (number, hop) in self.hops.iter().enumerate() {
            page.table(
                1,
                &[vec![
                    Cell::new(format!("{:>2}", number + 1)),
                    Cell::new(&hop.place),
                ]],
            );
            if hop.packet != before {
                page.styled(7, &format!("as {}", hop.packet), palette.dim);
                before = &hop.packet;
            }
            let rows = hop.steps.iter().map(|step| {
                let (word, style) = match step.verdict {
                    StepWord::Allowed => ("pass", palette.good),
                    StepWord::Denied => ("DROP", palette.bad),
                    StepWord::Unknown => ("????", palette.warn),
                };
                vec![Cell::styled(word, style), Cell::new(&step.text)]
            });
            page.table(7, &rows.collect::<Vec<_>>());
        }
        if self.verdict == StepWord::Allowed {
            page.styled(5, &self.fate, palette.good);
        }
    }
}

impl View for TraceView {
    fn text(&self, width: usize, palette: &Palette) -> String {
        let mut page = Page::new(width, palette);
        self.write(&mut page, palette);
        page.finish()
    }

    fn columns() -> &'static [&'static str] {
        &["leg", "hop", "place", "packet", "verdict", "step", "origin"]
    }

    fn rows(&self) -> Vec<Vec<String>> {
        let legs = [
            ("forward", Some(&self.forward)),
            ("reply", self.reply.as_ref()),
        ];
        let mut rows = Vec::new();
        for (name, leg) in legs {
            for (number, hop) in leg.iter().flat_map(|leg| leg.hops.iter().enumerate()) {
                rows.extend(hop.steps.iter().map(|step| {
                    vec![
                        name.to_owned(),
                        (number + 1).to_string(),
                        hop.place.clone(),
                        hop.packet.clone(),
                        step.verdict.word().to_owned(),
                        step.text.clone(),
                        step.origin.clone().unwrap_or_default(),
                    ]
                }));
            }
        }
        rows
    }
}

impl StepWord {
    const fn word(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Denied => "denied",
            Self::Unknown => "unknown",
        }
    }
}
