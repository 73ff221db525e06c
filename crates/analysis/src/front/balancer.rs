//! Load balancers as fronts.
//!
//! Which targets a listener has at which node follows `docs/semantics/load-balancers.md`, section 2, for listeners
//! that answer clients themselves too: those use the rules of a listener beside its default action, and the zones of
//! an Application Load Balancer are crossed unless that is switched off.

use std::collections::BTreeSet;

use model::{
    Attribute, BalancerProtocol, Index, Link, Listener, ListenerAction, LoadBalancer,
    LoadBalancerKind, NetworkInterface, Resource, Snapshot, TargetGroup, TargetKind,
};
use packet::{PacketSet, PortSet, Protocol};

use super::target::Targets;
use super::{Door, Front, FrontKind, FrontName, Passing, Reach};

/// All load balancers that pass requests on by themselves.
pub(super) fn balancers(snapshot: &Snapshot) -> Vec<Front> {
    let targets = Targets::of(snapshot);
    let fronts = snapshot.load_balancers().rows().iter();
    fronts
        .filter_map(|balancer| front(snapshot, &targets, balancer))
        .collect()
}

fn front(snapshot: &Snapshot, targets: &Targets<'_>, balancer: &LoadBalancer) -> Option<Front> {
    let name = FrontName {
        kind: kind(balancer.kind)?,
        id: balancer.id.to_string(),
        name: balancer.name().unwrap_or(balancer.id.as_str()).to_owned(),
    };
    let nodes: Vec<Index<NetworkInterface>> =
        balancer.nodes.iter().filter_map(Link::target).collect();
    let mut front = Front {
        name,
        doors: Vec::new(),
        is_whole: balancer.listeners_known && nodes.len() == balancer.nodes.len(),
        nodes,
    };
    for listener in &balancer.listeners {
        let groups = groups(snapshot, listener, &mut front.is_whole);
        let told = |group: &&TargetGroup| group.targets_known;
        front.is_whole &= groups.iter().all(told);
        for node in front.nodes.clone() {
            let opened = doors(targets, balancer, listener, &groups, node);
            front.doors.extend(opened);
        }
    }
    Some(front)
}

/// Gateway Load Balancers hand packets to appliances, and are no ends of a way.
const fn kind(kind: LoadBalancerKind) -> Option<FrontKind> {
    match kind {
        LoadBalancerKind::Application => Some(FrontKind::ApplicationLoadBalancer),
        LoadBalancerKind::Network => Some(FrontKind::NetworkLoadBalancer),
        LoadBalancerKind::Classic => Some(FrontKind::ClassicLoadBalancer),
        LoadBalancerKind::Gateway => None,
    }
}

/// The groups that a listener sends to. Clears `is_whole` if there may be others.
fn groups<'s>(
    snapshot: &'s Snapshot,
    listener: &Listener,
    is_whole: &mut bool,
) -> Vec<&'s TargetGroup> {
    *is_whole &= listener.rules_known;
    let of_rules = listener.rules.iter().flat_map(|rule| &rule.actions);
    let mut found = BTreeSet::new();
    for action in listener.actions.iter().chain(of_rules) {
        let ListenerAction::Forward(weighted) = action else {
            continue;
        };
        let has_weight = weighted.iter().any(|one| 0 < one.weight);
        for one in weighted.iter().filter(|one| !has_weight || 0 < one.weight) {
            match one.group.target() {
                Some(group) => _ = found.insert(group),
                None => *is_whole = false,
            }
        }
    }
    let groups = snapshot.target_groups();
    found.into_iter().map(|group| groups.get(group)).collect()
}

/// The doors of a listener at a node: one for all groups where it hands packets on, since AWS chooses among all of
/// their targets; else one for each group.
fn doors(
    targets: &Targets<'_>,
    balancer: &LoadBalancer,
    listener: &Listener,
    groups: &[&TargetGroup],
    node: Index<NetworkInterface>,
) -> Vec<Door> {
    let door = |passing: Passing, groups: &[&TargetGroup]| {
        let behind = groups.iter().flat_map(|group| {
            let crosses = crosses_zones(balancer, group);
            targets.behind(node, group, crosses, |port| sent(listener, group, port))
        });
        Door {
            node: Some(node),
            at: targets.faces(node),
            from: targets.own(node),
            takes: services(listener.protocol, listener.port),
            passing,
            behind: Reach::Targets(behind.collect()),
        }
    };
    if hands_on(balancer.kind, listener.protocol) {
        return vec![door(Passing::HandsOn, groups)];
    }
    let by_group = groups
        .iter()
        .map(|group| door(answering(balancer.kind, group), std::slice::from_ref(group)));
    by_group.collect()
}

fn hands_on(kind: LoadBalancerKind, protocol: BalancerProtocol) -> bool {
    kind == LoadBalancerKind::Network
        && match protocol {
            BalancerProtocol::Tcp
            | BalancerProtocol::Udp
            | BalancerProtocol::TcpUdp
            | BalancerProtocol::Quic
            | BalancerProtocol::TcpQuic => true,
            BalancerProtocol::Http
            | BalancerProtocol::Https
            | BalancerProtocol::Ssl
            | BalancerProtocol::Tls
            | BalancerProtocol::Geneve => false,
        }
}

/// A Network Load Balancer that ends TLS may still send to targets under the client's address.
fn answering(kind: LoadBalancerKind, group: &TargetGroup) -> Passing {
    let is_default = group.kind == TargetKind::Instance;
    let keeps_client = match group.preserves_client {
        Attribute::Told(keeps) => keeps,
        Attribute::Default => is_default,
        Attribute::Unknown => true,
    };
    if kind == LoadBalancerKind::Network && keeps_client {
        Passing::AnswersAsClient
    } else {
        Passing::Answers
    }
}

/// Whether nodes send to targets of other zones: `None` if the input does not tell.
fn crosses_zones(balancer: &LoadBalancer, group: &TargetGroup) -> Option<bool> {
    let is_default = balancer.kind == LoadBalancerKind::Application;
    match (group.cross_zone, balancer.cross_zone) {
        (Attribute::Told(crosses), _) => Some(crosses),
        (Attribute::Unknown, _) => None,
        // Application Load Balancers cross zones, whatever their own attribute says.
        (Attribute::Default, _) if is_default => Some(true),
        (Attribute::Default, of_balancer) => of_balancer.or(false),
    }
}

/// What a target is sent at a port.
fn sent(listener: &Listener, group: &TargetGroup, port: u16) -> PacketSet {
    let carried = services(listener.protocol, port);
    let spoken = group
        .protocol
        .map_or(PacketSet::empty(), |protocol| services(protocol, port));
    let both = carried.intersection(&spoken);
    if both.is_empty() { spoken } else { both }
}

fn services(protocol: BalancerProtocol, port: u16) -> PacketSet {
    let carried = [Protocol::TCP, Protocol::UDP].into_iter();
    let sets = carried
        .filter(|carried| protocol.carries(*carried))
        .map(|carried| PacketSet::to_ports(carried, &PortSet::range(port, port)));
    sets.fold(PacketSet::empty(), |all, set| all.union(&set))
}
