//! Indexes over a snapshot, and the questions that they answer.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use model::{
    Endpoint, FirewallPorts, FirewallRuleGroup, FirewallRules, Index, LoadBalancer, NatGateway,
    NatMode, NetworkAcl, NetworkInterface, ResourceId, RouteTable, RouteTableAssociation, Snapshot,
    Subnet, Vpc, VpcEndpoint,
};
use packet::{Family, Packet, PortRange, Prefix, Service};

use crate::walk::{Flight, best_of};
use crate::{Question, Trace, Way};

/// The ports that systems choose as client ports.
const CLIENT_PORTS: std::ops::RangeInclusive<u16> = 1024..=65535;
/// One that every system chooses.
const USUAL_CLIENT_PORT: u16 = 49152;

/// Follows packets through one snapshot.
#[derive(Debug)]
pub struct Tracer<'a> {
    pub(crate) snapshot: &'a Snapshot,
    /// Who holds a block of addresses: single addresses and delegated prefixes.
    by_block: BTreeMap<Prefix, Vec<Index<NetworkInterface>>>,
    /// The lengths of those blocks.
    lengths: BTreeSet<(Family, u8)>,
    by_public: BTreeMap<IpAddr, Vec<PublicHolder>>,
    nats: BTreeMap<Index<NetworkInterface>, Index<NatGateway>>,
    pub(crate) balancers: BTreeMap<Index<NetworkInterface>, Index<LoadBalancer>>,
    pub(crate) endpoints: BTreeMap<Index<NetworkInterface>, Index<VpcEndpoint>>,
    pub(crate) acls: BTreeMap<Index<Subnet>, Index<NetworkAcl>>,
    pub(crate) default_acls: BTreeMap<ResourceId, Index<NetworkAcl>>,
    pub(crate) tables: BTreeMap<Index<Subnet>, Index<RouteTable>>,
    pub(crate) main_tables: BTreeMap<ResourceId, Index<RouteTable>>,
    pub(crate) edge_tables: BTreeMap<ResourceId, Index<RouteTable>>,
    /// Client ports between which some ACL distinguishes: one of each sort.
    pub(crate) client_ports: Vec<u16>,
}

/// Who holds a private address.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Holder {
    Interface(Index<NetworkInterface>),
    /// A NAT gateway whose interface is not in the snapshot.
    NatGateway(Index<NatGateway>),
}

/// Who holds a public address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PublicHolder {
    pub(crate) vpc: ResourceId,
    /// The address inside the VPC, where told.
    pub(crate) private: Option<IpAddr>,
    /// The regional NAT gateway that holds it, and has no address inside.
    pub(crate) regional: Option<Index<NatGateway>>,
}

impl<'a> Tracer<'a> {
    /// Indexes the snapshot.
    ///
    /// # Cost
    ///
    /// A sort of the addresses and of the associations.
    pub fn new(snapshot: &'a Snapshot) -> Self {
        let mut tracer = Self {
            snapshot,
            by_block: BTreeMap::new(),
            lengths: BTreeSet::new(),
            by_public: BTreeMap::new(),
            nats: BTreeMap::new(),
            balancers: BTreeMap::new(),
            endpoints: BTreeMap::new(),
            acls: BTreeMap::new(),
            default_acls: BTreeMap::new(),
            tables: BTreeMap::new(),
            main_tables: BTreeMap::new(),
            edge_tables: BTreeMap::new(),
            client_ports: client_ports(snapshot),
        };
        tracer.index_interfaces();
        tracer.index_nat_gateways();
        tracer.index_subnets();
        tracer.index_balancers();
        tracer
    }

    fn index_interfaces(&mut self) {
        for (index, interface) in self.snapshot.interfaces().iter() {
            let hosts = interface
                .addresses
                .iter()
                .map(|held| Prefix::host(held.address));
            for block in hosts.chain(interface.prefixes.iter().copied()) {
                self.lengths.insert((block.family(), block.length()));
                self.by_block.entry(block).or_default().push(index);
            }
            for held in &interface.addresses {
                let vpc = interface.vpc.id().clone();
                self.note_public(
                    held.public,
                    PublicHolder {
                        vpc,
                        private: Some(held.address),
                        regional: None,
                    },
                );
            }
        }
    }

