//! Delivery inside a VPC (§4).
//!
//! The ACL of the receiver's subnet is asked unless the packet comes from that very subnet; then the receiver's groups,
//! for first packets only.

use model::{Direction, Index, InterfaceKind, Kind, LoadBalancer, NetworkInterface, Subnet, Vpc};
use packet::Family;

use super::Semantics;
use super::balancer::Node;
use super::firewall::come_home;
use super::group::{Peer, PeerInterface};
use super::middlebox::sender_as_seen;
use crate::filter::Filter;
use crate::fronts::looks_like_node;
use crate::network::Holder;
use crate::way::{End, Errand, Goal, Origin, Outcome, Way};

impl Semantics<'_> {
    /// Packets reach whoever holds their destination in the VPC, coming from a subnet of it or from outside.
    pub(super) fn arrive(
        &self,
        mut way: Way,
        vpc: Index<Vpc>,
        from: Option<Index<Subnet>>,
    ) -> Outcome {
        self.look(&way);
        self.ask_about(vpc);
        self.reach_vpc(&way, vpc);
        let holder = match self.network.holders(vpc, way.destination).as_ref() {
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
        self.pass_encryption_controls(&mut way, vpc);
        if let Holder::Interface(interface) = holder
            && !self.network.is_nat(interface)
            && self.network.is_idle(interface)
        {
            return Outcome::denied();
        }
        match way.errand {
            Errand::Reply => self.reply_arrives(&way, holder),
            Errand::First(_) => match holder {
                Holder::Nat(_) => Outcome::denied(),
                Holder::Interface(interface) if self.network.is_nat(interface) => Outcome::denied(),
                Holder::Interface(interface) if self.is_client_vpn(interface) => Outcome::denied(),
                Holder::Interface(interface) if self.accepts_nothing(interface) => {
                    Outcome::denied()
                }
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
            (Goal::Node(home), Holder::Interface(interface)) => home == interface,
            (Goal::Interface(_) | Goal::Node(_), Holder::Nat(_))
            | (Goal::Internet | Goal::Office(_) | Goal::Passer(_) | Goal::Endpoint, _) => false,
        };
        if is_home {
            come_home(way)
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
        let mut sender = sender_as_seen(&way);
        if way.crossed_transit {
            sender = self.seen_over_hub(receiver, Family::of(way.source), sender);
        }
        let peer = Peer {
            address: way.source,
            interface: sender,
        };
        way.pass(&self.group_filter(way.open, receiver, Direction::Ingress, peer));
        way.pass(&self.names_filter(receiver));
        match self.front(receiver) {
            Front::Nothing => {}
            Front::Unknown => way.pass(&Filter::unknown()),
            Front::Node(balancer) => return self.at_node(way, self.node(receiver, balancer)),
            Front::Endpoint => return self.at_endpoint(way, receiver, subnet),
        }
        self.deliver(way, receiver, subnet)
    }

    /// First packets come to their end at an interface, which answers.
    pub(super) fn deliver(
        &self,
        mut way: Way,
        receiver: Index<NetworkInterface>,
        subnet: Option<Index<Subnet>>,
    ) -> Outcome {
        if !way.may_end_at(End::Interface(receiver)) {
            return Outcome::denied();
        }
        let receiver_of_rules = PeerInterface::of(receiver, way.identity_of_receiver());
        self.leave_sender(&mut way, receiver_of_rules);
        self.answer_from_interface(&way, receiver, subnet)
    }

    /// Who stands behind an interface.
    fn front(&self, receiver: Index<NetworkInterface>) -> Front<'_> {
        let interface = self.snapshot().interfaces().get(receiver);
        if let Some(balancer) = self.network.fronts.balancer_of(receiver) {
            return Front::Node(self.snapshot().load_balancers().get(balancer));
        }
        if looks_like_node(interface) || is_unmodelled(&interface.kind) {
            return Front::Unknown;
        }
        let is_endpoint = interface.kind == InterfaceKind::VpcEndpoint
            || self.network.fronts.endpoint_of(receiver).is_some();
        if is_endpoint {
            Front::Endpoint
        } else {
            Front::Nothing
        }
    }

    /// An interface of a load balancer, as a node of it.
    pub(super) fn node<'n>(
        &self,
        interface: Index<NetworkInterface>,
        balancer: &'n LoadBalancer,
    ) -> Node<'n> {
        let subnet = self.snapshot().interfaces().get(interface).subnet.target();
        Node {
            interface,
            balancer,
            place: subnet.and_then(|subnet| self.place(subnet)),
        }
    }

    /// The egress rules of the first sender, asked at the end of the way, where the receiver is known.
    pub(super) fn leave_sender(&self, way: &mut Way, receiver: PeerInterface) {
        if let Errand::First(Origin::Interface { interface, to }) = way.errand {
            let peer = Peer {
                address: to,
                interface: receiver,
            };
            let filter = self.group_filter(way.open, interface, Direction::Egress, peer);
            way.pass(&filter_here(way, filter));
        }
    }
}

/// A filter of the first sender on packets as they are by now.
pub(super) fn filter_here(way: &Way, filter: Filter) -> Filter {
    if way.is_of_other_family {
        filter.after_nat64()
    } else {
        filter
    }
}

/// Who stands behind an interface.
enum Front<'a> {
    Nothing,
    /// Somebody whom the input or the model does not tell.
    Unknown,
    Node(&'a LoadBalancer),
    Endpoint,
}

/// Interfaces of services that hand packets on in ways that are not modelled.
const fn is_unmodelled(kind: &InterfaceKind) -> bool {
    match kind {
        InterfaceKind::GatewayLoadBalancerEndpoint | InterfaceKind::TransitGateway => true,
        InterfaceKind::NetworkLoadBalancer
        | InterfaceKind::GatewayLoadBalancer
        | InterfaceKind::Ordinary
        | InterfaceKind::NatGateway
        | InterfaceKind::VpcEndpoint
        | InterfaceKind::Lambda
        | InterfaceKind::Other(_) => false,
    }
}
