//! How far an intruder gets.

use std::fmt::Write as _;

use analysis::{Blast, Cause, Edge, Fall, Outcome, WayOut};
use model::Snapshot;
use schemars::JsonSchema;
use serde::Serialize;

use crate::channels::{self, ChannelHopView, ChannelView};
use crate::common::{SubjectView, WitnessView};
use crate::exposed::{rules, rules_beside};
use crate::extent::{JewelView, OtherEnvironmentView, OtherVpcView, write_extent};
use crate::header::{FORMAT_VERSION, Kind};
use crate::inventory::count;
use crate::page::{Cell, Page};
use crate::palette::Palette;
use crate::pivot;
use crate::render::View;
use crate::services;
use crate::through::FrontView;

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
    /// The crown jewels among all that is reached.
    pub jewels: Vec<JewelView>,
    /// The VPCs into which the intruder gets from those of the foothold.
    pub other_vpcs: Vec<OtherVpcView>,
    /// The environments of the foothold; none if that of any of its hosts is not known.
    pub environments: Vec<String>,
    /// The environments into which the intruder gets from those of the foothold; none if those are not known.
    pub other_environments: Vec<OtherEnvironmentView>,
    /// Hosts that fall or are reached for certain.
    pub certain: Vec<FallView>,
    /// Hosts that may be reached beyond those.
    pub possible: Vec<FallView>,
    /// Packets that arrive and that nobody answers.
    pub one_way: Vec<EdgeView>,
    /// What the intruder reaches outside.
    pub ways_out: Vec<WayOutView>,
    /// What the foothold and hosts that fall for certain may do beyond the network.
    pub channels: Vec<ChannelView>,
    /// How many of them act as roles of which the input does not tell what they may do.
    pub roles_not_told: usize,
    /// Whether the intruder goes on by those of `channels` that lead from host to host.
    pub by_channels: bool,
    /// How many other hosts accept connections.
    pub other_hosts: usize,
    /// Whether the search stopped at the largest number of hops with more to come.
    pub cut_short: bool,
}

/// Hosts, or an office, that are reached at one hop.
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
    /// The load balancers that pass requests on in between.
    pub via: Vec<FrontView>,
    /// What leads there without packets of the network, if so.
    pub channel: Option<ChannelHopView>,
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
        foothold: SubjectView::of(&blast.foothold),
        model: pivot::text(&blast.model, blast.by_channels),
        jewels: blast.jewels.iter().map(JewelView::of).collect(),
        other_vpcs: blast
            .other_vpcs
            .iter()
            .map(|other| OtherVpcView::of(other, snapshot))
            .collect(),
        environments: blast.environments.iter().map(ToString::to_string).collect(),
        other_environments: blast
            .other_environments
            .iter()
            .map(OtherEnvironmentView::of)
            .collect(),
        certain: falls(&blast.certain),
        possible: falls(&blast.possible),
        one_way: blast
            .one_way
            .iter()
            .map(|edge| EdgeView::of(edge, snapshot))
            .collect(),
        ways_out: blast
            .ways_out
            .iter()
            .map(|way| WayOutView::of(way, snapshot))
            .collect(),
        channels: ChannelView::all(&blast.channels),
        roles_not_told: blast.channels.n_untold,
        by_channels: blast.by_channels,
        other_hosts: blast.n_others,
        cut_short: blast.is_cut_short,
    }
}

impl FallView {
    fn of(fall: &Fall, snapshot: &Snapshot) -> Self {
        Self {
            hop: fall.hop,
            to: SubjectView::of(&fall.to),
            outcome: match fall.outcome {
                Outcome::Falls => OutcomeWord::Falls,
                Outcome::Prize => OutcomeWord::Prize,
                Outcome::PassesOn => OutcomeWord::PassesOn,
            },
            from: SubjectView::of(&fall.from),
            services: services::list(&fall.services),
            cause: match fall.cause {
                Cause::Certain => CauseWord::Certain,
                Cause::Undetermined => CauseWord::Undetermined,
                Cause::Through => CauseWord::Through,
            },
            via: fall.via.iter().map(FrontView::of).collect(),
            channel: fall.channel.as_ref().map(ChannelHopView::of),
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
            from: SubjectView::of(&edge.from),
            to: SubjectView::of(&edge.to),
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
    fn text(&self, width: usize, palette: &Palette) -> String {
        let mut page = Page::new(width, palette);
        page.text(0, &self.headline());
        if self.certain.is_empty() {
            page.styled(2, "nothing is reached for certain", palette.good);
        }
        write_extent(&mut page, self);
        write_hops(&mut page, &self.certain, "Hop", palette);
        if !self.ways_out.is_empty() {
            page.heading("Ways out, from what falls");
            let rows = self.ways_out.iter().map(|way| way.cells(palette));
            page.table(2, &rows.collect::<Vec<_>>());
        }
        let open = (self.roles_not_told, self.by_channels);
        channels::write(&mut page, &self.channels, open, palette);
        if !self.possible.is_empty() {
            page.gap();
            page.styled(
                0,
                "Not certain: the input does not tell, or a load balancer passes requests on",
                palette.warn,
            );
            write_hops(&mut page, &self.possible, "Possibly at hop", palette);
        }
        if !self.one_way.is_empty() {
            page.heading("One-way: packets arrive, answers are lost");
            let rows = self.one_way.iter().map(|edge| edge.cells(palette));
            page.table(2, &rows.collect::<Vec<_>>());
        }
        page.gap();
        if self.cut_short {
            page.styled(
                0,
                "The search stopped at the largest number of hops; there is more.",
                palette.warn,
            );
        }
        page.styled(0, &format!("Model: {}.", self.model), palette.dim);
        page.finish()
    }

    fn columns() -> &'static [&'static str] {
        &[
            "hop", "cause", "outcome", "from", "to", "to_ids", "services", "rules", "through",
        ]
    }

    fn rows(&self) -> Vec<Vec<String>> {
        let row = |fall: &FallView| {
            vec![
                fall.hop.to_string(),
                fall.cause.word().to_owned(),
                fall.outcome.word().to_owned(),
                fall.from.name.clone(),
                fall.to.name.clone(),
                fall.to.ids(),
                fall.services.join(" "),
                fall.channel.as_ref().map_or_else(
                    || because(fall.witness.as_ref(), &[]),
                    ChannelHopView::because,
                ),
                FrontView::list(&fall.via),
            ]
        };
        self.certain.iter().chain(&self.possible).map(row).collect()
    }
}

impl BlastView {
    /// The answer in a line.
    pub(crate) fn headline(&self) -> String {
        format!("From {}: {}", self.foothold.label(), self.counts())
    }

