//! `DescribeClientVpnEndpoints`, and what stands in the answers about each: target networks, routes and rules.

use std::collections::BTreeMap;

use model::{
    AuthorizationRule, ClientVpnAssociation, ClientVpnEndpoint, ClientVpnRoute, ClientVpnTarget,
    Completeness, Link, Origin, ResourceId, ResourceState,
};
use packet::Prefix;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::tags::{Tags, name_of};
use super::{Flag, List, Object, Text};
use crate::log::{Log, Problem};

/// An endpoint.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Endpoint<'a> {
    client_vpn_endpoint_id: Text<'a>,
    status: Object<Status<'a>>,
    client_cidr_block: Text<'a>,
    security_group_ids: Option<List<'a, Text<'a>>>,
    vpc_id: Text<'a>,
    transit_gateway_configuration: Option<&'a RawValue>,
    tags: Tags<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
struct Status<'a> {
    code: Text<'a>,
}

/// An association with a subnet.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct TargetNetwork<'a> {
    client_vpn_endpoint_id: Text<'a>,
    target_network_id: Text<'a>,
    status: Object<Status<'a>>,
}

/// A route.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Route<'a> {
    client_vpn_endpoint_id: Text<'a>,
    destination_cidr: Text<'a>,
    target_subnet: Text<'a>,
    status: Object<Status<'a>>,
}

/// An authorisation rule.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Rule<'a> {
    client_vpn_endpoint_id: Text<'a>,
    group_id: Text<'a>,
    access_all: Flag,
    destination_cidr: Text<'a>,
    status: Object<Status<'a>>,
}

impl Endpoint<'_> {
    pub(crate) fn into_model(
        self,
        at: &Origin,
        log: &mut Log,
    ) -> Result<ClientVpnEndpoint, Problem> {
        let id = self
            .client_vpn_endpoint_id
            .required("ClientVpnEndpointId")?;
        let by_transit_gateway = self.transit_gateway_configuration.is_some_and(is_told);
        let groups = self.security_group_ids.as_ref().map(|ids| {
            let ids = ids.read(at, "SecurityGroupIds", log).items;
            ids.iter()
                .filter_map(|(_, id)| id.get().map(Link::to))
                .collect()
        });
        Ok(ClientVpnEndpoint {
            name: name_of(&self.tags, at, log),
            // An endpoint waits for its first association in a state of its own.
            state: state(&self.status, &["available", "pending-associate"]),
            clients: self.client_cidr_block.prefix("ClientCidrBlock", at, log)?,
            vpc: self.vpc_id.get().map(Link::to),
            groups: groups.unwrap_or_default(),
            by_transit_gateway,
            ..bare(id, at)
        })
    }
}

/// Parts of endpoints, by the endpoint's id.
#[derive(Debug)]
pub(crate) struct Shares {
    endpoints: BTreeMap<ResourceId, ClientVpnEndpoint>,
    at: Origin,
}

impl Shares {
    /// Parts of the one endpoint that the answer is about, if it says so, or of all that it names.
    pub(crate) fn of(argument: Option<&str>, at: &Origin) -> Self {
        let mut shares = Self {
            endpoints: BTreeMap::new(),
            at: at.clone(),
        };
        if let Some(id) = argument {
            shares.endpoint(id);
        }
        shares
    }

    fn endpoint(&mut self, id: &str) -> &mut ClientVpnEndpoint {
        let at = &self.at;
        self.endpoints
            .entry(id.into())
            .or_insert_with(|| bare(id, at))
    }

    /// The endpoints with what was read of them; `tell` notes whether the list is whole.
    pub(crate) fn told(
        self,
        is_complete: bool,
        tell: fn(&mut ClientVpnEndpoint, Completeness),
    ) -> impl Iterator<Item = ClientVpnEndpoint> {
        let completeness = if is_complete {
            Completeness::Complete
        } else {
            Completeness::Partial
        };
        self.endpoints.into_values().map(move |mut endpoint| {
            tell(&mut endpoint, completeness);
            endpoint
        })
    }
}

