//! Every id, address and block of a network, replaced by another.
//!
//! All resources are taken apart by every field: one that is new does not compile until someone has decided here
//! whether it holds an id, an address or a block.

mod balancers;
mod gateways;
mod identity;
mod inspection;
mod outside;
mod places;
mod routes;
mod transit;

use std::net::IpAddr;

use model::{Link, Parts, ResourceId};
use packet::Prefix;

use super::{hash, shift};

/// What becomes of ids, addresses and blocks. What is not said stays.
pub(super) trait Rewrite {
    /// An id.
    fn id(&self, _id: &mut ResourceId) {}
    /// An address.
    fn address(&self, _address: &mut IpAddr) {}
    /// A block.
    fn prefix(&self, _prefix: &mut Prefix) {}
}

/// Other ids.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rename(pub(super) u64);

/// Other private addresses.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shift(pub(super) u64);

impl Rewrite for Rename {
    fn id(&self, id: &mut ResourceId) {
        *id = renamed(self.0, id);
    }
}

impl Rewrite for Shift {
    fn address(&self, address: &mut IpAddr) {
        *address = shift::address(self.0, *address);
    }

    fn prefix(&self, prefix: &mut Prefix) {
        *prefix = shift::prefix(self.0, prefix);
    }
}

/// Another id of the same sort: what stands before the first dash stays.
pub(super) fn renamed(seed: u64, id: &ResourceId) -> ResourceId {
    let text = id.as_str();
    let mixed = hash::bits(seed, text);
    let new = match text.split_once('-') {
        Some((sort, rest)) => format!("{sort}-{mixed:016x}{rest}"),
        None => format!("x{mixed:016x}{text}"),
    };
    new.into()
}

/// Rewrites all resources.
pub(super) fn parts(parts: &mut Parts, change: &impl Rewrite) {
    every_list!(parts, each, change;
        vpcs: places::vpc,
        subnets: places::subnet,
        interfaces: places::interface,
        instance_interfaces: places::interface,
        instances: places::instance,
        groups: routes::group,
        group_rules: routes::listed_rule,
        group_associations: routes::group_association,
        acls: routes::acl,
        route_tables: routes::table,
        internet_gateways: gateways::internet,
        egress_only_gateways: gateways::egress_only,
        nat_gateways: gateways::nat,
        peerings: gateways::peering,
        transit_gateways: transit::gateway,
        transit_attachments: transit::attachment,
        transit_route_tables: transit::table,
        vpn_gateways: gateways::vpn_gateway,
        customer_gateways: gateways::customer,
        vpn_connections: gateways::vpn,
        client_vpn_endpoints: outside::client_vpn,
        service_entries: outside::entry,
        direct_connect_gateways: outside::direct_connect,
        direct_connect_associations: outside::association,
        virtual_interfaces: outside::virtual_interface,
        core_attachments: outside::core_attachment,
        core_tables: outside::core_table,
        prefix_lists: routes::list,
        elastic_addresses: gateways::elastic,
        load_balancers: balancers::balancer,
        target_groups: balancers::targets,
        balancer_facts: balancers::fact,
        vpc_endpoints: balancers::endpoint,
        endpoint_services: balancers::service,
        endpoint_connections: balancers::listed_connection,
        offices: places::office,
        firewalls: inspection::firewall,
        firewall_policies: inspection::policy,
        firewall_rule_groups: inspection::rule_group,
        public_access_options: inspection::options,
        public_access_exclusions: inspection::exclusion,
        iam_roles: identity::role,
        iam_policies: identity::policy,
        managed_instances: identity::managed,
    );
}

fn each<T, R: Rewrite>(rows: &mut [T], change: &R, one: fn(&mut T, &R)) {
    for row in rows {
        one(row, change);
    }
}

fn link<T>(link: &mut Link<T>, change: &impl Rewrite) {
    let mut id = link.id().clone();
    change.id(&mut id);
    *link = Link::to(id);
}

fn links<'a, T: 'a>(all: impl IntoIterator<Item = &'a mut Link<T>>, change: &impl Rewrite) {
    for one in all {
        link(one, change);
    }
}

fn prefixes<'a>(all: impl IntoIterator<Item = &'a mut Prefix>, change: &impl Rewrite) {
    for one in all {
        change.prefix(one);
    }
}

fn addresses<'a>(all: impl IntoIterator<Item = &'a mut IpAddr>, change: &impl Rewrite) {
    for one in all {
        change.address(one);
    }
}
