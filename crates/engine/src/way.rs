//! A set of packets under way: everything that its next step depends on.

use std::net::IpAddr;

use model::{
    CoreNetworkAttachment, Endpoint, Index, NatGateway, NetworkInterface, OfficeNetwork,
    ResourceId, Subnet, TransitGatewayAttachment, Vpc,
};
use packet::{PacketSet, Protocol};

use crate::asks::Ends;
use crate::filter::Filter;

/// Packets of all protocols and ports between two addresses, somewhere on their way.
#[derive(Debug, Clone)]
pub(crate) struct Way {
    pub(crate) errand: Errand,
    /// Where replies must arrive: the sender, or the NAT gateway that last spoke for it.
    pub(crate) home: Goal,
    /// Where first packets must end to count.
    pub(crate) target: Target,
    pub(crate) source: IpAddr,
    pub(crate) destination: IpAddr,
    /// Who the source address belongs to inside its VPC.
    pub(crate) sender: Sender,
    pub(crate) identity: Identity,
    /// Whether a transit gateway or core network was crossed: rules of egress then match no group.
    pub(crate) crossed_transit: bool,
    /// What has passed so far.
    pub(crate) filter: Filter,
    /// By what it came into the VPC that it is in.
    pub(crate) entry: Entry,
    /// Whether a NAT gateway made it a packet of the other family.
    pub(crate) is_of_other_family: bool,
    /// The firewalls on this part of its way, for replies too.
    pub(crate) inspections: Vec<Inspection>,
    /// How many nodes of load balancers passed it on.
    pub(crate) n_nodes: usize,
    /// The VPC whose egress-only gateway the first packet left by.
    pub(crate) left_by_egress_only: Option<Index<Vpc>>,
    /// The places that led it on, with the addresses that it had there.
    pub(crate) visited: Vec<(Spot, IpAddr, IpAddr)>,
    /// How often AWS has chosen among several ways.
    pub(crate) n_choices: usize,
    /// Whose groups are not asked now.
    pub(crate) open: Ends,
}

/// What the stateful rules of a firewall were asked at one of its endpoints, in terms of first packets.
#[derive(Debug, Clone)]
pub(crate) struct Inspection {
    pub(crate) endpoint: ResourceId,
    /// First packets that were theirs to decide.
    pub(crate) asked: PacketSet,
    /// Those of them that passed because no rule said otherwise.
    pub(crate) by_default: PacketSet,
    /// First packets whose replies were theirs to decide.
    pub(crate) answered: PacketSet,
}

/// By what packets came into a VPC, where load balancers make a difference of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Entry {
    InternetGateway,
    /// By an endpoint of its service, at a load balancer.
    EndpointService,
    Other,
}

/// What packets are under way for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Errand {
    /// First packets of sessions, from here.
    First(Origin),
    /// Replies.
    Reply,
}

/// Where first packets start.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Origin {
    Interface {
        interface: Index<NetworkInterface>,
        /// The address that the interface sends to, which its egress rules see.
        to: IpAddr,
    },
    Internet,
    Office(Index<OfficeNetwork>),
    /// An endpoint of a service whose client was asked before.
    Service,
}

/// Where replies must arrive.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Goal {
    Interface(Index<NetworkInterface>),
    Nat(Index<NatGateway>),
    Internet,
    Office(Index<OfficeNetwork>),
    /// A node of a load balancer that spoke for the sender.
    Node(Index<NetworkInterface>),
    /// A node that passed on what the sender sent, with its address: replies find it without a route.
    Passer(Index<NetworkInterface>),
    /// The endpoint of a service: replies are there at once.
    Endpoint,
}

/// Where first packets are meant to end.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Target {
    Interface(Index<NetworkInterface>),
    Office(Index<OfficeNetwork>),
    Internet,
    Any,
    /// They are followed until they are on the internet, or in a transit gateway, and no farther.
    Outside,
}

/// Where first packets end.
#[derive(Debug, Clone, Copy)]
pub(crate) enum End<'a> {
    Interface(Index<NetworkInterface>),
    Offices(&'a [Index<OfficeNetwork>]),
    Internet,
    Service,
}

/// Who a source address belongs to.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Sender {
    Interface(Index<NetworkInterface>),
    Nat(Index<NatGateway>),
    Outside,
}

