//! What would open the way.

use std::net::IpAddr;

use model::{Direction, Index, NetworkInterface, Snapshot};
use packet::{Family, Packet, PortRange, Prefix, Protocol, Service, Transport};

use super::Reason;
use super::describe::direction_text;
use crate::names::{self, groups_of, named};

impl Reason {
    /// What would open the way for the packet as it was when it was dropped, where one change would.
    #[expect(clippy::too_many_lines, reason = "one remedy for each variant")]
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
            Self::NoListener(_) => Some(format!("a listener of the load balancer for {service}")),
            Self::NoTarget(_) => Some(
                "a target in the node's zone, or cross-zone load balancing and one elsewhere"
                    .to_owned(),
            ),
            Self::Hairpin(_) | Self::PreservationPath(_) => Some(
                "a group of targets that does not preserve the addresses of clients".to_owned(),
            ),
            Self::InternalBalancer(_) => {
                Some("`ipv6.deny_all_igw_traffic` switched off".to_owned())
            }
            Self::EndpointUnavailable(_) => {
                Some("an endpoint that its service has accepted".to_owned())
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
            Self::Office(reason) => reason.remedy(snapshot),
            Self::ClientVpn(reason) => reason.remedy(snapshot),
            Self::Inspection(reason) => reason.remedy(snapshot),
            Self::CoreNetwork(reason) => reason.remedy(snapshot),
            _ => None,
        }
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
