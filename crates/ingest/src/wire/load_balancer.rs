//! `DescribeLoadBalancers` of the second generation; beside it the listeners, the settings, and the first generation.

pub(crate) mod attributes;
pub(crate) mod classic;
pub(crate) mod listener;

use std::net::IpAddr;

use model::{Link, LoadBalancerKind, LoadBalancerScheme, Origin, ResourceState};
use serde::Deserialize;

use super::fields::scope_of_arn;
use super::{List, Object, Objects, Text};
use crate::log::{Log, Problem};

/// A load balancer of the second generation.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct LoadBalancer<'a> {
    load_balancer_arn: Text<'a>,
    load_balancer_name: Text<'a>,
    scheme: Text<'a>,
    #[serde(rename = "Type")]
    kind: Text<'a>,
    vpc_id: Text<'a>,
    state: Object<State<'a>>,
    security_groups: List<'a, Text<'a>>,
    availability_zones: Objects<'a, AvailabilityZone<'a>>,
    enforce_security_group_inbound_rules_on_private_link_traffic: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
struct State<'a> {
    code: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
struct AvailabilityZone<'a> {
    zone_name: Text<'a>,
    subnet_id: Text<'a>,
    load_balancer_addresses: Objects<'a, Address<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
struct Address<'a> {
    ip_address: Text<'a>,
    #[serde(rename = "PrivateIPv4Address")]
    private_ipv4_address: Text<'a>,
    #[serde(rename = "IPv6Address")]
    ipv6_address: Text<'a>,
}

impl LoadBalancer<'_> {
    pub(crate) fn into_model(
        self,
        at: &Origin,
        log: &mut Log,
    ) -> Result<model::LoadBalancer, Problem> {
        let arn = self.load_balancer_arn.required("LoadBalancerArn")?;
        let (region, owner) = scope_of_arn(arn);
        let state = self.state.get().and_then(|state| state.code.get());
        let enforced = &self.enforce_security_group_inbound_rules_on_private_link_traffic;
        Ok(model::LoadBalancer {
            id: arn.into(),
            name: self.load_balancer_name.get().map(Into::into),
            owner,
            region,
            kind: kind(self.kind.required("Type")?)?,
            scheme: scheme(&self.scheme),
            vpc: Link::to(self.vpc_id.required("VpcId")?),
            groups: links(&self.security_groups, "SecurityGroups", at, log),
            zones: self.zones(at, log)?,
            state: match state {
                Some("active" | "active_impaired") | None => ResourceState::Available,
                Some(_) => ResourceState::Unavailable,
            },
            cross_zone: model::Attribute::Unknown,
            denies_internet_ipv6: model::Attribute::Unknown,
            enforces_groups_on_private_link: enforced.get() != Some("off"),
            listeners: Vec::new(),
            listeners_known: false,
            nodes: Vec::new(),
            origin: at.clone(),
        })
    }

    fn zones(&self, at: &Origin, log: &mut Log) -> Result<Vec<model::LoadBalancerZone>, Problem> {
        let key = "AvailabilityZones";
        let mut zones = Vec::new();
        for (number, zone) in self.availability_zones.all(at, key, log)? {
            let at = at.part(format_args!("/{key}/{number}"));
            let in_list = |problem: Problem| problem.inside(key, Some(number));
            let subnet = zone.subnet_id.required("SubnetId").map_err(in_list)?;
            zones.push(model::LoadBalancerZone {
                subnet: Link::to(subnet),
                zone: zone.zone_name.get().map(Into::into),
                addresses: addresses(&zone, &at, log).map_err(in_list)?,
            });
        }
        Ok(zones)
    }
}

fn addresses(
    zone: &AvailabilityZone<'_>,
    at: &Origin,
    log: &mut Log,
) -> Result<Vec<IpAddr>, Problem> {
    let key = "LoadBalancerAddresses";
    let mut found = Vec::new();
    for (number, address) in zone.load_balancer_addresses.all(at, key, log)? {
        for (field, text) in [
            ("IpAddress", &address.ip_address),
            ("PrivateIPv4Address", &address.private_ipv4_address),
            ("IPv6Address", &address.ipv6_address),
        ] {
            let address = text.address(field);
            found.extend(address.map_err(|problem| problem.inside(key, Some(number)))?);
        }
    }
    Ok(found)
}

fn kind(word: &str) -> Result<LoadBalancerKind, Problem> {
    match word {
        "application" => Ok(LoadBalancerKind::Application),
        "network" => Ok(LoadBalancerKind::Network),
        "gateway" => Ok(LoadBalancerKind::Gateway),
        other => {
            let message = format!("`{other}` is no kind of load balancer that is known");
            Err(Problem::at("Type", "unknown-value", message))
        }
    }
}

/// Where AWS does not say, it is for everybody.
fn scheme(text: &Text<'_>) -> LoadBalancerScheme {
    match text.get() {
        Some("internal") => LoadBalancerScheme::Internal,
        Some(_) | None => LoadBalancerScheme::InternetFacing,
    }
}

/// Links to what a list of ids names.
pub(crate) fn links<T>(
    list: &List<'_, Text<'_>>,
    key: &str,
    at: &Origin,
    log: &mut Log,
) -> Vec<Link<T>> {
    let ids = list.read(at, key, log).items;
    let ids = ids.into_iter();
    ids.filter_map(|(_, id)| id.get().map(Link::to)).collect()
}
