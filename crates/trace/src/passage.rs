//! Packets that a node passes on, and their answers.

use std::net::IpAddr;

use model::{
    BalancerProtocol, Direction, Endpoint, Index, NetworkInterface, RouteTarget, TargetGroup,
    TargetKind,
};
use packet::{Family, Packet, Protocol, Transport};

use crate::balancer::settle_refusal;
use crate::peering::Crossed;
use crate::subnet::target;
use crate::targets::Onward;
use crate::walk::{Flight, Leads, Next, Sender, Source, Stop};
use crate::{Doubt, Ground, Place, Reason, Tracer};

/// What a node of a load balancer, or the interface of an endpoint, did to a packet.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Passage {
    /// Where.
    pub(crate) at: Index<NetworkInterface>,
    pub(crate) kind: PassageKind,
    pub(crate) before: Packet,
    pub(crate) after: Packet,
    /// How many NAT gateways had translated the packet before.
    pub(crate) n_translations: usize,
}

/// How answers come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PassageKind {
    /// To the address of the node.
    Replaced,
    /// To the node, though they are addressed to the client.
    Kept,
    /// From a node of the provider straight to the endpoint.
    PrivateLink,
}

/// A packet as a node hands it on.
#[derive(Debug, Clone)]
pub(crate) struct Handed {
    pub(crate) passage: Passage,
    pub(crate) group: Index<TargetGroup>,
}

impl Flight {
    /// How many nodes of load balancers have passed it on.
    pub(crate) fn n_nodes_passed(&self) -> usize {
        let passages = self.passages.iter();
        passages
            .filter(|passage| passage.kind != PassageKind::PrivateLink)
            .count()
    }

    /// Takes the packet as it is after a passage, sent by that interface.
    pub(crate) fn through(&mut self, passage: Passage) {
        let (before, after) = (passage.before, passage.after);
        if after.source() != before.source() {
            self.allow(Ground::SourceBecomes(after.source()));
        }
        if after.destination() != before.destination() {
            self.allow(Ground::DestinationBecomes(after.destination()));
        }
        self.packet = after;
        self.passages.push(Passage {
            n_translations: self.translations.len(),
            ..passage
        });
        self.came_by_internet_gateway = false;
        // The same addresses at the same place are no loop any more: the port may be another.
        self.start_anew();
    }
}

