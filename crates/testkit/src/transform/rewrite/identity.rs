//! What identities may do.

use model::{IamPolicy, IamRole, ManagedInstance};

use super::{Rewrite, links};

/// What statements say of resources stays: no answer about packets rests on it.
pub(super) fn role(role: &mut IamRole, change: &impl Rewrite) {
    let IamRole {
        id,
        name: _,
        owner: _,
        profiles,
        statements: _,
        policies,
        boundary,
        is_complete: _,
        origin: _,
    } = role;
    change.id(id);
    for profile in profiles {
        change.id(profile);
    }
    links(policies, change);
    links(boundary, change);
}

pub(super) fn policy(policy: &mut IamPolicy, change: &impl Rewrite) {
    let IamPolicy {
        id,
        name: _,
        statements: _,
        is_complete: _,
        origin: _,
    } = policy;
    change.id(id);
}

pub(super) fn managed(managed: &mut ManagedInstance, change: &impl Rewrite) {
    let ManagedInstance {
        id,
        name: _,
        owner: _,
        region: _,
        is_online: _,
        origin: _,
    } = managed;
    change.id(id);
}
