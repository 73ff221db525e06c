//! Who can move where inside, on the screen.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};

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
        let ways_out = self.ways_out.iter().map(|way| &way.edge);
        let edges = self.lateral.iter().chain(ways_out);
        let certain = edges.filter(|edge| !edge.services.is_empty());
        let everyone: BTreeSet<&str> = self
            .measures
            .iter()
            .map(|measure| measure.from.name.as_str())
            .collect();
        let (direct, through) = (by_target(certain), self.through());
        let n_rows = direct.len() + through.len();
        if n_rows == 0 {
            page.styled(2, "none: no host reaches another", palette.good);
        } else {
            let head = ["reached", "by", "from", "because of the rule"]
                .map(|word| Cell::styled(word, palette.dim))
                .to_vec();
            let direct = direct.iter().map(|way| way.cells(&everyone, palette));
            let through = through.iter().map(|way| way.cells(&everyone, palette));
            let rows = std::iter::once(head).chain(direct).chain(through);
            let rows: Vec<Vec<Cell>> = rows.take(MAX_ROWS).collect();
            page.table(2, &rows);
            let n_more = (n_rows + 1).saturating_sub(MAX_ROWS);
            page.more(2, n_more, "see `watertight reach` or -o json");
        }
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
        let leading = || self.measures.iter().filter(|measure| measure.in_all > 0);
        let rows = leading().take(MAX_MEASURES);
        let rows: Vec<Vec<Cell>> = rows.map(|measure| measure.cells(palette)).collect();
        if !rows.is_empty() {
            page.gap();
            page.table(2, &rows);
            let n_more = leading().count().saturating_sub(MAX_MEASURES);
            page.more(2, n_more, "see -o json");
        }
    }

    /// What is reached through load balancers, and everybody who comes that way.
    fn through(&self) -> Vec<ThroughWay<'_>> {
        let mut ways: Vec<ThroughWay<'_>> = Vec::new();
        let mut places: Places<'_> = HashMap::new();
        for through in &self.lateral_through {
            let places = places.entry((&through.to.name, &through.exit)).or_default();
            let is_alike = |place: &&usize| {
                ways.get(**place).is_some_and(|known| {
                    let known = known.through;
                    (&known.to, &known.via) == (&through.to, &through.via)
                        && known.verdict == through.verdict
                })
            };
            let place = places.iter().find(is_alike).copied();
            if let Some(way) = place.and_then(|place| ways.get_mut(place)) {
                way.from.push(&through.from.name);
                continue;
            }
            places.push(ways.len());
            ways.push(ThroughWay {
                through,
                from: vec![&through.from.name],
            });
        }
        ways
    }
}

/// Places in a list of ways, by the name of who is reached and by what.
type Places<'e> = HashMap<(&'e str, &'e [String]), Vec<usize>>;

/// A way through load balancers, and everybody who comes by it.
struct ThroughWay<'e> {
    through: &'e ThroughView,
    from: Vec<&'e str>,
}

impl ThroughWay<'_> {
    /// Whom, by what, from whom, through which.
    fn cells(&self, everyone: &BTreeSet<&str>, palette: &Palette) -> Vec<Cell> {
        let through = self.through;
        let (prefix, style) = match through.verdict {
            Verdict::Reachable => ("", palette.bad),
            Verdict::Blocked | Verdict::Undetermined => ("possibly ", palette.warn),
        };
        let services = services::short(&through.exit, 4);
        vec![
            Cell::new(through.to.label()),
            Cell::styled(format!("{prefix}{services}"), style),
            Cell::new(everyone_or_few(&through.to, &self.from, everyone)),
            Cell::new(through.through()),
        ]
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

/// One way for each target, service and rule; for networks outside one for each target and service.
fn by_target<'e>(edges: impl Iterator<Item = &'e EdgeView>) -> Vec<Way<'e>> {
    let mut ways: Vec<Way<'e>> = Vec::new();
    let mut places: Places<'e> = HashMap::new();
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
        let places = places.entry((&edge.to.name, &edge.services)).or_default();
        let is_alike = |place: &&usize| {
            let way = ways.get(**place);
            way.is_some_and(|way| is_outside || way.rules == rules)
        };
        let place = places.iter().find(is_alike).copied();
        if let Some(way) = place.and_then(|place| ways.get_mut(place)) {
            way.from.push(&edge.from.name);
            let more = rules.iter().filter(|_| is_outside).cloned();
            way.rules.extend(more);
            continue;
        }
        places.push(ways.len());
        ways.push(Way {
            to: &edge.to,
            services: &edge.services,
            rules: rules.to_vec(),
            from: vec![&edge.from.name],
        });
    }
    ways.sort_by_key(|way| {
        (
            way.to.members.is_empty(),
            Reverse(way.to.members.len()),
            way.to.name.as_str(),
        )
    });
    ways
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
