//! What carries packets between a gateway and an office: VPN connections and Direct Connect.

use std::net::IpAddr;

use model::{
    AttachmentResource, DirectConnectAssociation, DirectConnectPartner, Index, Kind, ResourceId,
    ResourceState, TransitGatewayAttachment, Tunnels, Uplink, VirtualInterfaceKind, VpnConnection,
    VpnGateway,
};
use packet::Prefix;

use super::{OfficeDoubt, OfficeReason};
use crate::walk::{Flight, Stop};
use crate::{Doubt, Reason, Tracer};

/// Whether Direct Connect drops what an office sends to an address that is not announced to it. Unverified: the guide
/// speaks of announcements only; lines know no other routes.
const UNANNOUNCED_IS_DROPPED: bool = true;

/// The way that a packet goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Toward {
    Office,
    Cloud,
}

/// What a carrier says to a packet.
enum Carries {
    Surely,
    Perhaps(OfficeDoubt),
    Never(OfficeReason),
}

impl Toward {
    /// The packet's addresses at the office's end and at the cloud's.
    fn sides(self, flight: &Flight) -> (IpAddr, IpAddr) {
        let (source, destination) = (flight.packet.source(), flight.destination());
        match self {
            Self::Office => (destination, source),
            Self::Cloud => (source, destination),
        }
    }
}

