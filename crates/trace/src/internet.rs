//! The internet, and the gateways of VPCs to it.

use std::net::IpAddr;

use model::{
    Attachment, Connectivity, EgressOnlyInternetGateway, Endpoint, Index, InternetGateway, Kind,
    ResourceId, ResourceState, RouteTarget, Vpc,
};
use packet::{Family, Packet, Protocol, is_public};

use crate::middlebox::RouteOf;
use crate::subnet::known;
use crate::tracer::PublicHolder;
use crate::walk::{Arrival, Flight, Leads, Next, Source, Stop};
use crate::{Doubt, Ground, Place, Reason, Tracer};

/// Whether a host of the internet sent the first packet as it is, and nobody inside speaks for it.
fn is_sent_from_internet(flight: &Flight) -> bool {
    let is_passed_on = !flight.passages.is_empty() || !flight.translations.is_empty();
    !flight.is_reply() && !is_passed_on && matches!(flight.from, Endpoint::Internet { .. })
}

impl Tracer<'_> {
    /// By a route of a VPC to an internet gateway.
    pub(crate) fn by_internet_gateway(
        &self,
        flight: &mut Flight,
        index: Index<InternetGateway>,
        vpc: Index<Vpc>,
    ) -> Leads {
        let place = Place::InternetGateway(index);
        flight.at(place.clone());
        if !is_attached(
            &self.snapshot.internet_gateways().get(index).attachments,
            vpc,
        ) {
            return Err(Reason::GatewayDetached(place, vpc).into());
        }
        self.ask_access_out(flight, vpc)?;
        match flight.packet.family() {
            Family::V4 => {
                let public = self.public_source(flight, vpc)?;
                flight.set_source(public);
            }
            Family::V6 => self.check_public_source(flight, vpc)?,
        }
        Ok(Next::Internet)
    }

    /// By a route of a VPC to an egress-only internet gateway.
    pub(crate) fn by_egress_only(
        &self,
        flight: &mut Flight,
        index: Index<EgressOnlyInternetGateway>,
        vpc: Index<Vpc>,
    ) -> Leads {
        let place = Place::EgressOnlyInternetGateway(index);
        flight.at(place.clone());
        if flight.packet.family() == Family::V4 {
            return Err(Reason::EgressOnlyIpv4(index).into());
        }
        if !is_attached(
            &self.snapshot.egress_only_gateways().get(index).attachments,
            vpc,
        ) {
            return Err(Reason::GatewayDetached(place, vpc).into());
        }
        if flight.is_reply() && shows_that_it_answers(&flight.packet) {
            return Err(Reason::EgressOnlyNoSession(index).into());
        }
        self.ask_access_egress_only(flight, vpc)?;
        self.check_public_source(flight, vpc)?;
        if flight.is_reply() {
            return Err(Doubt::EgressOnlyAnswer(index).into());
        }
        flight.egress_only = Some((vpc, flight.packet.source()));
        Ok(Next::Internet)
    }

    /// Over the internet: both addresses are as seen outside.
    pub(crate) fn over_internet(&self, flight: &mut Flight) -> Leads {
        let destination = flight.destination();
        flight.at(Place::Internet);
        flight.sender = None;
        if !is_public(destination) {
            return Err(Reason::NotPublic(destination).into());
        }
        let egress_only = flight
            .session
            .as_ref()
            .and_then(|session| session.egress_only);
        if let Some((vpc, _)) = egress_only.filter(|(_, left_as)| *left_as == destination) {
            return Ok(Next::Local(vpc, None));
        }
        match self.public_holders(destination).as_slice() {
            [holder] => self.enter_vpc(flight, holder),
            [] if is_sent_from_internet(flight) => {
                Err(Reason::NotInThisNetwork(destination).into())
            }
            [] => Ok(Next::Arrived(Arrival::Internet)),
            _ => Err(Doubt::SharedAddress(destination).into()),
        }
    }

    /// In by the internet gateway of the holder's VPC.
    fn enter_vpc(&self, flight: &mut Flight, holder: &PublicHolder) -> Leads {
        let vpc = self.snapshot.vpcs().find(holder.vpc.as_str());
        let vpc = vpc.ok_or_else(|| Doubt::MissingVpc(holder.vpc.clone()))?;
        let mut gateways = self.snapshot.internet_gateways().iter();
        let Some((index, gateway)) =
            gateways.find(|(_, gateway)| is_attached(&gateway.attachments, vpc))
        else {
            let is_whole = self.is_whole(Kind::InternetGateways, vpc);
            let none = || Stop::from(Reason::NoInternetGateway(vpc));
            return Err(if is_whole {
                none()
            } else {
                Doubt::InternetGatewayUnknown(vpc).into()
            });
        };
        flight.at(Place::InternetGateway(index));
        if let Some(nat) = holder.regional {
            let place = Place::NatGateway(nat);
            flight.at(place.clone());
            return self.at_nat(flight, Some(nat), place);
        }
        let private = holder
            .private
            .ok_or_else(|| Doubt::HolderUnknown(vpc, flight.destination()))?;
        if private == flight.destination() {
            flight.allow(Ground::Carried);
        } else {
            flight.set_destination(private);
        }
        flight.came_by_internet_gateway = true;
        self.ask_access_in(flight, vpc)?;
        self.enter_by_edge(flight, &gateway.id, vpc, RouteOf::InternetGateway)
    }

    /// At the edge of a VPC: straight in, unless a table is associated with the gateway.
    pub(crate) fn enter_by_edge(
        &self,
        flight: &mut Flight,
        gateway: &ResourceId,
        vpc: Index<Vpc>,
        route: RouteOf,
    ) -> Leads {
        let Some(table) = self.edge_tables.get(gateway).copied() else {
            return Ok(Next::Local(vpc, None));
        };
        let table = self.whole_table(table)?;
        let chosen = self.choose(table, vpc, flight.destination())?;
        flight.allow(chosen.ground.clone());
        let appliance = match chosen.target {
            RouteTarget::Local => return Ok(Next::Local(vpc, None)),
            RouteTarget::NetworkInterface(link) => {
                return self.by_interface(flight, known(link)?, vpc, route);
            }
            RouteTarget::NextHop(address) => {
                return self.by_next_hop(flight, *address, vpc, route);
            }
            RouteTarget::VpcEndpoint(id) => self.appliance_of(id).map(|found| (id, found)),
            _ => None,
        };
        match (appliance, chosen.ground) {
            (Some((id, appliance)), _) => self.by_appliance(flight, id, &appliance, vpc, route),
            (None, Ground::Route(table, number)) => Err(Doubt::EdgeRoute(table, number).into()),
            (None, _) => Ok(Next::Local(vpc, None)),
        }
    }

    /// The public address as which an IPv4 packet leaves a VPC.
    fn public_source(&self, flight: &Flight, vpc: Index<Vpc>) -> Result<IpAddr, Stop> {
        let source = flight.packet.source();
        let missing = Reason::NoPublicAddress(source);
        match flight.source {
            Source::Interface(index) => {
                let interface = self.snapshot.interfaces().get(index);
                let public = interface
                    .public_of(source)
                    .filter(|_| interface.vpc.is(vpc));
                let is_container = interface.prefixes.iter().any(|one| one.contains(source));
                let has_public = interface.addresses.iter().any(|held| held.public.is_some());
                if is_container && has_public && interface.vpc.is(vpc) {
                    return Err(Doubt::ContainerAddress(index).into());
                }
                Ok(public.ok_or(missing)?)
            }
            Source::NatGateway(index) => {
                let nat = self.snapshot.nat_gateways().get(index);
                if nat.connectivity == Connectivity::Private || !nat.vpc.is(vpc) {
                    return Err(missing.into());
                }
                let mut addresses = nat.addresses.iter();
                let own = addresses.find(|address| address.private == Some(source));
                let public = own.and_then(|own| own.public);
                Ok(public.ok_or(Doubt::NatAddressUnknown(index))?)
            }
            Source::Elsewhere => Err(missing.into()),
        }
    }

    /// An IPv6 packet leaves a VPC as it is, from a public address of that VPC.
    fn check_public_source(&self, flight: &mut Flight, vpc: Index<Vpc>) -> Result<(), Stop> {
        let source = flight.packet.source();
        if !is_public(source) || !self.snapshot.vpcs().get(vpc).contains(source) {
            return Err(Reason::NoPublicAddress(source).into());
        }
        flight.allow(Ground::Carried);
        Ok(())
    }
}

/// Whether one of the attachments is to the VPC, and works.
pub(crate) fn is_attached(attachments: &[Attachment], vpc: Index<Vpc>) -> bool {
    let works = |attachment: &Attachment| attachment.state == ResourceState::Available;
    attachments
        .iter()
        .any(|attachment| attachment.vpc.is(vpc) && works(attachment))
}

/// Whether a gateway sees that a packet answers something: a TCP segment that begins nothing, or an echo reply.
///
/// That egress-only gateways drop these is unverified, and that they drop all other answers would be a guess.
fn shows_that_it_answers(packet: &Packet) -> bool {
    [Protocol::TCP, Protocol::ICMPV6].contains(&packet.protocol())
}
