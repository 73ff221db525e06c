//! All headers at once, with binary decision diagrams.

mod alphabet;
mod filters;

use std::collections::BTreeMap;

use biodivine_lib_bdd::{Bdd, BddValuation};
use model::{Direction, Endpoint, Index, ResourceId, SecurityGroup, Snapshot};
use packet::Packet;

use crate::hosts::Host;
use crate::tally::Tally;
use crate::ways::{Crossing, Filters, Way, Ways};
use alphabet::Alphabet;

/// Asks with binary decision diagrams over addresses, protocol and ports: each ACL and group is one diagram, made once,
/// and a pair is a conjunction of those on its way.
#[derive(Debug)]
pub struct Verifier<'a> {
    ways: Ways<'a>,
    alphabet: Alphabet,
    /// What each ACL lets pass of first packets.
    first: BTreeMap<Crossing, Bdd>,
    /// First packets whose answers each ACL lets pass.
    reply: BTreeMap<Crossing, Bdd>,
    groups: BTreeMap<(Index<SecurityGroup>, Direction), GroupDiagrams>,
}

/// What a group allows in one direction.
#[derive(Debug)]
struct GroupDiagrams {
    /// By address of the other end.
    by_address: Bdd,
    /// By group of the other end.
    by_group: BTreeMap<ResourceId, Bdd>,
}

/// The packets of one pair that make a session.
#[derive(Debug, Clone)]
pub struct Passes {
    diagram: Bdd,
}

impl<'a> Verifier<'a> {
    /// Turns every filter of a snapshot into diagrams.
    pub fn new(snapshot: &'a Snapshot) -> Self {
        let alphabet = Alphabet::new();
        let (mut first, mut reply) = (BTreeMap::new(), BTreeMap::new());
        for (acl, whole) in snapshot.acls().iter() {
            for direction in [Direction::Ingress, Direction::Egress] {
                let crossing = Crossing { acl, direction };
                first.insert(crossing, filters::acl_on_first(&alphabet, whole, direction));
                reply.insert(crossing, filters::acl_on_reply(&alphabet, whole, direction));
            }
        }
        let mut groups = BTreeMap::new();
        for (index, group) in snapshot.groups().iter() {
            for direction in [Direction::Ingress, Direction::Egress] {
                let (by_address, by_group) = filters::group(&alphabet, snapshot, group, direction);
                groups.insert(
                    (index, direction),
                    GroupDiagrams {
                        by_address,
                        by_group,
                    },
                );
            }
        }
        Self {
            ways: Ways::new(snapshot),
            alphabet,
            first,
            reply,
            groups,
        }
    }

    /// Which packets make a session between two ends; `None` if this baseline cannot tell.
    pub fn passes(&self, from: &Endpoint, to: &Endpoint) -> Option<Passes> {
        let diagram = match self.ways.between(from, to)? {
            Way::Shut => self.alphabet.none(),
            Way::Open(filters) => self.conjunction(&filters),
        };
        Some(Passes { diagram })
    }

    /// Whether a packet is among those that pass.
    pub fn contains(&self, passes: &Passes, packet: &Packet) -> bool {
        let valuation: BddValuation = self.alphabet.valuation(packet);
        passes.diagram.eval_in(&valuation)
    }

    /// Verdicts on all pairs.
    ///
    /// # Cost
    ///
    /// The number of pairs times the sizes of the diagrams on their ways.
    pub fn all_pairs(&self) -> Tally {
        let is_open = |from: &Endpoint, to: &Endpoint| Some(!self.passes(from, to)?.is_empty());
        Tally::over(self.ways.snapshot(), is_open)
    }

    fn conjunction(&self, filters: &Filters<'_>) -> Bdd {
        let Filters {
            from,
            to,
            first,
            reply,
            keeps_identity,
        } = filters;
        let mut diagram = self.alphabet.pair(from.address, to.address);
        for crossing in first {
            diagram = meet(&diagram, self.first.get(crossing));
        }
        let egress = self.worn(from, to, Direction::Egress, *keeps_identity);
        let ingress = self.worn(to, from, Direction::Ingress, *keeps_identity);
        diagram = diagram.and(&egress).and(&ingress);
        let Some(reply) = reply else {
            return diagram.and(&self.alphabet.without_answer());
        };
        for crossing in reply {
            diagram = meet(&diagram, self.reply.get(crossing));
        }
        diagram
    }

    /// What the groups of a host allow between it and another.
    fn worn(
        &self,
        own: &Host<'_>,
        other: &Host<'_>,
        direction: Direction,
        keeps_identity: bool,
    ) -> Bdd {
        let mut allowed = self.alphabet.none();
        for group in &own.groups {
            let Some(diagrams) = self.groups.get(&(*group, direction)) else {
                continue;
            };
            allowed = allowed.or(&diagrams.by_address);
            let known = other.interface.groups.iter().filter(|_| keeps_identity);
            for diagram in known.filter_map(|worn| diagrams.by_group.get(worn.id())) {
                allowed = allowed.or(diagram);
            }
        }
        allowed
    }
}

/// The conjunction with a filter. There is one for every ACL of the snapshot.
fn meet(diagram: &Bdd, filter: Option<&Bdd>) -> Bdd {
    filter.map_or_else(|| diagram.clone(), |filter| diagram.and(filter))
}

impl Passes {
    /// Whether no packet passes.
    pub fn is_empty(&self) -> bool {
        self.diagram.is_false()
    }

    /// How many headers pass, of 2^40; counted as [`Session::size`](crate::Session::size) does.
    pub fn size(&self) -> u128 {
        u128::try_from(self.diagram.exact_cardinality()).unwrap_or(u128::MAX)
    }
}
