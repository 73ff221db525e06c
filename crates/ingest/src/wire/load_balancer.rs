//! `DescribeLoadBalancers` of both generations, `DescribeListeners`, `DescribeRules` and the settings of both.

use std::net::IpAddr;
use std::sync::Arc;

use model::{
    BalancerFact, BalancerProtocol, Link, LoadBalancerKind, LoadBalancerScheme, Origin, ResourceId,
    ResourceState,
};
use serde::Deserialize;

use super::fields::scope_of_arn;
use super::{Flag, List, Number, Object, Objects, Text};
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

/// A listener.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Listener<'a> {
    listener_arn: Text<'a>,
    load_balancer_arn: Text<'a>,
    protocol: Text<'a>,
    port: Number,
    default_actions: Objects<'a, Action<'a>>,
}

/// What a listener or a rule does.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
struct Action<'a> {
    #[serde(rename = "Type")]
    kind: Text<'a>,
    target_group_arn: Text<'a>,
    forward_config: Object<ForwardConfig<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
struct ForwardConfig<'a> {
    target_groups: Objects<'a, Weighted<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
struct Weighted<'a> {
    target_group_arn: Text<'a>,
    weight: Number,
}

impl Listener<'_> {
    /// The load balancer that it names, and the listener.
    pub(crate) fn into_model(
        self,
        at: &Origin,
        log: &mut Log,
    ) -> Result<(Option<ResourceId>, model::Listener), Problem> {
        let listener = model::Listener {
            id: self.listener_arn.required("ListenerArn")?.into(),
            protocol: protocol(&self.protocol, "Protocol")?,
            port: port(self.port, "Port")?.ok_or_else(|| Problem::missing("Port"))?,
            actions: actions(&self.default_actions, "DefaultActions", at, log)?,
            rules: Vec::new(),
            rules_known: false,
            origin: at.clone(),
        };
        Ok((self.load_balancer_arn.get().map(Into::into), listener))
    }
}

/// What a protocol's name means.
pub(crate) fn protocol(text: &Text<'_>, field: &str) -> Result<BalancerProtocol, Problem> {
    let word = text.required(field)?;
    BalancerProtocol::of(word).ok_or_else(|| {
        let message = format!("`{word}` is no protocol of load balancers that is known");
        Problem::at(field, "unknown-value", message)
    })
}

/// A port.
pub(crate) fn port(number: Number, field: &str) -> Result<Option<u16>, Problem> {
    let read = |number: i64| {
        u16::try_from(number)
            .map_err(|_| Problem::at(field, "invalid-port", format!("`{number}` is not a port")))
    };
    number.0.map(read).transpose()
}

fn actions(
    list: &Objects<'_, Action<'_>>,
    key: &str,
    at: &Origin,
    log: &mut Log,
) -> Result<Vec<model::ListenerAction>, Problem> {
    let mut actions = Vec::new();
    for (number, action) in list.all(at, key, log)? {
        let at = at.part(format_args!("/{key}/{number}"));
        let in_list = |problem: Problem| problem.inside(key, Some(number));
        let word = action.kind.required("Type").map_err(in_list)?;
        actions.push(if word == "forward" {
            model::ListenerAction::Forward(forwarded(&action, &at, log).map_err(in_list)?)
        } else {
            model::ListenerAction::Other(word.into())
        });
    }
    Ok(actions)
}

/// The groups of a forward: those of its configuration, else the one that it names.
fn forwarded(
    action: &Action<'_>,
    at: &Origin,
    log: &mut Log,
) -> Result<Vec<model::WeightedTargetGroup>, Problem> {
    let (config, key) = ("ForwardConfig", "TargetGroups");
    let mut groups = Vec::new();
    if let Some(forward) = action.forward_config.get() {
        let at = at.part(format_args!("/{config}"));
        for (number, weighted) in forward.target_groups.all(&at, key, log)? {
            let in_list = |problem: Problem| problem.inside(key, Some(number)).inside(config, None);
            let arn = weighted.target_group_arn.required("TargetGroupArn");
            let weight = weighted.weight.0.unwrap_or(1);
            groups.push(model::WeightedTargetGroup {
                group: Link::to(arn.map_err(in_list)?),
                weight: u16::try_from(weight).unwrap_or(u16::MAX),
            });
        }
    }
    if let Some(arn) = action.target_group_arn.get().filter(|_| groups.is_empty()) {
        let group = Link::to(arn);
        groups.push(model::WeightedTargetGroup { group, weight: 1 });
    }
    Ok(groups)
}

/// Listeners beside the load balancer that they are of, as some collectors write them.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct ListenersOf<'a> {
    load_balancer_arn: Text<'a>,
    listeners: Objects<'a, Listener<'a>>,
}

