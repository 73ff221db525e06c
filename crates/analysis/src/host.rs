//! Hosts, and classes of hosts.

use std::collections::BTreeMap;

use engine::{ClassId, Engine};
use model::{Endpoint, Index, NetworkInterface, ResourceId, SecurityGroup, Snapshot, Vpc};

use crate::owner::{Owner, Role, owner};

/// The number of a [`Host`] of a landscape.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HostId(pub(crate) usize);

/// The number of a [`HostClass`] of a landscape.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HostClassId(pub(crate) usize);

/// The number of a [`Cell`] of a landscape.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct CellId(pub(crate) usize);

/// A machine or service: what falls, or not, as a whole. It may have several interfaces and addresses.
#[derive(Debug, Clone)]
pub struct Host {
    /// What it is.
    pub owner: Owner,
    /// Its interfaces.
    pub interfaces: Vec<Index<NetworkInterface>>,
    /// Its addresses, public ones included (those are only sent to).
    pub endpoints: Vec<Endpoint>,
    pub(crate) cell: CellId,
}

/// Hosts that nothing in the network tells apart.
#[derive(Debug, Clone)]
pub(crate) struct Cell {
    pub(crate) role: Role,
    pub(crate) hosts: Vec<HostId>,
    /// Classes of the engine from which the hosts send.
    pub(crate) sources: Vec<ClassId>,
    /// Classes of the engine as which they receive.
    pub(crate) targets: Vec<ClassId>,
    /// The groups that they wear.
    pub(crate) groups: Vec<ResourceId>,
    pub(crate) vpc: ResourceId,
}

/// What makes hosts candidates for one class, whatever passes between them and others: role, VPC and groups.
pub(crate) type HostKind<'l> = (Role, &'l ResourceId, &'l [ResourceId]);

impl Cell {
    pub(crate) fn kind(&self) -> HostKind<'_> {
        (self.role, &self.vpc, &self.groups)
    }
}

/// Hosts that behave alike: one tier to a human.
///
/// Its members wear the same groups, have the same role, and reach and are reached by the same services; they may stand
/// in different subnets and zones.
#[derive(Debug, Clone)]
pub struct HostClass {
    /// What people would call it: the common part of names (`app-*`), else the groups' names, else an id.
    pub name: String,
    /// What its hosts are.
    pub role: Role,
    /// Its hosts.
    pub hosts: Vec<HostId>,
    /// The groups that its hosts wear, as far as the snapshot holds them.
    pub groups: Vec<Index<SecurityGroup>>,
    /// The VPC that its hosts are in.
    pub vpc: Option<Index<Vpc>>,
    pub(crate) cells: Vec<CellId>,
}

/// An owner with its interfaces.
type Owned = (Owner, Vec<Index<NetworkInterface>>);

/// All hosts with their cells.
pub(crate) fn gather(engine: &Engine<'_>) -> (Vec<Host>, Vec<Cell>) {
    let snapshot = engine.snapshot();
    // Interfaces of one instance that is not in the input may be named differently.
    let mut by_owner: BTreeMap<(Role, String), Owned> = BTreeMap::new();
    for (index, interface) in snapshot.interfaces().iter() {
        let owner = owner(snapshot, interface);
        let known = by_owner.entry((owner.role, owner.id.clone()));
        let (_, interfaces) = known.or_insert_with(|| (owner, Vec::new()));
        interfaces.push(index);
    }
    let endpoints = endpoints_by_interface(engine);
    let mut cells: BTreeMap<CellKey, Vec<HostId>> = BTreeMap::new();
    let mut hosts = Vec::with_capacity(by_owner.len());
    for (owner, interfaces) in by_owner.into_values() {
        let endpoints: Vec<Endpoint> = interfaces
            .iter()
            .filter_map(|index| endpoints.get(index))
            .flatten()
            .copied()
            .collect();
        let key = CellKey::of(engine, owner.role, &interfaces, &endpoints);
        cells.entry(key).or_default().push(HostId(hosts.len()));
        hosts.push(Host {
            owner,
            interfaces,
            endpoints,
            cell: CellId(0),
        });
    }
    number(hosts, cells)
}

/// Everything that tells hosts apart.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct CellKey {
    role: Role,
    sources: Vec<ClassId>,
    targets: Vec<ClassId>,
    groups: Vec<ResourceId>,
    vpc: ResourceId,
}

impl CellKey {
    fn of(
        engine: &Engine<'_>,
        role: Role,
        interfaces: &[Index<NetworkInterface>],
        endpoints: &[Endpoint],
    ) -> Self {
        let snapshot = engine.snapshot();
        let classes = |wanted: &dyn Fn(&Endpoint) -> bool| {
            let chosen = endpoints.iter().filter(|endpoint| wanted(endpoint));
            sorted(chosen.filter_map(|endpoint| engine.class_of(endpoint)))
        };
        let rows = || {
            interfaces
                .iter()
                .map(|index| snapshot.interfaces().get(*index))
        };
        let groups =
            rows().flat_map(|interface| interface.groups.iter().map(|link| link.id().clone()));
        let vpc = rows().next().map_or_else(
            || ResourceId::from(""),
            |interface| interface.vpc.id().clone(),
        );
        Self {
            role,
            sources: classes(&|endpoint| is_own(snapshot, endpoint)),
            targets: classes(&|_| true),
            groups: sorted(groups),
            vpc,
        }
    }
}

fn sorted<T: Ord>(items: impl Iterator<Item = T>) -> Vec<T> {
    let mut items: Vec<T> = items.collect();
    items.sort_unstable();
    items.dedup();
    items
}

/// Whether the endpoint is an address that the host itself holds, from which it can send.
pub(crate) fn is_own(snapshot: &Snapshot, endpoint: &Endpoint) -> bool {
    match endpoint {
        Endpoint::Interface { interface, address } => {
            snapshot.interfaces().get(*interface).holds(*address)
        }
        Endpoint::Office { .. } | Endpoint::Internet { .. } => true,
        Endpoint::Unknown { .. } => false,
    }
}

fn endpoints_by_interface(engine: &Engine<'_>) -> BTreeMap<Index<NetworkInterface>, Vec<Endpoint>> {
    let mut endpoints: BTreeMap<Index<NetworkInterface>, Vec<Endpoint>> = BTreeMap::new();
    for endpoint in engine.classes().flat_map(|(_, class)| &class.endpoints) {
        if let Endpoint::Interface { interface, .. } = endpoint {
            endpoints.entry(*interface).or_default().push(*endpoint);
        }
    }
    for found in endpoints.values_mut() {
        found.sort_unstable();
    }
    endpoints
}

fn number(mut hosts: Vec<Host>, cells: BTreeMap<CellKey, Vec<HostId>>) -> (Vec<Host>, Vec<Cell>) {
    let mut numbered = Vec::with_capacity(cells.len());
    for (number, (key, members)) in cells.into_iter().enumerate() {
        for member in &members {
            if let Some(host) = hosts.get_mut(member.0) {
                host.cell = CellId(number);
            }
        }
        let CellKey {
            role,
            sources,
            targets,
            groups,
            vpc,
        } = key;
        numbered.push(Cell {
            role,
            hosts: members,
            sources,
            targets,
            groups,
            vpc,
        });
    }
    (hosts, numbered)
}
