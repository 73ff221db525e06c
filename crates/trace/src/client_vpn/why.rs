//! Why a client's packet is dropped, or perhaps.

use std::net::IpAddr;

use model::{ClientVpnEndpoint, Index, NetworkInterface, Origin, ResourceId, Snapshot, Subnet};
use packet::Prefix;

use crate::names::named;

/// Why Client VPN drops a packet. This list is complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClientVpnReason {
    /// The endpoint does not work.
    Unavailable(Index<ClientVpnEndpoint>),
    /// No authorisation rule holds the destination.
    NotAuthorised(Index<ClientVpnEndpoint>, IpAddr),
    /// No route of the endpoint holds the destination.
    NoRoute(Index<ClientVpnEndpoint>, IpAddr),
    /// The endpoint is not associated with the subnet of its route.
    NotAssociated(Index<ClientVpnEndpoint>, ResourceId),
    /// An interface of an endpoint accepts no connections.
    AcceptsNoConnections(Index<NetworkInterface>),
}

impl ClientVpnReason {
    pub(crate) const fn code(&self) -> &'static str {
        match self {
            Self::Unavailable(_) => "client-vpn-unavailable",
            Self::NotAuthorised(..) => "not-authorised",
            Self::NoRoute(..) => "client-vpn-no-route",
            Self::NotAssociated(..) => "client-vpn-not-associated",
            Self::AcceptsNoConnections(_) => "client-vpn-accepts-no-connections",
        }
    }

    pub(crate) fn describe(&self, snapshot: &Snapshot) -> String {
        let endpoint =
            |index: &Index<ClientVpnEndpoint>| named(snapshot.client_vpn_endpoints(), *index);
        match self {
            Self::Unavailable(index) => {
                format!("Client VPN endpoint {} is not available", endpoint(index))
            }
            Self::NotAuthorised(index, address) => {
                format!(
                    "no authorisation rule of {} lets clients reach {address}",
                    endpoint(index)
                )
            }
            Self::NoRoute(index, address) => {
                format!("{} has no route to {address}", endpoint(index))
            }
            Self::NotAssociated(index, subnet) => {
                format!("{} is not associated with {subnet}", endpoint(index))
            }
            Self::AcceptsNoConnections(index) => format!(
                "{} belongs to a Client VPN endpoint, which accepts no connections",
                named(snapshot.interfaces(), *index)
            ),
        }
    }

    pub(crate) fn remedy(&self, snapshot: &Snapshot) -> Option<String> {
        let endpoint =
            |index: &Index<ClientVpnEndpoint>| named(snapshot.client_vpn_endpoints(), *index);
        match self {
            Self::NotAuthorised(index, address) => Some(format!(
                "an authorisation rule of {} for {}",
                endpoint(index),
                Prefix::host(*address)
            )),
            Self::NoRoute(index, address) => Some(format!(
                "a route of {} to {}",
                endpoint(index),
                Prefix::host(*address)
            )),
            Self::NotAssociated(index, subnet) => Some(format!(
                "an association of {} with {subnet}",
                endpoint(index)
            )),
            Self::Unavailable(_) | Self::AcceptsNoConnections(_) => None,
        }
    }

    pub(crate) fn origin<'a>(&self, snapshot: &'a Snapshot) -> &'a Origin {
        match *self {
            Self::Unavailable(index)
            | Self::NotAuthorised(index, _)
            | Self::NoRoute(index, _)
            | Self::NotAssociated(index, _) => &snapshot.client_vpn_endpoints().get(index).origin,
            Self::AcceptsNoConnections(index) => &snapshot.interfaces().get(index).origin,
        }
    }
}

/// Why it is not known whether Client VPN carries a packet. This list is complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClientVpnDoubt {
    /// The endpoint's authorisation rules are not in the input.
    RulesUnknown(Index<ClientVpnEndpoint>),
    /// The endpoint's routes are not in the input.
    RoutesUnknown(Index<ClientVpnEndpoint>),
    /// The subnets that the endpoint is associated with are not in the input.
    AssociationsUnknown(Index<ClientVpnEndpoint>),
    /// Which interfaces of the subnet are the endpoint's is not in the input.
    InterfaceUnknown(Index<ClientVpnEndpoint>, Index<Subnet>),
    /// The address of the endpoint's interface is not in the input.
    AddressUnknown(Index<NetworkInterface>),
    /// What an endpoint attached to a transit gateway does with addresses is not documented.
    ByTransitGateway(Index<ClientVpnEndpoint>),
    /// IPv6 from clients is not modelled.
    Ipv6(Index<ClientVpnEndpoint>),
}

impl ClientVpnDoubt {
    pub(crate) const fn code(&self) -> &'static str {
        match self {
            Self::RulesUnknown(_) => "client-vpn-rules-unknown",
            Self::RoutesUnknown(_) => "client-vpn-routes-unknown",
            Self::AssociationsUnknown(_) => "client-vpn-associations-unknown",
            Self::InterfaceUnknown(..) => "client-vpn-interface-unknown",
            Self::AddressUnknown(_) => "client-vpn-address-unknown",
            Self::ByTransitGateway(_) => "client-vpn-transit",
            Self::Ipv6(_) => "client-vpn-ipv6",
        }
    }

    pub(crate) fn describe(&self, snapshot: &Snapshot) -> String {
        let endpoint =
            |index: &Index<ClientVpnEndpoint>| named(snapshot.client_vpn_endpoints(), *index);
        let untold = |what: String| format!("the input does not tell {what}");
        match self {
            Self::RulesUnknown(index) => {
                untold(format!("all authorisation rules of {}", endpoint(index)))
            }
            Self::RoutesUnknown(index) => untold(format!("all routes of {}", endpoint(index))),
            Self::AssociationsUnknown(index) => {
                untold(format!("the target networks of {}", endpoint(index)))
            }
            Self::InterfaceUnknown(index, subnet) => untold(format!(
                "which interfaces in {} are those of {}",
                named(snapshot.subnets(), *subnet),
                endpoint(index)
            )),
            Self::AddressUnknown(index) => untold(format!(
                "the address of {}",
                named(snapshot.interfaces(), *index)
            )),
            Self::ByTransitGateway(index) => format!(
                "{} is attached to a transit gateway, which is not modelled",
                endpoint(index)
            ),
            Self::Ipv6(index) => {
                format!("IPv6 from clients of {} is not modelled", endpoint(index))
            }
        }
    }
}
