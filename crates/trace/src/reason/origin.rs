//! Where the line that drops a packet was read.

use model::{Origin, Snapshot};

use super::Reason;
use crate::names;

impl Reason {
    /// Where the line or the resource that drops the packet was read.
    pub fn origin<'a>(&self, snapshot: &'a Snapshot) -> Option<&'a Origin> {
        match self {
            Self::Office(reason) => return reason.origin(snapshot),
            Self::ClientVpn(reason) => return Some(reason.origin(snapshot)),
            Self::Service(reason) => return Some(reason.origin(snapshot)),
            Self::Inspection(reason) => return reason.origin(snapshot),
            Self::CoreNetwork(reason) => return reason.origin(snapshot),
            _ => {}
        }
        match *self {
            Self::AclDeny(acl, number, _) => {
                names::entry(snapshot, acl, number).map(|entry| &entry.origin)
            }
            Self::AclNoEntry(acl, ..) => Some(&snapshot.acls().get(acl).origin),
            Self::Blackhole(table, number) => {
                names::route(snapshot, table, number).map(|route| &route.origin)
            }
            Self::NoRoute(table, _) => Some(&snapshot.route_tables().get(table).origin),
            Self::TransitNoRoute(table, _) => {
                Some(&snapshot.transit_route_tables().get(table).origin)
            }
            Self::TransitBlackhole(table, number) => {
                names::transit_route(snapshot, table, number).map(|route| &route.origin)
            }
            Self::NoListener(interface)
            | Self::NoTarget(interface)
            | Self::Hairpin(interface)
            | Self::PreservationPath(interface)
            | Self::InternalBalancer(interface)
            | Self::NodeNoSession(interface)
            | Self::EndpointSendsNothing(interface)
            | Self::NoEgressRule(interface, _)
            | Self::NoIngressRule(interface, _)
            | Self::SourceCheck(interface)
            | Self::DestinationCheck(interface) => {
                Some(&snapshot.interfaces().get(interface).origin)
            }
            Self::NatUnavailable(nat) | Self::NatProtocol(nat, _) | Self::NatNoSession(nat) => {
                Some(&snapshot.nat_gateways().get(nat).origin)
            }
            Self::EndpointUnavailable(endpoint)
            | Self::EndpointProtocol(endpoint, _)
            | Self::ServicePort(endpoint) => Some(&snapshot.vpc_endpoints().get(endpoint).origin),
            Self::PeeringInactive(peering)
            | Self::PeeringOfOthers(peering, _)
            | Self::PeeringNoTransit(peering, _)
            | Self::DestinationNotInPeer(peering, _) => {
                Some(&snapshot.peerings().get(peering).origin)
            }
            Self::NoAssociation(attachment)
            | Self::AttachmentUnavailable(attachment)
            | Self::NoAttachmentInZone(attachment, _) => {
                Some(&snapshot.transit_attachments().get(attachment).origin)
            }
            _ => None,
        }
    }
}
