//! Endpoints of two snapshots, joined by what they are, and gathered by how they behave on both sides.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;

use engine::{ClassId, Engine};
use model::{Endpoint, ResourceId, Snapshot};
use packet::{AddressSet, Family, Prefix};

use super::{Party, PartyKindId};
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
pub(super) struct Kinds<'e, 'a> {
    /// Before, and after.
    pub(super) engines: [&'e Engine<'a>; 2],
    /// Addresses of VPCs, on either side.
    of_vpcs: [AddressSet; 2],
    joined: Joined,
}

/// How endpoints of both sides belong together.
#[derive(Debug)]
enum Joined {
    /// Both engines have the same classes: those are the kinds, by their numbers.
    Shared,
    /// Those that are of one class each are a kind.
    Pairwise {
        all: Vec<Kind>,
        /// The kinds of each class, of either side.
        by_class: [HashMap<ClassId, Vec<PartyKindId>>; 2],
        /// For each side, in the order of the classes.
        spans: [Vec<Span>; 2],
    },
}

/// Classes with numbers in a row, both ends inclusive, that are kinds with numbers in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Span {
    first: usize,
    last: usize,
    kind: usize,
}

/// A kind, and its classes.
#[derive(Debug)]
struct Kind {
    parties: Vec<Party>,
    classes: [Option<ClassId>; 2],
}

/// One endpoint on both sides, each with its class.
type Sides = [Option<(ClassId, Endpoint)>; 2];

/// The spans of the classes of a side. Classes that are several kinds are spans of their own.
fn spans(
    all: &[Kind],
    side: usize,
    by_class: Option<&HashMap<ClassId, Vec<PartyKindId>>>,
) -> Vec<Span> {
    let is_several = |class: &ClassId| {
        let kinds = by_class.and_then(|by_class| by_class.get(class));
        kinds.is_some_and(|kinds| kinds.len() > 1)
    };
    let mut spans: Vec<Span> = Vec::new();
    let mut may_grow = false;
    for (kind, one) in all.iter().enumerate() {
        let Some(class) = one.classes.get(side).copied().flatten() else {
            may_grow = false;
            continue;
        };
        let number = class.number();
        let is_single = !is_several(&class);
        match spans.last_mut() {
            Some(span) if may_grow && is_single && span.last + 1 == number => span.last = number,
            Some(_) | None => spans.push(Span {
                first: number,
                last: number,
                kind,
            }),
        }
        may_grow = is_single;
    }
    spans.sort_unstable();
    spans
}

impl<'e, 'a> Kinds<'e, 'a> {
    pub(super) fn of(before: &'e Engine<'a>, after: &'e Engine<'a>) -> Self {
        let engines = [before, after];
        let of_vpcs = engines.map(|engine| {
            let vpcs = engine.snapshot().vpcs().rows().iter();
            let blocks: Vec<Prefix> = vpcs.flat_map(|vpc| vpc.cidrs.iter().copied()).collect();
            AddressSet::from_prefixes(&blocks)
        });
        let mut kinds = Self {
            engines,
            of_vpcs,
            joined: Joined::Shared,
        };
        if !before.shares_classes_with(after) {
            kinds.joined = kinds.pairwise();
        }
        kinds
    }

