//! One resource for all that was read about it.

mod shared;

use std::collections::{BTreeMap, BTreeSet};

use super::{Mergeable, Parts};
use crate::{
    AttachmentResource, ClientVpnEndpoint, Completeness, CoreNetworkAttachment,
    CoreNetworkResource, CoreNetworkTable, CustomerGateway, Diagnostic, DirectConnectAssociation,
    DirectConnectGateway, EgressOnlyInternetGateway, ElasticAddress, EntryReach, FirewallPolicy,
    FirewallRuleGroup, IamPolicy, IamRole, ManagedInstance, NatGateway, NetworkAcl,
    NetworkFirewall, PrefixList, PublicAccessExclusion, PublicAccessOptions, ResourceId,
    RouteTable, SecurityGroup, SecurityGroupRule, ServiceEntry, Severity, Snapshot, Table,
    TransitGateway, TransitGatewayAttachment, TransitGatewayRouteTable, VirtualInterface,
    VpcPeeringConnection, VpnConnection, VpnGateway,
};

/// Each resource once, sorted by id. Two resources of one id and two owners are an error: the first is kept.
pub(super) fn unique<T: Mergeable>(mut rows: Vec<T>, diagnostics: &mut Vec<Diagnostic>) -> Vec<T> {
    rows.sort_by(|a, b| {
        let key = |row: &T| {
            (
                row.id().clone(),
                row.discriminator().map(str::to_owned),
                row.origin().clone(),
            )
        };
        key(a).cmp(&key(b))
    });
    let mut kept: Vec<T> = Vec::with_capacity(rows.len());
    for row in rows {
        match kept.last_mut() {
            Some(before)
                if before.id() == row.id() && before.discriminator() == row.discriminator() =>
            {
                if let Some(conflict) = conflict(before, &row) {
                    diagnostics.push(conflict);
                } else {
                    before.absorb(row);
                }
            }
            _ => kept.push(row),
        }
    }
    kept
}

fn conflict<T: Mergeable>(kept: &T, dropped: &T) -> Option<Diagnostic> {
    let (first, second) = (kept.owner()?, dropped.owner()?);
    (first != second).then(|| {
        let message = format!("`{}` belongs to account {first} in {} and to account {second} here: this one is ignored", kept.id(), kept.origin());
        Diagnostic::new(Severity::Error, "duplicate-id", message, dropped.origin().clone())
    })
}

/// Adds the interfaces that only instances describe.
pub(super) fn adopt_instance_interfaces(parts: &mut Parts) {
    let known: BTreeSet<ResourceId> = parts
        .interfaces
        .iter()
        .map(|interface| interface.id.clone())
        .collect();
    let nested = std::mem::take(&mut parts.instance_interfaces);
    parts.interfaces.extend(
        nested
            .into_iter()
            .filter(|interface| !known.contains(&interface.id)),
    );
}

/// Gives the rules of groups the ids under which `DescribeSecurityGroupRules` lists them.
///
/// A rule that its group does not show is added, with a warning: the two lists were taken at different times, and to
/// leave a rule out could turn into a false "blocked".
pub(super) fn adopt_rules(
    groups: &mut Table<SecurityGroup>,
    listed: Vec<(ResourceId, SecurityGroupRule)>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let (rows, ids) = groups.split_mut();
    for (id, rule) in listed {
        let Some(group) = ids.get(&id).and_then(|index| rows.get_mut(index.number())) else {
            let message =
                format!("rule of `{id}`, a group that is not in the input: the rule is ignored");
            diagnostics.push(Diagnostic::new(
                Severity::Warning,
                "dangling-reference",
                message,
                rule.origin,
            ));
            continue;
        };
        let is_same = |known: &&mut SecurityGroupRule| {
            known.direction == rule.direction
                && known.service == rule.service
                && known.peer.is_same(&rule.peer)
        };
        if let Some(known) = group.rules.iter_mut().find(is_same) {
            known.id = rule.id;
            known.description = known.description.take().or(rule.description);
        } else {
            let message = format!(
                "rule of group `{id}` that the group itself does not list: the rule is kept"
            );
            diagnostics.push(Diagnostic::new(
                Severity::Warning,
                "rule-mismatch",
                message,
                rule.origin.clone(),
            ));
            group.rules.push(rule);
        }
    }
}

