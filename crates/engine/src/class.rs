//! Endpoints that behave alike.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::ops::Bound::{Excluded, Unbounded};

use model::{
    Endpoint, Index, InterfaceKind, Link, NatGateway, NetworkInterface, OfficeNetwork, OwnerKind,
    ResourceId, RouteTarget, Subnet, Vpc, VpcEndpoint,
};
use packet::{AddressSet, Family, Prefix, is_public};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::address_line::AddressLine;
use crate::fronts;
use crate::network::Network;
use crate::shapes;

/// The number of a [`Class`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClassId(pub(crate) u32);

impl ClassId {
    /// Classes beyond `u32::MAX` do not fit into memory.
    pub(crate) fn at(number: usize) -> Self {
        Self(u32::try_from(number).unwrap_or(u32::MAX))
    }

    /// The number, from zero, without gaps.
    pub const fn number(self) -> usize {
        self.0 as usize
    }

    /// The class with the number before.
    pub(crate) fn before(self) -> Option<Self> {
        self.0.checked_sub(1).map(Self)
    }

    /// The class with the number after.
    pub(crate) const fn after(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

/// Endpoints of which every other endpoint reaches all or none, by the same packets, and the other way round.
///
/// The exception are endpoints of one host: those always reach each other.
#[derive(Debug, Clone)]
pub struct Class {
    /// The endpoints, in order. For the internet and for offices one address stands for all of its block.
    pub endpoints: Vec<Endpoint>,
    /// The block whose addresses, less the blocks inside it that others use, an internet or office class stands for.
    pub block: Option<Prefix>,
}

impl Class {
    /// The family of all of its addresses.
    pub fn family(&self) -> Option<Family> {
        let first = self.endpoints.first();
        first.map(|endpoint| Family::of(endpoint.address()))
    }
}

/// Everything about an endpoint that the answer to any question depends on.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Interface(Box<InterfaceKey>),
    Office(Index<OfficeNetwork>, Prefix),
    Internet(Prefix),
}

impl Key {
    const fn interface(&self) -> Option<&InterfaceKey> {
        match self {
            Self::Interface(key) => Some(key),
            Self::Office(..) | Self::Internet(_) => None,
        }
    }
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "facts that have nothing to do with one another"
)]
struct InterfaceKey {
    /// What comes first only puts classes in an order in which many that send alike have numbers in a row.
    shape: (Family, bool, usize),
    subnet: (ResourceId, Option<Index<Subnet>>),
    kind: InterfaceKind,
    is_managed: bool,
    is_idle: bool,
    refuses_internet: bool,
    owner: OwnerKind,
    nat: Option<Index<NatGateway>>,
    looks_like_node: bool,
    endpoint: Option<Index<VpcEndpoint>>,
    /// The block of the address as it is inside the VPC.
    block: Prefix,
    /// The block of the public address, and whether the endpoint is that address.
    public: Option<Prefix>,
    is_public_face: bool,
    /// Whether it is a container of a host that has a public address.
    is_behind_public: bool,
    /// Other VPCs in which the address is held too, and whether by one holder there.
    elsewhere: Vec<(Index<Vpc>, bool)>,
    /// Set where the endpoint is special: it shares its address, or something leads to it by name.
    alone: Option<(Index<NetworkInterface>, IpAddr)>,
    /// What it wears. This comes last, so that classes that differ in nothing else have numbers in a row.
    groups: Vec<ResourceId>,
}

impl InterfaceKey {
    /// Whether two endpoints stand in the same place, whatever they wear.
    ///
    /// Where an address is held elsewhere too, groups of others decide with the endpoint's own; those of file systems
    /// decide what they see.
    fn is_same_site(&self, other: &Self) -> bool {
        let place = |key: &Self| {
            (
                key.subnet.clone(),
                key.kind.clone(),
                [
                    key.is_managed,
                    key.is_idle,
                    key.refuses_internet,
                    key.looks_like_node,
                    key.is_public_face,
                    key.is_behind_public,
                ],
                (key.owner, key.nat, key.endpoint),
                (key.block, key.public),
            )
        };
        let is_plain = |key: &Self| {
            key.alone.is_none() && key.elsewhere.is_empty() && key.owner != OwnerKind::Efs
        };
        is_plain(self) && is_plain(other) && place(self) == place(other)
    }
}

