//! How far an intruder gets.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use model::{Endpoint, Index, OfficeNetwork};
use packet::PacketSet;

use crate::answer::Answer;
use crate::attack::{ChannelHop, PivotModel};
use crate::channels::{Channels, channels_of};
use crate::edge::{Edge, WayOut};
use crate::extent::{Jewel, OtherEnvironment, OtherVpc, jewels, other_environments, other_vpcs};
use crate::front::{Front, FrontName};
use crate::host::{HostClassId, HostId};
use crate::landscape::{Landscape, Selection};
use crate::lateral::ways_out;
use crate::owner::{Nature, Role};
use crate::spread::{Mode, Reached, Spread, Start, spread};
use crate::subject::Subject;
use crate::witness::{Claim, Witness, witness};

/// How a blast radius is computed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlastOptions {
    /// What makes a host fall.
    pub model: PivotModel,
    /// The crown jewels; if nobody marks any, databases and the like are taken for some.
    pub jewels: Option<Vec<Selection>>,
    /// Whether the intruder goes on from offices that he comes to, as from a host that falls.
    pub through_offices: bool,
    /// After how many hops to stop.
    pub max_hops: usize,
}

impl Default for BlastOptions {
    fn default() -> Self {
        Self {
            model: PivotModel::AnyService,
            jewels: None,
            through_offices: true,
            max_hops: 32,
        }
    }
}

/// How far an intruder gets from a foothold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blast {
    /// Where the intruder starts.
    pub foothold: Subject,
    /// What was taken to make a host fall.
    pub model: PivotModel,
    /// Hosts and offices that fall, or are reached, for certain; by hop, from one.
    pub certain: Vec<Fall>,
    /// Hosts that may be reached beyond those: the input leaves it open, or a load balancer passes requests on.
    pub possible: Vec<Fall>,
    /// Hosts to which packets can be sent that nobody answers, from what falls for certain.
    pub one_way: Vec<Edge>,
    /// What the intruder reaches outside from hosts that fall for certain.
    pub ways_out: Vec<WayOut>,
    /// The crown jewels among all that is reached.
    pub jewels: Vec<Jewel>,
    /// The VPCs into which the intruder gets from those of the foothold. From outside, all of them.
    pub other_vpcs: Vec<OtherVpc>,
    /// The environments of the foothold; none if that of any of its hosts is not known.
    pub environments: Vec<Arc<str>>,
    /// The environments into which the intruder gets from those of the foothold. From outside, all of them.
    pub other_environments: Vec<OtherEnvironment>,
    /// What hosts that fall for certain, and the foothold, may do beyond the network.
    pub channels: Channels,
    /// Whether the intruder goes on by what leads from host to host of it.
    pub by_channels: bool,
    /// How many other hosts the network has, of those that accept connections.
    pub n_others: usize,
    /// Whether the search stopped at the largest number of hops with more to come.
    pub is_cut_short: bool,
}

/// Hosts of one class, or an office, that are reached at one hop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fall {
    /// The hop, from one.
    pub hop: usize,
    /// The hosts, or the office.
    pub to: Subject,
    /// What reaching them means.
    pub outcome: Outcome,
    /// From whom of the hop before.
    pub from: Subject,
    /// By which packets.
    pub services: PacketSet,
    /// Whether it is certain, and if not, why.
    pub cause: Cause,
    /// The fronts that pass requests on in between, in the order of the way.
    pub via: Vec<FrontName>,
    /// What leads there without packets of the network, if so.
    pub channel: Option<ChannelHop>,
    /// One packet that proves it, with the rules: through a front, its last part.
    pub witness: Option<Witness>,
}

/// What reaching hosts means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// They fall, and the attacker goes on from them.
    Falls,
    /// They are worth having; the attacker does not go on from them.
    Prize,
    /// They pass requests on.
    PassesOn,
}

/// Why hosts are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// Every step is certain.
    Certain,
    /// The input or the model leaves open whether the packets arrive.
    Undetermined,
    /// Requests pass through a load balancer, and the input does not tell all of its targets: this is the most that
    /// its interfaces reach.
    Through,
}

