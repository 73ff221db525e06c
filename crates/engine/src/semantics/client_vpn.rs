//! Client VPN (`client-vpn.md`).
//!
//! People's computers enter a VPC as interfaces of the endpoint, if a rule lets them and a route leads on. Nothing in
//! the cloud can start a connection to them.
//!
//! # Source
//!
//! Client VPN Administrator Guide: Authorization rules; Routes.

use std::net::IpAddr;

use model::{
    ClientVpnEndpoint, ClientVpnTarget, Completeness, Index, Link, NetworkInterface, ResourceState,
    Uplink, is_lattice,
};
use packet::{Family, Prefix};

use super::Semantics;
use super::start::is_link_local;
use crate::way::{Errand, Goal, Identity, Origin, Outcome, Sender, Way};

impl Semantics<'_> {
    /// Packets come from a client of an endpoint.
    pub(super) fn enter_by_client_vpn(
        &self,
        mut way: Way,
        index: Index<ClientVpnEndpoint>,
    ) -> Outcome {
        let endpoint = self.snapshot().client_vpn_endpoints().get(index);
        if way.is_reply() {
            // A client answers another one: what let the first packet pass is not asked again.
            return self.arrive_at_office(way, Uplink::ClientVpn(index));
        }
        if endpoint.state == ResourceState::Unavailable {
            return Outcome::denied();
        }
        if is_link_local(way.destination) && !is_lattice(way.destination) {
            return Outcome::denied();
        }
        if endpoint.by_transit_gateway || endpoint.rules_told != Some(Completeness::Complete) {
            return self.cut(way);
        }
        let rules = endpoint.rules.iter().map(|rule| rule.destination);
        if longest(rules, way.destination).is_none() {
            return Outcome::denied();
        }
        if endpoint.routes_told != Some(Completeness::Complete) {
            return self.cut(way);
        }
        let destinations = endpoint.routes.iter().map(|route| route.destination);
        let Some(best) = longest(destinations, way.destination) else {
            return Outcome::denied();
        };
        let mut targets: Vec<&ClientVpnTarget> = Vec::new();
        for route in endpoint
            .routes
            .iter()
            .filter(|route| route.destination == best)
        {
            if !targets.contains(&&route.target) {
                targets.push(&route.target);
            }
        }
        let doors: Vec<Door> = targets
            .into_iter()
            .flat_map(|target| doors(endpoint, target))
            .collect();
        if !way.part(doors.len()) {
            return self.cut(way);
        }
        Outcome::of_choices(doors.into_iter().map(|door| {
            match door {
                Door::Unknown => self.cut(way.clone()),
                Door::Clients
                    if endpoint
                        .clients
                        .is_some_and(|it| it.contains(way.destination)) =>
                {
                    self.arrive_at_office(way.clone(), Uplink::ClientVpn(index))
                }
                Door::Clients | Door::Shut => Outcome::denied(),
                Door::Interface(interface) => self.enter_as(way.clone(), interface),
            }
        }))
    }

    /// Packets go on as those of an interface of the endpoint; what comes back to it is the client's.
    fn enter_as(&self, way: Way, interface: Index<NetworkInterface>) -> Outcome {
        let own = self
            .snapshot()
            .interfaces()
            .get(interface)
            .primary(Family::V4);
        let Some(own) = own.filter(|_| way.source.is_ipv4()) else {
            return self.cut(way);
        };
        let origin = Origin::Interface {
            interface,
            to: way.destination,
        };
        let translated = Way {
            errand: Errand::First(origin),
            source: own,
            sender: Sender::Interface(interface),
            home: Goal::Interface(interface),
            identity: Identity::Kept,
            filter: crate::filter::Filter::pass(),
            ..way.clone()
        };
        let beyond = self
            .send_off_host(translated, interface)
            .after_translation();
        self.through_waypoint(&way, &beyond, |reply| Outcome::arrived(&reply.filter))
    }

    /// Whether an interface belongs to a Client VPN endpoint, which takes no connections from the cloud.
    pub(super) fn is_client_vpn(&self, interface: Index<NetworkInterface>) -> bool {
        self.network
            .links
            .client_vpn_interfaces
            .contains(&interface)
    }
}

/// Where packets of clients come into a VPC.
#[derive(Clone, Copy)]
enum Door {
    Interface(Index<NetworkInterface>),
    /// To other clients.
    Clients,
    Shut,
    Unknown,
}

/// The doors that the target of a route stands for; AWS chooses one.
fn doors(endpoint: &ClientVpnEndpoint, target: &ClientVpnTarget) -> Vec<Door> {
    let ClientVpnTarget::Subnet(subnet) = target else {
        return vec![Door::Clients];
    };
    let mut associations = endpoint.associations.iter();
    let Some(association) = associations.find(|one| one.subnet.id() == subnet.id()) else {
        let is_whole = endpoint.associations_told == Some(Completeness::Complete);
        return vec![if is_whole { Door::Shut } else { Door::Unknown }];
    };
    if association.state == ResourceState::Unavailable {
        return vec![Door::Shut];
    }
    let mut interfaces: Vec<Index<NetworkInterface>> = association
        .interfaces
        .iter()
        .filter_map(Link::target)
        .collect();
    if interfaces.is_empty() || interfaces.len() < association.interfaces.len() {
        return vec![Door::Unknown];
    }
    interfaces.sort_unstable();
    interfaces.dedup();
    interfaces.into_iter().map(Door::Interface).collect()
}

/// The longest of the blocks that hold an address.
fn longest(blocks: impl Iterator<Item = Prefix>, address: IpAddr) -> Option<Prefix> {
    blocks
        .filter(|block| block.contains(address))
        .max_by_key(Prefix::length)
}
