//! Why a packet is dropped.

mod describe;
mod origin;
mod remedy;

use std::net::IpAddr;

use model::{
    Direction, EgressOnlyInternetGateway, Endpoint, Index, NatGateway, NetworkAcl,
    NetworkInterface, ResourceId, RouteTable, Subnet, TransitGateway, TransitGatewayAttachment,
    TransitGatewayRouteTable, Vpc, VpcEndpoint, VpcPeeringConnection, VpnGateway,
};
use packet::Protocol;

use crate::{
    ClientVpnReason, CoreNetworkReason, InspectionReason, OfficeReason, Place, ServiceReason,
};

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
    /// It does not get from or to an office.
    Office(OfficeReason),
    /// Client VPN drops it.
    ClientVpn(ClientVpnReason),
    /// A core network drops it.
    CoreNetwork(CoreNetworkReason),
    /// The load balancer of this node has no listener for it.
    NoListener(Index<NetworkInterface>),
    /// The listener of this node has no target to pass it on to.
    NoTarget(Index<NetworkInterface>),
    /// The target would meet its own address as the client's.
    Hairpin(Index<NetworkInterface>),
    /// The load balancer keeps the client's address, and the target would answer past this node.
    PreservationPath(Index<NetworkInterface>),
    /// The load balancer is closed to IPv6 from the internet.
    InternalBalancer(Index<NetworkInterface>),
    /// The answer comes to a node that did not pass the first packet on so.
    NodeNoSession(Index<NetworkInterface>),
    /// Nothing starts at the interface of an endpoint.
    EndpointSendsNothing(Index<NetworkInterface>),
    /// The endpoint does not work, or its service does not let it in.
    EndpointUnavailable(Index<VpcEndpoint>),
    /// Endpoints carry TCP and UDP only.
    EndpointProtocol(Index<VpcEndpoint>, Protocol),
    /// The service behind the endpoint does not answer there.
    ServicePort(Index<VpcEndpoint>),
    /// A gateway endpoint serves only what is in its VPC.
    EndpointNoTransit(ResourceId, IpAddr),
    /// An appliance, a switch or the state of a machine drops it.
    Inspection(InspectionReason),
    /// Gateway endpoints carry TCP and ICMP only.
    GatewayEndpointProtocol(ResourceId, Protocol),
    /// A service of AWS drops it.
    Service(ServiceReason),
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
            Self::Office(reason) => reason.code(),
            Self::ClientVpn(reason) => reason.code(),
            Self::Service(reason) => reason.code(),
            Self::CoreNetwork(reason) => reason.code(),
            Self::NoListener(_) => "no-listener",
            Self::NoTarget(_) => "no-target",
            Self::Hairpin(_) => "hairpin",
            Self::PreservationPath(_) => "preservation-path",
            Self::InternalBalancer(_) => "internal-balancer",
            Self::NodeNoSession(_) => "node-no-session",
            Self::EndpointSendsNothing(_) => "endpoint-sends-nothing",
            Self::EndpointUnavailable(_) => "endpoint-unavailable",
            Self::EndpointProtocol(..) => "endpoint-protocol",
            Self::ServicePort(_) => "service-port",
            Self::EndpointNoTransit(..) => "endpoint-no-transit",
            Self::Inspection(reason) => reason.code(),
            Self::GatewayEndpointProtocol(..) => "gateway-endpoint-protocol",
            Self::NotInThisNetwork(_) => "not-in-this-network",
            Self::ReplyLost(_) => "reply-lost",
            Self::Loop => "loop",
        }
    }
}
