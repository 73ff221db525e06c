//! What is told about load balancers and endpoints, brought together.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::net::IpAddr;

use super::resolve::Dangling;
use super::{Mergeable, Parts};
use crate::{
    Attribute, Diagnostic, InterfaceKind, Kind, Link, Listener, ListenerAction, ListenerRule,
    LoadBalancer, LoadBalancerZone, NetworkInterface, Origin, ResourceId, Severity, Snapshot,
    Target, TargetGroup, TargetName, VpcEndpoint, VpcEndpointService,
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
    let facts = std::mem::take(&mut parts.balancer_facts);
    // Rules come last: their listeners must be there.
    let (rules, others): (Vec<_>, Vec<_>) = facts
        .into_iter()
        .partition(|fact| matches!(fact, BalancerFact::Rules(..)));
    let mut lost = BTreeMap::new();
    for facts in [others, rules] {
        let meant = Meant::by_texts(parts);
        for fact in facts {
            let (id, origin) = (fact.about().0.clone(), fact.about().1.clone());
            if !adopt(parts, &meant, &fact) {
                lost.entry(id).or_insert(origin);
            }
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

/// Places in the lists of what facts are about, by the texts that mean them.
struct Meant {
    balancers: Places,
    groups: Places,
    /// The place of the load balancer, by the id of the listener.
    listeners: Places,
}

/// A text may mean several: two accounts may describe the same.
type Places = HashMap<String, Vec<usize>>;

impl Meant {
    fn by_texts(parts: &Parts) -> Self {
        let balancers = parts.load_balancers.iter();
        let listeners = balancers.clone().enumerate().flat_map(|(place, balancer)| {
            let listeners = balancer.listeners.iter();
            listeners.map(move |listener| (listener.id.as_str().to_owned(), place))
        });
        Self {
            balancers: by_text(balancers.map(|balancer| &balancer.id)),
            groups: by_text(parts.target_groups.iter().map(|group| &group.id)),
            listeners: places(listeners),
        }
    }
}

fn by_text<'p>(ids: impl Iterator<Item = &'p ResourceId>) -> Places {
    let texts = ids.enumerate().flat_map(|(place, id)| {
        let own = id.as_str().to_owned();
        let texts = std::iter::once(own).chain(name_and_end(id));
        texts.map(move |text| (text, place))
    });
    places(texts)
}

fn places(texts: impl Iterator<Item = (String, usize)>) -> Places {
    let mut places = Places::new();
    for (text, place) in texts {
        let alike = places.entry(text).or_default();
        if alike.last() != Some(&place) {
            alike.push(place);
        }
    }
    places
}

/// `NAME_ID`, which collectors make of the end of an ARN. Names hold no underscore.
fn name_and_end(id: &ResourceId) -> Option<String> {
    let mut ends = id.as_str().rsplit('/');
    let (last, before) = (ends.next()?, ends.next()?);
    (!before.contains('_')).then(|| format!("{before}_{last}"))
}

/// Gives a fact to whom it is about; whether anybody is there.
fn adopt(parts: &mut Parts, meant: &Meant, fact: &BalancerFact) -> bool {
    let (about, _) = fact.about();
    let places = match fact {
        BalancerFact::Rules(..) => &meant.listeners,
        BalancerFact::Listeners(..) | BalancerFact::LoadBalancerAttributes(..) => &meant.balancers,
        BalancerFact::Targets(..) | BalancerFact::TargetGroupAttributes(..) => &meant.groups,
    };
    let places = places.get(about.as_str()).map_or(&[][..], Vec::as_slice);
    let balancers = &mut parts.load_balancers;
    let groups = &mut parts.target_groups;
    for place in places {
        match fact {
            BalancerFact::Listeners(_, listeners, is_whole, _) => {
                if let Some(balancer) = balancers.get_mut(*place) {
                    balancer.listeners_known |= is_whole;
                    add_new(&mut balancer.listeners, listeners, |listener| &listener.id);
                }
            }
            BalancerFact::Rules(id, rules, is_whole, _) => {
                let balancer = balancers.get_mut(*place).into_iter();
                let listeners = balancer.flat_map(|balancer| &mut balancer.listeners);
                for listener in listeners.filter(|listener| listener.id == *id) {
                    listener.rules_known |= is_whole;
                    add_new(&mut listener.rules, rules, |rule| &rule.id);
                }
            }
            BalancerFact::Targets(_, targets, is_whole, _) => {
                // Two answers about one group were taken at two times: the first that is whole counts.
                if let Some(group) = groups.get_mut(*place)
                    && !group.targets_known
                {
                    group.targets.clone_from(targets);
                    group.targets_known = *is_whole;
                }
            }
            BalancerFact::LoadBalancerAttributes(_, cross_zone, denies_internet_ipv6, _) => {
                if let Some(balancer) = balancers.get_mut(*place) {
                    balancer.cross_zone = setting(*cross_zone);
                    balancer.denies_internet_ipv6 = setting(*denies_internet_ipv6);
                }
            }
            BalancerFact::TargetGroupAttributes(_, preserves_client, cross_zone, _) => {
                if let Some(group) = groups.get_mut(*place) {
                    group.preserves_client = setting(*preserves_client);
                    group.cross_zone = setting(*cross_zone);
                }
            }
        }
    }
    !places.is_empty()
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
    let described = Described::of(interfaces);
    let holders = holders_of_listed(interfaces, snapshot.load_balancers.rows());
    for balancer in snapshot.load_balancers.rows_mut() {
        let nodes = described.as_are(&balancer.description_of_nodes());
        let nodes = nodes
            .iter()
            .copied()
            .filter(|interface| is_made_by_balancers(interface) && interface.vpc == balancer.vpc);
        let found = nodes.chain(listed_by(balancer, &holders));
        let found: BTreeSet<ResourceId> = found.map(|node| node.id.clone()).collect();
        add_links(&mut balancer.nodes, found);
    }
    for endpoint in snapshot.vpc_endpoints.rows_mut() {
        let own = described.as_are(&format!("VPC Endpoint Interface {}", endpoint.id));
        let own = own
            .iter()
            .filter(|interface| is_made_by_endpoints(interface));
        let found: BTreeSet<ResourceId> = own.map(|interface| interface.id.clone()).collect();
        add_links(&mut endpoint.interfaces, found);
    }
}

/// Interfaces that AWS manages, by their descriptions. Users can write any description: only what AWS manages counts.
struct Described<'s>(HashMap<&'s str, Vec<&'s NetworkInterface>>);

impl<'s> Described<'s> {
    fn of(interfaces: &'s [NetworkInterface]) -> Self {
        let mut described: HashMap<&str, Vec<&NetworkInterface>> = HashMap::new();
        let managed = interfaces
            .iter()
            .filter(|interface| is_made_by_balancers(interface) || is_made_by_endpoints(interface));
        for interface in managed {
            let alike = described.entry(&interface.description).or_default();
            alike.push(interface);
        }
        Self(described)
    }

    /// Those with this description.
    fn as_are(&self, description: &str) -> &[&'s NetworkInterface] {
        self.0.get(description).map_or(&[], Vec::as_slice)
    }
}

fn is_made_by_balancers(interface: &NetworkInterface) -> bool {
    interface.requester_managed
        || matches!(
            interface.kind,
            InterfaceKind::NetworkLoadBalancer | InterfaceKind::GatewayLoadBalancer
        )
}

fn is_made_by_endpoints(interface: &NetworkInterface) -> bool {
    interface.requester_managed
        || matches!(
            interface.kind,
            InterfaceKind::VpcEndpoint | InterfaceKind::GatewayLoadBalancerEndpoint
        )
}

type Holders<'s> = HashMap<IpAddr, Vec<&'s NetworkInterface>>;

/// The interfaces that hold an address which any load balancer lists.
fn holders_of_listed<'s>(
    interfaces: &'s [NetworkInterface],
    balancers: &[LoadBalancer],
) -> Holders<'s> {
    let listed = balancers.iter().flat_map(listed_addresses);
    let mut holders: Holders<'s> = listed.map(|(_, address)| (address, Vec::new())).collect();
    if holders.is_empty() {
        return holders;
    }
    for interface in interfaces {
        for held in &interface.addresses {
            for address in std::iter::once(held.address).chain(held.public) {
                if let Some(holders) = holders.get_mut(&address) {
                    holders.push(interface);
                }
            }
        }
    }
    holders
}

/// The addresses that a load balancer lists, with their zones.
fn listed_addresses(balancer: &LoadBalancer) -> impl Iterator<Item = (&LoadBalancerZone, IpAddr)> {
    let zones = balancer.zones.iter();
    zones.flat_map(|zone| zone.addresses.iter().map(move |address| (zone, *address)))
}

/// The interfaces that hold an address which the load balancer lists for their subnet.
fn listed_by<'s>(
    balancer: &LoadBalancer,
    holders: &Holders<'s>,
) -> impl Iterator<Item = &'s NetworkInterface> {
    listed_addresses(balancer).flat_map(|(zone, address)| {
        let holders = holders.get(&address).into_iter().flatten().copied();
        holders.filter(|interface| interface.subnet == zone.subnet)
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
