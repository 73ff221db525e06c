//! What changes of a network touch, VPC by VPC.
//!
//! Whatever a change says stands in a VPC, or in a table of a transit gateway. What stands in a VPC decides about packets
//! that start or end there, and about those whose way, or whose replies' way, comes by; surveys note where ways came by.
//! A route of a transit gateway decides about packets, and replies, to the addresses that it leads to.

use std::collections::BTreeSet;
use std::net::IpAddr;

use model::{
    AttachmentResource, Change, Index, InterfaceKind, Link, NetworkInterface, OfficeNetwork,
    ResourceId, Route, RouteDestination, RouteTableAssociation, RouteTarget, RuleName, Snapshot,
    Target, TargetName, TransitGatewayAttachment, Vpc,
};
use packet::{Prefix, is_public};

use crate::bystander::Bystanders;
use crate::network::Network;

/// What changes touch.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Touched {
    /// VPCs, with all that stands in them.
    pub(crate) vpcs: BTreeSet<Index<Vpc>>,
    /// Single interfaces, which no way comes by.
    pub(crate) interfaces: BTreeSet<ResourceId>,
    /// Blocks of addresses to which packets and replies may fare otherwise, wherever those are. All VPCs that hold some
    /// are touched.
    pub(crate) blocks: BTreeSet<Prefix>,
}

impl Touched {
    /// What changes touch that made one snapshot of another; `None` if that may be anything.
    ///
    /// # Cost
    ///
    /// A pass over the interfaces for each that comes or goes, and over the tables of transit gateways.
    pub(crate) fn by<'c>(
        networks: [&Network<'_>; 2],
        changes: impl IntoIterator<Item = &'c Change>,
    ) -> Option<Self> {
        let [before, after] = networks.map(|network| network.snapshot);
        let same = [
            has_same_offices([before, after]),
            has_same_nodes([before, after]),
        ];
        if same.contains(&false) {
            return None;
        }
        let mut touched = Self::default();
        for change in changes {
            if let Change::RemoveRule(name) = change {
                let mut snapshots = [before, after].into_iter();
                let group = snapshots.find_map(|snapshot| group_of(snapshot, name))?;
                touched.wearers(before, group);
                touched.wearers(after, group);
            }
            let own = interface_of(change);
            if own.is_some_and(|id| is_bystander(networks, id)) {
                touched.interfaces.extend(own.cloned());
                continue;
            }
            for snapshot in [before, after] {
                touched.add(snapshot, change)?;
            }
        }
        touched.hold_blocks(before)?;
        Some(touched)
    }

    /// Adds what a change touches of a snapshot; nothing if the snapshot does not hold what it is about.
    fn add(&mut self, snapshot: &Snapshot, change: &Change) -> Option<()> {
        match change {
            Change::AddRule { group, .. } => self.wearers(snapshot, group),
            // Its group is found in either snapshot.
            Change::RemoveRule(_) => {}
            Change::PutOnGroup { interface, .. } | Change::TakeOffGroup { interface, .. } => {
                let interfaces = snapshot.interfaces();
                let found = interfaces.find(interface.as_str());
                let found = found.map(|index| interfaces.get(index));
                self.vpcs.extend(found.and_then(|it| it.vpc.target()));
            }
            Change::AddEntry { acl, .. }
            | Change::ReplaceEntry { acl, .. }
            | Change::RemoveEntry { acl, .. } => self.acl(snapshot, acl),
            Change::AddRoute { table, .. }
            | Change::ReplaceRoute { table, .. }
            | Change::RemoveRoute { table, .. } => self.route_table(snapshot, table),
            Change::AssociateAttachment { attachment, .. }
            | Change::DisassociateAttachment { attachment, .. } => {
                self.attachment(snapshot, attachment)?;
            }
            Change::Propagate { attachment, table }
            | Change::StopPropagation { attachment, table } => {
                self.attachment(snapshot, attachment)?;
                self.announced(snapshot, attachment)?;
                is_told(snapshot, table)?;
            }
            Change::AddTransitRoute { table, route } => {
                self.destination(snapshot, &route.destination)?;
                is_told(snapshot, table)?;
            }
            Change::RemoveTransitRoute { table, destination } => {
                self.destination(snapshot, destination)?;
                is_told(snapshot, table)?;
            }
            Change::AddAttachment(attachment) => {
                self.whole_attachment(snapshot, &attachment.id)?;
            }
            Change::RemoveAttachment(id) => self.whole_attachment(snapshot, id)?,
            Change::AddInterface(interface) => self.interface(snapshot, &interface.id)?,
            Change::RemoveInterface(id) => self.interface(snapshot, id)?,
            Change::AddSubnet(subnet) => self.subnet(snapshot, &subnet.id),
            Change::RemoveSubnet(id) => self.subnet(snapshot, id),
        }
        Some(())
    }

