//! Route tables of transit gateways: their routes, associations and propagations.
//!
//! The answers about one table do not say which gateway it belongs to; [`UNKNOWN_GATEWAY`] stands for it until all
//! answers are there.

use model::{
    Link, Origin, RouteDestination, RouteState, TransitGatewayAttachment, TransitGatewayRoute,
    TransitGatewayRouteKind, TransitGatewayRouteTable,
};
use serde::Deserialize;

use super::{bare, resource, set_association};
use crate::log::{Log, Problem};
use crate::wire::tags::{Tags, name_of};
use crate::wire::{Flag, Object, Objects, Text, fields};

/// The id of a gateway that is yet to be found.
pub(crate) const UNKNOWN_GATEWAY: &str = "";

/// A route table, as `DescribeTransitGatewayRouteTables` lists it: without routes.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Table<'a> {
    transit_gateway_route_table_id: Text<'a>,
    transit_gateway_id: Text<'a>,
    tags: Tags<'a>,
}

/// A route, as `SearchTransitGatewayRoutes` finds it.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Route<'a> {
    destination_cidr_block: Text<'a>,
    prefix_list_id: Text<'a>,
    transit_gateway_attachments: Objects<'a, Member<'a>>,
    r#type: Text<'a>,
    state: Text<'a>,
}

/// An attachment that a table is associated with, propagated from, or routes to.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Member<'a> {
    transit_gateway_attachment_id: Text<'a>,
    resource_type: Text<'a>,
    resource_id: Text<'a>,
    state: Text<'a>,
}

/// A route to a prefix list, as `GetTransitGatewayPrefixListReferences` lists it.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Reference<'a> {
    transit_gateway_route_table_id: Text<'a>,
    prefix_list_id: Text<'a>,
    state: Text<'a>,
    blackhole: Flag,
    transit_gateway_attachment: Object<Member<'a>>,
}

/// The static routes of one table, as Batfish saves them.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct StaticRoutes<'a> {
    transit_gateway_route_table_id: Text<'a>,
    routes: Objects<'a, Route<'a>>,
    additional_routes_available: Flag,
}

/// The propagations of one table, as Batfish saves them.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Propagations<'a> {
    transit_gateway_route_table_id: Text<'a>,
    transit_gateway_route_table_propagations: Objects<'a, Member<'a>>,
}

impl Table<'_> {
    pub(crate) fn into_model(
        self,
        at: &Origin,
        log: &mut Log,
    ) -> Result<TransitGatewayRouteTable, Problem> {
        let id = self
            .transit_gateway_route_table_id
            .required("TransitGatewayRouteTableId")?;
        let gateway = self.transit_gateway_id.required("TransitGatewayId")?;
        Ok(TransitGatewayRouteTable {
            name: name_of(&self.tags, at, log),
            gateway: Link::to(gateway),
            ..table(id, at)
        })
    }
}

impl StaticRoutes<'_> {
    pub(crate) fn into_model(
        self,
        at: &Origin,
        log: &mut Log,
    ) -> Result<TransitGatewayRouteTable, Problem> {
        let id = self
            .transit_gateway_route_table_id
            .required("TransitGatewayRouteTableId")?;
        let mut table = of_routes(id, &self.routes, at, log);
        table.static_known &= self.additional_routes_available.0 != Some(true);
        table.propagated_known = false;
        Ok(table)
    }
}

impl Propagations<'_> {
    pub(crate) fn into_model(
        self,
        at: &Origin,
        log: &mut Log,
    ) -> Result<TransitGatewayRouteTable, Problem> {
        let id = self
            .transit_gateway_route_table_id
            .required("TransitGatewayRouteTableId")?;
        let members = &self.transit_gateway_route_table_propagations;
        Ok(of_propagations(id, members, at, log))
    }
}

impl Reference<'_> {
    /// The table with this one route.
    pub(crate) fn into_model(
        self,
        at: &Origin,
        _: &mut Log,
    ) -> Result<TransitGatewayRouteTable, Problem> {
        let id = self
            .transit_gateway_route_table_id
            .required("TransitGatewayRouteTableId")?;
        let list = self.prefix_list_id.required("PrefixListId")?;
        let is_blackhole = self.blackhole.0 == Some(true);
        let attachment = self.transit_gateway_attachment.get();
        let attachment = attachment.and_then(|member| member.transit_gateway_attachment_id.get());
        let route = TransitGatewayRoute {
            destination: RouteDestination::PrefixList(Link::to(list)),
            attachments: attachment.map(Link::to).into_iter().collect(),
            state: if is_blackhole {
                RouteState::Blackhole
            } else {
                RouteState::Active
            },
            kind: TransitGatewayRouteKind::Static,
            origin: at.clone(),
        };
        let is_gone = self.state.get() == Some("deleting");
        Ok(TransitGatewayRouteTable {
            routes: if is_gone { Vec::new() } else { vec![route] },
            ..table(id, at)
        })
    }
}

