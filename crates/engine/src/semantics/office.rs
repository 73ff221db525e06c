//! Office networks behind VPN gateways and attachments (§3, §4b; `hybrid.md`).
//!
//! A virtual private gateway carries IPv4 between its VPC and the networks that it knows: static routes of its VPNs and
//! what it announced. What it learned by BGP and did not announce is not in the input.
//!
//! # Source
//!
//! Site-to-Site VPN Guide: Route tables and VPN route priority; VPN `CloudHub`. Direct Connect Guide: `SiteLink`.

mod carrier;
mod hub;
mod site_link;

use model::{Index, Link, OfficeNetwork, ResourceState, Uplink, Vpc, VpnGateway};

use self::carrier::Direction;
use super::firewall::come_home;
use super::gateway::{Door, is_attached};
use super::group::PeerInterface;
use super::subnet::Place;
use super::{Return, Semantics};
use crate::way::{End, Errand, Goal, Outcome, Way};

impl Semantics<'_> {
    pub(super) fn leave_by_vpn_gateway(
        &self,
        way: Way,
        at: Place,
        link: &Link<VpnGateway>,
    ) -> Outcome {
        let Some(index) = link.target() else {
            return self.cut(way);
        };
        let gateway = self.snapshot().vpn_gateways().get(index);
        if !is_attached(&gateway.attachments, at.vpc) || way.destination.is_ipv6() {
            return Outcome::denied();
        }
        self.reach_office(way, Uplink::VpnGateway(index))
    }

    /// Packets go to the network at the other end of an uplink, if what carries them there takes them.
    pub(super) fn reach_office(&self, mut way: Way, uplink: Uplink) -> Outcome {
        self.go_farther();
        if !self.pass_carriers(&mut way, uplink, Direction::ToOffice) {
            return Outcome::denied();
        }
        if self.offices_with(uplink, &way).is_empty() {
            return self.cut(way);
        }
        self.arrive_at_office(way, uplink)
    }

    /// Packets have come to the networks at the other end of an uplink that hold their destination.
    pub(super) fn arrive_at_office(&self, mut way: Way, uplink: Uplink) -> Outcome {
        let offices = self.offices_with(uplink, &way);
        match (way.errand, way.home) {
            (Errand::Reply, Goal::Office(home)) if offices.contains(&home) => come_home(&way),
            (Errand::Reply, _) => Outcome::denied(),
            (Errand::First(_), _) if !way.may_end_at(End::Offices(&offices)) => Outcome::denied(),
            (Errand::First(_), _) => {
                self.leave_sender(&mut way, PeerInterface::None);
                self.answer_from_office(&way, uplink)
            }
        }
    }

    /// The office networks at the other end of an uplink that hold the destination.
    fn offices_with(&self, uplink: Uplink, way: &Way) -> Vec<Index<OfficeNetwork>> {
        let offices = self.network.links.offices_behind(uplink).iter();
        offices
            .filter(|index| {
                self.snapshot()
                    .offices()
                    .get(**index)
                    .contains(way.destination)
            })
            .copied()
            .collect()
    }

    /// Packets come from an office network by one of its uplinks.
    pub(super) fn enter_from_office(&self, mut way: Way, uplink: Uplink) -> Outcome {
        self.go_farther();
        if self.may_take_site_link(&way, uplink) {
            return self.cut(way);
        }
        match uplink {
            Uplink::VpnGateway(index) => self.enter_by_vpn_gateway(way, index),
            Uplink::TransitGateway(attachment) => {
                let state = self.snapshot().transit_attachments().get(attachment).state;
                let is_carried = state == ResourceState::Available
                    && self.pass_carriers(&mut way, uplink, Direction::ToCloud);
                if is_carried {
                    self.enter_by_attachment(way, attachment)
                } else {
                    Outcome::denied()
                }
            }
            Uplink::ClientVpn(endpoint) => self.enter_by_client_vpn(way, endpoint),
        }
    }

    fn enter_by_vpn_gateway(&self, mut way: Way, index: Index<VpnGateway>) -> Outcome {
        if way.source.is_ipv6() {
            return Outcome::denied();
        }
        let uplink = Uplink::VpnGateway(index);
        match self.vpc_of(index, &way) {
            Behind::Vpc(vpc) => {
                self.return_by(&way, vpc, Return::Otherwise);
                if !self.pass_carriers(&mut way, uplink, Direction::ToCloud) {
                    return Outcome::denied();
                }
                let id = &self.snapshot().vpn_gateways().get(index).id;
                self.enter_by_gateway(way, vpc, (Door::Vpn, id))
            }
            Behind::Nothing if self.offices_with(uplink, &way).is_empty() => Outcome::denied(),
            Behind::Nothing if self.is_hub(index) => self.arrive_at_office(way, uplink),
            Behind::Nothing | Behind::Untold => self.cut(way),
        }
    }

    /// The VPC at a VPN gateway that holds the destination.
    fn vpc_of(&self, index: Index<VpnGateway>, way: &Way) -> Behind {
        let attachments = &self.snapshot().vpn_gateways().get(index).attachments;
        let mut working = attachments
            .iter()
            .filter(|attachment| attachment.state == ResourceState::Available);
        let Some(first) = working.next() else {
            return Behind::Nothing;
        };
        let holds = |vpc: Index<Vpc>| self.snapshot().vpcs().get(vpc).contains(way.destination);
        match first.vpc.target() {
            Some(vpc) if holds(vpc) => Behind::Vpc(vpc),
            Some(_) => Behind::Nothing,
            None => Behind::Untold,
        }
    }
}

/// What a VPN gateway has at its cloud end for a destination.
enum Behind {
    Vpc(Index<Vpc>),
    /// A VPC that is not in the snapshot may hold it.
    Untold,
    Nothing,
}
