//! Load balancers: arriving at a node (`load-balancers.md`, section 1).
//!
//! A node answers connections itself, or passes them on to a target. What it passes on is followed from the node; what
//! comes back is asked from the node to the client.
//!
//! # Source
//!
//! Elastic Load Balancing: User Guides of Network, Application and Classic Load Balancers.

mod passing;
mod target;

use model::{
    BalancerProtocol, Index, Listener, LoadBalancer, LoadBalancerKind, LoadBalancerScheme,
    NetworkInterface, ResourceState,
};
use packet::{Family, PacketSet, PortSet, Protocol, Service};

use super::Semantics;
use super::group::PeerInterface;
use super::subnet::Place;
use crate::filter::Filter;
use crate::way::{End, Entry, Outcome, Sender, Way};

/// A node of a load balancer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Node<'a> {
    pub(super) interface: Index<NetworkInterface>,
    pub(super) balancer: &'a LoadBalancer,
    /// Where it stands, if the snapshot holds its subnet and VPC.
    pub(super) place: Option<Place>,
}

/// How many nodes may pass one packet on.
const MAX_NODES: usize = 2;

impl Semantics<'_> {
    /// First packets that the groups of a node let in.
    pub(super) fn at_node(&self, mut way: Way, node: Node<'_>) -> Outcome {
        if node.balancer.kind == LoadBalancerKind::Gateway {
            way.pass(&Filter::unknown());
            let subnet = node.place.map(|place| place.subnet);
            return self.deliver(way, node.interface, subnet);
        }
        if way.source.is_ipv6() && way.entry == Entry::InternetGateway {
            match denies_internet_ipv6(node.balancer) {
                Some(true) => return Outcome::denied(),
                Some(false) => {}
                None => way.pass(&Filter::unknown()),
            }
        }
        self.serve(way, node)
    }

    /// What a node does with packets that may come to it: it answers them, passes them on, or drops them.
    pub(super) fn serve(&self, mut way: Way, node: Node<'_>) -> Outcome {
        let is_available = node.balancer.state == ResourceState::Available;
        let answered = match (way.may_end_at(End::Interface(node.interface)), is_available) {
            (true, true) => answered_by_node(node.balancer),
            (true, false) => Filter::unknown(),
            (false, _) => Filter::deny(),
        };
        let mut served = Outcome::arrived(&answered);
        if is_available {
            served = served.best(&self.pass_on(&way, node));
        }
        let receiver = PeerInterface::of(node.interface, way.identity_of_receiver());
        self.leave_sender(&mut way, receiver);
        self.through_waypoint(&way, &served, |reply| {
            let reply = Way {
                sender: Sender::Interface(node.interface),
                ..reply
            };
            self.send_back(reply, node.place)
        })
    }

    /// What the targets behind the listeners of a node make of first packets.
    fn pass_on(&self, way: &Way, node: Node<'_>) -> Outcome {
        let mut all = Outcome::denied();
        let mut groups = passing::Memo::default();
        for listener in &node.balancer.listeners {
            for protocol in carried(listener.protocol) {
                let packets = to_port(protocol, listener.port);
                let is_answered = answers(node.balancer, protocol, listener.port);
                if !is_answered && !way.filter.maybe().intersection(&packets).is_empty() {
                    let beyond = if way.n_nodes < MAX_NODES {
                        self.pass_to_targets(way, node, (listener, protocol), &mut groups)
                    } else {
                        Outcome::arrived(&Filter::unknown_among(&packets))
                    };
                    all = all.best(&beyond);
                }
            }
        }
        all
    }
}

/// Whether IPv6 packets from an internet gateway are dropped, if the input tells.
fn denies_internet_ipv6(balancer: &LoadBalancer) -> Option<bool> {
    let is_internal = balancer.scheme == LoadBalancerScheme::Internal;
    match balancer.denies_internet_ipv6.or(is_internal) {
        None if !is_internal => Some(false),
        told => told,
    }
}

/// What a node answers itself: certainly, and perhaps.
fn answered_by_node(balancer: &LoadBalancer) -> Filter {
    let mut answered = PacketSet::empty();
    let mut known = PacketSet::empty();
    for listener in &balancer.listeners {
        for protocol in carried(listener.protocol) {
            let packets = to_port(protocol, listener.port);
            if !passes(balancer, listener) {
                answered = answered.union(&packets);
            }
            known = known.union(&packets);
        }
    }
    let mut unknown = pings(balancer.kind);
    if !balancer.listeners_known {
        let ported: PacketSet = [Protocol::TCP, Protocol::UDP]
            .map(PacketSet::of_protocol)
            .into_iter()
            .collect();
        unknown = unknown.union(&ported.difference(&known));
    }
    Filter::partly(answered, &unknown)
}

/// Messages of ICMP that a node may answer: nobody documents which, but a Network Load Balancer answers no echo request.
fn pings(kind: LoadBalancerKind) -> PacketSet {
    let messages =
        PacketSet::of_protocol(Protocol::ICMP).union(&PacketSet::of_protocol(Protocol::ICMPV6));
    match kind {
        LoadBalancerKind::Network => {
            let requests = [(Family::V4, 8), (Family::V6, 128)].map(|(family, kind)| {
                PacketSet::from(&Service::Icmp {
                    family,
                    kind,
                    code: None,
                })
            });
            messages.difference(&requests.into_iter().collect())
        }
        LoadBalancerKind::Application | LoadBalancerKind::Classic | LoadBalancerKind::Gateway => {
            messages
        }
    }
}

/// Whether a listener passes connections on.
fn passes(balancer: &LoadBalancer, listener: &Listener) -> bool {
    let does = match listener.protocol {
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
    };
    does && balancer.kind == LoadBalancerKind::Network
}

/// Whether some listener answers packets of this protocol to this port.
fn answers(balancer: &LoadBalancer, protocol: Protocol, port: u16) -> bool {
    let mut listeners = balancer.listeners.iter();
    listeners.any(|listener| {
        listener.port == port && listener.protocol.carries(protocol) && !passes(balancer, listener)
    })
}

fn carried(protocol: BalancerProtocol) -> impl Iterator<Item = Protocol> {
    let both = [Protocol::TCP, Protocol::UDP].into_iter();
    both.filter(move |carried| protocol.carries(*carried))
}

fn to_port(protocol: Protocol, port: u16) -> PacketSet {
    PacketSet::to_ports(protocol, &PortSet::range(port, port))
}