/// Whether groups can tell which interface is at the other end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Identity {
    Kept,
    Doubtful,
    Lost,
}

/// What of the packets arrives, and what of them is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) delivered: Filter,
    pub(crate) answered: Filter,
}

impl Outcome {
    pub(crate) const fn denied() -> Self {
        Self {
            delivered: Filter::deny(),
            answered: Filter::deny(),
        }
    }

    /// All that was let pass arrives and needs no further question.
    pub(crate) fn arrived(filter: &Filter) -> Self {
        Self {
            delivered: filter.clone(),
            answered: filter.clone(),
        }
    }

    /// The outcome where AWS may choose among ways; none means that no way leads on.
    pub(crate) fn of_choices(outcomes: impl IntoIterator<Item = Self>) -> Self {
        let both = |a: Self, b: Self| Self {
            delivered: a.delivered.either(&b.delivered),
            answered: a.answered.either(&b.answered),
        };
        outcomes
            .into_iter()
            .reduce(both)
            .unwrap_or_else(Self::denied)
    }

    /// The outcome where several ways are open, and the best one counts.
    pub(crate) fn best(&self, other: &Self) -> Self {
        Self {
            delivered: self.delivered.best(&other.delivered),
            answered: self.answered.best(&other.answered),
        }
    }

    /// The outcome for packets that may go this way, or may not.
    pub(crate) fn perhaps(&self) -> Self {
        Self {
            delivered: self.delivered.perhaps(),
            answered: self.answered.perhaps(),
        }
    }

    /// The outcome for packets to port `from` that go on to port `to`.
    pub(crate) fn before_port_change(&self, protocol: Protocol, from: u16, to: u16) -> Self {
        Self {
            delivered: self.delivered.before_port_change(protocol, from, to),
            answered: self.answered.before_port_change(protocol, from, to),
        }
    }

    /// The outcome for IPv6 packets that become packets of IPv4.
    pub(crate) fn before_nat64(&self) -> Self {
        Self {
            delivered: self.delivered.before_nat64(),
            answered: self.answered.before_nat64(),
        }
    }

    /// The outcome for packets whose source port is still to be chosen by whoever translates them.
    pub(crate) fn after_translation(&self) -> Self {
        Self {
            delivered: self.delivered.after_translation(),
            answered: self.answered.after_translation(),
        }
    }
}

impl Identity {
    /// The worse of two.
    pub(crate) const fn then(self, other: Self) -> Self {
        match (self, other) {
            (Self::Lost, _) | (_, Self::Lost) => Self::Lost,
            (Self::Doubtful, _) | (_, Self::Doubtful) => Self::Doubtful,
            (Self::Kept, Self::Kept) => Self::Kept,
        }
    }
}

impl Way {
    pub(crate) fn first(origin: Origin, source: IpAddr, destination: IpAddr) -> Self {
        let (home, sender, identity) = match origin {
            Origin::Interface { interface, .. } => (
                Goal::Interface(interface),
                Sender::Interface(interface),
                Identity::Kept,
            ),
            Origin::Internet => (Goal::Internet, Sender::Outside, Identity::Lost),
            Origin::Service => (Goal::Endpoint, Sender::Outside, Identity::Lost),
            Origin::Office(office) => (Goal::Office(office), Sender::Outside, Identity::Lost),
        };
        Self::starting(
            Errand::First(origin),
            home,
            source,
            destination,
            sender,
            identity,
        )
    }

    /// Replies to what came this way so far, from whoever got it to whoever is to hear it.
    pub(crate) fn reply(&self) -> Self {
        let reply = Self::starting(
            Errand::Reply,
            self.home,
            self.destination,
            self.source,
            Sender::Outside,
            Identity::Lost,
        );
        Self {
            left_by_egress_only: self.left_by_egress_only,
            inspections: self.inspections.clone(),
            ..reply
        }
    }

    fn starting(
        errand: Errand,
        home: Goal,
        source: IpAddr,
        destination: IpAddr,
        sender: Sender,
        identity: Identity,
    ) -> Self {
        Self {
            errand,
            home,
            target: Target::Any,
            source,
            destination,
            sender,
            identity,
            crossed_transit: false,
            filter: Filter::pass(),
            entry: Entry::Other,
            is_of_other_family: false,
            inspections: Vec::new(),
            n_nodes: 0,
            left_by_egress_only: None,
            visited: Vec::new(),
            n_choices: 0,
            open: Ends::NONE,
        }
    }

