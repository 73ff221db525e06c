//! The ways from a foothold to a target.

use std::collections::BTreeSet;

use analysis::{Path, Paths};
use model::Snapshot;
use schemars::JsonSchema;
use serde::Serialize;

use crate::channels;
use crate::common::{RuleView, SubjectView};
use crate::exposed::rules;
use crate::header::{FORMAT_VERSION, Kind};
use crate::hop::{HopView, Owner};
use crate::inventory::count;
use crate::page::{Cell, Page};
use crate::palette::Palette;
use crate::pivot;
use crate::render::View;
use crate::through::FrontView;

/// The ways from a foothold to a target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PathsView {
    /// The version of this format.
    pub format_version: u32,
    /// `paths`.
    pub kind: Kind,
    /// Where the intruder starts.
    pub foothold: SubjectView,
    /// What he wants.
    pub target: SubjectView,
    /// What makes a host fall.
    pub model: String,
    /// How many hosts act as roles of which the input does not tell what they may do, if paths go by what roles may do.
    pub roles_not_told: usize,
    /// Ways of which every hop is certain, the cheapest first.
    pub certain: Vec<PathView>,
    /// Ways of which at least one hop is open.
    pub possible: Vec<PathView>,
    /// What all certain ways go through.
    pub choke_points: Vec<SubjectView>,
    /// The rules that all certain ways need: without any one of them none is left.
    pub needed_rules: Vec<RuleView>,
    /// Whether there are more ways than were told, or longer ones.
    pub cut_short: bool,
}

/// One way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PathView {
    /// What it costs.
    pub cost: u64,
    /// Its hops.
    pub hops: Vec<HopView>,
}

/// The view of paths.
pub fn view(paths: &Paths, snapshot: &Snapshot) -> PathsView {
    let views = |paths: &[Path]| {
        let views = paths.iter().map(|path| PathView::of(path, snapshot));
        views.collect()
    };
    PathsView {
        format_version: FORMAT_VERSION,
        kind: Kind::Paths,
        foothold: SubjectView::of(&paths.foothold),
        target: SubjectView::of(&paths.target),
        model: pivot::text(&paths.model, paths.by_channels),
        roles_not_told: paths.n_roles_untold,
        certain: views(&paths.certain),
        possible: views(&paths.possible),
        choke_points: paths
            .chokes
            .iter()
            .map(|choke| SubjectView::of(&choke.hosts))
            .collect(),
        needed_rules: paths
            .rules
            .iter()
            .filter_map(|rule| RuleView::of(*rule, snapshot))
            .collect(),
        cut_short: paths.is_cut_short,
    }
}

impl PathView {
    pub(crate) fn of(path: &Path, snapshot: &Snapshot) -> Self {
        let hops = path.hops.iter().map(|hop| HopView::of(hop, snapshot));
        Self {
            cost: path.cost,
            hops: hops.collect(),
        }
    }

    /// `internet → bastion → shop-db`.
    pub(crate) fn line(&self) -> String {
        let first = self.hops.first().map(|hop| hop.from.label());
        let rest = self.hops.iter().map(|hop| hop.to.label());
        let places: Vec<String> = first.into_iter().chain(rest).collect();
        places.join(" → ")
    }
}

impl View for PathsView {
    fn text(&self, width: usize, palette: &Palette) -> String {
        let mut page = Page::new(width, palette);
        let style = match (self.certain.first(), self.possible.first()) {
            (Some(_), _) => palette.bad,
            (None, Some(_)) => palette.warn,
            (None, None) => palette.good,
        };
        page.styled(0, &self.headline(), style);
        if !self.certain.is_empty() {
            self.write_chokes(&mut page);
            self.write_needed(&mut page);
        }
        write_paths(&mut page, &self.certain, "Path", palette);
        if self.certain.is_empty() {
            write_paths(&mut page, &self.possible, "Possible path", palette);
        } else if !self.possible.is_empty() {
            page.heading(
                "Not certain: the input does not tell, or a load balancer passes requests on",
            );
            for path in &self.possible {
                page.text(2, &path.line());
            }
        }
        page.gap();
        if self.cut_short {
            page.styled(
                0,
                "There are more paths: `--count` and `--hops` tell how many and how long.",
                palette.warn,
            );
        }
        channels::write_untold(&mut page, 0, self.roles_not_told, palette);
        page.styled(0, &format!("Model: {}.", self.model), palette.dim);
        page.finish()
    }