/// Classes with numbers in a row that differ in what they wear only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Site {
    pub(crate) first: ClassId,
    /// The last class, inclusive.
    pub(crate) last: ClassId,
    family: Option<Family>,
    is_outside: bool,
}

impl Site {
    /// Whether packets may go from here to another site: they speak one family, and not both are outside.
    pub(crate) fn may_meet(self, to: Self) -> bool {
        self.family == to.family && !(self.is_outside && to.is_outside)
    }

    pub(crate) fn classes(self) -> impl Iterator<Item = ClassId> {
        (self.first.0..=self.last.0).map(ClassId)
    }
}

/// All classes, and the class of every endpoint.
#[derive(Debug)]
pub(crate) struct Classes {
    pub(crate) all: Vec<Class>,
    /// The sites, in the order of their classes.
    pub(crate) sites: Vec<Site>,
    by_endpoint: FxHashMap<Endpoint, ClassId>,
    internet: BTreeMap<Prefix, ClassId>,
    offices: BTreeMap<(Index<OfficeNetwork>, Prefix), ClassId>,
}

impl Classes {
    pub(crate) fn of(network: &Network<'_>, line: &AddressLine) -> Self {
        let mut members: BTreeMap<Key, Vec<Endpoint>> = BTreeMap::new();
        let special = special(network);
        let shapes = shapes::of(network);
        for (index, interface) in network.snapshot.interfaces().iter() {
            let shape = interface.subnet.target();
            let shape = shape.and_then(|subnet| shapes.get(&subnet)).copied();
            for endpoint in endpoints_of(index, interface, line) {
                let key = interface_key(network, line, &special, index, endpoint.address());
                let key = InterfaceKey {
                    shape: (
                        Family::of(endpoint.address()),
                        key.public.is_some(),
                        shape.unwrap_or(0),
                    ),
                    ..key
                };
                members
                    .entry(Key::Interface(Box::new(key)))
                    .or_default()
                    .push(endpoint);
            }
        }
        for (office, network) in network.snapshot.offices().iter() {
            for (block, address) in office_blocks(network, line) {
                members.insert(
                    Key::Office(office, block),
                    vec![Endpoint::Office { office, address }],
                );
            }
        }
        for (block, address) in internet_blocks(network, line) {
            members.insert(Key::Internet(block), vec![Endpoint::Internet { address }]);
        }
        Self::number(members)
    }

    fn number(members: BTreeMap<Key, Vec<Endpoint>>) -> Self {
        let mut classes = Self {
            all: Vec::with_capacity(members.len()),
            sites: Vec::new(),
            by_endpoint: FxHashMap::default(),
            internet: BTreeMap::new(),
            offices: BTreeMap::new(),
        };
        let mut before: Option<Box<InterfaceKey>> = None;
        for (number, (key, endpoints)) in (0..).zip(members) {
            let id = ClassId(number);
            let key_before = before.take();
            let own = key.interface();
            let is_same_site = key_before
                .zip(own)
                .is_some_and(|(before, own)| before.is_same_site(own));
            classes
                .by_endpoint
                .extend(endpoints.iter().map(|endpoint| (*endpoint, id)));
            let block = match key {
                Key::Interface(key) => {
                    before = Some(key);
                    None
                }
                Key::Office(office, block) => {
                    classes.offices.insert((office, block), id);
                    Some(block)
                }
                Key::Internet(block) => {
                    classes.internet.insert(block, id);
                    Some(block)
                }
            };
            let class = Class { endpoints, block };
            classes.settle(id, &class, is_same_site);
            classes.all.push(class);
        }
        classes
    }

    pub(crate) fn n_endpoints(&self, class: ClassId) -> usize {
        let class = self.all.get(class.number());
        class.map_or(0, |class| class.endpoints.len())
    }

