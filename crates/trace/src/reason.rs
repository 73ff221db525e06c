//! Why a packet is dropped.

use std::net::IpAddr;

use model::{
    Direction, EgressOnlyInternetGateway, Endpoint, Index, NatGateway, NetworkAcl,
    NetworkInterface, Origin, RouteTable, Snapshot, Subnet, TransitGateway,
    TransitGatewayAttachment, TransitGatewayRouteTable, Vpc, VpcPeeringConnection, VpnGateway,
};
use packet::{Family, Packet, PortRange, Prefix, Protocol, Service, Transport};

use crate::names::{entry_text, groups_of, named, route_text};
use crate::{Place, names};

/// Why a packet is dropped. This list is complete. Numbers are places in the lists of the resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// The interface sends from an address that is not its own, and checks that.
    SourceCheck(Index<NetworkInterface>),
    /// No route carries this link-local address.
    LinkLocal(IpAddr),
    /// No egress rule of the interface's groups allows it to this receiver, where that is known.
    NoEgressRule(Index<NetworkInterface>, Option<Index<NetworkInterface>>),
    /// No ingress rule of the interface's groups allows it from this sender, where its identity is carried.
    NoIngressRule(Index<NetworkInterface>, Option<Index<NetworkInterface>>),
    /// An entry of the ACL denies it: the ACL, the entry's number, the subnet.
    AclDeny(Index<NetworkAcl>, usize, Index<Subnet>),
    /// No entry of the ACL matches: the ACL, the direction, the subnet.
    AclNoEntry(Index<NetworkAcl>, Direction, Index<Subnet>),
    /// No route of the table covers the destination.
    NoRoute(Index<RouteTable>, IpAddr),
    /// The route's target is gone: the table and the route's number.
    Blackhole(Index<RouteTable>, usize),
    /// No interface of the VPC holds the address.
    NoSuchHost(Index<Vpc>, IpAddr),
    /// No interface holds the address that the packet comes from.
    NoSuchSender(IpAddr),
    /// The gateway is not attached to the VPC, or not available there.
    GatewayDetached(Place, Index<Vpc>),
    /// No internet gateway is attached to the VPC of the destination.
    NoInternetGateway(Index<Vpc>),
    /// The sender has no public address that the internet gateway could use.
    NoPublicAddress(IpAddr),
    /// The internet does not carry packets to this address.
    NotPublic(IpAddr),
    /// An egress-only gateway carries no IPv4.
    EgressOnlyIpv4(Index<EgressOnlyInternetGateway>),
    /// The answer leaves by an egress-only gateway, by which the first packet cannot have come.
    EgressOnlyNoSession(Index<EgressOnlyInternetGateway>),
    /// The NAT gateway does not work.
    NatUnavailable(Index<NatGateway>),
    /// A NAT gateway translates TCP, UDP and ICMP only.
    NatProtocol(Index<NatGateway>, Protocol),
    /// A NAT gateway accepts no connections; this interface or gateway belongs to one.
    NatAcceptsNoConnections(Place),
    /// The answer comes to a NAT gateway that did not translate the first packet so.
    NatNoSession(Index<NatGateway>),
    /// The peering connection is not active.
    PeeringInactive(Index<VpcPeeringConnection>),
    /// The peering connection is not one of this VPC.
    PeeringOfOthers(Index<VpcPeeringConnection>, Index<Vpc>),
    /// A peering connection carries no packets from addresses outside its own VPC.
    PeeringNoTransit(Index<VpcPeeringConnection>, IpAddr),
    /// The destination is not in the peer VPC.
    DestinationNotInPeer(Index<VpcPeeringConnection>, IpAddr),
    /// The interface that the route names checks the destination, which is not its own.
    DestinationCheck(Index<NetworkInterface>),
    /// The transit gateway does not work.
    TransitUnavailable(Index<TransitGateway>),
    /// The VPC is not attached to the transit gateway.
    NoAttachment(Index<TransitGateway>, Index<Vpc>),
    /// The attachment does not work.
    AttachmentUnavailable(Index<TransitGatewayAttachment>),
    /// The attachment has no subnet in the zone of this subnet.
    NoAttachmentInZone(Index<TransitGatewayAttachment>, Index<Subnet>),
    /// No table is associated with the attachment.
    NoAssociation(Index<TransitGatewayAttachment>),
    /// No route of the transit gateway's table covers the destination.
    TransitNoRoute(Index<TransitGatewayRouteTable>, IpAddr),
    /// The transit gateway's route drops: the table and the route's number.
    TransitBlackhole(Index<TransitGatewayRouteTable>, usize),
    /// A VPN gateway carries no IPv6.
    VpnNoIpv6(Index<VpnGateway>),
    /// The destination is not in the VPC of the VPN gateway.
    NotInVpnVpc(Index<VpnGateway>, IpAddr),
    /// Neither end is in this network.
    NotInThisNetwork(IpAddr),
    /// The answer arrives elsewhere than where the first packet was sent, or changed so that nobody awaits it.
    ReplyLost(Option<Endpoint>),
    /// The way never ends.
    Loop,
}

