//! A folder of saved answers, and its ends by id, address or name.

use std::net::IpAddr;
use std::path::Path;

use model::{Endpoint, OfficeNetwork, Origin, Reachability, Resource, Snapshot};
use packet::{Family, Protocol, Service};

use crate::both::{Both, question};

/// Reads a folder, with the office networks of its `watertight.toml` if it has one.
///
/// # Errors
///
/// If nothing can be read.
pub fn load(folder: &Path) -> Result<Snapshot, String> {
    let offices = offices(&folder.join("watertight.toml"))?;
    let loaded = ingest::load(&[folder.to_owned()], offices);
    loaded
        .map(|loaded| loaded.snapshot)
        .map_err(|error| error.to_string())
}

/// The `[[office]]` tables of a configuration; none if there is no such file.
fn offices(path: &Path) -> Result<Vec<OfficeNetwork>, String> {
    let Ok(text) = std::fs::read_to_string(path) else {
        return Ok(Vec::new());
    };
    let table: toml::Table = text.parse().map_err(|error| format!("{error}"))?;
    let offices = table.get("office").and_then(toml::Value::as_array);
    let origin = Origin::new(path.to_string_lossy().into(), "");
    let office = |value: &toml::Value| {
        let name = value.get("name")?.as_str()?;
        let cidrs = value.get("cidrs")?.as_array()?.iter();
        let cidrs = cidrs
            .filter_map(|cidr| cidr.as_str()?.parse().ok())
            .collect();
        Some(OfficeNetwork::declared(name, cidrs, origin.clone()))
    };
    Ok(offices.into_iter().flatten().filter_map(office).collect())
}

/// A host on the internet that no recorded network holds.
pub const INTERNET: [IpAddr; 2] = [
    IpAddr::V4(std::net::Ipv4Addr::new(8, 8, 8, 8)),
    IpAddr::V6(std::net::Ipv6Addr::new(
        0x2001, 0x4860, 0x4860, 0, 0, 0, 0, 0x8888,
    )),
];

/// All endpoints that a text names: an address, an instance, an interface, `internet`, or the name of an office.
pub fn endpoints(snapshot: &Snapshot, text: &str) -> Vec<Endpoint> {
    if let Ok(address) = text.parse() {
        return vec![testkit::endpoint_at(snapshot, address)];
    }
    if text == "internet" {
        return INTERNET
            .map(|address| Endpoint::Internet { address })
            .to_vec();
    }
    let is_named = |name: Option<&str>| name == Some(text);
    let mut found = Vec::new();
    for (index, interface) in snapshot.interfaces().iter() {
        let instance = interface.instance.as_ref();
        let owner = instance
            .and_then(model::Link::target)
            .map(|index| snapshot.instances().get(index));
        let is_meant = interface.id.as_str() == text
            || instance.is_some_and(|link| link.id().as_str() == text)
            || is_named(interface.name())
            || owner.is_some_and(|instance| is_named(instance.name()));
        if is_meant {
            let held = interface.addresses.iter();
            let addresses = held
                .flat_map(|held| [Some(held.address), held.public])
                .flatten();
            found.extend(addresses.map(|address| Endpoint::Interface {
                interface: index,
                address,
            }));
        }
    }
    let offices = snapshot
        .offices()
        .iter()
        .filter(|(_, office)| is_named(office.name()));
    for (office, network) in offices {
        let addresses = network.cidrs.iter().filter_map(|cidr| inside(cidr.first()));
        found.extend(addresses.map(|address| Endpoint::Office { office, address }));
    }
    found
}

fn inside(first: IpAddr) -> Option<IpAddr> {
    Family::of(first).address(Family::number(first) + 5)
}

/// Whether a public address of an interface, which cannot be a source.
fn is_public_face(snapshot: &Snapshot, endpoint: &Endpoint) -> bool {
    let Endpoint::Interface { interface, address } = endpoint else {
        return false;
    };
    !snapshot.interfaces().get(*interface).holds(*address)
}

/// The service of a row of a table: `tcp`, `udp` or `icmp`, and a port.
pub fn service(protocol: &str, port: &str, family: Family) -> Option<Service> {
    match (protocol, family) {
        ("icmp", Family::V4) => "icmp/echo".parse().ok(),
        ("icmp", Family::V6) => "icmpv6/echo".parse().ok(),
        ("tcp" | "udp", _) => format!("{protocol}/{port}").parse().ok(),
        (number, _) => number
            .parse()
            .ok()
            .map(|number| Service::Protocol(Protocol(number))),
    }
}

/// The answers of `trace` and `engine` for all endpoints of two texts together: reachable through at least one pair,
/// or blocked for all.
///
/// # Errors
///
/// If a text names nothing, the row means nothing, or the two do not agree.
pub fn answer(
    both: &Both<'_>,
    from: &str,
    to: &str,
    protocol: &str,
    port: &str,
) -> Result<(Reachability, String), String> {
    let snapshot = both.engine.snapshot();
    let mut sources = endpoints(snapshot, from);
    let targets = endpoints(snapshot, to);
    if 1 < sources.len() {
        sources.retain(|source| !is_public_face(snapshot, source));
    }
    let mut answers = Vec::new();
    for source in &sources {
        for target in &targets {
            let family = Family::of(target.address());
            if Family::of(source.address()) != family {
                continue;
            }
            let service = service(protocol, port, family).ok_or("no such service")?;
            let asked = both.ask(*source, question(service, target.address()));
            let asked = asked.ok_or("the question fits no packet")?;
            if !asked.agree() {
                let (trace, engine) = (asked.trace, asked.engine);
                return Err(format!(
                    "trace says {trace:?} ({}), engine says {engine:?}",
                    asked.why
                ));
            }
            answers.push((asked.trace, asked.why));
        }
    }
    together(answers).ok_or_else(|| format!("`{from}` or `{to}` names nothing"))
}

/// Reachable if one is, blocked if all are.
fn together(mut answers: Vec<(Reachability, String)>) -> Option<(Reachability, String)> {
    let rank = |answer: &Reachability| match answer {
        Reachability::Reachable => 0,
        Reachability::Undetermined => 1,
        Reachability::Blocked => 2,
    };
    answers.sort_by_key(|(answer, _)| rank(answer));
    answers.into_iter().next()
}

/// An answer in the words of tables.
pub const fn word(answer: Reachability) -> &'static str {
    match answer {
        Reachability::Reachable => "reachable",
        Reachability::Blocked => "blocked",
        Reachability::Undetermined => "undetermined",
    }
}
