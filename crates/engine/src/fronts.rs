//! Which interfaces belong to those who stand before others: load balancers and endpoints.

use std::sync::Arc;

use model::{
    Index, InterfaceKind, LoadBalancer, NetworkInterface, ResourceId, Snapshot, TargetName,
    VpcEndpoint, VpcEndpointService,
};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::links::first_of;

/// Lookups by interface, and by the name of a service.
#[derive(Debug)]
pub(crate) struct Fronts {
    nodes: FxHashMap<Index<NetworkInterface>, Index<LoadBalancer>>,
    endpoints: FxHashMap<Index<NetworkInterface>, Index<VpcEndpoint>>,
    services: FxHashMap<Arc<str>, Index<VpcEndpointService>>,
}

impl Fronts {
    pub(crate) fn of(snapshot: &Snapshot) -> Self {
        let balancers = snapshot.load_balancers().iter();
        let endpoints = snapshot.vpc_endpoints().iter();
        let services = snapshot.endpoint_services().iter();
        Self {
            nodes: first_of(balancers.flat_map(|(index, balancer)| {
                let nodes = balancer.nodes.iter();
                nodes.filter_map(move |node| Some((node.target()?, index)))
            })),
            endpoints: first_of(endpoints.flat_map(|(index, endpoint)| {
                let interfaces = endpoint.interfaces.iter();
                interfaces.filter_map(move |interface| Some((interface.target()?, index)))
            })),
            services: first_of(services.map(|(index, service)| (service.service.clone(), index))),
        }
    }

    /// The load balancer that an interface is a node of.
    pub(crate) fn balancer_of(
        &self,
        interface: Index<NetworkInterface>,
    ) -> Option<Index<LoadBalancer>> {
        self.nodes.get(&interface).copied()
    }

    /// The endpoint that an interface belongs to.
    pub(crate) fn endpoint_of(
        &self,
        interface: Index<NetworkInterface>,
    ) -> Option<Index<VpcEndpoint>> {
        self.endpoints.get(&interface).copied()
    }

    /// The service that a provider offers by this name.
    pub(crate) fn service(&self, name: &str) -> Option<Index<VpcEndpointService>> {
        self.services.get(name).copied()
    }
}

/// Whether an interface is that of a load balancer, by what AWS writes on it.
pub(crate) fn looks_like_node(interface: &NetworkInterface) -> bool {
    match &interface.kind {
        InterfaceKind::NetworkLoadBalancer | InterfaceKind::GatewayLoadBalancer => true,
        InterfaceKind::Other(kind) if &**kind == "load_balancer" => true,
        InterfaceKind::Ordinary
        | InterfaceKind::NatGateway
        | InterfaceKind::GatewayLoadBalancerEndpoint
        | InterfaceKind::VpcEndpoint
        | InterfaceKind::TransitGateway
        | InterfaceKind::Lambda
        | InterfaceKind::Other(_) => {
            interface.requester_managed && interface.description.starts_with("ELB ")
        }
    }
}

/// Every interface that a load balancer may send to, with the others of its host.
pub(crate) fn targets(snapshot: &Snapshot) -> FxHashSet<Index<NetworkInterface>> {
    let groups = snapshot.target_groups().rows().iter();
    let names: Vec<&TargetName> = groups
        .flat_map(|group| group.targets.iter().map(|target| &target.name))
        .collect();
    let addresses: FxHashSet<_> = names
        .iter()
        .filter_map(|name| match name {
            TargetName::Address(address) => Some(*address),
            TargetName::Instance(_) | TargetName::Function(_) | TargetName::LoadBalancer(_) => None,
        })
        .collect();
    let mut hosts: FxHashSet<&ResourceId> = names
        .iter()
        .filter_map(|name| match name {
            TargetName::Instance(instance) => Some(instance.id()),
            TargetName::Address(_) | TargetName::Function(_) | TargetName::LoadBalancer(_) => None,
        })
        .collect();
    let is_aim = |interface: &NetworkInterface| {
        let mut held = interface.addresses.iter();
        held.any(|held| addresses.contains(&held.address))
            || (!interface.prefixes.is_empty()
                && addresses.iter().any(|address| interface.holds(*address)))
    };
    let interfaces = snapshot.interfaces();
    let aims: FxHashSet<_> = interfaces
        .iter()
        .filter(|(_, interface)| is_aim(interface))
        .map(|(index, _)| index)
        .collect();
    let instances = interfaces.iter().filter(|(index, _)| aims.contains(index));
    hosts.extend(instances.filter_map(|(_, interface)| Some(interface.instance.as_ref()?.id())));
    let is_on_host = |interface: &NetworkInterface| {
        let instance = interface.instance.as_ref();
        instance.is_some_and(|instance| hosts.contains(instance.id()))
    };
    let on_hosts = interfaces
        .iter()
        .filter(|(_, interface)| is_on_host(interface));
    let on_hosts: Vec<_> = on_hosts.map(|(index, _)| index).collect();
    aims.into_iter().chain(on_hosts).collect()
}
