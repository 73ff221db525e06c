//! A snapshot, indexed by what selectors ask for.

use std::collections::BTreeMap;
use std::net::IpAddr;

use analysis::Owner;
use engine::Engine;
use model::{Endpoint, Index, NetworkInterface, OfficeNetwork, Resource, Snapshot};
use packet::{Family, Prefix, is_public};

use super::Pattern;
use super::pattern::Case;

/// Which end of a packet is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// The sender: hosts send from the addresses that they hold.
    Source,
    /// The receiver: hosts can be asked for by their public addresses too.
    Target,
}

#[derive(Debug)]
pub(super) struct Catalogue<'a> {
    pub(super) snapshot: &'a Snapshot,
    engine: &'a Engine<'a>,
    /// What each interface belongs to, by its number.
    owners: Vec<Owner>,
    /// The addresses of each interface, public ones too, by its number.
    addresses: Vec<Vec<IpAddr>>,
    holders: BTreeMap<IpAddr, Vec<Index<NetworkInterface>>>,
    delegated: Vec<(Prefix, Index<NetworkInterface>)>,
    /// One endpoint for each part of the offices and of the internet that behaves alike.
    outside: Vec<Endpoint>,
}

impl<'a> Catalogue<'a> {
    pub(super) fn new(engine: &'a Engine<'a>) -> Self {
        let snapshot = engine.snapshot();
        let mut catalogue = Self {
            snapshot,
            engine,
            owners: snapshot
                .interfaces()
                .rows()
                .iter()
                .map(|interface| analysis::owner(snapshot, interface))
                .collect(),
            addresses: vec![Vec::new(); snapshot.interfaces().len()],
            holders: BTreeMap::new(),
            delegated: Vec::new(),
            outside: Vec::new(),
        };
        for endpoint in engine.classes().flat_map(|(_, class)| &class.endpoints) {
            match endpoint {
                Endpoint::Interface { interface, address } => {
                    if let Some(addresses) = catalogue.addresses.get_mut(interface.number()) {
                        addresses.push(*address);
                    }
                    catalogue
                        .holders
                        .entry(*address)
                        .or_default()
                        .push(*interface);
                }
                Endpoint::Internet { address } if is_of_a_vpc(snapshot, *address) => {}
                Endpoint::Office { .. } | Endpoint::Internet { .. } | Endpoint::Unknown { .. } => {
                    catalogue.outside.push(*endpoint);
                }
            }
        }
        for (index, interface) in snapshot.interfaces().iter() {
            let prefixes = interface.prefixes.iter().map(|prefix| (*prefix, index));
            catalogue.delegated.extend(prefixes);
        }
        catalogue
    }

    /// Every interface with its number.
    pub(super) fn interfaces(
        &self,
    ) -> impl Iterator<Item = (Index<NetworkInterface>, &'a NetworkInterface)> {
        self.snapshot.interfaces().iter()
    }

    /// One endpoint for each part of the offices and of the internet that behaves alike.
    pub(super) fn outside(&self) -> &[Endpoint] {
        &self.outside
    }

    /// The endpoints of an interface at one end of a packet.
    pub(super) fn endpoints(
        &self,
        interface: Index<NetworkInterface>,
        role: Role,
    ) -> Vec<Endpoint> {
        let addresses = self.addresses.get(interface.number());
        let addresses = addresses.into_iter().flatten();
        let mut endpoints: Vec<Endpoint> = addresses
            .map(|address| self.face(interface, *address, role))
            .collect();
        endpoints.sort_unstable();
        endpoints.dedup();
        endpoints
    }

    /// An interface by one of its addresses: a sender is always seen by the address that it holds itself.
    fn face(&self, interface: Index<NetworkInterface>, address: IpAddr, role: Role) -> Endpoint {
        let held = self.snapshot.interfaces().get(interface);
        let private = held.private_of(address).filter(|_| !held.holds(address));
        let address = match role {
            Role::Source => private.unwrap_or(address),
            Role::Target => address,
        };
        Endpoint::Interface { interface, address }
    }

    /// Whoever answers to an address: all interfaces that hold it, else whoever is outside there.
    pub(super) fn at(&self, address: IpAddr, role: Role) -> Vec<Endpoint> {
        let holders = self.holders.get(&address).into_iter().flatten().copied();
        let delegated = self.delegated.iter();
        let delegated = delegated.filter(|(prefix, _)| prefix.contains(address));
        let holders = holders.chain(delegated.map(|(_, interface)| *interface));
        let mut endpoints: Vec<Endpoint> = holders
            .map(|interface| self.face(interface, address, role))
            .collect();
        endpoints.sort_unstable();
        endpoints.dedup();
        if endpoints.is_empty() {
            endpoints.push(self.outside_at(address));
        }
        endpoints
    }

    /// An address that no interface holds: a vacant one of a subnet, an office's (that with the longest block), the
    /// internet's, or nobody's.
    fn outside_at(&self, address: IpAddr) -> Endpoint {
        let mut subnets = self.snapshot.subnets().rows().iter();
        if subnets.any(|subnet| subnet.contains(address)) {
            return Endpoint::Unknown { address };
        }
        if let Some(office) = self.office_of(address) {
            return Endpoint::Office { office, address };
        }
        if is_public(address) && !is_of_a_vpc(self.snapshot, address) {
            Endpoint::Internet { address }
        } else {
            Endpoint::Unknown { address }
        }
    }

