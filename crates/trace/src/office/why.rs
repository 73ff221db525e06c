//! Why a packet does not get from or to an office, or perhaps not.

use std::net::IpAddr;

use model::{
    Index, OfficeNetwork, Origin, ResourceId, Snapshot, Uplink, VpnConnection, VpnGateway,
};
use packet::Prefix;

use crate::names::named;

/// Why a packet does not get from or to an office. This list is complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OfficeReason {
    /// The VPN connection is gone or not yet there.
    VpnUnavailable(Index<VpnConnection>),
    /// The tunnels of the VPN connection carry the other family.
    VpnOtherFamily(Index<VpnConnection>),
    /// The VPN connection is not agreed to carry this address.
    TrafficSelector(Index<VpnConnection>, IpAddr),
    /// Nothing that ends at the VPN gateway carries it.
    NoCarrier(Index<VpnGateway>),
    /// The Direct Connect gateway does not announce the destination to offices.
    NotAdvertised(ResourceId, IpAddr),
    /// The association of the Direct Connect gateway is not in force.
    NotAssociated(ResourceId),
}

impl OfficeReason {
    pub(crate) const fn code(&self) -> &'static str {
        match self {
            Self::VpnUnavailable(_) => "vpn-unavailable",
            Self::VpnOtherFamily(_) => "vpn-other-family",
            Self::TrafficSelector(..) => "traffic-selector",
            Self::NoCarrier(_) => "no-carrier",
            Self::NotAdvertised(..) => "not-advertised",
            Self::NotAssociated(_) => "direct-connect-not-associated",
        }
    }

    pub(crate) fn describe(&self, snapshot: &Snapshot) -> String {
        let vpn = |index: &Index<VpnConnection>| named(snapshot.vpn_connections(), *index);
        match self {
            Self::VpnUnavailable(index) => {
                format!("VPN connection {} is not available", vpn(index))
            }
            Self::VpnOtherFamily(index) => {
                let family = snapshot.vpn_connections().get(*index).family;
                format!("VPN connection {} carries {family} only", vpn(index))
            }
            Self::TrafficSelector(index, address) => format!(
                "{address} is outside what VPN connection {} is agreed to carry",
                vpn(index)
            ),
            Self::NoCarrier(index) => format!(
                "nothing that ends at VPN gateway {} carries it",
                named(snapshot.vpn_gateways(), *index)
            ),
            Self::NotAdvertised(gateway, address) => {
                format!("Direct Connect gateway {gateway} does not announce {address} to offices")
            }
            Self::NotAssociated(gateway) => {
                format!("the association of Direct Connect gateway {gateway} is not in force")
            }
        }
    }

    pub(crate) fn remedy(&self, snapshot: &Snapshot) -> Option<String> {
        match self {
            Self::TrafficSelector(index, address) => Some(format!(
                "a selector of {} that holds {address}",
                named(snapshot.vpn_connections(), *index)
            )),
            Self::NotAdvertised(gateway, address) => Some(format!(
                "an allowed prefix of {gateway} that holds {}",
                Prefix::host(*address)
            )),
            Self::VpnUnavailable(_)
            | Self::VpnOtherFamily(_)
            | Self::NoCarrier(_)
            | Self::NotAssociated(_) => None,
        }
    }

    pub(crate) fn origin<'a>(&self, snapshot: &'a Snapshot) -> Option<&'a Origin> {
        match *self {
            Self::VpnUnavailable(index)
            | Self::VpnOtherFamily(index)
            | Self::TrafficSelector(index, _) => {
                Some(&snapshot.vpn_connections().get(index).origin)
            }
            Self::NoCarrier(index) => Some(&snapshot.vpn_gateways().get(index).origin),
            Self::NotAdvertised(..) | Self::NotAssociated(_) => None,
        }
    }
}

/// Why it is not known whether a packet gets from or to an office. This list is complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OfficeDoubt {
    /// Nobody declared the network at the other end that the destination would be in.
    UnknownNetwork(Uplink),
    /// All tunnels were down when the input was taken.
    TunnelsDown(Index<VpnConnection>),
    /// All lines of Direct Connect were down when the input was taken: the gateway or the virtual interface.
    LinesDown(ResourceId),
    /// Several things end at the VPN gateway, known or not, and only some carry it.
    CarrierUnknown(Index<VpnGateway>),
    /// Whether the VPN gateway is a hub between the two offices is not known.
    HubUnknown(Index<VpnGateway>),
    /// `SiteLink` may carry it from office to office.
    SiteLink(ResourceId),
    /// Both ends are in one office network: such packets do not come to AWS.
    InsideOffice(Index<OfficeNetwork>),
}

impl OfficeDoubt {
    pub(crate) const fn code(&self) -> &'static str {
        match self {
            Self::UnknownNetwork(_) => "unknown-network",
            Self::TunnelsDown(_) => "tunnels-down",
            Self::LinesDown(_) => "lines-down",
            Self::CarrierUnknown(_) => "carrier-unknown",
            Self::HubUnknown(_) => "hub-unknown",
            Self::SiteLink(_) => "site-link",
            Self::InsideOffice(_) => "inside-office",
        }
    }

    pub(crate) fn describe(&self, snapshot: &Snapshot) -> String {
        match self {
            Self::UnknownNetwork(uplink) => format!(
                "nobody declared which network stands behind {}",
                behind(snapshot, *uplink)
            ),
            Self::TunnelsDown(index) => format!(
                "all tunnels of VPN connection {} were down",
                named(snapshot.vpn_connections(), *index)
            ),
            Self::LinesDown(id) => format!("all lines of Direct Connect at {id} were down"),
            Self::CarrierUnknown(index) => format!(
                "of what ends at VPN gateway {}, not everything carries it",
                named(snapshot.vpn_gateways(), *index)
            ),
            Self::HubUnknown(index) => format!(
                "the input does not tell whether VPN gateway {} announces each office to the other",
                named(snapshot.vpn_gateways(), *index)
            ),
            Self::SiteLink(gateway) => {
                format!("SiteLink at {gateway} may carry it from office to office")
            }
            Self::InsideOffice(office) => format!(
                "both ends are in {}, whose own network is not in the input",
                named(snapshot.offices(), *office)
            ),
        }
    }
}

/// The name of the gateway, attachment or endpoint that an uplink is.
pub(crate) fn behind(snapshot: &Snapshot, uplink: Uplink) -> String {
    match uplink {
        Uplink::VpnGateway(index) => named(snapshot.vpn_gateways(), index),
        Uplink::TransitGateway(index) => named(snapshot.transit_attachments(), index),
        Uplink::ClientVpn(index) => named(snapshot.client_vpn_endpoints(), index),
    }
}
