//! What is there without taking part: interfaces that are attached to nothing, machines that do not run.

use model::{Index, InstanceState, InterfaceStatus, Link, NetworkInterface};

use crate::landscape::Landscape;
use crate::owner::Nature;
use crate::subject::Subject;

/// Hosts that no live way ends at, and that will be reached once they run or are attached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Latent {
    /// The hosts.
    pub hosts: Subject,
    /// Why nothing reaches them now.
    pub because: Dormant,
}

/// Why a host takes no part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dormant {
    /// The instance does not run.
    Stopped,
    /// The interface is attached to nothing.
    Unattached,
}

impl Dormant {
    /// The reason in words.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Stopped => "not running",
            Self::Unattached => "not attached",
        }
    }
}

/// All hosts that are there without taking part, by class.
pub(crate) fn latent(landscape: &Landscape<'_>) -> Vec<Latent> {
    let mut found = Vec::new();
    for (class, row) in landscape.classes() {
        for because in [Dormant::Stopped, Dormant::Unattached] {
            let is_meant = |id: &&crate::host::HostId| {
                let interfaces = &landscape.host(**id).interfaces;
                let all = interfaces.iter().map(|index| dormant(landscape, *index));
                let mut all = all.peekable();
                all.peek().is_some() && all.all(|one| one == Some(because))
            };
            let hosts: Vec<_> = row.hosts.iter().filter(is_meant).copied().collect();
            if !hosts.is_empty() && row.role.nature() != Nature::Inert {
                found.push(Latent {
                    hosts: landscape.subject(class, &hosts),
                    because,
                });
            }
        }
    }
    found
}

fn dormant(landscape: &Landscape<'_>, index: Index<NetworkInterface>) -> Option<Dormant> {
    let interface = landscape.snapshot().interfaces().get(index);
    let instance = interface.instance.as_ref().and_then(Link::target);
    let state = instance.map(|instance| landscape.snapshot().instances().get(instance).state);
    match (state, interface.status) {
        (Some(InstanceState::Stopped | InstanceState::Terminated), _) => Some(Dormant::Stopped),
        (_, InterfaceStatus::Unattached) => Some(Dormant::Unattached),
        (_, InterfaceStatus::Attached | InterfaceStatus::Unknown) => None,
    }
}

/// Hosts where an attacker could sit that reach nothing on the internet, and of which the resolver of the VPC still
/// takes questions: nothing but a DNS Firewall filters those, and they lead out.
///
/// # Source
///
/// VPC User Guide: Internetwork traffic privacy; Route 53 Developer Guide: DNS Firewall.
pub(crate) fn resolver_only(landscape: &Landscape<'_>) -> Vec<Subject> {
    let internet = landscape.internet();
    let mut found = Vec::new();
    for (class, row) in landscape.classes() {
        let reaches_out = row.cells.iter().any(|cell| {
            !landscape
                .union_of(&landscape.cell(*cell).sources, &internet)
                .is_nothing()
        });
        if reaches_out || !crate::lateral::is_foothold(row.role) {
            continue;
        }
        let asks = |id: &&crate::host::HostId| asks_resolver(landscape, **id);
        let hosts: Vec<_> = row.hosts.iter().filter(asks).copied().collect();
        if !hosts.is_empty() {
            found.push(landscape.subject(class, &hosts));
        }
    }
    found
}

/// The resolver's addresses that every VPC has, in each family.
const RESOLVERS: [&str; 2] = ["169.254.169.253", "fd00:ec2::253"];

fn asks_resolver(landscape: &Landscape<'_>, host: crate::host::HostId) -> bool {
    let senders = landscape.senders(&[host]);
    let resolvers = RESOLVERS.iter().filter_map(|text| text.parse().ok());
    resolvers.into_iter().any(|resolver| {
        let question = trace::Question::udp(resolver, 53);
        senders.iter().any(|sender| {
            let answer = landscape.tracer().ask(*sender, question);
            answer.is_some_and(|trace| trace.reachability == model::Reachability::Reachable)
        })
    })
}
