//! Endpoints in VPCs, and the services behind them.

use model::{EndpointConnection, Link, VpcEndpoint, VpcEndpointKind, VpcEndpointService};

use super::build::{Block, Builder, some};
use super::gateways::state;
use super::words::{Result, Words};

/// The words for kinds of endpoints.
const KINDS: &[(&str, VpcEndpointKind)] = &[
    ("interface", VpcEndpointKind::Interface),
    ("gateway", VpcEndpointKind::Gateway),
    ("gwlb", VpcEndpointKind::GatewayLoadBalancer),
    ("resource", VpcEndpointKind::Resource),
    ("network", VpcEndpointKind::ServiceNetwork),
];

fn kind(word: &str) -> VpcEndpointKind {
    let known = KINDS.iter().find(|(known, _)| *known == word);
    known.map_or_else(
        || VpcEndpointKind::Other(word.into()),
        |(_, kind)| kind.clone(),
    )
}

/// The word for a kind of endpoint.
pub(super) fn kind_word(kind: &VpcEndpointKind) -> &str {
    match kind {
        VpcEndpointKind::Other(word) => word,
        known => KINDS
            .iter()
            .find(|(_, kind)| kind == known)
            .map_or("interface", |(word, _)| word),
    }
}

pub(super) fn endpoint(builder: &mut Builder, words: &mut Words<'_>) -> Result {
    let id = words.need("the endpoint's name")?;
    let kind = kind(words.need("a kind of endpoint")?);
    let vpc = Link::to(words.need("the endpoint's VPC")?);
    let service = some(words.need("a service, or `-`")?).unwrap_or_default();
    let mut endpoint = VpcEndpoint {
        id: id.into(),
        name: Some(id.into()),
        owner: builder.account.clone(),
        region: builder.region.clone(),
        kind,
        service: service.into(),
        resource: None,
        state: model::ResourceState::Available,
        vpc,
        subnets: Vec::new(),
        groups: Vec::new(),
        interfaces: Vec::new(),
        route_tables: Vec::new(),
        origin: words.origin(),
    };
    while let Some(word) = words.next() {
        match word {
            "nodes" => endpoint.interfaces = words.names()?.into_iter().map(Link::to).collect(),
            "subnets" => endpoint.subnets = words.names()?.into_iter().map(Link::to).collect(),
            "groups" => endpoint.groups = words.names()?.into_iter().map(Link::to).collect(),
            "resource" => endpoint.resource = Some(words.need("a resource")?.into()),
            "unavailable" => endpoint.state = model::ResourceState::Unavailable,
            other => return Err(words.unknown(other)),
        }
    }
    builder.parts.vpc_endpoints.push(endpoint);
    Ok(())
}

pub(super) fn service(builder: &mut Builder, words: &mut Words<'_>) -> Result {
    let id = words.need("the service's id")?;
    let service = words.need("the service's name")?;
    words.literal("balancers")?;
    let balancers = words.names()?;
    builder.parts.endpoint_services.push(VpcEndpointService {
        id: id.into(),
        name: Some(id.into()),
        owner: builder.account.clone(),
        region: builder.region.clone(),
        service: service.into(),
        state: state(words),
        load_balancers: balancers.into_iter().map(Link::to).collect(),
        connections: Vec::new(),
        origin: words.origin(),
    });
    builder.block = Some(Block::EndpointService);
    Ok(())
}

pub(super) fn connection(builder: &mut Builder, words: &mut Words<'_>) -> Result {
    let endpoint = words.need("an endpoint")?.into();
    let connection = EndpointConnection {
        endpoint,
        state: state(words),
    };
    let is_open = builder.block == Some(Block::EndpointService);
    let services = &mut builder.parts.endpoint_services;
    let Some(service) = services.last_mut().filter(|_| is_open) else {
        return Err(words.error("this line belongs to a service"));
    };
    service.connections.push(connection);
    Ok(())
}
