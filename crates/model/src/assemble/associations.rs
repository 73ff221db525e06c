//! Groups that are worn in VPCs with which their association is not made.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    Diagnostic, ResourceId, ResourceState, SecurityGroupVpcAssociation, Severity, Snapshot,
};

/// A note for each interface that wears a group by an association that the input says is not made.
///
/// That the input has no association says nothing: the account that was asked may not see it.
pub(super) fn worn_without(
    snapshot: &Snapshot,
    associations: &[SecurityGroupVpcAssociation],
) -> Vec<Diagnostic> {
    let is_made = |one: &&SecurityGroupVpcAssociation| one.state == ResourceState::Available;
    let pair = |one: &SecurityGroupVpcAssociation| (one.group.clone(), one.vpc.clone());
    let made: BTreeSet<_> = associations.iter().filter(is_made).map(pair).collect();
    let mut unmade: BTreeMap<&ResourceId, BTreeSet<&ResourceId>> = BTreeMap::new();
    for one in associations.iter().filter(|one| !made.contains(&pair(one))) {
        unmade.entry(&one.vpc).or_default().insert(&one.group);
    }
    let mut found = Vec::new();
    for interface in snapshot.interfaces.rows() {
        let Some(groups) = unmade.get(interface.vpc.id()) else {
            continue;
        };
        let worn = interface.groups.iter().map(crate::Link::id);
        for group in worn.filter(|group| groups.contains(group)) {
            let message = format!(
                "`{}` wears `{group}`, whose association with `{}` is not made: what is worn counts",
                interface.id,
                interface.vpc.id()
            );
            let origin = interface.origin.clone();
            found.push(Diagnostic::new(
                Severity::Note,
                "group-not-associated",
                message,
                origin,
            ));
        }
    }
    found
}
