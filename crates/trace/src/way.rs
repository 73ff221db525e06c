//! What a trace tells: ways, legs, hops and steps.

use model::{
    ClientVpnEndpoint, CoreNetworkAttachment, EgressOnlyInternetGateway, Endpoint, Index,
    InternetGateway, NatGateway, NetworkInterface, OfficeNetwork, Origin, Reachability, ResourceId,
    Snapshot, Subnet, TransitGatewayAttachment, Uplink, VpcPeeringConnection, VpnGateway,
};
use packet::Packet;

use crate::names::named;
use crate::office::behind;
use crate::{Doubt, Ground, Reason};

/// The explanation of one packet and its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace {
    /// Where the packet was sent.
    pub from: Endpoint,
    /// The packet as it was sent.
    pub packet: Packet,
    /// Where it arrives on the way that is shown, even if a step before is in doubt.
    pub to: Option<Endpoint>,
    /// The way of the first packet.
    pub forward: Leg,
    /// The way of the answer; `None` if there is nothing to answer.
    pub reply: Option<Leg>,
    /// The answer for all ways together.
    pub reachability: Reachability,
    /// Whether the first packet is delivered for certain but no answer returns.
    pub one_way: bool,
    /// The other ways, where AWS chooses among several. The one that explains `reachability` is shown above.
    pub alternatives: Vec<Way>,
}

impl Trace {
    /// The trace that shows the way which explains the answer for all ways together.
    pub(crate) fn of(from: Endpoint, packet: Packet, mut ways: Vec<Way>) -> Self {
        let reachability = combine(&ways);
        let explains =
            |answer: Reachability| ways.iter().position(|way| way.reachability == answer);
        let shown = explains(reachability).or_else(|| explains(Reachability::Blocked));
        let shown = match shown {
            Some(shown) => ways.remove(shown),
            None => Way::unknown(),
        };
        let arrives = |way: &Way| {
            matches!(
                way.forward.disposition,
                Disposition::Delivered(_) | Disposition::DeliveredToService(_)
            )
        };
        let one_way =
            reachability == Reachability::Blocked && arrives(&shown) && ways.iter().all(arrives);
        let Way { forward, reply, .. } = shown;
        let to = forward.reached;
        Self {
            from,
            packet,
            to,
            forward,
            reply,
            reachability,
            one_way,
            alternatives: ways,
        }
    }

    /// Why nothing can be reached, if it is blocked.
    pub fn reason(&self) -> Option<&Reason> {
        let legs = std::iter::once(&self.forward).chain(&self.reply);
        let is_blocked = self.reachability == Reachability::Blocked;
        legs.filter(|_| is_blocked)
            .find_map(|leg| match &leg.disposition {
                Disposition::Denied(reason) => Some(reason),
                Disposition::Delivered(_)
                | Disposition::DeliveredToService(_)
                | Disposition::Undetermined(_) => None,
            })
    }

    /// Why the answer is not known, if it is undetermined: the first doubt on the way.
    pub fn doubt(&self) -> Option<Doubt> {
        let is_undetermined = self.reachability == Reachability::Undetermined;
        let first = || self.doubts().next().cloned().unwrap_or(Doubt::DependsOnWay);
        is_undetermined.then(first)
    }

    /// All doubts of the way that is shown, in the order in which the packet meets them.
    pub fn doubts(&self) -> impl Iterator<Item = &Doubt> {
        self.forward
            .doubts()
            .chain(self.reply.iter().flat_map(Leg::doubts))
    }
}

/// One way that a packet and its answer may take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// The way of the first packet.
    pub forward: Leg,
    /// The way of the answer; `None` if there is nothing to answer, or the first packet did not arrive.
    pub reply: Option<Leg>,
    /// The answer for this way.
    pub reachability: Reachability,
}

impl Way {
    /// The way where there is none to choose from.
    const fn unknown() -> Self {
        let disposition = Disposition::Undetermined(Doubt::DependsOnWay);
        let forward = Leg {
            hops: Vec::new(),
            disposition,
            reached: None,
        };
        Self {
            forward,
            reply: None,
            reachability: Reachability::Undetermined,
        }
    }
}

/// What ways say together among which AWS chooses.
pub(crate) fn combine(ways: &[Way]) -> Reachability {
    let mut answers = ways.iter().map(|way| way.reachability);
    let first = answers.next().unwrap_or(Reachability::Undetermined);
    if answers.all(|answer| answer == first) {
        first
    } else {
        Reachability::Undetermined
    }
}

/// The way of one packet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leg {
    /// Where it passes, in order.
    pub hops: Vec<Hop>,
    /// Its fate.
    pub disposition: Disposition,
    /// Where it arrives, also if a step before is in doubt.
    pub reached: Option<Endpoint>,
}

impl Leg {
    /// All doubts on this way, in order.
    pub fn doubts(&self) -> impl Iterator<Item = &Doubt> {
        let steps = self.hops.iter().flat_map(|hop| &hop.steps);
        steps.filter_map(|step| match step {
            Step::Unknown(doubt) => Some(doubt),
            Step::Allowed(_) | Step::Denied(_) => None,
        })
    }
}

