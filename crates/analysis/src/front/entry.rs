//! Ways in that AWS services keep, as fronts (`docs/semantics/ways-in.md`).

use std::collections::{BTreeMap, BTreeSet};

use model::{
    Endpoint, EntryKind, EntryReach, EntryResource, EntryTarget, Index, Link, NetworkInterface,
    OwnerKind, ResourceState, ServiceEntry, Snapshot,
};
use packet::{PacketSet, PortSet, Prefix, Protocol};

use super::{Behind, Door, Front, FrontKind, FrontName, Passing, Reach};

/// All entries that the input describes, and all whose interfaces alone it holds.
pub(super) fn entries(snapshot: &Snapshot) -> Vec<Front> {
    let mut fronts = Vec::new();
    let mut known = BTreeSet::new();
    for entry in snapshot.service_entries().rows() {
        let nodes = nodes(snapshot, entry);
        known.extend(nodes.iter().copied());
        if entry.state == ResourceState::Available {
            fronts.push(described(snapshot, entry, nodes));
        }
    }
    fronts.extend(undescribed(snapshot, &known));
    fronts
}

fn described(
    snapshot: &Snapshot,
    entry: &ServiceEntry,
    nodes: Vec<Index<NetworkInterface>>,
) -> Front {
    let doors = match &entry.reach {
        EntryReach::Anything { .. } => anybody(snapshot, &nodes, true),
        EntryReach::Untold => anybody(snapshot, &nodes, false),
        EntryReach::Targets(targets) => targets
            .iter()
            .flat_map(|target| doors(snapshot, entry.kind, &nodes, target))
            .collect(),
    };
    Front {
        name: FrontName {
            kind: front_kind(entry.kind),
            id: entry.id.to_string(),
            name: entry
                .name
                .as_deref()
                .unwrap_or(entry.id.as_str())
                .to_owned(),
        },
        doors,
        nodes,
        is_whole: false,
    }
}

/// The interfaces of entries that nothing describes, one front for each kind and VPC.
fn undescribed(snapshot: &Snapshot, known: &BTreeSet<Index<NetworkInterface>>) -> Vec<Front> {
    let mut found: BTreeMap<_, Vec<Index<NetworkInterface>>> = BTreeMap::new();
    for (index, interface) in snapshot.interfaces().iter() {
        let owner = interface.owner().kind;
        let kind = EntryKind::ALL
            .into_iter()
            .find(|kind| kind.owner() == Some(owner));
        if let Some(kind) = kind.filter(|_| !known.contains(&index)) {
            let place = (kind, interface.vpc.id().clone());
            found.entry(place).or_default().push(index);
        }
    }
    let front = |((kind, vpc), nodes): ((EntryKind, model::ResourceId), Vec<_>)| Front {
        name: FrontName {
            kind: front_kind(kind),
            id: vpc.to_string(),
            name: format!("of {vpc}"),
        },
        doors: anybody(snapshot, &nodes, false),
        nodes,
        is_whole: false,
    };
    found.into_iter().map(front).collect()
}

const fn front_kind(kind: EntryKind) -> FrontKind {
    match kind {
        EntryKind::InstanceConnectEndpoint => FrontKind::InstanceConnectEndpoint,
        EntryKind::VerifiedAccess => FrontKind::VerifiedAccess,
        EntryKind::CloudFrontVpcOrigin => FrontKind::CloudFrontVpcOrigin,
        EntryKind::GlobalAccelerator => FrontKind::GlobalAccelerator,
        EntryKind::ApiGatewayLink => FrontKind::ApiGatewayLink,
    }
}

/// The interfaces of an entry: those that it names, else those of its kind in its place.
fn nodes(snapshot: &Snapshot, entry: &ServiceEntry) -> Vec<Index<NetworkInterface>> {
    let named: Vec<_> = entry.interfaces.iter().filter_map(Link::target).collect();
    if !named.is_empty() {
        return named;
    }
    let interfaces = snapshot.interfaces().iter();
    let own = interfaces.filter(|(_, interface)| looks_like_node(entry, interface));
    own.map(|(index, _)| index).collect()
}

fn looks_like_node(entry: &ServiceEntry, interface: &NetworkInterface) -> bool {
    let owner = interface.owner().kind;
    let is_of_kind = match entry.kind.owner() {
        Some(expected) => owner == expected,
        // Nothing but its place and its groups tells an interface of Verified Access from others.
        None => {
            owner == OwnerKind::Managed && !entry.subnets.is_empty() && !entry.groups.is_empty()
        }
    };
    let is_there = entry.subnets.is_empty()
        || entry
            .subnets
            .iter()
            .any(|subnet| subnet.id() == interface.subnet.id());
    let wears = |group: &Link<model::SecurityGroup>| {
        let mut worn = interface.groups.iter();
        worn.any(|worn| worn.id() == group.id())
    };
    is_of_kind && is_there && entry.groups.iter().all(wears)
}