    fn index_nat_gateways(&mut self) {
        for (index, nat) in self.snapshot.nat_gateways().iter() {
            let vpc = nat.vpc.id();
            for address in &nat.addresses {
                let named = address.interface.as_ref().and_then(model::Link::target);
                let in_vpc =
                    |held: &Index<_>| self.snapshot.interfaces().get(*held).vpc.id() == vpc;
                let holders = address
                    .private
                    .map(|private| self.holders(private).filter(in_vpc).collect());
                let holders: Vec<_> = holders.unwrap_or_default();
                self.nats.extend(
                    holders
                        .into_iter()
                        .chain(named)
                        .map(|interface| (interface, index)),
                );
                let holder = PublicHolder {
                    vpc: vpc.clone(),
                    private: address.private,
                    regional: matches!(nat.mode, NatMode::Regional(_)).then_some(index),
                };
                self.note_public(address.public, holder);
            }
        }
    }

    fn index_balancers(&mut self) {
        for (index, balancer) in self.snapshot.load_balancers().iter() {
            for node in balancer.nodes.iter().filter_map(model::Link::target) {
                self.balancers.entry(node).or_insert(index);
            }
        }
        for (index, endpoint) in self.snapshot.vpc_endpoints().iter() {
            for interface in endpoint.interfaces.iter().filter_map(model::Link::target) {
                self.endpoints.entry(interface).or_insert(index);
            }
        }
    }

    fn index_subnets(&mut self) {
        for (index, acl) in self.snapshot.acls().iter() {
            for subnet in acl.subnets.iter().filter_map(model::Link::target) {
                self.acls.entry(subnet).or_insert(index);
            }
            if acl.is_default {
                self.default_acls
                    .entry(acl.vpc.id().clone())
                    .or_insert(index);
            }
        }
        for (index, table) in self.snapshot.route_tables().iter() {
            for association in &table.associations {
                match association {
                    RouteTableAssociation::Subnet(link) => {
                        link.target()
                            .map(|subnet| self.tables.entry(subnet).or_insert(index));
                    }
                    RouteTableAssociation::Gateway(id) => {
                        self.edge_tables.entry(id.clone()).or_insert(index);
                    }
                }
            }
            if table.is_main {
                self.main_tables
                    .entry(table.vpc.id().clone())
                    .or_insert(index);
            }
        }
    }

    fn note_public(&mut self, public: Option<IpAddr>, holder: PublicHolder) {
        let Some(public) = public else { return };
        let holders = self.by_public.entry(public).or_default();
        if !holders.contains(&holder) {
            holders.push(holder);
        }
    }

    /// Follows one packet and its answer.
    pub fn trace(&self, from: Endpoint, packet: Packet) -> Trace {
        Trace::of(from, packet, self.ways(from, packet, None))
    }

    /// Looks for a client port in 1024-65535 from which the first packet and its answer arrive.
    ///
    /// `None` if no such packet exists: the endpoint's address is of the other family, or the message does not fit the
    /// protocol.
    pub fn ask(&self, from: Endpoint, question: Question) -> Option<Trace> {
        self.ask_of(from, question, None)
    }

    /// The same for packets that the first load balancer on the way hands to this target of its.
    ///
    /// Where no load balancer hands packets on, the answer is that of [`Tracer::ask`].
    pub fn ask_through(&self, from: Endpoint, question: Question, target: IpAddr) -> Option<Trace> {
        self.ask_of(from, question, Some(target))
    }

    fn ask_of(
        &self,
        from: Endpoint,
        question: Question,
        only_target: Option<IpAddr>,
    ) -> Option<Trace> {
        let packet = question.packet(from.address(), 0)?;
        let ports = if packet.protocol().has_ports() {
            self.client_ports.as_slice()
        } else {
            &[0]
        };
        let ways = best_of(ports.to_vec(), |port| {
            self.ways(from, packet.with_source_port(port), only_target)
        });
        let first_hop = ways.first().and_then(|way| way.forward.hops.first());
        let sent = first_hop.map_or(packet, |hop| hop.packet);
        Some(Trace::of(from, sent, ways))
    }

    fn ways(&self, from: Endpoint, packet: Packet, only_target: Option<IpAddr>) -> Vec<Way> {
        let mut flight = Flight::first(from, packet);
        flight.only_target = only_target;
        let start = self.start(&mut flight);
        self.walk(flight, start)
    }

    /// The interfaces, of whatever VPC, that hold an address.
    pub(crate) fn holders(&self, address: IpAddr) -> impl Iterator<Item = Index<NetworkInterface>> {
        let lengths = self
            .lengths
            .iter()
            .filter(move |(family, _)| *family == Family::of(address));
        let blocks = lengths
            .filter_map(move |(_, length)| self.by_block.get(&Prefix::new(address, *length)?));
        blocks.flatten().copied()
    }

