//! Answers about attachments and route tables of transit gateways.

use serde_json::value::RawValue;

use super::{Beside, argument, outside};
use crate::reading::{ListAt, Reading};
use crate::wire::transit::table as transit_table;
use crate::wire::{Flag, List, client_vpn, transit};

pub(super) fn transit_attachments<'a>(
    reading: &mut Reading,
    list: &ListAt<'_>,
    raw: &'a RawValue,
    _: &Beside<'a>,
) {
    reading.each(
        list,
        raw,
        |attachment: transit::Attachment<'_>, at, sink| {
            let attachment = attachment.into_model(sink.scope.account.as_ref(), at, sink.log)?;
            sink.parts.transit_attachments.push(attachment);
            Ok(())
        },
    );
}

pub(super) fn transit_peerings<'a>(
    reading: &mut Reading,
    list: &ListAt<'_>,
    raw: &'a RawValue,
    _: &Beside<'a>,
) {
    reading.each(
        list,
        raw,
        |attachment: transit::PeeringAttachment<'_>, at, sink| {
            let sides = attachment.into_model(at, sink.log)?;
            sink.parts.transit_attachments.extend(sides);
            Ok(())
        },
    );
}

/// Routes of a transit gateway or of Client VPN endpoints: both answers call them so.
pub(super) fn routes<'a>(
    reading: &mut Reading,
    list: &ListAt<'_>,
    raw: &'a RawValue,
    beside: &Beside<'a>,
) {
    if client_vpn::are_routes(raw, reading.argument.as_deref()) {
        outside::client_routes(reading, list, raw);
    } else {
        transit_routes(reading, list, raw, beside);
    }
}

pub(super) fn transit_routes<'a>(
    reading: &mut Reading,
    list: &ListAt<'_>,
    raw: &'a RawValue,
    beside: &Beside<'a>,
) {
    let Some(id) = argument(reading, list) else {
        return;
    };
    let routes = List::of(raw);
    let mut table = transit_table::of_routes(&id, &routes, &list.at, &mut reading.log);
    let additional = beside
        .additional_routes
        .map(|raw| serde_json::from_str::<Flag>(raw.get()));
    if reading.has_more || !matches!(additional, None | Some(Ok(Flag(None | Some(false))))) {
        table.static_known = false;
        table.propagated_known = false;
        let message = format!(
            "`{id}` has more routes than the answer holds: what is routed by it is undetermined"
        );
        reading
            .log
            .warning("truncated-list", message, list.at.clone());
    }
    let (count, is_complete) = (table.routes.len(), table.static_known);
    reading.pending.tables.push(table);
    reading.finish(list, count, is_complete);
}

pub(super) fn transit_associations<'a>(
    reading: &mut Reading,
    list: &ListAt<'_>,
    raw: &'a RawValue,
    _: &Beside<'a>,
) {
    let Some(id) = argument(reading, list) else {
        return;
    };
    reading.each(list, raw, |member: transit_table::Member<'_>, at, sink| {
        let attachment = member.associated_with(&id, at, sink.log)?;
        sink.pending
            .associations
            .push((id.as_str().into(), attachment));
        Ok(())
    });
}

pub(super) fn transit_propagations<'a>(
    reading: &mut Reading,
    list: &ListAt<'_>,
    raw: &'a RawValue,
    _: &Beside<'a>,
) {
    let Some(id) = argument(reading, list) else {
        return;
    };
    let mut table = transit_table::of_propagations(&id, &List::of(raw), &list.at, &mut reading.log);
    if reading.has_more {
        table.propagations = None;
    }
    let count = table.propagations.as_ref().map_or(0, Vec::len);
    let is_complete = table.propagations.is_some();
    reading.pending.tables.push(table);
    reading.finish(list, count, is_complete);
}
