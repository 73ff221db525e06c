//! On from a node to a target (`load-balancers.md`, section 3).

use std::net::IpAddr;

use model::{
    BalancerProtocol, Index, Link, Listener, ListenerAction, RouteTarget, TargetGroup, TargetKind,
    VpcPeeringConnection, WeightedTargetGroup,
};
use packet::{Family, Protocol};
use rustc_hash::FxHashMap;

use super::target::Aim;
use super::{Node, to_port};
use crate::filter::Filter;
use crate::semantics::Semantics;
use crate::semantics::route::Choice;
use crate::semantics::subnet::Place;
use crate::way::{Entry, Errand, Goal, Identity, Origin, Outcome, Sender, Target, Way};

/// What became of packets to the targets of groups; by the port of each target, or `None` if that is unknown.
pub(super) type Memo = FxHashMap<Index<TargetGroup>, Vec<(Option<u16>, Outcome)>>;

impl Semantics<'_> {
    /// What the targets of a listener make of packets of one protocol: the best one counts.
    pub(super) fn pass_to_targets(
        &self,
        way: &Way,
        node: Node<'_>,
        (listener, protocol): (&Listener, Protocol),
        groups: &mut Memo,
    ) -> Outcome {
        let unknown = Outcome::arrived(&Filter::unknown_among(&to_port(protocol, listener.port)));
        let is_cut = way.source.is_ipv6() && protocol == Protocol::UDP;
        let mut best = Outcome::denied();
        for link in forwarded(listener) {
            let Some(group) = link.target() else {
                best = best.best(&unknown);
                continue;
            };
            let targets = groups
                .entry(group)
                .or_insert_with(|| self.pass_to_group(way, node, group));
            for (port, beyond) in targets {
                let outcome = match port {
                    Some(port) if !is_cut => {
                        beyond.before_port_change(protocol, listener.port, *port)
                    }
                    Some(_) | None => unknown.clone(),
                };
                best = best.best(&outcome);
            }
        }
        best
    }

    fn pass_to_group(
        &self,
        way: &Way,
        node: Node<'_>,
        index: Index<TargetGroup>,
    ) -> Vec<(Option<u16>, Outcome)> {
        let group = self.snapshot().target_groups().get(index);
        let candidates = self.candidates(group, node).into_iter();
        let follow = candidates.map(|candidate| {
            let Some(aim) = candidate.aim else {
                return (None, Outcome::denied());
            };
            let outcome = self.pass_to_target(way, node, group, aim);
            let outcome = if candidate.is_doubtful {
                outcome.perhaps()
            } else {
                outcome
            };
            (Some(aim.port), outcome)
        });
        follow.collect()
    }

    fn pass_to_target(&self, way: &Way, node: Node<'_>, group: &TargetGroup, aim: Aim) -> Outcome {
        let kept = || self.keep_client(way, node, aim);
        let spoken_for = || self.speak_for_client(way, node, aim);
        match keeps_client(way, group, aim) {
            Some(true) => kept(),
            Some(false) => spoken_for(),
            None => Outcome::of_choices([kept(), spoken_for()]),
        }
    }

    /// The node sends on in its own name.
    fn speak_for_client(&self, way: &Way, node: Node<'_>, aim: Aim) -> Outcome {
        let interface = self.snapshot().interfaces().get(node.interface);
        let Some(own) = interface.primary(Family::of(aim.address)) else {
            return Outcome::arrived(&Filter::unknown());
        };
        let on = passed_on(way, node, (own, aim.address), Goal::Node(node.interface));
        let beyond = match node.place {
            Some(place) => self.leave(on, place),
            None => self.cut(on),
        };
        beyond.after_translation()
    }

    /// The target sees the address of the client.
    fn keep_client(&self, way: &Way, node: Node<'_>, aim: Aim) -> Outcome {
        if let Some(holder) = aim.holder {
            self.tell_apart(holder);
            if self.is_on_host(holder, way.source) {
                return Outcome::denied();
            }
        }
        let home = Goal::Passer(node.interface);
        let mut on = passed_on(way, node, (way.source, aim.address), home);
        let Some(place) = node.place else {
            return self.cut(on);
        };
        let subnet = self.snapshot().subnets().get(place.subnet);
        if subnet.contains(aim.address) {
            return self.arrive(on, place.vpc, Some(place.subnet));
        }
        self.leave_subnet(&mut on, place.subnet);
        match self.route_of_subnet(place, aim.address) {
            Choice::Target {
                target: RouteTarget::Local,
                ..
            } => self.arrive(on, place.vpc, Some(place.subnet)),
            Choice::Target {
                target: RouteTarget::Peering(peering),
                ..
            } => self.keep_client_across(on, place, &peering),
            Choice::Target {
                target: RouteTarget::TransitGateway(_),
                ..
            }
            | Choice::Nothing
            | Choice::Blackhole => Outcome::denied(),
            Choice::Target { .. } | Choice::Unknown => self.cut(on),
        }
    }

    fn keep_client_across(
        &self,
        way: Way,
        at: Place,
        link: &Link<VpcPeeringConnection>,
    ) -> Outcome {
        let Some(index) = link.target() else {
            return self.cut(way);
        };
        let peering = self.snapshot().peerings().get(index);
        if self.identity_across(peering) == Identity::Lost {
            return Outcome::denied();
        }
        self.cross_peering(way, at, peering)
    }
}

