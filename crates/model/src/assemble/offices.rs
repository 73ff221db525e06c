//! Office networks: declared by the user, or inferred from static and announced routes.

use std::collections::{BTreeMap, BTreeSet};

use packet::Prefix;

use crate::{
    AttachmentResource, ClientVpnEndpoint, Index, OfficeEvidence, OfficeNetwork, Origin, Resource,
    ResourceId, ResourceState, RouteDestination, RouteOrigin, RouteTarget, Snapshot,
    TransitGatewayAttachment, Uplink, VpnConnection, VpnGateway,
};

/// The declared networks with their uplinks, then an inferred one for each uplink that leads to undeclared blocks,
/// then the clients of each Client VPN endpoint. A default route and one that covers a
/// block of a VPC are summaries that tell of no network: what they lead to is unknown.
///
/// A declared network uses the uplinks whose known blocks overlap its own; if there is none, every uplink that may
/// learn routes which the input does not show.
pub(super) fn find(snapshot: &Snapshot, mut declared: Vec<OfficeNetwork>) -> Vec<OfficeNetwork> {
    let uplinks = uplinks(snapshot);
    for office in &mut declared {
        let overlaps = |known: &BTreeSet<Prefix>| {
            office
                .cidrs
                .iter()
                .any(|cidr| known.iter().any(|k| k.overlaps(cidr)))
        };
        let matching = uplinks
            .iter()
            .filter(|(_, uplink)| overlaps(&uplink.cidrs))
            .map(|(&index, _)| index);
        office.uplinks = matching.collect();
        if office.uplinks.is_empty() {
            office.uplinks = uplinks
                .iter()
                .filter(|(_, uplink)| uplink.learns)
                .map(|(&index, _)| index)
                .collect();
        }
    }
    let is_summary = |cidr: &Prefix| {
        let mut blocks = snapshot.vpcs.rows().iter().flat_map(|vpc| &vpc.cidrs);
        cidr.length() == 0 || blocks.any(|block| cidr.covers(block))
    };
    let mut inferred: BTreeMap<(String, Vec<Prefix>), OfficeNetwork> = BTreeMap::new();
    for (index, uplink) in &uplinks {
        let is_declared = |cidr: &Prefix| {
            declared
                .iter()
                .any(|office| office.cidrs.iter().any(|own| own.covers(cidr)))
        };
        let cidrs: Vec<Prefix> = uplink
            .cidrs
            .iter()
            .filter(|cidr| !is_summary(cidr) && !is_declared(cidr))
            .copied()
            .collect();
        if !cidrs.is_empty() {
            let make = || inferred_office(uplink, cidrs.clone());
            inferred
                .entry((uplink.name.clone(), cidrs.clone()))
                .or_insert_with(make)
                .uplinks
                .push(*index);
        }
    }
    declared.extend(inferred.into_values());
    declared.extend(snapshot.client_vpn_endpoints.iter().filter_map(clients));
    number_names(&mut declared);
    declared.sort_by(|a, b| a.id.cmp(&b.id));
    declared
}

/// The declared networks of a snapshot, as they were declared.
pub(super) fn declared(snapshot: &Snapshot) -> Vec<OfficeNetwork> {
    let offices = snapshot.offices.rows().iter();
    let declared = offices.filter(|office| office.evidence == OfficeEvidence::Declared);
    let mut declared: Vec<OfficeNetwork> = declared.cloned().collect();
    // Of those that share a name, the numbers tell the order.
    declared.sort_by_key(|office| office.id.as_str().len());
    let again = declared.into_iter().map(|office| {
        let name = office.name.unwrap_or_default();
        OfficeNetwork::declared(&name, office.cidrs, office.origin)
    });
    again.collect()
}

/// The network of a Client VPN endpoint's clients.
fn clients(
    (index, endpoint): (Index<ClientVpnEndpoint>, &ClientVpnEndpoint),
) -> Option<OfficeNetwork> {
    Some(OfficeNetwork {
        id: format!("client-vpn:{}", endpoint.id).into(),
        name: Some(endpoint.name().unwrap_or(endpoint.id.as_str()).into()),
        cidrs: vec![endpoint.clients?],
        uplinks: vec![Uplink::ClientVpn(index)],
        evidence: OfficeEvidence::ClientVpn,
        origin: endpoint.origin.clone(),
    })
}

fn inferred_office(uplink: &Known, cidrs: Vec<Prefix>) -> OfficeNetwork {
    let office = OfficeNetwork::declared(&uplink.name, cidrs, uplink.origin.clone());
    OfficeNetwork {
        evidence: OfficeEvidence::Inferred,
        ..office
    }
}

