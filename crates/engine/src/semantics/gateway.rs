//! Attachments of gateways to VPCs, and the route tables of gateways (§4a).
//!
//! # Source
//!
//! VPC User Guide: Gateway route tables.

use std::net::IpAddr;

use model::{Attachment, Index, InternetGateway, ResourceId, ResourceState, RouteTarget, Vpc};

use super::Semantics;
use super::route::Choice;

/// Whether the table of a gateway sends packets straight to their destination.
pub(super) enum Edge {
    Straight,
    Drops,
    Unknown,
}

impl Semantics<'_> {
    /// The internet gateway that works for a VPC.
    pub(super) fn internet_gateway_of(&self, vpc: Index<Vpc>) -> Option<Index<InternetGateway>> {
        self.network.links.internet_gateways.get(&vpc).copied()
    }

    /// What the route table of a gateway, if it has one, does to packets that enter the VPC for a private address.
    pub(super) fn edge(&self, gateway: &ResourceId, vpc: Index<Vpc>, destination: IpAddr) -> Edge {
        let Some(table) = self.network.links.edge_tables.get(gateway) else {
            return Edge::Straight;
        };
        match self.choose(*table, vpc, destination) {
            Choice::Target {
                target: RouteTarget::Local,
                ..
            } => Edge::Straight,
            Choice::Blackhole | Choice::Nothing => Edge::Drops,
            Choice::Target { .. } | Choice::Unknown => Edge::Unknown,
        }
    }
}

/// Whether one of the attachments is to the VPC and works.
pub(super) fn is_attached(attachments: &[Attachment], vpc: Index<Vpc>) -> bool {
    attachments
        .iter()
        .any(|attachment| attachment.vpc.is(vpc) && attachment.state == ResourceState::Available)
}
