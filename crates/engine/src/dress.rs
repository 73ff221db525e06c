//! What classes wear.
//!
//! Two classes at one site differ in their dress only. What a dress lets in depends on the rules of its groups, not on
//! their ids, and on whether somebody's rules name one of them: so few dresses differ as targets.

use std::collections::BTreeSet;

use model::{
    Direction, Endpoint, Index, InterfaceKind, Link, NetworkInterface, Reception, ResourceId,
    RulePeer, SecurityGroup, SecurityGroupRule,
};
use packet::{Prefix, Service};
use rustc_hash::FxHashMap;

use crate::class::{ClassId, Classes};
use crate::interner::Interner;
use crate::network::Network;

/// The number of a dress.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct DressId(pub(crate) u32);

/// What an interface wears, and what AWS makes of one that wears nothing.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Dress {
    groups: Vec<ResourceId>,
    kind: InterfaceKind,
    is_managed: bool,
    is_nat: bool,
    accepts: Reception,
}

/// What of a dress others that send to it can tell.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Ingress {
    rules: BTreeSet<(Service, From)>,
    are_known: bool,
    accepts: Reception,
    /// For one that wears nothing: all that decides then.
    bare: Option<Dress>,
    /// Groups of it that rules of senders name.
    named: Vec<ResourceId>,
}

/// Whom a rule lets in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum From {
    Cidr(Prefix),
    List(ResourceId),
    Group(ResourceId),
    Nobody,
}

/// The dresses of all classes of interfaces.
#[derive(Debug)]
pub(crate) struct Wardrobe {
    by_class: Vec<Option<DressId>>,
    /// An interface in each dress.
    worn_by: Vec<Index<NetworkInterface>>,
    /// For each dress the first one that lets in the same, and is seen alike by senders.
    alike: Vec<DressId>,
    /// For each dress as a target, the classes that rules tell from strangers: they wear a group that it admits, or name
    /// one that it wears. In order.
    acquaintances: Vec<Vec<ClassId>>,
}

impl Wardrobe {
    pub(crate) fn of(network: &Network<'_>, classes: &Classes) -> Self {
        let mut dresses = Interner::default();
        let mut worn_by = Vec::new();
        let by_class: Vec<Option<DressId>> = classes
            .all
            .iter()
            .map(|class| {
                let Some(Endpoint::Interface { interface, .. }) = class.endpoints.first() else {
                    return None;
                };
                let number = dresses.number(dress(network, *interface));
                if worn_by.len() == dresses.len() - 1 {
                    worn_by.push(*interface);
                }
                Some(DressId(number))
            })
            .collect();
        let (wearers, seekers) = acquainted(network, &dresses, &by_class);
        let mut kinds = FxHashMap::default();
        let alike = (0..).zip(dresses.all()).map(|(number, dress)| {
            let kind = ingress(network, dress, &seekers);
            *kinds.entry(kind).or_insert(DressId(number))
        });
        let alike = alike.collect();
        let acquaintances = dresses.all().iter().map(|dress| {
            let admitted = rules(network, dress, Direction::Ingress).filter_map(group_named);
            let admitted = admitted.filter_map(|group| wearers.get(group));
            let seeking = dress.groups.iter().filter_map(|group| seekers.get(group));
            let mut all: Vec<ClassId> = admitted.chain(seeking).flatten().copied().collect();
            all.sort_unstable();
            all.dedup();
            all
        });
        Self {
            acquaintances: acquaintances.collect(),
            by_class,
            worn_by,
            alike,
        }
    }

    /// What a class wears; `None` for networks outside.
    pub(crate) fn of_class(&self, class: ClassId) -> Option<DressId> {
        self.by_class.get(class.number()).copied().flatten()
    }

    /// An interface in a dress.
    pub(crate) fn worn_by(&self, dress: DressId) -> Option<Index<NetworkInterface>> {
        self.worn_by.get(dress.0 as usize).copied()
    }

    /// The first of all dresses that let in the same as this one, from the same.
    pub(crate) fn alike(&self, dress: DressId) -> DressId {
        self.alike.get(dress.0 as usize).copied().unwrap_or(dress)
    }

