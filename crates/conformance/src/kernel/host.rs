//! A host: its interfaces, with the groups that they wear as stateful rules.

use std::collections::BTreeMap;
use std::net::IpAddr;

use model::{
    AttachmentResource, Direction, GroupReference, Index, InterfaceKind, Link, NetworkInterface,
    PeeringStatus, RulePeer, SecurityGroup, SecurityGroupRule, Snapshot, Subnet, Vpc,
};
use packet::{Family, Prefix};

use super::lab::{Appliances, Lab};
use super::plan::{Hop, Plan, ROUTER, Table, Towards};
use super::{Result, filter, route, subnet};

/// The namespace of an interface: its instance's, or its own.
pub(super) fn name(interface: &NetworkInterface) -> String {
    match &interface.instance {
        Some(instance) => format!("host-{}", instance.id()),
        None => format!("host-{}", interface.id),
    }
}

/// The chains of the interfaces of one host.
#[derive(Default)]
struct Chains {
    devices: Vec<String>,
    lines: Vec<String>,
}

impl Chains {
    /// Which chain asks the groups of which device.
    fn maps(&self) -> impl Iterator<Item = String> {
        [Direction::Ingress, Direction::Egress]
            .into_iter()
            .map(|direction| {
                let word = word(direction);
                let elements: Vec<String> = self
                    .devices
                    .iter()
                    .map(|device| format!("\"{device}\" : jump {word}_{device}"))
                    .collect();
                let elements = elements.join(", ");
                format!("map {word} {{\ntype ifname : verdict\nelements = {{ {elements} }}\n}}")
            })
    }
}

/// Lays every host.
pub(super) fn lay_all(lab: &mut Lab<'_>) -> Result {
    let mut hosts: BTreeMap<String, Chains> = BTreeMap::new();
    for (index, interface) in lab.snapshot.interfaces().iter() {
        match interface.kind {
            InterfaceKind::Ordinary => {
                let device = lay(lab, interface)?;
                let chains = hosts.entry(name(interface)).or_default();
                chains.lines.extend(groups(lab.snapshot, index, &device)?);
                chains.devices.push(device);
            }
            InterfaceKind::NatGateway => {}
            InterfaceKind::NetworkLoadBalancer
            | InterfaceKind::GatewayLoadBalancer
            | InterfaceKind::GatewayLoadBalancerEndpoint
            | InterfaceKind::VpcEndpoint
            | InterfaceKind::TransitGateway
            | InterfaceKind::Lambda
            | InterfaceKind::Other(_) => {
                return Err(format!("interface `{}` cannot be built", interface.id));
            }
        }
    }
    for (host, chains) in hosts {
        let namespace = lab.plan.namespace(&host);
        namespace.is_host = true;
        namespace.filter("table inet groups {");
        let maps: Vec<String> = chains.maps().collect();
        namespace.filters.extend(chains.lines);
        namespace.filters.extend(maps);
        namespace.filter("}");
        namespace.filters.extend(base().map(str::to_owned));
    }
    Ok(())
}

/// Connects an interface to its subnet, and gives it its addresses; returns the device.
fn lay(lab: &mut Lab<'_>, interface: &NetworkInterface) -> Result<String> {
    let host = name(interface);
    let missing = || format!("interface `{}` has no subnet", interface.id);
    let index = interface.subnet.target().ok_or_else(missing)?;
    let there = subnet::name(lab, index);
    let device = plug(&mut lab.plan, &host, &there);
    let row = lab.snapshot.subnets().get(index);
    let is_appliance = !interface.source_dest_check && lab.appliances == Appliances::Forward;
    let namespace = lab.plan.namespace(&host);
    namespace.forwards |= is_appliance;
    for held in &interface.addresses {
        let length = block_of(row, held.address)
            .map_or(Family::of(held.address).bits(), |block| block.length());
        namespace.address(&device, held.address, length);
        namespace.answers_on.push(held.address);
    }
    let table = Table::Number(namespace.next_table());
    for held in &interface.addresses {
        let condition = format!("from {}", held.address);
        namespace.rule_of(Family::of(held.address), &condition, table, 100);
    }
    leave(lab, row, &host, &device, table, 1);
    // Whatever is not bound to an address leaves by the first interface.
    let metric = 10 + u32::try_from(lab.plan.namespace(&host).answers_on.len()).unwrap_or(0);
    leave(lab, row, &host, &device, Table::Main, metric);
    if !interface.prefixes.is_empty() {
        return Err(format!(
            "delegated prefixes of `{}` cannot be built",
            interface.id
        ));
    }
    Ok(device)
}