impl Tracer<'_> {
    /// On to a target, from the client's address or the node's.
    pub(crate) fn to_target(&self, flight: &mut Flight, onward: &Onward) -> Next {
        if onward.is_doubtful {
            flight.doubt(Doubt::TargetDoubtful(onward.address));
        }
        let is_ipv6 = flight.packet.family() == Family::V6;
        if is_ipv6 && flight.packet.protocol() == Protocol::UDP {
            let doubt = Doubt::BalancerUdpIpv6(onward.node);
            return Next::StoppedAt(onward.node, doubt.into());
        }
        let kept = || kept(flight, onward);
        let replaced = || {
            let leads = self.replaced(flight, onward);
            leads.unwrap_or_else(|stop| Next::StoppedAt(onward.node, stop))
        };
        match self.keeps_client(flight, onward) {
            Some(true) => kept(),
            Some(false) => replaced(),
            None => Next::AnyOf(vec![kept(), replaced()]),
        }
    }

    /// Whether the target sees the client's address; `None` if the input does not tell.
    fn keeps_client(&self, flight: &Flight, onward: &Onward) -> Option<bool> {
        let group = self.snapshot.target_groups().get(onward.group);
        let came_by_endpoint = flight.passages.last().is_some_and(|passage| {
            passage.kind == PassageKind::PrivateLink && passage.after == flight.packet
        });
        if Family::of(onward.address) != flight.packet.family() || came_by_endpoint {
            return Some(false);
        }
        let always_keeps = matches!(
            group.protocol,
            Some(
                BalancerProtocol::Udp
                    | BalancerProtocol::TcpUdp
                    | BalancerProtocol::Quic
                    | BalancerProtocol::TcpQuic
            )
        );
        if always_keeps || group.kind == TargetKind::LoadBalancer {
            return Some(true);
        }
        group
            .preserves_client
            .or(group.kind == TargetKind::Instance)
    }

    fn replaced(&self, flight: &Flight, onward: &Onward) -> Leads {
        let own = self.address_of_node(onward.node, Family::of(onward.address))?;
        let by = |port: &u16| handed(flight, onward, PassageKind::Replaced, own, *port);
        Ok(Next::BestOf(self.client_ports.iter().map(by).collect()))
    }

    /// Out of a node, towards a target.
    pub(crate) fn out_of_node(&self, flight: &mut Flight, handed: &Handed) -> Leads {
        let Handed { passage, group } = handed;
        let node = passage.at;
        flight.at(Place::Interface(node));
        let is_kept = passage.kind == PassageKind::Kept;
        if is_kept && self.meets_itself(*group, &passage.after) {
            return Err(Reason::Hairpin(node).into());
        }
        flight.through(*passage);
        flight.sender = Some(Sender {
            interface: node,
            is_certain: true,
            has_crossed: false,
            has_crossed_hub: false,
        });
        settle_refusal(flight)?;
        self.ask_egress(flight, node)?;
        if is_kept {
            return self.straight_to_target(flight, node);
        }
        flight.source = Source::Interface(node);
        self.subnet_of(node).map(Next::Subnet)
    }

    /// Whether the host of a target holds the client's address.
    fn meets_itself(&self, group: Index<TargetGroup>, packet: &Packet) -> bool {
        let group = self.snapshot.target_groups().get(group);
        let vpc = group.vpc.as_ref().and_then(model::Link::target);
        let holder = vpc.and_then(|vpc| self.only_holder(vpc, packet.destination()));
        holder.is_some_and(|holder| self.held_by_host(holder, packet.source()).is_some())
    }

    /// With the client's address: inside the VPC or to a peered one, and nowhere else.
    fn straight_to_target(&self, flight: &mut Flight, node: Index<NetworkInterface>) -> Leads {
        let index = self.subnet_of(node)?;
        flight.pass(Place::Subnet(index))?;
        let subnet = self.snapshot.subnets().get(index);
        let vpc = target(&subnet.vpc, Doubt::MissingVpc)?;
        let destination = flight.destination();
        if subnet.contains(destination) {
            flight.allow(Ground::SameSubnet);
            return Ok(Next::Local(vpc, Some(index)));
        }
        self.ask_acl(flight, index, Direction::Egress)?;
        let table = self.table_of(index, vpc)?;
        let chosen = self.choose(table, vpc, destination)?;
        flight.allow(chosen.ground);
        match chosen.target {
            RouteTarget::Local => Ok(Next::Local(vpc, Some(index))),
            RouteTarget::Peering(link) => {
                let peering = target(link, Doubt::MissingGateway)?;
                if self
                    .keeps_identity(self.snapshot.peerings().get(peering))
                    .is_none()
                {
                    return Err(Reason::PreservationPath(node).into());
                }
                self.by_peering(flight, peering, vpc, Crossed::ByBalancer)
            }
            RouteTarget::TransitGateway(_) => Err(Reason::PreservationPath(node).into()),
            _ => Err(Doubt::PreservationPathUnknown(node).into()),
        }
    }

    /// Where an answer goes that an interface sends: back through what passed the first packet on to it, or by the
    /// routes of its subnet.
    pub(crate) fn answer_from(&self, flight: &mut Flight, from: Index<NetworkInterface>) -> Leads {
        flight.source = Source::Interface(from);
        let awaited = flight.awaited(|passage| passage.kind != PassageKind::Replaced);
        let Some((number, passage)) = awaited else {
            return self.subnet_of(from).map(Next::Subnet);
        };
        if passage.kind == PassageKind::Kept {
            let (own, of_node) = (self.subnet_of(from)?, self.subnet_of(passage.at)?);
            if own != of_node {
                flight.at(Place::Subnet(own));
                self.ask_acl(flight, own, Direction::Egress)?;
                flight.at(Place::Subnet(of_node));
                self.ask_acl(flight, of_node, Direction::Ingress)?;
            }
        }
        self.back_through(flight, number, passage)
    }

    /// An answer at the interface that passed the first packet on: as the answer to what had come there.
    pub(crate) fn back_through(
        &self,
        flight: &mut Flight,
        number: usize,
        passage: Passage,
    ) -> Leads {
        flight.at(Place::Interface(passage.at));
        let Some(packet) = passage.before.reply() else {
            return Err(Reason::NodeNoSession(passage.at).into());
        };
        if packet.source() != flight.packet.source() {
            flight.allow(Ground::SourceBecomes(packet.source()));
        }
        if packet.destination() != flight.packet.destination() {
            flight.allow(Ground::DestinationBecomes(packet.destination()));
        }
        flight.packet = packet;
        flight.n_passages_left = number;
        flight.n_translations_left = flight.n_translations_left.min(passage.n_translations);
        flight.start_anew();
        self.answer_from(flight, passage.at)
    }

    /// An answer at the interface that it is addressed to, if that passed the first packet on.
    pub(crate) fn at_passage(
        &self,
        flight: &mut Flight,
        index: Index<NetworkInterface>,
    ) -> Option<Leads> {
        let is_here =
            |passage: &Passage| passage.at == index && passage.kind == PassageKind::Replaced;
        let (number, passage) = flight.awaited(is_here)?;
        Some(self.back_through(flight, number, passage))
    }
}

