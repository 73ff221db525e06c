//! VPCs, subnets, interfaces, instances and offices.

use model::{Instance, NetworkInterface, OfficeNetwork, PrivateAddress, Subnet, Vpc};

use super::{Rewrite, addresses, link, links, prefixes};

pub(super) fn vpc(vpc: &mut Vpc, change: &impl Rewrite) {
    let Vpc {
        id,
        name: _,
        owner: _,
        region: _,
        cidrs,
        public_access: _,
        encryption: _,
        tags: _,
        origin: _,
    } = vpc;
    change.id(id);
    prefixes(cidrs, change);
}

pub(super) fn subnet(subnet: &mut Subnet, change: &impl Rewrite) {
    let Subnet {
        id,
        name: _,
        owner: _,
        region: _,
        vpc,
        cidrs,
        zone: _,
        public_access: _,
        has_dns64: _,
        tags: _,
        origin: _,
    } = subnet;
    change.id(id);
    link(vpc, change);
    prefixes(cidrs, change);
}

pub(super) fn interface(interface: &mut NetworkInterface, change: &impl Rewrite) {
    let NetworkInterface {
        id,
        name: _,
        owner: _,
        region: _,
        vpc,
        subnet,
        addresses: held,
        prefixes: delegated,
        groups,
        source_dest_check: _,
        kind: _,
        description: _,
        requester_managed: _,
        requester: _,
        instance,
        device_index: _,
        status: _,
        refuses_internet: _,
        tags: _,
        origin: _,
    } = interface;
    change.id(id);
    link(vpc, change);
    link(subnet, change);
    for PrivateAddress { address, public } in held {
        change.address(address);
        addresses(public, change);
    }
    prefixes(delegated, change);
    links(groups, change);
    links(instance, change);
}

pub(super) fn instance(instance: &mut Instance, change: &impl Rewrite) {
    let Instance {
        id,
        name: _,
        owner: _,
        region: _,
        profile,
        metadata: _,
        state: _,
        tags: _,
        origin: _,
    } = instance;
    change.id(id);
    if let Some(profile) = profile {
        change.id(profile);
    }
}

/// The id of an office is what people call it, and stays.
pub(super) fn office(office: &mut OfficeNetwork, change: &impl Rewrite) {
    let OfficeNetwork {
        id: _,
        name: _,
        cidrs,
        uplinks: _,
        evidence: _,
        origin: _,
    } = office;
    prefixes(cidrs, change);
}