/// The routes of a host: its subnet is on the device, and the router has the rest.
fn leave(lab: &mut Lab<'_>, row: &Subnet, host: &str, device: &str, table: Table, metric: u32) {
    let namespace = lab.plan.namespace(host);
    for block in &row.cidrs {
        let hop = Hop::Device(device.to_owned());
        namespace.route(*block, &hop, table, metric);
        let family = block.family();
        let hop = match subnet::router(row, family) {
            Some(router) => Hop::Neighbour(device.to_owned(), router),
            None => Hop::Along(Towards {
                device: device.to_owned(),
                address: ROUTER,
            }),
        };
        namespace.route(Prefix::all(family), &hop, table, metric);
    }
}

/// The block of a subnet that holds an address.
pub(super) fn block_of(subnet: &Subnet, address: IpAddr) -> Option<Prefix> {
    let mut blocks = subnet.cidrs.iter();
    blocks.find(|block| block.contains(address)).copied()
}

/// A wire from a host to the bridge of a subnet; returns the host's device.
pub(super) fn plug(plan: &mut Plan, host: &str, subnet: &str) -> String {
    let wire = plan.bare_wire(host, subnet);
    let bridge = subnet::BRIDGE;
    let line = format!("link set dev {} master {bridge}", wire.there);
    plan.namespace(subnet).devices.push(line);
    wire.here
}

/// The chains that ask the groups of all interfaces, and let replies pass.
///
/// Connections are what conntrack says they are: nothing but their first packet meets a rule.
fn base() -> impl Iterator<Item = &'static str> {
    [
        "add chain inet groups input { type filter hook input priority 0; }",
        "add chain inet groups output { type filter hook output priority 0; }",
        "add chain inet groups through { type filter hook forward priority 0; }",
        "add rule inet groups input iifname lo accept",
        "add rule inet groups input icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept",
        "add rule inet groups input ct state established,related accept",
        "add rule inet groups input iifname vmap @ingress",
        "add rule inet groups input accept",
        "add rule inet groups output oifname lo accept",
        "add rule inet groups output icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept",
        "add rule inet groups output ct state established,related accept",
        "add rule inet groups output ip daddr { 169.254.169.253, 169.254.169.254, 169.254.169.123 } accept",
        "add rule inet groups output ip6 daddr { fd00:ec2::253, fd00:ec2::254, fd00:ec2::123 } accept",
        "add rule inet groups output ip daddr 169.254.0.0/16 drop",
        "add rule inet groups output oifname vmap @egress",
        "add rule inet groups output accept",
        "add rule inet groups through ct state established,related accept",
        "add rule inet groups through iifname vmap @ingress",
        "add rule inet groups through oifname vmap @egress",
        "add rule inet groups through accept",
    ]
    .into_iter()
}

/// The chains of one interface: what the groups allow returns, the rest is dropped.
fn groups(
    snapshot: &Snapshot,
    index: Index<NetworkInterface>,
    device: &str,
) -> Result<Vec<String>> {
    let interface = snapshot.interfaces().get(index);
    let mut lines = Vec::new();
    for direction in [Direction::Ingress, Direction::Egress] {
        let word = word(direction);
        lines.push(format!("chain {word}_{device} {{"));
        if direction == Direction::Egress {
            lines.extend(unfiltered(snapshot, interface));
        }
        for link in &interface.groups {
            let group = known(snapshot, link)?;
            for rule in group.rules(direction) {
                lines.extend(rule_lines(snapshot, interface, rule)?);
            }
        }
        lines.push("drop".to_owned());
        lines.push("}".to_owned());
    }
    Ok(lines)
}

