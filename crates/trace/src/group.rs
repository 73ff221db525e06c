//! Security groups: stateful, any rule allows, references match identities.

use std::net::IpAddr;

use model::{
    Direction, Index, InterfaceKind, NetworkInterface, PeeringStatus, PrefixList, ResourceId,
    RouteTarget, RulePeer, SecurityGroup, SecurityGroupRule, Subnet, is_lattice,
};
use packet::{Family, Packet, is_public};

use crate::walk::{Flight, Sender};
use crate::{Doubt, Ground, Reason, Tracer};

/// What the groups of an interface say.
#[derive(Debug, Clone)]
pub(crate) enum Answer {
    Allowed(Ground),
    Unknown(Doubt),
    Denied {
        /// A group that a rule of this service names, though it does not match.
        reference: Option<ResourceId>,
    },
}

/// Whether a rule's peer is the other end.
enum Match {
    /// The larger the number, the more exactly it says so.
    Matches(u8),
    Unknown(Doubt),
    Differs,
}

/// A reference says more exactly who the peer is than any block does.
const BY_IDENTITY: u8 = 255;

impl Tracer<'_> {
    /// Asks the groups of an interface about a packet from or to the other end.
    pub(crate) fn ask_groups(
        &self,
        index: Index<NetworkInterface>,
        direction: Direction,
        packet: &Packet,
        other: Option<Sender>,
    ) -> Answer {
        let interface = self.snapshot.interfaces().get(index);
        if interface.groups.is_empty() {
            return without_groups(index, interface);
        }
        let address = match direction {
            Direction::Ingress => packet.source(),
            Direction::Egress => packet.destination(),
        };
        let mut best: Option<(u8, Ground)> = None;
        let mut doubt = None;
        let mut reference = None;
        for (group, number, rule) in self.rules_of(interface, direction) {
            if !rule.service.matches(packet) {
                continue;
            }
            match self.match_peer(index, &rule.peer, address, other) {
                Match::Matches(exactness)
                    if best.as_ref().is_none_or(|(other, _)| exactness > *other) =>
                {
                    best = Some((exactness, Ground::Rule(group, number)));
                }
                Match::Unknown(why) => doubt = doubt.or(Some(why)),
                Match::Matches(_) | Match::Differs => {}
            }
            if let RulePeer::Group(named) = &rule.peer
                && !named.is_stale
            {
                reference = Some(named.group.id().clone());
            }
        }
        let doubt = doubt.or_else(|| self.missing_group(index));
        match (best, doubt) {
            (Some((_, ground)), _) => Answer::Allowed(ground),
            (None, Some(doubt)) => Answer::Unknown(doubt),
            (None, None) => Answer::Denied { reference },
        }
    }

    /// Asks the groups of the receiver.
    pub(crate) fn ask_ingress(
        &self,
        flight: &mut Flight,
        index: Index<NetworkInterface>,
    ) -> Result<(), Reason> {
        let sender = self.seen_at(index, flight.sender, &flight.packet);
        match self.ask_groups(index, Direction::Ingress, &flight.packet, sender) {
            Answer::Allowed(ground) => flight.allow(ground),
            Answer::Unknown(doubt) => flight.doubt(doubt),
            Answer::Denied { .. } => {
                return Err(Reason::NoIngressRule(
                    index,
                    flight.sender.map(|sender| sender.interface),
                ));
            }
        }
        Ok(())
    }

    /// Who would receive what the interface sends there, as far as its egress rules can tell: a host of its VPC, or of
    /// one behind a peering connection.
    pub(crate) fn receiver(
        &self,
        from: Index<NetworkInterface>,
        address: IpAddr,
    ) -> Option<Sender> {
        let subnet = self.snapshot.interfaces().get(from).subnet.target()?;
        let Subnet { vpc, .. } = self.snapshot.subnets().get(subnet);
        let vpc = vpc.target()?;
        let known = |interface, is_certain| Sender {
            interface,
            is_certain,
            has_crossed: false,
            has_crossed_hub: false,
        };
        if self.snapshot.subnets().get(subnet).contains(address) {
            return self
                .only_holder(vpc, address)
                .map(|holder| known(holder, true));
        }
        let table = self.table_of(subnet, vpc).ok()?;
        match self.choose(table, vpc, address).ok()?.target {
            RouteTarget::Local => self
                .only_holder(vpc, address)
                .map(|holder| known(holder, true)),
            RouteTarget::NetworkInterface(_) | RouteTarget::NextHop(_) => {
                let holder = self.only_holder(vpc, address)?;
                let leads_there = match &self.choose(table, vpc, address).ok()?.target {
                    RouteTarget::NetworkInterface(link) => link.is(holder),
                    RouteTarget::NextHop(next) => self.only_holder(vpc, *next) == Some(holder),
                    _ => false,
                };
                leads_there.then(|| known(holder, true))
            }
            RouteTarget::Peering(link) => {
                let peering = self.snapshot.peerings().get(link.target()?);
                let peer = peering
                    .peer_of(vpc)
                    .filter(|_| peering.status == PeeringStatus::Active)?;
                let is_certain = self.keeps_identity(peering)?;
                self.only_holder(peer.vpc.target()?, address)
                    .map(|holder| known(holder, is_certain))
            }
            _ => None,
        }
    }

    /// The receiver that would refuse the first packet whoever sent it: the destination, if it is a host of the sender's
    /// VPC with no rule at all for such a packet.
    pub(crate) fn refused_in_any_case(
        &self,
        flight: &Flight,
    ) -> Option<(Index<NetworkInterface>, Reason)> {
        let (interface, first) = flight.last_sender()?;
        let address = first.destination();
        let vpc = self.snapshot.interfaces().get(interface).vpc.target()?;
        let index = Some(vpc).filter(|vpc| self.snapshot.vpcs().get(*vpc).contains(address));
        let index = index.and_then(|vpc| self.only_holder(vpc, address))?;
        let last = flight.passages.last();
        if last.is_some_and(|passage| passage.at == index) {
            // A node whose target is not known: the packet still bears the node's own address.
            return None;
        }
        let holder = self.snapshot.interfaces().get(index);
        if let Err(reason) = self.check_reception(index) {
            return Some((index, reason));
        }
        let denies_all = if holder.groups.is_empty() {
            matches!(without_groups(index, holder), Answer::Denied { .. })
        } else {
            self.missing_group(index).is_none()
                && !self
                    .rules_of(holder, Direction::Ingress)
                    .any(|(.., rule)| rule.service.matches(&first))
        };
        denies_all.then_some((index, Reason::NoIngressRule(index, None)))
    }

    pub(crate) fn rules_of<'b>(
        &'b self,
        interface: &'b NetworkInterface,
        direction: Direction,
    ) -> impl Iterator<Item = (Index<SecurityGroup>, usize, &'b SecurityGroupRule)> {
        let groups = interface.groups.iter().filter_map(model::Link::target);
        let rules = groups.flat_map(|group| {
            let rules = self.snapshot.groups().get(group).rules.iter().enumerate();
            rules.map(move |(number, rule)| (group, number, rule))
        });
        rules.filter(move |(.., rule)| rule.direction == direction)
    }

    pub(crate) fn missing_group(&self, index: Index<NetworkInterface>) -> Option<Doubt> {
        let is_whole = |group| self.snapshot.groups().get(group).is_complete;
        let mut groups = self.snapshot.interfaces().get(index).groups.iter();
        let missing = groups.find(|link| !link.target().is_some_and(is_whole))?;
        Some(Doubt::MissingGroup(index, missing.id().clone()))
    }

    fn match_peer(
        &self,
        at: Index<NetworkInterface>,
        peer: &RulePeer,
        address: IpAddr,
        other: Option<Sender>,
    ) -> Match {
        match peer {
            RulePeer::Cidr(cidr) if cidr.contains(address) => Match::Matches(cidr.length()),
            RulePeer::Cidr(_) => Match::Differs,
            RulePeer::PrefixList(link) => match_list(
                link.target()
                    .map(|list| self.snapshot.prefix_lists().get(list)),
                address,
            )
            .unwrap_or_else(|| Match::Unknown(Doubt::MissingPrefixList(link.id().clone()))),
            RulePeer::Group(reference) => {
                let wears = |other: &Sender| {
                    self.snapshot
                        .interfaces()
                        .get(other.interface)
                        .groups
                        .contains(&reference.group)
                };
                match other.filter(|_| !reference.is_stale).filter(wears) {
                    None => Match::Differs,
                    Some(other) if other.is_certain => Match::Matches(BY_IDENTITY),
                    Some(_) => {
                        Match::Unknown(Doubt::IdentityUnknown(at, reference.group.id().clone()))
                    }
                }
            }
        }
    }
}

