//! Hops of intruders: who to whom, by what, let through by which rules.

use analysis::{Hop, Technique};
use model::Snapshot;
use schemars::JsonSchema;
use serde::Serialize;

use crate::channels::ChannelHopView;
use crate::common::{RuleView, SubjectView, WitnessView};
use crate::exposed::rules_beside;
use crate::page::Cell;
use crate::palette::Palette;
use crate::services;
use crate::through::FrontView;

/// One hop of a way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct HopView {
    /// Where the intruder stands.
    pub from: SubjectView,
    /// Where he gets.
    pub to: SubjectView,
    /// The load balancers and the like that pass requests on in between.
    pub via: Vec<FrontView>,
    /// What leads there without packets of the network, if so.
    pub channel: Option<ChannelHopView>,
    /// By which services; through a front, as what they reach the target.
    pub services: Vec<String>,
    /// Whether they pass for certain.
    pub certain: bool,
    /// Techniques of MITRE ATT&CK.
    pub techniques: Vec<TechniqueView>,
    /// A packet to the first front.
    pub to_front: Option<WitnessView>,
    /// A packet that proves it; through a front, one from there to the target.
    pub witness: Option<WitnessView>,
}

/// A technique of MITRE ATT&CK.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TechniqueView {
    /// `T1021.004` …
    pub id: String,
    /// Its name.
    pub name: String,
}

impl TechniqueView {
    fn of(technique: &Technique) -> Self {
        Self {
            id: technique.id.to_owned(),
            name: technique.name.to_owned(),
        }
    }
}

/// Whether a hop tells the account that owns its rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Owner {
    /// It does: it is another one than before.
    Shown,
    /// It does not: it is the one before, or all are the same.
    Same,
}

impl HopView {
    pub(crate) fn of(hop: &Hop, snapshot: &Snapshot) -> Self {
        let proof = |witness: &Option<analysis::Witness>| {
            let witness = witness.as_ref();
            witness.map(|witness| WitnessView::of(witness, snapshot))
        };
        Self {
            from: SubjectView::of(&hop.from),
            to: SubjectView::of(&hop.to),
            channel: hop.channel.as_ref().map(ChannelHopView::of),
            via: hop.via.iter().map(FrontView::of).collect(),
            services: services::list(&hop.services),
            certain: hop.is_certain,
            techniques: hop.techniques.iter().map(TechniqueView::of).collect(),
            to_front: proof(&hop.to_front),
            witness: proof(&hop.witness),
        }
    }

    /// By what, as what attackers call it, and which rules let it in.
    pub(crate) fn cells(&self, owner: Owner, palette: &Palette) -> Vec<Cell> {
        let style = if self.certain {
            palette.bad
        } else {
            palette.warn
        };
        let possibly = if self.certain { "" } else { "possibly " };
        vec![
            Cell::styled(format!("{possibly}{}", self.by()), style),
            Cell::new(self.technique_ids()),
            Cell::new(self.because(owner)),
        ]
    }

    /// By what it leads on.
    fn by(&self) -> String {
        let channel = self.channel.as_ref();
        channel.map_or_else(
            || services::short(&self.services, 3),
            |channel| channel.kind.clone(),
        )
    }

    /// The ids of the techniques; of many the first ones.
    fn technique_ids(&self) -> String {
        let ids = self
            .techniques
            .iter()
            .map(|technique| technique.id.as_str());
        let shown: Vec<&str> = ids.take(MAX_TECHNIQUES).collect();
        let more = self.techniques.len() - shown.len();
        let more = if more > 0 {
            format!(" +{more}")
        } else {
            String::new()
        };
        format!("{}{more}", shown.join(" "))
    }

    /// The rules that let the packets in: at the first front, and at the target.
    fn because(&self, owner: Owner) -> String {
        if let Some(channel) = &self.channel {
            return channel.because();
        }
        let ingress = |witness: &Option<WitnessView>, services: &[String]| {
            let rules = witness.as_ref().map(|witness| &witness.ingress);
            rules.map_or_else(String::new, |rules| {
                let ids: Vec<&str> = rules
                    .iter()
                    .filter_map(|rule| rule.rule_id.as_deref())
                    .collect();
                let words = rules_beside(rules, services);
                let owner = rules.last().filter(|_| owner == Owner::Shown);
                let owner = owner.map_or_else(String::new, RuleView::owner);
                if ids.is_empty() {
                    format!("{words}{owner}")
                } else {
                    format!("{words} [{}]{owner}", ids.join(" "))
                }
            })
        };
        let parts = [
            ingress(&self.to_front, &[]),
            ingress(&self.witness, &self.services),
        ];
        let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        let rules = parts.join("; then ");
        if self.via.is_empty() {
            rules
        } else {
            let via = FrontView::list(&self.via);
            let gap = if rules.is_empty() { "" } else { ": " };
            format!("through {via}{gap}{rules}")
        }
    }

    /// The account that owns the rules that let the packets in at the target.
    pub(crate) fn owner(&self) -> Option<&str> {
        let rules = &self.witness.as_ref()?.ingress;
        rules.last()?.account.as_deref()
    }

    /// All rules of the hop, of either side.
    pub(crate) fn rules(&self) -> impl Iterator<Item = &RuleView> {
        let witnesses = [&self.to_front, &self.witness].into_iter().flatten();
        witnesses.flat_map(|witness| witness.egress.iter().chain(&witness.ingress))
    }
}

/// So many techniques of a hop are named in text.
const MAX_TECHNIQUES: usize = 2;
