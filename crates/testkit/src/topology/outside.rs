//! Direct Connect, Client VPN and Cloud WAN.

use model::{
    AuthorizationRule, ClientVpnAssociation, ClientVpnEndpoint, ClientVpnRoute, ClientVpnTarget,
    Completeness, CoreNetworkAttachment, CoreNetworkResource, CoreNetworkRoute, CoreNetworkTable,
    DirectConnectAssociation, DirectConnectGateway, DirectConnectPartner, Link, ResourceState,
    RouteState, TransitGatewayRouteKind, VirtualInterface, VirtualInterfaceKind,
};

use super::block::destination;
use super::build::{Block, Builder};
use super::gateways::state;
use super::transit::attached_subnets;
use super::words::{Result, Words};

pub(super) fn direct_connect_gateway(builder: &mut Builder, words: &mut Words<'_>) -> Result {
    let id = words.need("the gateway's name")?;
    builder
        .parts
        .direct_connect_gateways
        .push(DirectConnectGateway {
            id: id.into(),
            name: Some(id.into()),
            state: state(words),
            origin: words.origin(),
        });
    Ok(())
}

pub(super) fn direct_connect_association(builder: &mut Builder, words: &mut Words<'_>) -> Result {
    let gateway = words.need("the Direct Connect gateway")?;
    let kind = words.need("`vgw`, `tgw` or `other`")?;
    let partner = words.need("the gateway at the VPCs")?;
    let with = match kind {
        "vgw" => DirectConnectPartner::VpnGateway(Link::to(partner)),
        "tgw" => DirectConnectPartner::TransitGateway(Link::to(partner)),
        "other" => DirectConnectPartner::Other(partner.into()),
        other => return Err(words.unknown(other)),
    };
    let state = state(words);
    let is_told = !words.skip("unknown");
    let allowed = words.prefixes();
    builder
        .parts
        .direct_connect_associations
        .push(DirectConnectAssociation {
            id: format!("{gateway}/{partner}").into(),
            name: None,
            gateway: Link::to(gateway),
            with,
            state,
            allowed: is_told.then_some(allowed),
            origin: words.origin(),
        });
    Ok(())
}

pub(super) fn virtual_interface(builder: &mut Builder, words: &mut Words<'_>) -> Result {
    let id = words.need("the interface's name")?;
    let kind = match words.need("`private`, `transit` or `public`")? {
        "private" => VirtualInterfaceKind::Private,
        "transit" => VirtualInterfaceKind::Transit,
        "public" => VirtualInterfaceKind::Public,
        other => return Err(words.unknown(other)),
    };
    let mut interface = VirtualInterface {
        id: id.into(),
        name: Some(id.into()),
        region: builder.region.clone(),
        kind,
        state: ResourceState::Available,
        gateway: None,
        vpn_gateway: None,
        site_link: false,
        origin: words.origin(),
    };
    while let Some(word) = words.next() {
        match word {
            "dxgw" => interface.gateway = Some(Link::to(words.need("a gateway")?)),
            "vgw" => interface.vpn_gateway = Some(Link::to(words.need("a gateway")?)),
            "down" => interface.state = ResourceState::Unavailable,
            "sitelink" => interface.site_link = true,
            other => return Err(words.unknown(other)),
        }
    }
    builder.parts.virtual_interfaces.push(interface);
    Ok(())
}

pub(super) fn client_vpn(builder: &mut Builder, words: &mut Words<'_>) -> Result {
    let id = words.need("the endpoint's name")?;
    let mut endpoint = ClientVpnEndpoint {
        id: id.into(),
        name: Some(id.into()),
        region: builder.region.clone(),
        state: ResourceState::Available,
        clients: None,
        vpc: None,
        groups: Vec::new(),
        by_transit_gateway: false,
        associations: Vec::new(),
        associations_told: Some(Completeness::Complete),
        routes: Vec::new(),
        routes_told: Some(Completeness::Complete),
        rules: Vec::new(),
        rules_told: Some(Completeness::Complete),
        origin: words.origin(),
    };
    while let Some(word) = words.next() {
        match word {
            "vpc" => endpoint.vpc = Some(Link::to(words.need("a VPC")?)),
            "clients" => endpoint.clients = Some(words.prefix()?),
            "groups" => endpoint.groups = words.names()?.into_iter().map(Link::to).collect(),
            "unavailable" => endpoint.state = ResourceState::Unavailable,
            "transit" => endpoint.by_transit_gateway = true,
            "associations-unknown" => endpoint.associations_told = None,
            "routes-unknown" => endpoint.routes_told = None,
            "rules-unknown" => endpoint.rules_told = None,
            other => return Err(words.unknown(other)),
        }
    }
    builder.parts.client_vpn_endpoints.push(endpoint);
    builder.block = Some(Block::ClientVpn);
    Ok(())
}

