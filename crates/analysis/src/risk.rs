//! How much a service is worth to an intruder.

use packet::{PacketSet, PortRange, Protocol, Service};

use crate::attack::PivotModel;
use crate::owner::{Nature, Role};

/// How much a service is worth to an intruder, the least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Risk {
    /// He needs a hole in it.
    Other,
    /// It hands out data.
    Data,
    /// It lets him run what he likes on the host, given a key or a password.
    Administration,
}

/// Ports of databases and file servers that run no programs for their clients.
const DATA: &[(u16, u16)] = &[
    (111, 111),
    (2049, 2049),
    (3306, 3306),
    (5439, 5439),
    (8182, 8182),
    (9042, 9042),
    (9200, 9200),
    (9300, 9300),
    (11211, 11211),
    (27017, 27019),
];

impl Risk {
    /// All of them, the least first.
    pub const ALL: [Self; 3] = [Self::Other, Self::Data, Self::Administration];

    /// The services of a host of some role that are worth at least this.
    ///
    /// - Administration: what `PivotModel::RemoteAdministration` counts, on hosts that fall.
    /// - Data: that, and ports of databases and file servers; on a managed service that holds data, whatever it answers.
    /// - Other: everything.
    pub(crate) fn services_on(self, role: Role) -> PacketSet {
        let holds_data = matches!(
            role,
            Role::Database | Role::Cache | Role::FileSystem | Role::Directory | Role::DataService
        );
        let is_pivot = role.nature() == Nature::Pivot;
        match self {
            Self::Other => PacketSet::full(),
            Self::Data if holds_data => PacketSet::full(),
            Self::Data if is_pivot => Self::Administration.services_on(role).union(&data()),
            Self::Administration if is_pivot => {
                PivotModel::RemoteAdministration.services_anywhere()
            }
            Self::Data | Self::Administration => PacketSet::empty(),
        }
    }
}

fn data() -> PacketSet {
    let services = DATA.iter().flat_map(|(first, last)| {
        let ports = PortRange::new(*first, *last);
        let of = move |protocol| {
            Some(PacketSet::from(&Service::Ports {
                protocol,
                ports: ports?,
            }))
        };
        [Protocol::TCP, Protocol::UDP].into_iter().filter_map(of)
    });
    services.fold(PacketSet::empty(), |all, one| all.union(&one))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_worth_more_is_part_of_what_is_worth_less() {
        for role in [
            Role::Instance,
            Role::Database,
            Role::LoadBalancer,
            Role::Endpoint,
        ] {
            let of = Risk::ALL.map(|risk| risk.services_on(role));
            assert!(
                of[2].is_subset(&of[1]) && of[1].is_subset(&of[0]),
                "{role:?}"
            );
        }
        let ssh = PacketSet::from(&"tcp/22".parse::<Service>().unwrap());
        assert!(ssh.is_subset(&Risk::Administration.services_on(Role::Instance)));
        assert!(Risk::Administration.services_on(Role::Database).is_empty());
    }
}