impl TargetNetwork<'_> {
    pub(crate) fn add_to(
        self,
        shares: &mut Shares,
        _: &Origin,
        _: &mut Log,
    ) -> Result<(), Problem> {
        let id = self
            .client_vpn_endpoint_id
            .required("ClientVpnEndpointId")?;
        let subnet = Link::to(self.target_network_id.required("TargetNetworkId")?);
        let state = state(&self.status, &["associated"]);
        shares.endpoint(id).associations.push(ClientVpnAssociation {
            subnet,
            state,
            interfaces: Vec::new(),
        });
        Ok(())
    }
}

impl Route<'_> {
    pub(crate) fn add_to(
        self,
        shares: &mut Shares,
        at: &Origin,
        log: &mut Log,
    ) -> Result<(), Problem> {
        let id = self
            .client_vpn_endpoint_id
            .required("ClientVpnEndpointId")?;
        let destination = destination(&self.destination_cidr, at, log)?;
        let target = match self.target_subnet.required("TargetSubnet")? {
            "local" => ClientVpnTarget::Clients,
            subnet => ClientVpnTarget::Subnet(Link::to(subnet)),
        };
        if state(&self.status, &["active"]) == ResourceState::Available {
            shares.endpoint(id).routes.push(ClientVpnRoute {
                destination,
                target,
                origin: at.clone(),
            });
        }
        Ok(())
    }
}

impl Rule<'_> {
    pub(crate) fn add_to(
        self,
        shares: &mut Shares,
        at: &Origin,
        log: &mut Log,
    ) -> Result<(), Problem> {
        let id = self
            .client_vpn_endpoint_id
            .required("ClientVpnEndpointId")?;
        let destination = destination(&self.destination_cidr, at, log)?;
        let group = match (self.access_all.0, self.group_id.get()) {
            (Some(true), _) => None,
            (_, Some(group)) => Some(group.into()),
            (Some(false) | None, None) => return Err(Problem::missing("GroupId")),
        };
        if state(&self.status, &["active"]) == ResourceState::Available {
            shares.endpoint(id).rules.push(AuthorizationRule {
                destination,
                group,
                origin: at.clone(),
            });
        }
        Ok(())
    }
}

/// The block that a route or a rule is about.
fn destination(text: &Text<'_>, at: &Origin, log: &mut Log) -> Result<Prefix, Problem> {
    let key = "DestinationCidr";
    let prefix = text.prefix(key, at, log)?;
    prefix.ok_or_else(|| Problem::missing(key))
}

/// Whether a list of routes is one of Client VPN endpoints, and not of a transit gateway.
pub(crate) fn are_routes(raw: &RawValue, argument: Option<&str>) -> bool {
    let routes = List::<Object<Route<'_>>>::of(raw);
    let at = Origin::new("".into(), "");
    let elements = routes.objects(&at, "", &mut Log::default()).items;
    let mut routes = elements.iter().map(|(_, route)| route);
    routes.any(|route| route.client_vpn_endpoint_id.get().is_some())
        || argument.is_some_and(|id| id.starts_with("cvpn-endpoint-"))
}

/// An endpoint of which nothing is known but that it exists.
fn bare(id: &str, at: &Origin) -> ClientVpnEndpoint {
    ClientVpnEndpoint {
        id: id.into(),
        name: None,
        region: None,
        state: ResourceState::Available,
        clients: None,
        vpc: None,
        groups: Vec::new(),
        by_transit_gateway: false,
        associations: Vec::new(),
        associations_told: None,
        routes: Vec::new(),
        routes_told: None,
        rules: Vec::new(),
        rules_told: None,
        origin: at.clone(),
    }
}

/// Whether an object is there, and not empty.
fn is_told(raw: &RawValue) -> bool {
    !matches!(raw.get(), "null" | "{}")
}

/// Whether a status that is told is one of those in which the resource works.
fn state(status: &Object<Status<'_>>, working: &[&str]) -> ResourceState {
    match status.get().and_then(|status| status.code.get()) {
        Some(code) if !working.contains(&code) => ResourceState::Unavailable,
        Some(_) | None => ResourceState::Available,
    }
}
