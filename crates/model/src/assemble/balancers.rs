//! What is told about load balancers and endpoints, brought together.

use std::collections::{BTreeMap, BTreeSet};

use super::resolve::Dangling;
use super::{Mergeable, Parts};
use crate::{
    Attribute, Diagnostic, InterfaceKind, Kind, Link, Listener, ListenerAction, ListenerRule,
    LoadBalancer, NetworkInterface, Origin, ResourceId, Severity, Snapshot, Target, TargetGroup,
    TargetName, VpcEndpoint, VpcEndpointService,
};

/// Something that the input tells apart from the load balancer or group of targets that it is about.
#[derive(Debug, Clone)]
pub enum BalancerFact {
    /// Listeners of a load balancer; whether they are all.
    Listeners(ResourceId, Vec<Listener>, bool, Origin),
    /// Rules of a listener; whether they are all.
    Rules(ResourceId, Vec<ListenerRule>, bool, Origin),
    /// Targets of a group; whether they are all.
    Targets(ResourceId, Vec<Target>, bool, Origin),
    /// Settings of a load balancer: `cross_zone` and `denies_internet_ipv6`.
    LoadBalancerAttributes(ResourceId, Option<bool>, Option<bool>, Origin),
    /// Settings of a group of targets: `preserves_client` and `cross_zone`.
    TargetGroupAttributes(ResourceId, Option<bool>, Option<bool>, Origin),
}

impl BalancerFact {
    /// Whom it is about, and where it was read.
    const fn about(&self) -> (&ResourceId, &Origin) {
        match self {
            Self::Listeners(id, .., origin)
            | Self::Rules(id, .., origin)
            | Self::Targets(id, .., origin)
            | Self::LoadBalancerAttributes(id, .., origin)
            | Self::TargetGroupAttributes(id, .., origin) => (id, origin),
        }
    }
}

/// Gives every fact to its resource. The settings of groups count as never set if the input holds those of no group:
/// collectors that do not ask for them are older than the settings.
pub(super) fn adopt_facts(parts: &mut Parts, diagnostics: &mut Vec<Diagnostic>) {
    if !parts.coverage.has(Kind::TargetGroupAttributes) {
        diagnostics.extend(assumed_defaults(&parts.target_groups));
        for group in &mut parts.target_groups {
            for setting in [&mut group.preserves_client, &mut group.cross_zone] {
                if *setting == Attribute::Unknown {
                    *setting = Attribute::Default;
                }
            }
        }
    }
    let mut facts = std::mem::take(&mut parts.balancer_facts);
    // Rules come last: their listeners must be there.
    facts.sort_by_key(|fact| matches!(fact, BalancerFact::Rules(..)));
    let mut lost = BTreeMap::new();
    for fact in facts {
        let (id, origin) = (fact.about().0.clone(), fact.about().1.clone());
        if !adopt(parts, fact) {
            lost.entry(id).or_insert(origin);
        }
    }
    for (id, origin) in lost {
        let message = format!("`{id}` is listed nowhere: what this says about it is not used");
        diagnostics.push(Diagnostic::new(
            Severity::Warning,
            "dangling-reference",
            message,
            origin,
        ));
    }
    for (id, connection) in std::mem::take(&mut parts.endpoint_connections) {
        let services = parts.endpoint_services.iter_mut();
        for service in services.filter(|service| service.id == id) {
            if !service.connections.contains(&connection) {
                service.connections.push(connection.clone());
            }
        }
    }
}

/// That settings were taken as never set, where that decides whose address targets see.
fn assumed_defaults(groups: &[TargetGroup]) -> Option<Diagnostic> {
    use crate::BalancerProtocol::{Tcp, Tls};
    let matters = |group: &&TargetGroup| {
        group.preserves_client == Attribute::Unknown && matches!(group.protocol, Some(Tcp | Tls))
    };
    let first = groups.iter().find(matters)?;
    let message = format!(
        "the attributes of target groups are not in the input: those of `{}` and all others count as never set",
        first.id
    );
    let origin = first.origin.clone();
    Some(Diagnostic::new(
        Severity::Note,
        "assumed-defaults",
        message,
        origin,
    ))
}

