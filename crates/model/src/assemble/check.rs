//! Oddities of a network that answers may rest on.

use std::collections::BTreeMap;
use std::net::IpAddr;

use packet::Prefix;

use crate::ResourceState;
use crate::{
    Diagnostic, NetworkInterface, Resource, ResourceId, Severity, Snapshot, Subnet,
    TransitGatewayAttachment,
};

pub(super) fn check(snapshot: &Snapshot, diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.extend(overlapping_subnets(snapshot));
    diagnostics.extend(
        snapshot
            .interfaces
            .rows()
            .iter()
            .filter_map(|interface| misplaced_address(snapshot, interface)),
    );
    diagnostics.extend(shared_addresses(snapshot));
    diagnostics.extend(
        snapshot
            .transit_attachments
            .rows()
            .iter()
            .filter_map(dead_attachment),
    );
}

fn overlapping_subnets(snapshot: &Snapshot) -> Vec<Diagnostic> {
    let mut by_vpc: BTreeMap<&ResourceId, Vec<(Prefix, &Subnet)>> = BTreeMap::new();
    for subnet in snapshot.subnets.rows() {
        let cidrs = by_vpc.entry(subnet.vpc.id()).or_default();
        cidrs.extend(subnet.cidrs.iter().map(|cidr| (*cidr, subnet)));
    }
    let mut found = Vec::new();
    for mut cidrs in by_vpc.into_values() {
        // Sorted by first address, an overlap is always between neighbours or hidden behind one that is.
        cidrs.sort_by_key(|(cidr, subnet)| (cidr.family(), cidr.bounds(), subnet.id.clone()));
        for (before, after) in cidrs.iter().zip(cidrs.iter().skip(1)) {
            if before.0.overlaps(&after.0) && before.1.id != after.1.id {
                let message = format!(
                    "subnets `{}` ({}) and `{}` ({}) overlap",
                    before.1.id, before.0, after.1.id, after.0
                );
                found.push(Diagnostic::new(
                    Severity::Warning,
                    "overlapping-cidrs",
                    message,
                    after.1.origin.clone(),
                ));
            }
        }
    }
    found
}

fn misplaced_address(snapshot: &Snapshot, interface: &NetworkInterface) -> Option<Diagnostic> {
    let subnet = snapshot.subnets.get(interface.subnet.target()?);
    let outside = interface
        .addresses
        .iter()
        .find(|held| !subnet.contains(held.address))?;
    let message = format!(
        "`{}` has the address {}, which is not in its subnet `{}`",
        interface.id, outside.address, subnet.id
    );
    Some(Diagnostic::new(
        Severity::Warning,
        "address-outside-subnet",
        message,
        interface.origin.clone(),
    ))
}

/// Two interfaces of one VPC that hold the same address.
fn shared_addresses(snapshot: &Snapshot) -> Vec<Diagnostic> {
    let mut holders: BTreeMap<(&ResourceId, IpAddr), &NetworkInterface> = BTreeMap::new();
    let mut found = Vec::new();
    for interface in snapshot.interfaces.rows() {
        for held in &interface.addresses {
            if let Some(other) = holders.insert((interface.vpc.id(), held.address), interface) {
                let message = format!(
                    "`{}` and `{}` hold the same address {}",
                    other.id, interface.id, held.address
                );
                found.push(Diagnostic::new(
                    Severity::Warning,
                    "duplicate-address",
                    message,
                    interface.origin.clone(),
                ));
            }
        }
    }
    found
}

fn dead_attachment(attachment: &TransitGatewayAttachment) -> Option<Diagnostic> {
    (attachment.state == ResourceState::Unavailable).then(|| {
        let message = format!(
            "transit gateway attachment `{}` is not available: it carries nothing",
            attachment.id()
        );
        Diagnostic::new(
            Severity::Note,
            "unavailable-attachment",
            message,
            attachment.origin.clone(),
        )
    })
}
