//! Links of Direct Connect, Client VPN, Cloud WAN and the entries of services.

use super::Dangling;
use crate::{
    ClientVpnEndpoint, ClientVpnTarget, CoreNetworkResource, DirectConnectPartner, Index, Link,
    NetworkInterface, Resource, ResourceId, RouteDestination, Snapshot, Subnet,
};

/// How the descriptions of a Client VPN endpoint's interfaces begin. Unverified: AWS does not document it.
const CLIENT_VPN_DESCRIPTION: &str = "ClientVPN Endpoint";

pub(super) fn resolve(snapshot: &mut Snapshot, dangling: &mut Dangling) {
    direct_connect(snapshot, dangling);
    core_networks(snapshot, dangling);
    client_vpns(snapshot, dangling);
    service_entries(snapshot, dangling);
    adopt_interfaces(snapshot);
}

fn direct_connect(snapshot: &mut Snapshot, dangling: &mut Dangling) {
    let gateways = snapshot.direct_connect_gateways.ids();
    let (vpn, transit) = (snapshot.vpn_gateways.ids(), snapshot.transit_gateways.ids());
    for association in snapshot.direct_connect_associations.rows_mut() {
        let at = &association.origin;
        let kind = "Direct Connect gateway";
        dangling.distant(&mut association.gateway, gateways, kind, at);
        match &mut association.with {
            DirectConnectPartner::VpnGateway(link) => {
                dangling.distant(link, vpn, "VPN gateway", at);
            }
            DirectConnectPartner::TransitGateway(link) => {
                dangling.distant(link, transit, "transit gateway", at);
            }
            DirectConnectPartner::Other(_) => {}
        }
    }
    for interface in snapshot.virtual_interfaces.rows_mut() {
        let at = &interface.origin;
        if let Some(gateway) = &mut interface.gateway {
            dangling.distant(gateway, gateways, "Direct Connect gateway", at);
        }
        if let Some(gateway) = &mut interface.vpn_gateway {
            dangling.distant(gateway, vpn, "VPN gateway", at);
        }
    }
}

fn core_networks(snapshot: &mut Snapshot, dangling: &mut Dangling) {
    for attachment in snapshot.core_attachments.rows_mut() {
        let at = &attachment.origin;
        if let CoreNetworkResource::Vpc { vpc, subnets } = &mut attachment.resource {
            dangling.distant(vpc, snapshot.vpcs.ids(), "VPC", at);
            for subnet in subnets.iter_mut().flatten() {
                dangling.distant(subnet, snapshot.subnets.ids(), "subnet", at);
            }
        }
    }
    let attachments = snapshot.core_attachments.ids();
    for table in snapshot.core_tables.rows_mut() {
        for route in &mut table.routes {
            if let RouteDestination::PrefixList(list) = &mut route.destination {
                let lists = snapshot.prefix_lists.ids();
                dangling.link(list, lists, "prefix list", &route.origin);
            }
            for link in &mut route.attachments {
                let kind = "core network attachment";
                dangling.distant(link, attachments, kind, &route.origin);
            }
        }
    }
}

fn client_vpns(snapshot: &mut Snapshot, dangling: &mut Dangling) {
    let subnets = snapshot.subnets.ids();
    for endpoint in snapshot.client_vpn_endpoints.rows_mut() {
        let at = &endpoint.origin;
        if let Some(vpc) = &mut endpoint.vpc {
            dangling.distant(vpc, snapshot.vpcs.ids(), "VPC", at);
        }
        for group in &mut endpoint.groups {
            dangling.distant(group, snapshot.groups.ids(), "security group", at);
        }
        for association in &mut endpoint.associations {
            dangling.distant(&mut association.subnet, subnets, "subnet", at);
            for interface in &mut association.interfaces {
                let interfaces = snapshot.interfaces.ids();
                dangling.distant(interface, interfaces, "network interface", at);
            }
        }
        for route in &mut endpoint.routes {
            if let ClientVpnTarget::Subnet(subnet) = &mut route.target {
                dangling.distant(subnet, subnets, "subnet", &route.origin);
            }
        }
    }
}

fn service_entries(snapshot: &mut Snapshot, dangling: &mut Dangling) {
    for entry in snapshot.service_entries.rows_mut() {
        let at = &entry.origin;
        if let Some(vpc) = &mut entry.vpc {
            dangling.distant(vpc, snapshot.vpcs.ids(), "VPC", at);
        }
        for subnet in &mut entry.subnets {
            dangling.distant(subnet, snapshot.subnets.ids(), "subnet", at);
        }
        for group in &mut entry.groups {
            dangling.distant(group, snapshot.groups.ids(), "security group", at);
        }
        for interface in &mut entry.interfaces {
            let interfaces = snapshot.interfaces.ids();
            dangling.distant(interface, interfaces, "network interface", at);
        }
    }
}

/// Gives every association that names no interface those that stand in its subnet and say so: by the endpoint's id,
/// or, if only one endpoint is associated with the subnet, by the words that all of them use.
fn adopt_interfaces(snapshot: &mut Snapshot) {
    let mut found: Vec<(Index<ClientVpnEndpoint>, usize, Vec<Link<NetworkInterface>>)> = Vec::new();
    for (index, endpoint) in snapshot.client_vpn_endpoints.iter() {
        for (number, association) in endpoint.associations.iter().enumerate() {
            if association.interfaces.is_empty()
                && let Some(subnet) = association.subnet.target()
            {
                let interfaces = interfaces_of(snapshot, endpoint, subnet);
                found.push((index, number, interfaces));
            }
        }
    }
    let endpoints = snapshot.client_vpn_endpoints.rows_mut();
    for (index, number, interfaces) in found {
        let endpoint = endpoints.get_mut(index.number());
        if let Some(association) =
            endpoint.and_then(|endpoint| endpoint.associations.get_mut(number))
        {
            association.interfaces = interfaces;
        }
    }
}

fn interfaces_of(
    snapshot: &Snapshot,
    endpoint: &ClientVpnEndpoint,
    subnet: Index<Subnet>,
) -> Vec<Link<NetworkInterface>> {
    let is_there = |other: &&ClientVpnEndpoint| {
        let mut associations = other.associations.iter();
        associations.any(|association| association.subnet.is(subnet))
    };
    let endpoints = snapshot.client_vpn_endpoints.rows().iter();
    let is_alone = endpoints.filter(is_there).count() == 1;
    let id: &ResourceId = endpoint.id();
    let is_meant = |interface: &NetworkInterface| {
        let says_so = interface.description.starts_with(CLIENT_VPN_DESCRIPTION);
        let names_it = interface.description.contains(id.as_str());
        interface.subnet.is(subnet) && (names_it || (is_alone && says_so))
    };
    let interfaces = snapshot.interfaces.iter();
    let meant = interfaces.filter(|(_, interface)| is_meant(interface));
    let link = |(index, interface): (_, &NetworkInterface)| {
        let mut link = Link::to(interface.id.clone());
        link.resolve(Some(index));
        link
    };
    meant.map(link).collect()
}