/// Gives a fact to whom it is about; whether anybody is there.
fn adopt(parts: &mut Parts, fact: BalancerFact) -> bool {
    let balancers = &mut parts.load_balancers;
    let groups = &mut parts.target_groups;
    let mut is_taken = false;
    match fact {
        BalancerFact::Listeners(id, listeners, is_whole, _) => {
            for balancer in balancers
                .iter_mut()
                .filter(|balancer| is_meant(&id, &balancer.id))
            {
                is_taken = true;
                balancer.listeners_known |= is_whole;
                add_new(&mut balancer.listeners, &listeners, |listener| &listener.id);
            }
        }
        BalancerFact::Rules(id, rules, is_whole, _) => {
            let listeners = balancers
                .iter_mut()
                .flat_map(|balancer| &mut balancer.listeners);
            for listener in listeners.filter(|listener| listener.id == id) {
                is_taken = true;
                listener.rules_known |= is_whole;
                add_new(&mut listener.rules, &rules, |rule| &rule.id);
            }
        }
        BalancerFact::Targets(id, targets, is_whole, _) => {
            for group in groups.iter_mut().filter(|group| is_meant(&id, &group.id)) {
                is_taken = true;
                // Two answers about one group were taken at two times: the first that is whole counts.
                if !group.targets_known {
                    group.targets.clone_from(&targets);
                    group.targets_known = is_whole;
                }
            }
        }
        BalancerFact::LoadBalancerAttributes(id, cross_zone, denies_internet_ipv6, _) => {
            for balancer in balancers
                .iter_mut()
                .filter(|balancer| is_meant(&id, &balancer.id))
            {
                is_taken = true;
                balancer.cross_zone = setting(cross_zone);
                balancer.denies_internet_ipv6 = setting(denies_internet_ipv6);
            }
        }
        BalancerFact::TargetGroupAttributes(id, preserves_client, cross_zone, _) => {
            for group in groups.iter_mut().filter(|group| is_meant(&id, &group.id)) {
                is_taken = true;
                group.preserves_client = setting(preserves_client);
                group.cross_zone = setting(cross_zone);
            }
        }
    }
    is_taken
}

/// Whether an id is meant by a text: the id itself, or `NAME_ID`, which collectors make of the end of an ARN.
fn is_meant(text: &ResourceId, id: &ResourceId) -> bool {
    if text == id {
        return true;
    }
    let mut ends = id.as_str().rsplit('/');
    match (ends.next(), ends.next()) {
        (Some(last), Some(before)) => {
            let joined = text.as_str().split_once('_');
            joined == Some((before, last))
        }
        (_, None) | (None, _) => false,
    }
}

/// Adds those whose id is new.
fn add_new<T: Clone>(known: &mut Vec<T>, told: &[T], id: fn(&T) -> &ResourceId) {
    for one in told {
        if !known.iter().any(|other| id(other) == id(one)) {
            known.push(one.clone());
        }
    }
}

fn setting(told: Option<bool>) -> Attribute<bool> {
    told.map_or(Attribute::Default, Attribute::Told)
}

/// Finds the interfaces of load balancers and endpoints: by what AWS writes in their descriptions, and by address.
pub(super) fn find_interfaces(snapshot: &mut Snapshot) {
    let interfaces = snapshot.interfaces.rows();
    for balancer in snapshot.load_balancers.rows_mut() {
        let description = balancer.description_of_nodes();
        let is_node = |interface: &&NetworkInterface| {
            let is_described = is_made_by_balancers(interface)
                && *interface.description == *description
                && interface.vpc == balancer.vpc;
            is_described || holds_listed_address(interface, balancer)
        };
        let found = interfaces.iter().filter(is_node);
        let found: BTreeSet<ResourceId> = found.map(|node| node.id.clone()).collect();
        add_links(&mut balancer.nodes, found);
    }
    for endpoint in snapshot.vpc_endpoints.rows_mut() {
        let description = format!("VPC Endpoint Interface {}", endpoint.id);
        let found = interfaces.iter().filter(|interface| {
            let is_made_by_endpoints = interface.requester_managed
                || matches!(
                    interface.kind,
                    InterfaceKind::VpcEndpoint | InterfaceKind::GatewayLoadBalancerEndpoint
                );
            is_made_by_endpoints && *interface.description == *description
        });
        let found: BTreeSet<ResourceId> = found.map(|interface| interface.id.clone()).collect();
        add_links(&mut endpoint.interfaces, found);
    }
}

/// Users can write any description: only what AWS manages counts.
fn is_made_by_balancers(interface: &NetworkInterface) -> bool {
    interface.requester_managed
        || matches!(
            interface.kind,
            InterfaceKind::NetworkLoadBalancer | InterfaceKind::GatewayLoadBalancer
        )
}

fn holds_listed_address(interface: &NetworkInterface, balancer: &LoadBalancer) -> bool {
    let zones = balancer.zones.iter();
    let mut here = zones.filter(|zone| zone.subnet == interface.subnet);
    here.any(|zone| {
        let mut listed = zone.addresses.iter();
        listed.any(|listed| {
            let mut held = interface.addresses.iter();
            held.any(|held| held.address == *listed || held.public == Some(*listed))
        })
    })
}

