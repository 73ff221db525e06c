//! Middleboxes: routes to interfaces, next hops and endpoints of appliances (`middleboxes.md`).
//!
//! # Source
//!
//! VPC User Guide: Middlebox routing; Gateway route tables; NAT instances. PrivateLink Guide: Access virtual appliances
//! through AWS PrivateLink.

use std::net::IpAddr;

use model::{Direction, EncryptionMode, Index, NetworkInterface, ResourceId, Subnet, Vpc};

use super::Semantics;
use super::group::{Peer, PeerInterface};
use super::subnet::Border;
use crate::appliance::Appliance;
use crate::filter::Filter;
use crate::network::Holder;
use crate::way::{Identity, Outcome, Sender, Way};

/// Where a route is followed: in a VPC, from a subnet or from a gateway.
#[derive(Debug, Clone, Copy)]
pub(super) struct Turn {
    pub(super) vpc: Index<Vpc>,
    pub(super) from: Option<Index<Subnet>>,
}

impl Semantics<'_> {
    /// A route leads to an interface.
    pub(super) fn through_interface(
        &self,
        mut way: Way,
        turn: Turn,
        interface: Option<Index<NetworkInterface>>,
    ) -> Outcome {
        let known = interface.map(|index| (index, self.snapshot().interfaces().get(index)));
        let Some((index, interface)) = known.filter(|(_, it)| it.vpc.is(turn.vpc)) else {
            return self.cut(way);
        };
        self.look(&way);
        if interface.holds(way.destination) {
            return self.arrive(way, turn.vpc, turn.from);
        }
        if interface.source_dest_check || self.network.is_idle(index) {
            return Outcome::denied();
        }
        match interface.subnet.target() {
            None => way.pass(&Filter::unknown()),
            Some(subnet) if Some(subnet) == turn.from => {}
            Some(subnet) => self.enter_subnet(&mut way, subnet),
        }
        if !way.is_reply() {
            let peer = Peer {
                address: way.source,
                interface: sender_as_seen(&way),
            };
            way.pass(&self.group_filter(way.open, index, Direction::Ingress, peer));
        }
        self.cut(way)
    }

    /// A route leads to the interface with an address.
    pub(super) fn through_next_hop(&self, way: Way, turn: Turn, next_hop: IpAddr) -> Outcome {
        match self.network.holders(turn.vpc, next_hop).as_ref() {
            [Holder::Interface(interface)] => self.through_interface(way, turn, Some(*interface)),
            _ => self.cut(way),
        }
    }

    /// A route leads to an endpoint of an appliance or a firewall; `None` if it is no such endpoint.
    pub(super) fn through_endpoint(
        &self,
        way: &Way,
        turn: Turn,
        id: &ResourceId,
    ) -> Option<Outcome> {
        let appliance = self.network.appliances.get(id)?;
        Some(self.through_appliance(way.clone(), turn, id, appliance))
    }

    fn through_appliance(
        &self,
        mut way: Way,
        turn: Turn,
        id: &ResourceId,
        appliance: &Appliance,
    ) -> Outcome {
        if !appliance.is_available {
            return Outcome::denied();
        }
        let place = appliance.subnet.and_then(|subnet| self.place(subnet));
        let Some(place) = place.filter(|place| place.vpc == turn.vpc) else {
            return self.cut(way);
        };
        if Some(place.subnet) != turn.from {
            let border = self.acl_filter(&way, place.subnet, Direction::Ingress, way.source);
            way.pass(&border.or_unknown());
        }
        let access = self.public_access(Some(place.subnet), place.vpc);
        if !access.is_all_open() {
            way.pass(&Filter::unknown());
        }
        match appliance.firewall {
            Some(firewall) => self.inspect(&mut way, firewall, id),
            None => way.pass(&Filter::unknown()),
        }
        way.identity = Identity::Lost;
        self.leave_by(way, place, Border::Doubtful)
    }

    /// Whether a VPC may drop what is not encrypted.
    pub(super) fn enforces_encryption(&self, vpc: Index<Vpc>) -> bool {
        self.snapshot().vpcs().get(vpc).encryption == Some(EncryptionMode::Enforce)
    }

    /// First packets are in a VPC that may drop what is not encrypted.
    pub(super) fn pass_encryption_controls(&self, way: &mut Way, place: Index<Vpc>) {
        if !way.is_reply() && self.enforces_encryption(place) {
            way.pass(&Filter::unknown());
        }
    }
}

/// The sender of packets as the groups at the other end see it.
pub(super) const fn sender_as_seen(way: &Way) -> PeerInterface {
    match way.sender {
        Sender::Interface(sender) => PeerInterface::of(sender, way.identity),
        Sender::Nat(_) | Sender::Outside => PeerInterface::None,
    }
}
