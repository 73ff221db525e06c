//! Endpoints of two snapshots, joined by what they are, and gathered by how they behave on both sides.

use std::collections::BTreeMap;
use std::net::IpAddr;

use engine::{ClassId, Engine};
use model::{Endpoint, ResourceId, Snapshot};
use packet::{Family, Prefix};

use super::{Party, PartyKind, PartyKindId};
use crate::host::is_own;

/// What an endpoint is, whatever snapshot shows it.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Identity {
    Interface(ResourceId, IpAddr),
    Office(ResourceId, Prefix),
    Internet(Prefix),
}

/// All kinds of endpoints, and their classes in both engines.
#[derive(Debug)]
pub(super) struct Kinds {
    pub(super) all: Vec<Kind>,
}

/// A kind, and its classes.
#[derive(Debug)]
pub(super) struct Kind {
    pub(super) members: PartyKind,
    pub(super) before: Option<ClassId>,
    pub(super) after: Option<ClassId>,
    pub(super) family: Option<Family>,
    /// Whether packets start at its addresses: those that only a gateway knows do not send.
    pub(super) sends: bool,
}

/// One endpoint on both sides, each with its class.
type Sides = [Option<(ClassId, Endpoint)>; 2];

impl Kinds {
    pub(super) fn of(before: &Engine<'_>, after: &Engine<'_>) -> Self {
        let mut joined: BTreeMap<Identity, (Sides, Option<Prefix>)> = BTreeMap::new();
        for (side, engine) in [before, after].into_iter().enumerate() {
            for (id, class) in engine.classes() {
                for endpoint in &class.endpoints {
                    let Some(identity) = identity(engine.snapshot(), endpoint, class.block) else {
                        continue;
                    };
                    let (sides, _) = joined
                        .entry(identity)
                        .or_insert(([None, None], class.block));
                    if let Some(slot) = sides.get_mut(side) {
                        *slot = Some((id, *endpoint));
                    }
                }
            }
        }
        let mut kinds: BTreeMap<[Option<ClassId>; 2], Vec<Party>> = BTreeMap::new();
        for (sides, block) in joined.into_values() {
            let [was, is] = sides;
            let party = Party {
                before: was.map(|(_, endpoint)| endpoint),
                after: is.map(|(_, endpoint)| endpoint),
                block,
            };
            let classes = [was, is].map(|side| side.map(|(class, _)| class));
            kinds.entry(classes).or_default().push(party);
        }
        let all = kinds.into_iter().map(|([was, is], parties)| {
            let first = parties.first();
            let endpoint = first.and_then(|party| party.after.or(party.before));
            let sends = first.is_some_and(|party| {
                let sends = |snapshot, endpoint: Option<Endpoint>| {
                    endpoint.is_some_and(|endpoint| starts_packets(snapshot, &endpoint))
                };
                sends(after.snapshot(), party.after) || sends(before.snapshot(), party.before)
            });
            Kind {
                family: endpoint.map(|endpoint| Family::of(endpoint.address())),
                members: PartyKind { parties },
                before: was,
                after: is,
                sends,
            }
        });
        Self { all: all.collect() }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (PartyKindId, &Kind)> {
        let numbered = self.all.iter().enumerate();
        numbered.map(|(number, kind)| (PartyKindId(number), kind))
    }
}

fn starts_packets(snapshot: &Snapshot, endpoint: &Endpoint) -> bool {
    match endpoint {
        Endpoint::Interface { .. } => is_own(snapshot, endpoint),
        Endpoint::Office { .. } | Endpoint::Internet { .. } | Endpoint::Unknown { .. } => true,
    }
}

fn identity(snapshot: &Snapshot, endpoint: &Endpoint, block: Option<Prefix>) -> Option<Identity> {
    match endpoint {
        Endpoint::Interface { interface, address } => {
            let id = snapshot.interfaces().get(*interface).id.clone();
            Some(Identity::Interface(id, *address))
        }
        Endpoint::Office { office, .. } => {
            let id = snapshot.offices().get(*office).id.clone();
            block.map(|block| Identity::Office(id, block))
        }
        Endpoint::Internet { address } => {
            let mut vpcs = snapshot.vpcs().rows().iter();
            let is_vacant = vpcs.any(|vpc| vpc.contains(*address));
            block.filter(|_| !is_vacant).map(Identity::Internet)
        }
        Endpoint::Unknown { .. } => None,
    }
}