    /// How many hosts are reached, and in how many hops.
    fn counts(&self) -> String {
        let n_hosts: usize = self.certain.iter().map(|fall| fall.to.members.len()).sum();
        let hops = self.certain.iter().map(|fall| fall.hop).max().unwrap_or(0);
        let hosts = count(self.other_hosts, "host");
        let share = n_hosts * 100 / self.other_hosts.max(1);
        let hops = count(hops, "hop");
        let mut text = format!("{n_hosts} of {hosts} reached in {hops} ({share} %)");
        let n_possible: usize = self.possible.iter().map(|fall| fall.to.members.len()).sum();
        if n_possible > 0 {
            let _ = write!(text, ", {n_possible} more possibly");
        }
        text
    }
}

/// The falls of each hop under a heading.
fn write_hops(page: &mut Page<'_>, falls: &[FallView], title: &str, palette: &Palette) {
    let mut hops: Vec<usize> = falls.iter().map(|fall| fall.hop).collect();
    hops.dedup();
    for hop in hops {
        page.heading(&format!("{title} {hop}"));
        let rows = falls
            .iter()
            .filter(|fall| fall.hop == hop)
            .map(|fall| fall.cells(palette));
        page.table(2, &rows.collect::<Vec<_>>());
    }
}

impl FallView {
    fn cells(&self, palette: &Palette) -> Vec<Cell> {
        let kind = match self.outcome {
            OutcomeWord::Falls => String::new(),
            OutcomeWord::Prize | OutcomeWord::PassesOn => format!(" ({})", self.to.kind),
        };
        let style = match self.cause {
            CauseWord::Certain => palette.bad,
            CauseWord::Undetermined | CauseWord::Through => palette.warn,
        };
        let via = if self.via.is_empty() {
            String::new()
        } else {
            format!(" through {}", FrontView::list(&self.via))
        };
        let through = if self.cause == CauseWord::Through && self.from.kind == "load balancer" {
            "through"
        } else {
            "from"
        };
        // Of what leads out of the network it matters little by what.
        let most = if self.to.kind == "office" { 1 } else { 4 };
        let (by, why) = match &self.channel {
            Some(channel) => (channel.kind.clone(), channel.because()),
            None => (
                services::short(&self.services, most),
                because(self.witness.as_ref(), &self.services),
            ),
        };
        vec![
            Cell::new(format!("{}{kind}", self.to.label())),
            Cell::styled(by, style),
            Cell::new(format!("{through} {}{via}", self.from.label())),
            Cell::new(why),
        ]
    }
}

impl EdgeView {
    fn cells(&self, palette: &Palette) -> Vec<Cell> {
        vec![
            Cell::new(self.to.label()),
            Cell::styled(services::short(&self.services, 4), palette.warn),
            Cell::new(format!("from {}", self.from.label())),
            Cell::new(because(self.witness.as_ref(), &self.services)),
        ]
    }
}

impl WayOutView {
    fn cells(&self, palette: &Palette) -> Vec<Cell> {
        let services = if self.edge.services.is_empty() {
            format!("possibly {}", services::short(&self.undetermined, 4))
        } else {
            services::short(&self.edge.services, 4)
        };
        vec![
            Cell::new(self.edge.to.label()),
            Cell::styled(services, palette.warn),
            Cell::new(format!("from {}", self.edge.from.label())),
            Cell::new(
                self.edge
                    .witness
                    .as_ref()
                    .map_or_else(String::new, |witness| rules(&witness.egress)),
            ),
        ]
    }
}

fn because(witness: Option<&WitnessView>, services: &[String]) -> String {
    witness.map_or_else(String::new, |witness| {
        // Networks outside let in by no rule that is known here.
        let outside = witness.ingress.is_empty();
        let rules = if outside {
            &witness.egress
        } else {
            &witness.ingress
        };
        rules_beside(rules, services)
    })
}

impl OutcomeWord {
    const fn word(self) -> &'static str {
        match self {
            Self::Falls => "falls",
            Self::Prize => "prize",
            Self::PassesOn => "passes-on",
        }
    }
}

impl CauseWord {
    const fn word(self) -> &'static str {
        match self {
            Self::Certain => "certain",
            Self::Undetermined => "undetermined",
            Self::Through => "through",
        }
    }
}
