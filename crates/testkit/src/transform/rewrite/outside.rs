//! Client VPN, entries of services, Direct Connect and Cloud WAN.

use model::{
    AuthorizationRule, ClientVpnAssociation, ClientVpnEndpoint, ClientVpnRoute, ClientVpnTarget,
    CoreNetworkAttachment, CoreNetworkResource, CoreNetworkRoute, CoreNetworkTable,
    DirectConnectAssociation, DirectConnectGateway, DirectConnectPartner, EntryReach,
    EntryResource, EntryTarget, ServiceEntry, VirtualInterface,
};

use super::routes::destination;
use super::{Rewrite, link, links, prefixes};

pub(super) fn entry(entry: &mut ServiceEntry, change: &impl Rewrite) {
    let ServiceEntry {
        id,
        name: _,
        owner: _,
        region: _,
        kind: _,
        state: _,
        vpc,
        subnets,
        groups,
        interfaces,
        reach,
        origin: _,
    } = entry;
    change.id(id);
    links(vpc, change);
    links(subnets, change);
    links(groups, change);
    links(interfaces, change);
    let targets = match reach {
        EntryReach::Targets(targets) => targets.as_mut_slice(),
        EntryReach::Anything { keeps_client: _ } | EntryReach::Untold => &mut [],
    };
    for EntryTarget {
        resource,
        ports: _,
        keeps_client: _,
    } in targets
    {
        match resource {
            EntryResource::Named(id) => change.id(id),
            EntryResource::Block(block) => change.prefix(block),
        }
    }
}

pub(super) fn client_vpn(endpoint: &mut ClientVpnEndpoint, change: &impl Rewrite) {
    let ClientVpnEndpoint {
        id,
        name: _,
        region: _,
        state: _,
        clients,
        vpc,
        groups,
        by_transit_gateway: _,
        associations,
        associations_told: _,
        routes,
        routes_told: _,
        rules,
        rules_told: _,
        origin: _,
    } = endpoint;
    change.id(id);
    prefixes(clients, change);
    links(vpc, change);
    links(groups, change);
    for ClientVpnAssociation {
        subnet,
        state: _,
        interfaces,
    } in associations
    {
        link(subnet, change);
        links(interfaces, change);
    }
    for ClientVpnRoute {
        destination,
        target,
        origin: _,
    } in routes
    {
        change.prefix(destination);
        match target {
            ClientVpnTarget::Subnet(subnet) => link(subnet, change),
            ClientVpnTarget::Clients => {}
        }
    }
    for AuthorizationRule {
        destination,
        group: _,
        origin: _,
    } in rules
    {
        change.prefix(destination);
    }
}

pub(super) fn direct_connect(gateway: &mut DirectConnectGateway, change: &impl Rewrite) {
    let DirectConnectGateway {
        id,
        name: _,
        state: _,
        origin: _,
    } = gateway;
    change.id(id);
}

pub(super) fn association(association: &mut DirectConnectAssociation, change: &impl Rewrite) {
    let DirectConnectAssociation {
        id,
        name: _,
        gateway,
        with,
        state: _,
        allowed,
        origin: _,
    } = association;
    change.id(id);
    link(gateway, change);
    match with {
        DirectConnectPartner::VpnGateway(gateway) => link(gateway, change),
        DirectConnectPartner::TransitGateway(gateway) => link(gateway, change),
        DirectConnectPartner::Other(id) => change.id(id),
    }
    prefixes(allowed.iter_mut().flatten(), change);
}

pub(super) fn virtual_interface(interface: &mut VirtualInterface, change: &impl Rewrite) {
    let VirtualInterface {
        id,
        name: _,
        region: _,
        kind: _,
        state: _,
        gateway,
        vpn_gateway,
        site_link: _,
        origin: _,
    } = interface;
    change.id(id);
    links(gateway, change);
    links(vpn_gateway, change);
}

pub(super) fn core_attachment(attachment: &mut CoreNetworkAttachment, change: &impl Rewrite) {
    let CoreNetworkAttachment {
        id,
        name: _,
        core_network,
        resource,
        segment: _,
        edge: _,
        state: _,
        appliance_mode: _,
        ipv6: _,
        origin: _,
    } = attachment;
    change.id(id);
    change.id(core_network);
    match resource {
        CoreNetworkResource::Vpc { vpc, subnets } => {
            link(vpc, change);
            links(subnets.iter_mut().flatten(), change);
        }
        CoreNetworkResource::Other { kind: _, id } => change.id(id),
    }
}

pub(super) fn core_table(table: &mut CoreNetworkTable, change: &impl Rewrite) {
    let CoreNetworkTable {
        id,
        name: _,
        core_network,
        segment,
        edge,
        routes,
        is_complete: _,
        origin: _,
    } = table;
    change.id(core_network);
    *id = CoreNetworkTable::id_of(core_network.as_str(), segment, edge.as_str());
    for CoreNetworkRoute {
        destination: to,
        attachments,
        leads_elsewhere: _,
        state: _,
        kind: _,
        origin: _,
    } in routes
    {
        destination(to, change);
        links(attachments, change);
    }
}