    fn wearers(&mut self, snapshot: &Snapshot, group: &ResourceId) {
        let interfaces = snapshot.interfaces().rows().iter();
        let wears = |interface: &&NetworkInterface| {
            let mut groups = interface.groups.iter();
            groups.any(|worn| worn.id() == group)
        };
        let wearers = interfaces.filter(wears);
        self.vpcs.extend(wearers.filter_map(|one| one.vpc.target()));
    }

    fn acl(&mut self, snapshot: &Snapshot, id: &ResourceId) {
        let acls = snapshot.acls();
        let Some(acl) = acls.find(id.as_str()).map(|index| acls.get(index)) else {
            return;
        };
        self.vpcs.extend(acl.vpc.target());
        for subnet in &acl.subnets {
            self.subnet(snapshot, subnet.id());
        }
    }

    fn route_table(&mut self, snapshot: &Snapshot, id: &ResourceId) {
        let tables = snapshot.route_tables();
        let found = tables.find(id.as_str()).map(|index| tables.get(index));
        let Some(table) = found else {
            return;
        };
        self.vpcs.extend(table.vpc.target());
        for association in &table.associations {
            if let RouteTableAssociation::Subnet(subnet) = association {
                self.subnet(snapshot, subnet.id());
            }
        }
    }

    fn subnet(&mut self, snapshot: &Snapshot, id: &ResourceId) {
        let subnets = snapshot.subnets();
        let found = subnets.find(id.as_str()).map(|index| subnets.get(index));
        self.vpcs
            .extend(found.and_then(|subnet| subnet.vpc.target()));
    }

    /// An interface of a host that comes or goes: where its addresses are held too, and where its host has others.
    fn interface(&mut self, snapshot: &Snapshot, id: &ResourceId) -> Option<()> {
        let interfaces = snapshot.interfaces();
        let Some(index) = interfaces.find(id.as_str()) else {
            return Some(());
        };
        let own = interfaces.get(index);
        let is_plain = own.kind == InterfaceKind::Ordinary
            && !own.requester_managed
            && own.prefixes.is_empty()
            && !is_of_nat_gateway(snapshot, own);
        is_plain.then_some(())?;
        self.vpcs.insert(own.vpc.target()?);
        let is_joined = |other: &&NetworkInterface| {
            let is_sibling = own.instance.is_some() && own.instance == other.instance;
            is_sibling || addresses(own).any(|address| has(other, address))
        };
        for other in interfaces.rows().iter().filter(is_joined) {
            self.vpcs.insert(other.vpc.target()?);
        }
        for group in snapshot.target_groups().rows() {
            let is_own = |target: &Target| match &target.name {
                TargetName::Instance(instance) => own.instance.as_ref() == Some(instance),
                TargetName::Address(address) => has(own, *address),
                TargetName::LoadBalancer(_) | TargetName::Function(_) => false,
            };
            if group.targets.iter().any(is_own) {
                self.vpcs.extend(group.vpc.as_ref().and_then(Link::target));
            }
        }
        let leads_to = |route: &Route| matches!(&route.target, RouteTarget::NetworkInterface(link) if link.id() == id);
        for table in snapshot.route_tables().rows() {
            if table.routes.iter().any(leads_to) {
                self.route_table(snapshot, &table.id);
            }
        }
        Some(())
    }

    /// The VPC at the other end of an attachment; nothing if there is another network.
    fn attachment(&mut self, snapshot: &Snapshot, id: &ResourceId) -> Option<()> {
        for attachment in attachments_named(snapshot, id) {
            let AttachmentResource::Vpc { vpc, .. } = &attachment.resource else {
                return None;
            };
            self.vpcs.insert(vpc.target()?);
        }
        Some(())
    }

    /// What an attachment announces.
    fn announced(&mut self, snapshot: &Snapshot, id: &ResourceId) -> Option<()> {
        for attachment in attachments_named(snapshot, id) {
            let AttachmentResource::Vpc { vpc, .. } = &attachment.resource else {
                return None;
            };
            let vpc = snapshot.vpcs().get(vpc.target()?);
            self.blocks.extend(&vpc.cidrs);
        }
        Some(())
    }

    /// An attachment that comes or goes, with all routes to it.
    fn whole_attachment(&mut self, snapshot: &Snapshot, id: &ResourceId) -> Option<()> {
        self.attachment(snapshot, id)?;
        for table in snapshot.transit_route_tables().rows() {
            let names =
                |links: &[Link<TransitGatewayAttachment>]| links.iter().any(|link| link.id() == id);
            if table.propagations.as_deref().is_none_or(names) {
                self.announced(snapshot, id)?;
            }
            for route in table.routes.iter().filter(|it| names(&it.attachments)) {
                self.destination(snapshot, &route.destination)?;
                is_told(snapshot, &table.id)?;
            }
        }
        Some(())
    }

    fn destination(&mut self, snapshot: &Snapshot, destination: &RouteDestination) -> Option<()> {
        match destination {
            RouteDestination::Prefix(block) => {
                self.blocks.insert(*block);
            }
            RouteDestination::PrefixList(list) => {
                let list = snapshot.prefix_lists().get(list.target()?);
                self.blocks.extend(list.entries.as_ref()?);
            }
        }
        Some(())
    }