    /// Who holds an address in a VPC.
    pub(crate) fn holders_in(&self, vpc: Index<Vpc>, address: IpAddr) -> Vec<Holder> {
        let vpc = &self.snapshot.vpcs().get(vpc).id;
        let in_vpc = |index: &Index<_>| self.snapshot.interfaces().get(*index).vpc.id() == vpc;
        let interfaces: BTreeSet<_> = self.holders(address).filter(in_vpc).collect();
        if !interfaces.is_empty() {
            return interfaces.into_iter().map(Holder::Interface).collect();
        }
        let holds = |nat: &NatGateway| {
            let is_zonal = matches!(nat.mode, NatMode::Zonal(_));
            let mut addresses = nat.addresses.iter();
            is_zonal && nat.vpc.id() == vpc && addresses.any(|held| held.private == Some(address))
        };
        let nats = self.snapshot.nat_gateways().iter();
        nats.filter(|(_, nat)| holds(nat))
            .map(|(index, _)| Holder::NatGateway(index))
            .collect()
    }

    /// Who is reached over the internet by a public address.
    pub(crate) fn public_holders(&self, address: IpAddr) -> Vec<PublicHolder> {
        let of_ipv6 = self
            .holders(address)
            .filter(|_| Family::of(address) == Family::V6);
        let mut holders: Vec<PublicHolder> = Vec::new();
        for index in of_ipv6.collect::<BTreeSet<_>>() {
            let vpc = self.snapshot.interfaces().get(index).vpc.id().clone();
            holders.push(PublicHolder {
                vpc,
                private: Some(address),
                regional: None,
            });
        }
        holders.extend(self.by_public.get(&address).into_iter().flatten().cloned());
        holders
    }

    /// The NAT gateway that an interface belongs to.
    pub(crate) fn nat_of(&self, interface: Index<NetworkInterface>) -> Option<Index<NatGateway>> {
        self.nats.get(&interface).copied()
    }
}

/// One port of each range within which no ACL and no firewall distinguishes client ports; the most usual one first.
fn client_ports(snapshot: &Snapshot) -> Vec<u16> {
    let entries = snapshot.acls().rows().iter().flat_map(|acl| &acl.entries);
    let of_acls = entries.filter_map(|entry| match entry.service {
        Service::Ports { ports, .. } => Some(ports),
        Service::Any | Service::Protocol(_) | Service::Icmp { .. } => None,
    });
    let groups = snapshot.firewall_rule_groups().rows().iter();
    let ranges = of_acls
        .chain(groups.flat_map(ports_of_group))
        .map(|ports| [Some(ports.first()), ports.last().checked_add(1)]);
    let starts = ranges
        .flatten()
        .flatten()
        .filter(|port| CLIENT_PORTS.contains(port));
    let mut starts: BTreeSet<u16> = starts.chain([*CLIENT_PORTS.start()]).collect();
    if let Some(same) = starts.range(..=USUAL_CLIENT_PORT).next_back().copied() {
        starts.remove(&same);
    }
    std::iter::once(USUAL_CLIENT_PORT).chain(starts).collect()
}

/// All ranges of ports that rules of a firewall name, on whichever side.
fn ports_of_group(group: &FirewallRuleGroup) -> Vec<PortRange> {
    let mut ranges = Vec::new();
    let named = group.ports.values();
    named.for_each(|set| gather_ports(set, &mut ranges));
    match &group.rules {
        FirewallRules::Stateless(rules) => {
            for rule in rules {
                ranges.extend(rule.source_ports.iter().chain(&rule.destination_ports));
            }
        }
        FirewallRules::Stateful(rules) => {
            for rule in rules {
                gather_ports(&rule.source_ports, &mut ranges);
                gather_ports(&rule.destination_ports, &mut ranges);
            }
        }
    }
    ranges
}

fn gather_ports(set: &FirewallPorts, ranges: &mut Vec<PortRange>) {
    match set {
        FirewallPorts::Range(range) => ranges.push(*range),
        FirewallPorts::Not(inner) => gather_ports(inner, ranges),
        FirewallPorts::Among(members) => {
            for member in members {
                gather_ports(member, ranges);
            }
        }
        FirewallPorts::Any | FirewallPorts::Variable(_) | FirewallPorts::Unknown => {}
    }
}
