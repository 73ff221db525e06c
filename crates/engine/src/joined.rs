//! Classes that never meet, since all their endpoints are on one host.

use std::collections::BTreeMap;
use std::net::IpAddr;

use model::{Endpoint, Index, NetworkInterface};
use packet::Prefix;
use rustc_hash::FxHashMap;

use crate::class::{ClassId, Classes};
use crate::semantics::Semantics;

/// For each target, the classes of which every endpoint is on one host with every endpoint of the target; in order.
pub(crate) fn joined(
    semantics: &Semantics<'_>,
    classes: &Classes,
) -> FxHashMap<ClassId, Vec<ClassId>> {
    let mut by_address: BTreeMap<IpAddr, Vec<ClassId>> = BTreeMap::new();
    for (number, class) in classes.all.iter().enumerate() {
        for endpoint in &class.endpoints {
            let holders = by_address.entry(endpoint.address()).or_default();
            holders.push(ClassId::at(number));
        }
    }
    // How many pairs of endpoints of two classes are on one host.
    let mut shared: BTreeMap<(ClassId, ClassId), usize> = BTreeMap::new();
    for (number, class) in classes.all.iter().enumerate() {
        for endpoint in &class.endpoints {
            for target in on_host(semantics, endpoint, &by_address) {
                *shared.entry((target, ClassId::at(number))).or_default() += 1;
            }
        }
    }
    let mut joined: FxHashMap<ClassId, Vec<ClassId>> = FxHashMap::default();
    for ((target, source), n_shared) in shared {
        if n_shared == classes.n_endpoints(source) * classes.n_endpoints(target) {
            joined.entry(target).or_default().push(source);
        }
    }
    joined
}

/// The class of each endpoint whose address is held by the host of another.
fn on_host(
    semantics: &Semantics<'_>,
    endpoint: &Endpoint,
    by_address: &BTreeMap<IpAddr, Vec<ClassId>>,
) -> Vec<ClassId> {
    let Endpoint::Interface { interface, .. } = endpoint else {
        return Vec::new();
    };
    let blocks = blocks_of_host(semantics, *interface);
    let held = blocks
        .iter()
        .flat_map(|block| by_address.range(block.first()..=block.last()));
    held.flat_map(|(_, classes)| classes).copied().collect()
}

/// Everything that is held on the host of an interface, without overlaps.
fn blocks_of_host(semantics: &Semantics<'_>, index: Index<NetworkInterface>) -> Vec<Prefix> {
    let interfaces = semantics.snapshot().interfaces();
    let siblings = semantics.network.host_of(&index).iter();
    let mut blocks: Vec<Prefix> = Vec::new();
    for interface in siblings.map(|index| interfaces.get(*index)) {
        let held = interface.addresses.iter();
        blocks.extend(held.map(|held| Prefix::host(held.address)));
        blocks.extend(&interface.prefixes);
    }
    blocks.sort_unstable_by_key(|block| (block.family(), block.first(), block.length()));
    blocks.dedup_by(|inner, outer| outer.covers(inner));
    blocks
}
