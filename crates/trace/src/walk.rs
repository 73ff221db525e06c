//! The walk: from one mechanism to the next until the packet's way ends.

use std::net::IpAddr;
use std::rc::Rc;

use model::{
    CoreNetworkAttachment, Endpoint, Index, NatGateway, NetworkInterface, Reachability, Subnet,
    TransitGatewayAttachment, Uplink, Vpc, VpcEndpoint,
};
use packet::Packet;

use crate::client_vpn::ClientTranslation;
use crate::cloud_wan::CoreCrossing;
use crate::firewall::Inspected;
use crate::passage::{Handed, Passage};
use crate::private_link::Linked;
use crate::targets::Onward;
use crate::way::combine;
use crate::{Doubt, Ground, Hop, Leg, Place, Reason, Service, Step, Tracer, Way};

/// More places than any sane way comes to.
const MAX_PLACES: usize = 64;

/// More choices by AWS than any sane way meets. Each multiplies the ways to follow.
const MAX_CHOICES: usize = 3;

/// A packet on its way.
#[derive(Debug, Clone)]
pub(crate) struct Flight {
    /// Where the first packet was sent.
    pub(crate) from: Endpoint,
    /// The first packet as it was sent.
    pub(crate) first: Packet,
    /// The packet as it is now.
    pub(crate) packet: Packet,
    /// Who put the packet's source address.
    pub(crate) source: Source,
    /// Who sent it, as far as filters can tell.
    pub(crate) sender: Option<Sender>,
    /// What NAT gateways did to it, in order.
    pub(crate) translations: Vec<Translation>,
    /// What nodes of load balancers and endpoints did to it, in order.
    pub(crate) passages: Vec<Passage>,
    /// How many passages of the first packet an answer has still before it.
    pub(crate) n_passages_left: usize,
    /// How many of the translations an answer has yet to come back through.
    pub(crate) n_translations_left: usize,
    /// Whether it came into the VPC where it is by an internet gateway.
    pub(crate) came_by_internet_gateway: bool,
    /// The VPC and the address from which it left by an egress-only gateway.
    pub(crate) egress_only: Option<(Index<Vpc>, IpAddr)>,
    /// What a Client VPN endpoint did to it.
    pub(crate) client: Option<ClientTranslation>,
    /// Where stateful rules of firewalls were asked for it, in order.
    pub(crate) inspected: Vec<Inspected>,
    /// Whether the firewalls on the whole way of an answer are to be those of what it answers.
    pub(crate) compares_inspections: bool,
    /// Whether it has just passed an endpoint of appliances, in the subnet from which it goes on.
    pub(crate) is_beyond_endpoint: bool,
    /// The groups of the sender refuse it unless a rule with a reference matches a receiver that is not known; with the
    /// number of hops up to there.
    pub(crate) refused: Option<(usize, Reason, Doubt)>,
    /// Whom the first load balancer that hands it on has to choose, if the question names one target.
    pub(crate) only_target: Option<IpAddr>,
    /// What came before, if this is an answer.
    pub(crate) session: Option<Rc<Session>>,
    pub(crate) hops: Vec<Hop>,
    visited: Vec<(Place, Packet)>,
    n_choices: usize,
}

/// What an answer needs to know of the first packet.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) forward: Leg,
    pub(crate) translations: Vec<Translation>,
    pub(crate) passages: Vec<Passage>,
    pub(crate) egress_only: Option<(Index<Vpc>, IpAddr)>,
    pub(crate) client: Option<ClientTranslation>,
    pub(crate) inspected: Vec<Inspected>,
}

/// Who put the source address of a packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    Interface(Index<NetworkInterface>),
    NatGateway(Index<NatGateway>),
    Elsewhere,
}

