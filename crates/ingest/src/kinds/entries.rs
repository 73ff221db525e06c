//! Ways into VPCs that AWS services keep, and the services of which nothing else is used.

use model::ServiceEntry;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{Beside, Used, identity};
use crate::log::{Log, Problem};
use crate::reading::{ListAt, Reading};
use crate::wire::service_entry::{
    EndpointGroup, InstanceConnectEndpoint, VerifiedAccessEndpoint, VpcLink, VpcOrigin,
};
use crate::wire::{Flag, Objects};

macro_rules! entries {
    ($read:ident, $key:literal, $operation:literal, $wire:ty) => {
        Used {
            key: $key,
            operations: &[$operation],
            kind: None,
            is_about_one: false,
            read: |reading, list, raw, _| $read(reading, list, raw, <$wire>::into_model),
        }
    };
}

/// Lists whose keys say what they are.
const USED: &[Used] = &[
    entries!(
        each,
        "InstanceConnectEndpoints",
        "describeinstanceconnectendpoints",
        InstanceConnectEndpoint<'_>
    ),
    entries!(
        each,
        "VerifiedAccessEndpoints",
        "describeverifiedaccessendpoints",
        VerifiedAccessEndpoint<'_>
    ),
    entries!(
        each,
        "EndpointGroups",
        "listendpointgroups",
        EndpointGroup<'_>
    ),
    entries!(one, "VpcOrigin", "getvpcorigin", VpcOrigin<'_>),
    Used {
        key: "VpcOriginList",
        operations: &["listvpcorigins"],
        kind: None,
        is_about_one: false,
        read: origins,
    },
];

/// The list of VPC links of API Gateway, which is called like other lists of the service.
const LINKS: Used = entries!(each, "Items", "getvpclinks", VpcLink<'_>);

/// Services of which only such lists are used.
const SERVICES: &[(&str, &[&str])] = &[
    ("apigateway", &["Items"]),
    ("apigatewayv2", &["Items"]),
    ("cloudfront", &["VpcOrigin", "VpcOriginList"]),
    ("globalaccelerator", &["EndpointGroups"]),
    ("iam", &["RoleDetailList", "Policies"]),
    ("ssm", &["InstanceInformationList"]),
];

/// All of them whose keys say what they are.
pub(super) fn used() -> impl Iterator<Item = &'static Used> {
    USED.iter()
}

/// A list of a service of which nothing else is used.
pub(crate) fn of_service(
    service: &str,
    operation: Option<&str>,
    key: &str,
) -> Option<&'static Used> {
    let (_, keys) = SERVICES.iter().find(|(known, _)| *known == service)?;
    let used = USED.iter().chain(identity::USED).chain([&LINKS]);
    used.into_iter().find(|used| {
        used.key == key
            && keys.contains(&key)
            && operation.is_some_and(|operation| used.operations.contains(&operation))
    })
}

type IntoModel<W> = fn(W, &model::Origin, &mut Log) -> Result<ServiceEntry, Problem>;

fn each<'a, W: Deserialize<'a>>(
    reading: &mut Reading,
    list: &ListAt<'_>,
    raw: &'a RawValue,
    into_model: IntoModel<W>,
) {
    reading.each(list, raw, |element: W, at, sink| {
        let entry = into_model(element, at, sink.log)?;
        sink.parts.service_entries.push(entry);
        Ok(())
    });
}

fn one<'a, W: Deserialize<'a>>(
    reading: &mut Reading,
    list: &ListAt<'_>,
    raw: &'a RawValue,
    into_model: IntoModel<W>,
) {
    reading.one(list, raw, |element: W, at, sink| {
        let entry = into_model(element, at, sink.log)?;
        sink.parts.service_entries.push(entry);
        Ok(())
    });
}

/// `ListVpcOrigins` wraps its list in an object.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
struct Origins<'a> {
    items: Objects<'a, VpcOrigin<'a>>,
    is_truncated: Flag,
}

fn origins<'a>(reading: &mut Reading, list: &ListAt<'_>, raw: &'a RawValue, _: &Beside<'a>) {
    reading.one(list, raw, |origins: Origins<'a>, at, sink| {
        for (number, origin) in origins.items.all(at, "Items", sink.log)? {
            let at = at.part(format_args!("/Items/{number}"));
            let entry = origin.into_model(&at, sink.log)?;
            sink.parts.service_entries.push(entry);
        }
        if origins.is_truncated.0 == Some(true) {
            let message = "the list goes on in pages that are not in this file: it is partial";
            sink.log.warning("truncated-list", message, at.clone());
        }
        Ok(())
    });
}