    /// The site at which a class stands.
    pub(crate) fn site_of(&self, class: ClassId) -> Option<Site> {
        let next = self.sites.partition_point(|site| site.first <= class);
        self.sites.get(next.checked_sub(1)?).copied()
    }

    /// The endpoints of all classes of a site.
    pub(crate) fn endpoints_at(&self, site: Site) -> impl Iterator<Item = &Endpoint> {
        let classes = self.all.get(site.first.number()..=site.last.number());
        classes
            .into_iter()
            .flatten()
            .flat_map(|class| &class.endpoints)
    }

    /// Gives the next class its site: that of the class before, or one of its own.
    fn settle(&mut self, id: ClassId, class: &Class, is_same_site: bool) {
        match self.sites.last_mut() {
            Some(site) if is_same_site => site.last = id,
            Some(_) | None => self.sites.push(Site {
                first: id,
                last: id,
                family: class.family(),
                is_outside: class.block.is_some(),
            }),
        }
    }

    /// The class of an endpoint; `None` for unknown addresses and for what the snapshot does not hold.
    pub(crate) fn class_of(
        &self,
        endpoint: &Endpoint,
        network: &Network<'_>,
        line: &AddressLine,
    ) -> Option<ClassId> {
        match endpoint {
            Endpoint::Interface { .. } => self.by_endpoint.get(endpoint).copied(),
            Endpoint::Office { office, address } => {
                self.offices.get(&(*office, line.block(*address))).copied()
            }
            Endpoint::Internet { address }
                if is_public(*address) && network.owners(*address).is_empty() =>
            {
                self.internet.get(&line.block(*address)).copied()
            }
            Endpoint::Internet { .. } | Endpoint::Unknown { .. } => None,
        }
    }
}

/// Every endpoint of an interface: its addresses, their public faces, and one address for each part of a delegated
/// prefix that the address line does not cut.
fn endpoints_of(
    index: Index<NetworkInterface>,
    interface: &NetworkInterface,
    line: &AddressLine,
) -> Vec<Endpoint> {
    let held = interface
        .addresses
        .iter()
        .flat_map(|held| [Some(held.address), held.public])
        .flatten();
    let delegated = interface
        .prefixes
        .iter()
        .flat_map(|prefix| parts(&[*prefix], line, |_| true));
    let mut addresses: Vec<IpAddr> = held.chain(delegated.map(|(_, address)| address)).collect();
    addresses.sort_unstable();
    addresses.dedup();
    addresses
        .into_iter()
        .map(|address| Endpoint::Interface {
            interface: index,
            address,
        })
        .collect()
}

fn interface_key(
    network: &Network<'_>,
    line: &AddressLine,
    special: &FxHashSet<Index<NetworkInterface>>,
    index: Index<NetworkInterface>,
    address: IpAddr,
) -> InterfaceKey {
    let interface = network.snapshot.interfaces().get(index);
    let inside = interface.private_of(address);
    let private = inside.unwrap_or(address);
    let public = interface.public_of(private);
    let is_shared = |vpc| network.holders(vpc, private).len() > 1;
    let outside = if private.is_ipv6() {
        Some(private)
    } else {
        public
    };
    let is_special = is_led_to(network, special, index)
        || interface.vpc.target().is_some_and(is_shared)
        || outside.is_some_and(|outside| network.owners(outside).len() > 1);
    let mut groups: Vec<ResourceId> = interface
        .groups
        .iter()
        .map(|link| link.id().clone())
        .collect();
    groups.sort_unstable();
    InterfaceKey {
        shape: (Family::of(private), false, 0),
        subnet: (interface.subnet.id().clone(), interface.subnet.target()),
        groups,
        kind: interface.kind.clone(),
        is_managed: interface.requester_managed,
        is_idle: network.is_idle(index),
        refuses_internet: interface.refuses_internet,
        owner: interface.owner().kind,
        nat: network.nat_of(index),
        looks_like_node: fronts::looks_like_node(interface),
        endpoint: network.fronts.endpoint_of(index),
        block: line.block(private),
        public: public.map(|public| line.block(public)),
        is_public_face: inside.is_some(),
        is_behind_public: interface.prefixes.iter().any(|one| one.contains(private))
            && interface.addresses.iter().any(|held| held.public.is_some()),
        elsewhere: network.elsewhere(private, interface.vpc.target()),
        alone: is_special.then_some((index, address)),
    }
}

