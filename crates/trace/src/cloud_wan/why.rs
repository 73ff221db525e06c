//! Why a core network drops a packet, or perhaps.

use std::net::IpAddr;

use model::{
    CoreNetworkAttachment, CoreNetworkTable, Index, Origin, ResourceId, Snapshot, Subnet, Vpc,
};
use packet::Prefix;

use crate::names::{self, named};

/// Why a core network drops a packet. This list is complete. Numbers are places in the list of routes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CoreNetworkReason {
    /// The attachment does not work.
    AttachmentUnavailable(Index<CoreNetworkAttachment>),
    /// The attachment has no subnet in the zone of this subnet.
    NoAttachmentInZone(Index<CoreNetworkAttachment>, Index<Subnet>),
    /// No route of the segment at the edge covers the destination.
    NoRoute(Index<CoreNetworkTable>, IpAddr),
    /// The route drops.
    Blackhole(Index<CoreNetworkTable>, usize),
}

impl CoreNetworkReason {
    pub(crate) const fn code(&self) -> &'static str {
        match self {
            Self::AttachmentUnavailable(_) => "core-attachment-unavailable",
            Self::NoAttachmentInZone(..) => "no-core-attachment-in-zone",
            Self::NoRoute(..) => "core-no-route",
            Self::Blackhole(..) => "core-blackhole",
        }
    }

    pub(crate) fn describe(&self, snapshot: &Snapshot) -> String {
        let attachment =
            |index: &Index<CoreNetworkAttachment>| named(snapshot.core_attachments(), *index);
        match self {
            Self::AttachmentUnavailable(index) => {
                format!("attachment {} is not available", attachment(index))
            }
            Self::NoAttachmentInZone(index, subnet) => format!(
                "attachment {} has no subnet in the zone of {}",
                attachment(index),
                named(snapshot.subnets(), *subnet)
            ),
            Self::NoRoute(table, address) => {
                let table = named(snapshot.core_tables(), *table);
                format!("{table} has no route to {address}")
            }
            Self::Blackhole(table, number) => format!(
                "the route {} is a blackhole",
                route_text(snapshot, *table, *number)
            ),
        }
    }

    pub(crate) fn remedy(&self, snapshot: &Snapshot) -> Option<String> {
        match self {
            Self::NoAttachmentInZone(_, subnet) => Some(format!(
                "a subnet of the attachment in the zone of {}",
                named(snapshot.subnets(), *subnet)
            )),
            Self::NoRoute(table, address) => Some(format!(
                "a route of {} to {}",
                named(snapshot.core_tables(), *table),
                Prefix::host(*address)
            )),
            Self::AttachmentUnavailable(_) | Self::Blackhole(..) => None,
        }
    }

    pub(crate) fn origin<'a>(&self, snapshot: &'a Snapshot) -> Option<&'a Origin> {
        match *self {
            Self::AttachmentUnavailable(index) | Self::NoAttachmentInZone(index, _) => {
                Some(&snapshot.core_attachments().get(index).origin)
            }
            Self::NoRoute(table, _) => Some(&snapshot.core_tables().get(table).origin),
            Self::Blackhole(table, number) => {
                let routes = &snapshot.core_tables().get(table).routes;
                routes.get(number).map(|route| &route.origin)
            }
        }
    }
}

/// A route of a core network in words.
pub(crate) fn route_text(
    snapshot: &Snapshot,
    table: Index<CoreNetworkTable>,
    number: usize,
) -> String {
    let name = named(snapshot.core_tables(), table);
    let route = snapshot.core_tables().get(table).routes.get(number);
    let destination =
        route.map_or_else(String::new, |route| names::destination(&route.destination));
    format!("{destination} in {name}")
}

/// Why it is not known whether a core network carries a packet. This list is complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CoreNetworkDoubt {
    /// Whether the VPC is attached to the core network is not in the input.
    AttachmentUnknown(ResourceId, Index<Vpc>),
    /// The attachment is not in the input.
    MissingAttachment(ResourceId),
    /// The subnets of the attachment are not in the input.
    SubnetsUnknown(Index<CoreNetworkAttachment>),
    /// Whether the attachment has a subnet in the zone is not in the input.
    ZoneUnknown(Index<CoreNetworkAttachment>),
    /// The segment or the edge of the attachment is not in the input.
    SegmentUnknown(Index<CoreNetworkAttachment>),
    /// The routes of the segment at the edge are not in the input: the id of their table.
    RoutesUnknown(ResourceId),
    /// The route leads to a group of firewalls or other things that are not modelled.
    LeadsElsewhere(Index<CoreNetworkTable>, usize),
    /// What stands behind this sort of attachment is not modelled.
    AttachmentNotModelled(Index<CoreNetworkAttachment>),
    /// Whether the attachment carries IPv6 is not known, or it does not, and what that does is not documented.
    Ipv6Unknown(Index<CoreNetworkAttachment>),
}

impl CoreNetworkDoubt {
    pub(crate) const fn code(&self) -> &'static str {
        match self {
            Self::AttachmentUnknown(..) => "core-attachment-unknown",
            Self::MissingAttachment(_) => "missing-core-attachment",
            Self::SubnetsUnknown(_) => "core-subnets-unknown",
            Self::ZoneUnknown(_) => "core-zone-unknown",
            Self::SegmentUnknown(_) => "core-segment-unknown",
            Self::RoutesUnknown(_) => "core-routes-unknown",
            Self::LeadsElsewhere(..) => "core-leads-elsewhere",
            Self::AttachmentNotModelled(_) => "core-attachment-not-modelled",
            Self::Ipv6Unknown(_) => "core-ipv6-unknown",
        }
    }

    pub(crate) fn describe(&self, snapshot: &Snapshot) -> String {
        let attachment =
            |index: &Index<CoreNetworkAttachment>| named(snapshot.core_attachments(), *index);
        let untold = |what: String| format!("the input does not tell {what}");
        match self {
            Self::AttachmentUnknown(id, vpc) => untold(format!(
                "whether {} is attached to {id}",
                named(snapshot.vpcs(), *vpc)
            )),
            Self::MissingAttachment(id) => {
                format!("core network attachment {id} is not in the input")
            }
            Self::SubnetsUnknown(index) => untold(format!("the subnets of {}", attachment(index))),
            Self::ZoneUnknown(index) => {
                untold(format!("the zones of all subnets of {}", attachment(index)))
            }
            Self::SegmentUnknown(index) => {
                untold(format!("the segment and edge of {}", attachment(index)))
            }
            Self::RoutesUnknown(id) => untold(format!("all routes of {id}")),
            Self::LeadsElsewhere(table, number) => format!(
                "the route {} leads to what is not modelled",
                route_text(snapshot, *table, *number)
            ),
            Self::AttachmentNotModelled(index) => {
                format!("what stands behind {} is not modelled", attachment(index))
            }
            Self::Ipv6Unknown(index) => {
                untold(format!("whether {} carries IPv6", attachment(index)))
            }
        }
    }
}
