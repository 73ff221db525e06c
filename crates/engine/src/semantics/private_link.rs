//! Endpoints and PrivateLink (`private-link.md`).
//!
//! An interface endpoint leads to a service: one of AWS, which answers its ports, or that of a provider, behind nodes of
//! its load balancers. A gateway endpoint is a route of one VPC to a service of AWS.
//!
//! # Source
//!
//! AWS PrivateLink Guide: Access an AWS service using an interface VPC endpoint; Share your services; Gateway endpoints.

use model::{
    Direction, Index, NetworkInterface, ResourceId, ResourceState, Subnet, VpcEndpoint,
    VpcEndpointKind, VpcEndpointService,
    aws_service::{Listening, known, listening},
};
use packet::{Family, PacketSet, PortRange, PortSet, Protocol};

use super::Semantics;
use super::balancer::Node;
use super::group::{Peer, PeerInterface};
use super::subnet::Place;
use crate::filter::Filter;
use crate::way::{End, Entry, Errand, Goal, Identity, Origin, Outcome, Sender, Target, Way};

/// How the names of services of providers start.
const PROVIDED: &str = "com.amazonaws.vpce.";

impl Semantics<'_> {
    /// A route to a prefix list leads to a service of AWS.
    pub(super) fn leave_by_gateway_endpoint(
        &self,
        mut way: Way,
        at: Place,
        id: &ResourceId,
    ) -> Outcome {
        let endpoints = self.snapshot().vpc_endpoints();
        let endpoint = endpoints
            .find(id.as_str())
            .map(|index| endpoints.get(index));
        let is_dead = endpoint.is_some_and(|it| it.state == ResourceState::Unavailable);
        if is_dead || !self.snapshot().vpcs().get(at.vpc).contains(way.source) {
            return Outcome::denied();
        }
        if !way.is_reply() {
            way.pass(&Filter::exactly(carried_by_gateways()));
        }
        self.reach_service(way)
    }

    /// First packets that the groups of an endpoint's interface let in.
    pub(super) fn at_endpoint(
        &self,
        mut way: Way,
        interface: Index<NetworkInterface>,
        subnet: Option<Index<Subnet>>,
    ) -> Outcome {
        let endpoint = self.network.fronts.endpoint_of(interface);
        let endpoint = endpoint.map(|index| self.snapshot().vpc_endpoints().get(index));
        let Some(endpoint) = endpoint.filter(|it| it.kind == VpcEndpointKind::Interface) else {
            way.pass(&Filter::unknown());
            return self.deliver(way, interface, subnet);
        };
        if endpoint.state == ResourceState::Unavailable {
            return Outcome::denied();
        }
        if !endpoint.service.starts_with(PROVIDED) {
            way.pass(&listening_ports(&endpoint.service));
            return self.deliver(way, interface, subnet);
        }
        way.pass(&Filter::exactly(ported()));
        let service = self.network.fronts.service(&endpoint.service);
        let Some(service) = service.map(|index| self.snapshot().endpoint_services().get(index))
        else {
            way.pass(&Filter::unknown());
            return self.deliver(way, interface, subnet);
        };
        if !is_connected(service, endpoint) {
            return Outcome::denied();
        }
        self.enter_service(way, interface, subnet, service)
    }

    /// Packets go on from an endpoint to the balancers of a provider.
    fn enter_service(
        &self,
        mut way: Way,
        interface: Index<NetworkInterface>,
        subnet: Option<Index<Subnet>>,
        service: &VpcEndpointService,
    ) -> Outcome {
        let nodes = self.nodes_of_service(service, subnet);
        if !way.part(nodes.len()) {
            return self.cut(way);
        }
        let ends_here = way.may_end_at(End::Interface(interface));
        let beyond = Outcome::of_choices(nodes.into_iter().map(|node| match node {
            Some(node) => self.enter_by_service(&way, interface, node),
            None if ends_here => Outcome::arrived(&Filter::unknown()),
            None => Outcome::denied(),
        }));
        let receiver = PeerInterface::of(interface, way.identity_of_receiver());
        self.leave_sender(&mut way, receiver);
        self.through_waypoint(&way, &beyond, |reply| {
            let reply = Way {
                sender: Sender::Interface(interface),
                ..reply
            };
            let place = subnet.and_then(|subnet| self.place(subnet));
            self.send_back(reply, place)
        })
    }

    /// The nodes that AWS may choose for packets at an endpoint; `None` for those of balancers that the input does not
    /// tell.
    fn nodes_of_service<'s>(
        &'s self,
        service: &VpcEndpointService,
        subnet: Option<Index<Subnet>>,
    ) -> Vec<Option<Node<'s>>> {
        let mut nodes = Vec::new();
        for link in &service.load_balancers {
            let balancer = link
                .target()
                .map(|index| self.snapshot().load_balancers().get(index));
            let before = nodes.len();
            if let Some(balancer) = balancer {
                let interfaces = balancer.nodes.iter().filter_map(model::Link::target);
                nodes.extend(interfaces.map(|interface| Some(self.node(interface, balancer))));
            }
            if nodes.len() == before {
                nodes.push(None);
            }
        }
        if nodes.is_empty() {
            nodes.push(None);
        }
        let is_elsewhere = |node: &Option<Node<'_>>| {
            let there = node.as_ref().and_then(|node| node.place);
            let zones = subnet.zip(there.map(|place| place.subnet));
            zones.and_then(|(here, there)| self.is_same_zone(here, there)) == Some(false)
        };
        if !nodes.iter().all(is_elsewhere) {
            nodes.retain(|node| !is_elsewhere(node));
        }
        nodes
    }

    /// Packets appear at a node of the provider, and what answers them goes straight back to the endpoint.
    fn enter_by_service(
        &self,
        way: &Way,
        endpoint: Index<NetworkInterface>,
        node: Node<'_>,
    ) -> Outcome {
        let interface = self.snapshot().interfaces().get(node.interface);
        let Some(own) = interface.primary(Family::of(way.source)) else {
            return Outcome::arrived(&Filter::unknown());
        };
        let target = match way.target {
            Target::Interface(target) if target == endpoint => Target::Any,
            other => other,
        };
        let mut inside = Way {
            errand: Errand::First(Origin::Service),
            home: Goal::Endpoint,
            target,
            destination: own,
            sender: Sender::Outside,
            identity: Identity::Lost,
            filter: Filter::pass(),
            entry: Entry::EndpointService,
            visited: Vec::new(),
            n_choices: 0,
            inspections: Vec::new(),
            ..way.clone()
        };
        if node.balancer.enforces_groups_on_private_link {
            let peer = Peer {
                address: way.source,
                interface: PeerInterface::None,
            };
            inside.pass(&self.group_filter(inside.open, node.interface, Direction::Ingress, peer));
        }
        self.serve(inside, node)
    }
}

