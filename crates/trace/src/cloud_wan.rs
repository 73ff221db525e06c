//! Cloud WAN: in by an attachment's subnet, by the routes of a segment at an edge, and out by an attachment.

mod why;

use model::{
    CoreNetworkAttachment, CoreNetworkResource, CoreNetworkRoute, CoreNetworkTable, Direction,
    Index, Link, ResourceId, ResourceState, RouteState, Subnet, TransitGatewayRouteKind, Vpc,
};
use packet::Family;

use crate::subnet::target;
use crate::transit::InZone;
use crate::walk::{Flight, Leads, Next, Sender, Stop};
use crate::{Doubt, Ground, Place, Reason, Tracer};

pub(crate) use why::route_text;
pub use why::{CoreNetworkDoubt, CoreNetworkReason};

/// How a packet came into a core network.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CoreCrossing {
    /// The attachment it came from.
    pub(crate) from: Index<CoreNetworkAttachment>,
    /// The attachment's subnet it came through.
    pub(crate) subnet: Index<Subnet>,
}

fn denied(reason: CoreNetworkReason) -> Stop {
    Reason::CoreNetwork(reason).into()
}

fn cut(doubt: CoreNetworkDoubt) -> Stop {
    Doubt::CoreNetwork(doubt).into()
}

impl<'a> Tracer<'a> {
    fn core_attachment(&self, index: Index<CoreNetworkAttachment>) -> &'a CoreNetworkAttachment {
        self.snapshot.core_attachments().get(index)
    }

    /// By a route of a subnet to a core network.
    pub(crate) fn by_core_network(
        &self,
        flight: &mut Flight,
        core_network: &ResourceId,
        vpc: Index<Vpc>,
        from: Index<Subnet>,
    ) -> Leads {
        let index = self.core_attachment_of(core_network, vpc)?;
        let attachment = self.core_attachment(index);
        if attachment.state == ResourceState::Unavailable {
            return Err(denied(CoreNetworkReason::AttachmentUnavailable(index)));
        }
        let subnets = self.core_subnets(index)?;
        let subnet = match self.in_zone_of(subnets, from) {
            InZone::Subnet(link) => target(link, Doubt::MissingSubnet)?,
            InZone::None => {
                return Err(denied(CoreNetworkReason::NoAttachmentInZone(index, from)));
            }
            InZone::Unknown => return Err(cut(CoreNetworkDoubt::ZoneUnknown(index))),
        };
        flight.enter(Place::Subnet(subnet));
        self.ask_acl(flight, subnet, Direction::Ingress)?;
        self.check_core_family(flight, index)?;
        Ok(Next::CoreNetwork(CoreCrossing {
            from: index,
            subnet,
        }))
    }

    /// In the core network: the routes of the attachment's segment at its edge decide.
    pub(crate) fn in_core_network(&self, flight: &mut Flight, crossing: CoreCrossing) -> Leads {
        flight.pass(Place::CoreNetwork(crossing.from))?;
        let (index, table) = self.core_table(crossing.from)?;
        let address = flight.destination();
        let mut covering: Vec<(u8, u8, usize, &CoreNetworkRoute)> = Vec::new();
        for (number, route) in table.routes.iter().enumerate() {
            if let Some((length, is_list)) = self.covering(&route.destination, address)? {
                let rank = match route.kind {
                    TransitGatewayRouteKind::Static => u8::from(is_list),
                    TransitGatewayRouteKind::Propagated => 2,
                };
                covering.push((u8::MAX - length, rank, number, route));
            }
        }
        covering.sort_by_key(|(length, rank, number, _)| (*length, *rank, *number));
        let Some(&(length, rank, number, _)) = covering.first() else {
            return Err(denied(CoreNetworkReason::NoRoute(index, address)));
        };
        flight.allow(Ground::CoreRoute(index, number));
        let best = covering
            .into_iter()
            .filter(|(l, r, ..)| (*l, *r) == (length, rank));
        let mut choices: Vec<Next> = Vec::new();
        let mut seen: Vec<&ResourceId> = Vec::new();
        for (_, _, number, route) in best {
            if route.state == RouteState::Blackhole {
                let reason = CoreNetworkReason::Blackhole(index, number);
                choices.push(Next::Stopped(denied(reason)));
                continue;
            }
            if route.leads_elsewhere {
                let doubt = CoreNetworkDoubt::LeadsElsewhere(index, number);
                choices.push(Next::Stopped(cut(doubt)));
            }
            for link in &route.attachments {
                if !seen.contains(&link.id()) {
                    seen.push(link.id());
                    choices.push(Self::to_core_attachment(crossing, link));
                }
            }
        }
        Ok(Next::AnyOf(choices))
    }

    fn to_core_attachment(crossing: CoreCrossing, link: &Link<CoreNetworkAttachment>) -> Next {
        match link.target() {
            Some(to) => Next::CoreOut(crossing, to),
            None => Next::Stopped(cut(CoreNetworkDoubt::MissingAttachment(link.id().clone()))),
        }
    }

    /// Out of the core network by an attachment.
    pub(crate) fn out_of_core_network(
        &self,
        flight: &Flight,
        crossing: CoreCrossing,
        to: Index<CoreNetworkAttachment>,
    ) -> Leads {
        let attachment = self.core_attachment(to);
        if attachment.state == ResourceState::Unavailable {
            return Err(denied(CoreNetworkReason::AttachmentUnavailable(to)));
        }
        let CoreNetworkResource::Vpc { vpc, .. } = &attachment.resource else {
            return Err(cut(CoreNetworkDoubt::AttachmentNotModelled(to)));
        };
        target(vpc, Doubt::MissingVpc)?;
        let subnets = self.core_subnets(to)?;
        if subnets.is_empty() {
            return Err(denied(CoreNetworkReason::AttachmentUnavailable(to)));
        }
        self.check_core_family(flight, to)?;
        let near = match self.in_zone_of(subnets, crossing.subnet) {
            InZone::Subnet(link) if !attachment.appliance_mode => Some(link),
            InZone::Subnet(_) | InZone::None | InZone::Unknown => None,
        };
        let subnets = near.map_or(subnets, std::slice::from_ref);
        let emerge = |link| {
            let subnet = target(link, Doubt::MissingSubnet);
            subnet.map_or_else(Next::Stopped, |subnet| {
                Next::CoreEmerge(crossing, to, subnet)
            })
        };
        Ok(Next::AnyOf(subnets.iter().map(emerge).collect()))
    }

    /// In a subnet of the VPC on the other side. Whether the core network keeps references to groups is not told.
    pub(crate) fn emerge_from_core(
        &self,
        flight: &mut Flight,
        crossing: CoreCrossing,
        to: Index<CoreNetworkAttachment>,
        subnet: Index<Subnet>,
    ) -> Next {
        let (from, to) = (
            self.core_attachment(crossing.from),
            self.core_attachment(to),
        );
        let is_one_edge = from.edge.is_some() && from.edge == to.edge;
        let kept = flight
            .sender
            .filter(|sender| is_one_edge && !sender.has_crossed);
        flight.sender = kept.map(|sender| Sender {
            is_certain: false,
            has_crossed: true,
            has_crossed_hub: true,
            ..sender
        });
        Next::Subnet(subnet)
    }

    /// The attachment of a VPC to a core network; one that works if there are several.
    fn core_attachment_of(
        &self,
        core_network: &ResourceId,
        vpc: Index<Vpc>,
    ) -> Result<Index<CoreNetworkAttachment>, Stop> {
        let of_vpc = |attachment: &CoreNetworkAttachment| {
            attachment.core_network == *core_network
                && matches!(&attachment.resource, CoreNetworkResource::Vpc { vpc: link, .. } if link.is(vpc))
        };
        let all = self.snapshot.core_attachments().iter();
        let own: Vec<_> = all.filter(|(_, attachment)| of_vpc(attachment)).collect();
        let mut working = own
            .iter()
            .filter(|(_, attachment)| attachment.state == ResourceState::Available);
        let found = working.next().or(own.first());
        found.map(|(index, _)| *index).ok_or_else(|| {
            cut(CoreNetworkDoubt::AttachmentUnknown(
                core_network.clone(),
                vpc,
            ))
        })
    }

    fn core_subnets(
        &self,
        index: Index<CoreNetworkAttachment>,
    ) -> Result<&'a [Link<Subnet>], Stop> {
        match &self.core_attachment(index).resource {
            CoreNetworkResource::Vpc {
                subnets: Some(subnets),
                ..
            } => Ok(subnets),
            CoreNetworkResource::Vpc { subnets: None, .. } | CoreNetworkResource::Other { .. } => {
                Err(cut(CoreNetworkDoubt::SubnetsUnknown(index)))
            }
        }
    }

    fn check_core_family(
        &self,
        flight: &Flight,
        index: Index<CoreNetworkAttachment>,
    ) -> Result<(), Stop> {
        let is_on = self.core_attachment(index).ipv6 == Some(true);
        if flight.packet.family() == Family::V6 && !is_on {
            return Err(cut(CoreNetworkDoubt::Ipv6Unknown(index)));
        }
        Ok(())
    }

    /// The table of an attachment's segment at its edge.
    fn core_table(
        &self,
        from: Index<CoreNetworkAttachment>,
    ) -> Result<(Index<CoreNetworkTable>, &'a CoreNetworkTable), Stop> {
        let attachment = self.core_attachment(from);
        let (Some(segment), Some(edge)) = (&attachment.segment, &attachment.edge) else {
            return Err(cut(CoreNetworkDoubt::SegmentUnknown(from)));
        };
        let core_network = attachment.core_network.as_str();
        let id = CoreNetworkTable::id_of(core_network, segment, edge.as_str());
        let tables = self.snapshot.core_tables();
        let index = tables.find(id.as_str());
        let table = index.map(|index| (index, tables.get(index)));
        table
            .filter(|(_, table)| table.is_complete)
            .ok_or_else(|| cut(CoreNetworkDoubt::RoutesUnknown(id)))
    }
}