/// Whether the list holds the address; `None` if the input does not tell.
fn match_list(list: Option<&PrefixList>, address: IpAddr) -> Option<Match> {
    let list = list?;
    if let Some(entries) = &list.entries {
        let lengths = entries
            .iter()
            .filter(|entry| entry.contains(address))
            .map(packet::Prefix::length);
        return Some(lengths.max().map_or(Match::Differs, Match::Matches));
    }
    let is_other_family = list
        .family
        .is_some_and(|family| family != Family::of(address));
    let is_excluded =
        is_other_family || (list.is_aws_managed && !is_public(address) && !is_lattice(address));
    is_excluded.then_some(Match::Differs)
}

/// What an interface answers that wears no group.
fn without_groups(index: Index<NetworkInterface>, interface: &NetworkInterface) -> Answer {
    match interface.kind {
        InterfaceKind::Ordinary if !interface.requester_managed => {
            Answer::Denied { reference: None }
        }
        InterfaceKind::NatGateway
        | InterfaceKind::NetworkLoadBalancer
        | InterfaceKind::GatewayLoadBalancer
        | InterfaceKind::GatewayLoadBalancerEndpoint
        | InterfaceKind::TransitGateway => Answer::Allowed(Ground::NoFilter(index)),
        InterfaceKind::Ordinary
        | InterfaceKind::VpcEndpoint
        | InterfaceKind::Lambda
        | InterfaceKind::Other(_) => Answer::Unknown(Doubt::NoGroupsTold(index)),
    }
}
