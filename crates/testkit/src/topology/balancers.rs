//! Load balancers and their targets.

use model::{
    Attribute, BalancerProtocol, HealthCheck, Link, Listener, ListenerAction, ListenerRule,
    LoadBalancer, LoadBalancerKind, LoadBalancerScheme, LoadBalancerZone, ResourceState, Target,
    TargetGroup, TargetHealth, TargetKind, TargetName, TargetZone, WeightedTargetGroup,
};
use packet::Family;

use super::build::{Block, Builder};
use super::words::{Result, Words};

/// The words for kinds of load balancers.
pub(super) const KINDS: &[(&str, LoadBalancerKind)] = &[
    ("app", LoadBalancerKind::Application),
    ("net", LoadBalancerKind::Network),
    ("classic", LoadBalancerKind::Classic),
    ("gateway", LoadBalancerKind::Gateway),
];

/// The words for kinds of targets.
pub(super) const TARGET_KINDS: &[(&str, TargetKind)] = &[
    ("instance", TargetKind::Instance),
    ("ip", TargetKind::Address),
    ("lambda", TargetKind::Function),
    ("balancer", TargetKind::LoadBalancer),
];

/// One of a list of words.
pub(super) fn choice<T: Copy>(words: &mut Words<'_>, what: &str, known: &[(&str, T)]) -> Result<T> {
    let word = words.need(what)?;
    let found = known.iter().find(|(known, _)| *known == word);
    found
        .map(|(_, value)| *value)
        .ok_or_else(|| words.unknown(word))
}

pub(super) fn balancer(builder: &mut Builder, words: &mut Words<'_>) -> Result {
    let id = words.need("the balancer's name")?;
    let mut balancer = LoadBalancer {
        id: id.into(),
        name: Some(id.into()),
        owner: builder.account.clone(),
        region: builder.region.clone(),
        kind: choice(words, "a kind of balancer", KINDS)?,
        scheme: LoadBalancerScheme::InternetFacing,
        vpc: Link::to(words.need("the balancer's VPC")?),
        groups: Vec::new(),
        zones: Vec::new(),
        state: ResourceState::Available,
        cross_zone: Attribute::Default,
        denies_internet_ipv6: Attribute::Default,
        enforces_groups_on_private_link: true,
        listeners: Vec::new(),
        listeners_known: true,
        nodes: Vec::new(),
        origin: words.origin(),
    };
    while let Some(word) = words.next() {
        match word {
            "subnets" => balancer.zones = words.names()?.into_iter().map(zone).collect(),
            "nodes" => balancer.nodes = words.names()?.into_iter().map(Link::to).collect(),
            "groups" => balancer.groups = words.names()?.into_iter().map(Link::to).collect(),
            "internal" => balancer.scheme = LoadBalancerScheme::Internal,
            "cross-zone" => balancer.cross_zone = setting(words, "on", "off")?,
            "igw-ipv6" => balancer.denies_internet_ipv6 = setting(words, "denied", "allowed")?,
            "unenforced" => balancer.enforces_groups_on_private_link = false,
            "unavailable" => balancer.state = ResourceState::Unavailable,
            other => return Err(words.unknown(other)),
        }
    }
    builder.parts.load_balancers.push(balancer);
    builder.block = Some(Block::Balancer);
    Ok(())
}

fn zone(subnet: &str) -> LoadBalancerZone {
    LoadBalancerZone {
        subnet: Link::to(subnet),
        zone: None,
        addresses: Vec::new(),
    }
}

/// A setting by its two words, or `unknown`.
fn setting(words: &mut Words<'_>, on: &str, off: &str) -> Result<Attribute<bool>> {
    let word = words.need("a setting")?;
    match word {
        "unknown" => Ok(Attribute::Unknown),
        word if word == on => Ok(Attribute::Told(true)),
        word if word == off => Ok(Attribute::Told(false)),
        other => Err(words.unknown(other)),
    }
}

/// The balancer that the line belongs to.
fn open_balancer<'a>(builder: &'a mut Builder, words: &Words<'_>) -> Result<&'a mut LoadBalancer> {
    let is_open = builder.block == Some(Block::Balancer);
    let last = builder.parts.load_balancers.last_mut().filter(|_| is_open);
    last.ok_or_else(|| words.error("this line belongs to a balancer"))
}

pub(super) fn listener(builder: &mut Builder, words: &mut Words<'_>) -> Result {
    let (protocol, port) = service(words)?;
    let (actions, origin) = (actions(words)?, words.origin());
    let balancer = open_balancer(builder, words)?;
    balancer.listeners.push(Listener {
        id: format!("{}:{}/{port}", balancer.id, protocol.word()).into(),
        protocol,
        port,
        actions,
        rules: Vec::new(),
        rules_known: true,
        origin,
    });
    Ok(())
}

