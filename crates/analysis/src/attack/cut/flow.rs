//! Flows that are kept, and whether they still pass.

use std::collections::BTreeMap;

use engine::{ClassId, Engine};
use model::Endpoint;
use packet::{Family, PacketSet, Service};

use crate::answer::Answer;
use crate::landscape::{Landscape, Selection};

/// What has to pass afterwards as it does before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flow {
    /// As its author wrote it.
    pub text: String,
    /// Who starts.
    pub from: Selection,
    /// Who is reached, without a load balancer in between.
    pub to: Selection,
    /// By which services.
    pub services: Vec<Service>,
}

/// What passes of a flow between endpoints that stand for all.
#[derive(Debug)]
pub(super) struct Carried {
    pairs: Vec<(Endpoint, Endpoint, PacketSet)>,
}

impl Carried {
    /// What passes of a flow now.
    pub(super) fn of(landscape: &Landscape<'_>, flow: &Flow) -> Self {
        let services = flow.services.iter().map(PacketSet::from);
        let services = services.fold(PacketSet::empty(), |all, one| all.union(&one));
        let (from, to) = (
            representatives(landscape, &flow.from),
            representatives(landscape, &flow.to),
        );
        let mut pairs = Vec::new();
        for source in &from {
            for target in &to {
                if landscape.is_same_host(source, target) {
                    continue;
                }
                let packets = passing(landscape.engine(), source, target).intersection(&services);
                if !packets.is_empty() {
                    pairs.push((*source, *target, packets));
                }
            }
        }
        Self { pairs }
    }

    pub(super) const fn is_nothing(&self) -> bool {
        self.pairs.is_empty()
    }

    /// Whether all of it passes on a changed network.
    pub(super) fn is_kept(&self, engine: &Engine<'_>) -> bool {
        self.pairs
            .iter()
            .all(|(from, to, packets)| packets.is_subset(&passing(engine, from, to)))
    }
}

fn passing(engine: &Engine<'_>, from: &Endpoint, to: &Endpoint) -> PacketSet {
    let family = Family::of(to.address());
    if Family::of(from.address()) != family {
        return PacketSet::empty();
    }
    Answer::of(&engine.reach(from, to), family).certain
}

/// Two endpoints of each class: one of them is on another host than the other end.
fn representatives(landscape: &Landscape<'_>, selection: &Selection) -> Vec<Endpoint> {
    let mut by_class: BTreeMap<Option<ClassId>, Vec<Endpoint>> = BTreeMap::new();
    for endpoint in landscape.endpoints(selection) {
        let class = landscape.engine().class_of(&endpoint);
        let known = by_class.entry(class).or_default();
        let has_host = known
            .iter()
            .any(|other| landscape.is_same_host(other, &endpoint));
        if known.len() < 2 && !has_host {
            known.push(endpoint);
        }
    }
    by_class.into_values().flatten().collect()
}
