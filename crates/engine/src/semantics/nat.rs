//! NAT gateways and forwarding interfaces (§3).
//!
//! A NAT gateway sends on TCP, UDP and ICMP as its own, and lets back only what answers them. It wears no group; the
//! ACL and the route table of its subnet apply.
//!
//! # Source
//!
//! VPC User Guide: NAT gateways.

use model::{Index, Link, NatGateway, NatMode, NetworkInterface, ResourceState};
use packet::{PacketSet, Protocol};

use super::Semantics;
use super::subnet::Place;
use crate::filter::Filter;
use crate::way::{Errand, Identity, Outcome, Sender, Translation, Way};

impl Semantics<'_> {
    pub(super) fn leave_by_nat(&self, mut way: Way, at: Place, link: &Link<NatGateway>) -> Outcome {
        let Some(index) = link.target() else {
            return self.cut(way);
        };
        let gateway = self.snapshot().nat_gateways().get(index);
        if gateway.state == ResourceState::Unavailable || matches!(way.errand, Errand::Reply(_)) {
            return Outcome::denied();
        }
        let NatMode::Zonal(subnet) = &gateway.mode else {
            return self.cut(way);
        };
        if way.source.is_ipv6() {
            return self.cut(way);
        }
        way.pass(&Filter::exactly(translatable()));
        let Some(place) = subnet.target().and_then(|subnet| self.place(subnet)) else {
            return self.cut(way);
        };
        if place.subnet != at.subnet {
            self.enter_subnet(&mut way, place.subnet);
        }
        let Some(own) = gateway.addresses.iter().find_map(|address| address.private) else {
            return self.cut(way);
        };
        let (source, destination) = (way.source, way.destination);
        way.translations.push(Translation {
            gateway: index,
            source,
            destination,
        });
        way.source = own;
        way.sender = Sender::Nat(index);
        way.identity = Identity::Lost;
        self.leave(way, place)
    }

    /// A route to an interface: it must be allowed to carry what is not its own, and then decides by itself.
    pub(super) fn leave_by_interface(&self, way: Way, link: &Link<NetworkInterface>) -> Outcome {
        let interface = link
            .target()
            .map(|index| self.snapshot().interfaces().get(index));
        let drops = interface.is_some_and(|it| it.source_dest_check && !it.holds(way.destination));
        if drops {
            Outcome::denied()
        } else {
            self.cut(way)
        }
    }

    /// The NAT gateway that replies must come to, as the place from which they go on.
    pub(super) fn place_of_nat(&self, gateway: Index<NatGateway>) -> Option<Place> {
        match &self.snapshot().nat_gateways().get(gateway).mode {
            NatMode::Zonal(subnet) => self.place(subnet.target()?),
            NatMode::Regional(_) => None,
        }
    }
}

/// The protocols that NAT gateways carry.
fn translatable() -> PacketSet {
    [Protocol::TCP, Protocol::UDP, Protocol::ICMP]
        .map(PacketSet::of_protocol)
        .into_iter()
        .collect()
}