    /// The same way, on which the groups of these are not asked now.
    pub(crate) fn leaving_open(self, open: Ends) -> Self {
        Self { open, ..self }
    }

    /// The same way, of which only what ends at this endpoint counts.
    pub(crate) fn towards(self, target: &Endpoint) -> Self {
        let target = match target {
            Endpoint::Interface { interface, .. } => Target::Interface(*interface),
            Endpoint::Office { office, .. } => Target::Office(*office),
            Endpoint::Internet { .. } => Target::Internet,
            Endpoint::Unknown { .. } => Target::Any,
        };
        Self { target, ..self }
    }

    /// Whether packets that end there have reached what they were meant for: addresses may be used twice.
    pub(crate) fn may_end_at(&self, end: End<'_>) -> bool {
        match (self.target, end) {
            (Target::Any, _) | (Target::Internet, End::Internet | End::Service) => true,
            (Target::Interface(target), End::Interface(end)) => target == end,
            (Target::Office(target), End::Offices(ends)) => ends.contains(&target),
            (Target::Interface(_) | Target::Office(_) | Target::Internet | Target::Outside, _) => {
                false
            }
        }
    }

    /// The same way, followed until it is on the internet, or in a transit gateway.
    pub(crate) fn until_outside(self) -> Self {
        Self {
            target: Target::Outside,
            ..self
        }
    }

    /// Whether it is followed no farther than that: replies always are to their end.
    pub(crate) const fn ends_outside(&self) -> bool {
        matches!(self.target, Target::Outside)
    }

    pub(crate) const fn is_reply(&self) -> bool {
        matches!(self.errand, Errand::Reply)
    }

    /// Whether rules of egress can tell which interface is at the other end.
    pub(crate) const fn identity_of_receiver(&self) -> Identity {
        if self.crossed_transit {
            Identity::Lost
        } else {
            self.identity
        }
    }

    /// What is known of the endpoint of a firewall that it comes to.
    pub(crate) fn inspection_at(&mut self, endpoint: &ResourceId) -> &mut Inspection {
        let known = self
            .inspections
            .iter()
            .position(|inspection| inspection.endpoint == *endpoint);
        let place = known.unwrap_or_else(|| {
            self.inspections.push(Inspection {
                endpoint: endpoint.clone(),
                asked: PacketSet::empty(),
                by_default: PacketSet::empty(),
                answered: PacketSet::empty(),
            });
            self.inspections.len() - 1
        });
        #[expect(clippy::indexing_slicing, reason = "the place was found or just made")]
        &mut self.inspections[place]
    }

    /// Passes a filter on first packets; for replies, on the first packets that they answer.
    pub(crate) fn pass(&mut self, filter: &Filter) {
        self.filter = self.filter.and(filter);
    }

    /// Comes to a place that leads on.
    pub(crate) fn visit(&mut self, spot: Spot) -> Progress {
        let visit = (spot, self.source, self.destination);
        if self.visited.contains(&visit) {
            return Progress::Loops;
        }
        if self.visited.len() >= MAX_PLACES {
            return Progress::TooLong;
        }
        self.visited.push(visit);
        Progress::GoesOn
    }

    /// Comes to where AWS chooses among so many ways; whether that may still be followed.
    pub(crate) const fn part(&mut self, n_ways: usize) -> bool {
        if n_ways > 1 {
            self.n_choices += 1;
        }
        self.n_choices <= MAX_CHOICES
    }
}

/// A place that leads packets on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spot {
    Subnet(Index<Subnet>),
    Transit(Index<TransitGatewayAttachment>),
    CoreNetwork(Index<CoreNetworkAttachment>),
}

/// What coming to a place means for a way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Progress {
    GoesOn,
    /// It was here before, with the same addresses.
    Loops,
    /// It is not followed further.
    TooLong,
}

/// More places than any sane way comes to.
const MAX_PLACES: usize = 64;

/// More choices by AWS than any sane way meets. Each multiplies the ways to follow.
const MAX_CHOICES: usize = 3;