const fn word(direction: Direction) -> &'static str {
    match direction {
        Direction::Ingress => "ingress",
        Direction::Egress => "egress",
    }
}

/// The DNS of the VPC and the router of the subnet, which no group guards.
fn unfiltered(snapshot: &Snapshot, interface: &NetworkInterface) -> Vec<String> {
    let row = interface
        .subnet
        .target()
        .map(|index| snapshot.subnets().get(index));
    let router = row.and_then(|row| subnet::router(row, Family::V4));
    let vpc = interface
        .vpc
        .target()
        .map(|index| snapshot.vpcs().get(index));
    let dns = vpc.and_then(subnet::dns);
    let addresses = router.into_iter().chain(dns);
    addresses
        .map(|address| format!("ip daddr {address} return"))
        .collect()
}

fn known<'a>(snapshot: &'a Snapshot, link: &Link<SecurityGroup>) -> Result<&'a SecurityGroup> {
    let index = link.target();
    index
        .map(|index| snapshot.groups().get(index))
        .ok_or_else(|| format!("group `{}` is not known", link.id()))
}

/// What one rule allows, for an interface that wears its group.
fn rule_lines(
    snapshot: &Snapshot,
    interface: &NetworkInterface,
    rule: &SecurityGroupRule,
) -> Result<Vec<String>> {
    let blocks = match &rule.peer {
        RulePeer::Cidr(block) => vec![*block],
        RulePeer::PrefixList(list) => route::entries(snapshot, list)?,
        RulePeer::Group(reference) => wearers(snapshot, interface, reference, rule.direction),
    };
    let service = filter::service(rule.service);
    let line = |block: &Prefix| format!("{}{service}return", filter::peer(rule.direction, block));
    Ok(blocks.iter().map(line).collect())
}

/// The addresses that a reference stands for, as seen by one interface.
fn wearers(
    snapshot: &Snapshot,
    interface: &NetworkInterface,
    reference: &GroupReference,
    direction: Direction,
) -> Vec<Prefix> {
    if reference.is_stale {
        return Vec::new();
    }
    let Some(own) = interface.vpc.target() else {
        return Vec::new();
    };
    let is_meant = |other: &&NetworkInterface| {
        let wears = other
            .groups
            .iter()
            .any(|link| link.id() == reference.group.id());
        let vpc = other.vpc.target();
        wears && vpc.is_some_and(|vpc| keeps_identity(snapshot, own, vpc, direction))
    };
    let others = snapshot.interfaces().rows().iter().filter(is_meant);
    others
        .flat_map(|other| &other.addresses)
        .map(|held| Prefix::host(held.address))
        .collect()
}

/// Whether references work between two VPCs: within one, over a peering within a region, and, to name who sends, over
/// a transit gateway that has it switched on everywhere.
fn keeps_identity(
    snapshot: &Snapshot,
    own: Index<Vpc>,
    other: Index<Vpc>,
    direction: Direction,
) -> bool {
    let region = |vpc| snapshot.vpcs().get(vpc).region.as_ref();
    let is_near = region(own).is_some() && region(own) == region(other);
    let peered = snapshot.peerings().rows().iter().any(|peering| {
        let peer = peering.peer_of(own);
        peering.status == PeeringStatus::Active && peer.is_some_and(|side| side.vpc.is(other))
    });
    let transit = direction == Direction::Ingress && transit_references(snapshot, own, other);
    own == other || is_near && peered || transit
}

fn transit_references(snapshot: &Snapshot, own: Index<Vpc>, other: Index<Vpc>) -> bool {
    let gateways = snapshot.transit_gateways().iter();
    let mut gateways = gateways.filter(|(_, gateway)| gateway.group_referencing);
    gateways.any(|(gateway, _)| {
        [own, other].into_iter().all(|wanted| {
            snapshot.transit_attachments().rows().iter().any(|attachment| {
                let is_vpc = matches!(&attachment.resource, AttachmentResource::Vpc { vpc, .. } if vpc.is(wanted));
                is_vpc && attachment.gateway.is(gateway) && attachment.group_referencing
            })
        })
    })
}