/// How far an intruder gets from a foothold.
pub fn blast(landscape: &Landscape<'_>, foothold: &Selection, options: &BlastOptions) -> Blast {
    let certain = spread(landscape, foothold, Mode::Certain, options);
    let mut possible = spread(landscape, foothold, Mode::Possible, options);
    possible
        .reached
        .retain(|host, _| !certain.reached.contains_key(host));
    possible
        .offices
        .retain(|office, _| !certain.offices.contains_key(office));
    let fallen = fallen(landscape, &certain);
    let accepts = landscape.hosts().filter(|(id, host)| {
        host.owner.role.nature() != Nature::Inert && !certain.foothold.contains(id)
    });
    let spreads = (&certain, &possible);
    let (environments, other_environments) = other_environments(landscape, spreads);
    Blast {
        channels: channels_of(landscape, |host| fallen.contains(&host)),
        by_channels: landscape.goes_by_channels(),
        jewels: jewels(landscape, options.jewels.as_deref(), spreads),
        other_vpcs: other_vpcs(landscape, spreads),
        environments,
        other_environments,
        foothold: landscape.selection_subject(foothold),
        model: options.model.clone(),
        n_others: accepts.count(),
        one_way: one_way(landscape, &certain, &fallen),
        ways_out: ways_out(landscape, &fallen),
        is_cut_short: certain.is_cut_short || possible.is_cut_short,
        certain: falls(landscape, foothold, &certain),
        possible: falls(landscape, foothold, &possible),
    }
}

/// The hosts from which the attacker acts: the foothold and all pivots that fall for certain.
fn fallen(landscape: &Landscape<'_>, spread: &Spread) -> BTreeSet<HostId> {
    let is_pivot = |host: &HostId| landscape.host(*host).owner.role.nature() == Nature::Pivot;
    let reached = spread.reached.keys().copied().filter(is_pivot);
    spread.foothold.iter().copied().chain(reached).collect()
}

/// From where a hop starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Origin {
    Foothold,
    Class(HostClassId),
    Office(Index<OfficeNetwork>),
}

impl Origin {
    fn of(landscape: &Landscape<'_>, start: Start) -> Self {
        match start {
            Start::Outside => Self::Foothold,
            Start::Office(office) => Self::Office(office),
            Start::Cell(cell) => Self::Class(landscape.class_of_cell(cell)),
        }
    }

    /// Who starts a hop from here, by name and by the addresses that send.
    fn senders(
        self,
        landscape: &Landscape<'_>,
        foothold: &Selection,
        (spread, hop): (&Spread, usize),
    ) -> (Subject, Vec<Endpoint>) {
        let outside = |selection: &Selection| {
            (
                landscape.selection_subject(selection),
                landscape.endpoints(selection),
            )
        };
        match self {
            Self::Foothold => outside(foothold),
            Self::Office(office) => outside(&Selection::Office(office)),
            Self::Class(class) => {
                let hosts = starters(landscape, spread, class, hop);
                (landscape.subject(class, &hosts), landscape.senders(&hosts))
            }
        }
    }
}

/// Hosts that are reached in the same way from the same class.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct FallKey {
    hop: usize,
    outcome: Outcome,
    cause: Cause,
    to: HostClassId,
    from: Origin,
    via: Vec<usize>,
    link: Option<usize>,
    services: PacketSet,
}

fn falls(landscape: &Landscape<'_>, foothold: &Selection, spread: &Spread) -> Vec<Fall> {
    let mut found: BTreeMap<FallKey, Vec<HostId>> = BTreeMap::new();
    for (host, reached) in &spread.reached {
        let key = FallKey {
            hop: reached.hop,
            outcome: outcome(landscape.host(*host).owner.role),
            cause: reached.cause,
            to: landscape.class_of(*host),
            from: Origin::of(landscape, reached.from),
            via: reached.via.clone(),
            link: reached.link,
            services: reached.services.clone(),
        };
        found.entry(key).or_default().push(*host);
    }
    let hosts = found
        .into_iter()
        .map(|(key, hosts)| fall(landscape, foothold, spread, key, &hosts));
    let offices = spread.offices.iter();
    let offices = offices
        .map(|(office, reached)| fallen_office(landscape, foothold, spread, *office, reached));
    let mut falls: Vec<Fall> = hosts.chain(offices).collect();
    falls.sort_by_key(|fall| fall.hop);
    falls
}

fn fallen_office(
    landscape: &Landscape<'_>,
    foothold: &Selection,
    spread: &Spread,
    office: Index<OfficeNetwork>,
    reached: &Reached,
) -> Fall {
    let office = Selection::Office(office);
    let origin = Origin::of(landscape, reached.from);
    let (from, senders) = origin.senders(landscape, foothold, (spread, reached.hop));
    let receivers = landscape.endpoints(&office);
    let prove = |claim| witness(landscape, &senders, &receivers, claim, &reached.services);
    Fall {
        hop: reached.hop,
        to: landscape.selection_subject(&office),
        outcome: Outcome::Falls,
        from,
        services: reached.services.clone(),
        cause: reached.cause,
        via: Vec::new(),
        channel: None,
        witness: prove(Claim::Certain).or_else(|| prove(Claim::Undetermined)),
    }
}