/// An identity that a packet carries.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sender {
    pub(crate) interface: Index<NetworkInterface>,
    /// Whether the identity is certainly carried.
    pub(crate) is_certain: bool,
    /// Whether the packet has crossed a peering or a transit gateway: no identity survives a second.
    pub(crate) has_crossed: bool,
    /// Whether that was a transit gateway or a core network.
    pub(crate) has_crossed_hub: bool,
}

/// What a NAT gateway did to a packet.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Translation {
    pub(crate) nat: Index<NatGateway>,
    pub(crate) before: Packet,
    pub(crate) after: Packet,
}

/// Where a packet goes next.
#[derive(Debug, Clone)]
pub(crate) enum Next {
    /// On from a subnet.
    Subnet(Index<Subnet>),
    /// To a host of a VPC, from one of its subnets or from none.
    Local(Index<Vpc>, Option<Index<Subnet>>),
    /// Out of a NAT gateway, in its subnet, or, at a regional one, on the internet.
    Translated(Translation, Option<Index<Subnet>>),
    /// Over the internet.
    Internet,
    /// From an office network.
    Uplink(Uplink),
    /// In a transit gateway.
    Transit(Crossing),
    /// Out of a transit gateway, by an attachment.
    TransitOut(Crossing, Index<TransitGatewayAttachment>),
    /// Out of a transit gateway, by an attachment to a VPC, in a subnet of it.
    Emerge(Crossing, Index<TransitGatewayAttachment>, Index<Subnet>),
    /// Out of an interface of a Client VPN endpoint.
    FromClient(ClientTranslation),
    /// In a core network.
    CoreNetwork(CoreCrossing),
    /// Out of a core network, by an attachment.
    CoreOut(CoreCrossing, Index<CoreNetworkAttachment>),
    /// Out of a core network, by an attachment to a VPC, in a subnet of it.
    CoreEmerge(CoreCrossing, Index<CoreNetworkAttachment>, Index<Subnet>),
    /// On to a target of a load balancer.
    Target(Onward),
    /// Out of a node of a load balancer.
    Handed(Handed),
    /// By an endpoint to a node of its provider.
    Linked(Linked),
    /// To an endpoint whose provider is not known.
    Unprovided(Index<NetworkInterface>, Index<VpcEndpoint>),
    /// Nowhere: what a node of a load balancer would pass it on to is not known.
    StoppedAt(Index<NetworkInterface>, Stop),
    /// To one of these targets, of which the best counts.
    BestTarget(Vec<Self>),
    /// By one of these ways, as AWS chooses.
    AnyOf(Vec<Self>),
    /// By one of these ways, of which the best counts.
    BestOf(Vec<Self>),
    /// Nowhere: it has arrived.
    Arrived(Arrival),
    /// Nowhere: it is dropped there, or what follows is not known.
    Stopped(Stop),
}

/// How a packet came into a transit gateway.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Crossing {
    /// The attachment it came from.
    pub(crate) from: Index<TransitGatewayAttachment>,
    /// The attachment's subnet it came through, if it came from a VPC.
    pub(crate) subnet: Option<Index<Subnet>>,
}

/// Where a packet arrived.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Arrival {
    Interface(Index<NetworkInterface>),
    /// The sender itself, by an interface of it: the answer is as certain.
    SameHost(Index<NetworkInterface>),
    Office(Uplink, Endpoint),
    Internet,
    Service(Service),
}

/// Why a way ends before the packet arrives.
#[derive(Debug, Clone)]
pub(crate) enum Stop {
    Denied(Reason),
    /// What follows is not known.
    Cut(Doubt),
}

impl From<Reason> for Stop {
    fn from(reason: Reason) -> Self {
        Self::Denied(reason)
    }
}

impl From<Doubt> for Stop {
    fn from(doubt: Doubt) -> Self {
        Self::Cut(doubt)
    }
}

/// What one mechanism answers.
pub(crate) type Leads = Result<Next, Stop>;

