//! Transit gateways.

use model::{
    AttachmentResource, Link, ResourceState, RouteState, Subnet, TransitGateway,
    TransitGatewayAttachment, TransitGatewayRoute, TransitGatewayRouteKind,
    TransitGatewayRouteTable,
};

use super::block::destination;
use super::build::{Block, Builder};
use super::words::{Result, Words};

pub(super) fn gateway(builder: &mut Builder, words: &mut Words<'_>) -> Result {
    let id = words.need("the gateway's name")?;
    let mut gateway = TransitGateway {
        id: id.into(),
        name: Some(id.into()),
        owner: builder.account.clone(),
        region: builder.region.clone(),
        state: ResourceState::Available,
        group_referencing: false,
        origin: words.origin(),
    };
    while let Some(word) = words.next() {
        match word {
            "references" => gateway.group_referencing = true,
            "unavailable" => gateway.state = ResourceState::Unavailable,
            other => return Err(words.unknown(other)),
        }
    }
    builder.parts.transit_gateways.push(gateway);
    Ok(())
}

pub(super) fn attachment(builder: &mut Builder, words: &mut Words<'_>) -> Result {
    let id = words.need("the attachment's name")?;
    let mut attachment = TransitGatewayAttachment {
        id: id.into(),
        name: Some(id.into()),
        gateway: Link::to(words.need("the attachment's gateway")?),
        resource: resource(words)?,
        state: ResourceState::Available,
        association: None,
        association_known: true,
        appliance_mode: false,
        group_referencing: true,
        ipv6: false,
        translates: false,
        origin: words.origin(),
    };
    while let Some(word) = words.next() {
        match word {
            "table" => {
                let table = words.need("a table")?;
                attachment.association_known = table != "unknown";
                attachment.association = (table != "unknown").then(|| Link::to(table));
            }
            "appliance" => attachment.appliance_mode = true,
            "noreferences" => attachment.group_referencing = false,
            "ipv6" => attachment.ipv6 = true,
            "nat" => attachment.translates = true,
            "unavailable" => attachment.state = ResourceState::Unavailable,
            other => return Err(words.unknown(other)),
        }
    }
    builder.parts.transit_attachments.push(attachment);
    Ok(())
}

fn resource(words: &mut Words<'_>) -> Result<AttachmentResource> {
    let kind = words.need("what is attached")?;
    let id = words.need("the name of what is attached")?;
    Ok(match kind {
        "vpc" => AttachmentResource::Vpc {
            vpc: Link::to(id),
            subnets: attached_subnets(words)?,
        },
        "peering" => AttachmentResource::Peering(Link::to(id)),
        "vpn" => AttachmentResource::Vpn(Link::to(id)),
        "dx" => AttachmentResource::DirectConnect(id.into()),
        "other" => AttachmentResource::Other {
            kind: id.into(),
            id: words.need("an id")?.into(),
        },
        other => return Err(words.unknown(other)),
    })
}

/// The subnets of an attachment to a VPC: `-` for none, `?` if they are not told.
pub(super) fn attached_subnets(words: &mut Words<'_>) -> Result<Option<Vec<Link<Subnet>>>> {
    let mut names = words.names()?;
    let is_known = names.first() != Some(&"?");
    names.retain(|name| *name != "-");
    Ok(is_known.then(|| names.into_iter().map(Link::to).collect()))
}

pub(super) fn table(builder: &mut Builder, words: &mut Words<'_>) -> Result {
    let id = words.need("the table's name")?;
    let mut table = TransitGatewayRouteTable {
        id: id.into(),
        name: Some(id.into()),
        gateway: Link::to(words.need("the table's gateway")?),
        routes: Vec::new(),
        static_known: true,
        propagated_known: false,
        propagations: Some(Vec::new()),
        origin: words.origin(),
    };
    while let Some(word) = words.next() {
        match word {
            "static-unknown" => table.static_known = false,
            "propagated-listed" => table.propagated_known = true,
            "propagations-unknown" => table.propagations = None,
            other => return Err(words.unknown(other)),
        }
    }
    builder.parts.transit_route_tables.push(table);
    builder.block = Some(Block::TransitTable);
    Ok(())
}

pub(super) fn route(builder: &mut Builder, words: &mut Words<'_>) -> Result {
    let destination = destination(words)?;
    let names = words.names()?;
    let is_blackhole = names.first() == Some(&"blackhole");
    let kind = if words.skip("propagated") {
        TransitGatewayRouteKind::Propagated
    } else {
        TransitGatewayRouteKind::Static
    };
    let route = TransitGatewayRoute {
        destination,
        attachments: if is_blackhole {
            Vec::new()
        } else {
            names.into_iter().map(Link::to).collect()
        },
        state: if is_blackhole {
            RouteState::Blackhole
        } else {
            RouteState::Active
        },
        kind,
        origin: words.origin(),
    };
    if let Some(table) = builder.parts.transit_route_tables.last_mut() {
        table.routes.push(route);
    }
    Ok(())
}

pub(super) fn propagate(builder: &mut Builder, words: &mut Words<'_>) -> Result {
    let names = words.names()?;
    let is_open = builder.block == Some(Block::TransitTable);
    let table = builder.parts.transit_route_tables.last_mut();
    let Some(table) = table.filter(|_| is_open) else {
        return Err(words.error("this line belongs to a transit gateway's table"));
    };
    let propagations = table.propagations.get_or_insert_default();
    propagations.extend(names.into_iter().map(Link::to));
    Ok(())
}
