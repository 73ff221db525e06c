//! `networkmanager`: `ListAttachments`, `GetVpcAttachment` and `GetNetworkRoutes`.

use model::{
    CoreNetworkAttachment, CoreNetworkResource, CoreNetworkRoute, CoreNetworkTable, Link, Origin,
    ResourceState, RouteState, TransitGatewayRouteKind,
};
use serde::Deserialize;

use super::tags::{Tags, name_of};
use super::{Flag, List, Object, Objects, Text, fields};
use crate::log::{Log, Problem};

/// An attachment, as `ListAttachments` lists it.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Attachment<'a> {
    attachment_id: Text<'a>,
    core_network_id: Text<'a>,
    attachment_type: Text<'a>,
    resource_arn: Text<'a>,
    segment_name: Text<'a>,
    edge_location: Text<'a>,
    state: Text<'a>,
    tags: Tags<'a>,
}

/// An attachment of a VPC with its subnets, as `GetVpcAttachment` tells it.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct VpcAttachment<'a> {
    attachment: Object<Attachment<'a>>,
    subnet_arns: Option<List<'a, Text<'a>>>,
    options: Object<Options>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Options {
    ipv6_support: Flag,
    appliance_mode_support: Flag,
}

/// The segment and edge that routes are of.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct SegmentEdge<'a> {
    core_network_id: Text<'a>,
    segment_name: Text<'a>,
    edge_location: Text<'a>,
}

/// A route of a segment at an edge.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Route<'a> {
    destination_cidr_block: Text<'a>,
    prefix_list_id: Text<'a>,
    destinations: Objects<'a, Destination<'a>>,
    state: Text<'a>,
    r#type: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
struct Destination<'a> {
    core_network_attachment_id: Text<'a>,
}

impl Attachment<'_> {
    pub(crate) fn into_model(
        self,
        at: &Origin,
        log: &mut Log,
    ) -> Result<CoreNetworkAttachment, Problem> {
        let id = self.attachment_id.required("AttachmentId")?;
        let resource = match self.attachment_type.required("AttachmentType")? {
            "VPC" => CoreNetworkResource::Vpc {
                vpc: Link::to(last_of_arn(self.resource_arn.required("ResourceArn")?)),
                subnets: None,
            },
            other => CoreNetworkResource::Other {
                kind: other.into(),
                id: self.resource_arn.get().unwrap_or_default().into(),
            },
        };
        Ok(CoreNetworkAttachment {
            id: id.into(),
            name: name_of(&self.tags, at, log),
            core_network: self.core_network_id.required("CoreNetworkId")?.into(),
            resource,
            segment: self.segment_name.get().map(Into::into),
            edge: self.edge_location.get().map(Into::into),
            state: match self.state.get() {
                Some("AVAILABLE" | "UPDATING") | None => ResourceState::Available,
                Some(_) => ResourceState::Unavailable,
            },
            appliance_mode: false,
            ipv6: None,
            origin: at.clone(),
        })
    }
}

impl VpcAttachment<'_> {
    pub(crate) fn into_model(
        self,
        at: &Origin,
        log: &mut Log,
    ) -> Result<CoreNetworkAttachment, Problem> {
        let bare = self
            .attachment
            .0
            .ok_or_else(|| Problem::missing("Attachment"))?;
        let attachment = bare.into_model(&at.part(format_args!("/Attachment")), log)?;
        let told = self.subnet_arns.as_ref().and_then(|arns| {
            let arns = arns.read(at, "SubnetArns", log);
            let links = arns
                .items
                .iter()
                .filter_map(|(_, arn)| arn.get().map(last_of_arn).map(Link::to));
            arns.is_complete.then(|| links.collect())
        });
        let resource = match attachment.resource {
            CoreNetworkResource::Vpc { vpc, .. } => CoreNetworkResource::Vpc { vpc, subnets: told },
            other @ CoreNetworkResource::Other { .. } => other,
        };
        let options = self.options.get();
        Ok(CoreNetworkAttachment {
            resource,
            appliance_mode: options
                .is_some_and(|options| options.appliance_mode_support.0 == Some(true)),
            ipv6: options.and_then(|options| options.ipv6_support.0),
            ..attachment
        })
    }
}

/// The table of a segment at an edge.
pub(crate) fn table(
    of: &SegmentEdge<'_>,
    routes: &Objects<'_, Route<'_>>,
    at: &Origin,
    log: &mut Log,
) -> Result<CoreNetworkTable, Problem> {
    let inside = |problem: Problem| problem.inside("CoreNetworkSegmentEdge", None);
    let core_network = of
        .core_network_id
        .required("CoreNetworkId")
        .map_err(inside)?;
    let segment = of.segment_name.required("SegmentName").map_err(inside)?;
    let edge = of.edge_location.required("EdgeLocation").map_err(inside)?;
    let subject = "route of a core network cannot be read: ";
    let (routes, is_complete) = routes.take(at, "NetworkRoutes", subject, log, Route::into_model);
    Ok(CoreNetworkTable {
        id: CoreNetworkTable::id_of(core_network, segment, edge),
        name: None,
        core_network: core_network.into(),
        segment: segment.into(),
        edge: edge.into(),
        routes,
        is_complete,
        origin: at.clone(),
    })
}

impl Route<'_> {
    fn into_model(self, at: &Origin, log: &mut Log) -> Result<CoreNetworkRoute, Problem> {
        let block = &self.destination_cidr_block;
        let destination = fields::destination(block, &self.prefix_list_id, at, log)?;
        let state = match self.state.get() {
            Some("ACTIVE") | None => RouteState::Active,
            Some("BLACKHOLE") => RouteState::Blackhole,
            Some(other) => {
                let message = format!("`{other}` is not a state of a route");
                return Err(Problem::at("State", "invalid-state", message));
            }
        };
        let kind = match self.r#type.required("Type")? {
            "STATIC" => TransitGatewayRouteKind::Static,
            "PROPAGATED" => TransitGatewayRouteKind::Propagated,
            other => {
                let message = format!("`{other}` is neither `STATIC` nor `PROPAGATED`");
                return Err(Problem::at("Type", "invalid-type", message));
            }
        };
        let destinations = self.destinations.all(at, "Destinations", log)?;
        let named: Vec<Link<CoreNetworkAttachment>> = destinations
            .iter()
            .filter_map(|(_, to)| to.core_network_attachment_id.get().map(Link::to))
            .collect();
        Ok(CoreNetworkRoute {
            destination,
            leads_elsewhere: named.len() < destinations.len()
                || (named.is_empty() && state == RouteState::Active),
            attachments: named,
            state,
            kind,
            origin: at.clone(),
        })
    }
}

/// The id behind the last slash of an ARN.
pub(crate) fn last_of_arn(arn: &str) -> &str {
    arn.rsplit('/').next().unwrap_or(arn)
}
