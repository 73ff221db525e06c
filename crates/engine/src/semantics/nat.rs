//! NAT gateways (`nat.md`).
//!
//! A NAT gateway sends on TCP, UDP and ICMP as its own, and lets back only what answers them. It wears no group; the
//! ACL and the route table of its subnet apply, where it has one.
//!
//! # Source
//!
//! VPC User Guide: NAT gateways; Regional NAT gateways for automatic multi-AZ expansion; NAT64 and DNS64.

mod regional;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::LazyLock;

use model::{Index, Link, NatGateway, NatMode, ResourceState};
use packet::{Family, PacketSet, Protocol, Service};

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
        let embedded = match way.destination {
            IpAddr::V4(_) => None,
            IpAddr::V6(address) => match (embedded(address), &gateway.mode) {
                (Some(embedded), NatMode::Zonal(_)) => Some(embedded),
                (Some(_), NatMode::Regional(_)) | (None, _) => return self.cut(way),
            },
        };
        let family = Family::of(way.destination);
        way.pass(&Filter::exactly(translatable(family)));
        if gateway.has_appliance {
            way.pass(&Filter::unknown());
        }
        match &gateway.mode {
            NatMode::Regional(table) => {
                let table = table.as_ref().and_then(Link::target);
                self.leave_by_regional_nat(way, at, (index, table))
            }
            NatMode::Zonal(subnet) => {
                let place = subnet.target().and_then(|subnet| self.place(subnet));
                let Some(place) = place else {
                    return self.cut(way);
                };
                if place.subnet != at.subnet {
                    self.enter_subnet(&mut way, place.subnet);
                }
                match embedded {
                    None => self.speak_for(way, index, place),
                    Some(embedded) => self.translate_family(way, index, place, embedded),
                }
            }
        }
    }

    /// A gateway sends on in its own name, and what answers it comes back through it.
    fn speak_for(&self, way: Way, index: Index<NatGateway>, place: Place) -> Outcome {
        let Some(own) = self.address_of(index) else {
            return self.cut(way);
        };
        let beyond = self.leave(translated(&way, own, index), place);
        self.through_waypoint(&way, &beyond.after_translation(), |reply| {
            self.leave(reply, place)
        })
    }

    /// A gateway sends on IPv6 packets as IPv4 packets.
    fn translate_family(
        &self,
        way: Way,
        index: Index<NatGateway>,
        place: Place,
        destination: Ipv4Addr,
    ) -> Outcome {
        let Some(own) = self.address_of(index) else {
            return self.cut(way);
        };
        let mut others = way.clone();
        others.pass(&Filter::exactly(untranslatable()));
        let others = if others.filter.denies_all() {
            Outcome::denied()
        } else {
            self.cut(others)
        };
        let on = Way {
            destination: IpAddr::V4(destination),
            is_of_other_family: true,
            ..translated(&way, own, index)
        };
        let beyond = self.leave(on, place).after_translation().before_nat64();
        let answered = self.through_waypoint(&way, &beyond, |reply| self.leave(reply, place));
        answered.best(&others)
    }

    /// The private address that a gateway speaks from.
    fn address_of(&self, index: Index<NatGateway>) -> Option<IpAddr> {
        let mut addresses = self.snapshot().nat_gateways().get(index).addresses.iter();
        addresses.find_map(|address| address.private)
    }
}

/// Packets as they leave a gateway.
fn translated(way: &Way, own: IpAddr, gateway: Index<NatGateway>) -> Way {
    Way {
        source: own,
        sender: Sender::Nat(gateway),
        home: Goal::Nat(gateway),
        identity: Identity::Lost,
        filter: Filter::pass(),
        inspections: Vec::new(),
        ..way.clone()
    }
}

/// The IPv4 address in an IPv6 address for translation: in `64:ff9b::/96`, the last 32 bits.
fn embedded(address: Ipv6Addr) -> Option<Ipv4Addr> {
    match address.octets() {
        [0x00, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0, a, b, c, d] => {
            Some(Ipv4Addr::new(a, b, c, d))
        }
        _ => None,
    }
}

/// The protocols that NAT gateways carry, of IPv4 and of IPv6.
static TRANSLATABLE: LazyLock<[PacketSet; 2]> = LazyLock::new(|| {
    [Protocol::ICMP, Protocol::ICMPV6].map(|icmp| {
        [Protocol::TCP, Protocol::UDP, icmp]
            .map(PacketSet::of_protocol)
            .into_iter()
            .collect()
    })
});

fn translatable(family: Family) -> PacketSet {
    let [v4, v6] = &*TRANSLATABLE;
    match family {
        Family::V4 => v4.clone(),
        Family::V6 => v6.clone(),
    }
}

/// Messages of ICMPv6 of which nobody documents what they become in IPv4: all but echo requests.
fn untranslatable() -> PacketSet {
    let echo = PacketSet::from(&Service::Icmp {
        family: Family::V6,
        kind: 128,
        code: None,
    });
    PacketSet::of_protocol(Protocol::ICMPV6).difference(&echo)
}
