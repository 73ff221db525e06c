//! Attachments of gateways to VPCs, and the route tables of gateways (§4a).
//!
//! # Source
//!
//! VPC User Guide: Gateway route tables.

use std::net::IpAddr;

use model::{Attachment, Index, InternetGateway, ResourceId, ResourceState, RouteTarget, Vpc};

use super::Semantics;
use super::middlebox::Turn;
use super::route::Choice;
use crate::way::{Outcome, Way};

/// Whether the table of a gateway sends packets straight to their destination.
enum Edge {
    Straight,
    Drops,
    /// By way of this.
    By(RouteTarget),
    Unknown,
}

/// The gateway that brings packets to a VPC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Door {
    Internet,
    Vpn,
}

impl Semantics<'_> {
    /// The internet gateway that works for a VPC.
    pub(super) fn internet_gateway_of(&self, vpc: Index<Vpc>) -> Option<Index<InternetGateway>> {
        self.network.links.internet_gateways.get(&vpc).copied()
    }

    /// Packets enter a VPC by a gateway, for a private address.
    pub(super) fn enter_by_gateway(
        &self,
        way: Way,
        vpc: Index<Vpc>,
        (door, gateway): (Door, &ResourceId),
    ) -> Outcome {
        let turn = Turn { vpc, from: None };
        let edge = self.edge(gateway, vpc, way.destination);
        if matches!(edge, Edge::By(_)) {
            self.go_farther();
        }
        match edge {
            Edge::Straight => self.arrive(way, vpc, None),
            Edge::Drops => Outcome::denied(),
            Edge::By(RouteTarget::NetworkInterface(interface)) => {
                self.through_interface(way, turn, interface.target())
            }
            Edge::By(RouteTarget::NextHop(address)) => self.through_next_hop(way, turn, address),
            Edge::By(RouteTarget::VpcEndpoint(id)) => {
                match self.through_endpoint(&way, turn, &id) {
                    Some(_) if door == Door::Vpn => Outcome::denied(),
                    Some(outcome) => outcome,
                    None => self.cut(way),
                }
            }
            Edge::By(_) | Edge::Unknown => self.cut(way),
        }
    }

    /// What the route table of a gateway, if it has one, does to packets that enter the VPC for a private address.
    fn edge(&self, gateway: &ResourceId, vpc: Index<Vpc>, destination: IpAddr) -> Edge {
        let Some(table) = self.network.links.edge_tables.get(gateway) else {
            return Edge::Straight;
        };
        match self.choose(*table, vpc, destination) {
            Choice::Target {
                target: RouteTarget::Local,
                ..
            } => Edge::Straight,
            Choice::Blackhole | Choice::Nothing => Edge::Drops,
            Choice::Target { target, .. } => Edge::By(target),
            Choice::Unknown => Edge::Unknown,
        }
    }
}

/// Whether one of the attachments is to the VPC and works.
pub(super) fn is_attached(attachments: &[Attachment], vpc: Index<Vpc>) -> bool {
    attachments
        .iter()
        .any(|attachment| attachment.vpc.is(vpc) && attachment.state == ResourceState::Available)
}