impl Reason {
    /// A stable name of the kind of reason, in kebab-case.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::SourceCheck(_) => "source-check",
            Self::LinkLocal(_) => "link-local",
            Self::NoEgressRule(..) => "no-egress-rule",
            Self::NoIngressRule(..) => "no-ingress-rule",
            Self::AclDeny(..) => "acl-deny",
            Self::AclNoEntry(..) => "acl-no-entry",
            Self::NoRoute(..) => "no-route",
            Self::Blackhole(..) => "blackhole",
            Self::NoSuchHost(..) => "no-such-host",
            Self::NoSuchSender(_) => "no-such-sender",
            Self::GatewayDetached(..) => "gateway-detached",
            Self::NoInternetGateway(_) => "no-internet-gateway",
            Self::NoPublicAddress(_) => "no-public-address",
            Self::NotPublic(_) => "not-public",
            Self::EgressOnlyIpv4(_) => "egress-only-ipv4",
            Self::EgressOnlyNoSession(_) => "egress-only-no-session",
            Self::NatUnavailable(_) => "nat-unavailable",
            Self::NatProtocol(..) => "nat-protocol",
            Self::NatAcceptsNoConnections(_) => "nat-accepts-no-connections",
            Self::NatNoSession(_) => "nat-no-session",
            Self::PeeringInactive(_) => "peering-inactive",
            Self::PeeringOfOthers(..) => "peering-of-others",
            Self::PeeringNoTransit(..) => "peering-no-transit",
            Self::DestinationNotInPeer(..) => "destination-not-in-peer",
            Self::DestinationCheck(_) => "destination-check",
            Self::TransitUnavailable(_) => "transit-unavailable",
            Self::NoAttachment(..) => "no-attachment",
            Self::AttachmentUnavailable(_) => "attachment-unavailable",
            Self::NoAttachmentInZone(..) => "no-attachment-in-zone",
            Self::NoAssociation(_) => "no-association",
            Self::TransitNoRoute(..) => "transit-no-route",
            Self::TransitBlackhole(..) => "transit-blackhole",
            Self::VpnNoIpv6(_) => "vpn-no-ipv6",
            Self::NotInVpnVpc(..) => "not-in-vpn-vpc",
            Self::NotInThisNetwork(_) => "not-in-this-network",
            Self::ReplyLost(_) => "reply-lost",
            Self::Loop => "loop",
        }
    }

    /// The reason in one line: lower case, no full stop, with names and ids.
    #[expect(clippy::too_many_lines, reason = "one line of text for each variant")]
    pub fn describe(&self, snapshot: &Snapshot) -> String {
        let interface = |index: &Index<NetworkInterface>| named(snapshot.interfaces(), *index);
        let vpc = |index: &Index<Vpc>| named(snapshot.vpcs(), *index);
        let subnet = |index: &Index<Subnet>| named(snapshot.subnets(), *index);
        let nat = |index: &Index<NatGateway>| named(snapshot.nat_gateways(), *index);
        let peering = |index: &Index<VpcPeeringConnection>| named(snapshot.peerings(), *index);
        let transit = |index: &Index<TransitGateway>| named(snapshot.transit_gateways(), *index);
        let attachment =
            |index: &Index<TransitGatewayAttachment>| named(snapshot.transit_attachments(), *index);
        let transit_table = |index: &Index<TransitGatewayRouteTable>| {
            named(snapshot.transit_route_tables(), *index)
        };
        let vpn = |index: &Index<VpnGateway>| named(snapshot.vpn_gateways(), *index);
        match self {
            Self::SourceCheck(index) => {
                format!(
                    "the source is no address of {}, which checks that (source/dest check)",
                    interface(index)
                )
            }
            Self::LinkLocal(address) => {
                format!("no route carries the link-local address {address}")
            }
            Self::NoEgressRule(index, _) => {
                format!(
                    "no egress rule of {} at {} allows it",
                    groups_of(snapshot, *index),
                    interface(index)
                )
            }
            Self::NoIngressRule(index, _) => {
                format!(
                    "no ingress rule of {} at {} allows it",
                    groups_of(snapshot, *index),
                    interface(index)
                )
            }
            Self::AclDeny(acl, entry, at) => {
                format!(
                    "{} at the border of {}",
                    entry_text(snapshot, *acl, *entry),
                    subnet(at)
                )
            }
            Self::AclNoEntry(acl, direction, at) => {
                let acl = named(snapshot.acls(), *acl);
                let direction = direction_text(*direction);
                format!(
                    "no {direction} entry of ACL {acl} matches at the border of {}",
                    subnet(at)
                )
            }
            Self::NoRoute(table, address) => {
                format!(
                    "{} has no route to {address}",
                    named(snapshot.route_tables(), *table)
                )
            }
            Self::Blackhole(table, route) => {
                format!(
                    "the route {} is a blackhole: its target is gone",
                    route_text(snapshot, *table, *route)
                )
            }
            Self::NoSuchHost(index, address) => {
                format!("no interface of {} has the address {address}", vpc(index))
            }
            Self::NoSuchSender(address) => format!("no interface has the address {address}"),
            Self::GatewayDetached(gateway, index) => {
                format!(
                    "{} is not attached to {}, or not available",
                    gateway.describe(snapshot),
                    vpc(index)
                )
            }
            Self::NoInternetGateway(index) => {
                format!("no internet gateway is attached to {}", vpc(index))
            }
            Self::NoPublicAddress(address) => {
                format!(
                    "{address} has no public address, so the internet gateway drops what it sends"
                )
            }
            Self::NotPublic(address) => format!("the internet does not carry packets to {address}"),
            Self::EgressOnlyIpv4(index) => {
                format!(
                    "{} carries no IPv4",
                    named(snapshot.egress_only_gateways(), *index)
                )
            }
            Self::EgressOnlyNoSession(index) => {
                let gateway = named(snapshot.egress_only_gateways(), *index);
                format!("the answer leaves by {gateway}, which carries only what starts inside")
            }
            Self::NatUnavailable(index) => format!("NAT gateway {} is not available", nat(index)),
            Self::NatProtocol(index, protocol) => {
                format!("NAT gateway {} carries no {protocol}", nat(index))
            }
            Self::NatAcceptsNoConnections(place) => {
                format!(
                    "{} belongs to a NAT gateway, which accepts no connections",
                    place.describe(snapshot)
                )
            }
            Self::NatNoSession(index) => {
                format!(
                    "NAT gateway {} did not carry the first packet, so it drops the answer",
                    nat(index)
                )
            }
            Self::PeeringInactive(index) => {
                format!("peering connection {} is not active", peering(index))
            }
            Self::PeeringOfOthers(index, of) => {
                format!(
                    "{} is no side of peering connection {}",
                    vpc(of),
                    peering(index)
                )
            }
            Self::PeeringNoTransit(index, address) => {
                format!(
                    "peering connection {} carries nothing from {address}, outside its VPC",
                    peering(index)
                )
            }
            Self::DestinationNotInPeer(index, address) => {
                format!(
                    "{address} is not in the VPC behind peering connection {}",
                    peering(index)
                )
            }
            Self::DestinationCheck(index) => {
                format!(
                    "{} forwards nothing: its source/dest check is on",
                    interface(index)
                )
            }
            Self::TransitUnavailable(index) => {
                format!("transit gateway {} is not available", transit(index))
            }
            Self::NoAttachment(gateway, index) => {
                format!(
                    "{} is not attached to transit gateway {}",
                    vpc(index),
                    transit(gateway)
                )
            }
            Self::AttachmentUnavailable(index) => {
                format!("attachment {} is not available", attachment(index))
            }
            Self::NoAttachmentInZone(index, at) => {
                format!(
                    "attachment {} has no subnet in the zone of {}",
                    attachment(index),
                    subnet(at)
                )
            }
            Self::NoAssociation(index) => {
                format!("no route table is associated with {}", attachment(index))
            }
            Self::TransitNoRoute(table, address) => {
                format!("{} has no route to {address}", transit_table(table))
            }
            Self::TransitBlackhole(table, number) => {
                let route = names::transit_route(snapshot, *table, *number);
                let destination =
                    route.map_or_else(String::new, |route| names::destination(&route.destination));
                format!(
                    "the route {destination} of {} is a blackhole",
                    transit_table(table)
                )
            }
            Self::VpnNoIpv6(index) => format!("VPN gateway {} carries no IPv6", vpn(index)),
            Self::NotInVpnVpc(index, address) => {
                format!("{address} is not in the VPC of VPN gateway {}", vpn(index))
            }
            Self::NotInThisNetwork(address) => {
                format!("neither the sender nor {address} is in this network")
            }
            Self::ReplyLost(Some(endpoint)) => {
                format!(
                    "the answer ends at {}, where nobody awaits it",
                    endpoint.address()
                )
            }
            Self::ReplyLost(None) => "the answer ends where nobody awaits it".to_owned(),
            Self::Loop => "the way never ends: routes lead back to where the packet was".to_owned(),
        }
    }

    /// What would open the way for the packet as it was when it was dropped, where one change would.
    pub fn remedy(&self, packet: &Packet, snapshot: &Snapshot) -> Option<String> {
        let service = service_of(packet);
        match self {
            Self::NoEgressRule(interface, receiver) => {
                let to = host_or_groups(snapshot, packet.destination(), *receiver);
                Some(format!(
                    "an egress rule of {} for {service} to {to}",
                    groups_of(snapshot, *interface)
                ))
            }
            Self::NoIngressRule(interface, sender) => {
                let from = host_or_groups(snapshot, packet.source(), *sender);
                Some(format!(
                    "an ingress rule of {} for {service} from {from}",
                    groups_of(snapshot, *interface)
                ))
            }
            Self::AclDeny(acl, entry, _) => {
                let entry = names::entry(snapshot, *acl, *entry)?;
                let peer = peer_of(entry.direction, packet);
                let (acl, number) = (named(snapshot.acls(), *acl), entry.number);
                Some(format!(
                    "an entry of {acl} before {number} that allows {service} {peer}"
                ))
            }
            Self::AclNoEntry(acl, direction, _) => {
                let peer = peer_of(*direction, packet);
                let (acl, direction) = (named(snapshot.acls(), *acl), direction_text(*direction));
                Some(format!(
                    "an {direction} entry of {acl} that allows {service} {peer}"
                ))
            }
            Self::NoRoute(table, address) => Some(format!(
                "a route of {} to {}",
                named(snapshot.route_tables(), *table),
                Prefix::host(*address)
            )),
            Self::TransitNoRoute(table, address) => {
                let table = named(snapshot.transit_route_tables(), *table);
                Some(format!("a route of {table} to {}", Prefix::host(*address)))
            }
            Self::NoPublicAddress(address) => Some(format!(
                "a public address for {address}, or a route to a NAT gateway"
            )),
            Self::NoAssociation(_) => {
                Some("an association of the attachment with a route table".to_owned())
            }
            Self::NoAttachmentInZone(_, subnet) => Some(format!(
                "a subnet of the attachment in the zone of {}",
                named(snapshot.subnets(), *subnet)
            )),
            _ => None,
        }
    }

    /// Where the line or the resource that drops the packet was read.
    pub fn origin<'a>(&self, snapshot: &'a Snapshot) -> Option<&'a Origin> {
        match *self {
            Self::AclDeny(acl, number, _) => {
                names::entry(snapshot, acl, number).map(|entry| &entry.origin)
            }
            Self::AclNoEntry(acl, ..) => Some(&snapshot.acls().get(acl).origin),
            Self::Blackhole(table, number) => {
                names::route(snapshot, table, number).map(|route| &route.origin)
            }
            Self::NoRoute(table, _) => Some(&snapshot.route_tables().get(table).origin),
            Self::TransitNoRoute(table, _) => {
                Some(&snapshot.transit_route_tables().get(table).origin)
            }
            Self::TransitBlackhole(table, number) => {
                names::transit_route(snapshot, table, number).map(|route| &route.origin)
            }
            Self::NoEgressRule(interface, _)
            | Self::NoIngressRule(interface, _)
            | Self::SourceCheck(interface)
            | Self::DestinationCheck(interface) => {
                Some(&snapshot.interfaces().get(interface).origin)
            }
            Self::NatUnavailable(nat) | Self::NatProtocol(nat, _) | Self::NatNoSession(nat) => {
                Some(&snapshot.nat_gateways().get(nat).origin)
            }
            Self::PeeringInactive(peering)
            | Self::PeeringOfOthers(peering, _)
            | Self::PeeringNoTransit(peering, _)
            | Self::DestinationNotInPeer(peering, _) => {
                Some(&snapshot.peerings().get(peering).origin)
            }
            Self::NoAssociation(attachment)
            | Self::AttachmentUnavailable(attachment)
            | Self::NoAttachmentInZone(attachment, _) => {
                Some(&snapshot.transit_attachments().get(attachment).origin)
            }
            _ => None,
        }
    }
}

