//! Networks outside AWS that reach it by a private way.

use std::net::IpAddr;
use std::sync::Arc;

use packet::Prefix;

use crate::id::resource;
use crate::pack::Pack;
use crate::{ClientVpnEndpoint, Index, Origin, ResourceId, TransitGatewayAttachment, VpnGateway};

/// A network at the other end of VPN or Direct Connect: an office or a data centre.
#[derive(Debug, Clone, Pack)]
pub struct OfficeNetwork {
    /// `office:` and the name, with a number behind it where two networks share a name.
    pub id: ResourceId,
    /// What people call it: from the configuration, or the name or id of the gateway that leads to it.
    pub name: Option<Arc<str>>,
    /// Its blocks of both families.
    pub cidrs: Vec<Prefix>,
    /// The ways between it and AWS. Empty if none was found in the snapshot.
    pub uplinks: Vec<Uplink>,
    /// Who said that it exists.
    pub evidence: OfficeEvidence,
    /// Where that was said.
    pub origin: Origin,
}

impl OfficeNetwork {
    /// A network that the user declared; its uplinks are found while assembling.
    pub fn declared(name: &str, cidrs: Vec<Prefix>, origin: Origin) -> Self {
        let id = format!("office:{name}").into();
        Self {
            id,
            name: Some(name.into()),
            cidrs,
            uplinks: Vec::new(),
            evidence: OfficeEvidence::Declared,
            origin,
        }
    }

    /// Whether one of the blocks holds the address.
    pub fn contains(&self, address: IpAddr) -> bool {
        self.cidrs.iter().any(|cidr| cidr.contains(address))
    }
}

resource!(OfficeNetwork);

/// Who said that an office network exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Pack)]
pub enum OfficeEvidence {
    /// The user, in the configuration.
    Declared,
    /// Static routes of a VPN, or routes that a gateway announced.
    Inferred,
    /// A Client VPN endpoint: the network is that of its clients.
    ClientVpn,
}

/// A private way between an office network and AWS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Pack)]
pub enum Uplink {
    /// A virtual private gateway of a VPC.
    VpnGateway(Index<VpnGateway>),
    /// A VPN or Direct Connect attachment of a transit gateway.
    TransitGateway(Index<TransitGatewayAttachment>),
    /// A Client VPN endpoint: its clients get in, and nothing gets to them but answers.
    ClientVpn(Index<ClientVpnEndpoint>),
}