/// Fills in public addresses that only `DescribeAddresses` tells.
pub(super) fn adopt_public_addresses(snapshot: &mut Snapshot) {
    let mut missing: BTreeMap<ResourceId, Vec<&ElasticAddress>> = BTreeMap::new();
    for address in snapshot.elastic_addresses.rows() {
        if let Some(interface) = &address.interface {
            missing
                .entry(interface.id().clone())
                .or_default()
                .push(address);
        }
    }
    for interface in snapshot.interfaces.rows_mut() {
        for elastic in missing.remove(&interface.id).unwrap_or_default() {
            let held = interface
                .addresses
                .iter_mut()
                .find(|held| Some(held.address) == elastic.private);
            if let Some(held) = held
                && held.public.is_none()
            {
                held.public = Some(elastic.public);
            }
        }
    }
}

macro_rules! owned {
    ($($kind:ty),*) => {
        $(impl Mergeable for $kind {
            fn owner(&self) -> Option<&crate::AccountId> {
                self.owner.as_ref()
            }
        })*
    };
}

macro_rules! plain {
    ($($kind:ty),*) => { $(impl Mergeable for $kind {})* };
}

owned!(
    TransitGateway,
    NetworkFirewall,
    PublicAccessOptions,
    IamRole,
    ManagedInstance
);
plain!(
    EgressOnlyInternetGateway,
    FirewallPolicy,
    FirewallRuleGroup,
    IamPolicy,
    NatGateway,
    PublicAccessExclusion,
    VpnGateway,
    CustomerGateway,
    VpnConnection,
    DirectConnectGateway,
    VirtualInterface
);

/// Takes over what is in another list and not yet in this one.
fn join<T: PartialEq>(list: &mut Vec<T>, other: Vec<T>) {
    for each in other {
        if !list.contains(&each) {
            list.push(each);
        }
    }
}

impl Mergeable for RouteTable {
    fn owner(&self) -> Option<&crate::AccountId> {
        self.owner.as_ref()
    }

    /// A participant of a shared VPC may be shown fewer associations than the owner.
    fn absorb(&mut self, other: Self) {
        self.is_main |= other.is_main;
        join(&mut self.associations, other.associations);
        if !self.is_complete && other.is_complete {
            self.routes = other.routes;
            self.is_complete = true;
        }
        self.name = self.name.take().or(other.name);
    }
}

impl Mergeable for NetworkAcl {
    fn owner(&self) -> Option<&crate::AccountId> {
        self.owner.as_ref()
    }

    /// A participant of a shared VPC may be shown fewer associations than the owner.
    fn absorb(&mut self, other: Self) {
        self.is_default |= other.is_default;
        join(&mut self.subnets, other.subnets);
        if !self.is_complete && other.is_complete {
            self.entries = other.entries;
            self.is_complete = true;
        }
        self.name = self.name.take().or(other.name);
    }
}

impl Mergeable for ElasticAddress {
    fn owner(&self) -> Option<&crate::AccountId> {
        self.owner.as_ref()
    }
}

impl Mergeable for VpcPeeringConnection {
    fn absorb(&mut self, other: Self) {
        for (side, told) in [
            (&mut self.requester, other.requester),
            (&mut self.accepter, other.accepter),
        ] {
            if side.cidrs.is_empty() {
                side.cidrs = told.cidrs;
            }
            side.owner = side.owner.take().or(told.owner);
            side.region = side.region.take().or(told.region);
        }
    }
}

impl Mergeable for DirectConnectAssociation {
    fn absorb(&mut self, other: Self) {
        self.allowed = self.allowed.take().or(other.allowed);
        self.state = self.state.max(other.state);
    }
}