impl Tracer<'_> {
    /// Whether the packet gets over the uplink.
    pub(super) fn carry(
        &self,
        flight: &mut Flight,
        uplink: Uplink,
        toward: Toward,
    ) -> Result<(), Stop> {
        let answer = match uplink {
            Uplink::VpnGateway(index) => self.carried_at_vpn_gateway(flight, index, toward),
            Uplink::TransitGateway(index) => self.carried_at_attachment(flight, index, toward),
            Uplink::ClientVpn(_) => Carries::Surely,
        };
        match answer {
            Carries::Surely => Ok(()),
            Carries::Perhaps(doubt) => {
                flight.doubt(Doubt::Office(doubt));
                Ok(())
            }
            Carries::Never(reason) => Err(Reason::Office(reason).into()),
        }
    }

    fn carried_at_attachment(
        &self,
        flight: &Flight,
        index: Index<TransitGatewayAttachment>,
        toward: Toward,
    ) -> Carries {
        let attachment = self.snapshot.transit_attachments().get(index);
        match &attachment.resource {
            AttachmentResource::Vpn(link) => link.target().map_or(Carries::Surely, |connection| {
                self.carried_by_vpn(flight, connection, toward)
            }),
            AttachmentResource::DirectConnect(gateway) => {
                let associations = self.snapshot.direct_connect_associations().rows().iter();
                let is_meant = |association: &&DirectConnectAssociation| {
                    association.gateway.id() == gateway
                        && matches!(&association.with, DirectConnectPartner::TransitGateway(link) if *link == attachment.gateway)
                };
                let mut associations = associations.filter(is_meant);
                associations.next().map_or(Carries::Surely, |association| {
                    let announces = |allowed: &Prefix| allowed.contains(flight.destination());
                    let kind = VirtualInterfaceKind::Transit;
                    self.carried_by_line(flight, association, toward, kind, announces)
                })
            }
            AttachmentResource::Vpc { .. }
            | AttachmentResource::Peering(_)
            | AttachmentResource::Other { .. } => Carries::Surely,
        }
    }

    fn carried_by_vpn(
        &self,
        flight: &Flight,
        index: Index<VpnConnection>,
        toward: Toward,
    ) -> Carries {
        let connection = self.snapshot.vpn_connections().get(index);
        let (office, cloud) = toward.sides(flight);
        let agreed = |side: Option<Prefix>, address| side.is_none_or(|side| side.contains(address));
        if connection.state == ResourceState::Unavailable {
            Carries::Never(OfficeReason::VpnUnavailable(index))
        } else if connection.family != flight.packet.family() {
            Carries::Never(OfficeReason::VpnOtherFamily(index))
        } else if !agreed(connection.office_side, office) {
            Carries::Never(OfficeReason::TrafficSelector(index, office))
        } else if !agreed(connection.cloud_side, cloud) {
            Carries::Never(OfficeReason::TrafficSelector(index, cloud))
        } else if connection.tunnels == Tunnels::Down {
            Carries::Perhaps(OfficeDoubt::TunnelsDown(index))
        } else {
            Carries::Surely
        }
    }

    fn carried_by_line(
        &self,
        flight: &Flight,
        association: &DirectConnectAssociation,
        toward: Toward,
        kind: VirtualInterfaceKind,
        announces: impl Fn(&Prefix) -> bool,
    ) -> Carries {
        let gateway = association.gateway.id();
        if association.state == ResourceState::Unavailable {
            return Carries::Never(OfficeReason::NotAssociated(gateway.clone()));
        }
        let allowed = association.allowed.as_ref();
        let is_told = allowed.is_none_or(|allowed| allowed.iter().any(announces));
        if UNANNOUNCED_IS_DROPPED && toward == Toward::Cloud && !is_told {
            let destination = flight.destination();
            return Carries::Never(OfficeReason::NotAdvertised(gateway.clone(), destination));
        }
        if self.lines_are_down(gateway, kind) {
            return Carries::Perhaps(OfficeDoubt::LinesDown(gateway.clone()));
        }
        Carries::Surely
    }

    /// Whether the input tells virtual interfaces of that kind at a Direct Connect gateway, all of them down.
    fn lines_are_down(&self, gateway: &ResourceId, kind: VirtualInterfaceKind) -> bool {
        let lines = self.snapshot.virtual_interfaces().rows().iter();
        let mut lines = lines
            .filter(|line| {
                let at = line.gateway.as_ref();
                line.kind == kind && at.is_some_and(|link| link.id() == gateway)
            })
            .peekable();
        lines.peek().is_some() && lines.all(|line| line.state == ResourceState::Unavailable)
    }

    fn carried_at_vpn_gateway(
        &self,
        flight: &Flight,
        index: Index<VpnGateway>,
        toward: Toward,
    ) -> Carries {
        let Some(answers) = self.carriers(flight, index, toward) else {
            return if self.knows_all_carriers(index) {
                Carries::Never(OfficeReason::NoCarrier(index))
            } else {
                Carries::Surely
            };
        };
        let n_refusals = answers
            .iter()
            .filter(|answer| matches!(answer, Carries::Never(_)))
            .count();
        if n_refusals == answers.len() {
            return if self.knows_all_carriers(index) {
                Carries::Never(OfficeReason::NoCarrier(index))
            } else {
                Carries::Perhaps(OfficeDoubt::CarrierUnknown(index))
            };
        }
        if 0 < n_refusals {
            return Carries::Perhaps(OfficeDoubt::CarrierUnknown(index));
        }
        let is_sure = |answer: &Carries| matches!(answer, Carries::Surely);
        if answers.iter().any(is_sure) {
            return Carries::Surely;
        }
        answers.into_iter().next().unwrap_or(Carries::Surely)
    }

    /// What each carrier at a VPN gateway says that has a route for the packet; `None` if the input tells of no carrier.
    fn carriers(
        &self,
        flight: &Flight,
        index: Index<VpnGateway>,
        toward: Toward,
    ) -> Option<Vec<Carries>> {
        let connections = self.snapshot.vpn_connections().iter();
        let ends_here = |connection: &VpnConnection| {
            let gateway = connection.vpn_gateway.as_ref();
            gateway.is_some_and(|link| link.is(index))
                && connection.state == ResourceState::Available
        };
        let connections: Vec<_> = connections
            .filter(|(_, connection)| ends_here(connection))
            .collect();
        let has_route = |connection: &VpnConnection| {
            let mut routes = connection.static_routes.iter();
            toward == Toward::Cloud
                || !connection.static_only
                || routes.any(|route| route.contains(flight.destination()))
        };
        let mut answers: Vec<Carries> = connections
            .iter()
            .filter(|(_, connection)| has_route(connection))
            .map(|(connection, _)| self.carried_by_vpn(flight, *connection, toward))
            .collect();
        let block = self.block_of_destination(flight, index);
        let associations = self.snapshot.direct_connect_associations().rows().iter();
        let in_force = associations.filter(|association| {
            association.state == ResourceState::Available
                && matches!(&association.with, DirectConnectPartner::VpnGateway(link) if link.is(index))
        });
        answers.extend(in_force.map(|association| {
            let announces = |allowed: &Prefix| block.is_some_and(|block| allowed.covers(&block));
            let kind = VirtualInterfaceKind::Private;
            self.carried_by_line(flight, association, toward, kind, announces)
        }));
        let lines = self.snapshot.virtual_interfaces().rows().iter();
        let at_gateway = lines.filter(|line| {
            let gateway = line.vpn_gateway.as_ref();
            gateway.is_some_and(|link| link.is(index))
        });
        answers.extend(at_gateway.map(|line| match line.state {
            ResourceState::Available => Carries::Surely,
            ResourceState::Unavailable => Carries::Perhaps(OfficeDoubt::LinesDown(line.id.clone())),
        }));
        let has_any = !answers.is_empty() || !connections.is_empty();
        has_any.then_some(answers)
    }

    /// The block, of the VPC that the gateway is attached to, that holds the destination.
    fn block_of_destination(&self, flight: &Flight, index: Index<VpnGateway>) -> Option<Prefix> {
        let attachments = &self.snapshot.vpn_gateways().get(index).attachments;
        let mut attachments = attachments.iter();
        let attachment =
            attachments.find(|attachment| attachment.state == ResourceState::Available)?;
        let vpc = self.snapshot.vpcs().get(attachment.vpc.target()?);
        let mut blocks = vpc.cidrs.iter();
        blocks
            .find(|block| block.contains(flight.destination()))
            .copied()
    }

    /// Whether the input tells everything that may end at the gateway. Its account is that of the VPC it serves.
    fn knows_all_carriers(&self, index: Index<VpnGateway>) -> bool {
        let gateway = self.snapshot.vpn_gateways().get(index);
        let region = gateway.region.as_ref();
        let mut vpcs = gateway.attachments.iter();
        let vpc = vpcs.find_map(|attachment| attachment.vpc.target());
        let account = vpc.and_then(|vpc| self.snapshot.vpcs().get(vpc).owner.as_ref());
        let coverage = self.snapshot.coverage();
        coverage.is_complete(Kind::VpnConnections, account, region)
            && coverage.is_complete(Kind::DirectConnectGatewayAssociations, account, None)
            && coverage.is_complete(Kind::VirtualInterfaces, account, None)
    }
}