/// Whether something in the network leads to an interface by name.
pub(crate) fn is_led_to(
    network: &Network<'_>,
    special: &FxHashSet<Index<NetworkInterface>>,
    index: Index<NetworkInterface>,
) -> bool {
    special.contains(&index)
        || network.links.client_vpn_interfaces.contains(&index)
        || network.shows_clients.contains(&index)
}

/// Interfaces that something in the network leads to by name: routes, load balancers, and these their targets.
pub(crate) fn special(network: &Network<'_>) -> FxHashSet<Index<NetworkInterface>> {
    let balancers = network.snapshot.load_balancers().rows().iter();
    let nodes = balancers.flat_map(|balancer| balancer.nodes.iter().filter_map(Link::target));
    let mut special = route_targets(network);
    special.extend(nodes);
    special.extend(fronts::targets(network.snapshot));
    special
}

fn route_targets(network: &Network<'_>) -> FxHashSet<Index<NetworkInterface>> {
    let routes = network
        .snapshot
        .route_tables()
        .rows()
        .iter()
        .flat_map(|table| &table.routes);
    let targets = routes.flat_map(|route| match &route.target {
        RouteTarget::NetworkInterface(link) => link.target().into_iter().collect(),
        RouteTarget::NextHop(address) => network.interfaces_with(*address),
        _ => Vec::new(),
    });
    targets.collect()
}

fn office_blocks(office: &OfficeNetwork, line: &AddressLine) -> Vec<(Prefix, IpAddr)> {
    parts(&office.cidrs, line, |_| true)
}

fn internet_blocks(network: &Network<'_>, line: &AddressLine) -> Vec<(Prefix, IpAddr)> {
    let is_vacant = |address: IpAddr| network.owners(address).is_empty();
    let mut found = parts(&[Prefix::ALL_V4, Prefix::ALL_V6], line, is_vacant);
    // The line is cut at special blocks, so one address of a part tells whether all of them are public.
    found.retain(|(_, address)| is_public(*address));
    found
}

/// The parts into which the address line cuts an area, each with its first address that will do.
///
/// The addresses that will not do must be few, or fill whole blocks of the line: each of those is tried.
fn parts(
    area: &[Prefix],
    line: &AddressLine,
    will_do: impl Fn(IpAddr) -> bool,
) -> Vec<(Prefix, IpAddr)> {
    let area_set = AddressSet::from_prefixes(area);
    let overlaps = |block: &&Prefix| area.iter().any(|prefix| prefix.overlaps(block));
    let mut found = Vec::new();
    for block in line.blocks().iter().filter(overlaps) {
        // Blocks come right before those inside them.
        let after = line.blocks().range((Excluded(*block), Unbounded));
        let inside: Vec<Prefix> = after
            .take_while(|inner| block.covers(inner))
            .copied()
            .collect();
        let own =
            AddressSet::from_prefixes(&[*block]).difference(&AddressSet::from_prefixes(&inside));
        let own = own.intersection(&area_set);
        if let Some(address) = first_that(&own, block.family(), &will_do) {
            found.push((*block, address));
        }
    }
    found
}

fn first_that(
    set: &AddressSet,
    family: Family,
    will_do: impl Fn(IpAddr) -> bool,
) -> Option<IpAddr> {
    let intervals = set.family(family).intervals();
    let numbers = intervals
        .iter()
        .flat_map(|&(first, last)| (first..=last).take(MAX_TRIES));
    numbers
        .filter_map(|number| family.address(number))
        .find(|address| will_do(*address))
}

/// How many addresses of an interval are tried before it counts as wholly taken by the snapshot's own.
const MAX_TRIES: usize = 70_000;
