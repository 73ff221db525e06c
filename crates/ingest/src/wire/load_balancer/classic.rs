//! `DescribeLoadBalancers` of the first generation.

use std::sync::Arc;

use model::{BalancerProtocol, Link, LoadBalancerKind, Origin, ResourceState};
use serde::Deserialize;

use super::listener::{port, protocol};
use super::{links, scheme};
use crate::log::{Log, Problem};
use crate::wire::{List, Number, Object, Objects, Text};

/// A load balancer of the first generation.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Classic<'a> {
    load_balancer_name: Text<'a>,
    scheme: Text<'a>,
    #[serde(rename = "VPCId")]
    vpc_id: Text<'a>,
    subnets: List<'a, Text<'a>>,
    security_groups: List<'a, Text<'a>>,
    listener_descriptions: Objects<'a, ListenerDescription<'a>>,
    instances: Objects<'a, ClassicInstance<'a>>,
    health_check: Object<ClassicHealthCheck<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
struct ListenerDescription<'a> {
    listener: Object<ClassicListener<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
struct ClassicListener<'a> {
    protocol: Text<'a>,
    load_balancer_port: Number,
    instance_protocol: Text<'a>,
    instance_port: Number,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
struct ClassicInstance<'a> {
    instance_id: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
struct ClassicHealthCheck<'a> {
    target: Text<'a>,
}

impl Classic<'_> {
    /// The load balancer, and a group of its instances for each port that they take. One of EC2-Classic is none.
    pub(crate) fn into_model(
        self,
        at: &Origin,
        log: &mut Log,
    ) -> Result<Option<(model::LoadBalancer, Vec<model::TargetGroup>)>, Problem> {
        let name: Arc<str> = self.load_balancer_name.required("LoadBalancerName")?.into();
        let Some(vpc) = self.vpc_id.get() else {
            return Ok(None);
        };
        let key = "ListenerDescriptions";
        let (mut listeners, mut groups) = (Vec::new(), Vec::<model::TargetGroup>::new());
        let targets = self.targets(at, log)?;
        for (number, description) in self.listener_descriptions.all(at, key, log)? {
            let in_list = |problem: Problem| problem.inside(key, Some(number));
            let Some(listener) = description.listener.get() else {
                return Err(in_list(Problem::missing("Listener")));
            };
            let at = at.part(format_args!("/{key}/{number}"));
            let group = self.group(&name, vpc, listener, &targets, &at);
            let group = group.map_err(in_list)?;
            listeners.push(classic_listener(&name, listener, &group, &at).map_err(in_list)?);
            if groups.iter().all(|known| known.id != group.id) {
                groups.push(group);
            }
        }
        let subnets: Vec<Link<model::Subnet>> = links(&self.subnets, "Subnets", at, log);
        let zone = |subnet| model::LoadBalancerZone {
            subnet,
            zone: None,
            addresses: Vec::new(),
        };
        let balancer = model::LoadBalancer {
            id: (&*name).into(),
            name: Some(name),
            owner: None,
            region: None,
            kind: LoadBalancerKind::Classic,
            scheme: scheme(&self.scheme),
            vpc: Link::to(vpc),
            groups: links(&self.security_groups, "SecurityGroups", at, log),
            zones: subnets.into_iter().map(zone).collect(),
            state: ResourceState::Available,
            cross_zone: model::Attribute::Unknown,
            denies_internet_ipv6: model::Attribute::Unknown,
            enforces_groups_on_private_link: true,
            listeners,
            listeners_known: true,
            nodes: Vec::new(),
            origin: at.clone(),
        };
        Ok(Some((balancer, groups)))
    }

    fn targets(&self, at: &Origin, log: &mut Log) -> Result<Vec<model::Target>, Problem> {
        let key = "Instances";
        let mut targets = Vec::new();
        for (number, instance) in self.instances.all(at, key, log)? {
            let id = instance.instance_id.required("InstanceId");
            let id = id.map_err(|problem| problem.inside(key, Some(number)))?;
            targets.push(model::Target {
                name: model::TargetName::Instance(Link::to(id)),
                port: None,
                zone: model::TargetZone::Untold,
                health: model::TargetHealth::Unknown,
            });
        }
        Ok(targets)
    }

    /// The instances as a group of targets that take what the listener passes on.
    fn group(
        &self,
        name: &str,
        vpc: &str,
        listener: &ClassicListener<'_>,
        targets: &[model::Target],
        at: &Origin,
    ) -> Result<model::TargetGroup, Problem> {
        let in_listener = |problem: Problem| problem.inside("Listener", None);
        let port = port(listener.instance_port, "InstancePort").map_err(in_listener)?;
        let port = port.ok_or_else(|| in_listener(Problem::missing("InstancePort")))?;
        let spoken = BalancerProtocol::of(listener.instance_protocol.get().unwrap_or("TCP"));
        // `HTTP:8080/health`.
        let check = self.health_check.get().and_then(|check| check.target.get());
        let check = check.and_then(|target| target.split_once(':'));
        let check = check.map_or_else(Default::default, |(word, rest)| {
            let digits = rest.split('/').next().unwrap_or_default();
            model::HealthCheck {
                protocol: BalancerProtocol::of(word),
                port: digits.parse().ok(),
            }
        });
        Ok(model::TargetGroup {
            id: format!("{vpc}/{name}:{port}").into(),
            name: Some(name.into()),
            owner: None,
            region: None,
            protocol: spoken,
            port: Some(port),
            vpc: Some(Link::to(vpc)),
            kind: model::TargetKind::Instance,
            family: packet::Family::V4,
            health_check: check,
            preserves_client: model::Attribute::Told(false),
            cross_zone: model::Attribute::Default,
            targets: targets.to_vec(),
            targets_known: true,
            origin: at.clone(),
        })
    }
}

fn classic_listener(
    name: &str,
    listener: &ClassicListener<'_>,
    group: &model::TargetGroup,
    at: &Origin,
) -> Result<model::Listener, Problem> {
    let in_listener = |problem: Problem| problem.inside("Listener", None);
    let port = port(listener.load_balancer_port, "LoadBalancerPort").map_err(in_listener)?;
    let port = port.ok_or_else(|| in_listener(Problem::missing("LoadBalancerPort")))?;
    let group = model::WeightedTargetGroup {
        group: Link::to(group.id.clone()),
        weight: 1,
    };
    Ok(model::Listener {
        id: format!("{name}:{port}").into(),
        protocol: protocol(&listener.protocol, "Protocol").map_err(in_listener)?,
        port,
        actions: vec![model::ListenerAction::Forward(vec![group])],
        rules: Vec::new(),
        rules_known: true,
        origin: at.clone(),
    })
}
