//! Pictures of answers: who stands where, and which ways lead from whom to whom.
//!
//! [`Picture`] is what every renderer draws from: classes of hosts as nodes, each in a place (account, VPC, subnets), and
//! ways between them as edges with their services and the rules that let them in. One way is highlighted. Renderers are
//! pure functions of it, one file each: [`Picture::svg`], [`Picture::dot`], [`Picture::mermaid`],
//! [`Picture::open_graph`]. Tiers have a picture of another sort, [`TierPicture`].

mod cap;
mod dot;
mod group;
#[cfg(test)]
mod laws;
mod mermaid;
mod of_blast;
mod of_paths;
mod of_tiers;
mod opengraph;
mod place;
mod svg;

use std::sync::Arc;

use analysis::Member;

pub use of_tiers::TierPicture;

use crate::common::{RuleView, SubjectView, WitnessView};
use crate::exposed::rules_beside;
use crate::services;
use place::Place;

/// What a picture shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// The answer in a line.
    title: String,
    /// What reads the picture right: the model, and what is not drawn.
    notes: Vec<String>,
    nodes: Vec<Node>,
    edges: Vec<Edge>,
    /// The edges of one way, from the foothold on.
    highlight: Vec<usize>,
}

/// Hosts of a class, or a network outside.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Node {
    label: String,
    /// `instance`, `database`, `internet` …
    kind: String,
    part: Part,
    /// How many hops from the foothold, which stands at zero.
    hop: usize,
    is_certain: bool,
    place: Place,
    members: Arc<[Member]>,
}

/// What a node is to the intruder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Foothold,
    Falls,
    PassesOn,
    Prize,
    Target,
    /// Stands for many classes that are not drawn apart.
    Further,
}

/// The ways from a node to another that look alike.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Edge {
    from: usize,
    to: usize,
    services: Vec<String>,
    is_certain: bool,
    /// Which fronts pass requests on in between, in words; empty for none.
    via: String,
    /// The rules that let packets in at the first front.
    front_rules: Vec<RuleView>,
    /// The rules that let them in at the end.
    rules: Vec<RuleView>,
    /// Why it is open, where it is.
    doubt: Option<String>,
    /// Ids of techniques of MITRE ATT&CK.
    techniques: Vec<String>,
}

impl Part {
    const fn word(self) -> &'static str {
        match self {
            Self::Foothold => "foothold",
            Self::Falls => "falls",
            Self::PassesOn => "passes on",
            Self::Prize => "prize",
            Self::Target => "target",
            Self::Further => "not drawn apart",
        }
    }
}

impl Node {
    /// What it is, and what it is to the intruder: `database, prize`.
    fn description(&self) -> String {
        let possibly = if self.is_certain { "" } else { "possibly " };
        match self.part {
            Part::Further => self.part.word().to_owned(),
            Part::Foothold | Part::Falls | Part::PassesOn | Part::Prize | Part::Target
                if self.kind == self.label =>
            {
                format!("{possibly}{}", self.part.word())
            }
            Part::Foothold | Part::Falls | Part::PassesOn | Part::Prize | Part::Target => {
                format!("{}, {possibly}{}", self.kind, self.part.word())
            }
        }
    }
}

impl Edge {
    /// By what, in a few words.
    fn service_label(&self) -> String {
        let possibly = if self.is_certain { "" } else { "possibly " };
        format!(
            "{possibly}{}",
            services::short(&self.services, MAX_SERVICES)
        )
    }

    /// What lets the packets in, in words: through which front, by which rules.
    fn because(&self) -> String {
        let parts = [
            rules_beside(&self.front_rules, &[]),
            rules_beside(&self.rules, &self.services),
        ];
        let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        let rules = parts.join("; then ");
        match (self.via.as_str(), rules.as_str()) {
            ("", rules) => rules.to_owned(),
            (via, "") => format!("through {via}"),
            (via, rules) => format!("through {via}: {rules}"),
        }
    }

    /// The ids of all rules that let the packets in; for a rule without an id that of its group.
    fn rule_ids(&self) -> Vec<&str> {
        let rules = self.front_rules.iter().chain(&self.rules);
        let mut ids = Vec::new();
        for rule in rules {
            let id = rule.rule_id.as_ref().unwrap_or(&rule.group_id).as_str();
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        ids
    }

    /// All of it in a line.
    fn in_words(&self) -> String {
        let parts = [
            self.service_label(),
            self.because(),
            self.rule_ids().join(" "),
        ];
        let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        parts.join("; ")
    }

    /// Whether another edge says the same about the same nodes.
    fn is_alike(&self, other: &Self) -> bool {
        let ends = |edge: &Self| (edge.from, edge.to, edge.is_certain);
        ends(self) == ends(other) && self.via == other.via
    }
}

/// The rules that let a proof in, and why it is open. Networks outside let in by no rule that is known: to them it is
/// the rules that let it out.
fn deciding(witness: Option<&WitnessView>) -> (Vec<RuleView>, Option<String>) {
    witness.map_or_else(Default::default, |witness| {
        let rules = if witness.ingress.is_empty() {
            &witness.egress
        } else {
            &witness.ingress
        };
        (rules.clone(), witness.doubt.clone())
    })
}

/// What identifies the hosts of a subject, or the network outside.
fn is_same(node: &Node, subject: &SubjectView) -> bool {
    node.kind == subject.kind && node.members == subject.members && node.label == subject.label()
}

/// So many services of an edge are named.
const MAX_SERVICES: usize = 3;
