//! Load balancers: what arrives at one of their nodes.

use model::{
    Attribute, Index, InterfaceKind, Listener, LoadBalancer, LoadBalancerKind, LoadBalancerScheme,
    NetworkInterface, ResourceState,
};
use packet::{Family, Protocol, Transport};

use crate::walk::{Arrival, Flight, Leads, Next, Stop};
use crate::{Doubt, Reason, Tracer};

/// What AWS writes first in the description of a node.
const DESCRIPTION: &str = "ELB ";

/// The types of the ICMP messages that ask for an echo, by family.
const ECHO_REQUESTS: [(Protocol, u8); 2] = [(Protocol::ICMP, 8), (Protocol::ICMPV6, 128)];

impl Tracer<'_> {
    /// Whether an interface is a node of a load balancer, or looks like one.
    pub(crate) fn is_node(&self, index: Index<NetworkInterface>) -> bool {
        let interface = self.snapshot.interfaces().get(index);
        let is_of_kind = match &interface.kind {
            InterfaceKind::NetworkLoadBalancer | InterfaceKind::GatewayLoadBalancer => true,
            InterfaceKind::Other(name) => &**name == "load_balancer",
            _ => false,
        };
        let is_described =
            interface.requester_managed && interface.description.starts_with(DESCRIPTION);
        is_of_kind || is_described || self.balancers.contains_key(&index)
    }

    /// A first packet at a node, let in by its groups.
    pub(crate) fn at_node(&self, flight: &mut Flight, node: Index<NetworkInterface>) -> Leads {
        let Some(index) = self.balancers.get(&node).copied() else {
            return Ok(doubtful(flight, node, Doubt::BalancerUnknown(node)));
        };
        let balancer = self.snapshot.load_balancers().get(index);
        if balancer.kind == LoadBalancerKind::Gateway {
            return Ok(doubtful(flight, node, Doubt::GatewayBalancer(node)));
        }
        ask_internet(flight, node, balancer)?;
        self.serve(flight, node, index)
    }

    /// A first packet at a node, by whatever way it came.
    pub(crate) fn serve(
        &self,
        flight: &mut Flight,
        node: Index<NetworkInterface>,
        index: Index<LoadBalancer>,
    ) -> Leads {
        let balancer = self.snapshot.load_balancers().get(index);
        if balancer.state == ResourceState::Unavailable {
            return Ok(doubtful(flight, node, Doubt::BalancerState(node)));
        }
        let protocol = flight.packet.protocol();
        let port = match flight.packet.transport() {
            Transport::Ports { destination, .. } => destination,
            Transport::Icmp { kind, .. } => {
                let is_echo = ECHO_REQUESTS.contains(&(protocol, kind));
                if is_echo && balancer.kind == LoadBalancerKind::Network {
                    return Err(Reason::NoListener(node).into());
                }
                return Ok(doubtful(flight, node, Doubt::BalancerPing(node)));
            }
            Transport::Other => return Err(Reason::NoListener(node).into()),
        };
        let takes =
            |listener: &&Listener| listener.port == port && listener.protocol.carries(protocol);
        let listeners: Vec<&Listener> = balancer.listeners.iter().filter(takes).collect();
        if listeners.is_empty() {
            return if balancer.listeners_known {
                Err(Reason::NoListener(node).into())
            } else {
                Ok(doubtful(flight, node, Doubt::ListenersUnknown(node)))
            };
        }
        if !listeners
            .iter()
            .all(|listener| is_passing(balancer, listener))
        {
            return Ok(Next::Arrived(Arrival::Interface(node)));
        }
        settle_refusal(flight)?;
        self.pass_on(flight, node, index, &listeners)
    }
}

/// Delivered to the node, though that is not certain.
fn doubtful(flight: &mut Flight, node: Index<NetworkInterface>, doubt: Doubt) -> Next {
    flight.doubt(doubt);
    Next::Arrived(Arrival::Interface(node))
}

/// Whether the balancer takes IPv6 from internet gateways.
fn ask_internet(
    flight: &mut Flight,
    node: Index<NetworkInterface>,
    balancer: &LoadBalancer,
) -> Result<(), Stop> {
    if !flight.came_by_internet_gateway || flight.packet.family() == Family::V4 {
        return Ok(());
    }
    let is_internal = balancer.scheme == LoadBalancerScheme::Internal;
    match (balancer.denies_internet_ipv6, is_internal) {
        (Attribute::Told(true), _) | (Attribute::Default, true) => {
            Err(Reason::InternalBalancer(node).into())
        }
        (Attribute::Unknown, true) => {
            flight.doubt(Doubt::BalancerAttributes(node));
            Ok(())
        }
        (Attribute::Told(false), _) | (Attribute::Default | Attribute::Unknown, false) => Ok(()),
    }
}

/// Whether the listener hands connections to targets instead of answering them itself.
fn is_passing(balancer: &LoadBalancer, listener: &Listener) -> bool {
    use model::BalancerProtocol::{Geneve, Http, Https, Quic, Ssl, Tcp, TcpQuic, TcpUdp, Tls, Udp};
    let is_passing = match listener.protocol {
        Tcp | Udp | TcpUdp | Quic | TcpQuic => true,
        Http | Https | Ssl | Tls | Geneve => false,
    };
    is_passing && balancer.kind == LoadBalancerKind::Network
}

/// The receiver is known by now: what the sender's groups refused is refused.
pub(crate) fn settle_refusal(flight: &mut Flight) -> Result<(), Reason> {
    let Some((n_hops, reason, _)) = flight.refused.take() else {
        return Ok(());
    };
    flight.hops.truncate(n_hops);
    Err(reason)
}