/// The groups that a listener forwards to: those of no weight only if all are.
fn forwarded(listener: &Listener) -> Vec<&Link<TargetGroup>> {
    let groups: Vec<&WeightedTargetGroup> = listener
        .actions
        .iter()
        .flat_map(|action| match action {
            ListenerAction::Forward(groups) => groups.as_slice(),
            ListenerAction::Other(_) => &[],
        })
        .collect();
    let is_any_weighed = groups.iter().any(|weighed| 0 < weighed.weight);
    let chosen = groups
        .into_iter()
        .filter(|weighed| !is_any_weighed || 0 < weighed.weight);
    chosen.map(|weighed| &weighed.group).collect()
}

/// Whether targets of a group see the address of the client, if the input tells.
fn keeps_client(way: &Way, group: &TargetGroup, aim: Aim) -> Option<bool> {
    let is_of_family = Family::of(way.source) == Family::of(aim.address);
    if !is_of_family || way.entry == Entry::EndpointService {
        return Some(false);
    }
    let is_always = match group.protocol {
        Some(
            BalancerProtocol::Udp
            | BalancerProtocol::TcpUdp
            | BalancerProtocol::Quic
            | BalancerProtocol::TcpQuic,
        ) => true,
        Some(
            BalancerProtocol::Http
            | BalancerProtocol::Https
            | BalancerProtocol::Tcp
            | BalancerProtocol::Ssl
            | BalancerProtocol::Tls
            | BalancerProtocol::Geneve,
        )
        | None => false,
    };
    if is_always || group.kind == TargetKind::LoadBalancer {
        return Some(true);
    }
    group
        .preserves_client
        .or(group.kind == TargetKind::Instance)
}

/// Packets as they leave a node for a target.
fn passed_on(
    way: &Way,
    node: Node<'_>,
    (source, destination): (IpAddr, IpAddr),
    home: Goal,
) -> Way {
    let target = match way.target {
        Target::Interface(target) if target == node.interface => Target::Any,
        other => other,
    };
    Way {
        errand: Errand::First(Origin::Interface {
            interface: node.interface,
            to: destination,
        }),
        home,
        target,
        source,
        destination,
        sender: Sender::Interface(node.interface),
        identity: Identity::Kept,
        crossed_transit: false,
        filter: Filter::pass(),
        left_by_egress_only: None,
        entry: Entry::Other,
        is_of_other_family: false,
        inspections: Vec::new(),
        n_nodes: way.n_nodes + 1,
        visited: Vec::new(),
        n_choices: 0,
        open: way.open,
    }
}
