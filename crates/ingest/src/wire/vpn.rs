//! `DescribeVpnGateways`, `DescribeCustomerGateways` and `DescribeVpnConnections`.

use model::{Link, Origin, ResourceState};
use packet::Prefix;
use serde::Deserialize;

use super::internet::{Attachment, attachments, state_of};
use super::tags::{Tags, name_of};
use super::{Flag, Object, Objects, Text};
use crate::log::{Log, Problem};

/// A virtual private gateway.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct VpnGateway<'a> {
    vpn_gateway_id: Text<'a>,
    state: Text<'a>,
    vpc_attachments: Objects<'a, Attachment<'a>>,
    tags: Tags<'a>,
}

/// The device at the other end.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct CustomerGateway<'a> {
    customer_gateway_id: Text<'a>,
    ip_address: Text<'a>,
    tags: Tags<'a>,
}

/// A VPN connection.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct VpnConnection<'a> {
    vpn_connection_id: Text<'a>,
    state: Text<'a>,
    vpn_gateway_id: Text<'a>,
    transit_gateway_id: Text<'a>,
    customer_gateway_id: Text<'a>,
    options: Object<Options>,
    routes: Objects<'a, StaticRoute<'a>>,
    tags: Tags<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Options {
    static_routes_only: Flag,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
struct StaticRoute<'a> {
    destination_cidr_block: Text<'a>,
    state: Text<'a>,
}

impl VpnGateway<'_> {
    pub(crate) fn into_model(
        self,
        at: &Origin,
        log: &mut Log,
    ) -> Result<model::VpnGateway, Problem> {
        let mut attachments = attachments(&self.vpc_attachments, "VpcAttachments", at, log)?;
        if state_of(&self.state) == ResourceState::Unavailable {
            for attachment in &mut attachments {
                attachment.state = ResourceState::Unavailable;
            }
        }
        Ok(model::VpnGateway {
            id: self.vpn_gateway_id.required("VpnGatewayId")?.into(),
            name: name_of(&self.tags, at, log),
            region: None,
            attachments,
            origin: at.clone(),
        })
    }
}

impl CustomerGateway<'_> {
    pub(crate) fn into_model(
        self,
        at: &Origin,
        log: &mut Log,
    ) -> Result<model::CustomerGateway, Problem> {
        let id = self.customer_gateway_id.required("CustomerGatewayId")?;
        Ok(model::CustomerGateway {
            id: id.into(),
            name: name_of(&self.tags, at, log),
            region: None,
            address: self.ip_address.address("IpAddress")?,
            origin: at.clone(),
        })
    }
}

impl VpnConnection<'_> {
    pub(crate) fn into_model(
        self,
        at: &Origin,
        log: &mut Log,
    ) -> Result<model::VpnConnection, Problem> {
        let id = self.vpn_connection_id.required("VpnConnectionId")?;
        let options = self.options.get();
        let static_only = options.and_then(|options| options.static_routes_only.0);
        Ok(model::VpnConnection {
            id: id.into(),
            name: name_of(&self.tags, at, log),
            region: None,
            state: state_of(&self.state),
            vpn_gateway: self.vpn_gateway_id.get().map(Link::to),
            transit_gateway: self.transit_gateway_id.get().map(Link::to),
            customer_gateway: self.customer_gateway_id.get().map(Link::to),
            static_only: static_only.unwrap_or(false),
            static_routes: self.static_routes(at, log)?,
            origin: at.clone(),
        })
    }

    fn static_routes(&self, at: &Origin, log: &mut Log) -> Result<Vec<Prefix>, Problem> {
        let key = "Routes";
        let mut prefixes = Vec::new();
        for (number, route) in self.routes.all(at, key, log)? {
            if state_of(&route.state) == ResourceState::Unavailable {
                continue;
            }
            let at = at.part(format_args!("/{key}/{number}"));
            let prefix = route
                .destination_cidr_block
                .prefix("DestinationCidrBlock", &at, log);
            prefixes.extend(prefix.map_err(|problem| problem.inside(key, Some(number)))?);
        }
        Ok(prefixes)
    }
}
