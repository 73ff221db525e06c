//! NAT gateways: a new source address and port, and no way in.

mod regional;
mod six_to_four;

use std::net::IpAddr;

use model::{Direction, Index, NatGateway, NatMode, ResourceState, Subnet, Vpc};
use packet::{Family, Packet, Protocol};

use crate::subnet::target;
use crate::walk::{Flight, Leads, Next, Source, Stop, Translation};
use crate::{Doubt, Ground, InspectionDoubt, Place, Reason, Tracer};

impl Tracer<'_> {
    /// By a route from a subnet of a VPC to a NAT gateway.
    pub(crate) fn by_nat(
        &self,
        flight: &mut Flight,
        index: Index<NatGateway>,
        vpc: Index<Vpc>,
        from: Index<Subnet>,
    ) -> Leads {
        let nat = self.snapshot.nat_gateways().get(index);
        if let Err(stop) = self.carried_by_nat(flight, index) {
            flight.at(Place::NatGateway(index));
            return Err(stop);
        }
        let subnet = match &nat.mode {
            NatMode::Zonal(subnet) => target(subnet, Doubt::MissingSubnet),
            NatMode::Regional(table) => {
                flight.at(Place::NatGateway(index));
                Self::heed_appliance(flight, index, nat);
                return self.by_regional_nat(flight, index, table.as_ref(), vpc, from);
            }
        };
        let subnet = subnet.inspect_err(|_| flight.at(Place::NatGateway(index)))?;
        if subnet != from {
            flight.at(Place::Subnet(subnet));
            self.ask_acl(flight, subnet, Direction::Ingress)?;
        }
        flight.at(Place::NatGateway(index));
        Self::heed_appliance(flight, index, nat);
        let packet = six_to_four::as_ipv4(&flight.packet).ok_or(Doubt::Nat64(index))?;
        let private = nat.addresses.first().and_then(|address| address.private);
        let packet = private.and_then(|private| packet.with_source(private));
        let packet = packet.ok_or(Doubt::NatAddressUnknown(index))?;
        Ok(self.with_any_port(flight, index, packet, Some(subnet)))
    }

    /// The translated packet with whatever port is free: every port will do that lets an answer pass.
    fn with_any_port(
        &self,
        flight: &Flight,
        nat: Index<NatGateway>,
        packet: Packet,
        subnet: Option<Index<Subnet>>,
    ) -> Next {
        let translated = |port: &u16| {
            let translation = Translation {
                nat,
                before: flight.packet,
                after: packet.with_source_port(*port),
            };
            Next::Translated(translation, subnet)
        };
        let ports = if packet.protocol().has_ports() {
            self.client_ports.as_slice()
        } else {
            &[0]
        };
        Next::BestOf(ports.iter().map(translated).collect())
    }

    /// Whether a NAT gateway carries the packet.
    fn carried_by_nat(&self, flight: &Flight, index: Index<NatGateway>) -> Result<(), Stop> {
        let nat = self.snapshot.nat_gateways().get(index);
        let protocol = flight.packet.protocol();
        if nat.state == ResourceState::Unavailable {
            return Err(Reason::NatUnavailable(index).into());
        }
        if flight.is_reply() {
            return Err(Reason::NatNoSession(index).into());
        }
        let is_regional = matches!(nat.mode, NatMode::Regional(_));
        if flight.packet.family() == Family::V6
            && (is_regional || six_to_four::inside(flight.destination()).is_none())
        {
            return Err(Doubt::Nat64(index).into());
        }
        let of_family = match flight.packet.family() {
            Family::V4 => Protocol::ICMP,
            Family::V6 => Protocol::ICMPV6,
        };
        if ![Protocol::TCP, Protocol::UDP, of_family].contains(&protocol) {
            return Err(Reason::NatProtocol(index, protocol).into());
        }
        Ok(())
    }

    fn heed_appliance(flight: &mut Flight, index: Index<NatGateway>, nat: &NatGateway) {
        if nat.has_appliance {
            flight.doubt(Doubt::Inspection(InspectionDoubt::NatAppliance(index)));
        }
    }

    /// Out of a NAT gateway: on from its subnet, or, at a regional one, to the internet.
    pub(crate) fn out_of_nat(
        flight: &mut Flight,
        translation: Translation,
        subnet: Option<Index<Subnet>>,
    ) -> Next {
        if translation.before.family() != translation.after.family() {
            flight.allow(Ground::DestinationBecomes(translation.after.destination()));
        }
        flight.packet = translation.after;
        flight.source = Source::NatGateway(translation.nat);
        flight.sender = None;
        flight.translations.push(translation);
        flight.allow(Ground::SourceBecomes(translation.after.source()));
        subnet.map_or(Next::Internet, Next::Subnet)
    }

    /// At the address of a NAT gateway.
    pub(crate) fn at_nat(
        &self,
        flight: &mut Flight,
        nat: Option<Index<NatGateway>>,
        place: Place,
    ) -> Leads {
        match nat {
            Some(nat) if flight.is_reply() => self.back_through_nat(flight, nat),
            _ => Err(Reason::NatAcceptsNoConnections(place).into()),
        }
    }

    /// On from a NAT gateway inside its VPC, to an original sender.
    pub(crate) fn inside_of_nat(&self, index: Index<NatGateway>, sender: IpAddr) -> Leads {
        let nat = self.snapshot.nat_gateways().get(index);
        match &nat.mode {
            NatMode::Zonal(subnet) => target(subnet, Doubt::MissingSubnet).map(Next::Subnet),
            NatMode::Regional(table) => {
                self.inside_of_regional_nat(index, nat, table.as_ref(), sender)
            }
        }
    }

    /// The subnet that a zonal NAT gateway stands in.
    pub(crate) fn subnet_of_nat(&self, index: Index<NatGateway>) -> Result<Index<Subnet>, Stop> {
        match &self.snapshot.nat_gateways().get(index).mode {
            NatMode::Zonal(subnet) => target(subnet, Doubt::MissingSubnet),
            NatMode::Regional(_) => Err(Doubt::RegionalNat(index).into()),
        }
    }
}
