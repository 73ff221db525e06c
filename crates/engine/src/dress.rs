//! What classes wear.
//!
//! Two classes at one site differ in their dress only. What a dress lets in depends on the rules of its groups, not on
//! their ids, and on whether somebody's rules name one of them: so few dresses differ as targets.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

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

/// Classes, by groups that they have to do with.
type ByGroup = FxHashMap<ResourceId, Vec<ClassId>>;

/// The dresses of all classes of interfaces, and what rules make of them.
#[derive(Debug)]
pub(crate) struct Wardrobe {
    worn: Arc<Worn>,
    /// For each dress the first one that lets in the same, and is seen alike by senders; `None` if that is not known.
    alike: Option<Vec<DressId>>,
    /// The classes whose rules of egress name each group.
    seekers: Arc<ByGroup>,
    /// More of them, since rules changed.
    more_seekers: ByGroup,
    /// For each dress as a target, the classes that rules may tell from strangers: they wear a group that it admits, or
    /// name one that it wears. In order.
    acquaintances: Vec<OnceLock<Vec<ClassId>>>,
}

/// The dresses of all classes of interfaces: no rule of a group has a part in it.
#[derive(Debug)]
struct Worn {
    by_class: Vec<Option<DressId>>,
    dresses: Vec<Dress>,
    /// An interface in each dress.
    wearer: Vec<Index<NetworkInterface>>,
    /// The classes that wear each group.
    wearers: ByGroup,
}

impl Wardrobe {
    pub(crate) fn of(network: &Network<'_>, classes: &Classes) -> Self {
        let worn = Worn::of(network, classes);
        let seekers = worn.seekers(network);
        let mut kinds = FxHashMap::default();
        let alike = (0..).zip(&worn.dresses).map(|(number, dress)| {
            let kind = ingress(network, dress, &seekers);
            *kinds.entry(kind).or_insert(DressId(number))
        });
        Self {
            alike: Some(alike.collect()),
            seekers: Arc::new(seekers),
            more_seekers: ByGroup::default(),
            acquaintances: worn.dresses.iter().map(|_| OnceLock::new()).collect(),
            worn: Arc::new(worn),
        }
    }

    /// The wardrobe of a network that differs in the rules of some groups only.
    pub(crate) fn with_rules_of(
        &self,
        network: &Network<'_>,
        changed: &[Index<SecurityGroup>],
    ) -> Self {
        let mut more_seekers = self.more_seekers.clone();
        for group in changed {
            let group = network.snapshot.groups().get(*group);
            let named = group.rules(Direction::Egress).filter_map(group_named);
            for named in named {
                let seekers = more_seekers.entry(named.clone()).or_default();
                seekers.extend(self.wearers(&group.id));
            }
        }
        Self {
            worn: self.worn.clone(),
            alike: None,
            seekers: self.seekers.clone(),
            more_seekers,
            acquaintances: self.acquaintances.iter().map(|_| OnceLock::new()).collect(),
        }
    }

    /// What a class wears; `None` for networks outside.
    pub(crate) fn of_class(&self, class: ClassId) -> Option<DressId> {
        self.worn.by_class.get(class.number()).copied().flatten()
    }

    /// An interface in a dress.
    pub(crate) fn worn_by(&self, dress: DressId) -> Option<Index<NetworkInterface>> {
        self.worn.wearer.get(dress.0 as usize).copied()
    }

    /// The groups that a dress is made of.
    pub(crate) fn groups(&self, dress: DressId) -> &[ResourceId] {
        let dress = self.worn.dresses.get(dress.0 as usize);
        dress.map_or(&[], |dress| &dress.groups)
    }

    /// The classes that wear a group, in order.
    pub(crate) fn wearers(&self, group: &ResourceId) -> &[ClassId] {
        self.worn.wearers.get(group).map_or(&[], Vec::as_slice)
    }

    /// The first of all dresses that let in the same as this one, from the same.
    pub(crate) fn alike(&self, dress: DressId) -> DressId {
        let alike = self.alike.as_ref();
        let first = alike.and_then(|alike| alike.get(dress.0 as usize));
        first.copied().unwrap_or(dress)
    }

    /// Of the classes from one number to another, those that rules may tell from strangers where this dress receives.
    pub(crate) fn acquaintances(
        &self,
        network: &Network<'_>,
        dress: DressId,
        (first, last): (ClassId, ClassId),
    ) -> &[ClassId] {
        let all = self.acquaintances.get(dress.0 as usize);
        let all = all.map(|known| known.get_or_init(|| self.acquainted(network, dress)));
        let all = all.map_or(&[][..], Vec::as_slice);
        let start = all.partition_point(|class| *class < first);
        let end = all.partition_point(|class| *class <= last);
        all.get(start..end).unwrap_or_default()
    }

    fn acquainted(&self, network: &Network<'_>, dress: DressId) -> Vec<ClassId> {
        let Some(dress) = self.worn.dresses.get(dress.0 as usize) else {
            return Vec::new();
        };
        let admitted = rules(network, dress, Direction::Ingress).filter_map(group_named);
        let admitted = admitted.map(|group| self.wearers(group));
        let seekers = [&*self.seekers, &self.more_seekers].into_iter();
        let seeking = seekers.flat_map(|seekers| {
            let groups = dress.groups.iter();
            groups.filter_map(|group| seekers.get(group).map(Vec::as_slice))
        });
        let mut all: Vec<ClassId> = admitted.chain(seeking).flatten().copied().collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}

impl Worn {
    fn of(network: &Network<'_>, classes: &Classes) -> Self {
        let mut dresses = Interner::default();
        let mut worn_by = Vec::new();
        let by_class = classes.all.iter().map(|class| {
            let Some(Endpoint::Interface { interface, .. }) = class.endpoints.first() else {
                return None;
            };
            let number = dresses.number(dress(network, *interface));
            if worn_by.len() < dresses.len() {
                worn_by.push(*interface);
            }
            Some(DressId(number))
        });
        let by_class: Vec<Option<DressId>> = by_class.collect();
        let dresses: Vec<Dress> = dresses.into_all();
        let mut worn = Self {
            by_class,
            dresses,
            wearer: worn_by,
            wearers: ByGroup::default(),
        };
        worn.wearers = worn.by_group(|dress| dress.groups.clone());
        worn
    }

    /// The classes whose rules of egress name each group.
    fn seekers(&self, network: &Network<'_>) -> ByGroup {
        self.by_group(|dress| {
            let named = rules(network, dress, Direction::Egress).filter_map(group_named);
            let named: BTreeSet<ResourceId> = named.cloned().collect();
            named.into_iter().collect()
        })
    }

    /// All classes, in order, by groups that their dress has to do with.
    fn by_group(&self, groups: impl Fn(&Dress) -> Vec<ResourceId>) -> ByGroup {
        let by_dress: Vec<Vec<ResourceId>> = self.dresses.iter().map(groups).collect();
        let mut by_group = ByGroup::default();
        for (number, dress) in self.by_class.iter().enumerate() {
            let groups = dress.and_then(|DressId(dress)| by_dress.get(dress as usize));
            for group in groups.into_iter().flatten() {
                let classes = by_group.entry(group.clone()).or_default();
                classes.push(ClassId::at(number));
            }
        }
        by_group
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
