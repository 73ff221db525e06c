//! Where packets begin (§2, §4b, §4c).
//!
//! # Source
//!
//! VPC User Guide: Internetwork traffic privacy (what groups and ACLs never filter); Subnet CIDR blocks (reserved
//! addresses).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use model::{
    Endpoint, Index, InterfaceKind, Kind, NetworkInterface, OfficeEvidence, OfficeNetwork, Vpc,
    is_lattice,
};
use packet::{Family, Prefix};

use super::Semantics;
use super::group::PeerInterface;
use crate::asks::Ends;
use crate::way::{End, Errand, Origin, Outcome, Way};

/// First packets of every protocol and port from one endpoint to another, addressed as the other one says.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Question {
    pub(crate) from: Endpoint,
    pub(crate) to: Endpoint,
    /// Whose groups are not asked now.
    pub(crate) open: Ends,
    pub(crate) span: Span,
}

impl Question {
    /// To its end, with all groups asked.
    pub(crate) const fn of(from: Endpoint, to: Endpoint) -> Self {
        Self {
            from,
            to,
            open: Ends::NONE,
            span: Span::Whole,
        }
    }
}

/// How far a question is followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Span {
    /// To its end.
    Whole,
    /// Until packets are on the internet, or in a transit gateway.
    OfDeparture,
}

/// AWS services at link-local addresses that neither groups nor ACLs filter.
const NEVER_FILTERED: &[IpAddr] = &[
    IpAddr::V4(Ipv4Addr::new(169, 254, 169, 253)),
    IpAddr::V4(Ipv4Addr::new(169, 254, 169, 254)),
    IpAddr::V4(Ipv4Addr::new(169, 254, 169, 123)),
    IpAddr::V4(Ipv4Addr::new(169, 254, 170, 2)),
    IpAddr::V4(Ipv4Addr::new(169, 254, 170, 23)),
    IpAddr::V4(Ipv4Addr::new(169, 254, 169, 250)),
    IpAddr::V4(Ipv4Addr::new(169, 254, 169, 251)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x253)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x123)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x23)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x250)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x251)),
];

