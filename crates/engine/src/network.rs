//! The snapshot with the indexes that following packets needs.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::net::IpAddr;
use std::ops::Deref;
use std::sync::Arc;

use model::{
    Index, InstanceState, InterfaceKind, InterfaceStatus, Kind, NatGateway, NatMode, NetworkAcl,
    NetworkInterface, PrefixList, ResourceId, RouteTable, Snapshot, Subnet, Vpc,
};
use packet::{AddressSet, Family};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::appliance::{self, Appliance};
use crate::carriers::Carriers;
use crate::delegated::Delegated;
use crate::fronts::Fronts;
use crate::links::Links;
use crate::placement::{self, Placement};
use crate::tunnels;

/// What holds an address inside a VPC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Holder {
    Interface(Index<NetworkInterface>),
    /// A zonal NAT gateway whose interface is not in the snapshot.
    Nat(Index<NatGateway>),
}

/// A snapshot, indexed by address.
#[derive(Debug)]
pub(crate) struct Network<'a> {
    pub(crate) snapshot: &'a Snapshot,
    indexes: Arc<Indexes>,
}

/// Where to find what in a snapshot. No rule of a group has a part in it.
#[derive(Debug)]
pub(crate) struct Indexes {
    // INVARIANT: the holders of an address, and its owners, are sorted and without duplicates.
    private: FxHashMap<(Index<Vpc>, IpAddr), Vec<Holder>>,
    /// The VPCs in which single addresses are held.
    vpcs_with: FxHashMap<IpAddr, Vec<Index<Vpc>>>,
    delegated: Delegated<(Index<Vpc>, Index<NetworkInterface>)>,
    public: FxHashMap<IpAddr, Vec<Owner>>,
    nat_interfaces: FxHashMap<Index<NetworkInterface>, Index<NatGateway>>,
    nat_kinds: FxHashSet<Index<NetworkInterface>>,
    by_instance: FxHashMap<ResourceId, Vec<Index<NetworkInterface>>>,
    /// The interfaces of hosts that have several, by each of them.
    siblings: FxHashMap<Index<NetworkInterface>, Vec<Index<NetworkInterface>>>,
    /// Delegated IPv6 prefixes, which the internet sees as they are.
    delegated_outside: Delegated<Owner>,
    pub(crate) links: Links,
    pub(crate) carriers: Carriers,
    pub(crate) fronts: Fronts,
    /// Endpoints that routes lead through.
    pub(crate) appliances: FxHashMap<ResourceId, Appliance>,
    pub(crate) acls: Placement<NetworkAcl>,
    pub(crate) route_tables: Placement<RouteTable>,
    /// The kinds of which the input lists every resource in the account and region of each VPC.
    complete: Vec<Arc<BTreeSet<Kind>>>,
    /// The addresses of each prefix list whose entries are known.
    listed: Vec<Option<AddressSet>>,
    /// A subnet in each zone: the first one of those that nothing tells apart.
    pub(crate) zones: Vec<Index<Subnet>>,
    /// Interfaces of services that may send under the addresses of their clients.
    pub(crate) shows_clients: FxHashSet<Index<NetworkInterface>>,
}

/// Who answers to an address on the internet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Owner {
    pub(crate) vpc: Option<Index<Vpc>>,
    /// The address inside the VPC.
    pub(crate) private: IpAddr,
    /// The interface or gateway, so that two owners in one VPC differ.
    pub(crate) holder: Holder,
}

impl Deref for Network<'_> {
    type Target = Indexes;

    fn deref(&self) -> &Indexes {
        &self.indexes
    }
}

