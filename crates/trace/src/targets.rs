//! The targets that a node of a load balancer passes on to.

use std::net::IpAddr;

use model::{
    Index, Listener, ListenerAction, LoadBalancer, NetworkInterface, Subnet, Target, TargetGroup,
    TargetHealth, TargetName, TargetZone, Vpc, WeightedTargetGroup, Zone,
};
use packet::Family;

use crate::tracer::Holder;
use crate::walk::{Flight, Leads, Next, Stop};
use crate::{Doubt, Reason, Tracer};

/// A packet of a node for one of its targets.
#[derive(Debug, Clone)]
pub(crate) struct Onward {
    pub(crate) node: Index<NetworkInterface>,
    pub(crate) group: Index<TargetGroup>,
    /// Where the target is.
    pub(crate) address: IpAddr,
    pub(crate) port: u16,
    /// Whether AWS may not send to it at all.
    pub(crate) is_doubtful: bool,
}

/// A target as a node sees it.
struct Candidate {
    /// `None` for what the input does not tell where it is.
    address: Result<IpAddr, Doubt>,
    /// The subnet in which it stands, if known.
    subnet: Option<Index<Subnet>>,
    port: u16,
    zone: TargetZone,
    /// Whether it is an address in no subnet of the group's VPC.
    is_outside: bool,
    health: TargetHealth,
}

