//! Answers about addresses: Elastic IP addresses, and the entries of prefix lists.

use serde_json::value::RawValue;

use super::{Beside, argument};
use crate::reading::{ListAt, Reading};
use crate::wire::{List, Objects, address, prefix_list};

pub(super) fn addresses<'a>(
    reading: &mut Reading,
    list: &ListAt<'_>,
    raw: &'a RawValue,
    _: &Beside<'a>,
) {
    reading.each(list, raw, |address: address::Address<'_>, at, sink| {
        let address = address.into_model(at, sink.log)?;
        sink.parts.elastic_addresses.extend(address);
        Ok(())
    });
}

pub(super) fn prefix_list_entries<'a>(
    reading: &mut Reading,
    list: &ListAt<'_>,
    raw: &'a RawValue,
    _: &Beside<'a>,
) {
    let Some(id) = argument(reading, list) else {
        return;
    };
    let entries: Objects<'_, prefix_list::Entry<'_>> = List::of(raw);
    let (mut prefix_list, is_complete) =
        prefix_list::of_entries(&id, &entries, &list.at, &mut reading.log);
    if reading.has_more {
        prefix_list.entries = None;
    }
    let count = prefix_list.entries.as_ref().map_or(0, Vec::len);
    reading.parts.prefix_lists.push(prefix_list);
    reading.finish(list, count, is_complete);
}