impl Indexes {
    fn of(snapshot: &Snapshot) -> Self {
        let mut indexes = Self {
            private: FxHashMap::default(),
            vpcs_with: FxHashMap::default(),
            delegated: Delegated::default(),
            public: FxHashMap::default(),
            nat_interfaces: FxHashMap::default(),
            nat_kinds: FxHashSet::default(),
            by_instance: FxHashMap::default(),
            siblings: FxHashMap::default(),
            delegated_outside: Delegated::default(),
            links: Links::of(snapshot),
            carriers: Carriers::of(snapshot),
            fronts: Fronts::of(snapshot),
            appliances: appliance::of(snapshot),
            acls: placement::of_acls(snapshot),
            route_tables: placement::of_route_tables(snapshot),
            complete: complete(snapshot),
            listed: listed(snapshot),
            zones: placement::zones(snapshot),
            shows_clients: tunnels::showing_clients(snapshot),
        };
        indexes.index_interfaces(snapshot);
        indexes.index_nat_gateways(snapshot);
        indexes.index_addresses();
        let hosts = indexes.by_instance.values().filter(|host| host.len() > 1);
        let siblings = hosts.flat_map(|host| host.iter().map(|index| (*index, host.clone())));
        indexes.siblings = siblings.collect();
        indexes
    }

    fn index_addresses(&mut self) {
        #[expect(clippy::iter_over_hash_type, reason = "each is sorted by itself")]
        for ((vpc, address), holders) in &mut self.private {
            holders.sort_unstable();
            holders.dedup();
            self.vpcs_with.entry(*address).or_default().push(*vpc);
        }
        #[expect(clippy::iter_over_hash_type, reason = "each is sorted by itself")]
        for vpcs in self.vpcs_with.values_mut() {
            vpcs.sort_unstable();
        }
        #[expect(clippy::iter_over_hash_type, reason = "each is sorted by itself")]
        for owners in self.public.values_mut() {
            owners.sort_unstable();
            owners.dedup();
        }
    }

    fn index_interfaces(&mut self, snapshot: &Snapshot) {
        for (index, interface) in snapshot.interfaces().iter() {
            if interface.kind == InterfaceKind::NatGateway {
                self.nat_kinds.insert(index);
            }
            if let Some(instance) = &interface.instance {
                self.by_instance
                    .entry(instance.id().clone())
                    .or_default()
                    .push(index);
            }
            let vpc = interface.vpc.target();
            let holder = Holder::Interface(index);
            for held in &interface.addresses {
                if let Some(vpc) = vpc {
                    self.private
                        .entry((vpc, held.address))
                        .or_default()
                        .push(holder);
                }
                let outside = match held.address {
                    IpAddr::V4(_) => held.public,
                    IpAddr::V6(address) => Some(IpAddr::V6(address)),
                };
                if let Some(outside) = outside {
                    self.public.entry(outside).or_default().push(Owner {
                        vpc,
                        private: held.address,
                        holder,
                    });
                }
            }
            for prefix in &interface.prefixes {
                if prefix.family() == Family::V6 {
                    let private = prefix.first();
                    let owner = Owner {
                        vpc,
                        private,
                        holder,
                    };
                    self.delegated_outside.add(*prefix, owner);
                }
                if let Some(vpc) = vpc {
                    self.delegated.add(*prefix, (vpc, index));
                }
            }
        }
    }

    fn index_nat_gateways(&mut self, snapshot: &Snapshot) {
        for (index, gateway) in snapshot.nat_gateways().iter() {
            let vpc = gateway.vpc.target();
            let NatMode::Zonal(_) = gateway.mode else {
                self.index_regional_nat(index, gateway);
                continue;
            };
            for address in &gateway.addresses {
                let Some(private) = address.private else {
                    continue;
                };
                let interface = self.nat_interface(
                    vpc,
                    private,
                    address.interface.as_ref().and_then(model::Link::target),
                );
                let holder = interface.map_or(Holder::Nat(index), Holder::Interface);
                if let Some(interface) = interface {
                    self.nat_interfaces.insert(interface, index);
                } else if let Some(vpc) = vpc {
                    self.private.entry((vpc, private)).or_default().push(holder);
                }
                if let Some(public) = address.public {
                    let owners = self.public.entry(public).or_default();
                    if !owners.iter().any(|owner| owner.holder == holder) {
                        owners.push(Owner {
                            vpc,
                            private,
                            holder,
                        });
                    }
                }
            }
        }
    }

    /// A regional gateway has public addresses only.
    fn index_regional_nat(&mut self, index: Index<NatGateway>, gateway: &NatGateway) {
        let holder = Holder::Nat(index);
        for public in gateway
            .addresses
            .iter()
            .filter_map(|address| address.public)
        {
            let owners = self.public.entry(public).or_default();
            if !owners.iter().any(|owner| owner.holder == holder) {
                owners.push(Owner {
                    vpc: gateway.vpc.target(),
                    private: public,
                    holder,
                });
            }
        }
    }

