//! Client VPN: in by a rule, a route and an interface of the endpoint; out to clients only answers go.

mod why;

use std::collections::BTreeSet;
use std::net::IpAddr;

use model::{
    AuthorizationRule, ClientVpnEndpoint, ClientVpnTarget, Completeness, Endpoint, Index,
    NetworkInterface, ResourceState, Subnet, Uplink, is_lattice,
};
use packet::{Family, Packet};

use crate::leave::is_link_local;
use crate::subnet::target;
use crate::walk::{Arrival, Flight, Leads, Next, Sender, Source, Stop};
use crate::{Doubt, Ground, Place, Reason, Tracer};

pub use why::{ClientVpnDoubt, ClientVpnReason};

/// What an endpoint did to a client's packet.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ClientTranslation {
    pub(crate) endpoint: Index<ClientVpnEndpoint>,
    pub(crate) interface: Index<NetworkInterface>,
    pub(crate) before: Packet,
    pub(crate) after: Packet,
}

fn denied(reason: ClientVpnReason) -> Stop {
    Reason::ClientVpn(reason).into()
}

fn cut(doubt: ClientVpnDoubt) -> Stop {
    Doubt::ClientVpn(doubt).into()
}

impl Tracer<'_> {
    /// From a client of an endpoint.
    pub(crate) fn enter_by_client_vpn(
        &self,
        flight: &mut Flight,
        index: Index<ClientVpnEndpoint>,
    ) -> Leads {
        let endpoint = self.snapshot.client_vpn_endpoints().get(index);
        flight.at(Place::ClientVpn(index));
        if flight.is_reply() {
            // A client answers another one: what let the first packet pass is not asked again.
            return self.to_clients(flight, index).map(Next::AnyOf);
        }
        if endpoint.state == ResourceState::Unavailable {
            return Err(denied(ClientVpnReason::Unavailable(index)));
        }
        let destination = flight.destination();
        if is_link_local(destination) && !is_lattice(destination) {
            return Err(Reason::LinkLocal(destination).into());
        }
        if endpoint.by_transit_gateway {
            return Err(cut(ClientVpnDoubt::ByTransitGateway(index)));
        }
        let rule = authorise(endpoint, index, destination)?;
        flight.allow(Ground::Authorised(index, rule));
        let targets = targets(endpoint, index, destination)?;
        let doors = targets
            .into_iter()
            .map(|target| self.doors(flight, index, target))
            .collect::<Vec<_>>();
        let choices = doors.into_iter().flat_map(|doors| match doors {
            Ok(doors) => doors,
            Err(stop) => vec![Next::Stopped(stop)],
        });
        Ok(Next::AnyOf(choices.collect()))
    }

    /// The ways on by one route.
    fn doors(
        &self,
        flight: &Flight,
        index: Index<ClientVpnEndpoint>,
        to: &ClientVpnTarget,
    ) -> Result<Vec<Next>, Stop> {
        let endpoint = self.snapshot.client_vpn_endpoints().get(index);
        let subnet = match to {
            ClientVpnTarget::Clients => return self.to_clients(flight, index),
            ClientVpnTarget::Subnet(link) => link,
        };
        let mut associations = endpoint.associations.iter();
        let Some(association) = associations.find(|each| each.subnet == *subnet) else {
            return Err(if is_whole(endpoint.associations_told) {
                denied(ClientVpnReason::NotAssociated(index, subnet.id().clone()))
            } else {
                cut(ClientVpnDoubt::AssociationsUnknown(index))
            });
        };
        if association.state == ResourceState::Unavailable {
            return Err(denied(ClientVpnReason::NotAssociated(
                index,
                subnet.id().clone(),
            )));
        }
        let unknown = || {
            let subnet: Result<Index<Subnet>, Stop> = target(subnet, Doubt::MissingSubnet);
            let unknown = |subnet| cut(ClientVpnDoubt::InterfaceUnknown(index, subnet));
            subnet.map_or_else(|stop| stop, unknown)
        };
        if association.interfaces.is_empty() {
            return Err(unknown());
        }
        let interfaces = association.interfaces.iter();
        let doors = interfaces.map(|link| link.target().ok_or_else(unknown));
        let doors = doors.collect::<Result<BTreeSet<_>, Stop>>()?;
        let next = |door| self.by_door(flight, index, door);
        doors.into_iter().map(next).collect()
    }

    /// Through one interface of the endpoint: with whatever port it takes.
    fn by_door(
        &self,
        flight: &Flight,
        endpoint: Index<ClientVpnEndpoint>,
        interface: Index<NetworkInterface>,
    ) -> Result<Next, Stop> {
        if flight.packet.family() == Family::V6 {
            return Err(cut(ClientVpnDoubt::Ipv6(endpoint)));
        }
        let door = self.snapshot.interfaces().get(interface);
        let address = door.primary(Family::V4);
        let packet = address.and_then(|address| flight.packet.with_source(address));
        let packet = packet.ok_or_else(|| cut(ClientVpnDoubt::AddressUnknown(interface)))?;
        let ports = if packet.protocol().has_ports() {
            self.client_ports.as_slice()
        } else {
            &[0]
        };
        let translated = |port: &u16| {
            Next::FromClient(ClientTranslation {
                endpoint,
                interface,
                before: flight.packet,
                after: packet.with_source_port(*port),
            })
        };
        Ok(Next::BestOf(ports.iter().map(translated).collect()))
    }

    /// Out of the endpoint's interface, as if that had sent the packet.
    pub(crate) fn out_of_door(&self, flight: &mut Flight, translation: ClientTranslation) -> Leads {
        let interface = translation.interface;
        flight.at(Place::Interface(interface));
        flight.packet = translation.after;
        flight.source = Source::Interface(interface);
        flight.sender = Some(Sender {
            interface,
            is_certain: true,
            has_crossed: false,
            has_crossed_hub: false,
        });
        flight.client = Some(translation);
        flight.allow(Ground::SourceBecomes(translation.after.source()));
        self.send(flight, interface)
    }

    /// From client to client.
    fn to_clients(
        &self,
        flight: &Flight,
        index: Index<ClientVpnEndpoint>,
    ) -> Result<Vec<Next>, Stop> {
        let address = flight.destination();
        let endpoint = self.snapshot.client_vpn_endpoints().get(index);
        let uplink = Uplink::ClientVpn(index);
        let holds = endpoint
            .clients
            .is_some_and(|clients| clients.contains(address));
        let offices = self.snapshot.offices().iter();
        let mut own = offices.filter(|(_, office)| office.uplinks.contains(&uplink));
        let Some((office, _)) = own.next().filter(|_| holds) else {
            return Err(denied(ClientVpnReason::NoRoute(index, address)));
        };
        let office = Endpoint::Office { office, address };
        Ok(vec![Next::Arrived(Arrival::Office(uplink, office))])
    }

    /// At an interface of an endpoint: back to the client if this is the answer that it awaits.
    pub(crate) fn at_door(
        &self,
        flight: &mut Flight,
        interface: Index<NetworkInterface>,
    ) -> Option<Leads> {
        if !self.is_door(interface) {
            return None;
        }
        if !flight.is_reply() {
            let reason = ClientVpnReason::AcceptsNoConnections(interface);
            return Some(Err(denied(reason)));
        }
        let session = flight.session.as_ref();
        let translation = session.and_then(|session| session.client)?;
        let is_awaited =
            translation.interface == interface && translation.after.reply() == Some(flight.packet);
        let packet = translation.before.reply().filter(|_| is_awaited)?;
        flight.allow(Ground::DestinationBecomes(packet.destination()));
        flight.packet = packet;
        let uplink = Uplink::ClientVpn(translation.endpoint);
        Some(Ok(Next::Arrived(Arrival::Office(uplink, flight.from))))
    }

    /// Whether the interface belongs to an endpoint.
    fn is_door(&self, interface: Index<NetworkInterface>) -> bool {
        let endpoints = self.snapshot.client_vpn_endpoints().rows().iter();
        let associations = endpoints.flat_map(|endpoint| &endpoint.associations);
        let mut interfaces = associations.flat_map(|association| &association.interfaces);
        interfaces.any(|link| link.is(interface))
    }
}

