//! Which hosts act as which roles.

use std::collections::BTreeMap;

use model::{IamRole, Index, Instance, MetadataService, ResourceId, Snapshot};

use super::RoleName;
use crate::host::{Host, HostId};
use crate::landscape::Landscape;

/// An instance that runs, with the role that it acts as.
pub(super) struct Seat<'s> {
    pub(super) host: HostId,
    pub(super) instance: &'s Instance,
    /// `None` if it acts as none.
    pub(super) role: Option<Acting>,
    pub(super) metadata: MetadataService,
}

/// The role that a host acts as.
#[derive(Debug, Clone)]
pub(super) struct Acting {
    pub(super) name: RoleName,
    /// `None` if the input does not hold it.
    pub(super) role: Option<Index<IamRole>>,
}

/// All instances that run.
pub(super) fn seats<'s>(landscape: &Landscape<'s>) -> Vec<Seat<'s>> {
    let snapshot = landscape.snapshot();
    let mut by_profile: BTreeMap<&ResourceId, Index<IamRole>> = BTreeMap::new();
    for (index, role) in snapshot.iam_roles().iter() {
        by_profile.extend(role.profiles.iter().map(|profile| (profile, index)));
    }
    let seats = landscape.hosts().filter_map(|(host, row)| {
        let instance = instance_of(snapshot, row).filter(|_| !row.endpoints.is_empty())?;
        let role = instance.profile.as_ref();
        let role = role.map(|profile| acting(snapshot, profile, by_profile.get(profile).copied()));
        Some(Seat {
            host,
            instance,
            role,
            metadata: instance.metadata,
        })
    });
    seats.collect()
}

fn instance_of<'s>(snapshot: &'s Snapshot, host: &Host) -> Option<&'s Instance> {
    let interfaces = host.interfaces.iter();
    let mut links = interfaces.filter_map(|interface| {
        let interface = snapshot.interfaces().get(*interface);
        interface.instance.as_ref()?.target()
    });
    links.next().map(|index| snapshot.instances().get(index))
}

fn acting(snapshot: &Snapshot, profile: &ResourceId, role: Option<Index<IamRole>>) -> Acting {
    let row = role.map(|index| snapshot.iam_roles().get(index));
    let id = row.map_or(profile, |row| &row.id);
    let last = id.as_str().rsplit('/').next().unwrap_or_default();
    let name = row.and_then(|row| row.name.as_deref()).unwrap_or(last);
    let told = profile.as_str().split(':').nth(4);
    let told = told.filter(|account| !account.is_empty());
    Acting {
        name: RoleName {
            id: id.clone(),
            name: name.to_owned(),
            account: row
                .and_then(|row| row.owner.clone())
                .or(told.map(Into::into)),
        },
        role,
    }
}

/// The partition of AWS that an ARN names.
pub(super) fn partition(arn: &ResourceId) -> &str {
    arn.as_str().split(':').nth(1).unwrap_or("aws")
}
