//! Everything from which a target can be reached.

use analysis::{Origin, Origins};
use model::Snapshot;
use schemars::JsonSchema;
use serde::Serialize;

use crate::channels;
use crate::common::SubjectView;
use crate::header::{FORMAT_VERSION, Kind};
use crate::hop::{HopView, Owner};
use crate::inventory::count;
use crate::page::{Cell, Page};
use crate::palette::Palette;
use crate::pivot;
use crate::render::View;

/// Everything from which a target can be reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OriginsView {
    /// The version of this format.
    pub format_version: u32,
    /// `origins`.
    pub kind: Kind,
    /// What the intruder wants.
    pub target: SubjectView,
    /// What makes a host fall.
    pub model: String,
    /// How many hosts act as roles of which the input does not tell what they may do, if paths go by what roles may do.
    pub roles_not_told: usize,
    /// Who reaches it for certain, the nearest first.
    pub certain: Vec<OriginView>,
    /// Who may reach it besides.
    pub possible: Vec<OriginView>,
    /// How many hosts there are on which an intruder could sit, but for the target.
    pub other_hosts: usize,
}

/// Hosts, or a network outside, that are so many hops from a target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OriginView {
    /// How many hops it takes, at least one.
    pub hops: usize,
    /// Who.
    pub from: SubjectView,
    /// The first hop of a shortest way.
    pub next: HopView,
}

/// The view of origins.
pub fn view(origins: &Origins, snapshot: &Snapshot) -> OriginsView {
    let views = |origins: &[Origin]| {
        let views = origins.iter().map(|origin| OriginView {
            hops: origin.n_hops,
            from: SubjectView::of(&origin.from),
            next: HopView::of(&origin.next, snapshot),
        });
        views.collect()
    };
    OriginsView {
        format_version: FORMAT_VERSION,
        kind: Kind::Origins,
        target: SubjectView::of(&origins.target),
        model: pivot::text(&origins.model, origins.by_channels),
        roles_not_told: origins.n_roles_untold,
        certain: views(&origins.certain),
        possible: views(&origins.possible),
        other_hosts: origins.n_others,
    }
}

impl View for OriginsView {
    fn text(&self, width: usize, palette: &Palette) -> String {
        let mut page = Page::new(width, palette);
        let target = self.target.label();
        if self.certain.is_empty() {
            let answer = format!("Nobody gets to {target} for certain");
            page.styled(0, &answer, palette.good);
        } else {
            page.styled(0, &self.answer(&target), palette.bad);
        }
        write(&mut page, &self.certain, "away", palette);
        write(&mut page, &self.possible, "away, possibly", palette);
        page.gap();
        channels::write_untold(&mut page, 0, self.roles_not_told, palette);
        page.styled(0, &format!("Model: {}.", self.model), palette.dim);
        page.finish()
    }

    fn columns() -> &'static [&'static str] {
        &[
            "hops",
            "cause",
            "from",
            "to",
            "to_ids",
            "services",
            "techniques",
            "rules",
            "groups",
            "accounts",
            "through",
        ]
    }

    fn rows(&self) -> Vec<Vec<String>> {
        let certain = self.certain.iter().map(|origin| (origin, "certain"));
        let possible = self.possible.iter().map(|origin| (origin, "undetermined"));
        let rows = certain.chain(possible).map(|(origin, cause)| {
            let mut row = vec![origin.hops.to_string(), cause.to_owned()];
            row.extend(origin.next.row());
            row
        });
        rows.collect()
    }
}

impl OriginsView {
    /// Who gets there: how many hosts, and which networks outside.
    fn answer(&self, target: &str) -> String {
        let n_hosts: usize = self
            .certain
            .iter()
            .map(|origin| origin.from.members.len())
            .sum();
        let outside = self
            .certain
            .iter()
            .filter(|origin| origin.from.members.is_empty());
        let outside: Vec<String> = outside
            .map(|origin| format!("{} in {}", origin.from.label(), count(origin.hops, "hop")))
            .collect();
        let outside = if outside.is_empty() {
            "no network outside".to_owned()
        } else {
            outside.join(", ")
        };
        let others = count(self.other_hosts, "other host");
        format!("{n_hosts} of {others} get to {target}; so does {outside}")
    }
}

fn write(page: &mut Page<'_>, origins: &[OriginView], away: &str, palette: &Palette) {
    let mut hops: Vec<usize> = origins.iter().map(|origin| origin.hops).collect();
    hops.dedup();
    for n_hops in hops {
        page.heading(&format!("{} {away}", count(n_hops, "hop")));
        let rows = origins.iter().filter(|origin| origin.hops == n_hops);
        let rows = rows.map(|origin| {
            let mut row = vec![
                Cell::new(origin.from.label()),
                Cell::new(format!("→ {}", origin.next.to.label())),
            ];
            row.extend(origin.next.cells(Owner::Same, palette));
            row
        });
        page.table(2, &rows.collect::<Vec<_>>());
    }
}
