//! Tiers, and what passes within and between them.

use std::collections::BTreeMap;

use analysis::{Landscape, Tier, TierFlow, Tiers};
use model::Resource;
use packet::PacketSet;
use schemars::JsonSchema;
use serde::Serialize;

use crate::common::WitnessView;
use crate::exposed::rules_beside;
use crate::header::{FORMAT_VERSION, Kind};
use crate::inventory::count;
use crate::page::{Cell, Page};
use crate::palette::Palette;
use crate::render::View;
use crate::services;

/// More rows are not listed on the screen.
const MAX_ROWS: usize = 20;
/// Tiers of a VPC that a table on the screen bears.
const MAX_COLUMNS: usize = 8;

/// Tiers, and what passes within and between them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TiersView {
    /// The version of this format.
    pub format_version: u32,
    /// `tiers`.
    pub kind: Kind,
    /// The tiers, by VPC and name.
    pub tiers: Vec<TierView>,
    /// What passes within a tier, then between two what nothing in the input needs, then the rest.
    pub flows: Vec<TierFlowView>,
}

/// Hosts that stand together for one purpose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TierView {
    /// What people call it.
    pub name: String,
    /// Why its hosts are taken for a tier: `declared`, the name of a tag, `Auto Scaling group`, `target group` or
    /// `security groups`.
    pub evidence: String,
    /// The id of the VPC that its hosts are in.
    pub vpc: Option<String>,
    /// What people call that VPC.
    pub vpc_name: Option<String>,
    /// The environment that all of its hosts are in, where it is known.
    pub environment: Option<String>,
    /// What its hosts are.
    pub role: String,
    /// How many hosts it has.
    pub n_hosts: usize,
    /// The ids of its hosts.
    pub hosts: Vec<String>,
}

/// What passes from hosts of one tier to hosts of another, or to others of the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TierFlowView {
    /// The tier of who starts.
    pub from: String,
    /// The tier of who is reached.
    pub to: String,
    /// What passes for certain.
    pub services: Vec<String>,
    /// Of that, what nothing in the input needs.
    pub unneeded: Vec<String>,
    /// Of that, what the user declares as needed.
    pub declared: Vec<String>,
    /// Of that, what a load balancer passes on.
    pub balanced: Vec<String>,
    /// Of that, what a rule admits that names a group which the sender wears; nothing within a tier.
    pub named: Vec<String>,
    /// What may pass: the input or the model cannot tell.
    pub undetermined: Vec<String>,
    /// A packet that proves what nothing needs, or else what passes; left out of very many flows.
    pub witness: Option<WitnessView>,
}

/// What counts for a need.
pub(crate) const LEGEND: &str = "Needed is what watertight.toml declares ([[keep]]), what a load balancer passes on, and between tiers \
    what a rule admits that names a group of the sender. Nothing else in the input speaks for a flow; its users may know \
    better.";

/// The view of tiers.
pub fn view(tiers: &Tiers, landscape: &Landscape<'_>) -> TiersView {
    let snapshot = landscape.snapshot();
    let name = |place: usize| {
        let tier = tiers.tiers.get(place);
        tier.map(|tier| tier.name.clone()).unwrap_or_default()
    };
    let flow = |flow: &TierFlow| TierFlowView {
        from: name(flow.from),
        to: name(flow.to),
        services: services::list(&flow.answer.certain),
        unneeded: services::list(&flow.unneeded()),
        declared: services::list(&flow.declared),
        balanced: services::list(&flow.balanced),
        named: services::list(&flow.named),
        undetermined: services::list(&flow.answer.undetermined),
        witness: flow
            .witness
            .as_ref()
            .map(|witness| WitnessView::of(witness, snapshot)),
    };
    let passes = |flow: &&TierFlow| {
        let answer = &flow.answer;
        answer.certain != PacketSet::empty() || answer.undetermined != PacketSet::empty()
    };
    let tier = |tier: &Tier| TierView {
        name: tier.name.clone(),
        evidence: tier.evidence.label().to_owned(),
        vpc: tier.vpc.map(|vpc| snapshot.vpcs().get(vpc).id.to_string()),
        vpc_name: tier
            .vpc
            .and_then(|vpc| snapshot.vpcs().get(vpc).name().map(str::to_owned)),
        environment: tier.environment.as_ref().map(ToString::to_string),
        role: tier.role.label().to_owned(),
        n_hosts: tier.hosts.len(),
        hosts: tier
            .hosts
            .iter()
            .map(|host| landscape.host(*host).owner.id.clone())
            .collect(),
    };
    TiersView {
        format_version: FORMAT_VERSION,
        kind: Kind::Tiers,
        tiers: tiers.tiers.iter().map(tier).collect(),
        flows: tiers.flows.iter().filter(passes).map(flow).collect(),
    }
}

