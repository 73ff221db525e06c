//! Endpoints that lead through appliances and firewalls.

use model::{
    Index, NetworkFirewall, NetworkInterface, ResourceId, ResourceState, Snapshot, Subnet,
    VpcEndpoint, VpcEndpointKind,
};
use rustc_hash::FxHashMap;

/// An endpoint that routes lead through.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Appliance {
    /// The subnet it stands in, if the input tells.
    pub(crate) subnet: Option<Index<Subnet>>,
    pub(crate) is_available: bool,
    /// The firewall whose endpoint it is.
    pub(crate) firewall: Option<Index<NetworkFirewall>>,
}

/// All such endpoints, by the id that routes name.
pub(crate) fn of(snapshot: &Snapshot) -> FxHashMap<ResourceId, Appliance> {
    let mut appliances = FxHashMap::default();
    let endpoints = snapshot.vpc_endpoints().iter();
    for (_, endpoint) in
        endpoints.filter(|(_, endpoint)| endpoint.kind == VpcEndpointKind::GatewayLoadBalancer)
    {
        let appliance = Appliance {
            subnet: only_subnet(snapshot, endpoint),
            is_available: endpoint.state == ResourceState::Available,
            firewall: None,
        };
        appliances.insert(endpoint.id.clone(), appliance);
    }
    // The first firewall that names an endpoint counts.
    let firewalls: Vec<_> = snapshot.firewalls().iter().collect();
    for (index, firewall) in firewalls.into_iter().rev() {
        for endpoint in firewall.endpoints.iter().rev() {
            let known = snapshot.vpc_endpoints().find(endpoint.id.as_str());
            let known = known.map(|index| snapshot.vpc_endpoints().get(index));
            let appliance = Appliance {
                subnet: endpoint.subnet.target(),
                is_available: known.is_none_or(|it| it.state == ResourceState::Available),
                firewall: Some(index),
            };
            appliances.insert(endpoint.id.clone(), appliance);
        }
    }
    appliances
}

/// The only subnet of an endpoint, or of its interfaces.
fn only_subnet(snapshot: &Snapshot, endpoint: &VpcEndpoint) -> Option<Index<Subnet>> {
    let subnet_of =
        |interface: Index<NetworkInterface>| snapshot.interfaces().get(interface).subnet.target();
    let own = endpoint.subnets.iter().map(model::Link::target);
    let interfaces = endpoint.interfaces.iter();
    let of_interfaces = interfaces.map(|interface| interface.target().and_then(subnet_of));
    let mut found: Vec<Option<Index<Subnet>>> = if endpoint.subnets.is_empty() {
        of_interfaces.collect()
    } else {
        own.collect()
    };
    found.sort_unstable();
    found.dedup();
    match found.as_slice() {
        [only] => *only,
        _ => None,
    }
}
