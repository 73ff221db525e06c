//! Pieces of JSON.

use std::net::Ipv4Addr;

/// The zones of the region: name and id.
pub(crate) const ZONES: [(&str, &str); 3] = [
    ("ap-southeast-2a", "apse2-az1"),
    ("ap-southeast-2b", "apse2-az3"),
    ("ap-southeast-2c", "apse2-az2"),
];
/// The region of everything.
pub(crate) const REGION: &str = "ap-southeast-2";
/// The transit gateway.
pub(crate) const GATEWAY: &str = "tgw-00000000000000001";

/// The elements with commas between them.
pub(crate) fn joined(elements: impl IntoIterator<Item = String>) -> String {
    elements.into_iter().collect::<Vec<_>>().join(",")
}

/// Ids as strings of a list.
pub(crate) fn quoted<'a>(ids: impl IntoIterator<Item = &'a String>) -> String {
    joined(ids.into_iter().map(|id| format!(r#""{id}""#)))
}

/// `[{"Key":"Name","Value":…}]`.
pub(crate) fn tags(name: &str) -> String {
    format!(r#"[{{"Key":"Name","Value":"{name}"}}]"#)
}

/// Groups as interfaces and endpoints name them.
pub(crate) fn worn(groups: &[String]) -> String {
    joined(
        groups
            .iter()
            .map(|group| format!(r#"{{"GroupId":"{group}","GroupName":"{group}"}}"#)),
    )
}

/// An address by its number.
pub(crate) fn v4(number: u32) -> Ipv4Addr {
    Ipv4Addr::from_bits(number)
}

/// A number that is small by construction.
pub(crate) fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