/// Whether the provider lets the endpoint in, and works.
fn is_connected(service: &VpcEndpointService, endpoint: &VpcEndpoint) -> bool {
    let mut refused = service
        .connections
        .iter()
        .filter(|connection| connection.state == ResourceState::Unavailable);
    service.state == ResourceState::Available
        && !refused.any(|connection| connection.endpoint == endpoint.id)
}

fn ported() -> PacketSet {
    [Protocol::TCP, Protocol::UDP]
        .map(PacketSet::of_protocol)
        .into_iter()
        .collect()
}

/// The protocols that gateway endpoints carry.
///
/// Source: VPC Reachability Analyzer: Explanation codes (`VPCE_GATEWAY_PROTOCOL_RESTRICTION`).
fn carried_by_gateways() -> PacketSet {
    [Protocol::TCP, Protocol::ICMP, Protocol::ICMPV6]
        .map(PacketSet::of_protocol)
        .into_iter()
        .collect()
}

/// What a service of AWS answers: the ports that its documentation names.
fn listening_ports(service: &str) -> Filter {
    let mut edges: Vec<u16> = vec![0, 80, 81, 443, 444];
    for range in known(service).unwrap_or_default() {
        edges.push(range.first());
        edges.extend(range.last().checked_add(1));
    }
    edges.sort_unstable();
    edges.dedup();
    let ends = edges.iter().skip(1).map(|edge| edge.saturating_sub(1));
    let ends = ends.chain(std::iter::once(u16::MAX));
    let ranges: Vec<PortRange> = edges
        .iter()
        .zip(ends)
        .filter_map(|(first, last)| PortRange::new(*first, last))
        .collect();
    let (mut answers, mut unknown) = (PacketSet::empty(), PacketSet::empty());
    for protocol in [Protocol::TCP, Protocol::UDP] {
        for range in &ranges {
            let ports = PortSet::range(range.first(), range.last());
            let packets = PacketSet::to_ports(protocol, &ports);
            match listening(service, protocol, Some(range.first())) {
                Listening::Answers => answers = answers.union(&packets),
                Listening::Unknown => unknown = unknown.union(&packets),
                Listening::Silent => {}
            }
        }
    }
    Filter::partly(answers, &unknown)
}
