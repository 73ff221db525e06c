//! The things that endpoints belong to.

use std::collections::BTreeSet;
use std::net::IpAddr;

use analysis::Owner;
use model::{Endpoint, Index, OfficeNetwork, Snapshot};
use report::escape;

/// A thing with endpoints: what a row of a batch names one of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// An instance or a service with all of its interfaces.
    Host(Owner),
    /// An office network.
    Office(Index<OfficeNetwork>),
    /// The internet.
    Internet,
    /// An address that nobody holds.
    Unknown(IpAddr),
}

impl Subject {
    /// What an endpoint belongs to.
    pub fn of(endpoint: &Endpoint, snapshot: &Snapshot) -> Self {
        match *endpoint {
            Endpoint::Interface { interface, .. } => Self::Host(analysis::owner(
                snapshot,
                snapshot.interfaces().get(interface),
            )),
            Endpoint::Office { office, .. } => Self::Office(office),
            Endpoint::Internet { .. } => Self::Internet,
            Endpoint::Unknown { address } => Self::Unknown(address),
        }
    }

    /// What some endpoints belong to, each once, in order.
    pub fn all(endpoints: &[Endpoint], snapshot: &Snapshot) -> Vec<Self> {
        let subjects: BTreeSet<Self> = endpoints
            .iter()
            .map(|endpoint| Self::of(endpoint, snapshot))
            .collect();
        subjects.into_iter().collect()
    }

    /// The name and the id, or the id alone; what a terminal would obey is escaped.
    pub fn describe(&self, snapshot: &Snapshot) -> String {
        let text = match self {
            Self::Host(Owner { id, name, .. }) => match name {
                Some(name) if name != id => format!("{name} ({id})"),
                Some(_) | None => id.clone(),
            },
            Self::Office(index) => snapshot.offices().get(*index).id.to_string(),
            Self::Internet => "internet".to_owned(),
            Self::Unknown(address) => address.to_string(),
        };
        escape::terminal(&text).into_owned()
    }
}