fn fall(
    landscape: &Landscape<'_>,
    foothold: &Selection,
    spread: &Spread,
    key: FallKey,
    to: &[HostId],
) -> Fall {
    let (from, senders) = key.from.senders(landscape, foothold, (spread, key.hop));
    let receivers = landscape.receivers(to);
    let last = key
        .via
        .last()
        .and_then(|front| landscape.fronts().get(*front));
    let senders = last.map_or(senders, |front| senders_of(landscape, front));
    let prove = |claim| witness(landscape, &senders, &receivers, claim, &key.services);
    let name = |front: &usize| Some(landscape.fronts().get(*front)?.name.clone());
    let link = key.link.and_then(|link| landscape.links().all.get(link));
    Fall {
        via: key.via.iter().filter_map(name).collect(),
        hop: key.hop,
        to: landscape.subject(key.to, to),
        outcome: key.outcome,
        from,
        cause: key.cause,
        witness: if link.is_some() {
            None
        } else {
            prove(Claim::Certain).or_else(|| prove(Claim::Undetermined))
        },
        channel: link.map(ChannelHop::of),
        services: key.services,
    }
}

/// The addresses from which a front sends to its targets.
fn senders_of(landscape: &Landscape<'_>, front: &Front) -> Vec<Endpoint> {
    let mut senders: Vec<Endpoint> = front
        .doors
        .iter()
        .flat_map(|door| door.from.iter().copied())
        .collect();
    senders.retain(|endpoint| landscape.engine().class_of(endpoint).is_some());
    senders.sort_unstable();
    senders.dedup();
    senders
}

/// The hosts of a class from which a hop starts: those that fell one hop before.
fn starters(
    landscape: &Landscape<'_>,
    spread: &Spread,
    class: HostClassId,
    hop: usize,
) -> Vec<HostId> {
    let starts = |host: &HostId| match spread.reached.get(host) {
        Some(reached) => reached.hop + 1 == hop,
        None if hop == 1 => spread.foothold.contains(host),
        // A spread of what is possible has lost the hosts that fall for certain.
        None => true,
    };
    landscape
        .class(class)
        .hosts
        .iter()
        .copied()
        .filter(starts)
        .collect()
}

const fn outcome(role: Role) -> Outcome {
    match role.nature() {
        Nature::Pivot => Outcome::Falls,
        Nature::Through => Outcome::PassesOn,
        Nature::Prize | Nature::Inert => Outcome::Prize,
    }
}

/// Packets that arrive unanswered at hosts that are not reached otherwise.
fn one_way(landscape: &Landscape<'_>, spread: &Spread, fallen: &BTreeSet<HostId>) -> Vec<Edge> {
    let mut found: BTreeMap<_, (BTreeSet<HostId>, BTreeSet<HostId>)> = BTreeMap::new();
    for (to, cell) in landscape.cells() {
        let targets = cell
            .hosts
            .iter()
            .filter(|host| !fallen.contains(host) && !spread.reached.contains_key(host));
        let targets: Vec<HostId> = targets.copied().collect();
        if targets.is_empty() || cell.role.nature() == Nature::Inert {
            continue;
        }
        let is_wanted = |answer: &Answer| !answer.one_way.is_empty();
        for (answer, from) in landscape.reaching(to, is_wanted) {
            let senders = landscape.cell(from).hosts.iter();
            let mut senders = senders.filter(|host| fallen.contains(host)).peekable();
            if senders.peek().is_none() {
                continue;
            }
            let key = (
                landscape.class_of_cell(from),
                landscape.class_of_cell(to),
                answer.one_way.clone(),
            );
            let (sources, receivers) = found.entry(key).or_default();
            sources.extend(senders);
            receivers.extend(&targets);
        }
    }
    let edges = found
        .into_iter()
        .map(|((from, to, services), (senders, receivers))| {
            let (senders, receivers) = (Vec::from_iter(senders), Vec::from_iter(receivers));
            let (sending, receiving) =
                (landscape.senders(&senders), landscape.receivers(&receivers));
            let proof = witness(landscape, &sending, &receiving, Claim::OneWay, &services);
            let (from, to) = (
                landscape.subject(from, &senders),
                landscape.subject(to, &receivers),
            );
            Edge {
                from,
                to,
                services,
                witness: proof,
            }
        });
    edges.collect()
}
