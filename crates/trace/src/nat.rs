//! NAT gateways: a new source address and port, and no way in.

use model::{Direction, Index, NatGateway, NatMode, ResourceState, Subnet};
use packet::{Family, Protocol};

use crate::subnet::target;
use crate::walk::{Flight, Leads, Next, Source, Stop, Translation};
use crate::{Doubt, Ground, Place, Reason, Tracer};

impl Tracer<'_> {
    /// By a route from a subnet to a NAT gateway.
    pub(crate) fn by_nat(
        &self,
        flight: &mut Flight,
        index: Index<NatGateway>,
        from: Index<Subnet>,
    ) -> Leads {
        let nat = self.snapshot.nat_gateways().get(index);
        let protocol = flight.packet.protocol();
        let carried = self.carried_by_nat(flight, index);
        let subnet = carried.inspect_err(|_| flight.at(Place::NatGateway(index)))?;
        if subnet != from {
            flight.at(Place::Subnet(subnet));
            self.ask_acl(flight, subnet, Direction::Ingress)?;
        }
        flight.at(Place::NatGateway(index));
        let private = nat.addresses.first().and_then(|address| address.private);
        let packet = private.and_then(|private| flight.packet.with_source(private));
        let packet = packet.ok_or(Doubt::NatAddressUnknown(index))?;
        let translated = |port: &u16| {
            let after = packet.with_source_port(*port);
            Next::Translated(
                Translation {
                    nat: index,
                    before: flight.packet,
                    after,
                },
                subnet,
            )
        };
        // The gateway takes whatever port is free, and every port will do that lets an answer pass.
        let ports = if protocol.has_ports() {
            self.client_ports.as_slice()
        } else {
            &[0]
        };
        Ok(Next::BestOf(ports.iter().map(translated).collect()))
    }

    /// The subnet of a NAT gateway that carries the packet.
    fn carried_by_nat(
        &self,
        flight: &Flight,
        index: Index<NatGateway>,
    ) -> Result<Index<Subnet>, Stop> {
        let protocol = flight.packet.protocol();
        if self.snapshot.nat_gateways().get(index).state == ResourceState::Unavailable {
            return Err(Reason::NatUnavailable(index).into());
        }
        if flight.is_reply() {
            return Err(Reason::NatNoSession(index).into());
        }
        if flight.packet.family() == Family::V6 {
            return Err(Doubt::Nat64(index).into());
        }
        if ![Protocol::TCP, Protocol::UDP, Protocol::ICMP].contains(&protocol) {
            return Err(Reason::NatProtocol(index, protocol).into());
        }
        self.subnet_of_nat(index)
    }

    pub(crate) fn out_of_nat(
        flight: &mut Flight,
        translation: Translation,
        subnet: Index<Subnet>,
    ) -> Next {
        flight.packet = translation.after;
        flight.source = Source::NatGateway(translation.nat);
        flight.sender = None;
        flight.translations.push(translation);
        flight.allow(Ground::SourceBecomes(translation.after.source()));
        Next::Subnet(subnet)
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

    /// The subnet that a NAT gateway stands in.
    pub(crate) fn subnet_of_nat(&self, index: Index<NatGateway>) -> Result<Index<Subnet>, Stop> {
        match &self.snapshot.nat_gateways().get(index).mode {
            NatMode::Zonal(subnet) => target(subnet, Doubt::MissingSubnet),
            NatMode::Regional(_) => Err(Doubt::RegionalNat(index).into()),
        }
    }
}
