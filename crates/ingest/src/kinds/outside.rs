//! Readers of lists that need more than their elements: Client VPN and Cloud WAN.

use model::ClientVpnEndpoint;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::Beside;
use crate::log::{Log, Problem};
use crate::reading::{ListAt, Reading};
use crate::wire::client_vpn::{self, Shares};
use crate::wire::cloud_wan::{Attachment, Route, SegmentEdge, VpcAttachment, table};
use crate::wire::{List, Object};

pub(super) fn target_networks<'a>(
    reading: &mut Reading,
    list: &ListAt<'_>,
    raw: &'a RawValue,
    _: &Beside<'a>,
) {
    share(
        reading,
        list,
        raw,
        client_vpn::TargetNetwork::add_to,
        |endpoint, told| endpoint.associations_told = Some(told),
    );
}

pub(super) fn authorization_rules<'a>(
    reading: &mut Reading,
    list: &ListAt<'_>,
    raw: &'a RawValue,
    _: &Beside<'a>,
) {
    share(
        reading,
        list,
        raw,
        client_vpn::Rule::add_to,
        |endpoint, told| endpoint.rules_told = Some(told),
    );
}

pub(super) fn client_routes(reading: &mut Reading, list: &ListAt<'_>, raw: &RawValue) {
    let list = ListAt {
        kind: None,
        name: "ClientVpnRoutes",
        ..list.clone()
    };
    share(
        reading,
        &list,
        raw,
        client_vpn::Route::add_to,
        |endpoint, told| endpoint.routes_told = Some(told),
    );
}

/// What an element adds to the endpoints that the answer is about.
type Add<W> = fn(W, &mut Shares, &model::Origin, &mut Log) -> Result<(), Problem>;

/// Reads a list of parts of Client VPN endpoints.
fn share<'a, W: Deserialize<'a>>(
    reading: &mut Reading,
    list: &ListAt<'_>,
    raw: &'a RawValue,
    add: Add<W>,
    tell: fn(&mut ClientVpnEndpoint, model::Completeness),
) {
    let argument = reading.argument.as_deref();
    let argument = argument.filter(|id| id.starts_with("cvpn-endpoint-"));
    let mut shares = Shares::of(argument, &list.at);
    let is_whole = reading.each(list, raw, |element: W, at, sink| {
        add(element, &mut shares, at, sink.log)
    });
    let endpoints = shares.told(is_whole, tell);
    reading.parts.client_vpn_endpoints.extend(endpoints);
}

/// Attachments of core networks. Other services have lists of that name: an element without a core network is none.
pub(super) fn core_attachments<'a>(
    reading: &mut Reading,
    list: &ListAt<'_>,
    raw: &'a RawValue,
    _: &Beside<'a>,
) {
    reading.each(list, raw, |attachment: Attachment<'_>, at, sink| {
        let attachment = attachment.into_model(at, sink.log)?;
        sink.parts.core_attachments.push(attachment);
        Ok(())
    });
}

/// One attachment of a VPC, which is an object and no list.
pub(super) fn core_vpc_attachment<'a>(
    reading: &mut Reading,
    list: &ListAt<'_>,
    raw: &'a RawValue,
    _: &Beside<'a>,
) {
    reading.one(list, raw, |attachment: VpcAttachment<'_>, at, sink| {
        let attachment = attachment.into_model(at, sink.log)?;
        sink.parts.core_attachments.push(attachment);
        Ok(())
    });
}

/// The routes of one segment at one edge.
pub(super) fn core_routes<'a>(
    reading: &mut Reading,
    list: &ListAt<'_>,
    raw: &'a RawValue,
    beside: &Beside<'a>,
) {
    let of = beside
        .segment_edge
        .map(|raw| serde_json::from_str::<Object<SegmentEdge<'a>>>(raw.get()));
    let Some(Ok(Object(Some(of)))) = of else {
        let message = "routes of a core network that do not say which segment and edge they are of";
        reading
            .log
            .warning("unnamed-object", message, list.at.clone());
        return reading.ignore("the answer does not tell which segment and edge it is about");
    };
    let routes: List<'a, Object<Route<'a>>> = List::of(raw);
    match table(&of, &routes, &list.at, &mut reading.log) {
        Ok(mut table) => {
            table.is_complete &= !reading.has_more;
            let (count, is_complete) = (table.routes.len(), table.is_complete);
            reading.parts.core_tables.push(table);
            reading.finish(list, count, is_complete);
        }
        Err(problem) => {
            reading.log.problem(problem, "cannot be read: ", &list.at);
            reading.finish(list, 0, false);
        }
    }
}
