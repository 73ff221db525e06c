//! Why a service of AWS drops a packet, or perhaps.

use std::net::IpAddr;

use model::{Index, NetworkInterface, Origin, Snapshot};

use crate::Doubt;
use crate::names::named;

/// Why an interface of an AWS service drops a packet. This list is complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ServiceReason {
    /// The interface starts connections and accepts none.
    SourceOnly(Index<NetworkInterface>),
    /// An inbound resolver endpoint takes names only.
    NoNames(Index<NetworkInterface>),
}

impl ServiceReason {
    pub(crate) const fn code(&self) -> &'static str {
        match self {
            Self::SourceOnly(_) => "source-only",
            Self::NoNames(_) => "resolver-takes-names",
        }
    }

    pub(crate) fn describe(&self, snapshot: &Snapshot) -> String {
        let interface = |index: &Index<NetworkInterface>| named(snapshot.interfaces(), *index);
        match self {
            Self::SourceOnly(index) => format!(
                "{} belongs to a service that connects from it and accepts nothing there",
                interface(index)
            ),
            Self::NoNames(index) => format!(
                "{} is an inbound resolver endpoint's, which takes DNS only",
                interface(index)
            ),
        }
    }

    pub(crate) fn origin<'a>(&self, snapshot: &'a Snapshot) -> &'a Origin {
        match *self {
            Self::SourceOnly(index) | Self::NoNames(index) => {
                &snapshot.interfaces().get(index).origin
            }
        }
    }
}

/// Why it is not known what a service of AWS does with a packet. This list is complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ServiceDoubt {
    /// What an inbound resolver endpoint does with other protocols than TCP and UDP is not documented.
    ResolverProtocol(Index<NetworkInterface>),
    /// Whether the VPC is in a service network of VPC Lattice, and what that lets pass, is not modelled.
    Lattice(Index<NetworkInterface>, IpAddr),
    /// The interface's service may send under the addresses of its clients, which are not known.
    ShowsClient(Index<NetworkInterface>),
}

impl From<ServiceDoubt> for Doubt {
    fn from(doubt: ServiceDoubt) -> Self {
        Self::Service(doubt)
    }
}

impl ServiceDoubt {
    pub(crate) const fn code(&self) -> &'static str {
        match self {
            Self::ResolverProtocol(_) => "resolver-protocol",
            Self::Lattice(..) => "lattice",
            Self::ShowsClient(_) => "client-address-kept",
        }
    }

    pub(crate) fn describe(&self, snapshot: &Snapshot) -> String {
        match self {
            Self::ResolverProtocol(index) => format!(
                "what inbound resolver endpoint {} does with anything but TCP and UDP is not documented",
                named(snapshot.interfaces(), *index)
            ),
            Self::Lattice(index, address) => format!(
                "{address} is an address of VPC Lattice, and what a service network lets {} reach is not modelled",
                named(snapshot.interfaces(), *index)
            ),
            Self::ShowsClient(index) => format!(
                "what {} sends may carry the address of a client outside, and which one is not known",
                named(snapshot.interfaces(), *index)
            ),
        }
    }
}
