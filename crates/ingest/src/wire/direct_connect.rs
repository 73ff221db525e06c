//! `DescribeDirectConnectGateways`, `DescribeDirectConnectGatewayAssociations` and `DescribeVirtualInterfaces`.

use model::{DirectConnectPartner, Link, Origin, ResourceState, VirtualInterfaceKind};
use packet::Prefix;
use serde::Deserialize;

use super::{Flag, Object, Objects, Text};
use crate::log::{Log, Problem};

/// A Direct Connect gateway.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Gateway<'a> {
    direct_connect_gateway_id: Text<'a>,
    direct_connect_gateway_name: Text<'a>,
    direct_connect_gateway_state: Text<'a>,
}

/// An association with a gateway at VPCs.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Association<'a> {
    association_id: Text<'a>,
    association_state: Text<'a>,
    direct_connect_gateway_id: Text<'a>,
    associated_gateway: Object<Partner<'a>>,
    virtual_gateway_id: Text<'a>,
    allowed_prefixes_to_direct_connect_gateway: Option<Objects<'a, Block<'a>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
struct Partner<'a> {
    id: Text<'a>,
    r#type: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
struct Block<'a> {
    cidr: Text<'a>,
}

/// A virtual interface.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Interface<'a> {
    virtual_interface_id: Text<'a>,
    virtual_interface_name: Text<'a>,
    virtual_interface_type: Text<'a>,
    virtual_interface_state: Text<'a>,
    virtual_gateway_id: Text<'a>,
    direct_connect_gateway_id: Text<'a>,
    site_link_enabled: Flag,
    bgp_peers: Objects<'a, Peer<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
struct Peer<'a> {
    bgp_status: Text<'a>,
}

impl Gateway<'_> {
    pub(crate) fn into_model(
        self,
        at: &Origin,
        _: &mut Log,
    ) -> Result<model::DirectConnectGateway, Problem> {
        let key = "directConnectGatewayId";
        Ok(model::DirectConnectGateway {
            id: self.direct_connect_gateway_id.required(key)?.into(),
            name: self.direct_connect_gateway_name.get().map(Into::into),
            state: works(&self.direct_connect_gateway_state, &["available"]),
            origin: at.clone(),
        })
    }
}

impl Association<'_> {
    pub(crate) fn into_model(
        self,
        at: &Origin,
        log: &mut Log,
    ) -> Result<model::DirectConnectAssociation, Problem> {
        let key = "directConnectGatewayId";
        let gateway = self.direct_connect_gateway_id.required(key)?;
        let with = self.partner()?;
        let partner = match &with {
            DirectConnectPartner::VpnGateway(link) => link.id().clone(),
            DirectConnectPartner::TransitGateway(link) => link.id().clone(),
            DirectConnectPartner::Other(id) => id.clone(),
        };
        let of_ends = || format!("{gateway}/{partner}");
        let id = self.association_id.get();
        Ok(model::DirectConnectAssociation {
            id: id.map_or_else(of_ends, ToOwned::to_owned).into(),
            name: None,
            gateway: Link::to(gateway),
            with,
            state: works(&self.association_state, &["associated", "updating"]),
            allowed: self.allowed(at, log)?,
            origin: at.clone(),
        })
    }

    fn partner(&self) -> Result<DirectConnectPartner, Problem> {
        let Some(partner) = self.associated_gateway.get() else {
            let id = self.virtual_gateway_id.required("virtualGatewayId")?;
            return Ok(DirectConnectPartner::VpnGateway(Link::to(id)));
        };
        let inside = |problem: Problem| problem.inside("associatedGateway", None);
        let id = partner.id.required("id").map_err(inside)?;
        Ok(match partner.r#type.get() {
            Some("virtualPrivateGateway") => DirectConnectPartner::VpnGateway(Link::to(id)),
            Some("transitGateway") => DirectConnectPartner::TransitGateway(Link::to(id)),
            Some(_) | None => DirectConnectPartner::Other(id.into()),
        })
    }

    fn allowed(&self, at: &Origin, log: &mut Log) -> Result<Option<Vec<Prefix>>, Problem> {
        let key = "allowedPrefixesToDirectConnectGateway";
        let Some(list) = &self.allowed_prefixes_to_direct_connect_gateway else {
            return Ok(None);
        };
        let mut prefixes = Vec::new();
        for (number, block) in list.all(at, key, log)? {
            let at = at.part(format_args!("/{key}/{number}"));
            let prefix = block.cidr.prefix("cidr", &at, log);
            prefixes.extend(prefix.map_err(|problem| problem.inside(key, Some(number)))?);
        }
        Ok(Some(prefixes))
    }
}

impl Interface<'_> {
    pub(crate) fn into_model(
        self,
        at: &Origin,
        log: &mut Log,
    ) -> Result<model::VirtualInterface, Problem> {
        let id = self.virtual_interface_id.required("virtualInterfaceId")?;
        let key = "virtualInterfaceType";
        let kind = match self.virtual_interface_type.required(key)? {
            "private" => VirtualInterfaceKind::Private,
            "transit" => VirtualInterfaceKind::Transit,
            "public" => VirtualInterfaceKind::Public,
            other => {
                let message = format!("`{other}` is no type of a virtual interface");
                return Err(Problem::at(key, "invalid-type", message));
            }
        };
        let peers = self.bgp_peers.all(at, "bgpPeers", log)?;
        let is_down = |(_, peer): &(usize, Peer<'_>)| peer.bgp_status.get() == Some("down");
        let all_down = !peers.is_empty() && peers.iter().all(is_down);
        let state = works(&self.virtual_interface_state, &["available"]);
        Ok(model::VirtualInterface {
            id: id.into(),
            name: self.virtual_interface_name.get().map(Into::into),
            region: None,
            kind,
            state: if all_down {
                ResourceState::Unavailable
            } else {
                state
            },
            gateway: self.direct_connect_gateway_id.get().map(Link::to),
            vpn_gateway: self.virtual_gateway_id.get().map(Link::to),
            site_link: self.site_link_enabled.0 == Some(true),
            origin: at.clone(),
        })
    }
}

/// Whether a state that is told is one of those in which the resource works.
fn works(state: &Text<'_>, working: &[&str]) -> ResourceState {
    match state.get() {
        Some(state) if !working.contains(&state) => ResourceState::Unavailable,
        Some(_) | None => ResourceState::Available,
    }
}
