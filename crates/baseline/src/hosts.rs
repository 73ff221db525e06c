//! Interfaces that the baselines can speak about.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use model::{
    Direction, Endpoint, Index, InstanceState, InterfaceKind, InterfaceStatus, Link,
    NetworkInterface, Reception, ResourceId, RulePeer, SecurityGroup, SecurityGroupRule, Snapshot,
    Subnet, Vpc,
};
use packet::{Family, Prefix};

/// One end of a pair: an ordinary interface, known through and through.
#[derive(Debug, Clone)]
pub(crate) struct Host<'a> {
    pub(crate) interface: &'a NetworkInterface,
    pub(crate) subnet: Index<Subnet>,
    pub(crate) vpc: Index<Vpc>,
    pub(crate) address: IpAddr,
    /// The groups it wears.
    pub(crate) groups: Vec<Index<SecurityGroup>>,
}

impl Host<'_> {
    /// Whether the interface wears a group, by its id.
    pub(crate) fn wears(&self, group: &Link<SecurityGroup>) -> bool {
        self.interface.groups.iter().any(|worn| worn == group)
    }
}

/// Who holds which address in which VPC.
#[derive(Debug)]
pub(crate) struct Hosts<'a> {
    snapshot: &'a Snapshot,
    addresses: BTreeMap<(Index<Vpc>, IpAddr), BTreeSet<Index<NetworkInterface>>>,
    prefixes: BTreeMap<Index<Vpc>, Vec<(Prefix, Index<NetworkInterface>)>>,
    /// Addresses and interfaces of NAT gateways.
    nat_addresses: BTreeSet<(Index<Vpc>, IpAddr)>,
    nat_interfaces: BTreeSet<Index<NetworkInterface>>,
    /// The interfaces of each machine.
    machines: BTreeMap<ResourceId, Vec<&'a NetworkInterface>>,
}

impl<'a> Hosts<'a> {
    pub(crate) fn new(snapshot: &'a Snapshot) -> Self {
        let mut hosts = Self {
            snapshot,
            addresses: BTreeMap::new(),
            prefixes: BTreeMap::new(),
            nat_addresses: BTreeSet::new(),
            nat_interfaces: BTreeSet::new(),
            machines: BTreeMap::new(),
        };
        for (index, interface) in snapshot.interfaces().iter() {
            if let Some(instance) = &interface.instance {
                let machine = hosts.machines.entry(instance.id().clone()).or_default();
                machine.push(interface);
            }
            let Some(vpc) = interface.vpc.target() else {
                continue;
            };
            for held in &interface.addresses {
                let holders = hosts.addresses.entry((vpc, held.address)).or_default();
                holders.insert(index);
            }
            let prefixes = interface.prefixes.iter().map(|prefix| (*prefix, index));
            hosts.prefixes.entry(vpc).or_default().extend(prefixes);
        }
        for gateway in snapshot.nat_gateways().rows() {
            let interfaces = gateway
                .addresses
                .iter()
                .filter_map(|one| one.interface.as_ref());
            hosts
                .nat_interfaces
                .extend(interfaces.filter_map(Link::target));
            let privates = gateway.addresses.iter().filter_map(|one| one.private);
            let placed = privates.filter_map(|address| Some((gateway.vpc.target()?, address)));
            hosts.nat_addresses.extend(placed);
        }
        hosts
    }

