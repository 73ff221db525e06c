//! Ways into VPCs that AWS services keep: `DescribeInstanceConnectEndpoints`, `DescribeVerifiedAccessEndpoints`,
//! `ListVpcOrigins` and `GetVpcOrigin` of `CloudFront`, `ListEndpointGroups` of Global Accelerator, `GetVpcLinks` of API
//! Gateway.

use model::{
    EntryKind, EntryReach, EntryResource, EntryTarget, Link, Origin, ResourceState, ServiceEntry,
};
use packet::PortSet;
use serde::Deserialize;

use super::tags::{Tags, name_of};
use super::{Flag, List, Number, Object, Objects, Text};
use crate::log::{Log, Problem};

/// An EC2 Instance Connect endpoint.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct InstanceConnectEndpoint<'a> {
    instance_connect_endpoint_id: Text<'a>,
    owner_id: Text<'a>,
    state: Text<'a>,
    vpc_id: Text<'a>,
    subnet_id: Text<'a>,
    preserve_client_ip: Flag,
    network_interface_ids: Option<List<'a, Text<'a>>>,
    security_group_ids: Option<List<'a, Text<'a>>>,
    tags: Tags<'a>,
}

impl InstanceConnectEndpoint<'_> {
    pub(crate) fn into_model(self, at: &Origin, log: &mut Log) -> Result<ServiceEntry, Problem> {
        let id = self
            .instance_connect_endpoint_id
            .required("InstanceConnectEndpointId")?;
        Ok(ServiceEntry {
            name: name_of(&self.tags, at, log),
            owner: self.owner_id.get().map(Into::into),
            state: working(
                &self.state,
                &["create-complete", "update-complete", "update-in-progress"],
            ),
            vpc: self.vpc_id.get().map(Link::to),
            subnets: self.subnet_id.get().map(Link::to).into_iter().collect(),
            groups: links(
                self.security_group_ids.as_ref(),
                at,
                "SecurityGroupIds",
                log,
            ),
            interfaces: links(
                self.network_interface_ids.as_ref(),
                at,
                "NetworkInterfaceIds",
                log,
            ),
            reach: EntryReach::Anything {
                keeps_client: self.preserve_client_ip.0,
            },
            ..bare(id, EntryKind::InstanceConnectEndpoint, at)
        })
    }
}

/// An endpoint of Verified Access. Which of the options is there depends on its type.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct VerifiedAccessEndpoint<'a> {
    verified_access_endpoint_id: Text<'a>,
    status: Object<Status<'a>>,
    security_group_ids: Option<List<'a, Text<'a>>>,
    load_balancer_options: Object<AccessOptions<'a>>,
    network_interface_options: Object<AccessOptions<'a>>,
    rds_options: Object<AccessOptions<'a>>,
    cidr_options: Object<AccessOptions<'a>>,
    tags: Tags<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
struct Status<'a> {
    code: Text<'a>,
}

/// What an endpoint of Verified Access sends to.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
struct AccessOptions<'a> {
    load_balancer_arn: Text<'a>,
    network_interface_id: Text<'a>,
    rds_db_instance_arn: Text<'a>,
    rds_db_cluster_arn: Text<'a>,
    rds_db_proxy_arn: Text<'a>,
    cidr: Text<'a>,
    port: Number,
    port_ranges: Objects<'a, Ports>,
    subnet_ids: Option<List<'a, Text<'a>>>,
}

/// A range of ports, both ends included.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Ports {
    from_port: Number,
    to_port: Number,
}

impl VerifiedAccessEndpoint<'_> {
    pub(crate) fn into_model(self, at: &Origin, log: &mut Log) -> Result<ServiceEntry, Problem> {
        let id = self
            .verified_access_endpoint_id
            .required("VerifiedAccessEndpointId")?;
        let options = [
            &self.load_balancer_options,
            &self.network_interface_options,
            &self.rds_options,
            &self.cidr_options,
        ];
        let options = options.into_iter().find_map(|options| options.get());
        let subnets = options.and_then(|options| options.subnet_ids.as_ref());
        let target = options.map(|options| options.target(at, log)).transpose()?;
        let code = self.status.get().map(|status| &status.code);
        Ok(ServiceEntry {
            name: name_of(&self.tags, at, log),
            state: code.map_or(ResourceState::Available, |code| {
                working(code, &["active", "updating"])
            }),
            subnets: links(subnets, at, "SubnetIds", log),
            groups: links(
                self.security_group_ids.as_ref(),
                at,
                "SecurityGroupIds",
                log,
            ),
            reach: target.flatten().map_or(EntryReach::Untold, |target| {
                EntryReach::Targets(vec![target])
            }),
            ..bare(id, EntryKind::VerifiedAccess, at)
        })
    }
}

