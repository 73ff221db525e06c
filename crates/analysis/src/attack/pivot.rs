//! What makes the next host fall.

use packet::{PacketSet, PortRange, Protocol, Service};

use crate::catalog::ports;
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
}

/// Databases whose clients may start programs on the host: SQL Server, Oracle, `PostgreSQL`, Redis.
const RUNS_PROGRAMS: &[u16] = &[1433, 1521, 5432, 6379];

/// The API of Kubernetes: whoever uses it runs what he likes in a container.
const KUBERNETES: u16 = 6443;

impl PivotModel {
    /// The services by which something of this nature counts as reached.
    pub(crate) fn services_on(&self, nature: Nature) -> PacketSet {
        match (self, nature) {
            (Self::AnyService, _) | (_, Nature::Prize | Nature::Through | Nature::Inert) => {
                PacketSet::full()
            }
            (Self::RemoteAdministration, Nature::Pivot) => remote_administration(),
            (Self::Services(services), Nature::Pivot) => services.clone(),
        }
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
