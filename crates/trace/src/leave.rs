//! Where a first packet starts: at an interface, in an office, on the internet, or nowhere known.

use std::net::IpAddr;

use model::{
    Direction, Endpoint, Index, InterfaceKind, Kind, NetworkInterface, OfficeEvidence, PeeringSide,
    PeeringStatus, Subnet, Vpc, is_lattice,
};
use packet::{Family, Prefix};

use crate::group::Answer;
use crate::service::ServiceDoubt;
use crate::walk::{Arrival, Flight, Leads, Next, Sender, Source};
use crate::{Doubt, Ground, OfficeDoubt, Place, Reason, Service, Tracer};

/// Amazon DNS, instance metadata, time, task metadata, pod identity and Windows activation, as AWS writes them.
const NEVER_FILTERED: [&str; 13] = [
    "169.254.169.253",
    "169.254.169.254",
    "169.254.169.123",
    "169.254.170.2",
    "169.254.170.23",
    "169.254.169.250",
    "169.254.169.251",
    "fd00:ec2::253",
    "fd00:ec2::254",
    "fd00:ec2::123",
    "fd00:ec2::23",
    "fd00:ec2::250",
    "fd00:ec2::251",
];

/// Those of them that are Amazon DNS.
const RESOLVERS: [&str; 2] = ["169.254.169.253", "fd00:ec2::253"];

impl Tracer<'_> {
    pub(crate) fn start(&self, flight: &mut Flight) -> Leads {
        match flight.from {
            Endpoint::Interface { interface, .. } => self.leave(flight, interface),
            Endpoint::Office { office, .. } => {
                flight.at(Place::Office(office));
                let network = self.snapshot.offices().get(office);
                let is_clients = network.evidence == OfficeEvidence::ClientVpn;
                if !is_clients && network.contains(flight.destination()) {
                    return Err(Doubt::Office(OfficeDoubt::InsideOffice(office)).into());
                }
                let uplinks = &network.uplinks;
                if uplinks.is_empty() {
                    return Err(Doubt::NoUplink(office).into());
                }
                Ok(Next::AnyOf(
                    uplinks.iter().copied().map(Next::Uplink).collect(),
                ))
            }
            Endpoint::Internet { .. } => Ok(Next::Internet),
            Endpoint::Unknown { address } => Err(self.nobody_sends(address)),
        }
    }

    fn leave(&self, flight: &mut Flight, index: Index<NetworkInterface>) -> Leads {
        let destination = flight.destination();
        flight.at(Place::Interface(index));
        flight.source = Source::Interface(index);
        flight.sender = Some(Sender {
            interface: index,
            is_certain: true,
            has_crossed: false,
            has_crossed_hub: false,
        });

        self.check_works(index)?;
        if let Some(own) = self.held_by_host(index, destination) {
            flight.allow(Ground::SameHost);
            return Ok(Next::Arrived(Arrival::SameHost(own)));
        }
        self.send(flight, index)
    }

    /// Off from an interface to another host, whoever made the packet.
    pub(crate) fn send(&self, flight: &mut Flight, index: Index<NetworkInterface>) -> Leads {
        let interface = self.snapshot.interfaces().get(index);
        let destination = flight.destination();
        if interface.kind == InterfaceKind::VpcEndpoint {
            return Err(Reason::EndpointSendsNothing(index).into());
        }
        let vpc = interface
            .vpc
            .target()
            .map(|vpc| self.snapshot.vpcs().get(vpc));
        let subnet = interface
            .subnet
            .target()
            .map(|subnet| self.snapshot.subnets().get(subnet));
        if is_platform(destination, vpc, subnet) {
            flight.allow(Ground::NeverFiltered(destination));
            let service = if is_resolver(destination, vpc) {
                Service::Resolver
            } else {
                Service::Platform
            };
            return Ok(Next::Arrived(Arrival::Service(service)));
        }
        if is_link_local(destination) && !is_lattice(destination) {
            return Err(Reason::LinkLocal(destination).into());
        }
        if !interface.holds(flight.packet.source()) {
            if interface.source_dest_check {
                return Err(Reason::SourceCheck(index).into());
            }
            flight.doubt(Doubt::SourceCheckOff(index));
        }
        self.ask_egress(flight, index)?;
        if vpc.is_none() {
            return Err(Doubt::MissingVpc(interface.vpc.id().clone()).into());
        }
        if is_lattice(destination) {
            return Err(self.to_lattice(flight, index));
        }
        if self.may_show_client(index) {
            return Err(Doubt::from(ServiceDoubt::ShowsClient(index)).into());
        }
        self.subnet_of(index).map(Next::Subnet)
    }

    /// Asks the groups of the sender. A refusal that a reference could overturn waits for the end of the way.
    pub(crate) fn ask_egress(
        &self,
        flight: &mut Flight,
        index: Index<NetworkInterface>,
    ) -> Result<(), Reason> {
        // The way of what shows a client ends here: who receives it is not settled by routes.
        let receiver = Some(index).filter(|index| !self.may_show_client(*index));
        let receiver = receiver.and_then(|index| self.receiver(index, flight.destination()));
        match self.ask_groups(index, Direction::Egress, &flight.packet, receiver) {
            Answer::Allowed(ground) => flight.allow(ground),
            Answer::Unknown(doubt) => flight.doubt(doubt),
            Answer::Denied { reference } => {
                let reason =
                    Reason::NoEgressRule(index, receiver.map(|receiver| receiver.interface));
                let group = reference.ok_or_else(|| reason.clone())?;
                let is_out_of_reach = || {
                    self.neighbour_wears_nothing_named(flight, index)
                        || self.is_beyond_references(flight, index)
                };
                if receiver.is_none() && is_out_of_reach() {
                    return Err(reason);
                }
                let doubt = Doubt::IdentityUnknown(index, group);
                flight.refused = Some((flight.hops.len(), reason, doubt));
            }
        }
        Ok(())
    }

    /// Whether the destination is one interface of the sender's own VPC, and no rule for the packet names its groups.
    fn neighbour_wears_nothing_named(
        &self,
        flight: &Flight,
        index: Index<NetworkInterface>,
    ) -> bool {
        let vpc = self.snapshot.interfaces().get(index).vpc.target();
        let address = flight.destination();
        let inside = vpc.filter(|vpc| self.snapshot.vpcs().get(*vpc).contains(address));
        let neighbour = inside
            .and_then(|vpc| self.only_holder(vpc, address))
            .map(|interface| Sender {
                interface,
                is_certain: false,
                has_crossed: false,
                has_crossed_hub: false,
            });
        let ask = || self.ask_groups(index, Direction::Egress, &flight.packet, neighbour);
        neighbour.is_some() && matches!(ask(), Answer::Denied { .. })
    }

    /// Whether no egress rule with a reference can match what goes there: the destination is neither in the sender's VPC
    /// nor behind one of its peering connections.
    fn is_beyond_references(&self, flight: &Flight, index: Index<NetworkInterface>) -> bool {
        let address = flight.destination();
        let Some(vpc) = self.snapshot.interfaces().get(index).vpc.target() else {
            return false;
        };
        let blocks_of = |vpc: Index<Vpc>| &self.snapshot.vpcs().get(vpc).cidrs;
        let holds = |blocks: &[Prefix]| blocks.iter().any(|block| block.contains(address));
        let peerings = self.snapshot.peerings().rows().iter();
        let mut peers = peerings
            .filter(|peering| peering.status == PeeringStatus::Active)
            .filter_map(|peering| peering.peer_of(vpc));
        let is_told_elsewhere = |blocks: &[Prefix]| !blocks.is_empty() && !holds(blocks);
        let is_elsewhere = |peer: &PeeringSide| match peer.vpc.target() {
            Some(peer) => is_told_elsewhere(blocks_of(peer)),
            None => is_told_elsewhere(&peer.cidrs),
        };
        !holds(blocks_of(vpc))
            && self.is_whole(Kind::VpcPeeringConnections, vpc)
            && peers.all(is_elsewhere)
    }

    /// The interface of the same host that holds the address.
    pub(crate) fn held_by_host(
        &self,
        index: Index<NetworkInterface>,
        address: IpAddr,
    ) -> Option<Index<NetworkInterface>> {
        let interface = self.snapshot.interfaces().get(index);
        if interface.holds(address) {
            return Some(index);
        }
        let instance = interface.instance.as_ref()?;
        let mut holders = self.holders(address);
        holders.find(|holder| {
            self.snapshot.interfaces().get(*holder).instance.as_ref() == Some(instance)
        })
    }

    /// From an address that nobody holds.
    fn nobody_sends(&self, address: IpAddr) -> crate::walk::Stop {
        let subnets = self.snapshot.subnets().rows().iter();
        let mut around = subnets.filter(|subnet| subnet.contains(address)).peekable();
        let is_vacant = around.peek().is_some()
            && around.all(|subnet| {
                subnet
                    .vpc
                    .target()
                    .is_some_and(|vpc| self.is_whole(Kind::NetworkInterfaces, vpc))
            });
        if is_vacant {
            return Reason::NoSuchSender(address).into();
        }
        Doubt::SenderUnknown(address).into()
    }
}

