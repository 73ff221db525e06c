//! How far an intruder gets.

use analysis::{Blast, Cause, Edge, Fall, Outcome, PivotModel, WayOut};
use model::Snapshot;
use schemars::JsonSchema;
use serde::Serialize;

use crate::common::{SubjectView, WitnessView};
use crate::header::{FORMAT_VERSION, Kind};
use crate::palette::Palette;
use crate::render::View;
use crate::services;

/// How far an intruder gets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct BlastView {
    /// The version of this format.
    pub format_version: u32,
    /// `blast`.
    pub kind: Kind,
    /// Where the intruder starts.
    pub foothold: SubjectView,
    /// What makes a host fall.
    pub model: String,
    /// Hosts that fall or are reached for certain.
    pub certain: Vec<FallView>,
    /// Hosts that may be reached beyond those.
    pub possible: Vec<FallView>,
    /// Packets that arrive and that nobody answers.
    pub one_way: Vec<EdgeView>,
    /// What the intruder reaches outside.
    pub ways_out: Vec<WayOutView>,
    /// How many other hosts accept connections.
    pub other_hosts: usize,
    /// Whether the search stopped at the largest number of hops with more to come.
    pub cut_short: bool,
}

/// Hosts that are reached at one hop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FallView {
    /// The hop, from one.
    pub hop: usize,
    /// The hosts.
    pub to: SubjectView,
    /// `falls`, `prize` or `passes-on`.
    pub outcome: OutcomeWord,
    /// From whom.
    pub from: SubjectView,
    /// By which services.
    pub services: Vec<String>,
    /// `certain`, `undetermined` or `through`.
    pub cause: CauseWord,
    /// A packet that proves it.
    pub witness: Option<WitnessView>,
}

/// What reaching hosts means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum OutcomeWord {
    /// They fall, and the attacker goes on from them.
    Falls,
    /// They are worth having; the attacker does not go on from them.
    Prize,
    /// They pass requests on.
    PassesOn,
}

/// Why hosts are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CauseWord {
    /// Every step is certain.
    Certain,
    /// The input leaves it open.
    Undetermined,
    /// A load balancer passes requests on, at most so far.
    Through,
}

/// One subject reaches another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct EdgeView {
    /// Who starts.
    pub from: SubjectView,
    /// Who is reached.
    pub to: SubjectView,
    /// By which services.
    pub services: Vec<String>,
    /// A packet that proves it.
    pub witness: Option<WitnessView>,
}

/// A way out of the network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WayOutView {
    /// From whom to where, by which services.
    pub edge: EdgeView,
    /// Services of which it is not known.
    pub undetermined: Vec<String>,
}

/// The view of a blast radius.
pub fn view(blast: &Blast, snapshot: &Snapshot) -> BlastView {
    let falls = |falls: &[Fall]| {
        falls
            .iter()
            .map(|fall| FallView::of(fall, snapshot))
            .collect()
    };
    BlastView {
        format_version: FORMAT_VERSION,
        kind: Kind::Blast,
        foothold: SubjectView::of(&blast.foothold, snapshot),
        model: match blast.model {
            PivotModel::AnyService => {
                "a host falls if any service on it can be reached; managed services are reached, and lead no further"
                    .to_owned()
            }
        },
        certain: falls(&blast.certain),
        possible: falls(&blast.possible),
        one_way: blast.one_way.iter().map(|edge| EdgeView::of(edge, snapshot)).collect(),
        ways_out: blast.ways_out.iter().map(|way| WayOutView::of(way, snapshot)).collect(),
        other_hosts: blast.n_others,
        cut_short: blast.is_cut_short,
    }
}

impl FallView {
    fn of(fall: &Fall, snapshot: &Snapshot) -> Self {
        Self {
            hop: fall.hop,
            to: SubjectView::of(&fall.to, snapshot),
            outcome: match fall.outcome {
                Outcome::Falls => OutcomeWord::Falls,
                Outcome::Prize => OutcomeWord::Prize,
                Outcome::PassesOn => OutcomeWord::PassesOn,
            },
            from: SubjectView::of(&fall.from, snapshot),
            services: services::list(&fall.services),
            cause: match fall.cause {
                Cause::Certain => CauseWord::Certain,
                Cause::Undetermined => CauseWord::Undetermined,
                Cause::Through => CauseWord::Through,
            },
            witness: fall
                .witness
                .as_ref()
                .map(|witness| WitnessView::of(witness, snapshot)),
        }
    }
}

impl EdgeView {
    pub(crate) fn of(edge: &Edge, snapshot: &Snapshot) -> Self {
        Self {
            from: SubjectView::of(&edge.from, snapshot),
            to: SubjectView::of(&edge.to, snapshot),
            services: services::list(&edge.services),
            witness: edge
                .witness
                .as_ref()
                .map(|witness| WitnessView::of(witness, snapshot)),
        }
    }
}

impl WayOutView {
    pub(crate) fn of(way: &WayOut, snapshot: &Snapshot) -> Self {
        Self {
            edge: EdgeView::of(&way.edge, snapshot),
            undetermined: services::list(&way.undetermined),
        }
    }
}

impl View for BlastView {
    fn text(&self, _width: usize, _palette: &Palette) -> String {
        String::new()
    }

    fn columns() -> &'static [&'static str] {
        &[
            "hop", "cause", "outcome", "from", "to", "to_ids", "services", "rules",
        ]
    }

    fn rows(&self) -> Vec<Vec<String>> {
        Vec::new()
    }
}
