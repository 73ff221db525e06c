//! Where something is known to listen.
//!
//! Groups say what is allowed, not what runs. What tells that a process listens: a load balancer that sends to a port of
//! a target, the service that an interface belongs to, and what the user declares.

use std::collections::BTreeMap;

use model::{Index, NetworkInterface, OwnerKind};
use packet::{PacketSet, PortSet, Protocol};

use crate::front::{Door, Front, Reach};
use crate::host::HostId;
use crate::landscape::{Landscape, Selection};
use crate::owner::Nature;

/// The services at which something is known to listen, by interface.
///
/// It holds for every snapshot with the same interfaces: a change of rules leaves it true.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Listening {
    on: BTreeMap<Index<NetworkInterface>, PacketSet>,
    /// How many hosts that could fall have nothing of which it is known that it listens.
    n_untold: usize,
}

impl Listening {
    /// What the network tells, and what the user declares of some hosts.
    ///
    /// - Behind a load balancer, a target listens where it is sent to; a node of one at its listeners, or at any
    ///   service if the input does not tell them all.
    /// - A managed service listens at the ports that are usual for it; at any service if none are.
    /// - Of all other hosts nothing is known but what is declared.
    pub fn of(landscape: &Landscape<'_>, declared: &[(Selection, PacketSet)]) -> Self {
        let mut listening = Self {
            on: BTreeMap::new(),
            n_untold: 0,
        };
        listening.add_services(landscape);
        for front in landscape.fronts() {
            listening.add_front(landscape, front);
        }
        for (hosts, services) in declared {
            let endpoints = landscape.endpoints(hosts);
            let hosts = endpoints.iter().filter_map(|one| landscape.host_of(one));
            for host in hosts {
                listening.add(landscape, host, services);
            }
        }
        let hosts = landscape.hosts();
        let untold = hosts.filter(|(id, host)| {
            host.owner.role.nature() == Nature::Pivot && listening.on(landscape, *id).is_empty()
        });
        listening.n_untold = untold.count();
        listening
    }

    /// How many hosts that could fall have nothing of which it is known that it listens.
    pub const fn n_untold(&self) -> usize {
        self.n_untold
    }

    /// The services at which something on a host is known to listen.
    pub(crate) fn on(&self, landscape: &Landscape<'_>, host: HostId) -> PacketSet {
        let interfaces = landscape.host(host).interfaces.iter();
        let known = interfaces.filter_map(|interface| self.on.get(interface));
        known.fold(PacketSet::empty(), |all, one| all.union(one))
    }

    /// What listens on a host does so on all of its interfaces.
    fn add(&mut self, landscape: &Landscape<'_>, host: HostId, services: &PacketSet) {
        for interface in &landscape.host(host).interfaces {
            let known = self.on.entry(*interface).or_insert(PacketSet::empty());
            *known = known.union(services);
        }
    }

    fn add_services(&mut self, landscape: &Landscape<'_>) {
        for (id, host) in landscape.hosts() {
            if host.owner.role.nature() == Nature::Prize {
                let interfaces = host.interfaces.iter();
                let kinds = interfaces.map(|interface| {
                    let interface = landscape.snapshot().interfaces().get(*interface);
                    interface.owner().kind
                });
                let services = kinds.map(usual).reduce(|all, one| all.union(&one));
                self.add(landscape, id, &services.unwrap_or(PacketSet::full()));
            }
        }
    }

    fn add_front(&mut self, landscape: &Landscape<'_>, front: &Front) {
        for node in &front.nodes {
            let doors = front.doors.iter();
            let doors = doors.filter(|door| door.node == Some(*node));
            let takes = doors.map(|door| door.takes.clone());
            let takes = if front.is_whole {
                takes.fold(PacketSet::empty(), |all, one| all.union(&one))
            } else {
                PacketSet::full()
            };
            let known = self.on.entry(*node).or_insert(PacketSet::empty());
            *known = known.union(&takes);
        }
        for Door { behind, .. } in &front.doors {
            if let Reach::Targets(targets) = behind {
                for target in targets {
                    if let Some(host) = landscape.host_of(&target.to) {
                        self.add(landscape, host, &target.sends);
                    }
                }
            }
        }
    }
}

/// What a service of AWS usually answers; everything where that is not known, or not TCP alone.
fn usual(kind: OwnerKind) -> PacketSet {
    let ports = kind.usual_ports();
    if ports.is_empty() || kind == OwnerKind::DirectoryService {
        return PacketSet::full();
    }
    let ports = ports.iter().map(|port| PortSet::range(*port, *port));
    let ports = ports.reduce(|all, one| all.union(&one));
    ports.map_or(PacketSet::empty(), |ports| {
        PacketSet::to_ports(Protocol::TCP, &ports)
    })
}