impl Flight {
    pub(crate) fn first(from: Endpoint, packet: Packet) -> Self {
        Self {
            from,
            first: packet,
            packet,
            source: Source::Elsewhere,
            sender: None,
            translations: Vec::new(),
            passages: Vec::new(),
            n_passages_left: usize::MAX,
            n_translations_left: usize::MAX,
            came_by_internet_gateway: false,
            egress_only: None,
            client: None,
            inspected: Vec::new(),
            compares_inspections: true,
            is_beyond_endpoint: false,
            refused: None,
            only_target: None,
            session: None,
            hops: Vec::new(),
            visited: Vec::new(),
            n_choices: 0,
        }
    }

    /// The answer to what a flight brought.
    pub(crate) fn reply(answered: &Self, packet: Packet, session: &Rc<Session>) -> Self {
        let session = Some(Rc::clone(session));
        Self {
            first: answered.first,
            session,
            ..Self::first(answered.from, packet)
        }
    }

    pub(crate) const fn is_reply(&self) -> bool {
        self.session.is_some()
    }

    pub(crate) const fn destination(&self) -> IpAddr {
        self.packet.destination()
    }

    /// Comes to a place.
    pub(crate) fn at(&mut self, place: Place) {
        if self.hops.last().is_none_or(|hop| hop.at != place) {
            self.hops.push(Hop {
                at: place,
                packet: self.packet,
                steps: Vec::new(),
            });
        }
    }

    /// Comes to a place anew, also where it already is.
    pub(crate) fn enter(&mut self, place: Place) {
        self.hops.push(Hop {
            at: place,
            packet: self.packet,
            steps: Vec::new(),
        });
    }

    /// Comes to a place that leads on, unless it has been there before.
    pub(crate) fn pass(&mut self, place: Place) -> Result<(), Stop> {
        self.at(place.clone());
        let visit = (place, self.packet);
        if self.visited.contains(&visit) {
            return Err(Reason::Loop.into());
        }
        if self.visited.len() >= MAX_PLACES {
            return Err(Doubt::TooManyWays.into());
        }
        self.visited.push(visit);
        Ok(())
    }

    /// Begins another part of the way: where it has been before does not count any more.
    pub(crate) fn start_anew(&mut self) {
        self.visited.clear();
        self.n_choices = 0;
    }

    /// Notes what was asked at the place where it is.
    pub(crate) fn step(&mut self, step: Step) {
        if self.hops.is_empty() {
            self.at(Place::Elsewhere);
        }
        if let Some(hop) = self.hops.last_mut() {
            hop.steps.push(step);
        }
    }

    pub(crate) fn allow(&mut self, ground: Ground) {
        self.step(Step::Allowed(ground));
    }

    pub(crate) fn doubt(&mut self, doubt: Doubt) {
        self.step(Step::Unknown(doubt));
    }

    /// Changes the source address; both are of one family.
    pub(crate) fn set_source(&mut self, address: IpAddr) {
        self.packet = self.packet.with_source(address).unwrap_or(self.packet);
        self.allow(Ground::SourceBecomes(address));
    }

    /// Changes the destination address; both are of one family.
    pub(crate) fn set_destination(&mut self, address: IpAddr) {
        self.packet = self.packet.with_destination(address).unwrap_or(self.packet);
        self.allow(Ground::DestinationBecomes(address));
    }
}