impl TierView {
    /// What it is called, and how many hosts it has.
    pub(crate) fn label(&self) -> String {
        if self.n_hosts > 1 {
            format!("{} ×{}", self.name, self.n_hosts)
        } else {
            self.name.clone()
        }
    }
}

impl TierFlowView {
    pub(crate) fn is_within(&self) -> bool {
        self.from == self.to
    }

    /// The rules that let in what nothing needs, in words.
    pub(crate) fn rules(&self) -> String {
        let rules = self.witness.as_ref().map(|witness| {
            let rules = if witness.ingress.is_empty() {
                &witness.egress
            } else {
                &witness.ingress
            };
            rules_beside(rules, &self.unneeded)
        });
        rules.unwrap_or_default()
    }
}

impl View for TiersView {
    fn text(&self, width: usize, palette: &Palette) -> String {
        let mut page = Page::new(width, palette);
        page.text(0, &self.head());
        self.write_within(&mut page, palette);
        self.write_unneeded(&mut page, palette);
        self.write_matrices(&mut page, palette);
        self.write_open(&mut page, palette);
        self.write_tiers(&mut page, palette);
        page.gap();
        page.text(0, LEGEND);
        page.finish()
    }

    fn columns() -> &'static [&'static str] {
        &[
            "from",
            "to",
            "services",
            "unneeded",
            "declared",
            "balanced",
            "named",
            "undetermined",
        ]
    }

    fn rows(&self) -> Vec<Vec<String>> {
        let rows = self.flows.iter().map(|flow| {
            let lists = [
                &flow.services,
                &flow.unneeded,
                &flow.declared,
                &flow.balanced,
                &flow.named,
                &flow.undetermined,
            ];
            let lists = lists.map(|list| list.join(" "));
            [flow.from.clone(), flow.to.clone()]
                .into_iter()
                .chain(lists)
                .collect()
        });
        rows.collect()
    }
}

impl TiersView {
    /// How much there is.
    pub(crate) fn head(&self) -> String {
        let n_hosts: usize = self.tiers.iter().map(|tier| tier.n_hosts).sum();
        format!(
            "{} of {}",
            count(self.tiers.len(), "tier"),
            count(n_hosts, "host")
        )
    }

    fn tier(&self, name: &str) -> Option<&TierView> {
        self.tiers.iter().find(|tier| tier.name == name)
    }

    fn write_within(&self, page: &mut Page<'_>, palette: &Palette) {
        page.heading("Within a tier: hosts that reach others of their tier, and nothing says that they need to");
        let within = self.flows.iter().filter(|flow| flow.is_within());
        let rows = within.filter(|flow| !flow.unneeded.is_empty()).map(|flow| {
            let label = self.tier(&flow.from).map(TierView::label);
            vec![
                Cell::new(label.unwrap_or_default()),
                Cell::styled(services::short(&flow.unneeded, 4), palette.bad),
                Cell::new(flow.rules()),
            ]
        });
        let rows: Vec<Vec<Cell>> = rows.collect();
        if rows.is_empty() {
            page.styled(2, "none", palette.good);
        }
        page.table_head(2, &rows, MAX_ROWS, "see -o json or -o csv");
    }

    fn write_unneeded(&self, page: &mut Page<'_>, palette: &Palette) {
        page.heading("Between tiers: what passes, and nothing says that it is needed");
        let between = self.flows.iter().filter(|flow| !flow.is_within());
        // One rule lets in many: who comes by the same stands in one row.
        let mut joined: BTreeMap<(&str, String, String), Vec<&str>> = BTreeMap::new();
        let mut order: Vec<(&str, String, String)> = Vec::new();
        for flow in between.filter(|flow| !flow.unneeded.is_empty()) {
            let key = (
                flow.to.as_str(),
                services::short(&flow.unneeded, 4),
                flow.rules(),
            );
            if !joined.contains_key(&key) {
                order.push(key.clone());
            }
            joined.entry(key).or_default().push(&flow.from);
        }
        let rows = order.iter().map(|key| {
            let from = joined.get(key).map(|from| listed(from)).unwrap_or_default();
            let (to, services, rules) = key;
            let label = self.tier(to).map(TierView::label).unwrap_or_default();
            vec![
                Cell::new(label),
                Cell::styled(services, palette.bad),
                Cell::new(format!("from {from}")),
                Cell::new(rules),
            ]
        });
        let rows: Vec<Vec<Cell>> = rows.collect();
        if rows.is_empty() {
            page.styled(2, "none", palette.good);
        }
        page.table_head(2, &rows, MAX_ROWS, "see -o json or -o csv");
    }