    /// The interface behind an endpoint, as the sender (egress) or the receiver (ingress); `None` if the baselines
    /// cannot speak about it.
    pub(crate) fn find(&self, end: &Endpoint, direction: Direction) -> Option<Host<'a>> {
        let Endpoint::Interface {
            interface: index,
            address,
        } = *end
        else {
            return None;
        };
        let interface = self.snapshot.interfaces().get(index);
        let (subnet, vpc) = (interface.subnet.target()?, interface.vpc.target()?);
        let is_placed = self.snapshot.subnets().get(subnet).vpc.is(vpc);
        let is_plain = interface.kind == InterfaceKind::Ordinary
            && !self.nat_interfaces.contains(&index)
            && self.is_simple(index, vpc)
            && !self.nat_addresses.contains(&(vpc, address));
        let is_sole = self.holders(vpc, address) == BTreeSet::from([index]);
        let is_special = self.is_never_filtered(subnet, vpc, address);
        let is_open =
            direction == Direction::Egress || interface.reception() == Reception::ByGroups;
        if !is_placed || !is_plain || !is_sole || is_special || !is_open {
            return None;
        }
        Some(Host {
            interface,
            subnet,
            vpc,
            address,
            groups: self.groups(interface, direction)?,
        })
    }

    /// Whether an interface is that of a machine that runs, in a VPC that looks at no payload: no load balancer, no
    /// endpoint.
    fn is_simple(&self, index: Index<NetworkInterface>, vpc: Index<Vpc>) -> bool {
        let interface = self.snapshot.interfaces().get(index);
        let instance = interface.instance.as_ref().and_then(Link::target);
        let state = instance.map(|index| self.snapshot.instances().get(index).state);
        let is_idle = matches!(
            state,
            Some(InstanceState::Stopped | InstanceState::Terminated)
        ) || interface.status == InterfaceStatus::Unattached;
        let balancers = self.snapshot.load_balancers().rows().iter();
        let nodes = balancers.flat_map(|balancer| &balancer.nodes);
        let endpoints = self.snapshot.vpc_endpoints().rows().iter();
        let mut fronts = nodes.chain(endpoints.flat_map(|endpoint| &endpoint.interfaces));
        let vpns = self.snapshot.client_vpn_endpoints().rows().iter();
        let associations = vpns.flat_map(|endpoint| &endpoint.associations);
        let mut doors = associations.flat_map(|association| &association.interfaces);
        let is_door = doors.any(|link| link.is(index));
        let is_described = interface.requester_managed && interface.description.starts_with("ELB ");
        let is_encrypted = self.snapshot.vpcs().get(vpc).encryption.is_some();
        !is_idle && !is_encrypted && !is_described && !is_door && !fronts.any(|link| link.is(index))
    }

    /// Whether a machine holds both addresses, perhaps by an interface in another VPC. What it sends to itself never
    /// meets a filter, and the baselines know only networks.
    pub(crate) fn is_one_machine(&self, from: &Host<'_>, to: &Host<'_>) -> bool {
        from.interface.id == to.interface.id
            || self.has_besides(from, to.address)
            || self.has_besides(to, from.address)
    }

    fn has_besides(&self, host: &Host<'_>, other: IpAddr) -> bool {
        let instance = host.interface.instance.as_ref();
        let machine = instance.and_then(|link| self.machines.get(link.id()));
        machine.is_some_and(|all| all.iter().any(|one| one.holds(other)))
    }

    fn holders(&self, vpc: Index<Vpc>, address: IpAddr) -> BTreeSet<Index<NetworkInterface>> {
        let mut holders = self
            .addresses
            .get(&(vpc, address))
            .cloned()
            .unwrap_or_default();
        let prefixes = self.prefixes.get(&vpc).into_iter().flatten();
        let delegated = prefixes.filter(|(prefix, _)| prefix.contains(address));
        holders.extend(delegated.map(|(_, index)| *index));
        holders
    }

    /// Whether AWS answers at the address itself: the router of the subnet, DNS, and link-local services.
    fn is_never_filtered(&self, subnet: Index<Subnet>, vpc: Index<Vpc>, address: IpAddr) -> bool {
        let number = Family::number(address);
        let is_v4 = |cidr: &&Prefix| cidr.family() == Family::V4 && address.is_ipv4();
        let subnets = self.snapshot.subnets().get(subnet).cidrs.iter();
        let routers = subnets
            .filter(is_v4)
            .map(|cidr| Family::number(cidr.first()) + 1);
        let vpcs = self.snapshot.vpcs().get(vpc).cidrs.iter();
        let resolver = vpcs
            .filter(is_v4)
            .map(|cidr| Family::number(cidr.first()) + 2)
            .next();
        let is_reserved = match address {
            IpAddr::V4(v4) => v4.is_link_local(),
            IpAddr::V6(v6) => {
                v6.is_unicast_link_local() || v6.segments().starts_with(&[0xfd00, 0xec2])
            }
        };
        is_reserved || routers.chain(resolver).any(|special| special == number)
    }

    /// The groups that an interface wears, if every one is whole and says everything that the direction asks of it.
    fn groups(
        &self,
        interface: &NetworkInterface,
        direction: Direction,
    ) -> Option<Vec<Index<SecurityGroup>>> {
        if interface.groups.is_empty() && interface.requester_managed {
            return None;
        }
        let worn: Option<Vec<_>> = interface.groups.iter().map(Link::target).collect();
        let is_known = |index: &Index<SecurityGroup>| {
            let group = self.snapshot.groups().get(*index);
            group.is_complete && group.rules(direction).all(|rule| self.is_told(rule))
        };
        worn.filter(|worn| worn.iter().all(is_known))
    }

    fn is_told(&self, rule: &SecurityGroupRule) -> bool {
        match &rule.peer {
            RulePeer::Cidr(_) | RulePeer::Group(_) => true,
            RulePeer::PrefixList(list) => {
                let list = list
                    .target()
                    .map(|index| self.snapshot.prefix_lists().get(index));
                list.is_some_and(|list| list.entries.is_some())
            }
        }
    }
}
