//! The one table of service names.

use crate::{Protocol, Service};

/// A name that people use for a well-known service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NamedService {
    /// The name, in lower case.
    pub name: &'static str,
    /// TCP or UDP.
    pub protocol: Protocol,
    /// The port that the service listens on by default.
    pub port: u16,
}

const fn tcp(name: &'static str, port: u16) -> NamedService {
    NamedService {
        name,
        protocol: Protocol::TCP,
        port,
    }
}

const fn udp(name: &'static str, port: u16) -> NamedService {
    NamedService {
        name,
        protocol: Protocol::UDP,
        port,
    }
}

/// Every service name that selectors, rules and output know; sorted by protocol and port.
pub const SERVICE_NAMES: &[NamedService] = &[
    tcp("ftp", 21),
    tcp("ssh", 22),
    tcp("telnet", 23),
    tcp("smtp", 25),
    tcp("dns-tcp", 53),
    tcp("http", 80),
    tcp("kerberos", 88),
    tcp("rpcbind", 111),
    tcp("msrpc", 135),
    tcp("netbios", 139),
    tcp("ldap", 389),
    tcp("https", 443),
    tcp("smb", 445),
    tcp("ldaps", 636),
    tcp("mssql", 1433),
    tcp("oracle", 1521),
    tcp("nfs", 2049),
    tcp("docker", 2375),
    tcp("docker-tls", 2376),
    tcp("etcd", 2379),
    tcp("squid", 3128),
    tcp("mysql", 3306),
    tcp("rdp", 3389),
    tcp("redshift", 5439),
    tcp("postgres", 5432),
    tcp("vnc", 5900),
    tcp("winrm", 5985),
    tcp("winrm-tls", 5986),
    tcp("redis", 6379),
    tcp("kubernetes", 6443),
    tcp("http-alt", 8080),
    tcp("https-alt", 8443),
    tcp("cassandra", 9042),
    tcp("kafka", 9092),
    tcp("opensearch", 9200),
    tcp("kubelet", 10250),
    tcp("memcached", 11211),
    tcp("mongodb", 27017),
    udp("dns", 53),
    udp("tftp", 69),
    udp("ntp", 123),
    udp("snmp", 161),
    udp("ike", 500),
    udp("syslog", 514),
    udp("openvpn", 1194),
    udp("ike-nat", 4500),
];

/// The name of a service that is one port with an entry in [`SERVICE_NAMES`].
pub fn service_name(service: &Service) -> Option<&'static str> {
    let Service::Ports { protocol, ports } = service else {
        return None;
    };
    let is_same =
        |named: &&NamedService| named.protocol == *protocol && named.port == ports.first();
    (ports.first() == ports.last())
        .then(|| SERVICE_NAMES.iter().find(is_same).map(|named| named.name))?
}
