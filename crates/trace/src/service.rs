//! What interfaces of AWS services accept.

mod why;

use model::{
    Direction, EntryReach, Index, InterfaceKind, NetworkInterface, OwnerKind, RESOLVER_PORTS,
    Reception, RulePeer,
};
use packet::{Family, Packet, Prefix, Protocol, Service, Transport};

use crate::walk::{Flight, Sender, Stop};
use crate::{Doubt, Place, Reason, Tracer};

pub use why::{ServiceDoubt, ServiceReason};

impl Tracer<'_> {
    /// Denies a first packet to an interface that only sends.
    pub(crate) fn check_reception(&self, index: Index<NetworkInterface>) -> Result<(), Reason> {
        match self.snapshot.interfaces().get(index).reception() {
            Reception::Never => Err(Reason::Service(ServiceReason::SourceOnly(index))),
            Reception::ByGroups | Reception::Names => Ok(()),
        }
    }

    /// To VPC Lattice: past the ACL of the sender's subnet, and by no route.
    pub(crate) fn to_lattice(&self, flight: &mut Flight, index: Index<NetworkInterface>) -> Stop {
        let asked = self.subnet_of(index).and_then(|subnet| {
            flight.at(Place::Subnet(subnet));
            self.ask_acl(flight, subnet, Direction::Egress)
        });
        match asked {
            Ok(()) => Doubt::from(ServiceDoubt::Lattice(index, flight.destination())).into(),
            Err(stop) => stop,
        }
    }

    /// Whether packets from this interface may carry the address of a client of its service.
    pub(crate) fn may_show_client(&self, index: Index<NetworkInterface>) -> bool {
        let interface = self.snapshot.interfaces().get(index);
        match interface.owner().kind {
            OwnerKind::GlobalAccelerator => true,
            OwnerKind::InstanceConnectEndpoint => {
                let mut entries = self.snapshot.service_entries().rows().iter();
                !entries.any(|entry| {
                    let names_it = entry.interfaces.iter().any(|link| link.is(index));
                    let hides = EntryReach::Anything {
                        keeps_client: Some(false),
                    };
                    names_it && entry.reach == hides
                })
            }
            _ => false,
        }
    }

    /// Denies a first packet for which an inbound resolver endpoint has no use.
    pub(crate) fn check_names(
        &self,
        flight: &mut Flight,
        index: Index<NetworkInterface>,
    ) -> Result<(), Reason> {
        if self.snapshot.interfaces().get(index).reception() != Reception::Names {
            return Ok(());
        }
        match takes_names(&flight.packet) {
            Some(true) => {}
            Some(false) => return Err(Reason::Service(ServiceReason::NoNames(index))),
            None => flight.doubt(ServiceDoubt::ResolverProtocol(index).into()),
        }
        Ok(())
    }

    /// Whether a reference can match what came to this interface through a transit gateway or a core network; `None` if
    /// the interface's groups are not all known.
    pub(crate) fn takes_references_from_hubs(
        &self,
        index: Index<NetworkInterface>,
        family: Family,
    ) -> Option<bool> {
        let interface = self.snapshot.interfaces().get(index);
        if interface.kind == InterfaceKind::VpcEndpoint {
            return Some(false);
        }
        if interface.owner().kind != OwnerKind::Efs {
            return Some(true);
        }
        let everywhere = match family {
            Family::V4 => Prefix::ALL_V4,
            Family::V6 => Prefix::ALL_V6,
        };
        let mut rules = self.rules_of(interface, Direction::Egress);
        let allows_all = rules.any(|(.., rule)| {
            rule.service == Service::Any && rule.peer == RulePeer::Cidr(everywhere)
        });
        match self.missing_group(index) {
            Some(_) if !allows_all => None,
            Some(_) | None => Some(allows_all),
        }
    }

    /// Who sent a packet, as a rule of the interface that it comes to may see it.
    pub(crate) fn seen_at(
        &self,
        index: Index<NetworkInterface>,
        sender: Option<Sender>,
        packet: &Packet,
    ) -> Option<Sender> {
        let sender = sender?;
        if !sender.has_crossed_hub {
            return Some(sender);
        }
        match self.takes_references_from_hubs(index, packet.family()) {
            Some(true) => Some(sender),
            Some(false) => None,
            None => Some(Sender {
                is_certain: false,
                ..sender
            }),
        }
    }
}

/// Whether an inbound resolver endpoint takes the packet; `None` if that is not documented.
fn takes_names(packet: &Packet) -> Option<bool> {
    let [names, over_https] = RESOLVER_PORTS;
    match (packet.protocol(), packet.transport()) {
        (Protocol::TCP, Transport::Ports { destination, .. }) => {
            Some(destination == names || destination == over_https)
        }
        (Protocol::UDP, Transport::Ports { destination, .. }) => Some(destination == names),
        _ => None,
    }
}
