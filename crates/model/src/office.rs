//! Networks outside AWS that reach it by a private way.

use packet::Prefix;

use crate::{Index, TransitGatewayAttachment, VpnGateway};

/// A network at the other end of VPN or Direct Connect: an office or a data centre.
#[derive(Debug, Clone)]
pub struct OfficeNetwork {
    /// What people call it: from the configuration, or the name or id of the gateway that leads to it.
    pub name: String,
    /// Its blocks of both families.
    pub cidrs: Vec<Prefix>,
    /// The ways between it and AWS. Empty if none was found in the snapshot.
    pub uplinks: Vec<Uplink>,
    /// Who said that it exists.
    pub origin: OfficeOrigin,
}

/// Who said that an office network exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OfficeOrigin {
    /// The user, in the configuration.
    Declared,
    /// Static routes of a VPN, or routes that a gateway announced.
    Inferred,
}

/// A private way between an office network and AWS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Uplink {
    /// A virtual private gateway of a VPC.
    VpnGateway(Index<VpnGateway>),
    /// A VPN or Direct Connect attachment of a transit gateway.
    TransitGateway(Index<TransitGatewayAttachment>),
}
