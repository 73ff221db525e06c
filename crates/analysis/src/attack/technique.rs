//! Hops in the words of MITRE ATT&CK.

use packet::{PacketSet, PortRange, Protocol, Service};

use crate::channels::ChannelKind;
use crate::owner::Role;
use crate::subject::SubjectKind;

/// A technique of MITRE ATT&CK for Enterprise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Technique {
    /// `T1021.004` …
    pub id: &'static str,
    /// Its name.
    pub name: &'static str,
}

const fn technique(id: &'static str, name: &'static str) -> Technique {
    Technique { id, name }
}

const EXPLOIT_PUBLIC: Technique = technique("T1190", "Exploit Public-Facing Application");
const EXTERNAL_REMOTE: Technique = technique("T1133", "External Remote Services");
const EXPLOIT_REMOTE: Technique = technique("T1210", "Exploitation of Remote Services");
const DATABASES: Technique =
    technique("T1213.006", "Data from Information Repositories: Databases");
const SHARED_DRIVE: Technique = technique("T1039", "Data from Network Shared Drive");

const CLOUD_COMMAND: Technique = technique("T1651", "Cloud Administration Command");
const DIRECT_CLOUD: Technique =
    technique("T1021.008", "Remote Services: Direct Cloud VM Connections");

/// The techniques of a hop without packets.
pub(crate) const fn by_channel(kind: ChannelKind) -> &'static [Technique] {
    match kind {
        ChannelKind::SessionManager => &[CLOUD_COMMAND, DIRECT_CLOUD],
        ChannelKind::InstanceConnect => &[DIRECT_CLOUD],
        ChannelKind::NetworkChanges | ChannelKind::SharedRole | ChannelKind::MetadataVersion1 => {
            &[]
        }
    }
}

/// Ports by which hosts are used from afar, with the technique of each.
const REMOTE_SERVICES: &[(u16, u16, Technique)] = &[
    (22, 22, technique("T1021.004", "Remote Services: SSH")),
    (
        3389,
        3389,
        technique("T1021.001", "Remote Services: Remote Desktop Protocol"),
    ),
    (
        445,
        445,
        technique("T1021.002", "Remote Services: SMB/Windows Admin Shares"),
    ),
    (
        5985,
        5986,
        technique("T1021.006", "Remote Services: Windows Remote Management"),
    ),
    (
        135,
        135,
        technique(
            "T1021.003",
            "Remote Services: Distributed Component Object Model",
        ),
    ),
    (5900, 5906, technique("T1021.005", "Remote Services: VNC")),
    (23, 23, technique("T1021", "Remote Services")),
    (2375, 2376, technique("T1610", "Deploy Container")),
    (
        6443,
        6443,
        technique("T1609", "Container Administration Command"),
    ),
    (
        10250,
        10250,
        technique("T1609", "Container Administration Command"),
    ),
];

/// The techniques of a hop, the plainest first. `is_passed_on` says that a load balancer or the like stands between.
pub fn techniques(
    from: SubjectKind,
    to: SubjectKind,
    services: &PacketSet,
    is_passed_on: bool,
) -> Vec<Technique> {
    let is_from_outside = !matches!(from, SubjectKind::Hosts(_));
    let used = REMOTE_SERVICES.iter().filter(|(first, last, _)| {
        PortRange::new(*first, *last).is_some_and(|ports| has_tcp(services, ports))
    });
    let mut found: Vec<Technique> = match (prize(to), is_from_outside) {
        (Some(prize), _) => return vec![prize],
        (None, true) => used.map(|_| EXTERNAL_REMOTE).collect(),
        (None, false) => used.map(|(.., technique)| *technique).collect(),
    };
    if is_passed_on {
        found.clear();
    }
    // Whatever else listens there may have a hole.
    found.push(if is_from_outside {
        EXPLOIT_PUBLIC
    } else {
        EXPLOIT_REMOTE
    });
    if !is_more(services) && found.len() > 1 {
        found.pop();
    }
    found.dedup();
    found
}

/// What is done with a service that holds data.
const fn prize(to: SubjectKind) -> Option<Technique> {
    match to {
        SubjectKind::Hosts(Role::Database | Role::Cache | Role::DataService) => Some(DATABASES),
        SubjectKind::Hosts(Role::FileSystem) => Some(SHARED_DRIVE),
        SubjectKind::Hosts(_)
        | SubjectKind::Internet
        | SubjectKind::Office(_)
        | SubjectKind::Addresses => None,
    }
}

/// Whether there is more than the services of remote use.
fn is_more(services: &PacketSet) -> bool {
    let known = REMOTE_SERVICES
        .iter()
        .filter_map(|(first, last, _)| PortRange::new(*first, *last));
    let rest = known.fold(services.clone(), |rest, ports| rest.difference(&tcp(ports)));
    !rest.is_empty()
}

fn has_tcp(services: &PacketSet, ports: PortRange) -> bool {
    !services.intersection(&tcp(ports)).is_empty()
}

fn tcp(ports: PortRange) -> PacketSet {
    PacketSet::from(&Service::Ports {
        protocol: Protocol::TCP,
        ports,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(from: SubjectKind, to: Role, services: &str, expected: &[&str]) {
        let services = PacketSet::from(&services.parse::<Service>().unwrap());
        let found = techniques(from, SubjectKind::Hosts(to), &services, false);
        let ids: Vec<&str> = found.iter().map(|technique| technique.id).collect();
        assert_eq!(ids, expected);
    }

    #[test]
    fn the_port_and_the_side_tell_the_technique() {
        let host = SubjectKind::Hosts(Role::Instance);
        check(host, Role::Instance, "tcp/22", &["T1021.004"]);
        check(host, Role::Instance, "tcp/3389", &["T1021.001"]);
        check(host, Role::Instance, "tcp/8080", &["T1210"]);
        check(host, Role::Instance, "tcp/22-23", &["T1021.004", "T1021"]);
        check(host, Role::Instance, "tcp/20-22", &["T1021.004", "T1210"]);
        check(host, Role::Database, "tcp/5432", &["T1213.006"]);
        check(SubjectKind::Internet, Role::Instance, "tcp/22", &["T1133"]);
        check(SubjectKind::Internet, Role::Instance, "tcp/443", &["T1190"]);
    }
}
