//! Interfaces by which AWS services let clients in from outside (`docs/semantics/ways-in.md`).

use model::{EntryKind, EntryReach, Index, Link, NetworkInterface, OwnerKind, Snapshot};
use rustc_hash::FxHashSet;

/// Those whose packets may carry addresses of clients: all of Global Accelerator, and of EC2 Instance Connect endpoints
/// all of which the input does not tell that they hide them.
pub(crate) fn showing_clients(snapshot: &Snapshot) -> FxHashSet<Index<NetworkInterface>> {
    let entries = snapshot.service_entries().rows().iter();
    let hiding = entries.filter(|entry| {
        entry.kind == EntryKind::InstanceConnectEndpoint
            && matches!(
                entry.reach,
                EntryReach::Anything {
                    keeps_client: Some(false)
                }
            )
    });
    let hiding: FxHashSet<Index<NetworkInterface>> = hiding
        .flat_map(|entry| entry.interfaces.iter().filter_map(Link::target))
        .collect();
    let interfaces = snapshot.interfaces().iter();
    let showing = interfaces.filter(|(index, interface)| match interface.owner().kind {
        OwnerKind::GlobalAccelerator => true,
        OwnerKind::InstanceConnectEndpoint => !hiding.contains(index),
        _ => false,
    });
    showing.map(|(index, _)| index).collect()
}