impl Tracer<'_> {
    /// All ways on from here, to the end of the answer.
    pub(crate) fn walk(&self, mut flight: Flight, start: Leads) -> Vec<Way> {
        let mut leads = start;
        loop {
            leads = match leads {
                Ok(Next::Arrived(arrival)) => return self.finish(flight, Ok(arrival)),
                Err(stop) | Ok(Next::Stopped(stop)) => return self.finish(flight, Err(stop)),
                Ok(Next::AnyOf(choices))
                    if choices.len() > 1 && flight.n_choices >= MAX_CHOICES =>
                {
                    Err(Doubt::TooManyWays.into())
                }
                Ok(Next::AnyOf(choices)) => {
                    flight.n_choices += usize::from(choices.len() > 1);
                    let ways = |choice| self.walk(flight.clone(), Ok(choice));
                    return choices.into_iter().flat_map(ways).collect();
                }
                Ok(Next::BestOf(choices)) => {
                    return best_of(choices, |choice| self.walk(flight.clone(), Ok(choice)));
                }
                Ok(Next::BestTarget(choices)) => {
                    return best_target(choices, |choice| self.walk(flight.clone(), Ok(choice)));
                }
                Ok(next) => self.advance(&mut flight, next),
            }
        }
    }

    fn advance(&self, flight: &mut Flight, next: Next) -> Leads {
        match next {
            Next::Subnet(subnet) => self.on_from_subnet(flight, subnet),
            Next::Local(vpc, from) => self.arrive(flight, vpc, from),
            Next::Translated(translation, subnet) => {
                Ok(Self::out_of_nat(flight, translation, subnet))
            }
            Next::Internet => self.over_internet(flight),
            Next::Uplink(uplink) => self.enter_by_uplink(flight, uplink),
            Next::Transit(crossing) => self.in_transit(flight, crossing),
            Next::TransitOut(crossing, to) => self.out_of_transit(flight, crossing, to),
            Next::Emerge(crossing, to, subnet) => Ok(self.emerge(flight, crossing, to, subnet)),
            Next::FromClient(translation) => self.out_of_door(flight, translation),
            Next::CoreNetwork(crossing) => self.in_core_network(flight, crossing),
            Next::CoreOut(crossing, to) => self.out_of_core_network(flight, crossing, to),
            Next::CoreEmerge(crossing, to, subnet) => {
                Ok(self.emerge_from_core(flight, crossing, to, subnet))
            }
            Next::Target(onward) => Ok(self.to_target(flight, &onward)),
            Next::Handed(handed) => self.out_of_node(flight, &handed),
            Next::Linked(linked) => self.by_private_link(flight, &linked),
            Next::StoppedAt(node, stop) => {
                flight.stop_at(node);
                Err(stop)
            }
            Next::Unprovided(at, endpoint) => Ok(Self::unprovided(flight, at, endpoint)),
            Next::AnyOf(_)
            | Next::BestOf(_)
            | Next::BestTarget(_)
            | Next::Arrived(_)
            | Next::Stopped(_) => Ok(next),
        }
    }
}

/// The ways of the choice with the best answer; the first among equals.
pub(crate) fn best_of<T>(choices: Vec<T>, mut walk: impl FnMut(T) -> Vec<Way>) -> Vec<Way> {
    let mut best: Vec<Way> = Vec::new();
    for choice in choices {
        let ways = walk(choice);
        let answer = combine(&ways);
        if best.is_empty() || worth(answer) > worth(combine(&best)) {
            best = ways;
        }
        // If no first packet arrives, whatever the port, no answer can depend on it.
        let is_decided = combine(&best) == Reachability::Blocked && !has_answers(&best);
        if answer == Reachability::Reachable || is_decided {
            break;
        }
    }
    best
}

/// The ways to the target with the best answer; among equals one that answers, for there another port may do.
fn best_target(choices: Vec<Next>, mut walk: impl FnMut(Next) -> Vec<Way>) -> Vec<Way> {
    let mut best: Vec<Way> = Vec::new();
    for choice in choices {
        let ways = walk(choice);
        let rank = |ways: &[Way]| (worth(combine(ways)), has_answers(ways));
        if best.is_empty() || rank(&ways) > rank(&best) {
            best = ways;
        }
        if combine(&best) == Reachability::Reachable {
            break;
        }
    }
    best
}

fn has_answers(ways: &[Way]) -> bool {
    ways.iter().any(|way| way.reply.is_some())
}

const fn worth(reachability: Reachability) -> u8 {
    match reachability {
        Reachability::Reachable => 2,
        Reachability::Undetermined => 1,
        Reachability::Blocked => 0,
    }
}