    /// The interface of a NAT gateway: the one it names, else the one that holds its private address.
    fn nat_interface(
        &self,
        vpc: Option<Index<Vpc>>,
        private: IpAddr,
        named: Option<Index<NetworkInterface>>,
    ) -> Option<Index<NetworkInterface>> {
        named.or_else(|| {
            let holders = self.private.get(&(vpc?, private))?;
            holders.iter().find_map(|holder| match holder {
                Holder::Interface(interface) => Some(*interface),
                Holder::Nat(_) => None,
            })
        })
    }
}

impl<'a> Network<'a> {
    pub(crate) fn new(snapshot: &'a Snapshot) -> Self {
        Self {
            snapshot,
            indexes: Arc::new(Indexes::of(snapshot)),
        }
    }

    /// The network of a snapshot that differs from this one in rules of groups only.
    pub(crate) fn with_rules_of<'b>(&self, snapshot: &'b Snapshot) -> Network<'b> {
        Network {
            snapshot,
            indexes: self.indexes.clone(),
        }
    }

    /// The addresses of a prefix list; `None` if its entries are not known.
    pub(crate) fn listed(&self, list: Index<PrefixList>) -> Option<&AddressSet> {
        self.listed.get(list.number())?.as_ref()
    }

    /// All that hold an address inside a VPC. Cost: some hash lookups, and a look at every VPC in which it is delegated.
    pub(crate) fn holders(&self, vpc: Index<Vpc>, address: IpAddr) -> Cow<'_, [Holder]> {
        let single = self.private.get(&(vpc, address));
        let single = single.map_or(&[][..], Vec::as_slice);
        let mut delegated = self
            .delegated
            .with(address)
            .filter(|(of, _)| *of == vpc)
            .map(|(_, index)| Holder::Interface(*index))
            .peekable();
        if delegated.peek().is_none() {
            return Cow::Borrowed(single);
        }
        let mut holders: Vec<Holder> = single.iter().copied().chain(delegated).collect();
        holders.sort_unstable();
        holders.dedup();
        Cow::Owned(holders)
    }

    /// The interfaces of any VPC that hold an address.
    pub(crate) fn interfaces_with(&self, address: IpAddr) -> Vec<Index<NetworkInterface>> {
        let vpcs = self.vpcs_with(address).into_iter();
        let holders = vpcs.flat_map(|vpc| self.holders(vpc, address).into_owned());
        let interfaces = holders.filter_map(|holder| match holder {
            Holder::Interface(interface) => Some(interface),
            Holder::Nat(_) => None,
        });
        interfaces.collect()
    }

    /// The VPCs in which an address is held, in order.
    fn vpcs_with(&self, address: IpAddr) -> Vec<Index<Vpc>> {
        let single = self.vpcs_with.get(&address).into_iter().flatten().copied();
        let delegated = self.delegated.with(address).map(|(vpc, _)| *vpc);
        let mut vpcs: Vec<Index<Vpc>> = single.chain(delegated).collect();
        vpcs.sort_unstable();
        vpcs.dedup();
        vpcs
    }

    /// The VPCs other than its own in which an address is held, and whether by a single holder.
    pub(crate) fn elsewhere(
        &self,
        address: IpAddr,
        own: Option<Index<Vpc>>,
    ) -> Vec<(Index<Vpc>, bool)> {
        let vpcs = self.vpcs_with(address).into_iter();
        let others = vpcs.filter(|vpc| Some(*vpc) != own);
        let counts = others.map(|vpc| (vpc, self.holders(vpc, address).len()));
        counts.map(|(vpc, count)| (vpc, count == 1)).collect()
    }

    /// All that answer to an address on the internet.
    pub(crate) fn owners(&self, address: IpAddr) -> Cow<'_, [Owner]> {
        let single = self.public.get(&address).map_or(&[][..], Vec::as_slice);
        let delegated = self.delegated_outside.with(address);
        let mut delegated = delegated
            .map(|owner| Owner {
                private: address,
                ..*owner
            })
            .peekable();
        if delegated.peek().is_none() {
            return Cow::Borrowed(single);
        }
        let mut owners: Vec<Owner> = single.iter().copied().chain(delegated).collect();
        owners.sort_unstable();
        owners.dedup();
        Cow::Owned(owners)
    }

    /// The NAT gateway that an interface belongs to, if that gateway is in the snapshot.
    pub(crate) fn nat_of(&self, interface: Index<NetworkInterface>) -> Option<Index<NatGateway>> {
        self.nat_interfaces.get(&interface).copied()
    }

    /// Whether the interface is a NAT gateway's.
    pub(crate) fn is_nat(&self, interface: Index<NetworkInterface>) -> bool {
        self.nat_kinds.contains(&interface) || self.nat_interfaces.contains_key(&interface)
    }

    /// Whether nobody sends or receives by the interface: its host does not run, or it has none.
    pub(crate) fn is_idle(&self, index: Index<NetworkInterface>) -> bool {
        let interface = self.snapshot.interfaces().get(index);
        let instance = interface.instance.as_ref().and_then(model::Link::target);
        let is_stopped =
            instance.is_some_and(
                |instance| match self.snapshot.instances().get(instance).state {
                    InstanceState::Stopped | InstanceState::Terminated => true,
                    InstanceState::Running | InstanceState::Unknown => false,
                },
            );
        let is_unattached = interface.status == InterfaceStatus::Unattached
            && interface.kind == InterfaceKind::Ordinary
            && !interface.requester_managed
            && !self.is_nat(index);
        is_stopped || is_unattached
    }

    /// Whether a NAT gateway stands in no subnet.
    pub(crate) fn is_regional(&self, gateway: Index<NatGateway>) -> bool {
        let gateway = self.snapshot.nat_gateways().get(gateway);
        matches!(gateway.mode, NatMode::Regional(_))
    }

    /// All interfaces of an instance.
    pub(crate) fn interfaces_of(&self, instance: &ResourceId) -> &[Index<NetworkInterface>] {
        self.by_instance.get(instance).map_or(&[], Vec::as_slice)
    }

    /// All interfaces of the host of one.
    pub(crate) fn host_of<'n>(
        &'n self,
        index: &'n Index<NetworkInterface>,
    ) -> &'n [Index<NetworkInterface>] {
        let several = self.siblings.get(index);
        several.map_or(std::slice::from_ref(index), Vec::as_slice)
    }

    /// The subnet that a holder stands in.
    pub(crate) fn subnet_of(&self, holder: Holder) -> Option<Index<Subnet>> {
        match holder {
            Holder::Interface(interface) => {
                self.snapshot.interfaces().get(interface).subnet.target()
            }
            Holder::Nat(gateway) => match &self.snapshot.nat_gateways().get(gateway).mode {
                NatMode::Zonal(subnet) => subnet.target(),
                NatMode::Regional(_) => None,
            },
        }
    }

    /// Whether the input lists every resource of a kind in the account and region of a VPC.
    pub(crate) fn lists_all(&self, kind: Kind, vpc: Index<Vpc>) -> bool {
        let complete = self.complete.get(vpc.number());
        complete.is_some_and(|kinds| kinds.contains(&kind))
    }
}

/// The kinds of which the input lists every resource in the account and region of each VPC.
fn complete(snapshot: &Snapshot) -> Vec<Arc<BTreeSet<Kind>>> {
    let mut by_place = FxHashMap::default();
    let vpcs = snapshot.vpcs().rows().iter();
    let kinds = vpcs.map(|vpc| {
        let (account, region) = (vpc.owner.as_ref(), vpc.region.as_ref());
        let known = by_place.entry((account, region));
        let find = || Arc::new(snapshot.coverage().complete_kinds(account, region));
        known.or_insert_with(find).clone()
    });
    kinds.collect()
}

fn listed(snapshot: &Snapshot) -> Vec<Option<AddressSet>> {
    let lists = snapshot.prefix_lists().rows().iter();
    let sets = lists.map(|list| list.entries.as_deref().map(AddressSet::from_prefixes));
    sets.collect()
}