/// Makes the ids of networks that share a name differ.
fn number_names(offices: &mut [OfficeNetwork]) {
    let mut seen: BTreeMap<ResourceId, usize> = BTreeMap::new();
    for office in offices {
        let count = seen.entry(office.id.clone()).or_default();
        *count += 1;
        if *count > 1 {
            office.id = format!("{}-{count}", office.id).into();
        }
    }
}

/// What is known of the network behind an uplink.
struct Known {
    name: String,
    cidrs: BTreeSet<Prefix>,
    /// Whether it may learn routes by BGP that the input does not show.
    learns: bool,
    /// Where the uplink was read.
    origin: Origin,
}

fn uplinks(snapshot: &Snapshot) -> BTreeMap<Uplink, Known> {
    let vpn_gateways = snapshot.vpn_gateways.iter();
    let vpn_gateways = vpn_gateways.map(|(index, gateway)| {
        (
            Uplink::VpnGateway(index),
            behind_vpn_gateway(snapshot, index, gateway),
        )
    });
    let attachments = snapshot.transit_attachments.iter();
    let attachments = attachments.filter_map(|(index, attachment)| {
        behind_attachment(snapshot, index, attachment)
            .map(|known| (Uplink::TransitGateway(index), known))
    });
    vpn_gateways.chain(attachments).collect()
}

fn behind_vpn_gateway(
    snapshot: &Snapshot,
    index: Index<VpnGateway>,
    gateway: &VpnGateway,
) -> Known {
    let ends_here = |connection: &&VpnConnection| {
        connection
            .vpn_gateway
            .as_ref()
            .is_some_and(|link| link.is(index))
            && connection.state == ResourceState::Available
    };
    let connections: Vec<&VpnConnection> = snapshot
        .vpn_connections
        .rows()
        .iter()
        .filter(ends_here)
        .collect();
    let mut cidrs: BTreeSet<Prefix> = connections
        .iter()
        .flat_map(|c| c.static_routes.iter().copied())
        .collect();
    for route in snapshot
        .route_tables
        .rows()
        .iter()
        .flat_map(|table| &table.routes)
    {
        let leads_here = matches!(&route.target, RouteTarget::VpnGateway(link) if link.is(index));
        if let (RouteOrigin::Propagated, true, RouteDestination::Prefix(prefix)) =
            (route.kind, leads_here, &route.destination)
        {
            cidrs.insert(*prefix);
        }
    }
    let learns =
        connections.is_empty() || connections.iter().any(|connection| !connection.static_only);
    Known {
        name: office_name(snapshot, &connections, gateway),
        cidrs,
        learns,
        origin: gateway.origin.clone(),
    }
}

fn behind_attachment(
    snapshot: &Snapshot,
    index: Index<TransitGatewayAttachment>,
    attachment: &TransitGatewayAttachment,
) -> Option<Known> {
    let connection = match &attachment.resource {
        AttachmentResource::Vpn(link) => link
            .target()
            .map(|connection| snapshot.vpn_connections.get(connection)),
        AttachmentResource::DirectConnect(_) => None,
        // Behind these stands what someone declares: their routes tell of no network.
        AttachmentResource::Other { kind, .. }
            if matches!(&**kind, "connect" | "vpn-concentrator") =>
        {
            return Some(Known {
                name: attachment.id.to_string(),
                cidrs: BTreeSet::new(),
                learns: true,
                origin: attachment.origin.clone(),
            });
        }
        AttachmentResource::Vpc { .. }
        | AttachmentResource::Peering(_)
        | AttachmentResource::Other { .. } => return None,
    };
    let mut cidrs: BTreeSet<Prefix> = connection
        .iter()
        .flat_map(|c| c.static_routes.iter().copied())
        .collect();
    for route in snapshot
        .transit_route_tables
        .rows()
        .iter()
        .flat_map(|table| &table.routes)
    {
        if let (true, RouteDestination::Prefix(prefix)) = (
            route.attachments.iter().any(|link| link.is(index)),
            &route.destination,
        ) {
            cidrs.insert(*prefix);
        }
    }
    let connections: Vec<&VpnConnection> = connection.into_iter().collect();
    let learns = connections.iter().all(|connection| !connection.static_only);
    Some(Known {
        name: office_name(snapshot, &connections, attachment),
        cidrs,
        learns,
        origin: attachment.origin.clone(),
    })
}

/// The name of the only customer gateway, else of the only connection, else of the gateway on the AWS side.
fn office_name(
    snapshot: &Snapshot,
    connections: &[&VpnConnection],
    gateway: &impl Resource,
) -> String {
    if let [connection] = connections {
        let device = connection
            .customer_gateway
            .as_ref()
            .and_then(crate::Link::target);
        let device_name = device.and_then(|index| snapshot.customer_gateways.get(index).name());
        if let Some(name) = device_name.or_else(|| connection.name()) {
            return name.to_owned();
        }
    }
    gateway
        .name()
        .unwrap_or_else(|| gateway.id().as_str())
        .to_owned()
}