fn add_links(links: &mut Vec<Link<NetworkInterface>>, found: BTreeSet<ResourceId>) {
    for id in found {
        if !links.iter().any(|link| *link.id() == id) {
            links.push(Link::to(id));
        }
    }
}

/// Resolves the links of load balancers, their groups of targets, and endpoints.
pub(super) fn resolve(snapshot: &mut Snapshot, dangling: &mut Dangling) {
    resolve_load_balancers(snapshot, dangling);
    resolve_target_groups(snapshot, dangling);
    resolve_endpoints(snapshot, dangling);
}

fn resolve_load_balancers(snapshot: &mut Snapshot, dangling: &mut Dangling) {
    for balancer in snapshot.load_balancers.rows_mut() {
        let at = &balancer.origin;
        dangling.link(&mut balancer.vpc, snapshot.vpcs.ids(), "VPC", at);
        for group in &mut balancer.groups {
            dangling.link(group, snapshot.groups.ids(), "security group", at);
        }
        for zone in &mut balancer.zones {
            dangling.link(&mut zone.subnet, snapshot.subnets.ids(), "subnet", at);
        }
        for node in &mut balancer.nodes {
            dangling.distant(node, snapshot.interfaces.ids(), "network interface", at);
        }
        for listener in &mut balancer.listeners {
            let rules = listener.rules.iter_mut().map(|rule| &mut rule.actions);
            let actions = std::iter::once(&mut listener.actions)
                .chain(rules)
                .flatten();
            for action in actions {
                let ListenerAction::Forward(groups) = action else {
                    continue;
                };
                for weighted in groups {
                    let ids = snapshot.target_groups.ids();
                    dangling.link(&mut weighted.group, ids, "target group", at);
                }
            }
        }
    }
}

fn resolve_target_groups(snapshot: &mut Snapshot, dangling: &mut Dangling) {
    for group in snapshot.target_groups.rows_mut() {
        let at = &group.origin;
        if let Some(vpc) = &mut group.vpc {
            dangling.distant(vpc, snapshot.vpcs.ids(), "VPC", at);
        }
        for target in &mut group.targets {
            match &mut target.name {
                TargetName::Instance(instance) => {
                    dangling.distant(instance, snapshot.instances.ids(), "instance", at);
                }
                TargetName::LoadBalancer(balancer) => {
                    let ids = snapshot.load_balancers.ids();
                    dangling.distant(balancer, ids, "load balancer", at);
                }
                TargetName::Address(_) | TargetName::Function(_) => {}
            }
        }
    }
}

fn resolve_endpoints(snapshot: &mut Snapshot, dangling: &mut Dangling) {
    for endpoint in snapshot.vpc_endpoints.rows_mut() {
        let at = &endpoint.origin;
        dangling.distant(&mut endpoint.vpc, snapshot.vpcs.ids(), "VPC", at);
        for subnet in &mut endpoint.subnets {
            dangling.link(subnet, snapshot.subnets.ids(), "subnet", at);
        }
        for group in &mut endpoint.groups {
            dangling.link(group, snapshot.groups.ids(), "security group", at);
        }
        for interface in &mut endpoint.interfaces {
            dangling.distant(
                interface,
                snapshot.interfaces.ids(),
                "network interface",
                at,
            );
        }
        for table in &mut endpoint.route_tables {
            dangling.distant(table, snapshot.route_tables.ids(), "route table", at);
        }
    }
    for service in snapshot.endpoint_services.rows_mut() {
        for balancer in &mut service.load_balancers {
            let ids = snapshot.load_balancers.ids();
            dangling.distant(balancer, ids, "load balancer", &service.origin);
        }
    }
}

impl Mergeable for LoadBalancer {
    /// Classic load balancers are named by their owners: each VPC may have one of the name.
    fn discriminator(&self) -> Option<&str> {
        Some(self.vpc.id().as_str())
    }

    fn owner(&self) -> Option<&crate::AccountId> {
        self.owner.as_ref()
    }
}

impl Mergeable for TargetGroup {
    fn owner(&self) -> Option<&crate::AccountId> {
        self.owner.as_ref()
    }
}

impl Mergeable for VpcEndpoint {
    fn owner(&self) -> Option<&crate::AccountId> {
        self.owner.as_ref()
    }
}

impl Mergeable for VpcEndpointService {
    fn absorb(&mut self, other: Self) {
        for connection in other.connections {
            if !self.connections.contains(&connection) {
                self.connections.push(connection);
            }
        }
    }
}
