//! Office networks: from and to them, by VPN gateways and transit gateways.

use std::net::IpAddr;

use model::{Endpoint, Index, ResourceState, Uplink, Vpc, VpnGateway};
use packet::Family;

use crate::internet::is_attached;
use crate::subnet::target;
use crate::walk::{Arrival, Crossing, Flight, Leads, Next};
use crate::{Doubt, Ground, Place, Reason, Tracer};

impl Tracer<'_> {
    /// From an office network by one of its uplinks.
    pub(crate) fn enter_by_uplink(&self, flight: &mut Flight, uplink: Uplink) -> Leads {
        let index = match uplink {
            Uplink::VpnGateway(index) => index,
            Uplink::TransitGateway(from) => {
                return Ok(Next::Transit(Crossing { from, subnet: None }));
            }
            Uplink::ClientVpn(index) => {
                let endpoint = self.snapshot.client_vpn_endpoints().get(index);
                return Err(Doubt::Unmodelled("ClientVpnEndpointId", endpoint.id.clone()).into());
            }
        };
        let gateway = self.snapshot.vpn_gateways().get(index);
        let destination = flight.destination();
        flight.at(Place::VpnGateway(index));
        let mut attachments = gateway.attachments.iter();
        let attachment =
            attachments.find(|attachment| attachment.state == ResourceState::Available);
        let attachment = attachment.ok_or(Reason::NotInVpnVpc(index, destination))?;
        if flight.packet.family() == Family::V6 {
            return Err(Reason::VpnNoIpv6(index).into());
        }
        let vpc = target(&attachment.vpc, Doubt::MissingVpc)?;
        if !self.snapshot.vpcs().get(vpc).contains(destination) {
            return Err(Reason::NotInVpnVpc(index, destination).into());
        }
        flight.allow(Ground::Carried);
        self.enter_by_edge(flight, &gateway.id, vpc)?;
        Ok(Next::Local(vpc, None))
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
        let uplink = Uplink::VpnGateway(index);
        let office = self.office_behind(uplink, flight.destination(), Holds::Always);
        let office = office.ok_or(Doubt::BgpUnknown(index))?;
        flight.allow(Ground::Carried);
        Ok(Next::Arrived(Arrival::Office(uplink, office)))
    }

    /// The office network behind an uplink: the first one that holds the address, else, if it need not, the first.
    pub(crate) fn office_behind(
        &self,
        uplink: Uplink,
        address: IpAddr,
        holds: Holds,
    ) -> Option<Endpoint> {
        let offices = self.snapshot.offices().iter();
        let behind: Vec<_> = offices
            .filter(|(_, office)| office.uplinks.contains(&uplink))
            .collect();
        let first = behind.first().filter(|_| holds == Holds::Preferably);
        let holder = behind.iter().find(|(_, office)| office.contains(address));
        holder
            .or(first)
            .map(|&(office, _)| Endpoint::Office { office, address })
    }
}

/// Whether an office network must hold an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Holds {
    Always,
    Preferably,
}
