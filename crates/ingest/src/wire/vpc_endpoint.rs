//! `DescribeVpcEndpoints`, and services as their owners see them.

use model::{EndpointConnection, Link, Origin, ResourceId, ResourceState, VpcEndpointKind};
use serde::Deserialize;

use super::load_balancer::links;
use super::tags::{Tags, name_of};
use super::{List, Objects, Text};
use crate::log::{Log, Problem};

/// An endpoint in a VPC.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct VpcEndpoint<'a> {
    vpc_endpoint_id: Text<'a>,
    vpc_endpoint_type: Text<'a>,
    owner_id: Text<'a>,
    vpc_id: Text<'a>,
    service_name: Text<'a>,
    resource_configuration_arn: Text<'a>,
    service_network_arn: Text<'a>,
    state: Text<'a>,
    subnet_ids: List<'a, Text<'a>>,
    route_table_ids: List<'a, Text<'a>>,
    network_interface_ids: List<'a, Text<'a>>,
    groups: Objects<'a, Group<'a>>,
    tags: Tags<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
struct Group<'a> {
    group_id: Text<'a>,
}

impl VpcEndpoint<'_> {
    pub(crate) fn into_model(
        self,
        at: &Origin,
        log: &mut Log,
    ) -> Result<model::VpcEndpoint, Problem> {
        let mut groups = Vec::new();
        for (number, group) in self.groups.all(at, "Groups", log)? {
            let id = group.group_id.required("GroupId");
            groups.push(Link::to(
                id.map_err(|problem| problem.inside("Groups", Some(number)))?,
            ));
        }
        let resource = &self.resource_configuration_arn;
        let resource = resource.get().or_else(|| self.service_network_arn.get());
        Ok(model::VpcEndpoint {
            id: self.vpc_endpoint_id.required("VpcEndpointId")?.into(),
            name: name_of(&self.tags, at, log),
            owner: self.owner_id.account(),
            region: None,
            kind: match self.vpc_endpoint_type.get() {
                Some("Interface") => VpcEndpointKind::Interface,
                // The first endpoints were of this kind, and some sources leave it out.
                Some("Gateway") | None => VpcEndpointKind::Gateway,
                Some("GatewayLoadBalancer") => VpcEndpointKind::GatewayLoadBalancer,
                Some("Resource") => VpcEndpointKind::Resource,
                Some("ServiceNetwork") => VpcEndpointKind::ServiceNetwork,
                Some(other) => VpcEndpointKind::Other(other.into()),
            },
            service: self.service_name.get().unwrap_or_default().into(),
            resource: resource.map(Into::into),
            state: state(&self.state),
            vpc: Link::to(self.vpc_id.required("VpcId")?),
            subnets: links(&self.subnet_ids, "SubnetIds", at, log),
            groups,
            interfaces: links(&self.network_interface_ids, "NetworkInterfaceIds", at, log),
            route_tables: links(&self.route_table_ids, "RouteTableIds", at, log),
            origin: at.clone(),
        })
    }
}

/// EC2 writes `available` and `Available`.
fn state(text: &Text<'_>) -> ResourceState {
    let works = |state: &str| {
        state.eq_ignore_ascii_case("available") || state.eq_ignore_ascii_case("partial")
    };
    match text.get() {
        Some(state) if !works(state) => ResourceState::Unavailable,
        Some(_) | None => ResourceState::Available,
    }
}

/// A service as its owner configured it.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct ServiceConfiguration<'a> {
    service_id: Text<'a>,
    service_name: Text<'a>,
    service_state: Text<'a>,
    network_load_balancer_arns: List<'a, Text<'a>>,
    gateway_load_balancer_arns: List<'a, Text<'a>>,
    tags: Tags<'a>,
}

impl ServiceConfiguration<'_> {
    pub(crate) fn into_model(
        self,
        at: &Origin,
        log: &mut Log,
    ) -> Result<model::VpcEndpointService, Problem> {
        let network = &self.network_load_balancer_arns;
        let mut load_balancers = links(network, "NetworkLoadBalancerArns", at, log);
        let gateway = &self.gateway_load_balancer_arns;
        load_balancers.extend(links(gateway, "GatewayLoadBalancerArns", at, log));
        Ok(model::VpcEndpointService {
            id: self.service_id.required("ServiceId")?.into(),
            name: name_of(&self.tags, at, log),
            owner: None,
            region: None,
            service: self.service_name.required("ServiceName")?.into(),
            state: state(&self.service_state),
            load_balancers,
            connections: Vec::new(),
            origin: at.clone(),
        })
    }
}

/// An endpoint as the owner of the service sees it.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Connection<'a> {
    service_id: Text<'a>,
    vpc_endpoint_id: Text<'a>,
    vpc_endpoint_state: Text<'a>,
}

impl Connection<'_> {
    /// The service's id and the connection.
    pub(crate) fn into_model(self) -> Result<(ResourceId, EndpointConnection), Problem> {
        let service = self.service_id.required("ServiceId")?.into();
        let connection = EndpointConnection {
            endpoint: self.vpc_endpoint_id.required("VpcEndpointId")?.into(),
            state: state(&self.vpc_endpoint_state),
        };
        Ok((service, connection))
    }
}
