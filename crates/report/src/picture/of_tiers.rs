//! The picture of tiers: what passes within and between them, and what of it nothing needs.

use std::collections::{BTreeMap, BTreeSet};

use crate::inventory::count;
use crate::services;
use crate::tiers::{LEGEND, TierFlowView, TierView, TiersView};

/// What a picture of tiers shows.
///
/// Renderers are pure functions of it: [`TierPicture::svg`], [`TierPicture::dot`], [`TierPicture::mermaid`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TierPicture {
    /// The answer in a line.
    pub(super) title: String,
    /// What counts for a need, and what is not drawn.
    pub(super) notes: Vec<String>,
    /// The tiers, those of one VPC beside each other.
    pub(super) tiers: Vec<TierBox>,
    /// What passes: first what is wrong, then what is open, then the rest.
    pub(super) flows: Vec<Flow>,
}

/// A tier as it is drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TierBox {
    /// Its name, and how many hosts it has.
    pub(super) label: String,
    /// What its hosts are, and in which environment.
    pub(super) caption: String,
    /// The VPC in words; `None` if its hosts are in none.
    pub(super) vpc: Option<String>,
}

/// What passes from a tier to another, or to itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Flow {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) need: Need,
    pub(super) services: String,
    /// Which rules let it in, or what needs it.
    pub(super) because: String,
}

/// Whether anything needs what passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Need {
    /// Nothing does, and it passes between hosts of one tier.
    NoneWithin,
    /// Nothing does, and it passes from tier to tier.
    NoneBetween,
    /// The input does not tell whether it passes.
    Open,
    /// Something does.
    Needed,
}

impl Need {
    pub(super) const ALL: [Self; 4] = [
        Self::NoneWithin,
        Self::NoneBetween,
        Self::Open,
        Self::Needed,
    ];

    /// What stands above all such flows.
    pub(super) const fn heading(self) -> &'static str {
        match self {
            Self::NoneWithin => "Within a tier, and nothing needs it",
            Self::NoneBetween => "Between tiers, and nothing needs it",
            Self::Open => "May pass: the input does not tell",
            Self::Needed => "Needed",
        }
    }

    /// What stands before the services of a flow that has no heading above it.
    pub(super) const fn prefix(self) -> &'static str {
        match self {
            Self::NoneWithin | Self::NoneBetween => "not needed: ",
            Self::Open => "possibly ",
            Self::Needed => "",
        }
    }
}

impl TierPicture {
    /// The picture of an answer. Of many tiers those are drawn that let pass what nothing needs.
    pub fn of(view: &TiersView) -> Self {
        let mut flows = flows(view);
        flows.sort_by_key(|flow| (flow.need, flow.from != flow.to, flow.from, flow.to));
        let kept = kept(&flows, view.tiers.len());
        let new_place: BTreeMap<usize, usize> = kept.iter().copied().zip(0..).collect();
        let n_flows = flows.len();
        let place = |old: usize| new_place.get(&old).copied();
        let flows = flows.into_iter().filter_map(|flow| {
            Some(Flow {
                from: place(flow.from)?,
                to: place(flow.to)?,
                ..flow
            })
        });
        let flows: Vec<Flow> = flows.collect();
        let tiers = kept.iter().filter_map(|number| view.tiers.get(*number));
        let mut notes = vec![LEGEND.to_owned()];
        let n_hidden = view.tiers.len() - kept.len();
        if n_hidden > 0 {
            notes.push(format!(
                "Not drawn: {} and {} of theirs; -o csv has all.",
                count(n_hidden, "tier"),
                count(n_flows - flows.len(), "flow"),
            ));
        }
        Self {
            title: view.head(),
            notes,
            tiers: tiers.map(TierBox::of).collect(),
            flows,
        }
    }

    /// The numbers of tiers that stand in one VPC, VPC by VPC.
    pub(super) fn groups(&self) -> Vec<(Option<&str>, Vec<usize>)> {
        let mut groups: Vec<(Option<&str>, Vec<usize>)> = Vec::new();
        for (number, tier) in self.tiers.iter().enumerate() {
            match groups.last_mut() {
                Some((vpc, numbers)) if *vpc == tier.vpc.as_deref() => numbers.push(number),
                Some(_) | None => groups.push((tier.vpc.as_deref(), vec![number])),
            }
        }
        groups
    }
}