impl Tracer<'_> {
    /// On from a node to a target of its listeners: the best counts.
    pub(crate) fn pass_on(
        &self,
        flight: &Flight,
        node: Index<NetworkInterface>,
        balancer: Index<LoadBalancer>,
        listeners: &[&Listener],
    ) -> Leads {
        if flight.n_nodes_passed() >= MAX_NODES {
            return Ok(Next::StoppedAt(node, Doubt::TooManyWays.into()));
        }
        let mut choices = Vec::new();
        for weighted in listeners.iter().flat_map(|listener| forwarded(listener)) {
            match weighted.group.target() {
                Some(group) => choices.extend(self.choices(node, balancer, group)),
                None => choices.push(Next::StoppedAt(node, Doubt::TargetsUnknown(node).into())),
            }
        }
        if let Some(wanted) = flight.only_target.filter(|_| flight.n_nodes_passed() == 0) {
            choices.retain(
                |choice| matches!(choice, Next::Target(onward) if onward.address == wanted),
            );
        }
        if choices.is_empty() {
            return Err(Reason::NoTarget(node).into());
        }
        Ok(Next::BestTarget(choices))
    }

    /// The ways on to the targets of one group.
    fn choices(
        &self,
        node: Index<NetworkInterface>,
        balancer: Index<LoadBalancer>,
        index: Index<TargetGroup>,
    ) -> Vec<Next> {
        let group = self.snapshot.target_groups().get(index);
        let all = group.targets.iter();
        let all = all.flat_map(|target| self.candidates_of(group, target));
        let near = all.filter_map(|candidate| {
            let nearness = self.nearness(node, balancer, group, &candidate);
            (nearness != Some(false)).then_some((candidate, nearness.is_none()))
        });
        let near: Vec<(Candidate, bool)> = near.collect();
        let is_well = |candidate: &Candidate| candidate.health != TargetHealth::Unhealthy;
        let some_may_be_well =
            !group.targets_known || near.iter().any(|(candidate, _)| is_well(candidate));
        let onward = |(candidate, is_perhaps): (Candidate, bool)| {
            let is_doubtful = is_perhaps || (some_may_be_well && !is_well(&candidate));
            match candidate.address {
                Err(doubt) => Next::StoppedAt(node, doubt.into()),
                Ok(address) => Next::Target(Onward {
                    node,
                    group: index,
                    address,
                    port: candidate.port,
                    is_doubtful,
                }),
            }
        };
        let unknown = (!group.targets_known).then(|| Stop::from(Doubt::TargetsUnknown(node)));
        let choices = near.into_iter().map(onward);
        let unknown = unknown.map(|stop| Next::StoppedAt(node, stop));
        choices.chain(unknown).collect()
    }

    /// What a target stands for: one address, or each node of a balancer.
    fn candidates_of(&self, group: &TargetGroup, target: &Target) -> Vec<Candidate> {
        let candidate = |address, subnet| Candidate {
            address,
            subnet,
            port: target.port.or(group.port).unwrap_or_default(),
            zone: target.zone.clone(),
            is_outside: false,
            health: target.health,
        };
        let of_interface = |index: Index<NetworkInterface>, name: &str| {
            let interface = self.snapshot.interfaces().get(index);
            let address = interface.primary(group.family);
            let address = address.ok_or_else(|| Doubt::TargetUnknown(name.to_owned()));
            candidate(address, interface.subnet.target())
        };
        let unknown = |name: &str| candidate(Err(Doubt::TargetUnknown(name.to_owned())), None);
        match &target.name {
            TargetName::Function(_) => Vec::new(),
            TargetName::Address(address) => {
                let vpc = group.vpc.as_ref().and_then(model::Link::target);
                let subnet = vpc.and_then(|vpc| self.subnet_around(vpc, *address));
                let is_held = vpc.is_none_or(|vpc| !self.holders_in(vpc, *address).is_empty());
                vec![Candidate {
                    is_outside: subnet.is_none() && !is_held,
                    ..candidate(Ok(*address), subnet)
                }]
            }
            TargetName::Instance(instance) => {
                let name = instance.id().as_str();
                let interface = self.primary_interface(name);
                vec![interface.map_or_else(|| unknown(name), |index| of_interface(index, name))]
            }
            TargetName::LoadBalancer(link) => {
                let name = link.id().as_str();
                let nodes = link.target();
                let nodes = nodes.map(|index| &self.snapshot.load_balancers().get(index).nodes);
                let nodes = nodes.into_iter().flatten().filter_map(model::Link::target);
                let nodes: Vec<_> = nodes.map(|node| of_interface(node, name)).collect();
                if nodes.is_empty() {
                    vec![unknown(name)]
                } else {
                    nodes
                }
            }
        }
    }

    /// The interface by which an instance is a target: the first one, or the only one if no place is told.
    fn primary_interface(&self, instance: &str) -> Option<Index<NetworkInterface>> {
        let of_instance = |interface: &NetworkInterface| {
            let link = interface.instance.as_ref();
            link.is_some_and(|link| link.id().as_str() == instance)
        };
        let all = self.snapshot.interfaces().iter();
        let own: Vec<_> = all
            .filter(|(_, interface)| of_instance(interface))
            .collect();
        let first = own
            .iter()
            .find(|(_, interface)| interface.device_index == Some(0));
        let none_is_told = own
            .iter()
            .all(|(_, interface)| interface.device_index.is_none());
        match (first, own.as_slice()) {
            (Some((index, _)), _) => Some(*index),
            (None, [(index, _)]) if none_is_told => Some(*index),
            (None, _) => None,
        }
    }

    fn subnet_around(&self, vpc: Index<Vpc>, address: IpAddr) -> Option<Index<Subnet>> {
        if let [Holder::Interface(index)] = self.holders_in(vpc, address).as_slice() {
            return self.snapshot.interfaces().get(*index).subnet.target();
        }
        let mut subnets = self.snapshot.subnets().iter();
        let around = subnets.find(|(_, subnet)| subnet.vpc.is(vpc) && subnet.contains(address));
        around.map(|(index, _)| index)
    }

    /// Whether a node sends to a target, as far as zones decide; `None` if that is not known.
    fn nearness(
        &self,
        node: Index<NetworkInterface>,
        index: Index<LoadBalancer>,
        group: &TargetGroup,
        candidate: &Candidate,
    ) -> Option<bool> {
        if is_in_all_zones(candidate) {
            return Some(true);
        }
        let balancer = self.snapshot.load_balancers().get(index);
        let of_group = group.cross_zone;
        let crosses = match of_group {
            model::Attribute::Default => balancer.cross_zone.or(CROSSES_BY_DEFAULT),
            model::Attribute::Told(crosses) => Some(crosses),
            model::Attribute::Unknown => None,
        };
        let home = self.snapshot.interfaces().get(node).subnet.target();
        let is_home = home.and_then(|home| self.target_in_zone_of(candidate, group, home));
        let enabled = balancer.zones.iter();
        let mut enabled = enabled.map(|zone| {
            let subnet = zone.subnet.target();
            subnet.and_then(|subnet| self.target_in_zone_of(candidate, group, subnet))
        });
        let is_enabled = enabled.len() == 0 || enabled.any(|same| same != Some(false));
        match crosses {
            Some(true) => Some(is_enabled),
            Some(false) => is_home,
            None if is_home == Some(true) => Some(true),
            None if is_enabled || is_home.is_none() => None,
            None => Some(false),
        }
    }

    /// Whether a target is in the zone of a subnet; `None` if that is not known.
    fn target_in_zone_of(
        &self,
        candidate: &Candidate,
        group: &TargetGroup,
        subnet: Index<Subnet>,
    ) -> Option<bool> {
        if let Some(own) = candidate.subnet {
            return self.same_zone(own, subnet);
        }
        let TargetZone::Zone(told) = &candidate.zone else {
            return None;
        };
        let subnet = self.snapshot.subnets().get(subnet);
        let zone = subnet.zone.as_ref()?;
        let is_id = |zone: &Zone| crate::transit::is_zone_id(zone.as_str());
        let of_two_accounts =
            group.owner.is_some() && subnet.owner.is_some() && group.owner != subnet.owner;
        match (is_id(told), is_id(zone)) {
            (true, true) => Some(told == zone),
            (false, false) if !of_two_accounts => Some(told == zone),
            _ => None,
        }
    }

    /// The first address of a node, of a family.
    pub(crate) fn address_of_node(
        &self,
        node: Index<NetworkInterface>,
        family: Family,
    ) -> Result<IpAddr, Stop> {
        let address = self.snapshot.interfaces().get(node).primary(family);
        address.ok_or_else(|| Doubt::NodeAddressUnknown(node).into())
    }
}

/// The groups that a listener forwards to: those of no weight only if all are.
fn forwarded(listener: &Listener) -> Vec<&WeightedTargetGroup> {
    let groups = listener.actions.iter().filter_map(|action| match action {
        ListenerAction::Forward(groups) => Some(groups),
        ListenerAction::Other(_) => None,
    });
    let mut groups: Vec<&WeightedTargetGroup> = groups.flatten().collect();
    if groups.iter().any(|group| group.weight != 0) {
        groups.retain(|group| group.weight != 0);
    }
    groups
}

/// Whether every zone sends to the target: registered so, or an address outside the group's VPC.
const fn is_in_all_zones(candidate: &Candidate) -> bool {
    match candidate.zone {
        TargetZone::All => true,
        TargetZone::Zone(_) => false,
        TargetZone::Untold => candidate.is_outside,
    }
}

/// What a Network Load Balancer does where nobody set it.
const CROSSES_BY_DEFAULT: bool = false;

/// More nodes than any sane way passes.
const MAX_NODES: usize = 2;
