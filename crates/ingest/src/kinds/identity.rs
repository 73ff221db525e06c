//! What identities may do, and what Systems Manager manages: services of which little else is used.

use model::Kind;

use super::Used;
use crate::wire::{iam, managed_instance};

macro_rules! list {
    ($key:literal, $operation:literal, $kind:expr, $wire:ty => $list:ident) => {
        Used {
            key: $key,
            operations: &[$operation],
            kind: Some($kind),
            is_about_one: false,
            read: |reading, list, raw, _| {
                reading.each(list, raw, |element: $wire, at, sink| {
                    let resource = element.into_model(at, sink.log)?;
                    sink.parts.$list.push(resource);
                    Ok(())
                });
            },
        }
    };
}

/// Their lists.
pub(super) const USED: &[Used] = &[
    list!("RoleDetailList", "getaccountauthorizationdetails", Kind::IamRoles, iam::Role<'_> => iam_roles),
    list!("Policies", "getaccountauthorizationdetails", Kind::IamPolicies, iam::Policy<'_> => iam_policies),
    list!("InstanceInformationList", "describeinstanceinformation", Kind::ManagedInstances,
        managed_instance::Information<'_> => managed_instances),
];