    fn office_of(&self, address: IpAddr) -> Option<Index<OfficeNetwork>> {
        let offices = self.snapshot.offices().iter();
        let blocks = offices.flat_map(|(index, office)| {
            let blocks = office.cidrs.iter().filter(|block| block.contains(address));
            blocks.map(move |block| (block.length(), index))
        });
        let longest = blocks.min_by_key(|(length, _)| std::cmp::Reverse(*length));
        longest.map(|(_, office)| office)
    }

    /// All endpoints in a block, and one for each part of the outside that it cuts.
    pub(super) fn within(&self, block: Prefix, role: Role) -> Vec<Endpoint> {
        let held = self.holders.range(block.first()..=block.last());
        let held = held.flat_map(|(address, holders)| {
            holders
                .iter()
                .map(|holder| self.face(*holder, *address, role))
        });
        let delegated = self
            .delegated
            .iter()
            .filter(|(prefix, _)| prefix.overlaps(&block));
        let delegated = delegated.map(|&(prefix, interface)| {
            let address = prefix.first().max(block.first());
            Endpoint::Interface { interface, address }
        });
        let outside = self.outside.iter().copied();
        let outside = outside.filter(|endpoint| block.contains(endpoint.address()));
        let mut endpoints: Vec<Endpoint> = held.chain(delegated).chain(outside).collect();
        endpoints.extend(self.enclosing(block, &endpoints));
        endpoints.sort_unstable();
        endpoints.dedup();
        endpoints
    }

    /// An endpoint for the part of the outside that holds the block and more, and so has its own endpoint elsewhere.
    fn enclosing(&self, block: Prefix, found: &[Endpoint]) -> Option<Endpoint> {
        let second = block
            .family()
            .address(Family::number(block.first()).saturating_add(1));
        let tries = [Some(block.first()), second, Some(block.last())];
        let outside = tries
            .into_iter()
            .flatten()
            .filter(|address| block.contains(*address));
        let mut outside = outside
            .filter(|address| !self.holders.contains_key(address))
            .map(|address| self.outside_at(address));
        outside.find(|endpoint| {
            let class = self.engine.class_of(endpoint);
            class.is_some()
                && found
                    .iter()
                    .all(|found| self.engine.class_of(found) != class)
        })
    }

    /// What an interface belongs to.
    pub(super) fn owner(&self, index: Index<NetworkInterface>) -> Option<&Owner> {
        self.owners.get(index.number())
    }

    /// What people call an interface: its own name, and that of its instance or service.
    pub(super) fn names(&self, index: Index<NetworkInterface>) -> impl Iterator<Item = &str> {
        let interface = self.snapshot.interfaces().get(index);
        let owner = self.owner(index).and_then(|owner| owner.name.as_deref());
        let own: Vec<&str> = interface.name().into_iter().chain(owner).collect();
        // Output calls what has no name by its groups; so may the reader.
        let is_nameless = own.is_empty();
        let groups = interface.groups.iter().filter_map(model::Link::target);
        let groups = groups.filter_map(|group| self.snapshot.groups().get(group).name());
        own.into_iter().chain(groups.filter(move |_| is_nameless))
    }

    /// All tags of an interface and of its instance.
    pub(super) fn tags(
        &self,
        interface: &'a NetworkInterface,
    ) -> impl Iterator<Item = (&'a str, &'a str)> {
        let instance = interface.instance.as_ref().and_then(model::Link::target);
        let instance = instance.map(|instance| &self.snapshot.instances().get(instance).tags);
        let tags = interface.tags.iter().chain(instance.into_iter().flatten());
        tags.map(|(key, value)| (&**key, &**value))
    }

    /// Whether a resource of a table is called so, by id or name.
    pub(super) fn is_called<T: Resource>(
        table: &model::Table<T>,
        link: &model::Link<T>,
        pattern: &Pattern,
    ) -> bool {
        let name = link.target().and_then(|target| table.get(target).name());
        pattern.matches(link.id().as_str(), Case::Exact)
            || name.is_some_and(|name| pattern.matches(name, Case::Exact))
    }

    /// Everything that a word without a key may name.
    pub(super) fn all_names(&self) -> Vec<&str> {
        let snapshot = self.snapshot;
        let interfaces = snapshot
            .interfaces()
            .rows()
            .iter()
            .map(|interface| interface.id.as_str());
        let owners = self
            .owners
            .iter()
            .flat_map(|owner| std::iter::once(&*owner.id).chain(owner.name.as_deref()));
        let vpcs = snapshot.vpcs().rows().iter().map(|vpc| vpc.id.as_str());
        let subnets = snapshot
            .subnets()
            .rows()
            .iter()
            .map(|subnet| subnet.id.as_str());
        let groups = snapshot
            .groups()
            .rows()
            .iter()
            .map(|group| group.id.as_str());
        interfaces
            .chain(owners)
            .chain(vpcs)
            .chain(subnets)
            .chain(groups)
            .collect()
    }
}

fn is_of_a_vpc(snapshot: &Snapshot, address: IpAddr) -> bool {
    snapshot
        .vpcs()
        .rows()
        .iter()
        .any(|vpc| vpc.contains(address))
}
