//! What carries packets between a gateway and an office (`hybrid.md`, Carriers).
//!
//! A VPN connection carries what lies in its traffic selectors, in the family of its tunnels. A Direct Connect
//! association carries towards the cloud what its allowed prefixes announce.
//!
//! # Source
//!
//! Site-to-Site VPN Guide: Tunnel options. Direct Connect Guide: Allowed prefixes interactions.

use std::net::IpAddr;

use model::{
    AttachmentResource, DirectConnectAssociation, Index, Kind, ResourceState,
    TransitGatewayAttachment, Tunnels, Uplink, VirtualInterface, VirtualInterfaceKind,
    VpnConnection, VpnGateway,
};
use packet::{Family, Prefix};

use crate::filter::Filter;
use crate::semantics::Semantics;
use crate::way::Way;

/// Whether an office reaches nothing that is not announced to it: not documented in these words.
const UNANNOUNCED_IS_DROPPED: bool = true;

/// Which way packets go over an uplink.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    ToOffice,
    ToCloud,
}

/// Whether a carrier takes packets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Carried {
    Certainly,
    Perhaps,
    Refused,
}

/// Packets between the cloud and an office.
struct Crossing {
    direction: Direction,
    office: IpAddr,
    cloud: IpAddr,
}

impl Semantics<'_> {
    /// Passes the carriers of an uplink; whether they may take the packets at all.
    pub(super) fn pass_carriers(
        &self,
        way: &mut Way,
        uplink: Uplink,
        direction: Direction,
    ) -> bool {
        let (office, cloud) = match direction {
            Direction::ToOffice => (way.destination, way.source),
            Direction::ToCloud => (way.source, way.destination),
        };
        let crossing = Crossing {
            direction,
            office,
            cloud,
        };
        let carried = match uplink {
            Uplink::VpnGateway(index) => self.carried_at_gateway(index, &crossing),
            Uplink::TransitGateway(index) => self.carried_at_attachment(index, &crossing),
            Uplink::ClientVpn(_) => Carried::Certainly,
        };
        if carried == Carried::Perhaps {
            way.pass(&Filter::unknown());
        }
        carried != Carried::Refused
    }

    fn carried_at_attachment(
        &self,
        index: Index<TransitGatewayAttachment>,
        crossing: &Crossing,
    ) -> Carried {
        let attachment = self.snapshot().transit_attachments().get(index);
        match &attachment.resource {
            AttachmentResource::Vpn(link) => match link.target() {
                Some(connection) => self.by_connection(connection, crossing),
                None => Carried::Certainly,
            },
            AttachmentResource::DirectConnect(id) => {
                let partner = attachment.gateway.id();
                let associations = self.network.carriers.associations_of(partner).iter();
                let mut own = associations
                    .map(|index| self.snapshot().direct_connect_associations().get(*index))
                    .filter(|association| association.gateway.id() == id);
                own.next().map_or(Carried::Certainly, |association| {
                    self.by_association(association, VirtualInterfaceKind::Transit, crossing, None)
                })
            }
            AttachmentResource::Vpc { .. }
            | AttachmentResource::Peering(_)
            | AttachmentResource::Other { .. } => Carried::Certainly,
        }
    }

    fn carried_at_gateway(&self, index: Index<VpnGateway>, crossing: &Crossing) -> Carried {
        let gateway = self.snapshot().vpn_gateways().get(index);
        let carriers = &self.network.carriers;
        let connections = carriers.connections_of(index).iter().filter(|connection| {
            self.snapshot().vpn_connections().get(**connection).state == ResourceState::Available
        });
        let connections: Vec<Index<VpnConnection>> = connections.copied().collect();
        let n_unrouted = connections
            .iter()
            .filter(|connection| self.is_unrouted(**connection, crossing))
            .count();
        let routed = connections
            .iter()
            .filter(|connection| !self.is_unrouted(**connection, crossing));
        let routed = routed.map(|connection| self.by_connection(*connection, crossing));
        let associations = carriers.associations_of(&gateway.id).iter();
        let associations = associations
            .map(|index| self.snapshot().direct_connect_associations().get(*index))
            .filter(|association| association.state == ResourceState::Available);
        let associations = associations.map(|association| {
            self.by_association(
                association,
                VirtualInterfaceKind::Private,
                crossing,
                Some(index),
            )
        });
        let lines = carriers.private_at(index).iter();
        let lines = lines.map(
            |line| match self.snapshot().virtual_interfaces().get(*line).state {
                ResourceState::Available => Carried::Certainly,
                ResourceState::Unavailable => Carried::Perhaps,
            },
        );
        let all: Vec<Carried> = routed.chain(associations).chain(lines).collect();
        let n_refused = all.iter().filter(|one| **one == Carried::Refused).count();
        if n_refused == all.len() {
            match (
                self.knows_carriers_of(gateway),
                all.is_empty() && n_unrouted == 0,
            ) {
                (true, _) => Carried::Refused,
                (false, true) => Carried::Certainly,
                (false, false) => Carried::Perhaps,
            }
        } else if n_refused == 0 && all.contains(&Carried::Certainly) {
            Carried::Certainly
        } else {
            Carried::Perhaps
        }
    }

    /// Whether a gateway has no route over a connection for what goes to the office: only those told to it.
    fn is_unrouted(&self, index: Index<VpnConnection>, crossing: &Crossing) -> bool {
        let connection = self.snapshot().vpn_connections().get(index);
        let mut routes = connection.static_routes.iter();
        crossing.direction == Direction::ToOffice
            && connection.static_only
            && !routes.any(|route| route.contains(crossing.office))
    }

    /// Whether the input lists everything that may carry packets to and from a VPN gateway: what the account lists
    /// that owns the VPC, and with it the gateway.
    fn knows_carriers_of(&self, gateway: &VpnGateway) -> bool {
        let owner_of = |attachment: &model::Attachment| {
            let vpc = attachment.vpc.target()?;
            self.snapshot().vpcs().get(vpc).owner.as_ref()
        };
        let owner = gateway.attachments.iter().find_map(owner_of);
        let coverage = self.snapshot().coverage();
        let anywhere = [
            Kind::DirectConnectGatewayAssociations,
            Kind::VirtualInterfaces,
        ];
        coverage.is_complete(Kind::VpnConnections, owner, gateway.region.as_ref())
            && anywhere
                .iter()
                .all(|kind| coverage.is_complete(*kind, owner, None))
    }

    fn by_connection(&self, index: Index<VpnConnection>, crossing: &Crossing) -> Carried {
        let connection = self.snapshot().vpn_connections().get(index);
        let selects = |side: Option<Prefix>, address: IpAddr| {
            side.is_none_or(|prefix| prefix.contains(address))
        };
        let is_refused = connection.state == ResourceState::Unavailable
            || connection.family != Family::of(crossing.office)
            || !selects(connection.office_side, crossing.office)
            || !selects(connection.cloud_side, crossing.cloud);
        match connection.tunnels {
            _ if is_refused => Carried::Refused,
            Tunnels::Up => Carried::Certainly,
            Tunnels::Down => Carried::Perhaps,
        }
    }

    fn by_association(
        &self,
        association: &DirectConnectAssociation,
        kind: VirtualInterfaceKind,
        crossing: &Crossing,
        at: Option<Index<VpnGateway>>,
    ) -> Carried {
        let is_announced = match (crossing.direction, &association.allowed) {
            (Direction::ToOffice, _) | (Direction::ToCloud, None) => true,
            (Direction::ToCloud, Some(allowed)) => match at {
                None => allowed.iter().any(|one| one.contains(crossing.cloud)),
                Some(gateway) => self.announces_block(allowed, gateway, crossing.cloud),
            },
        };
        if association.state == ResourceState::Unavailable
            || (UNANNOUNCED_IS_DROPPED && !is_announced)
        {
            return Carried::Refused;
        }
        let lines = self
            .network
            .carriers
            .lines_of(association.gateway.id())
            .iter();
        let fitting: Vec<&VirtualInterface> = lines
            .map(|line| self.snapshot().virtual_interfaces().get(*line))
            .filter(|line| line.kind == kind)
            .collect();
        let is_down = |line: &&VirtualInterface| line.state == ResourceState::Unavailable;
        if !fitting.is_empty() && fitting.iter().all(is_down) {
            Carried::Perhaps
        } else {
            Carried::Certainly
        }
    }

    /// Whether an allowed prefix holds the whole block of the gateway's VPC that holds an address.
    ///
    /// That an office reaches nothing that is not announced to it is not documented in these words.
    fn announces_block(
        &self,
        allowed: &[Prefix],
        gateway: Index<VpnGateway>,
        address: IpAddr,
    ) -> bool {
        let attachments = &self.snapshot().vpn_gateways().get(gateway).attachments;
        let vpcs = attachments.iter().filter_map(|one| one.vpc.target());
        let blocks = vpcs.flat_map(|vpc| &self.snapshot().vpcs().get(vpc).cidrs);
        let mut holding = blocks.filter(|block| block.contains(address));
        holding.any(|block| allowed.iter().any(|one| one.covers(block)))
    }
}
