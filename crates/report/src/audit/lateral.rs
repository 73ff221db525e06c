//! Who can move where inside, on the screen.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use super::{AuditView, MAX_ROWS, MeasureView};
use crate::blast::EdgeView;
use crate::common::{RuleView, SubjectView};
use crate::exposed::rules_beside;
use crate::inventory;
use crate::page::{Cell, Page};
use crate::palette::Palette;
use crate::services;
use crate::through::ThroughView;
use crate::trace::Verdict;

/// More footholds are not listed on the screen.
const MAX_MEASURES: usize = 12;

impl AuditView {
    pub(super) fn write_lateral(&self, page: &mut Page<'_>, palette: &Palette) {
        page.heading("Lateral movement");
        let ways_out: Vec<EdgeView> = self.ways_out.iter().map(|way| way.edge.clone()).collect();
        let certain = || {
            self.lateral
                .iter()
                .chain(&ways_out)
                .filter(|edge| !edge.services.is_empty())
        };
        let everyone: BTreeSet<&str> = self
            .measures
            .iter()
            .map(|measure| measure.from.name.as_str())
            .collect();
        let mut rows = rows_by_target(certain(), &everyone, palette);
        rows.extend(self.through_rows(&everyone, palette));
        if rows.is_empty() {
            page.styled(2, "none: no host reaches another", palette.good);
        }
        if !rows.is_empty() {
            let head = ["reached", "by", "from", "because of the rule"]
                .map(|word| Cell::styled(word, palette.dim));
            rows.insert(0, head.to_vec());
        }
        page.table_head(2, &rows, MAX_ROWS, "see `watertight reach` or -o json");
        let n_open = self.lateral_undetermined.len();
        if n_open > 0 {
            let text = format!(
                "{} more may be open: see Undetermined",
                inventory::count(n_open, "way")
            );
            page.styled(2, &text, palette.warn);
        }
        if !self.resolver_only.is_empty() {
            let labels: Vec<String> = self.resolver_only.iter().map(SubjectView::label).collect();
            let text = format!(
                "DNS is a way out of hosts without egress, unless a DNS Firewall stands there: {}",
                labels.join(", ")
            );
            page.styled(2, &text, palette.warn);
        }
        let leading = self.measures.iter().filter(|measure| measure.in_all > 0);
        let rows: Vec<Vec<Cell>> = leading.map(|measure| measure.cells(palette)).collect();
        if !rows.is_empty() {
            page.gap();
            page.table_head(2, &rows, MAX_MEASURES, "see -o json");
        }
    }

    /// What is reached through load balancers: whom, by what, from whom, through which.
    fn through_rows(&self, everyone: &BTreeSet<&str>, palette: &Palette) -> Vec<Vec<Cell>> {
        let mut ways: Vec<(&ThroughView, Vec<&str>)> = Vec::new();
        for way in &self.lateral_through {
            let is_alike = |known: &ThroughView| {
                (&known.to, &known.exit, &known.via) == (&way.to, &way.exit, &way.via)
                    && known.verdict == way.verdict
            };
            match ways.iter_mut().find(|(known, _)| is_alike(known)) {
                Some((_, from)) => from.push(&way.from.name),
                None => ways.push((way, vec![&way.from.name])),
            }
        }
        let cells = |(way, from): (&ThroughView, Vec<&str>)| {
            let (prefix, style) = match way.verdict {
                Verdict::Reachable => ("", palette.bad),
                Verdict::Blocked | Verdict::Undetermined => ("possibly ", palette.warn),
            };
            let services = services::short(&way.exit, 4);
            vec![
                Cell::new(way.to.label()),
                Cell::styled(format!("{prefix}{services}"), style),
                Cell::new(everyone_or_few(&way.to, &from, everyone)),
                Cell::new(way.through()),
            ]
        };
        ways.into_iter().map(cells).collect()
    }
}

impl MeasureView {
    fn cells(&self, palette: &Palette) -> Vec<Cell> {
        let from = if self.from.members.len() > 1 {
            format!("from any of {}", self.from.label())
        } else {
            format!("from {}", self.from.label())
        };
        let Self {
            next, in_all, of, ..
        } = self;
        vec![
            Cell::new(from),
            Cell::new(format!("{} in 1 hop,", inventory::count(*next, "host"))),
            Cell::styled(format!("{in_all} of {of} in all"), palette.bad),
        ]
    }
}

/// Who is reached in one way, and everybody who comes that way.
struct Way<'e> {
    to: &'e SubjectView,
    services: &'e [String],
    rules: Vec<RuleView>,
    from: Vec<&'e str>,
}

/// One row for each target, service and rule; for networks outside one for each target and service.
fn rows_by_target<'e>(
    edges: impl Iterator<Item = &'e EdgeView>,
    everyone: &BTreeSet<&str>,
    palette: &Palette,
) -> Vec<Vec<Cell>> {
    let mut ways: Vec<Way<'e>> = Vec::new();
    for edge in edges {
        let is_outside = edge.to.members.is_empty();
        let witness = edge.witness.as_ref();
        let rules = witness.map_or(&[][..], |witness| {
            if is_outside {
                &witness.egress
            } else {
                &witness.ingress
            }
        });
        let same = ways.iter_mut().find(|way| {
            way.to.name == edge.to.name
                && way.services == edge.services
                && (is_outside || way.rules == rules)
        });
        match same {
            Some(way) => {
                way.from.push(&edge.from.name);
                way.rules
                    .extend(rules.iter().filter(|_| is_outside).cloned());
            }
            None => ways.push(Way {
                to: &edge.to,
                services: &edge.services,
                rules: rules.to_vec(),
                from: vec![&edge.from.name],
            }),
        }
    }
    ways.sort_by_key(|way| {
        (
            way.to.members.is_empty(),
            Reverse(way.to.members.len()),
            way.to.name.clone(),
        )
    });
    ways.iter()
        .map(|way| way.cells(everyone, palette))
        .collect()
}

impl Way<'_> {
    fn cells(&self, everyone: &BTreeSet<&str>, palette: &Palette) -> Vec<Cell> {
        let from = everyone_or_few(self.to, &self.from, everyone);
        vec![
            Cell::new(self.to.label()),
            Cell::styled(services::short(self.services, 4), palette.bad),
            Cell::new(from),
            Cell::new(rules_beside(&self.rules, self.services)),
        ]
    }
}

/// Who comes, in few words; whoever reaches itself only as another host of its class need not be told.
fn everyone_or_few(to: &SubjectView, from: &[&str], everyone: &BTreeSet<&str>) -> String {
    let mut others = everyone
        .iter()
        .filter(|name| **name != to.name || to.class_size > 1);
    if from.len() > 2 && others.all(|name| from.contains(name)) {
        "every host".to_owned()
    } else {
        few(from)
    }
}

/// The first names, and how many more there are.
fn few(names: &[&str]) -> String {
    let mut text = String::new();
    for (number, name) in names.iter().enumerate() {
        if number > 0 && text.chars().count() + name.chars().count() > MAX_NAMES {
            return format!("{text} +{}", names.len() - number);
        }
        if number > 0 {
            text.push_str(", ");
        }
        text.push_str(name);
    }
    text
}

/// A list of names is cut at so many letters on the screen.
const MAX_NAMES: usize = 26;
