//! What carries packets between gateways and offices, by gateway.

use model::{
    DirectConnectAssociation, DirectConnectPartner, Index, ResourceId, Snapshot, VirtualInterface,
    VirtualInterfaceKind, VpnConnection, VpnGateway,
};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::links::all_of;

/// Connections, associations and virtual interfaces, by what they end at.
#[derive(Debug)]
pub(crate) struct Carriers {
    connections: FxHashMap<Index<VpnGateway>, Vec<Index<VpnConnection>>>,
    /// By the id of the VPN gateway or transit gateway.
    associations: FxHashMap<ResourceId, Vec<Index<DirectConnectAssociation>>>,
    private: FxHashMap<Index<VpnGateway>, Vec<Index<VirtualInterface>>>,
    /// Virtual interfaces by the Direct Connect gateway that they end at.
    lines: FxHashMap<ResourceId, Vec<Index<VirtualInterface>>>,
    /// Direct Connect gateways of which a line passes packets on to others.
    pub(crate) with_site_link: FxHashSet<ResourceId>,
}

impl Carriers {
    pub(crate) fn of(snapshot: &Snapshot) -> Self {
        let connections = snapshot.vpn_connections().iter();
        let associations = snapshot.direct_connect_associations().iter();
        let interfaces = || snapshot.virtual_interfaces().iter();
        let end =
            |interface: &VirtualInterface| interface.gateway.as_ref().map(|link| link.id().clone());
        Self {
            connections: all_of(connections.filter_map(|(index, connection)| {
                Some((connection.vpn_gateway.as_ref()?.target()?, index))
            })),
            associations: all_of(associations.filter_map(|(index, association)| {
                let partner = match &association.with {
                    DirectConnectPartner::VpnGateway(link) => link.id(),
                    DirectConnectPartner::TransitGateway(link) => link.id(),
                    DirectConnectPartner::Other(_) => return None,
                };
                Some((partner.clone(), index))
            })),
            private: all_of(interfaces().filter_map(|(index, interface)| {
                let gateway = interface.vpn_gateway.as_ref()?.target()?;
                (interface.kind == VirtualInterfaceKind::Private).then_some((gateway, index))
            })),
            lines: all_of(
                interfaces().filter_map(|(index, interface)| Some((end(interface)?, index))),
            ),
            with_site_link: interfaces()
                .filter(|(_, interface)| interface.site_link)
                .filter_map(|(_, interface)| end(interface))
                .collect(),
        }
    }

    /// The VPN connections that end at a VPN gateway.
    pub(crate) fn connections_of(&self, gateway: Index<VpnGateway>) -> &[Index<VpnConnection>] {
        self.connections.get(&gateway).map_or(&[], Vec::as_slice)
    }

    /// The associations of a VPN gateway or transit gateway with Direct Connect gateways.
    pub(crate) fn associations_of(
        &self,
        partner: &ResourceId,
    ) -> &[Index<DirectConnectAssociation>] {
        self.associations.get(partner).map_or(&[], Vec::as_slice)
    }

    /// The private virtual interfaces that end at a VPN gateway itself.
    pub(crate) fn private_at(&self, gateway: Index<VpnGateway>) -> &[Index<VirtualInterface>] {
        self.private.get(&gateway).map_or(&[], Vec::as_slice)
    }

    /// The virtual interfaces that end at a Direct Connect gateway.
    pub(crate) fn lines_of(&self, gateway: &ResourceId) -> &[Index<VirtualInterface>] {
        self.lines.get(gateway).map_or(&[], Vec::as_slice)
    }
}
