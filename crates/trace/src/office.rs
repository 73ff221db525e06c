//! Office networks: from and to them, by VPN gateways and transit gateways.

mod carrier;
mod why;

use std::collections::BTreeSet;
use std::net::IpAddr;

use model::{
    AttachmentResource, DirectConnectPartner, Endpoint, Index, Link, OfficeNetwork, ResourceId,
    ResourceState, Uplink, Vpc, VpnConnection, VpnGateway,
};
use packet::Family;

use crate::internet::is_attached;
use crate::middlebox::RouteOf;
use crate::subnet::target;
use crate::walk::{Arrival, Crossing, Flight, Leads, Next, Stop};
use crate::{Doubt, Ground, Place, Reason, Tracer};

use carrier::Toward;
pub(crate) use why::behind;
pub use why::{OfficeDoubt, OfficeReason};

impl Tracer<'_> {
    /// From an office network by one of its uplinks.
    pub(crate) fn enter_by_uplink(&self, flight: &mut Flight, uplink: Uplink) -> Leads {
        self.check_site_link(flight.destination(), uplink)?;
        match uplink {
            Uplink::VpnGateway(index) => self.enter_by_vpn_gateway(flight, index),
            Uplink::TransitGateway(from) => {
                let attachment = self.snapshot.transit_attachments().get(from);
                flight.at(Place::TransitGateway(from));
                if attachment.state == ResourceState::Unavailable {
                    return Err(Reason::AttachmentUnavailable(from).into());
                }
                self.carry(flight, uplink, Toward::Cloud)?;
                Ok(Next::Transit(Crossing { from, subnet: None }))
            }
            Uplink::ClientVpn(index) => self.enter_by_client_vpn(flight, index),
        }
    }

    fn enter_by_vpn_gateway(&self, flight: &mut Flight, index: Index<VpnGateway>) -> Leads {
        let gateway = self.snapshot.vpn_gateways().get(index);
        let destination = flight.destination();
        flight.at(Place::VpnGateway(index));
        if flight.packet.family() == Family::V6 {
            return Err(Reason::VpnNoIpv6(index).into());
        }
        let mut attachments = gateway.attachments.iter();
        let attachment =
            attachments.find(|attachment| attachment.state == ResourceState::Available);
        let vpc = attachment.map(|attachment| target(&attachment.vpc, Doubt::MissingVpc));
        let vpc = vpc.transpose()?;
        let holder = vpc.filter(|vpc| self.snapshot.vpcs().get(*vpc).contains(destination));
        let Some(vpc) = holder else {
            return self.by_hub(flight, index);
        };
        self.carry(flight, Uplink::VpnGateway(index), Toward::Cloud)?;
        flight.allow(Ground::Carried);
        self.enter_by_edge(flight, &gateway.id, vpc, RouteOf::VpnGateway)
    }

    /// From one office to another at the same VPN gateway: the gateway announces what it learns by BGP.
    fn by_hub(&self, flight: &mut Flight, index: Index<VpnGateway>) -> Leads {
        let destination = flight.destination();
        let uplink = Uplink::VpnGateway(index);
        let office = self
            .office_behind(flight, uplink)
            .ok_or(Reason::NotInVpnVpc(index, destination))?;
        let connections = self.connections_of(index);
        let dynamic = connections
            .iter()
            .filter(|connection| !connection.static_only);
        let numbers: BTreeSet<u32> = dynamic
            .filter_map(|connection| {
                let device = connection.customer_gateway.as_ref()?.target()?;
                self.snapshot.customer_gateways().get(device).asn
            })
            .collect();
        if numbers.len() < 2 {
            return Err(Doubt::Office(OfficeDoubt::HubUnknown(index)).into());
        }
        flight.allow(Ground::Carried);
        Ok(Next::Arrived(Arrival::Office(uplink, office)))
    }

    /// The connections of a VPN gateway that work.
    fn connections_of(&self, index: Index<VpnGateway>) -> Vec<&VpnConnection> {
        let ends_here = |connection: &&VpnConnection| {
            let gateway = connection.vpn_gateway.as_ref();
            gateway.is_some_and(|link| link.is(index))
                && connection.state == ResourceState::Available
        };
        let connections = self.snapshot.vpn_connections().rows().iter();
        connections.filter(ends_here).collect()
    }

    /// By a route of a VPC to a VPN gateway.
    pub(crate) fn by_vpn_gateway(
        &self,
        flight: &mut Flight,
        index: Index<VpnGateway>,
        vpc: Index<Vpc>,
    ) -> Leads {
        let place = Place::VpnGateway(index);
        flight.at(place.clone());
        if !is_attached(&self.snapshot.vpn_gateways().get(index).attachments, vpc) {
            return Err(Reason::GatewayDetached(place, vpc).into());
        }
        if flight.packet.family() == Family::V6 {
            return Err(Reason::VpnNoIpv6(index).into());
        }
        self.to_office(flight, Uplink::VpnGateway(index))
    }

    /// To whatever network at the other end of an uplink holds the destination.
    pub(crate) fn to_office(&self, flight: &mut Flight, uplink: Uplink) -> Leads {
        self.carry(flight, uplink, Toward::Office)?;
        let Some(office) = self.office_behind(flight, uplink) else {
            flight.at(Place::UnknownNetwork(uplink));
            return Err(Doubt::Office(OfficeDoubt::UnknownNetwork(uplink)).into());
        };
        flight.allow(Ground::Carried);
        Ok(Next::Arrived(Arrival::Office(uplink, office)))
    }

    /// The office network behind an uplink that holds the destination: the one that asked if this answers it, else the
    /// first.
    fn office_behind(&self, flight: &Flight, uplink: Uplink) -> Option<Endpoint> {
        let address = flight.destination();
        let offices = self.snapshot.offices().iter();
        let holders: Vec<Index<OfficeNetwork>> = offices
            .filter(|(_, office)| office.uplinks.contains(&uplink) && office.contains(address))
            .map(|(index, _)| index)
            .collect();
        let asked = match flight.from {
            Endpoint::Office { office, .. } if flight.is_reply() => Some(office),
            _ => None,
        };
        let office = asked
            .filter(|office| holders.contains(office))
            .or(holders.first().copied())?;
        Some(Endpoint::Office { office, address })
    }

    /// Whether packets to this address may pass between the lines of a Direct Connect gateway, and never come to a
    /// gateway of AWS.
    fn check_site_link(&self, destination: IpAddr, uplink: Uplink) -> Result<(), Stop> {
        let lines = self.snapshot.virtual_interfaces().rows().iter();
        let linked: BTreeSet<&ResourceId> = lines
            .filter(|line| line.site_link)
            .filter_map(|line| line.gateway.as_ref().map(Link::id))
            .collect();
        let own = self.lines_of(uplink);
        let shared = |gateway: &&ResourceId| {
            let offices = self.snapshot.offices().rows().iter();
            let mut there = offices.filter(|office| office.contains(destination));
            there.any(|office| {
                let mut uplinks = office.uplinks.iter();
                uplinks.any(|uplink| self.lines_of(*uplink).contains(gateway))
            })
        };
        let gateway = own.iter().find(|own| linked.contains(*own) && shared(own));
        match gateway {
            Some(gateway) => Err(Doubt::Office(OfficeDoubt::SiteLink((*gateway).clone())).into()),
            None => Ok(()),
        }
    }

    /// The Direct Connect gateways that an uplink leads over.
    fn lines_of(&self, uplink: Uplink) -> Vec<&ResourceId> {
        match uplink {
            Uplink::VpnGateway(index) => {
                let associations = self.snapshot.direct_connect_associations().rows().iter();
                let with = |partner: &DirectConnectPartner| matches!(partner, DirectConnectPartner::VpnGateway(link) if link.is(index));
                associations
                    .filter(|association| with(&association.with))
                    .map(|association| association.gateway.id())
                    .collect()
            }
            Uplink::TransitGateway(index) => {
                match &self.snapshot.transit_attachments().get(index).resource {
                    AttachmentResource::DirectConnect(id) => vec![id],
                    AttachmentResource::Vpc { .. }
                    | AttachmentResource::Peering(_)
                    | AttachmentResource::Vpn(_)
                    | AttachmentResource::Other { .. } => Vec::new(),
                }
            }
            Uplink::ClientVpn(_) => Vec::new(),
        }
    }
}
