//! Delivery inside a VPC (§4).
//!
//! The ACL of the receiver's subnet is asked unless the packet comes from that very subnet; then the receiver's groups,
//! for first packets only.

use model::{Direction, Index, InterfaceKind, Kind, NetworkInterface, Subnet, Vpc};

use super::Semantics;
use super::group::{Peer, PeerInterface};
use crate::filter::Filter;
use crate::network::Holder;
use crate::way::{End, Errand, Goal, Identity, Origin, Outcome, Sender, Way};

impl Semantics<'_> {
    /// Packets reach whoever holds their destination in the VPC, coming from a subnet of it or from outside.
    pub(super) fn arrive(
        &self,
        mut way: Way,
        vpc: Index<Vpc>,
        from: Option<Index<Subnet>>,
    ) -> Outcome {
        let holder = match self.network.holders(vpc, way.destination).as_slice() {
            [] if self.network.lists_all(Kind::NetworkInterfaces, vpc) => return Outcome::denied(),
            [holder] => *holder,
            _ => return self.cut(way),
        };
        let subnet = self.network.subnet_of(holder);
        match subnet {
            None => way.pass(&Filter::unknown()),
            Some(_) if subnet == from => {}
            Some(subnet) => self.enter_subnet(&mut way, subnet),
        }
        match way.errand {
            Errand::Reply => self.reply_arrives(&way, holder),
            Errand::First(_) => match holder {
                Holder::Nat(_) => Outcome::denied(),
                Holder::Interface(interface) if self.network.is_nat(interface) => Outcome::denied(),
                Holder::Interface(interface) if self.is_client_vpn(interface) => Outcome::denied(),
                Holder::Interface(interface) => self.first_arrives(way, interface, subnet),
            },
        }
    }

    fn reply_arrives(&self, way: &Way, holder: Holder) -> Outcome {
        let is_home = match (way.home, holder) {
            (Goal::Interface(home), Holder::Interface(interface)) => {
                home == interface && !self.network.is_nat(home)
            }
            (Goal::Nat(home), Holder::Interface(interface)) => {
                self.network.nat_of(interface) == Some(home)
            }
            (Goal::Nat(home), Holder::Nat(gateway)) => home == gateway,
            (Goal::Interface(_), Holder::Nat(_)) | (Goal::Internet | Goal::Office(_), _) => false,
        };
        if is_home {
            Outcome::arrived(&way.filter)
        } else {
            Outcome::denied()
        }
    }

    fn first_arrives(
        &self,
        mut way: Way,
        receiver: Index<NetworkInterface>,
        subnet: Option<Index<Subnet>>,
    ) -> Outcome {
        if !way.may_end_at(End::Interface(receiver)) {
            return Outcome::denied();
        }
        let sender = match way.sender {
            Sender::Interface(sender) => PeerInterface::of(sender, way.identity),
            Sender::Nat(_) | Sender::Outside => PeerInterface::None,
        };
        let peer = Peer {
            address: way.source,
            interface: sender,
        };
        way.pass(&self.group_filter(receiver, Direction::Ingress, peer));
        let identity = if way.crossed_transit {
            Identity::Lost
        } else {
            way.identity
        };
        self.leave_sender(&mut way, PeerInterface::of(receiver, identity));
        if is_unmodelled(&self.snapshot().interfaces().get(receiver).kind) {
            way.pass(&Filter::unknown());
        }
        self.answer_from_interface(&way, receiver, subnet)
    }

    /// The egress rules of the first sender, asked at the end of the way, where the receiver is known.
    pub(super) fn leave_sender(&self, way: &mut Way, receiver: PeerInterface) {
        if let Errand::First(Origin::Interface { interface, to }) = way.errand {
            let peer = Peer {
                address: to,
                interface: receiver,
            };
            way.pass(&self.group_filter(interface, Direction::Egress, peer));
        }
    }
}

/// Interfaces of services that hand packets on in ways that are not modelled.
const fn is_unmodelled(kind: &InterfaceKind) -> bool {
    match kind {
        InterfaceKind::NetworkLoadBalancer
        | InterfaceKind::GatewayLoadBalancer
        | InterfaceKind::GatewayLoadBalancerEndpoint
        | InterfaceKind::TransitGateway => true,
        InterfaceKind::Ordinary
        | InterfaceKind::NatGateway
        | InterfaceKind::VpcEndpoint
        | InterfaceKind::Lambda
        | InterfaceKind::Other(_) => false,
    }
}
