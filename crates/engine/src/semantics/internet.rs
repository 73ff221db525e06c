//! Internet gateways, egress-only gateways, and what lies beyond (§3, §4a).
//!
//! An internet gateway gives each private IPv4 address its public one and back; IPv6 passes as it is. Whatever has no
//! public address cannot pass. An egress-only gateway carries IPv6 connections that start inside.
//!
//! # Source
//!
//! VPC User Guide: Connect to the internet using an internet gateway; Egress-only internet gateways.

use std::net::IpAddr;

use model::{
    Connectivity, EgressOnlyInternetGateway, Index, InternetGateway, Kind, Link, NatGateway,
    NetworkInterface, Vpc,
};
use packet::{PacketSet, Protocol, is_public};

use super::firewall::come_home;
use super::gateway::{Door, is_attached};
use super::group::PeerInterface;
use super::subnet::Place;
use super::{Return, Semantics};
use crate::filter::Filter;
use crate::network::{Holder, Owner};
use crate::way::{End, Entry, Errand, Goal, Identity, Origin, Outcome, Sender, Way};

impl Semantics<'_> {
    pub(super) fn leave_by_internet_gateway(
        &self,
        mut way: Way,
        at: Place,
        link: &Link<InternetGateway>,
    ) -> Outcome {
        let Some(gateway) = link.target() else {
            return self.cut(way);
        };
        if !is_attached(
            &self.snapshot().internet_gateways().get(gateway).attachments,
            at.vpc,
        ) {
            return Outcome::denied();
        }
        let access = self.public_access_out(&way, at.vpc);
        if access.denies_all() {
            return Outcome::denied();
        }
        way.pass(&access);
        match way.source {
            IpAddr::V4(_) => match self.public_source(&way, at.vpc) {
                Face::Public(address) => {
                    way.source = address;
                    self.on_the_internet(way)
                }
                Face::None => Outcome::denied(),
                Face::Unknown => self.cut(way),
            },
            IpAddr::V6(_) if self.is_public_in(way.source, at.vpc) => self.on_the_internet(way),
            IpAddr::V6(_) => Outcome::denied(),
        }
    }

    /// Whether the internet may see an IPv6 address of the VPC.
    fn is_public_in(&self, address: IpAddr, vpc: Index<Vpc>) -> bool {
        is_public(address) && self.snapshot().vpcs().get(vpc).contains(address)
    }

    /// The public address as which an internet gateway of the VPC lets the sender out.
    fn public_source(&self, way: &Way, vpc: Index<Vpc>) -> Face {
        match way.sender {
            Sender::Interface(index) => {
                let interface = self.snapshot().interfaces().get(index);
                let public = interface
                    .public_of(way.source)
                    .filter(|_| interface.vpc.is(vpc));
                let is_container = interface
                    .prefixes
                    .iter()
                    .any(|one| one.contains(way.source));
                let has_public = interface.addresses.iter().any(|held| held.public.is_some());
                match public {
                    // Hosts usually put their own address in place of those of their containers.
                    _ if is_container && has_public && interface.vpc.is(vpc) => Face::Unknown,
                    Some(public) => Face::Public(public),
                    None => Face::None,
                }
            }
            Sender::Nat(index) => {
                let gateway = self.snapshot().nat_gateways().get(index);
                if !gateway.vpc.is(vpc) || gateway.connectivity == Connectivity::Private {
                    return Face::None;
                }
                let addresses = gateway.addresses.iter();
                let mut own = addresses.filter(|address| address.private == Some(way.source));
                own.find_map(|address| address.public)
                    .map_or(Face::Unknown, Face::Public)
            }
            Sender::Outside => Face::None,
        }
    }

    pub(super) fn leave_by_egress_only(
        &self,
        mut way: Way,
        at: Place,
        link: &Link<EgressOnlyInternetGateway>,
    ) -> Outcome {
        let Some(gateway) = link.target() else {
            return self.cut(way);
        };
        if way.source.is_ipv4() {
            return Outcome::denied();
        }
        if !is_attached(
            &self
                .snapshot()
                .egress_only_gateways()
                .get(gateway)
                .attachments,
            at.vpc,
        ) {
            return Outcome::denied();
        }
        let access = self.public_access_by_egress_only(&way, at.vpc);
        if access.denies_all() || !self.is_public_in(way.source, at.vpc) {
            return Outcome::denied();
        }
        way.pass(&access);
        match way.errand {
            Errand::Reply => {
                way.pass(&Filter::exactly(taken_for_new()));
                self.cut(way)
            }
            Errand::First(_) => {
                way.left_by_egress_only = Some(at.vpc);
                self.on_the_internet(way)
            }
        }
    }

    /// Packets are on the internet, with the addresses that are seen there.
    pub(super) fn on_the_internet(&self, mut way: Way) -> Outcome {
        way.identity = Identity::Lost;
        if !is_public(way.destination) {
            return Outcome::denied();
        }
        if let (Errand::Reply, Some(vpc)) = (way.errand, way.left_by_egress_only) {
            return self.arrive(way, vpc, None);
        }
        if way.ends_outside() {
            return self.depart_for_internet(&way);
        }
        self.look(&way);
        let owners = self.network.owners(way.destination);
        for vpc in owners.iter().filter_map(|owner| owner.vpc) {
            self.ask_about(vpc);
            self.return_by(&way, vpc, Return::Internet);
        }
        match owners.as_ref() {
            [] => self.reach_internet(way),
            [owner] => self.enter_from_internet(way, *owner),
            _ => self.cut(way),
        }
    }

    fn reach_internet(&self, mut way: Way) -> Outcome {
        match (way.errand, way.home) {
            (Errand::Reply, Goal::Internet) => come_home(&way),
            // A first packet from the internet to the internet has no end in this network.
            (Errand::Reply | Errand::First(Origin::Internet | Origin::Service), _) => {
                Outcome::denied()
            }
            (Errand::First(_), _) if !way.may_end_at(End::Internet) => Outcome::denied(),
            (Errand::First(Origin::Interface { .. } | Origin::Office(_)), _) => {
                self.leave_sender(&mut way, PeerInterface::None);
                self.answer_from_internet(&way)
            }
        }
    }

    fn enter_from_internet(&self, mut way: Way, owner: Owner) -> Outcome {
        let Some(vpc) = owner.vpc else {
            return self.cut(way);
        };
        let Some(gateway) = self.internet_gateway_of(vpc) else {
            let is_certain = self.network.lists_all(Kind::InternetGateways, vpc);
            return if is_certain {
                Outcome::denied()
            } else {
                self.cut(way)
            };
        };
        match owner.holder {
            Holder::Nat(nat) if self.network.is_regional(nat) => return come_to_nat(&way, nat),
            Holder::Nat(_) => {}
            Holder::Interface(interface) => {
                let gate = self.gate_into(&way, interface, vpc);
                if gate.denies_all() {
                    return Outcome::denied();
                }
                way.pass(&gate);
            }
        }
        way.destination = owner.private;
        way.entry = Entry::InternetGateway;
        let id = &self.snapshot().internet_gateways().get(gateway).id;
        self.enter_by_gateway(way, vpc, (Door::Internet, id))
    }

    /// What of the packets that an internet gateway brings may come to an interface.
    fn gate_into(&self, way: &Way, to: Index<NetworkInterface>, vpc: Index<Vpc>) -> Filter {
        if self.snapshot().interfaces().get(to).refuses_internet {
            Filter::deny()
        } else if way.is_reply() {
            Filter::pass()
        } else {
            self.public_access_of(to, vpc).incoming.filter()
        }
    }
}

/// Packets come to a regional NAT gateway, which takes only what answers its own.
fn come_to_nat(way: &Way, nat: Index<NatGateway>) -> Outcome {
    match (way.errand, way.home) {
        (Errand::Reply, Goal::Nat(home)) if home == nat => come_home(way),
        (Errand::Reply | Errand::First(_), _) => Outcome::denied(),
    }
}

/// How the internet sees a sender.
enum Face {
    Public(IpAddr),
    None,
    Unknown,
}

/// Answers that an egress-only gateway may take for packets that start inside. That it drops the others, which show
/// what they are, is unverified.
fn taken_for_new() -> PacketSet {
    [Protocol::TCP, Protocol::ICMPV6]
        .map(PacketSet::of_protocol)
        .iter()
        .fold(PacketSet::full(), |left, known| left.difference(known))
}