/// The fate of a packet. This list is complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Disposition {
    /// It arrives, for certain.
    Delivered(Endpoint),
    /// It arrives, for certain, at something that AWS runs and the snapshot does not hold.
    DeliveredToService(Service),
    /// It is dropped, for certain.
    Denied(Reason),
    /// It may arrive or not: the first doubt.
    Undetermined(Doubt),
}

/// A service of AWS that is no interface of the snapshot. This list is complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Service {
    /// Time, metadata or the router of the subnet: nothing filters the way to them.
    Platform,
    /// Amazon DNS: nothing filters the way to it, and it asks name servers anywhere.
    Resolver,
    /// The service behind a gateway endpoint.
    GatewayEndpoint,
}

/// A place where a packet passes, with what is asked there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hop {
    /// Where.
    pub at: Place,
    /// The packet as it arrives there.
    pub packet: Packet,
    /// What is asked there, in order.
    pub steps: Vec<Step>,
}

/// A place on the way of a packet. This list is complete.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// A network interface, where groups are asked.
    Interface(Index<NetworkInterface>),
    /// The border of a subnet, where its ACL and its route table are asked.
    Subnet(Index<Subnet>),
    /// An internet gateway.
    InternetGateway(Index<InternetGateway>),
    /// An egress-only internet gateway.
    EgressOnlyInternetGateway(Index<EgressOnlyInternetGateway>),
    /// A NAT gateway.
    NatGateway(Index<NatGateway>),
    /// A peering connection.
    Peering(Index<VpcPeeringConnection>),
    /// A transit gateway, entered from this attachment.
    TransitGateway(Index<TransitGatewayAttachment>),
    /// A VPN gateway.
    VpnGateway(Index<VpnGateway>),
    /// A core network, entered from this attachment.
    CoreNetwork(Index<CoreNetworkAttachment>),
    /// A Client VPN endpoint.
    ClientVpn(Index<ClientVpnEndpoint>),
    /// A network at the other end of this uplink that nobody declared.
    UnknownNetwork(Uplink),
    /// An endpoint that appliances stand behind.
    Endpoint(ResourceId),
    /// The internet.
    Internet,
    /// An office network.
    Office(Index<OfficeNetwork>),
    /// Where nothing of the snapshot stands.
    Elsewhere,
}

impl Place {
    /// The place in words: name and id.
    pub fn describe(&self, snapshot: &Snapshot) -> String {
        match *self {
            Self::Endpoint(ref id) => id.to_string(),
            Self::Interface(index) => named(snapshot.interfaces(), index),
            Self::Subnet(index) => named(snapshot.subnets(), index),
            Self::InternetGateway(index) => named(snapshot.internet_gateways(), index),
            Self::EgressOnlyInternetGateway(index) => named(snapshot.egress_only_gateways(), index),
            Self::NatGateway(index) => named(snapshot.nat_gateways(), index),
            Self::Peering(index) => named(snapshot.peerings(), index),
            Self::TransitGateway(index) => {
                let attachment = snapshot.transit_attachments().get(index);
                let by = named(snapshot.transit_attachments(), index);
                format!("{} from {by}", attachment.gateway.id())
            }
            Self::VpnGateway(index) => named(snapshot.vpn_gateways(), index),
            Self::CoreNetwork(index) => {
                let attachment = snapshot.core_attachments().get(index);
                let by = named(snapshot.core_attachments(), index);
                format!("{} from {by}", attachment.core_network)
            }
            Self::ClientVpn(index) => named(snapshot.client_vpn_endpoints(), index),
            Self::UnknownNetwork(uplink) => {
                format!("the unknown network behind {}", behind(snapshot, uplink))
            }
            Self::Internet => "the internet".to_owned(),
            Self::Office(index) => named(snapshot.offices(), index),
            Self::Elsewhere => "an unknown network".to_owned(),
        }
    }
}

/// One thing that was asked at a hop, and the answer. This list is complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// It lets the packet pass, on this ground.
    Allowed(Ground),
    /// It drops the packet, for this reason.
    Denied(Reason),
    /// The input does not tell.
    Unknown(Doubt),
}

impl Step {
    /// The step in one line: lower case, no full stop, with names and ids.
    pub fn describe(&self, snapshot: &Snapshot) -> String {
        match self {
            Self::Allowed(ground) => ground.describe(snapshot),
            Self::Denied(reason) => reason.describe(snapshot),
            Self::Unknown(doubt) => doubt.describe(snapshot),
        }
    }

    /// Where the rule, entry, route or resource that decided was read.
    pub fn origin<'a>(&self, snapshot: &'a Snapshot) -> Option<&'a Origin> {
        match self {
            Self::Allowed(ground) => ground.origin(snapshot),
            Self::Denied(reason) => reason.origin(snapshot),
            Self::Unknown(_) => None,
        }
    }
}
