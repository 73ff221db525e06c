//! Security groups (§6).
//!
//! The union of the allow rules of all groups that an interface wears. Stateful: only first packets are asked. A rule
//! that names a group matches the interface at the other end, not its address.
//!
//! # Source
//!
//! VPC User Guide: Security group rules. EC2 User Guide: Security group connection tracking.

use std::net::IpAddr;
use std::sync::{Arc, MutexGuard, PoisonError};

use model::{
    Direction, Index, InterfaceKind, NetworkInterface, ResourceId, RulePeer, SecurityGroup,
    SecurityGroupRule, is_lattice,
};
use packet::{PacketSet, Prefix, is_public};
use rustc_hash::{FxHashMap, FxHashSet};

use super::Semantics;
use crate::asks::{Ask, Ends, Party, Sight, View};
use crate::filter::Filter;
use crate::way::Identity;

/// What groups were found to let pass, together and one by one.
#[derive(Debug, Default)]
pub(super) struct Memo {
    together: FxHashMap<Key<Vec<Index<SecurityGroup>>>, Filter>,
    single: FxHashMap<Key<Index<SecurityGroup>>, Filter>,
    named: FxHashMap<Index<SecurityGroup>, Arc<Named>>,
}

/// Whom the rules of a group name.
#[derive(Debug, Default)]
struct Named {
    groups: FxHashSet<ResourceId>,
    /// Whether they name blocks or prefix lists as well.
    are_addresses: bool,
}

/// What an interface's rules see of the other end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Peer {
    pub(super) address: IpAddr,
    pub(super) interface: PeerInterface,
}

/// What is known of the interface at the other end.
pub(super) type PeerInterface = Sight<Index<NetworkInterface>>;

/// Everything that the answer of a group, or of an interface's groups, depends on.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key<G> {
    groups: G,
    direction: Direction,
    block: Prefix,
    is_public: bool,
    peer: PeerKey,
}

/// A peer interface as groups see it: the groups that it wears.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum PeerKey {
    Known(Vec<ResourceId>),
    Doubtful(Vec<ResourceId>),
    None,
    Anyone,
}

/// Whether a rule's peer matches.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Match {
    Matches,
    Differs,
    Unknown,
}

impl PeerInterface {
    /// An interface whose identity groups may see.
    pub(crate) const fn of(interface: Index<NetworkInterface>, identity: Identity) -> Self {
        match identity {
            Identity::Kept => Self::Known(interface),
            Identity::Doubtful => Self::Doubtful(interface),
            Identity::Lost => Self::None,
        }
    }
}

/// The question that is left open, if one of the two has been left out.
fn left_open(
    open: Ends,
    index: Index<NetworkInterface>,
    view: View<Index<NetworkInterface>>,
) -> Option<Ask> {
    let is_end = |index| Some(index) == open.source || Some(index) == open.target;
    let is_about_end = is_end(index) || view.peer.named().is_some_and(is_end);
    is_about_end.then_some(())?;
    Some(Ask::Rules {
        wearer: open.party(index),
        view: View {
            direction: view.direction,
            block: view.block,
            is_public: view.is_public,
            peer: view.peer.try_map(|peer| Some(open.party(peer)))?,
        },
    })
}