fn open_endpoint<'a>(
    builder: &'a mut Builder,
    words: &Words<'_>,
) -> Result<&'a mut ClientVpnEndpoint> {
    let is_open = builder.block == Some(Block::ClientVpn);
    let endpoint = builder.parts.client_vpn_endpoints.last_mut();
    endpoint
        .filter(|_| is_open)
        .ok_or_else(|| words.error("this line belongs to a Client VPN endpoint"))
}

pub(super) fn associated(builder: &mut Builder, words: &mut Words<'_>) -> Result {
    let subnet = Link::to(words.need("a subnet")?);
    let state = state(words);
    let via = words.skip("via").then(|| words.names()).transpose()?;
    let interfaces = via.unwrap_or_default().into_iter().map(Link::to).collect();
    open_endpoint(builder, words)?
        .associations
        .push(ClientVpnAssociation {
            subnet,
            state,
            interfaces,
        });
    Ok(())
}

pub(super) fn access(builder: &mut Builder, words: &mut Words<'_>) -> Result {
    let destination = words.prefix()?;
    let group = words.skip("group").then(|| words.need("a group"));
    let rule = AuthorizationRule {
        destination,
        group: group.transpose()?.map(Into::into),
        origin: words.origin(),
    };
    open_endpoint(builder, words)?.rules.push(rule);
    Ok(())
}

pub(super) fn client_route(builder: &mut Builder, words: &mut Words<'_>) -> Result {
    let destination = words.prefix()?;
    let target = match words.need("a subnet, or `clients`")? {
        "clients" => ClientVpnTarget::Clients,
        subnet => ClientVpnTarget::Subnet(Link::to(subnet)),
    };
    let origin = words.origin();
    open_endpoint(builder, words)?.routes.push(ClientVpnRoute {
        destination,
        target,
        origin,
    });
    Ok(())
}

pub(super) fn core_attachment(builder: &mut Builder, words: &mut Words<'_>) -> Result {
    let id = words.need("the attachment's name")?;
    let core_network = words.need("the core network")?;
    let mut attachment = CoreNetworkAttachment {
        id: id.into(),
        name: Some(id.into()),
        core_network: core_network.into(),
        resource: core_resource(words)?,
        segment: None,
        edge: None,
        state: ResourceState::Available,
        appliance_mode: false,
        ipv6: Some(false),
        origin: words.origin(),
    };
    while let Some(word) = words.next() {
        match word {
            "segment" => attachment.segment = Some(words.need("a segment")?.into()),
            "edge" => attachment.edge = Some(words.need("a region")?.into()),
            "appliance" => attachment.appliance_mode = true,
            "ipv6" => attachment.ipv6 = Some(true),
            "ipv6-unknown" => attachment.ipv6 = None,
            "unavailable" => attachment.state = ResourceState::Unavailable,
            other => return Err(words.unknown(other)),
        }
    }
    builder.parts.core_attachments.push(attachment);
    Ok(())
}

fn core_resource(words: &mut Words<'_>) -> Result<CoreNetworkResource> {
    let kind = words.need("what is attached")?;
    let id = words.need("the name of what is attached")?;
    Ok(match kind {
        "vpc" => CoreNetworkResource::Vpc {
            vpc: Link::to(id),
            subnets: attached_subnets(words)?,
        },
        "other" => CoreNetworkResource::Other {
            kind: id.into(),
            id: words.need("an id")?.into(),
        },
        other => return Err(words.unknown(other)),
    })
}

pub(super) fn core_table(builder: &mut Builder, words: &mut Words<'_>) -> Result {
    let core_network = words.need("the core network")?;
    let segment = words.need("the segment")?;
    let edge = words.need("the edge")?;
    builder.parts.core_tables.push(CoreNetworkTable {
        id: CoreNetworkTable::id_of(core_network, segment, edge),
        name: None,
        core_network: core_network.into(),
        segment: segment.into(),
        edge: edge.into(),
        routes: Vec::new(),
        is_complete: !words.skip("incomplete"),
        origin: words.origin(),
    });
    builder.block = Some(Block::CoreTable);
    Ok(())
}

pub(super) fn core_route(builder: &mut Builder, words: &mut Words<'_>) -> Result {
    let destination = destination(words)?;
    let mut names = words.names()?;
    let is_blackhole = names.first() == Some(&"blackhole");
    let n_names = names.len();
    names.retain(|name| *name != "elsewhere" && *name != "blackhole");
    let leads_elsewhere = !is_blackhole && names.len() < n_names;
    let kind = if words.skip("propagated") {
        TransitGatewayRouteKind::Propagated
    } else {
        TransitGatewayRouteKind::Static
    };
    let route = CoreNetworkRoute {
        destination,
        attachments: names.into_iter().map(Link::to).collect(),
        leads_elsewhere,
        state: if is_blackhole {
            RouteState::Blackhole
        } else {
            RouteState::Active
        },
        kind,
        origin: words.origin(),
    };
    if let Some(table) = builder.parts.core_tables.last_mut() {
        table.routes.push(route);
    }
    Ok(())
}