    fn columns() -> &'static [&'static str] {
        &[
            "path",
            "cause",
            "cost",
            "hop",
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
        let certain = self.certain.iter().map(|path| (path, "certain"));
        let possible = self.possible.iter().map(|path| (path, "undetermined"));
        let paths = certain.chain(possible).enumerate();
        let rows = paths.flat_map(|(number, (path, cause))| {
            let hops = path.hops.iter().enumerate();
            hops.map(move |(place, hop)| {
                let mut row = vec![
                    (number + 1).to_string(),
                    cause.to_owned(),
                    path.cost.to_string(),
                    (place + 1).to_string(),
                ];
                row.extend(hop.row());
                row
            })
        });
        rows.collect()
    }
}

impl HopView {
    /// From whom to whom, by what, through which rules, for CSV.
    pub(crate) fn row(&self) -> Vec<String> {
        let techniques = self.techniques.iter().map(|technique| technique.id.clone());
        let of_rules = |part: &dyn Fn(&RuleView) -> Option<String>| {
            let mut parts: Vec<String> = self.rules().filter_map(part).collect();
            parts.sort_unstable();
            parts.dedup();
            parts.join(" ")
        };
        vec![
            self.from.name.clone(),
            self.to.name.clone(),
            self.to.ids(),
            self.services.join(" "),
            techniques.collect::<Vec<_>>().join(" "),
            of_rules(&|rule| rule.rule_id.clone()),
            of_rules(&|rule| Some(rule.group_id.clone())),
            of_rules(&|rule| rule.account.clone()),
            FrontView::list(&self.via),
        ]
    }
}

impl PathsView {
    fn write_needed(&self, page: &mut Page<'_>) {
        if self.needed_rules.is_empty() {
            return;
        }
        let told = self
            .needed_rules
            .iter()
            .map(|rule| format!("{}{}", rules(std::slice::from_ref(rule)), rule.tag()));
        let told: Vec<String> = told.collect();
        let text = format!(
            "Without any one of these rules none is left: {}",
            told.join("; ")
        );
        page.text(0, &text);
    }

    /// The answer in a line.
    pub(crate) fn headline(&self) -> String {
        let (from, to) = (self.foothold.label(), self.target.label());
        match (self.certain.first(), self.possible.first()) {
            (Some(first), _) => {
                let hops = count(first.hops.len(), "hop");
                format!("{from} gets to {to} in {hops}: {}", first.line())
            }
            (None, Some(first)) => format!("{from} possibly gets to {to}: {}", first.line()),
            (None, None) => format!("{from} does not get to {to}"),
        }
    }

    fn write_chokes(&self, page: &mut Page<'_>) {
        if self.choke_points.is_empty() {
            return;
        }
        let names: Vec<String> = self.choke_points.iter().map(SubjectView::label).collect();
        page.text(
            0,
            &format!("Every certain path goes through {}", names.join(", then ")),
        );
    }
}

pub(crate) fn write_paths(page: &mut Page<'_>, paths: &[PathView], title: &str, palette: &Palette) {
    let owners = paths.iter().flat_map(|path| &path.hops);
    let owners: BTreeSet<&str> = owners.filter_map(HopView::owner).collect();
    let are_several = owners.len() > 1;
    for (number, path) in paths.iter().enumerate() {
        let cost = if path.cost == path.hops.len() as u64 {
            String::new()
        } else {
            format!(", cost {}", path.cost)
        };
        let from = path.hops.first().map(|hop| hop.from.label());
        page.heading(&format!(
            "{title} {}: {} from {}{cost}",
            number + 1,
            count(path.hops.len(), "hop"),
            from.unwrap_or_default()
        ));
        let mut told = None;
        let rows = path.hops.iter().map(|hop| {
            let owner = if are_several && hop.owner() != told {
                Owner::Shown
            } else {
                Owner::Same
            };
            told = hop.owner();
            let mut row = vec![Cell::new(format!("→ {}", hop.to.label()))];
            row.extend(hop.cells(owner, palette));
            row
        });
        page.table(2, &rows.collect::<Vec<_>>());
    }
}