impl ListenersOf<'_> {
    pub(crate) fn into_model(self, at: &Origin, log: &mut Log) -> Result<BalancerFact, Problem> {
        let arn = self.load_balancer_arn.required("LoadBalancerArn")?.into();
        let key = "Listeners";
        let elements = self.listeners.objects(at, key, log);
        let mut is_whole = elements.is_complete;
        let mut listeners = Vec::new();
        for (number, listener) in elements.items {
            let at = at.part(format_args!("/{key}/{number}"));
            match listener.into_model(&at, log) {
                Ok((_, listener)) => listeners.push(listener),
                Err(problem) => {
                    is_whole = false;
                    log.problem(problem, "cannot be read: ", &at);
                }
            }
        }
        Ok(BalancerFact::Listeners(
            arn,
            listeners,
            is_whole,
            at.clone(),
        ))
    }
}

/// A rule of a listener.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Rule<'a> {
    rule_arn: Text<'a>,
    is_default: Flag,
    actions: Objects<'a, Action<'a>>,
}

impl Rule<'_> {
    /// The listener that it is of, and the rule; the default one is told with the listener itself.
    pub(crate) fn into_model(
        self,
        at: &Origin,
        log: &mut Log,
    ) -> Result<(ResourceId, Option<model::ListenerRule>), Problem> {
        let arn = self.rule_arn.required("RuleArn")?;
        let listener = arn.rsplit_once('/').filter(|(_, id)| !id.is_empty());
        let listener = listener.filter(|(listener, _)| listener.contains(":listener-rule/"));
        let Some((listener, _)) = listener else {
            let message = format!("`{arn}` is no rule of a load balancer's listener");
            return Err(Problem::at("RuleArn", "unknown-value", message));
        };
        let listener = listener.replacen(":listener-rule/", ":listener/", 1);
        let rule = model::ListenerRule {
            id: arn.into(),
            actions: actions(&self.actions, "Actions", at, log)?,
            origin: at.clone(),
        };
        let is_default = self.is_default.0 == Some(true);
        Ok((listener.into(), (!is_default).then_some(rule)))
    }
}

/// A setting of a load balancer or of a group of targets.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Attribute<'a> {
    key: Text<'a>,
    value: Text<'a>,
}

/// Settings beside what they are of, as some collectors write them.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct AttributesOf<'a> {
    load_balancer_arn: Text<'a>,
    target_group_arn: Text<'a>,
    attributes: Objects<'a, Attribute<'a>>,
}

impl AttributesOf<'_> {
    pub(crate) fn into_model(self, at: &Origin, log: &mut Log) -> Result<BalancerFact, Problem> {
        let key = "Attributes";
        if let Some(arn) = self.target_group_arn.get() {
            return settings_of_group(arn.into(), &self.attributes, key, at, log);
        }
        let arn = self.load_balancer_arn.required("LoadBalancerArn")?.into();
        settings_of_load_balancer(arn, &self.attributes, key, at, log)
    }
}

/// The settings of a load balancer that matter here.
pub(crate) fn settings_of_load_balancer(
    id: ResourceId,
    attributes: &Objects<'_, Attribute<'_>>,
    key: &str,
    at: &Origin,
    log: &mut Log,
) -> Result<BalancerFact, Problem> {
    let settings = attributes.all(at, key, log)?;
    let cross_zone = setting(&settings, "load_balancing.cross_zone.enabled");
    let denies_ipv6 = setting(&settings, "ipv6.deny_all_igw_traffic");
    let at = at.clone();
    Ok(BalancerFact::LoadBalancerAttributes(
        id,
        cross_zone,
        denies_ipv6,
        at,
    ))
}

/// The settings of a group of targets that matter here.
pub(crate) fn settings_of_group(
    id: ResourceId,
    attributes: &Objects<'_, Attribute<'_>>,
    key: &str,
    at: &Origin,
    log: &mut Log,
) -> Result<BalancerFact, Problem> {
    let settings = attributes.all(at, key, log)?;
    let preserves = setting(&settings, "preserve_client_ip.enabled");
    let cross_zone = setting(&settings, "load_balancing.cross_zone.enabled");
    let at = at.clone();
    Ok(BalancerFact::TargetGroupAttributes(
        id, preserves, cross_zone, at,
    ))
}

fn setting(settings: &[(usize, Attribute<'_>)], key: &str) -> Option<bool> {
    let mut settings = settings.iter();
    let (_, found) = settings.find(|(_, attribute)| attribute.key.get() == Some(key))?;
    found.value.get()?.parse().ok()
}

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
