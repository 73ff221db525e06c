//! Expected answers.

use std::net::IpAddr;

use model::{Endpoint, NetworkInterface, Reachability, Resource, Snapshot};
use packet::{Family, Service, is_public};

use super::words::{Result, Words};

/// One expected answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expectation {
    /// The line, counted from one.
    pub line: usize,
    /// Who sends, as written.
    pub from: String,
    /// Who receives, as written.
    pub to: String,
    /// What is sent.
    pub service: Service,
    /// The port that it is sent from; `None` for some client port.
    pub client_port: Option<u16>,
    /// The answer.
    pub answer: Reachability,
    /// The code of what blocks it, where the text tells.
    pub reason: Option<String>,
}

impl Expectation {
    /// Both ends in the assembled network; `None` if one is not there, or they share no family.
    pub fn endpoints(&self, snapshot: &Snapshot) -> Option<(Endpoint, Endpoint)> {
        [Family::V4, Family::V6].into_iter().find_map(|family| {
            let from = endpoint(snapshot, &self.from, family, Role::Source)?;
            let to = endpoint(snapshot, &self.to, family, Role::Destination)?;
            Some((from, to))
        })
    }
}

/// Which end of the packet is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Source,
    Destination,
}

pub(super) fn read(words: &mut Words<'_>) -> Result<Expectation> {
    let line = words.line();
    let from = words.need("the sender")?.to_owned();
    words.literal("->")?;
    let to = words.need("the receiver")?.to_owned();
    let service = words.service()?;
    let has_client = words.skip("client");
    let client_port = has_client.then(|| words.number("a port")).transpose()?;
    let answer = match words.need("an answer")? {
        "reachable" => Reachability::Reachable,
        "blocked" => Reachability::Blocked,
        "undetermined" => Reachability::Undetermined,
        other => return Err(words.unknown(other)),
    };
    let reason = words.next().map(str::to_owned);
    Ok(Expectation {
        line,
        from,
        to,
        service,
        client_port,
        answer,
        reason,
    })
}

/// The end that a text names, by an address of the family.
fn endpoint(snapshot: &Snapshot, text: &str, family: Family, role: Role) -> Option<Endpoint> {
    let (name, choice) = match text.split_once('/') {
        Some((name, choice)) => (name, Some(choice)),
        None => (text, None),
    };
    let is_wanted = |address: &IpAddr| {
        Family::of(*address) == family
            && match choice {
                None => true,
                Some("v4") => family == Family::V4,
                Some("v6") => family == Family::V6,
                Some(chosen) => chosen.parse() == Ok(*address),
            }
    };
    if let Ok(address) = name.parse::<IpAddr>() {
        return is_wanted(&address).then(|| endpoint_at(snapshot, address));
    }
    if name == "internet" {
        let address = internet_host(family);
        return is_wanted(&address).then_some(Endpoint::Internet { address });
    }
    if let Some(index) = snapshot.interfaces().find(name) {
        let held = addresses(snapshot.interfaces().get(index), role);
        let address = held.into_iter().find(is_wanted)?;
        return Some(Endpoint::Interface {
            interface: index,
            address,
        });
    }
    let offices = snapshot.offices();
    let (office, network) = offices
        .iter()
        .find(|(_, office)| office.name() == Some(name))?;
    let address = network
        .cidrs
        .iter()
        .map(packet::Prefix::first)
        .find_map(inside)?;
    is_wanted(&address).then_some(Endpoint::Office { office, address })
}

/// The addresses by which an interface can be named, the primary one first.
fn addresses(interface: &NetworkInterface, role: Role) -> Vec<IpAddr> {
    let held = interface.addresses.iter();
    let private = held.clone().map(|held| held.address);
    let public = held.filter_map(|held| held.public);
    match role {
        Role::Source => private.collect(),
        Role::Destination => private.chain(public).collect(),
    }
}

/// The fifth address after the first of a block.
fn inside(first: IpAddr) -> Option<IpAddr> {
    Family::of(first).address(Family::number(first) + 5)
}

/// A host on the internet that no network holds.
fn internet_host(family: Family) -> IpAddr {
    match family {
        Family::V4 => IpAddr::from([198, 51, 100, 7]),
        Family::V6 => IpAddr::from([0x2600, 0x9000, 0, 0, 0, 0, 0, 7]),
    }
}

/// Whoever answers to an address: the interface that holds it, else the one that it is a public address of, else an
/// office, else the internet or nobody.
pub fn endpoint_at(snapshot: &Snapshot, address: IpAddr) -> Endpoint {
    let interfaces = || snapshot.interfaces().iter();
    let holder = interfaces().find(|(_, interface)| interface.holds(address));
    let named = || interfaces().find(|(_, interface)| interface.private_of(address).is_some());
    if let Some((interface, _)) = holder.or_else(named) {
        return Endpoint::Interface { interface, address };
    }
    let mut offices = snapshot.offices().iter();
    if let Some((office, _)) = offices.find(|(_, office)| office.contains(address)) {
        return Endpoint::Office { office, address };
    }
    let mut vpcs = snapshot.vpcs().rows().iter();
    if is_public(address) && !vpcs.any(|vpc| vpc.contains(address)) {
        Endpoint::Internet { address }
    } else {
        Endpoint::Unknown { address }
    }
}