fn is_whole(told: Option<Completeness>) -> bool {
    told == Some(Completeness::Complete)
}

/// The number of a rule that lets the client in: only those of the longest prefix count.
fn authorise(
    endpoint: &ClientVpnEndpoint,
    index: Index<ClientVpnEndpoint>,
    address: IpAddr,
) -> Result<usize, Stop> {
    if !is_whole(endpoint.rules_told) {
        return Err(cut(ClientVpnDoubt::RulesUnknown(index)));
    }
    let rules = endpoint.rules.iter().enumerate();
    let covering: Vec<(usize, &AuthorizationRule)> = rules
        .filter(|(_, rule)| rule.destination.contains(address))
        .collect();
    let length = |rule: &AuthorizationRule| rule.destination.length();
    let longest = covering.iter().map(|(_, rule)| length(rule)).max();
    let counting = covering
        .into_iter()
        .filter(|(_, rule)| Some(length(rule)) == longest);
    // A rule for everybody says more than one for a group.
    let best = counting.min_by_key(|(number, rule)| (rule.group.is_some(), *number));
    best.map(|(number, _)| number)
        .ok_or_else(|| denied(ClientVpnReason::NotAuthorised(index, address)))
}

/// The targets of the routes with the longest prefix, each once.
fn targets(
    endpoint: &ClientVpnEndpoint,
    index: Index<ClientVpnEndpoint>,
    address: IpAddr,
) -> Result<Vec<&ClientVpnTarget>, Stop> {
    if !is_whole(endpoint.routes_told) {
        return Err(cut(ClientVpnDoubt::RoutesUnknown(index)));
    }
    let routes = endpoint.routes.iter();
    let covering = routes.filter(|route| route.destination.contains(address));
    let longest = covering
        .clone()
        .map(|route| route.destination.length())
        .max();
    let mut targets: Vec<&ClientVpnTarget> = Vec::new();
    for route in covering.filter(|route| Some(route.destination.length()) == longest) {
        if !targets.contains(&&route.target) {
            targets.push(&route.target);
        }
    }
    if targets.is_empty() {
        return Err(denied(ClientVpnReason::NoRoute(index, address)));
    }
    Ok(targets)
}