impl Semantics<'_> {
    /// Follows first packets and their replies.
    pub(crate) fn follow_question(&self, question: &Question) -> Outcome {
        let from = question.from;
        let to = question.to.address();
        if Family::of(from.address()) != Family::of(to) {
            return Outcome::denied();
        }
        match from {
            Endpoint::Interface { interface, address } => {
                self.send_from_interface(interface, address, question)
            }
            Endpoint::Internet { address } => {
                let way = Way::first(Origin::Internet, address, to).towards(&question.to);
                self.on_the_internet(way.leaving_open(question.open))
            }
            Endpoint::Office { office, address } => {
                self.send_from_office(office, address, question)
            }
            Endpoint::Unknown { address } => self.send_from_unknown(address, &question.to),
        }
    }

    fn send_from_interface(
        &self,
        index: Index<NetworkInterface>,
        address: IpAddr,
        question: &Question,
    ) -> Outcome {
        let target = &question.to;
        let way = self.way_from_interface(index, address, question);
        if self.network.is_idle(index) {
            return Outcome::denied();
        }
        if self.is_on_host(index, target.address()) {
            return if self.shares_host(index, target) {
                Outcome::arrived(&way.filter)
            } else {
                Outcome::denied()
            };
        }
        self.send_off_host(way, index)
    }

    fn way_from_interface(
        &self,
        index: Index<NetworkInterface>,
        address: IpAddr,
        question: &Question,
    ) -> Way {
        let target = &question.to;
        let to = target.address();
        let interface = self.snapshot().interfaces().get(index);
        let source = interface.private_of(address).unwrap_or(address);
        let origin = Origin::Interface {
            interface: index,
            to,
        };
        let way = Way::first(origin, source, to)
            .towards(target)
            .leaving_open(question.open);
        match question.span {
            Span::Whole => way,
            Span::OfDeparture => way.until_outside(),
        }
    }

    /// Follows first packets of an interface, and their replies, as if another host that is like it in everything had the
    /// address that they are sent to.
    pub(crate) fn follow_to_double(
        &self,
        (index, address): (Index<NetworkInterface>, IpAddr),
        to: Endpoint,
    ) -> Outcome {
        let from = Endpoint::Interface {
            interface: index,
            address,
        };
        if Family::of(address) != Family::of(to.address()) || self.network.is_idle(index) {
            return Outcome::denied();
        }
        let way = self.way_from_interface(index, address, &Question::of(from, to));
        self.send_off_host(way, index)
    }

    /// Packets of an interface for somebody outside its machine (§2 from step 2).
    pub(super) fn send_off_host(&self, way: Way, index: Index<NetworkInterface>) -> Outcome {
        let interface = self.snapshot().interfaces().get(index);
        if interface.kind == InterfaceKind::VpcEndpoint {
            return Outcome::denied();
        }
        let (source, to) = (way.source, way.destination);
        let place = interface
            .subnet
            .target()
            .and_then(|subnet| self.place(subnet));
        if NEVER_FILTERED.contains(&to) || self.is_reserved(to, interface) {
            return if way.may_end_at(End::Service) {
                Outcome::arrived(&way.filter)
            } else {
                Outcome::denied()
            };
        }
        if is_lattice(to) {
            return self.send_to_lattice(way, index);
        }
        if is_link_local(to) {
            return Outcome::denied();
        }
        match place {
            _ if !interface.holds(source) && interface.source_dest_check => Outcome::denied(),
            Some(_) if self.network.shows_clients.contains(&index) => self.cut(way),
            Some(place) if interface.holds(source) => self.leave(way, place),
            Some(_) | None => self.cut(way),
        }
    }

    /// Whether two endpoints are addresses inside one machine, which its kernel joins.
    pub(crate) fn is_same_host(&self, from: &Endpoint, to: &Endpoint) -> bool {
        match from {
            Endpoint::Interface { interface, .. } => self.is_on_host(*interface, to.address()),
            Endpoint::Office { .. } | Endpoint::Internet { .. } | Endpoint::Unknown { .. } => false,
        }
    }

    /// Whether packets to an address, or from it, are led out of a VPC, or into it, by routes and gateways.
    pub(crate) fn is_afar(&self, vpc: Index<Vpc>, address: IpAddr) -> bool {
        let is_near = self.snapshot().vpcs().get(vpc).contains(address);
        !is_near && may_be_afar(address)
    }

    /// Whether the target, if it is an interface, is one of the sender's host.
    fn shares_host(&self, index: Index<NetworkInterface>, target: &Endpoint) -> bool {
        let Endpoint::Interface {
            interface: other, ..
        } = target
        else {
            return true;
        };
        let instance = |index| {
            self.snapshot()
                .interfaces()
                .get(index)
                .instance
                .as_ref()
                .map(model::Link::id)
        };
        *other == index || (instance(index).is_some() && instance(index) == instance(*other))
    }

    /// Whether the address is held by the interface or by another one of its instance.
    pub(super) fn is_on_host(&self, index: Index<NetworkInterface>, address: IpAddr) -> bool {
        let mut host = self.network.host_of(&index).iter();
        host.any(|sibling| self.snapshot().interfaces().get(*sibling).holds(address))
    }

    /// Whether the address is that of the Amazon DNS server of the VPC, or of the router of the subnet.
    fn is_reserved(&self, address: IpAddr, interface: &NetworkInterface) -> bool {
        let plus = |block: &Prefix, offset| Family::V4.address(block.bounds().0 + offset);
        let is_v4 = |block: &&Prefix| block.family() == Family::V4;
        let subnet = interface
            .subnet
            .target()
            .map(|subnet| self.snapshot().subnets().get(subnet));
        let vpc = subnet
            .and_then(|subnet| subnet.vpc.target())
            .map(|vpc| self.snapshot().vpcs().get(vpc));
        let first = vpc.and_then(|vpc| vpc.cidrs.iter().find(is_v4));
        let mut blocks = subnet
            .into_iter()
            .flat_map(|subnet| subnet.cidrs.iter().filter(is_v4));
        first.is_some_and(|block| plus(block, 2) == Some(address))
            || blocks.any(|block| plus(block, 1) == Some(address))
    }

    /// Packets reach a service of AWS, which answers.
    pub(super) fn reach_service(&self, mut way: Way) -> Outcome {
        match way.errand {
            Errand::Reply => Outcome::denied(),
            Errand::First(_) if !way.may_end_at(End::Service) => Outcome::denied(),
            Errand::First(_) => {
                self.leave_sender(&mut way, PeerInterface::None);
                Outcome::arrived(&way.filter)
            }
        }
    }

    fn send_from_office(
        &self,
        index: Index<OfficeNetwork>,
        address: IpAddr,
        question: &Question,
    ) -> Outcome {
        let target = &question.to;
        let mut way = Way::first(Origin::Office(index), address, target.address())
            .towards(target)
            .leaving_open(question.open);
        let office = self.snapshot().offices().get(index);
        if office.evidence != OfficeEvidence::ClientVpn && office.contains(way.destination) {
            return self.cut(way);
        }
        match office.uplinks.as_slice() {
            [] => self.cut(way),
            uplinks if !way.part(uplinks.len()) => self.cut(way),
            uplinks => Outcome::of_choices(
                uplinks
                    .iter()
                    .map(|uplink| self.enter_from_office(way.clone(), *uplink)),
            ),
        }
    }

    fn send_from_unknown(&self, address: IpAddr, target: &Endpoint) -> Outcome {
        // Several subnets may use the address: one whose interfaces are not all listed may hold it.
        let subnets = self.snapshot().subnets().rows().iter();
        let around: Vec<_> = subnets.filter(|subnet| subnet.contains(address)).collect();
        let is_whole = |vpc| self.network.lists_all(Kind::NetworkInterfaces, vpc);
        let is_vacant = !around.is_empty()
            && around
                .iter()
                .all(|subnet| subnet.vpc.target().is_some_and(is_whole));
        let way = Way::first(Origin::Internet, address, target.address());
        if is_vacant {
            Outcome::denied()
        } else {
            self.cut(way)
        }
    }
}

/// Blocks of IPv6 addresses that AWS keeps for its platform.
const PLATFORM: [u16; 2] = [0xfd00, 0xec2];

/// Whether no route carries packets there.
pub(super) fn is_link_local(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => v4.is_link_local(),
        IpAddr::V6(v6) => v6.is_unicast_link_local() || v6.segments().starts_with(&PLATFORM),
    }
}

/// Whether packets to an address, or from it, are led as routes say, and not by the host itself.
pub(crate) fn may_be_afar(address: IpAddr) -> bool {
    !is_link_local(address) && !NEVER_FILTERED.contains(&address)
}