impl AccessOptions<'_> {
    /// `None` if the options do not name what is behind.
    fn target(&self, at: &Origin, log: &mut Log) -> Result<Option<EntryTarget>, Problem> {
        let named = [
            &self.load_balancer_arn,
            &self.network_interface_id,
            &self.rds_db_instance_arn,
            &self.rds_db_cluster_arn,
            &self.rds_db_proxy_arn,
        ];
        let named = named.into_iter().find_map(Text::get);
        let block = self.cidr.prefix("Cidr", at, log)?;
        let resource = named
            .map(|id| EntryResource::Named(id.into()))
            .or(block.map(EntryResource::Block));
        let ports = self.ports(at, log)?;
        Ok(resource.map(|resource| EntryTarget {
            resource,
            ports,
            keeps_client: false,
        }))
    }

    fn ports(&self, at: &Origin, log: &mut Log) -> Result<Option<PortSet>, Problem> {
        let mut ports = PortSet::empty();
        if let Some(port) = port(&self.port, "Port")? {
            ports = PortSet::range(port, port);
        }
        for (_, range) in self.port_ranges.all(at, "PortRanges", log)? {
            if let (Some(first), Some(last)) = (
                port(&range.from_port, "FromPort")?,
                port(&range.to_port, "ToPort")?,
            ) {
                ports = ports.union(&PortSet::range(first, last));
            }
        }
        Ok((!ports.is_empty()).then_some(ports))
    }
}

/// A VPC origin as `ListVpcOrigins` lists it, and as `GetVpcOrigin` tells it, with its configuration.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct VpcOrigin<'a> {
    id: Text<'a>,
    name: Text<'a>,
    account_id: Text<'a>,
    status: Text<'a>,
    origin_endpoint_arn: Text<'a>,
    vpc_origin_endpoint_config: Object<OriginConfig<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
struct OriginConfig<'a> {
    name: Text<'a>,
    arn: Text<'a>,
    #[serde(rename = "HTTPPort")]
    http_port: Number,
    #[serde(rename = "HTTPSPort")]
    https_port: Number,
    origin_protocol_policy: Text<'a>,
}

impl VpcOrigin<'_> {
    pub(crate) fn into_model(self, at: &Origin, _: &mut Log) -> Result<ServiceEntry, Problem> {
        let id = self.id.required("Id")?;
        let config = self.vpc_origin_endpoint_config.get();
        let name = self
            .name
            .get()
            .or(config.and_then(|config| config.name.get()));
        let arn = self.origin_endpoint_arn.get();
        let arn = arn.or(config.and_then(|config| config.arn.get()));
        let ports = config.map(OriginConfig::ports).transpose()?.flatten();
        let target = arn.map(|arn| EntryTarget {
            resource: EntryResource::Named(arn.into()),
            ports,
            keeps_client: false,
        });
        Ok(ServiceEntry {
            name: name.map(Into::into),
            owner: self.account_id.get().map(Into::into),
            state: working(&self.status, &["Deployed", "Deploying"]),
            reach: target.map_or(EntryReach::Untold, |target| {
                EntryReach::Targets(vec![target])
            }),
            ..bare(id, EntryKind::CloudFrontVpcOrigin, at)
        })
    }
}

impl OriginConfig<'_> {
    /// The ports that its protocols use; `None` if it does not say.
    fn ports(&self) -> Result<Option<PortSet>, Problem> {
        let http = port(&self.http_port, "HTTPPort")?;
        let https = port(&self.https_port, "HTTPSPort")?;
        let used = match self.origin_protocol_policy.get() {
            Some("http-only") => [http, None],
            Some("https-only") => [None, https],
            Some(_) | None => [http, https],
        };
        let used = used.into_iter().flatten();
        let ports = used.fold(PortSet::empty(), |all, port| {
            all.union(&PortSet::range(port, port))
        });
        Ok((!ports.is_empty()).then_some(ports))
    }
}

/// An endpoint group of Global Accelerator: what a listener sends to in one region.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct EndpointGroup<'a> {
    endpoint_group_arn: Text<'a>,
    endpoint_group_region: Text<'a>,
    endpoint_descriptions: Objects<'a, EndpointDescription<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
