//! What there is.

use std::collections::{BTreeMap, BTreeSet};

use model::{AccountId, Index, Region, Snapshot, Vpc};

use crate::host::HostId;
use crate::landscape::Landscape;
use crate::latent::{Latent, latent};
use crate::owner::Role;
use crate::subject::Subject;

/// What there is, in numbers and by VPC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inventory {
    /// Accounts that own anything.
    pub accounts: Vec<AccountId>,
    /// Regions.
    pub regions: Vec<Region>,
    /// Hosts by role.
    pub hosts: BTreeMap<Role, usize>,
    /// Network interfaces.
    pub interfaces: usize,
    /// Security groups.
    pub groups: usize,
    /// Rules of all groups.
    pub rules: usize,
    /// Network ACLs.
    pub acls: usize,
    /// Route tables.
    pub route_tables: usize,
    /// Subnets.
    pub subnets: usize,
    /// VPCs with what is in them.
    pub vpcs: Vec<VpcInventory>,
    /// Classes of hosts outside every VPC of the snapshot.
    pub elsewhere: Vec<ClassInventory>,
    /// Hosts that are there without taking part.
    pub latent: Vec<Latent>,
    /// Kinds of resources of which the input has no list, by their EC2 names.
    pub missing: Vec<&'static str>,
}

/// What is in a VPC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VpcInventory {
    /// The VPC.
    pub vpc: Index<Vpc>,
    /// Its subnets.
    pub subnets: usize,
    /// Its hosts by class.
    pub classes: Vec<ClassInventory>,
}

/// Hosts that are alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassInventory {
    /// The hosts.
    pub hosts: Subject,
    /// The TCP ports on which the service that they belong to usually listens, the most usual first; none if that is for its user to say. No
    /// answer rests on them.
    pub usual_ports: Vec<u16>,
}

/// What there is.
pub fn inventory(landscape: &Landscape<'_>) -> Inventory {
    let snapshot = landscape.snapshot();
    let mut hosts = BTreeMap::new();
    for (_, host) in landscape.hosts() {
        *hosts.entry(host.owner.role).or_default() += 1;
    }
    let classes_of = |wanted: Option<Index<Vpc>>| -> Vec<ClassInventory> {
        let classes = landscape.classes().filter(|(_, class)| class.vpc == wanted);
        classes
            .map(|(id, class)| ClassInventory {
                hosts: landscape.subject(id, &class.hosts),
                usual_ports: usual_ports(landscape, &class.hosts),
            })
            .collect()
    };
    let vpcs = snapshot.vpcs().iter().map(|(vpc, _)| VpcInventory {
        vpc,
        subnets: snapshot
            .subnets()
            .rows()
            .iter()
            .filter(|subnet| subnet.vpc.is(vpc))
            .count(),
        classes: classes_of(Some(vpc)),
    });
    Inventory {
        accounts: accounts(snapshot),
        regions: regions(snapshot),
        hosts,
        interfaces: snapshot.interfaces().len(),
        groups: snapshot.groups().len(),
        rules: snapshot
            .groups()
            .rows()
            .iter()
            .map(|group| group.rules.len())
            .sum(),
        acls: snapshot.acls().len(),
        route_tables: snapshot.route_tables().len(),
        subnets: snapshot.subnets().len(),
        vpcs: vpcs.collect(),
        elsewhere: classes_of(None),
        latent: latent(landscape),
        missing: missing(snapshot),
    }
}

fn usual_ports(landscape: &Landscape<'_>, hosts: &[HostId]) -> Vec<u16> {
    let interfaces = hosts
        .iter()
        .flat_map(|host| &landscape.host(*host).interfaces);
    let interfaces = interfaces.map(|index| landscape.snapshot().interfaces().get(*index));
    let ports = interfaces.flat_map(|interface| interface.owner().kind.usual_ports());
    let mut usual = Vec::new();
    for port in ports {
        if !usual.contains(port) {
            usual.push(*port);
        }
    }
    usual
}

fn accounts(snapshot: &Snapshot) -> Vec<AccountId> {
    let vpcs = snapshot
        .vpcs()
        .rows()
        .iter()
        .filter_map(|vpc| vpc.owner.clone());
    let interfaces = snapshot
        .interfaces()
        .rows()
        .iter()
        .filter_map(|interface| interface.owner.clone());
    let found: BTreeSet<AccountId> = vpcs.chain(interfaces).collect();
    found.into_iter().collect()
}

fn regions(snapshot: &Snapshot) -> Vec<Region> {
    let vpcs = snapshot
        .vpcs()
        .rows()
        .iter()
        .filter_map(|vpc| vpc.region.clone());
    let interfaces = snapshot
        .interfaces()
        .rows()
        .iter()
        .filter_map(|interface| interface.region.clone());
    let found: BTreeSet<Region> = vpcs.chain(interfaces).collect();
    found.into_iter().collect()
}

/// Kinds that nearly every answer rests on.
const NEEDED: &[(model::Kind, &str)] = &[
    (model::Kind::Vpcs, "vpcs"),
    (model::Kind::Subnets, "subnets"),
    (model::Kind::NetworkInterfaces, "network-interfaces"),
    (model::Kind::SecurityGroups, "security-groups"),
    (model::Kind::NetworkAcls, "network-acls"),
    (model::Kind::RouteTables, "route-tables"),
    (model::Kind::InternetGateways, "internet-gateways"),
];

fn missing(snapshot: &Snapshot) -> Vec<&'static str> {
    let coverage = snapshot.coverage();
    NEEDED
        .iter()
        .filter(|(kind, _)| !coverage.has(*kind))
        .map(|(_, name)| *name)
        .collect()
}
