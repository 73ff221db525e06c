//! The targets of a node (`load-balancers.md`, section 2).

use std::net::IpAddr;

use model::{
    AccountId, Attribute, Index, Instance, Link, LoadBalancer, NetworkInterface, Subnet, Target,
    TargetGroup, TargetHealth, TargetName, TargetZone, Zone,
};

use super::Node;
use crate::network::Holder;
use crate::semantics::Semantics;
use crate::semantics::transit::is_zone_id;

/// Somebody that a node may send to.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    /// Where packets are sent; `None` if the input does not tell.
    pub(super) aim: Option<Aim>,
    /// Whether the node does send to it, or only perhaps.
    pub(super) is_doubtful: bool,
}

/// Where packets are sent.
#[derive(Debug, Clone, Copy)]
pub(super) struct Aim {
    pub(super) address: IpAddr,
    pub(super) port: u16,
    /// The only interface of the group's VPC that holds the address.
    pub(super) holder: Option<Index<NetworkInterface>>,
}

/// Who a target stands for.
struct Stand {
    /// The interface, if the snapshot has it.
    holder: Option<Index<NetworkInterface>>,
    address: Option<IpAddr>,
}

/// Whether a node sends to a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Nearness {
    Near,
    Perhaps,
    Far,
}

/// The zone of a target.
enum Where {
    In(Index<Subnet>),
    /// As the registration tells, in terms of this account.
    Told(Zone, Option<AccountId>),
    Everywhere,
    Unknown,
}

