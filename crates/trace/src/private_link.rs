//! Endpoints: interfaces that lead to a service.

use model::aws_service::{Listening, listening};
use model::{
    EndpointConnection, Index, LoadBalancer, NetworkInterface, ResourceId, ResourceState, Vpc,
    VpcEndpoint, VpcEndpointKind, VpcEndpointService,
};
use packet::{Protocol, Transport};

use crate::balancer::settle_refusal;
use crate::passage::{Passage, PassageKind};
use crate::walk::{Arrival, Flight, Leads, Next};
use crate::{Doubt, Place, Reason, Service, Tracer};

/// How the names of services begin that others than AWS offer.
const OF_PROVIDER: &str = "com.amazonaws.vpce.";

/// By an endpoint to a node of its provider.
#[derive(Debug, Clone)]
pub(crate) struct Linked {
    from: Index<NetworkInterface>,
    to: Index<NetworkInterface>,
    balancer: Index<LoadBalancer>,
}

impl Tracer<'_> {
    /// A first packet at the interface of an endpoint, let in by its groups.
    pub(crate) fn at_endpoint(&self, flight: &mut Flight, at: Index<NetworkInterface>) -> Leads {
        let delivered = Ok(Next::Arrived(Arrival::Interface(at)));
        let Some(index) = self.endpoints.get(&at).copied() else {
            flight.doubt(Doubt::EndpointUnknown(at));
            return delivered;
        };
        let endpoint = self.snapshot.vpc_endpoints().get(index);
        if endpoint.kind != VpcEndpointKind::Interface {
            flight.doubt(Doubt::EndpointKind(index));
            return delivered;
        }
        if endpoint.state == ResourceState::Unavailable {
            return Err(Reason::EndpointUnavailable(index).into());
        }
        let protocol = flight.packet.protocol();
        if ![Protocol::TCP, Protocol::UDP].contains(&protocol) {
            return Err(Reason::EndpointProtocol(index, protocol).into());
        }
        if endpoint.service.starts_with(OF_PROVIDER) {
            return self.to_provider(flight, at, index);
        }
        let port = match flight.packet.transport() {
            Transport::Ports { destination, .. } => Some(destination),
            Transport::Icmp { .. } | Transport::Other => None,
        };
        match listening(&endpoint.service, protocol, port) {
            Listening::Answers => delivered,
            Listening::Silent => Err(Reason::ServicePort(index).into()),
            Listening::Unknown => {
                flight.doubt(Doubt::ServicePortUnknown(index));
                delivered
            }
        }
    }

    /// By a route of a VPC to a gateway endpoint.
    pub(crate) fn by_gateway_endpoint(
        &self,
        flight: &Flight,
        id: &ResourceId,
        vpc: Index<Vpc>,
    ) -> Leads {
        if let Some(index) = self.snapshot.vpc_endpoints().find(id.as_str())
            && self.snapshot.vpc_endpoints().get(index).state == ResourceState::Unavailable
        {
            return Err(Reason::EndpointUnavailable(index).into());
        }
        let source = flight.packet.source();
        if !self.snapshot.vpcs().get(vpc).contains(source) {
            return Err(Reason::EndpointNoTransit(id.clone(), source).into());
        }
        let protocol = flight.packet.protocol();
        if ![Protocol::TCP, Protocol::ICMP, Protocol::ICMPV6].contains(&protocol) {
            return Err(Reason::GatewayEndpointProtocol(id.clone(), protocol).into());
        }
        Ok(Next::Arrived(Arrival::Service(Service::GatewayEndpoint)))
    }

    /// On to a node of the provider's load balancers.
    fn to_provider(
        &self,
        flight: &mut Flight,
        at: Index<NetworkInterface>,
        index: Index<VpcEndpoint>,
    ) -> Leads {
        let endpoint = self.snapshot.vpc_endpoints().get(index);
        let mut services = self.snapshot.endpoint_services().rows().iter();
        let service = services.find(|service| service.service == endpoint.service);
        let Some(service) = service else {
            flight.doubt(Doubt::ProviderUnknown(index));
            return Ok(Next::Arrived(Arrival::Interface(at)));
        };
        let is_shut = |connection: &EndpointConnection| {
            connection.endpoint == endpoint.id && connection.state == ResourceState::Unavailable
        };
        let is_unavailable = service.state == ResourceState::Unavailable;
        if is_unavailable || service.connections.iter().any(is_shut) {
            return Err(Reason::EndpointUnavailable(index).into());
        }
        settle_refusal(flight)?;
        Ok(Next::AnyOf(self.nodes_behind(at, index, service)))
    }

    /// The ways on to the nodes of a service: those in the endpoint's zone, or all if none is known to be there.
    fn nodes_behind(
        &self,
        from: Index<NetworkInterface>,
        index: Index<VpcEndpoint>,
        service: &VpcEndpointService,
    ) -> Vec<Next> {
        let mut choices = Vec::new();
        let mut nodes = Vec::new();
        for link in &service.load_balancers {
            let balancer = link.target();
            let own = balancer.map(|index| &self.snapshot.load_balancers().get(index).nodes);
            let own = own.into_iter().flatten().filter_map(model::Link::target);
            let own: Vec<Index<NetworkInterface>> = own.collect();
            match balancer.filter(|_| !own.is_empty()) {
                Some(balancer) => {
                    nodes.extend(own.into_iter().map(|to| Linked { from, to, balancer }));
                }
                None => choices.push(Next::Unprovided(from, index)),
            }
        }
        let home = self.snapshot.interfaces().get(from).subnet.target();
        let is_elsewhere = |linked: &Linked| {
            let of_node = self.snapshot.interfaces().get(linked.to).subnet.target();
            let same = home.zip(of_node).and_then(|(a, b)| self.same_zone(a, b));
            same == Some(false)
        };
        if !nodes.iter().all(is_elsewhere) {
            nodes.retain(|linked| !is_elsewhere(linked));
        }
        choices.extend(nodes.into_iter().map(Next::Linked));
        if choices.is_empty() {
            choices.push(Next::Unprovided(from, index));
        }
        choices
    }

    /// Delivered to the endpoint, though what follows is not in the input.
    pub(crate) fn unprovided(
        flight: &mut Flight,
        at: Index<NetworkInterface>,
        index: Index<VpcEndpoint>,
    ) -> Next {
        flight.doubt(Doubt::ProviderUnknown(index));
        Next::Arrived(Arrival::Interface(at))
    }

    /// At a node of the provider.
    pub(crate) fn by_private_link(&self, flight: &mut Flight, linked: &Linked) -> Leads {
        let Linked { from, to, balancer } = *linked;
        let before = flight.packet;
        let own = self.address_of_node(to, before.family());
        let after = own.map(|own| before.with_destination(own));
        let Ok(Some(after)) = after else {
            flight.stop_at(from);
            return Err(Doubt::NodeAddressUnknown(to).into());
        };
        flight.through(Passage {
            at: from,
            kind: PassageKind::PrivateLink,
            before,
            after,
            n_translations: 0,
        });
        flight.sender = None;
        flight.at(Place::Interface(to));
        let enforces = self.snapshot.load_balancers().get(balancer);
        if enforces.enforces_groups_on_private_link {
            self.ask_ingress(flight, to)?;
        }
        self.serve(flight, to, balancer)
    }
}