    /// Adds the VPCs that hold addresses of the blocks; nothing if those may be public, which others see.
    fn hold_blocks(&mut self, snapshot: &Snapshot) -> Option<()> {
        let is_inside = |block: &Prefix| {
            !is_public(block.first()) && !is_public(block.last()) && SHORTEST <= block.length()
        };
        self.blocks.iter().all(is_inside).then_some(())?;
        for (index, vpc) in snapshot.vpcs().iter() {
            let mut cidrs = vpc.cidrs.iter();
            if cidrs.any(|cidr| self.blocks.iter().any(|block| block.overlaps(cidr))) {
                self.vpcs.insert(index);
            }
        }
        Some(())
    }
}

/// Blocks of this length and longer hold no public addresses if their first and last one are not.
const SHORTEST: u8 = 8;

/// The interface that a change is about and nothing else is.
const fn interface_of(change: &Change) -> Option<&ResourceId> {
    match change {
        Change::PutOnGroup { interface, .. } | Change::TakeOffGroup { interface, .. } => {
            Some(interface)
        }
        Change::AddInterface(interface) => Some(&interface.id),
        Change::RemoveInterface(id) => Some(id),
        _ => None,
    }
}

/// Whether an interface is a bystander wherever it is, and stays where it is if it is in both.
fn is_bystander(networks: [&Network<'_>; 2], id: &ResourceId) -> bool {
    networks.into_iter().all(|network| {
        let index = network.snapshot.interfaces().find(id.as_str());
        index.is_none_or(|index| Bystanders::of(network).contain(index))
    })
}

/// The group whose rule is meant, if the snapshot has it.
fn group_of<'a>(snapshot: &'a Snapshot, name: &'a RuleName) -> Option<&'a ResourceId> {
    match name {
        RuleName::Meaning { group, .. } => Some(group),
        RuleName::Id(id) => {
            let mut groups = snapshot.groups().rows().iter();
            let found = groups.find(|group| {
                let mut rules = group.rules.iter();
                rules.any(|rule| rule.id.as_ref() == Some(id))
            });
            found.map(|group| &group.id)
        }
    }
}

/// That a table of a transit gateway tells its propagated routes: else one may come up, or no longer be known, anywhere.
fn is_told(snapshot: &Snapshot, table: &ResourceId) -> Option<()> {
    let tables = snapshot.transit_route_tables();
    let index = tables.find(table.as_str())?;
    let table = tables.get(index);
    (table.propagated_known && table.static_known).then_some(())
}

/// All attachments of an id: the two sides of a peering share theirs.
fn attachments_named<'s>(
    snapshot: &'s Snapshot,
    id: &'s ResourceId,
) -> impl Iterator<Item = &'s TransitGatewayAttachment> {
    let attachments = snapshot.transit_attachments().rows().iter();
    attachments.filter(move |attachment| attachment.id == *id)
}

fn addresses(interface: &NetworkInterface) -> impl Iterator<Item = IpAddr> + '_ {
    let held = interface.addresses.iter();
    held.flat_map(|held| [Some(held.address), held.public].into_iter().flatten())
}

fn has(interface: &NetworkInterface, address: IpAddr) -> bool {
    interface.holds(address) || interface.private_of(address).is_some()
}

fn is_of_nat_gateway(snapshot: &Snapshot, interface: &NetworkInterface) -> bool {
    let gateways = snapshot.nat_gateways().rows().iter();
    let mut held = gateways.flat_map(|gateway| &gateway.addresses);
    held.any(|held| {
        let named = held.interface.as_ref().map(Link::id);
        let known = [held.private, held.public].into_iter().flatten();
        named == Some(&interface.id) || known.into_iter().any(|address| has(interface, address))
    })
}

/// Whether the networks outside, and the ways by which they come, are the same.
fn has_same_offices(snapshots: [&Snapshot; 2]) -> bool {
    let [before, after] = snapshots.map(|snapshot| snapshot.offices().rows());
    let is_same = |(a, b): (&OfficeNetwork, &OfficeNetwork)| {
        a.id == b.id && a.cidrs == b.cidrs && a.uplinks == b.uplinks
    };
    before.len() == after.len() && before.iter().zip(after).all(is_same)
}

/// Whether load balancers and endpoints stand behind the same interfaces.
fn has_same_nodes(snapshots: [&Snapshot; 2]) -> bool {
    let [before, after] = snapshots.map(|snapshot| snapshot.load_balancers().rows());
    let mut balancers = before.iter().zip(after);
    let [before, after] = snapshots.map(|snapshot| snapshot.vpc_endpoints().rows());
    let mut endpoints = before.iter().zip(after);
    balancers.all(|(a, b)| a.nodes == b.nodes)
        && endpoints.all(|(a, b)| a.interfaces == b.interfaces)
}