    fn pairwise(&self) -> Joined {
        let mut joined: BTreeMap<Identity, (Sides, Option<Prefix>)> = BTreeMap::new();
        for (side, engine) in self.engines.into_iter().enumerate() {
            for (id, class) in engine.classes() {
                for endpoint in &class.endpoints {
                    let Some(identity) = self.identity(side, endpoint, class.block) else {
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
            let [before, after] = sides.map(|side| side.map(|(_, endpoint)| endpoint));
            let party = Party {
                before,
                after,
                block,
            };
            let classes = sides.map(|side| side.map(|(class, _)| class));
            kinds.entry(classes).or_default().push(party);
        }
        let mut by_class = [HashMap::new(), HashMap::new()];
        let mut all = Vec::new();
        for (number, (classes, parties)) in kinds.into_iter().enumerate() {
            for (kinds, class) in by_class.iter_mut().zip(classes) {
                if let Some(class) = class {
                    let kinds = kinds.entry(class).or_insert_with(Vec::new);
                    kinds.push(PartyKindId(number));
                }
            }
            all.push(Kind { parties, classes });
        }
        let spans = [0, 1].map(|side| spans(&all, side, by_class.get(side)));
        Joined::Pairwise {
            all,
            by_class,
            spans,
        }
    }

    /// The kinds of classes with numbers in a row, both ends inclusive, as such ranges.
    pub(super) fn of_classes(
        &self,
        side: usize,
        (first, last): (ClassId, ClassId),
    ) -> Vec<(usize, usize)> {
        let (first, last) = (first.number(), last.number());
        let Joined::Pairwise { spans, .. } = &self.joined else {
            return vec![(first, last)];
        };
        let spans = spans.get(side).map_or(&[][..], Vec::as_slice);
        let from = spans.partition_point(|span| span.last < first);
        let met = spans.iter().skip(from);
        let met = met.take_while(|span| span.first <= last);
        let ranges = met.map(|span| {
            let (from, to) = (first.max(span.first), last.min(span.last));
            (
                span.kind + (from - span.first),
                span.kind + (to - span.first),
            )
        });
        ranges.collect()
    }

    /// All kinds. Some may have no [party](Self::parties).
    pub(super) fn ids(&self) -> impl Iterator<Item = PartyKindId> + use<> {
        let count = match &self.joined {
            Joined::Shared => self.engines[0].classes().len(),
            Joined::Pairwise { all, .. } => all.len(),
        };
        (0..count).map(PartyKindId)
    }

    /// All kinds, as targets, but some that both engines have the same row for.
    pub(super) fn targets(&self) -> Vec<PartyKindId> {
        let [before, after] = self.engines;
        match &self.joined {
            Joined::Pairwise { .. } => self.ids().collect(),
            Joined::Shared => {
                let targets = after.rows().targets_that_differ(before.rows());
                targets.map(|class| PartyKindId(class.number())).collect()
            }
        }
    }

    /// The classes of a kind, before and after.
    pub(super) fn classes(&self, id: PartyKindId) -> [Option<ClassId>; 2] {
        match &self.joined {
            Joined::Shared => {
                let class = self.engines[0].classes().nth(id.0).map(|(class, _)| class);
                [class, class]
            }
            Joined::Pairwise { all, .. } => all.get(id.0).map_or([None, None], |kind| kind.classes),
        }
    }

    /// The kinds that are of a class on a side.
    pub(super) fn of_class(&self, side: usize, class: ClassId) -> Cow<'_, [PartyKindId]> {
        match &self.joined {
            Joined::Shared => vec![PartyKindId(class.number())].into(),
            Joined::Pairwise { by_class, .. } => {
                let kinds = by_class.get(side).and_then(|kinds| kinds.get(&class));
                kinds.map_or(&[][..], Vec::as_slice).into()
            }
        }
    }

    /// Whether the kinds are the classes of both sides.
    pub(super) const fn are_shared(&self) -> bool {
        matches!(self.joined, Joined::Shared)
    }

    /// The endpoints of a kind, in order. Addresses of VPCs that nobody holds are none.
    pub(super) fn parties(&self, id: PartyKindId) -> Cow<'_, [Party]> {
        match &self.joined {
            Joined::Pairwise { all, .. } => {
                all.get(id.0).map_or(&[][..], |kind| &kind.parties).into()
            }
            Joined::Shared => {
                let class = self.engines[0].classes().nth(id.0);
                let class = class.map(|(_, class)| class);
                let endpoints = class.into_iter().flat_map(|class| &class.endpoints);
                let parties = endpoints.filter(|endpoint| !self.is_vacant(0, endpoint));
                let parties = parties.map(|endpoint| Party {
                    before: Some(*endpoint),
                    after: Some(*endpoint),
                    block: class.and_then(|class| class.block),
                });
                parties.collect()
            }
        }
    }

    /// Whether a kind has no [party](Self::parties).
    pub(super) fn is_empty(&self, id: PartyKindId) -> bool {
        let first = self.first(id);
        self.are_shared() && first.is_none_or(|first| self.is_vacant(0, &first))
    }

    /// Whether a kind is of interfaces: packets of others start on no host.
    pub(super) fn is_of_hosts(&self, id: PartyKindId) -> bool {
        matches!(self.first(id), Some(Endpoint::Interface { .. }))
    }

    /// The family of all addresses of a kind.
    pub(super) fn family(&self, id: PartyKindId) -> Option<Family> {
        self.first(id)
            .map(|endpoint| Family::of(endpoint.address()))
    }

    /// Whether packets start at its addresses: those that only a gateway knows do not send.
    pub(super) fn sends(&self, id: PartyKindId) -> bool {
        let starts = |(snapshot, endpoint): (&Snapshot, &Endpoint)| match endpoint {
            Endpoint::Interface { .. } => is_own(snapshot, endpoint),
            Endpoint::Office { .. } | Endpoint::Internet { .. } | Endpoint::Unknown { .. } => true,
        };
        let [before, after] = self.engines.map(Engine::snapshot);
        match &self.joined {
            Joined::Shared => self.first(id).is_some_and(|first| starts((after, &first))),
            Joined::Pairwise { all, .. } => {
                let party = all.get(id.0).and_then(|kind| kind.parties.first());
                let sides = party.map(|party| [(before, party.before), (after, party.after)]);
                sides.into_iter().flatten().any(|(snapshot, endpoint)| {
                    endpoint.is_some_and(|endpoint| starts((snapshot, &endpoint)))
                })
            }
        }
    }

    /// All networks outside, by block.
    pub(super) fn outside(&self) -> Vec<Party> {
        let parties: Vec<Party> = match &self.joined {
            Joined::Pairwise { all, .. } => {
                let parties = all.iter().flat_map(|kind| &kind.parties);
                parties.copied().collect()
            }
            Joined::Shared => {
                // They come last.
                let classes = self.engines[0].classes().rev();
                let outside = classes.take_while(|(_, class)| class.block.is_some());
                outside
                    .flat_map(|(class, _)| self.parties(PartyKindId(class.number())).into_owned())
                    .collect()
            }
        };
        let outside = parties.into_iter();
        outside.filter(|party| party.block.is_some()).collect()
    }

    fn first(&self, id: PartyKindId) -> Option<Endpoint> {
        match &self.joined {
            Joined::Shared => {
                let (_, class) = self.engines[0].classes().nth(id.0)?;
                class.endpoints.first().copied()
            }
            Joined::Pairwise { all, .. } => {
                let party = all.get(id.0)?.parties.first()?;
                party.after.or(party.before)
            }
        }
    }

    /// Whether an address on the internet is one of a VPC, which nobody holds.
    fn is_vacant(&self, side: usize, endpoint: &Endpoint) -> bool {
        let of_vpcs = self.of_vpcs.get(side);
        let is_of_vpc = |address| of_vpcs.is_some_and(|all| all.contains(address));
        matches!(endpoint, Endpoint::Internet { address } if is_of_vpc(*address))
    }

    fn identity(
        &self,
        side: usize,
        endpoint: &Endpoint,
        block: Option<Prefix>,
    ) -> Option<Identity> {
        let snapshot = self.engines.get(side)?.snapshot();
        match endpoint {
            Endpoint::Interface { interface, address } => {
                let id = snapshot.interfaces().get(*interface).id.clone();
                Some(Identity::Interface(id, *address))
            }
            Endpoint::Office { office, .. } => {
                let id = snapshot.offices().get(*office).id.clone();
                block.map(|block| Identity::Office(id, block))
            }
            Endpoint::Internet { .. } => block
                .filter(|_| !self.is_vacant(side, endpoint))
                .map(Identity::Internet),
            Endpoint::Unknown { .. } => None,
        }
    }
}