struct EndpointDescription<'a> {
    endpoint_id: Text<'a>,
    #[serde(rename = "ClientIPPreservationEnabled")]
    client_ip_preservation_enabled: Flag,
}

impl EndpointGroup<'_> {
    /// The ports are those of the listener, which another call lists.
    pub(crate) fn into_model(self, at: &Origin, log: &mut Log) -> Result<ServiceEntry, Problem> {
        let id = self.endpoint_group_arn.required("EndpointGroupArn")?;
        let key = "EndpointDescriptions";
        let mut targets = Vec::new();
        for (number, endpoint) in self.endpoint_descriptions.all(at, key, log)? {
            let named = endpoint.endpoint_id.required("EndpointId");
            let named = named.map_err(|problem| problem.inside(key, Some(number)))?;
            targets.push(EntryTarget {
                resource: EntryResource::Named(named.into()),
                ports: None,
                keeps_client: endpoint.client_ip_preservation_enabled.0 != Some(false),
            });
        }
        Ok(ServiceEntry {
            region: self.endpoint_group_region.get().map(Into::into),
            reach: EntryReach::Targets(targets),
            ..bare(id, EntryKind::GlobalAccelerator, at)
        })
    }
}

/// A VPC link of API Gateway. One of HTTP APIs has interfaces, and what it sends to stands in the integrations that use
/// it; one of REST APIs names Network Load Balancers, which it reaches by PrivateLink.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct VpcLink<'a> {
    #[serde(alias = "VpcLinkId")]
    id: Text<'a>,
    #[serde(alias = "Name")]
    name: Text<'a>,
    #[serde(alias = "VpcLinkStatus")]
    status: Text<'a>,
    #[serde(alias = "SecurityGroupIds")]
    security_group_ids: Option<List<'a, Text<'a>>>,
    #[serde(alias = "SubnetIds")]
    subnet_ids: Option<List<'a, Text<'a>>>,
    target_arns: Option<List<'a, Text<'a>>>,
}

impl VpcLink<'_> {
    pub(crate) fn into_model(self, at: &Origin, log: &mut Log) -> Result<ServiceEntry, Problem> {
        let id = self.id.required("VpcLinkId")?;
        let balancers = self.target_arns.as_ref().map(|arns| {
            let arns = arns.read(at, "targetArns", log).items.into_iter();
            let named =
                arns.filter_map(|(_, arn)| arn.get().map(|arn| EntryResource::Named(arn.into())));
            named
                .map(|resource| EntryTarget {
                    resource,
                    ports: None,
                    keeps_client: false,
                })
                .collect()
        });
        Ok(ServiceEntry {
            name: self.name.get().map(Into::into),
            state: working(&self.status, &["AVAILABLE"]),
            subnets: links(self.subnet_ids.as_ref(), at, "SubnetIds", log),
            groups: links(
                self.security_group_ids.as_ref(),
                at,
                "SecurityGroupIds",
                log,
            ),
            reach: balancers.map_or(EntryReach::Untold, EntryReach::Targets),
            ..bare(id, EntryKind::ApiGatewayLink, at)
        })
    }
}

/// An entry of which nothing is known but that it exists.
fn bare(id: &str, kind: EntryKind, at: &Origin) -> ServiceEntry {
    ServiceEntry {
        id: id.into(),
        name: None,
        owner: None,
        region: None,
        kind,
        state: ResourceState::Available,
        vpc: None,
        subnets: Vec::new(),
        groups: Vec::new(),
        interfaces: Vec::new(),
        reach: EntryReach::Untold,
        origin: at.clone(),
    }
}

fn links<T>(
    ids: Option<&List<'_, Text<'_>>>,
    at: &Origin,
    key: &str,
    log: &mut Log,
) -> Vec<Link<T>> {
    let ids = ids.map(|ids| ids.read(at, key, log).items);
    let ids = ids.iter().flatten();
    ids.filter_map(|(_, id)| id.get().map(Link::to)).collect()
}

/// Whether a state that is told is one of those in which the entry works.
fn working(state: &Text<'_>, states: &[&str]) -> ResourceState {
    match state.get() {
        Some(state) if !states.contains(&state) => ResourceState::Unavailable,
        Some(_) | None => ResourceState::Available,
    }
}

fn port(number: &Number, name: &str) -> Result<Option<u16>, Problem> {
    let Some(number) = number.0 else {
        return Ok(None);
    };
    let message = || format!("`{number}` of {name} is not a port from 0 to 65535");
    let port = u16::try_from(number).map_err(|_| Problem::new("invalid-port", message()));
    port.map(Some)
}