impl Flight {
    /// Notes that a node would pass the packet on: whatever answers comes back through it.
    pub(crate) fn stop_at(&mut self, node: Index<NetworkInterface>) {
        self.passages.push(Passage {
            at: node,
            kind: PassageKind::Replaced,
            before: self.packet,
            after: self.packet,
            n_translations: self.translations.len(),
        });
    }

    /// Who sent the packet last, and the packet as it was then: an interface, or a node that passed it on.
    pub(crate) fn last_sender(&self) -> Option<(Index<NetworkInterface>, Packet)> {
        match (self.passages.last(), self.from) {
            (Some(passage), _) if passage.kind == PassageKind::PrivateLink => None,
            (Some(passage), _) => Some((passage.at, passage.after)),
            (None, Endpoint::Interface { interface, .. }) => Some((interface, self.first)),
            (None, _) => self.client.map(|client| (client.interface, self.first)),
        }
    }

    /// The last passage of the first packet that this is an answer to, and its number.
    fn awaited(&self, is_meant: impl Fn(&Passage) -> bool) -> Option<(usize, Passage)> {
        let session = self.session.as_ref()?;
        let left = session
            .passages
            .iter()
            .enumerate()
            .take(self.n_passages_left);
        left.rev()
            .find(|(_, passage)| is_meant(passage) && passage.after.reply() == Some(self.packet))
            .map(|(number, passage)| (number, *passage))
    }
}

/// The packet as the client sent it, to the target.
fn kept(flight: &Flight, onward: &Onward) -> Next {
    let client = flight.packet.source();
    let port = source_port(&flight.packet);
    handed(flight, onward, PassageKind::Kept, client, port)
}

/// The packet with that source, to the target.
fn handed(flight: &Flight, onward: &Onward, kind: PassageKind, source: IpAddr, port: u16) -> Next {
    let transport = Transport::Ports {
        source: port,
        destination: onward.port,
    };
    let protocol = flight.packet.protocol();
    match Packet::new(source, onward.address, protocol, transport) {
        None => {
            let doubt = Doubt::NodeAddressUnknown(onward.node);
            Next::StoppedAt(onward.node, doubt.into())
        }
        Some(after) => Next::Handed(Handed {
            passage: Passage {
                at: onward.node,
                kind,
                before: flight.packet,
                after,
                n_translations: 0,
            },
            group: onward.group,
        }),
    }
}

const fn source_port(packet: &Packet) -> u16 {
    match packet.transport() {
        Transport::Ports { source, .. } => source,
        Transport::Icmp { .. } | Transport::Other => 0,
    }
}

impl From<Stop> for Next {
    fn from(stop: Stop) -> Self {
        Self::Stopped(stop)
    }
}
