//! `DescribeVpnGateways`, `DescribeCustomerGateways` and `DescribeVpnConnections`.

use model::{Link, Origin, ResourceState, Tunnels};
use packet::{Family, Prefix};
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
    bgp_asn: Text<'a>,
    bgp_asn_extended: Text<'a>,
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
    options: Object<Options<'a>>,
    routes: Objects<'a, StaticRoute<'a>>,
    vgw_telemetry: Objects<'a, Telemetry<'a>>,
    tags: Tags<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
struct Options<'a> {
    static_routes_only: Flag,
    local_ipv4_network_cidr: Text<'a>,
    remote_ipv4_network_cidr: Text<'a>,
    local_ipv6_network_cidr: Text<'a>,
    remote_ipv6_network_cidr: Text<'a>,
    tunnel_inside_ip_version: Text<'a>,
    outside_ip_address_type: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
struct Telemetry<'a> {
    status: Text<'a>,
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
            asn: self
                .bgp_asn_extended
                .get()
                .or(self.bgp_asn.get())
                .and_then(|number| number.parse().ok()),
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
        let family = match options.and_then(|options| options.tunnel_inside_ip_version.get()) {
            Some("ipv6") => Family::V6,
            Some(_) | None => Family::V4,
        };
        let outside = options.and_then(|options| options.outside_ip_address_type.get());
        let (office_side, cloud_side) = self.selectors(family, at, log)?;
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
            family,
            office_side,
            cloud_side,
            tunnels: self.tunnels(at, log)?,
            over_direct_connect: outside == Some("PrivateIpv4"),
            origin: at.clone(),
        })
    }

    /// What the connection is agreed to carry: addresses at the office's end, which AWS calls local, and at its own.
    fn selectors(
        &self,
        family: Family,
        at: &Origin,
        log: &mut Log,
    ) -> Result<(Option<Prefix>, Option<Prefix>), Problem> {
        let Some(options) = self.options.get() else {
            return Ok((None, None));
        };
        let at = at.part(format_args!("/Options"));
        let [(office, office_key), (cloud, cloud_key)] = match family {
            Family::V4 => [
                (&options.local_ipv4_network_cidr, "LocalIpv4NetworkCidr"),
                (&options.remote_ipv4_network_cidr, "RemoteIpv4NetworkCidr"),
            ],
            Family::V6 => [
                (&options.local_ipv6_network_cidr, "LocalIpv6NetworkCidr"),
                (&options.remote_ipv6_network_cidr, "RemoteIpv6NetworkCidr"),
            ],
        };
        let inside = |problem: Problem| problem.inside("Options", None);
        let office = office.prefix(office_key, &at, log).map_err(inside)?;
        let cloud = cloud.prefix(cloud_key, &at, log).map_err(inside)?;
        Ok((office, cloud))
    }

    fn tunnels(&self, at: &Origin, log: &mut Log) -> Result<Tunnels, Problem> {
        let told = self.vgw_telemetry.all(at, "VgwTelemetry", log)?;
        let is_down = |(_, tunnel): &(usize, Telemetry<'_>)| tunnel.status.get() == Some("DOWN");
        Ok(if !told.is_empty() && told.iter().all(is_down) {
            Tunnels::Down
        } else {
            Tunnels::Up
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
