//! Whom the targets of a group stand for, and which of them a node sends to.

use std::collections::BTreeMap;
use std::net::IpAddr;

use model::{
    Endpoint, Index, Instance, Link, NetworkInterface, ResourceId, Snapshot, Subnet, Target,
    TargetGroup, TargetHealth, TargetName, TargetZone, Zone,
};
use packet::PacketSet;

use super::Behind;

/// A snapshot with indexes for finding targets.
pub(super) struct Targets<'s> {
    snapshot: &'s Snapshot,
    by_instance: BTreeMap<Index<Instance>, Vec<Index<NetworkInterface>>>,
    by_address: BTreeMap<(&'s ResourceId, IpAddr), Index<NetworkInterface>>,
}

/// A target as a node sees it.
struct Candidate {
    to: Endpoint,
    port: u16,
    /// Whether its zone lets the node send to it, for certain.
    is_surely_near: bool,
    health: TargetHealth,
}

impl<'s> Targets<'s> {
    pub(super) fn of(snapshot: &'s Snapshot) -> Self {
        let mut targets = Self {
            snapshot,
            by_instance: BTreeMap::new(),
            by_address: BTreeMap::new(),
        };
        for (index, interface) in snapshot.interfaces().iter() {
            if let Some(instance) = interface.instance.as_ref().and_then(Link::target) {
                targets.by_instance.entry(instance).or_default().push(index);
            }
            for held in &interface.addresses {
                let key = (interface.vpc.id(), held.address);
                targets.by_address.insert(key, index);
            }
        }
        targets
    }

    /// The addresses at which a node is reached, public ones included.
    pub(super) fn faces(&self, node: Index<NetworkInterface>) -> Vec<Endpoint> {
        let interface = self.snapshot.interfaces().get(node);
        let public = interface.addresses.iter().filter_map(|held| held.public);
        let public = public.map(|address| Endpoint::Interface {
            interface: node,
            address,
        });
        self.own(node).into_iter().chain(public).collect()
    }

    /// The addresses that a node sends from.
    pub(super) fn own(&self, node: Index<NetworkInterface>) -> Vec<Endpoint> {
        let held = self.snapshot.interfaces().get(node).addresses.iter();
        let own = held.map(|held| Endpoint::Interface {
            interface: node,
            address: held.address,
        });
        own.collect()
    }

    /// The targets of a group that a node sends to, or may.
    pub(super) fn behind(
        &self,
        node: Index<NetworkInterface>,
        group: &TargetGroup,
        crosses_zones: Option<bool>,
        sends: impl Fn(u16) -> PacketSet,
    ) -> Vec<Behind> {
        let near = group.targets.iter();
        let near: Vec<Candidate> = near
            .flat_map(|target| self.candidates(node, group, target, crosses_zones))
            .collect();
        // If all are ill, the balancer sends to all.
        let has_well = near.iter().any(|one| one.health != TargetHealth::Unhealthy);
        let behind = near.into_iter().map(|one| Behind {
            is_certain: one.is_surely_near && (one.health != TargetHealth::Unhealthy || !has_well),
            to: one.to,
            sends: sends(one.port),
        });
        behind.collect()
    }

    fn candidates(
        &self,
        node: Index<NetworkInterface>,
        group: &TargetGroup,
        target: &Target,
        crosses_zones: Option<bool>,
    ) -> Vec<Candidate> {
        let Some(port) = target.port.or(group.port) else {
            return Vec::new();
        };
        let found = self.endpoints(group, target).into_iter();
        let near = found.filter_map(|to| {
            let is_here = self.is_in_zone_of(node, &to, &target.zone);
            let is_surely_near = match (crosses_zones, is_here) {
                (Some(true), _) | (_, Some(true)) => true,
                (Some(false), Some(false)) => return None,
                (None, _) | (Some(false), None) => false,
            };
            Some(Candidate {
                to,
                port,
                is_surely_near,
                health: target.health,
            })
        });
        near.collect()
    }

