//! Endpoints that can be found again in a smaller network.

use std::fmt;
use std::net::IpAddr;

use model::{Endpoint, ResourceId, Snapshot};
use packet::{Family, is_public};

/// An endpoint by names instead of indexes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum End {
    /// An interface by its id, and an address of it.
    Interface(ResourceId, IpAddr),
    /// An address in an office network.
    Office(IpAddr),
    /// An address of the internet.
    Internet(IpAddr),
    /// An address of nobody.
    Unknown(IpAddr),
}

impl End {
    /// The endpoint, if the network still holds it.
    pub fn find(&self, snapshot: &Snapshot) -> Option<Endpoint> {
        match self {
            Self::Interface(id, address) => {
                let interface = snapshot.interfaces().find(id.as_str())?;
                let holder = snapshot.interfaces().get(interface);
                let is_held = holder.holds(*address) || holder.private_of(*address).is_some();
                let address = *address;
                is_held.then_some(Endpoint::Interface { interface, address })
            }
            Self::Office(address) => {
                // Which of several offices is meant would depend on the order of their names.
                let offices = snapshot.offices().iter();
                let mut holding = offices.filter(|(_, office)| office.contains(*address));
                let (office, _) = holding.next()?;
                let address = *address;
                let is_alone = holding.next().is_none();
                is_alone.then_some(Endpoint::Office { office, address })
            }
            Self::Internet(address) => Some(Endpoint::Internet { address: *address }),
            Self::Unknown(address) => Some(Endpoint::Unknown { address: *address }),
        }
    }
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Interface(id, address) => write!(f, "{id}/{address}"),
            Self::Office(address) => write!(f, "office {address}"),
            Self::Internet(address) => write!(f, "internet {address}"),
            Self::Unknown(address) => write!(f, "unknown {address}"),
        }
    }
}

/// Everyone who may send in a network.
pub(super) fn sources(snapshot: &Snapshot) -> Vec<End> {
    let mut ends = interfaces(snapshot, false);
    ends.extend(others(snapshot));
    ends
}

/// Everyone who may be sent to.
pub(super) fn destinations(snapshot: &Snapshot) -> Vec<End> {
    let mut ends = interfaces(snapshot, true);
    ends.extend(others(snapshot));
    let special = [
        "169.254.169.254",
        "169.254.1.1",
        "fd00:ec2::253",
        "10.0.0.2",
        "10.0.1.1",
        "64:ff9b::c633:6407",
    ];
    let special = special.iter().filter_map(|address| address.parse().ok());
    ends.extend(special.map(End::Unknown));
    ends
}

/// Every interface by every address that it holds, and by its public ones if asked for.
pub(super) fn interfaces(snapshot: &Snapshot, with_public: bool) -> Vec<End> {
    let mut ends = Vec::new();
    for interface in snapshot.interfaces().rows() {
        let held = interface.addresses.iter().map(|held| held.address);
        let delegated = interface
            .prefixes
            .iter()
            .filter_map(|prefix| after(prefix.first(), 3));
        let public = interface.addresses.iter().filter_map(|held| held.public);
        let public = public.filter(|_| with_public);
        let addresses = held.chain(delegated).chain(public);
        ends.extend(addresses.map(|address| End::Interface(interface.id.clone(), address)));
    }
    ends.sort();
    ends.dedup();
    ends
}

/// The internet, offices, vacant addresses of subnets, and addresses that mean nothing here.
fn others(snapshot: &Snapshot) -> Vec<End> {
    let mut ends: Vec<End> = ["198.51.100.7", "8.8.8.8", "2600:9000::7"]
        .iter()
        .filter_map(|address| address.parse().ok())
        .map(End::Internet)
        .collect();
    for office in snapshot.offices().rows() {
        let addresses = office
            .cidrs
            .iter()
            .filter_map(|cidr| after(cidr.first(), 5));
        ends.extend(addresses.map(End::Office));
    }
    for subnet in snapshot.subnets().rows() {
        let vacant = subnet
            .cidrs
            .iter()
            .filter_map(|cidr| after(cidr.first(), 200));
        let is_vacant = |address: &IpAddr| {
            snapshot
                .interfaces()
                .rows()
                .iter()
                .all(|one| !one.holds(*address))
        };
        ends.extend(vacant.filter(is_vacant).map(End::Unknown));
    }
    let far: Option<IpAddr> = "10.200.0.1".parse().ok();
    ends.extend(far.filter(|address| !is_public(*address)).map(End::Unknown));
    ends.sort();
    ends.dedup();
    ends
}

fn after(first: IpAddr, steps: u128) -> Option<IpAddr> {
    Family::of(first).address(Family::number(first).checked_add(steps)?)
}
