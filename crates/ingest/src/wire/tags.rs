//! Tags.

use std::sync::Arc;

use model::Origin;
use serde::Deserialize;

use super::{Objects, Text};
use crate::log::Log;

/// `Tags` or `TagSet`.
pub(crate) type Tags<'a> = Objects<'a, Tag<'a>>;

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Tag<'a> {
    key: Text<'a>,
    value: Text<'a>,
}

/// The tags of a resource, sorted by key.
pub(crate) fn sorted(tags: &Tags<'_>, key: &str, at: &Origin, log: &mut Log) -> SortedTags {
    let elements = tags.objects(at, key, log).items;
    let mut tags: SortedTags = elements
        .into_iter()
        .filter_map(|(_, tag)| {
            Some((
                tag.key.get()?.into(),
                tag.value.get().unwrap_or_default().into(),
            ))
        })
        .collect();
    tags.sort_unstable();
    tags
}

pub(crate) type SortedTags = Vec<(Arc<str>, Arc<str>)>;

/// The value of the `Name` tag.
pub(crate) fn name(tags: &SortedTags) -> Option<Arc<str>> {
    let (_, name) = tags.iter().find(|(key, _)| &**key == "Name")?;
    (!name.is_empty()).then(|| Arc::clone(name))
}

/// The `Name` tag of a resource whose other tags the model does not hold.
pub(crate) fn name_of(tags: &Tags<'_>, at: &Origin, log: &mut Log) -> Option<Arc<str>> {
    name(&sorted(tags, "Tags", at, log))
}