    /// Whom a target stands for, by an address of the group's family.
    fn endpoints(&self, group: &TargetGroup, target: &Target) -> Vec<Endpoint> {
        match &target.name {
            TargetName::Instance(link) => link
                .target()
                .and_then(|instance| self.primary_interface(instance))
                .and_then(|interface| self.primary(interface, group))
                .into_iter()
                .collect(),
            TargetName::Address(address) => vec![self.holder(group, *address)],
            TargetName::LoadBalancer(link) => {
                let nodes = link.target().map(|index| {
                    let balancer = self.snapshot.load_balancers().get(index);
                    balancer.nodes.iter().filter_map(Link::target)
                });
                nodes
                    .into_iter()
                    .flatten()
                    .filter_map(|node| self.primary(node, group))
                    .collect()
            }
            TargetName::Function(_) => Vec::new(),
        }
    }

    fn primary_interface(&self, instance: Index<Instance>) -> Option<Index<NetworkInterface>> {
        let all = self.by_instance.get(&instance)?;
        let place = |index: &&Index<_>| self.snapshot.interfaces().get(**index).device_index;
        let first = all.iter().find(|index| place(index) == Some(0));
        match (first, all.as_slice()) {
            (Some(first), _) | (None, [first]) => Some(*first),
            (None, _) => None,
        }
    }

    fn primary(&self, index: Index<NetworkInterface>, group: &TargetGroup) -> Option<Endpoint> {
        let interface = self.snapshot.interfaces().get(index);
        let address = interface.primary(group.family)?;
        Some(Endpoint::Interface {
            interface: index,
            address,
        })
    }

    /// Whoever holds an address in the VPC of a group; else the office that it lies in.
    fn holder(&self, group: &TargetGroup, address: IpAddr) -> Endpoint {
        let vpc = group.vpc.as_ref().map(Link::id);
        let held = vpc.and_then(|vpc| self.by_address.get(&(vpc, address)));
        if let Some(interface) = held {
            return Endpoint::Interface {
                interface: *interface,
                address,
            };
        }
        let elsewhere: Vec<_> = self.in_any_vpc(address).collect();
        if let [interface] = elsewhere.as_slice() {
            return Endpoint::Interface {
                interface: *interface,
                address,
            };
        }
        let mut offices = self.snapshot.offices().iter();
        let office =
            offices.find(|(_, office)| office.cidrs.iter().any(|cidr| cidr.contains(address)));
        match office {
            Some((office, _)) if elsewhere.is_empty() => Endpoint::Office { office, address },
            Some(_) | None => Endpoint::Unknown { address },
        }
    }

    fn in_any_vpc(&self, address: IpAddr) -> impl Iterator<Item = Index<NetworkInterface>> {
        let holders = self.by_address.iter();
        holders
            .filter(move |((_, held), _)| *held == address)
            .map(|(_, interface)| *interface)
    }

    /// Whether a target is in the zone of a node; `None` if that is not known.
    fn is_in_zone_of(
        &self,
        node: Index<NetworkInterface>,
        to: &Endpoint,
        told: &TargetZone,
    ) -> Option<bool> {
        let here = self.zone_of(node)?;
        match (told, to) {
            (TargetZone::All, _) => Some(true),
            (_, Endpoint::Interface { interface, .. }) => {
                same_zone(here, self.zone_of(*interface)?)
            }
            (TargetZone::Zone(zone), _) => same_zone(here, zone),
            // What stands in no subnet of the group's VPC is sent to from every zone.
            (TargetZone::Untold, _) => Some(true),
        }
    }

    fn zone_of(&self, interface: Index<NetworkInterface>) -> Option<&Zone> {
        let subnet: Index<Subnet> = self.snapshot.interfaces().get(interface).subnet.target()?;
        self.snapshot.subnets().get(subnet).zone.as_ref()
    }
}

/// Whether two zones are one: ids compare with ids, and names with names.
fn same_zone(one: &Zone, other: &Zone) -> Option<bool> {
    let is_id = |zone: &Zone| zone.as_str().contains("-az");
    (is_id(one) == is_id(other)).then(|| one == other)
}