const fn direction_text(direction: Direction) -> &'static str {
    match direction {
        Direction::Ingress => "ingress",
        Direction::Egress => "egress",
    }
}

/// The packet's destination port or message, as a rule would say it.
fn service_of(packet: &Packet) -> Service {
    match packet.transport() {
        Transport::Ports { destination, .. } => Service::Ports {
            protocol: packet.protocol(),
            ports: PortRange::single(destination),
        },
        Transport::Icmp { kind, code } => {
            let is_v6 = packet.protocol() == Protocol::ICMPV6;
            let family = if is_v6 { Family::V6 } else { Family::V4 };
            Service::Icmp {
                family,
                kind,
                code: Some(code),
            }
        }
        Transport::Other => Service::Protocol(packet.protocol()),
    }
}

fn peer_of(direction: Direction, packet: &Packet) -> String {
    match direction {
        Direction::Ingress => format!("from {}", Prefix::host(packet.source())),
        Direction::Egress => format!("to {}", Prefix::host(packet.destination())),
    }
}

fn host_or_groups(
    snapshot: &Snapshot,
    address: IpAddr,
    other: Option<Index<NetworkInterface>>,
) -> String {
    let host = Prefix::host(address);
    let other = other.filter(|index| !snapshot.interfaces().get(*index).groups.is_empty());
    match other {
        Some(other) => format!("{host} or group {}", groups_of(snapshot, other)),
        None => host.to_string(),
    }
}
