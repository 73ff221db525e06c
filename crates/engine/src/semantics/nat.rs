//! NAT gateways and forwarding interfaces (§3).
//!
//! A NAT gateway sends on TCP, UDP and ICMP as its own, and lets back only what answers them. It wears no group; the
//! ACL and the route table of its subnet apply.
//!
//! # Source
//!
//! VPC User Guide: NAT gateways.

use model::{Link, NatGateway, NatMode, NetworkInterface, ResourceState};
use packet::{PacketSet, Protocol};

use super::Semantics;
use super::subnet::Place;
use crate::filter::Filter;
use crate::way::{Goal, Identity, Outcome, Sender, Way};

impl Semantics<'_> {
    pub(super) fn leave_by_nat(&self, mut way: Way, at: Place, link: &Link<NatGateway>) -> Outcome {
        let Some(index) = link.target() else {
            return self.cut(way);
        };
        let gateway = self.snapshot().nat_gateways().get(index);
        if gateway.state == ResourceState::Unavailable || way.is_reply() {
            return Outcome::denied();
        }
        if way.source.is_ipv6() {
            return self.cut(way);
        }
        way.pass(&Filter::exactly(translatable()));
        let NatMode::Zonal(subnet) = &gateway.mode else {
            return self.cut(way);
        };
        let Some(place) = subnet.target().and_then(|subnet| self.place(subnet)) else {
            return self.cut(way);
        };
        if place.subnet != at.subnet {
            self.enter_subnet(&mut way, place.subnet);
        }
        let Some(own) = gateway.addresses.iter().find_map(|address| address.private) else {
            return self.cut(way);
        };
        let translated = Way {
            source: own,
            sender: Sender::Nat(index),
            home: Goal::Nat(index),
            identity: Identity::Lost,
            filter: Filter::pass(),
            ..way.clone()
        };
        let beyond = self.leave(translated, place).after_translation();
        self.through_waypoint(&way, &beyond, |reply| self.leave(reply, place))
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
}

/// The protocols that NAT gateways carry.
fn translatable() -> PacketSet {
    [Protocol::TCP, Protocol::UDP, Protocol::ICMP]
        .map(PacketSet::of_protocol)
        .into_iter()
        .collect()
}
