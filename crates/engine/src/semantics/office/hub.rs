//! A VPN gateway as a hub between offices (`hybrid.md`, The hub).
//!
//! It announces to each dynamic connection what it learned by the others, if their networks have numbers of their own.
//!
//! # Source
//!
//! Site-to-Site VPN Guide: Secure communication between AWS Site-to-Site VPN connections using VPN `CloudHub`.

use std::collections::BTreeSet;

use model::{Index, ResourceState, VpnConnection, VpnGateway};

use crate::semantics::Semantics;

impl Semantics<'_> {
    /// Whether two connections of the gateway certainly exchange what they learn.
    pub(super) fn is_hub(&self, gateway: Index<VpnGateway>) -> bool {
        let connections = self.network.carriers.connections_of(gateway).iter();
        let dynamic = connections
            .map(|index| self.snapshot().vpn_connections().get(*index))
            .filter(|connection| {
                connection.state == ResourceState::Available && !connection.static_only
            });
        let numbers: BTreeSet<u32> = dynamic.filter_map(|one| self.number_of(one)).collect();
        numbers.len() > 1
    }

    /// The number in BGP of the network at the other end.
    fn number_of(&self, connection: &VpnConnection) -> Option<u32> {
        let device = connection.customer_gateway.as_ref()?.target()?;
        self.snapshot().customer_gateways().get(device).asn
    }
}