fn is_platform(address: IpAddr, vpc: Option<&Vpc>, subnet: Option<&Subnet>) -> bool {
    let blocks = subnet.map_or(&[][..], |subnet| &subnet.cidrs);
    NEVER_FILTERED
        .iter()
        .any(|text| text.parse() == Ok(address))
        || is_resolver(address, vpc)
        || blocks.iter().any(|block| is_after(block, 1, address))
}

/// Whether this is the address of Amazon DNS, by which names come in and go out.
fn is_resolver(address: IpAddr, vpc: Option<&Vpc>) -> bool {
    let first_block =
        vpc.and_then(|vpc| vpc.cidrs.iter().find(|block| block.family() == Family::V4));
    RESOLVERS.iter().any(|text| text.parse() == Ok(address))
        || first_block.is_some_and(|block| is_after(block, 2, address))
}

/// Whether an IPv4 address is so many after the first one of a block.
fn is_after(block: &Prefix, n: u128, address: IpAddr) -> bool {
    block.family() == Family::V4
        && Family::V4.address(Family::number(block.first()).saturating_add(n)) == Some(address)
}

/// Whether no route carries packets there: link-local addresses, and those that AWS reserves beside them.
pub(crate) fn is_link_local(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => v4.is_link_local(),
        IpAddr::V6(v6) => {
            v6.is_unicast_link_local() || matches!(v6.segments(), [0xfd00, 0xec2, ..])
        }
    }
}