    /// What passes between the tiers of each VPC, from rows to columns.
    fn write_matrices(&self, page: &mut Page<'_>, palette: &Palette) {
        let mut by_vpc: BTreeMap<Option<&str>, Vec<&str>> = BTreeMap::new();
        for tier in &self.tiers {
            let flows = self.flows.iter().filter(|flow| !flow.services.is_empty());
            let mut ends = flows.flat_map(|flow| [&flow.from, &flow.to]);
            if ends.any(|name| *name == tier.name) {
                by_vpc
                    .entry(tier.vpc.as_deref())
                    .or_default()
                    .push(&tier.name);
            }
        }
        let n_tables = by_vpc.len();
        for (vpc, names) in by_vpc.into_iter().take(MAX_COLUMNS) {
            let known = self.tiers.iter().find(|tier| tier.vpc.as_deref() == vpc);
            let called = known.and_then(|tier| tier.vpc_name.as_deref());
            let vpc = called.or(vpc).unwrap_or("no VPC");
            page.heading(&format!("From tier to tier in {vpc} (!: not needed)"));
            if names.len() > MAX_COLUMNS {
                let text = format!("{} tiers: see -o csv", names.len());
                page.styled(2, &text, palette.dim);
                continue;
            }
            let corner = Cell::styled("from \\ to", palette.dim);
            let head = names.iter().map(|name| Cell::styled(name, palette.dim));
            let head: Vec<Cell> = std::iter::once(corner).chain(head).collect();
            let rows = names
                .iter()
                .filter_map(|from| self.row(from, &names, palette));
            let rows: Vec<Vec<Cell>> = std::iter::once(head).chain(rows).collect();
            page.table(2, &rows);
        }
        page.more(
            0,
            n_tables.saturating_sub(MAX_COLUMNS),
            "other VPCs, see -o csv",
        );
    }

    /// What one tier sends to each; `None` if nothing to any.
    fn row(&self, from: &str, names: &[&str], palette: &Palette) -> Option<Vec<Cell>> {
        let cells = names.iter().map(|to| {
            let mut flows = self.flows.iter();
            let flow = flows.find(|flow| flow.from == from && flow.to == *to);
            match flow.filter(|flow| !flow.services.is_empty()) {
                None => Cell::styled("-", palette.dim),
                Some(flow) if flow.unneeded.is_empty() => Cell::new(brief(&flow.services)),
                Some(flow) => Cell::styled(format!("{} !", brief(&flow.services)), palette.bad),
            }
        });
        let sends = |flow: &TierFlowView| {
            flow.from == from && !flow.services.is_empty() && names.contains(&flow.to.as_str())
        };
        let row = std::iter::once(Cell::new(from)).chain(cells).collect();
        self.flows.iter().any(sends).then_some(row)
    }

    fn write_open(&self, page: &mut Page<'_>, palette: &Palette) {
        let open = self
            .flows
            .iter()
            .filter(|flow| !flow.undetermined.is_empty());
        let rows = open.map(|flow| {
            vec![
                Cell::new(&flow.to),
                Cell::styled(services::short(&flow.undetermined, 4), palette.warn),
                Cell::new(format!("from {}", flow.from)),
            ]
        });
        let rows: Vec<Vec<Cell>> = rows.collect();
        if !rows.is_empty() {
            page.heading("Undetermined: may pass");
            page.table_head(2, &rows, MAX_ROWS, "see -o json or -o csv");
        }
    }

    fn write_tiers(&self, page: &mut Page<'_>, palette: &Palette) {
        page.heading("Tiers");
        let rows = self.tiers.iter().map(|tier| {
            vec![
                Cell::new(tier.label()),
                Cell::new(&tier.role),
                Cell::new(tier.environment.as_deref().unwrap_or_default()),
                Cell::styled(format!("by {}", tier.evidence), palette.dim),
            ]
        });
        let rows: Vec<Vec<Cell>> = rows.collect();
        page.table_head(2, &rows, MAX_ROWS, "see -o json");
    }
}

/// The first service, and how many more there are.
fn brief(services: &[String]) -> String {
    let first = services.first().map_or("", String::as_str);
    match services.len().saturating_sub(1) {
        0 => first.to_owned(),
        more => format!("{first} +{more}"),
    }
}

/// So many names, and how many more there are.
fn listed(names: &[&str]) -> String {
    const MAX_NAMES: usize = 4;
    let shown = names.get(..MAX_NAMES).unwrap_or(names).join(", ");
    match names.len().saturating_sub(MAX_NAMES) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}