impl Semantics<'_> {
    /// What the groups of an interface let pass in one direction.
    pub(super) fn group_filter(
        &self,
        open: Ends,
        index: Index<NetworkInterface>,
        direction: Direction,
        peer: Peer,
    ) -> Filter {
        let view = View {
            direction,
            block: self.lines.of_groups.block(peer.address),
            is_public: is_public(peer.address) || is_lattice(peer.address),
            peer: peer.interface,
        };
        if let Some(ask) = left_open(open, index, view) {
            return Filter::left_open(ask);
        }
        let filter = self.rules_filter(index, view);
        self.note(index, view, &filter);
        filter
    }

    /// Notes what was asked of the sender of a way, or about it; and that somebody was asked whom none expects to be: who
    /// is on the way, or the sender as one who receives.
    fn note(
        &self,
        index: Index<NetworkInterface>,
        view: View<Index<NetworkInterface>>,
        answer: &Filter,
    ) {
        if let Some(seen) = &mut *self.seen() {
            let sender = Ends {
                target: None,
                ..seen.ends
            };
            let expected = match view.direction {
                Direction::Ingress => seen.ends.target,
                Direction::Egress => seen.ends.source,
            };
            if expected != Some(index) {
                seen.met.push(index);
            }
            if sender.source.is_some()
                && let Some(ask) = left_open(sender, index, view)
            {
                seen.asked.push((ask, answer.clone()));
            }
        }
    }

    /// What the groups of an interface that somebody may receive on admit from anywhere; everything if they are not all
    /// known.
    pub(super) fn admission(&self, open: Ends, index: Index<NetworkInterface>) -> Filter {
        match open.party(index) {
            Party::Other(_) => {
                self.meet(index);
                self.admitted_from_anywhere(index)
                    .map_or(Filter::pass(), Filter::exactly)
            }
            party => Filter::left_open(Ask::Admitted(party)),
        }
    }

    /// The answer to a question that was left open, for two ends.
    pub(crate) fn answer_of_groups(&self, ask: &Ask, ends: Ends) -> Filter {
        let answer = || match ask {
            Ask::Admitted(party) => Some(self.admission(Ends::NONE, ends.interface(*party)?)),
            Ask::Rules { wearer, view } => {
                let view = View {
                    direction: view.direction,
                    block: view.block,
                    is_public: view.is_public,
                    peer: view.peer.try_map(|party| ends.interface(party))?,
                };
                Some(self.rules_filter(ends.interface(*wearer)?, view))
            }
        };
        answer().unwrap_or(Filter::unknown())
    }

    /// What the groups of an interface let pass of what they see.
    fn rules_filter(
        &self,
        index: Index<NetworkInterface>,
        view: View<Index<NetworkInterface>>,
    ) -> Filter {
        let interface = self.snapshot().interfaces().get(index);
        if let Some(filter) = self.without_groups(index) {
            return filter;
        }
        let known: Vec<_> = interface
            .groups
            .iter()
            .filter_map(model::Link::target)
            .collect();
        let is_missing = known.len() < interface.groups.len();
        let key = Key {
            groups: known,
            direction: view.direction,
            block: view.block,
            is_public: view.is_public,
            peer: self.peer_key(view.peer),
        };
        let filter = self.together(key);
        if is_missing {
            Filter::partly(filter.allow().clone(), &PacketSet::full())
        } else {
            filter
        }
    }

    /// Services that some ingress rule admits from somewhere; `None` if the groups are not all known.
    fn admitted_from_anywhere(&self, index: Index<NetworkInterface>) -> Option<PacketSet> {
        if self.accepts_nothing(index) {
            return Some(PacketSet::empty());
        }
        if let Some(filter) = self.without_groups(index) {
            return (filter == Filter::deny()).then(PacketSet::empty);
        }
        let interface = self.snapshot().interfaces().get(index);
        let mut admitted = PacketSet::empty();
        for link in &interface.groups {
            let group = self.snapshot().groups().get(link.target()?);
            if !group.is_complete {
                return None;
            }
            let rules = group
                .rules(Direction::Ingress)
                .map(|rule| PacketSet::from(&rule.service));
            admitted = rules.fold(admitted, |all, services| all.union(&services));
        }
        Some(admitted)
    }

    /// The answer for an interface that wears no group; `None` if it wears one.
    fn without_groups(&self, index: Index<NetworkInterface>) -> Option<Filter> {
        let interface = self.snapshot().interfaces().get(index);
        if !interface.groups.is_empty() {
            return None;
        }
        if self.network.is_nat(index) {
            return Some(Filter::pass());
        }
        Some(match interface.kind {
            InterfaceKind::NatGateway
            | InterfaceKind::NetworkLoadBalancer
            | InterfaceKind::GatewayLoadBalancer
            | InterfaceKind::GatewayLoadBalancerEndpoint
            | InterfaceKind::TransitGateway => Filter::pass(),
            InterfaceKind::Ordinary if !interface.requester_managed => Filter::deny(),
            InterfaceKind::Ordinary
            | InterfaceKind::VpcEndpoint
            | InterfaceKind::Lambda
            | InterfaceKind::Other(_) => Filter::unknown(),
        })
    }

    fn peer_key(&self, peer: PeerInterface) -> PeerKey {
        let worn = |index| {
            let groups = &self.snapshot().interfaces().get(index).groups;
            let mut ids: Vec<_> = groups.iter().map(|link| link.id().clone()).collect();
            ids.sort_unstable();
            ids
        };
        match peer {
            PeerInterface::Known(index) => PeerKey::Known(worn(index)),
            PeerInterface::Doubtful(index) => PeerKey::Doubtful(worn(index)),
            PeerInterface::None => PeerKey::None,
            PeerInterface::Anyone => PeerKey::Anyone,
        }
    }

    /// What groups let pass together: what any of them does.
    fn together(&self, key: Key<Vec<Index<SecurityGroup>>>) -> Filter {
        if let Some(filter) = self.group_memo().together.get(&key) {
            return filter.clone();
        }
        let singly = key.groups.iter().map(|group| self.single(*group, &key));
        let filter = singly.fold(Filter::deny(), |all, one| all.best(&one));
        self.group_memo().together.insert(key, filter.clone());
        filter
    }

    /// What one of the groups lets pass. It does not depend on what its rules do not name.
    fn single(&self, group: Index<SecurityGroup>, key: &Key<Vec<Index<SecurityGroup>>>) -> Filter {
        let named = self.named_by(group);
        let only = |worn: &[ResourceId]| {
            let worn = worn.iter().filter(|id| named.groups.contains(id));
            worn.cloned().collect()
        };
        let key = Key {
            groups: group,
            direction: key.direction,
            block: if named.are_addresses {
                key.block
            } else {
                Prefix::all(key.block.family())
            },
            is_public: named.are_addresses && key.is_public,
            peer: match &key.peer {
                PeerKey::Known(worn) => PeerKey::Known(only(worn)),
                PeerKey::Doubtful(worn) => PeerKey::Doubtful(only(worn)),
                PeerKey::None => PeerKey::None,
                PeerKey::Anyone => PeerKey::Anyone,
            },
        };
        if let Some(filter) = self.group_memo().single.get(&key) {
            return filter.clone();
        }
        let filter = self.union_of_rules(&key);
        self.group_memo().single.insert(key, filter.clone());
        filter
    }

    fn named_by(&self, group: Index<SecurityGroup>) -> Arc<Named> {
        if let Some(named) = self.group_memo().named.get(&group) {
            return named.clone();
        }
        let mut named = Named::default();
        for rule in &*self.snapshot().groups().get(group).rules {
            match &rule.peer {
                RulePeer::Group(reference) => {
                    named.groups.insert(reference.group.id().clone());
                }
                RulePeer::Cidr(_) | RulePeer::PrefixList(_) => named.are_addresses = true,
            }
        }
        let named = Arc::new(named);
        self.group_memo().named.insert(group, named.clone());
        named
    }

    fn group_memo(&self) -> MutexGuard<'_, Memo> {
        self.groups.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn union_of_rules(&self, key: &Key<Index<SecurityGroup>>) -> Filter {
        let (mut allow, mut unknown) = (PacketSet::empty(), PacketSet::empty());
        let group = self.snapshot().groups().get(key.groups);
        if !group.is_complete {
            unknown = PacketSet::full();
        }
        for rule in group.rules(key.direction) {
            let services = || PacketSet::from(&rule.service);
            match self.matches(rule, key) {
                Match::Matches => allow = allow.union(&services()),
                Match::Unknown => unknown = unknown.union(&services()),
                Match::Differs => {}
            }
        }
        Filter::partly(allow, &unknown)
    }

    fn matches(&self, rule: &SecurityGroupRule, key: &Key<Index<SecurityGroup>>) -> Match {
        let known = |matches: bool| {
            if matches {
                Match::Matches
            } else {
                Match::Differs
            }
        };
        match &rule.peer {
            RulePeer::Cidr(cidr) => known(cidr.covers(&key.block)),
            RulePeer::PrefixList(link) => {
                let list = link
                    .target()
                    .map(|index| self.snapshot().prefix_lists().get(index));
                match link.target().and_then(|index| self.network.listed(index)) {
                    Some(listed) => known(listed.covers(&key.block)),
                    None if list
                        .and_then(|list| list.family)
                        .is_some_and(|family| family != key.block.family()) =>
                    {
                        Match::Differs
                    }
                    None if list.is_some_and(|list| list.is_aws_managed) && !key.is_public => {
                        Match::Differs
                    }
                    None => Match::Unknown,
                }
            }
            RulePeer::Group(reference) if reference.is_stale => Match::Differs,
            RulePeer::Group(reference) => match &key.peer {
                PeerKey::Known(worn) => known(worn.contains(reference.group.id())),
                PeerKey::Doubtful(worn) if worn.contains(reference.group.id()) => Match::Unknown,
                PeerKey::Doubtful(_) | PeerKey::None => Match::Differs,
                PeerKey::Anyone => Match::Unknown,
            },
        }
    }
}