impl Semantics<'_> {
    /// Everybody of a group that a node may send to.
    pub(super) fn candidates(&self, group: &TargetGroup, node: Node<'_>) -> Vec<Candidate> {
        let mut found = Vec::new();
        if let Some(vpc) = group.vpc.as_ref().and_then(Link::target) {
            self.ask_about(vpc);
        }
        for target in &group.targets {
            for stand in self.stands(target, group) {
                let nearness = self.nearness(&stand, target, group, node);
                if nearness != Nearness::Far {
                    found.push((stand, target, nearness));
                }
            }
        }
        let is_well =
            |(_, target, _): &(Stand, &Target, Nearness)| target.health != TargetHealth::Unhealthy;
        let some_are_well = !group.targets_known || found.iter().any(is_well);
        let candidates = found.into_iter().map(|(stand, target, nearness)| {
            let port = target.port.or(group.port);
            let aim = stand.address.zip(port).map(|(address, port)| Aim {
                address,
                port,
                holder: self.holder_in_group(address, group),
            });
            let is_ill = some_are_well && target.health == TargetHealth::Unhealthy;
            Candidate {
                aim,
                is_doubtful: is_ill || nearness == Nearness::Perhaps,
            }
        });
        let untold = (!group.targets_known).then_some(Candidate {
            aim: None,
            is_doubtful: false,
        });
        candidates.chain(untold).collect()
    }

    fn stands(&self, target: &Target, group: &TargetGroup) -> Vec<Stand> {
        match &target.name {
            TargetName::Instance(instance) => {
                vec![self.stand(self.primary_interface(instance), group)]
            }
            TargetName::Address(address) => vec![Stand {
                holder: self.holder_in_group(*address, group),
                address: Some(*address),
            }],
            TargetName::LoadBalancer(link) => self.stands_of_balancer(link, group),
            TargetName::Function(_) => Vec::new(),
        }
    }

    fn stand(&self, holder: Option<Index<NetworkInterface>>, group: &TargetGroup) -> Stand {
        let interface = holder.map(|index| self.snapshot().interfaces().get(index));
        if let Some(vpc) = interface.and_then(|interface| interface.vpc.target()) {
            self.ask_about(vpc);
        }
        Stand {
            holder,
            address: interface.and_then(|interface| interface.primary(group.family)),
        }
    }

    /// The interface with the lowest place at an instance, if it is known to be the first.
    fn primary_interface(&self, instance: &Link<Instance>) -> Option<Index<NetworkInterface>> {
        let interfaces = self.network.interfaces_of(instance.id());
        let index_of =
            |index: Index<NetworkInterface>| self.snapshot().interfaces().get(index).device_index;
        let first = interfaces.iter().find(|index| index_of(**index) == Some(0));
        match interfaces {
            [only] if index_of(*only).is_none() => Some(*only),
            _ => first.copied(),
        }
    }

    fn holder_in_group(
        &self,
        address: IpAddr,
        group: &TargetGroup,
    ) -> Option<Index<NetworkInterface>> {
        let vpc = group.vpc.as_ref()?.target()?;
        match self.network.holders(vpc, address).as_ref() {
            [Holder::Interface(interface)] => Some(*interface),
            _ => None,
        }
    }

    fn stands_of_balancer(&self, link: &Link<LoadBalancer>, group: &TargetGroup) -> Vec<Stand> {
        let balancer = link
            .target()
            .map(|index| self.snapshot().load_balancers().get(index));
        let nodes = balancer.map_or(&[][..], |balancer| &balancer.nodes);
        let stands: Vec<Stand> = nodes
            .iter()
            .filter_map(Link::target)
            .map(|node| self.stand(Some(node), group))
            .collect();
        if stands.is_empty() {
            return vec![self.stand(None, group)];
        }
        stands
    }

    fn nearness(
        &self,
        stand: &Stand,
        target: &Target,
        group: &TargetGroup,
        node: Node<'_>,
    ) -> Nearness {
        let zone = self.zone_of(stand, target, group);
        let own = node.place.map(|place| place.subnet);
        let within = match self.is_in_zone(&zone, own) {
            Some(true) => Nearness::Near,
            Some(false) => Nearness::Far,
            None => Nearness::Perhaps,
        };
        let across = if self.is_enabled(&zone, node.balancer) {
            Nearness::Near
        } else {
            Nearness::Far
        };
        match (crosses_zones(group, node.balancer), within) {
            (Some(true), _) => across,
            (None, Nearness::Far) if across == Nearness::Near => Nearness::Perhaps,
            (Some(false) | None, within) => within,
        }
    }

    fn zone_of(&self, stand: &Stand, target: &Target, group: &TargetGroup) -> Where {
        let subnet = match stand.holder {
            Some(holder) => self.snapshot().interfaces().get(holder).subnet.target(),
            None => self.subnet_around(stand, group),
        };
        match (&target.zone, subnet) {
            (TargetZone::All, _) => Where::Everywhere,
            (_, Some(subnet)) => Where::In(subnet),
            (TargetZone::Zone(zone), None) => Where::Told(zone.clone(), group.owner.clone()),
            (TargetZone::Untold, None) if self.is_outside(stand, group) => Where::Everywhere,
            (TargetZone::Untold, None) => Where::Unknown,
        }
    }

    /// The subnet of its group's VPC that an address lies in which nobody holds alone.
    fn subnet_around(&self, stand: &Stand, group: &TargetGroup) -> Option<Index<Subnet>> {
        let vpc = group.vpc.as_ref().and_then(Link::target)?;
        let address = stand.address?;
        let mut subnets = self.snapshot().subnets().iter();
        let around = subnets.find(|(_, subnet)| subnet.vpc.is(vpc) && subnet.contains(address));
        around.map(|(index, _)| index)
    }

    /// Whether a target is an address that nobody of its group's VPC holds.
    fn is_outside(&self, stand: &Stand, group: &TargetGroup) -> bool {
        let vpc = group.vpc.as_ref().and_then(Link::target);
        let place = vpc.zip(stand.address).filter(|_| stand.holder.is_none());
        place.is_some_and(|(vpc, address)| self.network.holders(vpc, address).is_empty())
    }

    /// Whether a target is in the zone of a subnet, if the input tells; one that is everywhere is.
    fn is_in_zone(&self, zone: &Where, of: Option<Index<Subnet>>) -> Option<bool> {
        match zone {
            Where::Everywhere => Some(true),
            Where::Unknown => None,
            Where::In(subnet) => self.is_same_zone(of?, *subnet),
            Where::Told(zone, account) => {
                let subnet = self.snapshot().subnets().get(of?);
                let own = subnet.zone.as_ref()?;
                let is_comparable = match (is_zone_id(own), is_zone_id(zone)) {
                    (true, true) => true,
                    (false, false) => {
                        subnet.owner.is_none() || account.is_none() || subnet.owner == *account
                    }
                    (true, false) | (false, true) => false,
                };
                is_comparable.then_some(own == zone)
            }
        }
    }

    /// Whether the load balancer is, or may be, enabled in the zone of a target.
    fn is_enabled(&self, zone: &Where, balancer: &LoadBalancer) -> bool {
        let mut zones = balancer.zones.iter();
        matches!(zone, Where::Everywhere | Where::Unknown)
            || balancer.zones.is_empty()
            || zones.any(|enabled| self.is_in_zone(zone, enabled.subnet.target()) != Some(false))
    }
}

/// Whether a node sends to targets of other zones, if the input tells.
fn crosses_zones(group: &TargetGroup, balancer: &LoadBalancer) -> Option<bool> {
    match group.cross_zone {
        Attribute::Told(crosses) => Some(crosses),
        Attribute::Default => balancer.cross_zone.or(CROSSES_ZONES),
        Attribute::Unknown => None,
    }
}

/// What Network Load Balancers do where nobody says otherwise.
const CROSSES_ZONES: bool = false;
