//! Services that matter to attackers.

use packet::{PacketSet, PortRange, Protocol, Service};

/// Ports of remote administration: whoever reaches them and has a secret, or an exploit, owns the host.
const ADMIN: &[(u16, u16)] = &[
    (22, 22),
    (23, 23),
    (135, 135),
    (139, 139),
    (445, 445),
    (2375, 2376),
    (3389, 3389),
    (5900, 5906),
    (5985, 5986),
    (10250, 10250),
];

/// Ports of databases and caches.
const DATABASE: &[(u16, u16)] = &[
    (1433, 1434),
    (1521, 1521),
    (3306, 3306),
    (5432, 5432),
    (5439, 5439),
    (6379, 6380),
    (8182, 8182),
    (9042, 9042),
    (9200, 9200),
    (9300, 9300),
    (11211, 11211),
    (27017, 27019),
];

/// All services of remote administration.
pub(crate) fn admin() -> PacketSet {
    tcp(ADMIN)
}

/// All services of databases.
pub(crate) fn database() -> PacketSet {
    tcp(DATABASE)
}

fn tcp(ranges: &[(u16, u16)]) -> PacketSet {
    let services = ranges.iter().filter_map(|&(first, last)| {
        let ports = PortRange::new(first, last)?;
        Some(PacketSet::from(&Service::Ports {
            protocol: Protocol::TCP,
            ports,
        }))
    });
    services.fold(PacketSet::empty(), |all, service| all.union(&service))
}
