//! Answers about groups that become no resources.

use serde_json::value::RawValue;

use super::Beside;
use crate::reading::{ListAt, Reading};
use crate::wire::stale_group::StaleGroup;

/// Groups with stale rules: notes only.
pub(super) fn stale<'a>(
    reading: &mut Reading,
    list: &ListAt<'_>,
    raw: &'a RawValue,
    _: &Beside<'a>,
) {
    reading.each(list, raw, |group: StaleGroup<'_>, at, sink| {
        group.tell(at, sink.log)
    });
}
