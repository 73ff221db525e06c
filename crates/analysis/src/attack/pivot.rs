//! What makes the next host fall.

use std::collections::BTreeMap;
use std::sync::Arc;

use packet::{PacketSet, PortRange, Protocol, Service};

use super::listening::Listening;
use crate::catalog::ports;
use crate::host::HostId;
use crate::landscape::Landscape;
use crate::owner::Nature;

/// What makes a host one from which the attacker goes on.
///
/// Managed services never fall: any service by which one is reached counts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum PivotModel {
    /// Any service that can be reached, on any host that can open connections of its own.
    AnyService,
    /// Services of remote administration, of containers, and databases that run programs for their clients.
    RemoteAdministration,
    /// These services only.
    Services(PacketSet),
    /// Services at which something is known to listen.
    Listening(Arc<Listening>),
}

/// Databases whose clients may start programs on the host: SQL Server, Oracle, `PostgreSQL`, Redis.
const RUNS_PROGRAMS: &[u16] = &[1433, 1521, 5432, 6379];

/// The API of Kubernetes: whoever uses it runs what he likes in a container.
const KUBERNETES: u16 = 6443;

impl PivotModel {
    /// The services by which a host counts as reached.
    pub(crate) fn services_on(&self, landscape: &Landscape<'_>, host: HostId) -> PacketSet {
        if let Self::Listening(listening) = self {
            return listening.on(landscape, host);
        }
        match landscape.host(host).owner.role.nature() {
            Nature::Prize | Nature::Through | Nature::Inert => PacketSet::full(),
            Nature::Pivot => self.services_anywhere(),
        }
    }

    /// The services by which something falls of which only the model says what runs there.
    pub(crate) fn services_anywhere(&self) -> PacketSet {
        match self {
            // Nothing tells what listens in an office.
            Self::AnyService | Self::Listening(_) => PacketSet::full(),
            Self::RemoteAdministration => remote_administration(),
            Self::Services(services) => services.clone(),
        }
    }

    /// Hosts of one cell by the services by which they count as reached.
    pub(crate) fn by_services(
        &self,
        landscape: &Landscape<'_>,
        hosts: &[HostId],
    ) -> BTreeMap<PacketSet, Vec<HostId>> {
        let mut parts: BTreeMap<PacketSet, Vec<HostId>> = BTreeMap::new();
        match (self, hosts) {
            (Self::Listening(_), _) => {
                for host in hosts {
                    let services = self.services_on(landscape, *host);
                    parts.entry(services).or_default().push(*host);
                }
            }
            (_, [first, ..]) => {
                parts.insert(self.services_on(landscape, *first), hosts.to_vec());
            }
            (_, []) => {}
        }
        parts
    }
}

fn remote_administration() -> PacketSet {
    let more = RUNS_PROGRAMS.iter().chain(&[KUBERNETES]);
    more.fold(ports::admin(), |all, port| all.union(&tcp(*port)))
}

fn tcp(port: u16) -> PacketSet {
    PacketSet::from(&Service::Ports {
        protocol: Protocol::TCP,
        ports: PortRange::single(port),
    })
}