impl TierBox {
    fn of(tier: &TierView) -> Self {
        let environment = tier.environment.iter().map(String::as_str);
        let caption: Vec<&str> = std::iter::once(tier.role.as_str())
            .chain(environment)
            .collect();
        let vpc = tier.vpc.as_ref().map(|id| {
            let named = tier.vpc_name.as_ref();
            named.map_or_else(|| format!("VPC {id}"), |name| format!("VPC {name} ({id})"))
        });
        Self {
            label: tier.label(),
            caption: caption.join(", "),
            vpc,
        }
    }
}

impl Flow {
    /// Services and reasons in a line, which says by itself whether anything needs them.
    pub(super) fn in_words(&self) -> String {
        let gap = if self.because.is_empty() { "" } else { "; " };
        let prefix = self.need.prefix();
        format!("{prefix}{}{gap}{}", self.services, self.because)
    }
}

/// All flows of an answer, by the places of its tiers: one for each sort of need.
fn flows(view: &TiersView) -> Vec<Flow> {
    let places = view.tiers.iter().map(|tier| tier.name.as_str()).zip(0..);
    let places: BTreeMap<&str, usize> = places.collect();
    let mut flows = Vec::new();
    for told in &view.flows {
        let ends = (places.get(&*told.from), places.get(&*told.to));
        let (Some(from), Some(to)) = ends else {
            continue;
        };
        for (need, services, because) in parts(told) {
            if !services.is_empty() {
                flows.push(Flow {
                    from: *from,
                    to: *to,
                    need,
                    services: services::short(&services, MAX_SERVICES),
                    because,
                });
            }
        }
    }
    flows
}

/// What of a flow nothing needs, what is open, and what something needs.
fn parts(told: &TierFlowView) -> [(Need, Vec<String>, String); 3] {
    let none = if told.is_within() {
        Need::NoneWithin
    } else {
        Need::NoneBetween
    };
    let mut services: Vec<String> = Vec::new();
    let mut reasons: Vec<&str> = Vec::new();
    for (list, reason) in [
        (&told.declared, "declared"),
        (&told.balanced, "a load balancer passes it on"),
        (&told.named, "a rule names a group of the sender"),
    ] {
        if !list.is_empty() {
            reasons.push(reason);
        }
        for service in list {
            if !services.contains(service) {
                services.push(service.clone());
            }
        }
    }
    [
        (none, told.unneeded.clone(), told.rules()),
        (Need::Open, told.undetermined.clone(), String::new()),
        (Need::Needed, services, reasons.join(", ")),
    ]
}

/// The tiers that are drawn, in order: those of the first flows, then others while there is room.
fn kept(flows: &[Flow], n_tiers: usize) -> BTreeSet<usize> {
    let mut kept = BTreeSet::new();
    for flow in flows {
        let ends: BTreeSet<usize> = [flow.from, flow.to].into();
        let n_new = ends.difference(&kept).count();
        if kept.len() + n_new <= MAX_TIERS {
            kept.extend(ends);
        }
    }
    for number in 0..n_tiers {
        if kept.len() < MAX_TIERS {
            kept.insert(number);
        }
    }
    kept
}

/// So many tiers fit beside each other.
const MAX_TIERS: usize = 12;
/// So many services of a flow are named.
const MAX_SERVICES: usize = 3;

#[cfg(test)]
mod tests {
    use super::*;

    fn flow(from: usize, to: usize) -> Flow {
        Flow {
            from,
            to,
            need: Need::NoneBetween,
            services: String::new(),
            because: String::new(),
        }
    }

    #[test]
    fn tiers_of_the_first_flows_are_drawn_and_never_one_end_of_a_flow_alone() {
        let flows: Vec<Flow> = (0..30).map(|number| flow(99 - number, number)).collect();
        let kept = kept(&flows, 100);
        assert_eq!(kept.len(), MAX_TIERS);
        let is_kept = |flow: &Flow| (kept.contains(&flow.from), kept.contains(&flow.to));
        assert!(
            flows
                .iter()
                .take(6)
                .all(|flow| is_kept(flow) == (true, true))
        );
        assert!(
            flows
                .iter()
                .skip(6)
                .all(|flow| is_kept(flow) == (false, false))
        );
    }

    #[test]
    fn where_there_is_room_tiers_without_flows_are_drawn() {
        assert_eq!(kept(&[flow(3, 1)], 5), BTreeSet::from([0, 1, 2, 3, 4]));
    }
}
