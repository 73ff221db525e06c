//! `DescribeTargetGroups` and `DescribeTargetHealth`.

use model::{
    Attribute, BalancerFact, BalancerProtocol, HealthCheck, Link, Origin, ResourceId, TargetHealth,
    TargetKind, TargetName, TargetZone,
};
use packet::Family;
use serde::Deserialize;

use super::fields::scope_of_arn;
use super::load_balancer::listener::{port, protocol};
use super::{Number, Object, Objects, Text};
use crate::log::{Log, Problem};

/// A group of targets.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct TargetGroup<'a> {
    target_group_arn: Text<'a>,
    target_group_name: Text<'a>,
    protocol: Text<'a>,
    port: Number,
    vpc_id: Text<'a>,
    target_type: Text<'a>,
    ip_address_type: Text<'a>,
    health_check_protocol: Text<'a>,
    health_check_port: Text<'a>,
}

impl TargetGroup<'_> {
    pub(crate) fn into_model(self, at: &Origin) -> Result<model::TargetGroup, Problem> {
        let arn = self.target_group_arn.required("TargetGroupArn")?;
        let (region, owner) = scope_of_arn(arn);
        let kind = match self.target_type.get() {
            Some("instance") | None => TargetKind::Instance,
            Some("ip") => TargetKind::Address,
            Some("lambda") => TargetKind::Function,
            Some("alb") => TargetKind::LoadBalancer,
            Some(other) => {
                let message = format!("`{other}` is no type of target that is known");
                return Err(Problem::at("TargetType", "unknown-value", message));
            }
        };
        let is_told = self.protocol.get().is_some() || kind != TargetKind::Function;
        let spoken = is_told.then(|| protocol(&self.protocol, "Protocol"));
        let check_port = self.health_check_port.get();
        Ok(model::TargetGroup {
            id: arn.into(),
            name: self.target_group_name.get().map(Into::into),
            owner,
            region,
            protocol: spoken.transpose()?,
            port: port(self.port, "Port")?,
            vpc: self.vpc_id.get().map(Link::to),
            kind,
            family: match self.ip_address_type.get() {
                Some("ipv6") => Family::V6,
                Some(_) | None => Family::V4,
            },
            health_check: HealthCheck {
                protocol: self
                    .health_check_protocol
                    .get()
                    .and_then(BalancerProtocol::of),
                port: check_port.and_then(|port| port.parse().ok()),
            },
            preserves_client: Attribute::Unknown,
            cross_zone: Attribute::Unknown,
            targets: Vec::new(),
            targets_known: false,
            origin: at.clone(),
        })
    }
}

/// A target and whether it is well.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Description<'a> {
    target: Object<Target<'a>>,
    target_health: Object<Health<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
struct Target<'a> {
    id: Text<'a>,
    port: Number,
    availability_zone: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
struct Health<'a> {
    state: Text<'a>,
}

impl Description<'_> {
    fn into_model(self) -> Result<model::Target, Problem> {
        let target = self.target.get().ok_or_else(|| Problem::missing("Target"));
        let target = target?;
        let in_target = |problem: Problem| problem.inside("Target", None);
        let id = target.id.required("Id").map_err(in_target)?;
        let state = self
            .target_health
            .get()
            .and_then(|health| health.state.get());
        Ok(model::Target {
            name: name(id),
            port: port(target.port, "Port").map_err(in_target)?,
            zone: match target.availability_zone.get() {
                None => TargetZone::Untold,
                Some("all") => TargetZone::All,
                Some(zone) => TargetZone::Zone(zone.into()),
            },
            health: match state {
                Some("healthy") => TargetHealth::Healthy,
                // Nobody asks it.
                Some("unavailable") | None => TargetHealth::Unknown,
                Some(_) => TargetHealth::Unhealthy,
            },
        })
    }
}

/// Who a target is: its id tells, for a group has targets of one type.
fn name(id: &str) -> TargetName {
    if let Ok(address) = id.parse() {
        TargetName::Address(address)
    } else if id.contains(":loadbalancer/") {
        TargetName::LoadBalancer(Link::to(id))
    } else if id.starts_with("arn:") {
        TargetName::Function(id.into())
    } else {
        TargetName::Instance(Link::to(id))
    }
}

/// The targets of a group from the list `key` of the object at `at`.
pub(crate) fn targets_of(
    group: ResourceId,
    list: &Objects<'_, Description<'_>>,
    key: &str,
    at: &Origin,
    log: &mut Log,
) -> (BalancerFact, usize, bool) {
    let read = |description: Description<'_>, _: &Origin, _: &mut Log| description.into_model();
    let (targets, is_whole) = list.take(at, key, "cannot be read: ", log, read);
    let count = targets.len();
    let fact = BalancerFact::Targets(group, targets, is_whole, at.clone());
    (fact, count, is_whole)
}

/// Targets beside the group that they are of, as some collectors write them.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct HealthOf<'a> {
    target_group_arn: Text<'a>,
    target_health_descriptions: Objects<'a, Description<'a>>,
}

impl HealthOf<'_> {
    pub(crate) fn into_model(self, at: &Origin, log: &mut Log) -> Result<BalancerFact, Problem> {
        let arn = self.target_group_arn.required("TargetGroupArn")?.into();
        let key = "TargetHealthDescriptions";
        let list = &self.target_health_descriptions;
        Ok(targets_of(arn, list, key, at, log).0)
    }
}
