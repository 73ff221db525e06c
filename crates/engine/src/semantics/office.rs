//! Office networks behind VPN gateways (§3, §4b).
//!
//! A virtual private gateway carries IPv4 between its VPC and the networks that it knows: static routes of its VPNs and
//! what it announced. What it learned by BGP and did not announce is not in the input.
//!
//! # Source
//!
//! Site-to-Site VPN Guide: Route tables and VPN route priority.

use model::{Index, Link, OfficeNetwork, Uplink, VpnGateway};

use super::Semantics;
use super::gateway::{Edge, is_attached};
use super::group::PeerInterface;
use super::subnet::Place;
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
        let uplink = Uplink::VpnGateway(index);
        self.reach_office(way, uplink)
    }

    /// Packets come to the network at the other end of an uplink.
    pub(super) fn reach_office(&self, mut way: Way, uplink: Uplink) -> Outcome {
        let mut offices = self.offices_behind(uplink);
        offices.retain(|(_, office)| office.contains(way.destination));
        if offices.is_empty() {
            return self.cut(way);
        }
        let indexes: Vec<_> = offices.iter().map(|(index, _)| *index).collect();
        match (way.errand, way.home) {
            (Errand::Reply, Goal::Office(home)) if indexes.contains(&home) => {
                Outcome::arrived(&way.filter)
            }
            (Errand::Reply, _) => Outcome::denied(),
            (Errand::First(_), _) if !way.may_end_at(End::Offices(&indexes)) => Outcome::denied(),
            (Errand::First(_), _) => {
                self.leave_sender(&mut way, PeerInterface::None);
                self.answer_from_office(&way, uplink)
            }
        }
    }

    fn offices_behind(&self, uplink: Uplink) -> Vec<(Index<OfficeNetwork>, &OfficeNetwork)> {
        let offices = self.network.links.offices_behind(uplink).iter();
        offices
            .map(|index| (*index, self.snapshot().offices().get(*index)))
            .collect()
    }

    /// Packets come from an office network by one of its uplinks.
    pub(super) fn enter_from_office(&self, way: Way, uplink: Uplink) -> Outcome {
        match uplink {
            Uplink::VpnGateway(index) => self.enter_by_vpn_gateway(way, index),
            Uplink::TransitGateway(attachment) => self.enter_by_attachment(way, attachment),
            Uplink::ClientVpn(_) => self.cut(way),
        }
    }

    /// Whether an office network at the same VPN gateway holds the destination.
    fn may_be_a_hub(&self, way: &Way, index: Index<VpnGateway>) -> bool {
        let offices = self.offices_behind(Uplink::VpnGateway(index));
        offices
            .iter()
            .any(|(_, office)| office.contains(way.destination))
    }

    fn enter_by_vpn_gateway(&self, way: Way, index: Index<VpnGateway>) -> Outcome {
        if way.source.is_ipv6() {
            return Outcome::denied();
        }
        let gateway = self.snapshot().vpn_gateways().get(index);
        let mut attached = gateway
            .attachments
            .iter()
            .filter_map(|attachment| attachment.vpc.target());
        let Some(vpc) = attached.find(|vpc| is_attached(&gateway.attachments, *vpc)) else {
            let elsewhere = gateway.attachments.iter().any(|attachment| {
                attachment.vpc.target().is_none()
                    && attachment.state == model::ResourceState::Available
            });
            return if elsewhere || self.may_be_a_hub(&way, index) {
                self.cut(way)
            } else {
                Outcome::denied()
            };
        };
        if !self.snapshot().vpcs().get(vpc).contains(way.destination) {
            return if self.may_be_a_hub(&way, index) {
                self.cut(way)
            } else {
                Outcome::denied()
            };
        }
        match self.edge(&gateway.id, vpc, way.destination) {
            Edge::Straight => self.arrive(way, vpc, None),
            Edge::Drops => Outcome::denied(),
            Edge::Unknown => self.cut(way),
        }
    }
}
