//! What a blast radius comes to: the crown jewels in it, and the networks beyond the foothold's own.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use model::{Index, Vpc};

use crate::host::{HostClassId, HostId};
use crate::landscape::{Landscape, Selection};
use crate::owner::{Nature, Role};
use crate::spread::{Reached, Spread};
use crate::subject::Subject;

/// Crown jewels that are reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Jewel {
    /// The hosts.
    pub hosts: Subject,
    /// At which hop the first of them is reached.
    pub hop: usize,
    /// Whether it is certain.
    pub is_certain: bool,
}

/// A VPC in which nothing belongs to the foothold, and into which the intruder gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherVpc {
    /// The VPC.
    pub vpc: Index<Vpc>,
    /// At which hop the first of its hosts is reached.
    pub hop: usize,
    /// How many of its hosts are reached.
    pub n_hosts: usize,
    /// How many hosts it has that accept connections.
    pub of: usize,
    /// Whether it is certain.
    pub is_certain: bool,
}

/// An environment in which nothing belongs to the foothold, and into which the intruder gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherEnvironment {
    /// What it is called.
    pub name: Arc<str>,
    /// At which hop the first of its hosts is reached.
    pub hop: usize,
    /// How many of its hosts are reached.
    pub n_hosts: usize,
    /// How many hosts it has that accept connections.
    pub of: usize,
    /// Whether it is certain.
    pub is_certain: bool,
}

/// Secrets are fetched through endpoints of these services.
const SECRETS: &[&str] = &["secretsmanager", "ssm", "kms"];

/// The crown jewels that are reached: hosts that are marked, or else what their type makes one.
pub(crate) fn jewels(
    landscape: &Landscape<'_>,
    marked: Option<&[Selection]>,
    (certain, possible): (&Spread, &Spread),
) -> Vec<Jewel> {
    let marked = marked.map(|marked| hosts_of(landscape, marked));
    let is_jewel = |host: &HostId| match &marked {
        Some(marked) => marked.contains(host),
        None => is_jewel_by_type(landscape, *host),
    };
    let mut found = Vec::new();
    for (spread, is_certain) in [(certain, true), (possible, false)] {
        let mut classes: BTreeMap<HostClassId, (usize, Vec<HostId>)> = BTreeMap::new();
        let reached = spread.reached.iter().filter(|(host, _)| is_jewel(host));
        for (host, Reached { hop, .. }) in reached {
            let class = classes.entry(landscape.class_of(*host));
            let (first, hosts) = class.or_insert_with(|| (*hop, Vec::new()));
            *first = (*first).min(*hop);
            hosts.push(*host);
        }
        found.extend(classes.into_iter().map(|(class, (hop, hosts))| Jewel {
            hosts: landscape.subject(class, &hosts),
            hop,
            is_certain,
        }));
    }
    found.sort_by_key(|jewel| (!jewel.is_certain, jewel.hop));
    found
}

fn hosts_of(landscape: &Landscape<'_>, marked: &[Selection]) -> BTreeSet<HostId> {
    let endpoints = marked.iter().flat_map(|one| landscape.endpoints(one));
    endpoints
        .filter_map(|endpoint| landscape.host_of(&endpoint))
        .collect()
}

fn is_jewel_by_type(landscape: &Landscape<'_>, host: HostId) -> bool {
    let host = landscape.host(host);
    match host.owner.role {
        Role::Database | Role::Cache | Role::DataService | Role::FileSystem | Role::Directory => {
            true
        }
        Role::Endpoint => {
            let endpoints = landscape.snapshot().vpc_endpoints();
            let mut of_host = endpoints.rows().iter().filter(|endpoint| {
                let mut interfaces = endpoint.interfaces.iter().filter_map(model::Link::target);
                interfaces.any(|interface| host.interfaces.contains(&interface))
            });
            of_host.any(|endpoint| {
                endpoint
                    .service
                    .split('.')
                    .any(|part| SECRETS.contains(&part))
            })
        }
        Role::Instance
        | Role::Container
        | Role::Interface
        | Role::Function
        | Role::LoadBalancer
        | Role::ControlPlane
        | Role::Resolver
        | Role::NatGateway
        | Role::TransitGateway
        | Role::Managed => false,
    }
}

/// The VPCs into which the intruder gets, but for those of the foothold.
pub(crate) fn other_vpcs(landscape: &Landscape<'_>, spreads: (&Spread, &Spread)) -> Vec<OtherVpc> {
    let vpc_of = |host: HostId| landscape.vpc_of(landscape.host(host));
    let others = others(landscape, spreads, vpc_of).into_iter();
    let others = others.map(|(vpc, share)| OtherVpc {
        vpc,
        hop: share.hop,
        n_hosts: share.n_hosts,
        of: share.of,
        is_certain: share.is_certain,
    });
    others.collect()
}

/// The environments of the foothold, if that of all its hosts is known, and those beside them into which the intruder
/// gets. Where it is not known what the foothold is in, no environment is another one.
pub(crate) fn other_environments(
    landscape: &Landscape<'_>,
    spreads: (&Spread, &Spread),
) -> (Vec<Arc<str>>, Vec<OtherEnvironment>) {
    let (certain, _) = spreads;
    let own = certain.foothold.iter();
    let own = own.map(|host| landscape.environment_of(*host).cloned());
    let Some(own) = own.collect::<Option<BTreeSet<Arc<str>>>>() else {
        return (Vec::new(), Vec::new());
    };
    let environment_of = |host| landscape.environment_of(host).cloned();
    let others = others(landscape, spreads, environment_of).into_iter();
    let others = others.map(|(name, share)| OtherEnvironment {
        name,
        hop: share.hop,
        n_hosts: share.n_hosts,
        of: share.of,
        is_certain: share.is_certain,
    });
    (own.into_iter().collect(), others.collect())
}

/// The part of a place that the intruder reaches.
struct Share {
    hop: usize,
    n_hosts: usize,
    of: usize,
    is_certain: bool,
}

/// The places into which the intruder gets, but for those of the foothold.
fn others<P: Ord>(
    landscape: &Landscape<'_>,
    (certain, possible): (&Spread, &Spread),
    place_of: impl Fn(HostId) -> Option<P>,
) -> Vec<(P, Share)> {
    let accepting = landscape
        .hosts()
        .filter(|(_, host)| host.owner.role.nature() != Nature::Inert);
    let mut sizes: BTreeMap<P, usize> = BTreeMap::new();
    for place in accepting.filter_map(|(host, _)| place_of(host)) {
        *sizes.entry(place).or_default() += 1;
    }
    let own = certain.foothold.iter();
    let own: BTreeSet<P> = own.filter_map(|host| place_of(*host)).collect();
    let mut found = Vec::new();
    for (spread, is_certain) in [(certain, true), (possible, false)] {
        let mut places: BTreeMap<P, (usize, usize)> = BTreeMap::new();
        for (host, Reached { hop, .. }) in &spread.reached {
            if let Some(place) = place_of(*host).filter(|place| !own.contains(place)) {
                let (first, n_hosts) = places.entry(place).or_insert((*hop, 0));
                *first = (*first).min(*hop);
                *n_hosts += 1;
            }
        }
        found.extend(places.into_iter().map(|(place, (hop, n_hosts))| {
            let of = sizes.get(&place).copied().unwrap_or_default();
            let share = Share {
                hop,
                n_hosts,
                of,
                is_certain,
            };
            (place, share)
        }));
    }
    found
}