/// Doors to everybody, by each node.
fn anybody(snapshot: &Snapshot, nodes: &[Index<NetworkInterface>], is_certain: bool) -> Vec<Door> {
    let door = |node: &Index<NetworkInterface>| Door {
        node: Some(*node),
        at: Vec::new(),
        from: own(snapshot, *node),
        takes: tcp(None),
        passing: Passing::Answers,
        behind: Reach::Anybody {
            sends: tcp(None),
            is_certain,
        },
    };
    nodes.iter().map(door).collect()
}

/// Doors to one target, by each node in its VPC; by none that is known if there is none.
fn doors(
    snapshot: &Snapshot,
    kind: EntryKind,
    nodes: &[Index<NetworkInterface>],
    target: &EntryTarget,
) -> Vec<Door> {
    let behind: Vec<Behind> = receivers(snapshot, &target.resource)
        .into_iter()
        .map(|to| Behind {
            to,
            sends: tcp(target.ports.as_ref()),
            is_certain: target.ports.is_some(),
        })
        .collect();
    let vpc = |index| snapshot.interfaces().get(index).vpc.target();
    let homes: BTreeSet<_> = behind
        .iter()
        .filter_map(|behind| match behind.to {
            Endpoint::Interface { interface, .. } => vpc(interface),
            Endpoint::Office { .. } | Endpoint::Internet { .. } | Endpoint::Unknown { .. } => None,
        })
        .collect();
    // What a service sends to stands in the VPC of its interfaces, but for blocks, which may be anywhere.
    let is_block = matches!(target.resource, EntryResource::Block(_));
    let near = nodes
        .iter()
        .filter(|node| is_block || vpc(**node).is_some_and(|vpc| homes.contains(&vpc)));
    let near: Vec<_> = near.copied().collect();
    let keeps_client = target.keeps_client && kind == EntryKind::GlobalAccelerator;
    let door = |node: Option<Index<NetworkInterface>>| Door {
        node,
        at: Vec::new(),
        from: node.map(|node| own(snapshot, node)).unwrap_or_default(),
        takes: tcp(target.ports.as_ref()),
        passing: match node {
            Some(_) if !keeps_client => Passing::Answers,
            Some(_) | None => Passing::AnswersAsClient,
        },
        behind: Reach::Targets(behind.clone()),
    };
    if near.is_empty() {
        return vec![door(None)];
    }
    near.into_iter().map(|node| door(Some(node))).collect()
}

/// Who a target stands for.
fn receivers(snapshot: &Snapshot, resource: &EntryResource) -> Vec<Endpoint> {
    match resource {
        EntryResource::Named(id) => {
            let interfaces = named(snapshot, id.as_str());
            interfaces
                .into_iter()
                .flat_map(|index| own(snapshot, index))
                .collect()
        }
        EntryResource::Block(block) => in_block(snapshot, *block),
    }
}

/// The interfaces of a balancer, an instance or an Elastic IP address, or the interface itself, by id or ARN.
fn named(snapshot: &Snapshot, id: &str) -> Vec<Index<NetworkInterface>> {
    if let Some(balancer) = snapshot.load_balancers().find(id) {
        let nodes = snapshot.load_balancers().get(balancer).nodes.iter();
        return nodes.filter_map(Link::target).collect();
    }
    let short = id.rsplit('/').next().unwrap_or(id);
    if let Some(interface) = snapshot.interfaces().find(short) {
        return vec![interface];
    }
    let elastic = snapshot.elastic_addresses().find(short);
    let elastic = elastic.map(|index| snapshot.elastic_addresses().get(index));
    let interfaces = snapshot.interfaces().iter();
    let own = interfaces.filter(|(_, interface)| {
        let is_instance = interface
            .instance
            .as_ref()
            .is_some_and(|of| of.id().as_str() == short);
        let has_address = elastic.is_some_and(|elastic| {
            let mut held = interface.addresses.iter();
            held.any(|held| held.public == Some(elastic.public))
        });
        is_instance || has_address
    });
    own.map(|(index, _)| index).collect()
}

fn in_block(snapshot: &Snapshot, block: Prefix) -> Vec<Endpoint> {
    let interfaces = snapshot.interfaces().iter();
    let all = interfaces.flat_map(|(index, _)| own(snapshot, index));
    all.filter(|endpoint| block.contains(endpoint.address()))
        .collect()
}

/// The addresses that an interface sends from and is sent to inside its VPC.
fn own(snapshot: &Snapshot, interface: Index<NetworkInterface>) -> Vec<Endpoint> {
    let held = snapshot.interfaces().get(interface).addresses.iter();
    held.map(|held| Endpoint::Interface {
        interface,
        address: held.address,
    })
    .collect()
}

/// TCP to these ports, or to all.
fn tcp(ports: Option<&PortSet>) -> PacketSet {
    match ports {
        Some(ports) => PacketSet::to_ports(Protocol::TCP, ports),
        None => PacketSet::of_protocol(Protocol::TCP),
    }
}
