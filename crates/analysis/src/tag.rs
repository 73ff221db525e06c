//! Tags of hosts.

use std::sync::Arc;

use crate::host::Host;
use crate::landscape::Landscape;

/// The value of a tag of a host: of the instance, else of its interfaces. Case does not count in the key, and a tag
/// without a value is none.
pub(crate) fn tag_of<'s>(landscape: &Landscape<'s>, host: &Host, wanted: &str) -> Option<&'s str> {
    let snapshot = landscape.snapshot();
    let interfaces = || {
        let interfaces = host.interfaces.iter();
        interfaces.map(|index| snapshot.interfaces().get(*index))
    };
    let instances = interfaces().filter_map(|one| one.instance.as_ref()?.target());
    let of_instances = instances.flat_map(|index| &snapshot.instances().get(index).tags);
    let of_interfaces = interfaces().flat_map(|one| &one.tags);
    value_of(of_instances.chain(of_interfaces), wanted)
}

/// The value of a tag among some.
pub(crate) fn value_of<'t>(
    tags: impl IntoIterator<Item = &'t (Arc<str>, Arc<str>)>,
    wanted: &str,
) -> Option<&'t str> {
    let is_wanted = |tag: &&(Arc<str>, Arc<str>)| {
        tag.0.eq_ignore_ascii_case(wanted) && !tag.1.trim().is_empty()
    };
    let (_, value) = tags.into_iter().find(is_wanted)?;
    Some(value.trim())
}