impl Mergeable for ClientVpnEndpoint {
    fn absorb(&mut self, other: Self) {
        self.name = self.name.take().or(other.name);
        self.clients = self.clients.or(other.clients);
        self.vpc = self.vpc.take().or(other.vpc);
        if self.groups.is_empty() {
            self.groups = other.groups;
        }
        self.state = self.state.max(other.state);
        self.by_transit_gateway |= other.by_transit_gateway;
        self.associations.extend(other.associations);
        self.routes.extend(other.routes);
        self.rules.extend(other.rules);
        self.associations_told = told(self.associations_told, other.associations_told);
        self.routes_told = told(self.routes_told, other.routes_told);
        self.rules_told = told(self.rules_told, other.rules_told);
    }
}

impl Mergeable for ServiceEntry {
    fn owner(&self) -> Option<&crate::AccountId> {
        self.owner.as_ref()
    }

    /// One call lists entries, another one tells more of each.
    fn absorb(&mut self, other: Self) {
        self.name = self.name.take().or(other.name);
        self.vpc = self.vpc.take().or(other.vpc);
        self.state = self.state.max(other.state);
        let tells_ports = |reach: &EntryReach| match reach {
            EntryReach::Targets(targets) => targets.iter().all(|target| target.ports.is_some()),
            EntryReach::Anything { .. } => true,
            EntryReach::Untold => false,
        };
        if other.reach != EntryReach::Untold && !tells_ports(&self.reach) {
            self.reach = other.reach;
        }
    }
}

/// Whether two readings of a list hold all of it: one that is partial spoils the other.
fn told(one: Option<Completeness>, other: Option<Completeness>) -> Option<Completeness> {
    one.max(other)
}

impl Mergeable for CoreNetworkAttachment {
    fn absorb(&mut self, other: Self) {
        let tells_nothing = matches!(
            &self.resource,
            CoreNetworkResource::Vpc { subnets: None, .. }
        );
        if tells_nothing {
            self.resource = other.resource;
        }
        self.name = self.name.take().or(other.name);
        self.segment = self.segment.take().or(other.segment);
        self.edge = self.edge.take().or(other.edge);
        self.appliance_mode |= other.appliance_mode;
        self.ipv6 = self.ipv6.or(other.ipv6);
        self.state = self.state.max(other.state);
    }
}

impl Mergeable for CoreNetworkTable {
    fn absorb(&mut self, other: Self) {
        self.routes.extend(other.routes);
        self.is_complete &= other.is_complete;
    }
}

impl Mergeable for PrefixList {
    fn absorb(&mut self, other: Self) {
        self.entries = self.entries.take().or(other.entries);
        self.name = self.name.take().or(other.name);
        self.family = self.family.or(other.family);
        self.is_aws_managed |= other.is_aws_managed;
    }
}

impl Mergeable for TransitGatewayAttachment {
    fn discriminator(&self) -> Option<&str> {
        Some(self.gateway.id().as_str())
    }

    fn absorb(&mut self, other: Self) {
        if !self.association_known && other.association_known {
            self.association = other.association;
            self.association_known = true;
        }
        let tells_nothing = matches!(
            &self.resource,
            AttachmentResource::Vpc { subnets: None, .. }
        );
        if tells_nothing {
            self.resource = other.resource;
        }
        self.name = self.name.take().or(other.name);
        self.appliance_mode |= other.appliance_mode;
        self.group_referencing &= other.group_referencing;
        self.ipv6 |= other.ipv6;
        self.translates |= other.translates;
        self.state = self.state.max(other.state);
    }
}

impl Mergeable for TransitGatewayRouteTable {
    fn absorb(&mut self, other: Self) {
        let is_new = |routes: &[crate::TransitGatewayRoute], route: &crate::TransitGatewayRoute| {
            !routes
                .iter()
                .any(|known| known.destination == route.destination && known.kind == route.kind)
        };
        for route in other.routes {
            if is_new(&self.routes, &route) {
                self.routes.push(route);
            }
        }
        self.static_known |= other.static_known;
        self.propagated_known |= other.propagated_known;
        self.propagations = self.propagations.take().or(other.propagations);
        self.name = self.name.take().or(other.name);
    }
}
