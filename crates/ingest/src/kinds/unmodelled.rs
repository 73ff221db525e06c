//! What carries packets, or lets them in, and is not modelled.
//!
//! Lists that are used are never looked for here, so a line goes dead when its mechanism is built.

use serde_json::value::RawValue;

/// The key of a list, and what it lists.
const LISTS: &[(&str, &str)] = &[
    (
        "AttachmentNatConfigurations",
        "NAT rules at attachments of core networks",
    ),
    ("CarrierGateways", "carrier gateways"),
    ("LocalGateways", "local gateways of Outposts"),
    ("OdbNetworks", "networks of Oracle Database@AWS"),
    ("RouteServers", "route servers"),
    ("SecondaryNetworks", "secondary networks"),
    (
        "TransitGatewayMulticastDomains",
        "multicast domains of transit gateways",
    ),
    (
        "TransitGatewayPolicyTables",
        "policy tables of transit gateways",
    ),
];

/// Services of which nothing is read, by the name in file names, and what they bring.
const SERVICES: &[(&str, &str)] = &[
    ("odb", "networks of Oracle Database@AWS"),
    ("vpc-lattice", "networks and services of VPC Lattice"),
];

/// What a list that is not used would bring, if it holds anything that packets depend on.
pub(crate) fn of_list(key: &str, raw: &RawValue) -> Option<&'static str> {
    let (_, what) = LISTS.iter().find(|(known, _)| *known == key)?;
    has_elements(raw).then_some(what)
}

/// What the answers of a service that is not used would bring.
pub(crate) fn of_service<'a>(
    service: &str,
    mut values: impl Iterator<Item = &'a RawValue>,
) -> Option<&'static str> {
    let (_, what) = SERVICES.iter().find(|(known, _)| *known == service)?;
    values.any(has_elements).then_some(what)
}

fn has_elements(raw: &RawValue) -> bool {
    serde_json::from_str::<Vec<&RawValue>>(raw.get()).is_ok_and(|elements| !elements.is_empty())
}
