//! Reasons in words.

use model::{
    Direction, Index, NatGateway, NetworkInterface, Snapshot, Subnet, TransitGateway,
    TransitGatewayAttachment, TransitGatewayRouteTable, Vpc, VpcPeeringConnection, VpnGateway,
};

use super::Reason;
use crate::names::{self, entry_text, groups_of, named, route_text};

impl Reason {
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
            Self::Office(reason) => reason.describe(snapshot),
            Self::ClientVpn(reason) => reason.describe(snapshot),
            Self::Service(reason) => reason.describe(snapshot),
            Self::Inspection(reason) => reason.describe(snapshot),
            Self::CoreNetwork(reason) => reason.describe(snapshot),
            Self::NoListener(index) => {
                format!(
                    "the load balancer of {} has no listener for it",
                    interface(index)
                )
            }
            Self::NoTarget(index) => {
                format!(
                    "the listener of {} has no target to pass it on to",
                    interface(index)
                )
            }
            Self::Hairpin(index) => format!(
                "{} keeps the client's address, and the target does not answer itself",
                interface(index)
            ),
            Self::PreservationPath(index) => format!(
                "{} keeps the client's address, and from there the target's answers do not pass it",
                interface(index)
            ),
            Self::InternalBalancer(index) => format!(
                "the load balancer of {} is closed to IPv6 from internet gateways",
                interface(index)
            ),
            Self::NodeNoSession(index) => {
                format!(
                    "{} did not pass the first packet on, so it drops the answer",
                    interface(index)
                )
            }
            Self::EndpointSendsNothing(index) => {
                format!(
                    "{} is an endpoint's: nothing starts there",
                    interface(index)
                )
            }
            Self::EndpointUnavailable(index) => format!(
                "endpoint {} is not available, or its service does not let it in",
                named(snapshot.vpc_endpoints(), *index)
            ),
            Self::EndpointProtocol(index, protocol) => format!(
                "endpoint {} carries no {protocol}",
                named(snapshot.vpc_endpoints(), *index)
            ),
            Self::ServicePort(index) => format!(
                "the service behind endpoint {} does not answer there",
                named(snapshot.vpc_endpoints(), *index)
            ),
            Self::EndpointNoTransit(id, address) => {
                format!("gateway endpoint {id} carries nothing from {address}, outside its VPC")
            }
            Self::GatewayEndpointProtocol(id, protocol) => {
                format!("gateway endpoint {id} carries TCP and ICMP, not {protocol}")
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
}

pub(super) const fn direction_text(direction: Direction) -> &'static str {
    match direction {
        Direction::Ingress => "ingress",
        Direction::Egress => "egress",
    }
}
