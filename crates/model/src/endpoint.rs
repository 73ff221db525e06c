//! Sources and destinations of packets.

use std::net::IpAddr;

use crate::{Index, NetworkInterface, OfficeNetwork};

/// Where packets start or end, with the address that stands for it there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Endpoint {
    /// An interface, by an address that it holds, or, as a destination only, by a public address of it.
    Interface {
        /// The interface.
        interface: Index<NetworkInterface>,
        /// The address.
        address: IpAddr,
    },
    /// A network outside AWS that is reached by a private way.
    Office {
        /// The network.
        office: Index<OfficeNetwork>,
        /// An address in it.
        address: IpAddr,
    },
    /// A host on the internet, outside the snapshot.
    Internet {
        /// Its public address.
        address: IpAddr,
    },
    /// An address that no part of the snapshot holds and that is not public: a vacant address of a subnet, or a
    /// network that nobody declared.
    Unknown {
        /// The address.
        address: IpAddr,
    },
}

impl Endpoint {
    /// The address.
    pub const fn address(&self) -> IpAddr {
        match *self {
            Self::Interface { address, .. }
            | Self::Office { address, .. }
            | Self::Internet { address }
            | Self::Unknown { address } => address,
        }
    }
}

/// The answer to "can a session be made?".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reachability {
    /// The first packet is delivered and an answer can return.
    Reachable,
    /// The first packet, or every answer, is dropped.
    Blocked,
    /// The input does not tell, or part of the way is not modelled.
    Undetermined,
}