    /// Of the classes from one number to another, those that rules tell from strangers where this dress receives.
    pub(crate) fn acquaintances(
        &self,
        dress: DressId,
        (first, last): (ClassId, ClassId),
    ) -> &[ClassId] {
        let all = self.acquaintances.get(dress.0 as usize);
        let all = all.map_or(&[][..], Vec::as_slice);
        let start = all.partition_point(|class| *class < first);
        let end = all.partition_point(|class| *class <= last);
        all.get(start..end).unwrap_or_default()
    }
}

fn dress(network: &Network<'_>, index: Index<NetworkInterface>) -> Dress {
    let interface = network.snapshot.interfaces().get(index);
    let groups = interface.groups.iter().map(|link| link.id().clone());
    let groups: BTreeSet<ResourceId> = groups.collect();
    Dress {
        groups: groups.into_iter().collect(),
        kind: interface.kind.clone(),
        is_managed: interface.requester_managed,
        is_nat: network.is_nat(index),
        accepts: interface.reception(),
    }
}

/// The rules of a direction of all groups of a dress.
fn rules<'n>(
    network: &'n Network<'_>,
    dress: &'n Dress,
    direction: Direction,
) -> impl Iterator<Item = &'n SecurityGroupRule> {
    groups(network, dress)
        .flatten()
        .flat_map(move |group| group.rules(direction))
}

/// The groups of a dress; `None` for those that the snapshot lacks.
fn groups<'n>(
    network: &'n Network<'_>,
    dress: &'n Dress,
) -> impl Iterator<Item = Option<&'n SecurityGroup>> {
    let all = network.snapshot.groups();
    dress
        .groups
        .iter()
        .map(move |id| all.find(id.as_str()).map(|index| all.get(index)))
}

fn group_named(rule: &SecurityGroupRule) -> Option<&ResourceId> {
    match &rule.peer {
        RulePeer::Group(reference) if !reference.is_stale => Some(reference.group.id()),
        RulePeer::Group(_) | RulePeer::Cidr(_) | RulePeer::PrefixList(_) => None,
    }
}

type ByGroup = FxHashMap<ResourceId, Vec<ClassId>>;

/// The classes that wear each group, and those whose rules of egress name it.
fn acquainted(
    network: &Network<'_>,
    dresses: &Interner<Dress>,
    by_class: &[Option<DressId>],
) -> (ByGroup, ByGroup) {
    let named = dresses.all().iter().map(|dress| {
        let named = rules(network, dress, Direction::Egress).filter_map(group_named);
        named.cloned().collect::<BTreeSet<ResourceId>>()
    });
    let named: Vec<BTreeSet<ResourceId>> = named.collect();
    let (mut wearers, mut seekers) = (ByGroup::default(), ByGroup::default());
    for (number, dress) in by_class.iter().enumerate() {
        let Some(DressId(dress)) = dress else {
            continue;
        };
        let class = ClassId::at(number);
        let worn = dresses.all().get(*dress as usize);
        for group in worn.into_iter().flat_map(|dress| &dress.groups) {
            wearers.entry(group.clone()).or_default().push(class);
        }
        for group in named.get(*dress as usize).into_iter().flatten() {
            seekers.entry(group.clone()).or_default().push(class);
        }
    }
    (wearers, seekers)
}

fn ingress(network: &Network<'_>, dress: &Dress, seekers: &ByGroup) -> Ingress {
    let from = |rule: &SecurityGroupRule| match &rule.peer {
        RulePeer::Cidr(cidr) => From::Cidr(*cidr),
        RulePeer::PrefixList(list) => From::List(Link::id(list).clone()),
        RulePeer::Group(_) => group_named(rule).map_or(From::Nobody, |id| From::Group(id.clone())),
    };
    let named = dress.groups.iter().filter(|id| seekers.contains_key(*id));
    Ingress {
        rules: rules(network, dress, Direction::Ingress)
            .map(|rule| (rule.service, from(rule)))
            .collect(),
        are_known: groups(network, dress).all(|group| group.is_some_and(|it| it.is_complete)),
        accepts: dress.accepts,
        bare: dress.groups.is_empty().then(|| dress.clone()),
        named: named.cloned().collect(),
    }
}
