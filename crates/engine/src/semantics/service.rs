//! What interfaces of AWS services accept (`owners.md`).

use model::{Direction, Index, InterfaceKind, NetworkInterface, OwnerKind, Reception, RulePeer};
use packet::{Family, PacketSet, Prefix, Service};

use super::Semantics;
use super::group::PeerInterface;
use crate::filter::Filter;
use crate::way::{Outcome, Way};

/// What inbound resolver endpoints take.
const NAMES: [&str; 3] = ["tcp/53", "tcp/443", "udp/53"];

impl Semantics<'_> {
    /// Whether the interface is one of a service that connects from it and takes nothing there.
    pub(super) fn accepts_nothing(&self, index: Index<NetworkInterface>) -> bool {
        self.snapshot().interfaces().get(index).reception() == Reception::Never
    }

    /// To VPC Lattice, which no route leads to: the ACL of the sender's subnet is asked, and what follows is not modelled.
    pub(super) fn send_to_lattice(&self, mut way: Way, index: Index<NetworkInterface>) -> Outcome {
        let interface = self.snapshot().interfaces().get(index);
        if interface.source_dest_check && !interface.holds(way.source) {
            return Outcome::denied();
        }
        if let Some(subnet) = interface.subnet.target()
            && interface.vpc.target().is_some()
        {
            self.leave_subnet(&mut way, subnet);
        }
        self.cut(way)
    }

    /// What an inbound resolver endpoint takes; everything at other interfaces.
    pub(super) fn names_filter(&self, index: Index<NetworkInterface>) -> Filter {
        if self.snapshot().interfaces().get(index).reception() != Reception::Names {
            return Filter::exactly(PacketSet::full());
        }
        let set = |texts: &[&str]| {
            let services = texts.iter().filter_map(|text| text.parse::<Service>().ok());
            services.fold(PacketSet::empty(), |all, service| {
                all.union(&PacketSet::from(&service))
            })
        };
        let with_ports = set(&["tcp", "udp"]);
        Filter::partly(set(&NAMES), &PacketSet::full().difference(&with_ports))
    }

    /// Who sent a packet that crossed a transit gateway or a core network, as rules of its receiver may see it.
    pub(super) fn seen_over_hub(
        &self,
        receiver: Index<NetworkInterface>,
        family: Family,
        sender: PeerInterface,
    ) -> PeerInterface {
        let interface = self.snapshot().interfaces().get(receiver);
        if interface.kind == InterfaceKind::VpcEndpoint {
            return PeerInterface::None;
        }
        if interface.owner().kind != OwnerKind::Efs {
            return sender;
        }
        self.meet(receiver);
        let everything = match family {
            Family::V4 => RulePeer::Cidr(Prefix::ALL_V4),
            Family::V6 => RulePeer::Cidr(Prefix::ALL_V6),
        };
        let mut are_known = true;
        for link in &interface.groups {
            let Some(group) = link.target() else {
                are_known = false;
                continue;
            };
            let group = self.snapshot().groups().get(group);
            are_known &= group.is_complete;
            let mut egress = group.rules(Direction::Egress);
            if egress.any(|rule| rule.service == Service::Any && rule.peer == everything) {
                return sender;
            }
        }
        match sender {
            PeerInterface::Known(index) | PeerInterface::Doubtful(index) if !are_known => {
                PeerInterface::Doubtful(index)
            }
            PeerInterface::Known(_)
            | PeerInterface::Doubtful(_)
            | PeerInterface::None
            | PeerInterface::Anyone => PeerInterface::None,
        }
    }
}