/// A protocol of balancers and a port: `tcp_udp/53`.
fn service(words: &mut Words<'_>) -> Result<(BalancerProtocol, u16)> {
    let word = words.need("a protocol and a port")?;
    let read = || {
        let (protocol, port) = word.split_once('/')?;
        Some((BalancerProtocol::of(protocol)?, port.parse().ok()?))
    };
    read().ok_or_else(|| words.unknown(word))
}

/// Groups of targets with commas between them, or `other`.
fn actions(words: &mut Words<'_>) -> Result<Vec<ListenerAction>> {
    let names = words.names()?;
    if names.first() == Some(&"other") {
        return Ok(vec![ListenerAction::Other("fixed-response".into())]);
    }
    let mut groups = Vec::new();
    for name in names {
        let (group, weight) = name.split_once('*').unwrap_or((name, "1"));
        groups.push(WeightedTargetGroup {
            group: Link::to(group),
            weight: weight.parse().map_err(|_| words.unknown(name))?,
        });
    }
    Ok(vec![ListenerAction::Forward(groups)])
}

pub(super) fn rule(builder: &mut Builder, words: &mut Words<'_>) -> Result {
    let (actions, origin) = (actions(words)?, words.origin());
    let balancer = open_balancer(builder, words)?;
    let listener = balancer.listeners.last_mut();
    let listener = listener.ok_or_else(|| words.error("this line belongs to a listener"))?;
    listener.rules.push(ListenerRule {
        id: format!("{}:{}", listener.id, listener.rules.len()).into(),
        actions,
        origin,
    });
    Ok(())
}

pub(super) fn listeners(builder: &mut Builder, words: &mut Words<'_>) -> Result {
    words.literal("unknown")?;
    open_balancer(builder, words)?.listeners_known = false;
    Ok(())
}

pub(super) fn rules(builder: &mut Builder, words: &mut Words<'_>) -> Result {
    words.literal("unknown")?;
    if let Some(listener) = open_balancer(builder, words)?.listeners.last_mut() {
        listener.rules_known = false;
    }
    Ok(())
}

/// A group of targets, or that those of the group above are not all told.
pub(super) fn targets(builder: &mut Builder, words: &mut Words<'_>) -> Result {
    let id = words.need("the group's name")?;
    if id == "unknown" {
        open_group(builder, words)?.targets_known = false;
        return Ok(());
    }
    let (protocol, port) = service(words)?;
    let mut group = TargetGroup {
        id: id.into(),
        name: Some(id.into()),
        owner: builder.account.clone(),
        region: builder.region.clone(),
        protocol: Some(protocol),
        port: Some(port),
        vpc: Some(Link::to(words.need("the VPC of the targets")?)),
        kind: choice(words, "a kind of target", TARGET_KINDS)?,
        family: Family::V4,
        health_check: HealthCheck::default(),
        preserves_client: Attribute::Default,
        cross_zone: Attribute::Default,
        targets: Vec::new(),
        targets_known: true,
        origin: words.origin(),
    };
    while let Some(word) = words.next() {
        match word {
            "ipv6" => group.family = Family::V6,
            "preserve" => group.preserves_client = setting(words, "on", "off")?,
            "cross-zone" => group.cross_zone = setting(words, "on", "off")?,
            "check" => group.health_check.port = Some(words.number("a port")?),
            other => return Err(words.unknown(other)),
        }
    }
    builder.parts.target_groups.push(group);
    builder.block = Some(Block::TargetGroup);
    Ok(())
}

/// The group of targets that the line belongs to.
fn open_group<'a>(builder: &'a mut Builder, words: &Words<'_>) -> Result<&'a mut TargetGroup> {
    let is_open = builder.block == Some(Block::TargetGroup);
    let last = builder.parts.target_groups.last_mut().filter(|_| is_open);
    last.ok_or_else(|| words.error("this line belongs to a group of targets"))
}

pub(super) fn target(builder: &mut Builder, words: &mut Words<'_>) -> Result {
    let id = words.need("the target")?;
    let (mut port, mut zone, mut health) = (None, TargetZone::Untold, TargetHealth::Unknown);
    while let Some(word) = words.next() {
        match word {
            "port" => port = Some(words.number("a port")?),
            "zone" => {
                zone = match words.need("a zone")? {
                    "all" => TargetZone::All,
                    name => TargetZone::Zone(name.into()),
                }
            }
            "healthy" => health = TargetHealth::Healthy,
            "unhealthy" => health = TargetHealth::Unhealthy,
            other => return Err(words.unknown(other)),
        }
    }
    let group = open_group(builder, words)?;
    let name = match group.kind {
        TargetKind::Instance => TargetName::Instance(Link::to(id)),
        TargetKind::LoadBalancer => TargetName::LoadBalancer(Link::to(id)),
        TargetKind::Function => TargetName::Function(id.into()),
        TargetKind::Address => TargetName::Address(id.parse().map_err(|_| words.unknown(id))?),
    };
    group.targets.push(Target {
        name,
        port,
        zone,
        health,
    });
    Ok(())
}