/// A table of which nothing is known but that it exists.
fn table(id: &str, at: &Origin) -> TransitGatewayRouteTable {
    TransitGatewayRouteTable {
        id: id.into(),
        name: None,
        gateway: Link::to(UNKNOWN_GATEWAY),
        routes: Vec::new(),
        static_known: false,
        propagated_known: false,
        propagations: None,
        origin: at.clone(),
    }
}

/// The table with the routes that a search for all its routes found.
///
/// The search may have been for static routes only, and nothing in the answer tells. So the propagated ones count as
/// known only if one is there; else they follow from the propagations.
pub(crate) fn of_routes(
    id: &str,
    routes: &Objects<'_, Route<'_>>,
    at: &Origin,
    log: &mut Log,
) -> TransitGatewayRouteTable {
    let subject = format!("route of transit gateway route table `{id}` cannot be read: ");
    let (routes, is_complete) = routes.take(at, "Routes", &subject, log, Route::into_model);
    let routes: Vec<TransitGatewayRoute> = routes.into_iter().flatten().collect();
    let has_propagated = routes
        .iter()
        .any(|route| route.kind == TransitGatewayRouteKind::Propagated);
    TransitGatewayRouteTable {
        routes,
        static_known: is_complete,
        propagated_known: is_complete && has_propagated,
        ..table(id, at)
    }
}

/// The table with the attachments that propagate to it.
pub(crate) fn of_propagations(
    id: &str,
    members: &Objects<'_, Member<'_>>,
    at: &Origin,
    log: &mut Log,
) -> TransitGatewayRouteTable {
    let key = "TransitGatewayRouteTablePropagations";
    let elements = members.objects(at, key, log);
    let mut is_known = elements.is_complete;
    let mut propagations = Vec::with_capacity(elements.items.len());
    for (number, member) in elements.items {
        match (
            member.state.get().unwrap_or("enabled"),
            member.transit_gateway_attachment_id.get(),
        ) {
            ("enabled", Some(attachment)) => propagations.push(Link::to(attachment)),
            ("disabled", _) => {}
            (state, _) => {
                is_known = false;
                let message = format!(
                    "propagation to `{id}` in state `{state}`: the propagations are taken as unknown"
                );
                let at = at.part(format_args!("/{key}/{number}"));
                log.note("propagation-not-in-force", message, at);
            }
        }
    }
    TransitGatewayRouteTable {
        propagations: is_known.then_some(propagations),
        ..table(id, at)
    }
}

impl Route<'_> {
    /// The route; none if it comes or goes.
    fn into_model(
        self,
        at: &Origin,
        log: &mut Log,
    ) -> Result<Option<TransitGatewayRoute>, Problem> {
        let state = match self.state.get() {
            Some("active") | None => RouteState::Active,
            Some("blackhole") => RouteState::Blackhole,
            Some("deleted" | "deleting") => return Ok(None),
            Some(other) => {
                let message = format!("a route in state `{other}` may or may not carry packets");
                return Err(Problem::at("State", "invalid-state", message));
            }
        };
        let kind = match self.r#type.required("Type")? {
            "static" => TransitGatewayRouteKind::Static,
            "propagated" => TransitGatewayRouteKind::Propagated,
            other => {
                let message = format!("`{other}` is neither `static` nor `propagated`");
                return Err(Problem::at("Type", "invalid-type", message));
            }
        };
        // A route that comes from a prefix list names the list beside its own block.
        let block = &self.destination_cidr_block;
        let destination = fields::destination(block, &self.prefix_list_id, at, log)?;
        let key = "TransitGatewayAttachments";
        let mut attachments = Vec::new();
        for (number, member) in self.transit_gateway_attachments.all(at, key, log)? {
            let id = member
                .transit_gateway_attachment_id
                .required("TransitGatewayAttachmentId")
                .map_err(|problem| problem.inside(key, Some(number)))?;
            attachments.push(Link::to(id));
        }
        Ok(Some(TransitGatewayRoute {
            destination,
            attachments,
            state,
            kind,
            origin: at.clone(),
        }))
    }
}

impl Member<'_> {
    /// The attachment with its association to the table.
    pub(crate) fn associated_with(
        self,
        table: &str,
        at: &Origin,
        log: &mut Log,
    ) -> Result<TransitGatewayAttachment, Problem> {
        let id = self
            .transit_gateway_attachment_id
            .required("TransitGatewayAttachmentId")?;
        let resource = resource(
            self.resource_type.required("ResourceType")?,
            self.resource_id.get().unwrap_or_default(),
        );
        let mut attachment = bare(id, Link::to(UNKNOWN_GATEWAY), resource, at);
        set_association(&mut attachment, Some(table), &self.state, at, log);
        Ok(attachment)
    }
}
