//! Network firewalls, their policies and rule groups.

use std::sync::Arc;

use model::{
    FirewallAddresses, FirewallEndpoint, FirewallGroupReference, FirewallPolicy, FirewallPorts,
    FirewallRuleGroup, FirewallRuleOrder, FirewallRules, HOME_NET, Link, NetworkFirewall,
    StatefulDefault, StatelessAction, StatelessRule,
};
use packet::{PortRange, Prefix, Protocol};

use super::build::{Block, Builder};
use super::words::{Result, Words};

pub(super) fn firewall(builder: &mut Builder, words: &mut Words<'_>) -> Result {
    let id = words.need("the firewall's name")?;
    let vpc = Link::to(words.need("the firewall's VPC")?);
    words.literal("policy")?;
    let policy = Link::to(words.need("the firewall's policy")?);
    let mut endpoints = Vec::new();
    while words.skip("endpoint") {
        let id = words.need("the endpoint's name")?.into();
        words.literal("in")?;
        let subnet = Link::to(words.need("the endpoint's subnet")?);
        endpoints.push(FirewallEndpoint { id, subnet });
    }
    builder.parts.firewalls.push(NetworkFirewall {
        id: id.into(),
        name: Some(id.into()),
        owner: builder.account.clone(),
        region: builder.region.clone(),
        vpc,
        policy,
        endpoints,
        origin: words.origin(),
    });
    Ok(())
}

pub(super) fn policy(builder: &mut Builder, words: &mut Words<'_>) -> Result {
    let id = words.need("the policy's name")?;
    let mut policy = FirewallPolicy {
        id: id.into(),
        name: Some(id.into()),
        stateless: Vec::new(),
        stateless_default: Some(StatelessAction::Forward),
        rule_order: FirewallRuleOrder::ByAction,
        stateful: Vec::new(),
        stateful_default: StatefulDefault::Pass,
        variables: std::collections::BTreeMap::new(),
        origin: words.origin(),
    };
    while let Some(word) = words.next() {
        match word {
            "strict" => policy.rule_order = FirewallRuleOrder::Strict,
            "stateless" => policy.stateless_default = stateless_default(words)?,
            "default" => {
                policy.stateful_default = match words.need("a default")? {
                    "pass" => StatefulDefault::Pass,
                    "drop" => StatefulDefault::DropAll,
                    "drop-established" => StatefulDefault::DropEstablished,
                    other => return Err(words.unknown(other)),
                }
            }
            "home" => {
                let blocks = words.prefixes().into_iter().map(FirewallAddresses::Block);
                let home = FirewallAddresses::Among(blocks.collect());
                policy.variables.insert(Arc::from(HOME_NET), home);
            }
            other => return Err(words.unknown(other)),
        }
    }
    builder.parts.firewall_policies.push(policy);
    builder.block = Some(Block::FirewallPolicy);
    Ok(())
}

fn stateless_default(words: &mut Words<'_>) -> Result<Option<StatelessAction>> {
    match words.need("an action")? {
        "unknown" => Ok(None),
        word => action(words, word).map(Some),
    }
}

fn action(words: &Words<'_>, word: &str) -> Result<StatelessAction> {
    match word {
        "pass" => Ok(StatelessAction::Pass),
        "drop" => Ok(StatelessAction::Drop),
        "forward" => Ok(StatelessAction::Forward),
        other => Err(words.unknown(other)),
    }
}

/// `stateless 10 g` and `stateful 10 g [only-alerts]`, lines of a policy.
pub(super) fn stateless(builder: &mut Builder, words: &mut Words<'_>) -> Result {
    let used = reference(words)?;
    open_policy(builder, words)?.stateless.push(used);
    Ok(())
}

pub(super) fn stateful(builder: &mut Builder, words: &mut Words<'_>) -> Result {
    let used = reference(words)?;
    open_policy(builder, words)?.stateful.push(used);
    Ok(())
}

fn reference(words: &mut Words<'_>) -> Result<FirewallGroupReference> {
    Ok(FirewallGroupReference {
        priority: words.number("a priority")?,
        group: Link::to(words.need("a rule group")?),
        only_alerts: words.skip("only-alerts"),
    })
}

fn open_policy<'b>(builder: &'b mut Builder, words: &Words<'_>) -> Result<&'b mut FirewallPolicy> {
    let is_open = builder.block == Some(Block::FirewallPolicy);
    let policy = builder.parts.firewall_policies.last_mut();
    policy
        .filter(|_| is_open)
        .ok_or_else(|| words.error("this line belongs to a firewall policy"))
}

pub(super) fn rule_group(builder: &mut Builder, words: &mut Words<'_>) -> Result {
    let id = words.need("the rule group's name")?;
    let rules = match words.need("`stateless` or `stateful`")? {
        "stateless" => FirewallRules::Stateless(Vec::new()),
        "stateful" => FirewallRules::Stateful(Vec::new()),
        other => return Err(words.unknown(other)),
    };
    builder.parts.firewall_rule_groups.push(FirewallRuleGroup {
        id: id.into(),
        name: Some(id.into()),
        rules,
        is_complete: !words.skip("incomplete"),
        addresses: std::collections::BTreeMap::new(),
        ports: std::collections::BTreeMap::new(),
        references: std::collections::BTreeMap::new(),
        origin: words.origin(),
    });
    builder.block = Some(Block::FirewallRules);
    Ok(())
}

fn open_group<'b>(
    builder: &'b mut Builder,
    words: &Words<'_>,
) -> Result<&'b mut FirewallRuleGroup> {
    let is_open = builder.block == Some(Block::FirewallRules);
    let group = builder.parts.firewall_rule_groups.last_mut();
    group
        .filter(|_| is_open)
        .ok_or_else(|| words.error("this line belongs to a firewall rule group"))
}

/// `filter 10 drop tcp,udp from … ports 1-2 to … ports 443 flags` of a stateless group, or a Suricata rule of a stateful
/// one.
pub(super) fn rule(builder: &mut Builder, words: &mut Words<'_>) -> Result {
    match &mut open_group(builder, words)?.rules {
        FirewallRules::Stateless(rules) => {
            rules.push(stateless_rule(words)?);
            rules.sort_by_key(|rule| rule.priority);
        }
        FirewallRules::Stateful(rules) => {
            let text = words.rest();
            rules.push(text.parse().map_err(|problem| words.error(problem))?);
        }
    }
    Ok(())
}

fn stateless_rule(words: &mut Words<'_>) -> Result<StatelessRule> {
    let priority = words.number("a priority")?;
    let word = words.need("an action")?;
    let mut rule = StatelessRule {
        priority,
        action: action(words, word)?,
        protocols: Vec::new(),
        sources: Vec::new(),
        destinations: Vec::new(),
        source_ports: Vec::new(),
        destination_ports: Vec::new(),
        has_flags: false,
    };
    let mut is_source = true;
    while let Some(word) = words.next() {
        match word {
            "from" => rule.sources = words.prefixes(),
            "to" => {
                is_source = false;
                rule.destinations = words.prefixes();
            }
            "ports" if is_source => rule.source_ports = port_ranges(words)?,
            "ports" => rule.destination_ports = port_ranges(words)?,
            "flags" => rule.has_flags = true,
            names => rule.protocols = protocols(words, names)?,
        }
    }
    Ok(rule)
}

fn protocols(words: &Words<'_>, names: &str) -> Result<Vec<Protocol>> {
    let protocol = |name: &str| {
        let number = || name.parse().ok().map(Protocol);
        let protocol = Protocol::from_name(name).or_else(number);
        protocol.ok_or_else(|| words.unknown(name))
    };
    names.split(',').map(protocol).collect()
}

fn port_ranges(words: &mut Words<'_>) -> Result<Vec<PortRange>> {
    let mut ranges = Vec::new();
    for name in words.names()? {
        let (first, last) = name.split_once('-').unwrap_or((name, name));
        let range = first.parse().ok().zip(last.parse().ok());
        let range = range.and_then(|(first, last)| PortRange::new(first, last));
        ranges.push(range.ok_or_else(|| words.unknown(name))?);
    }
    Ok(ranges)
}

/// `addresses NAME 10.0.0.0/8 !10.1.0.0/16` of a rule group.
pub(super) fn addresses(builder: &mut Builder, words: &mut Words<'_>) -> Result {
    let name = Arc::from(words.need("a name")?);
    let members = std::iter::from_fn(|| words.next().map(FirewallAddresses::read));
    let set = FirewallAddresses::Among(members.collect());
    open_group(builder, words)?.addresses.insert(name, set);
    Ok(())
}

/// `ports NAME 80 8000:8100` of a rule group.
pub(super) fn ports(builder: &mut Builder, words: &mut Words<'_>) -> Result {
    let name = Arc::from(words.need("a name")?);
    let members = std::iter::from_fn(|| words.next().map(FirewallPorts::read));
    let set = FirewallPorts::Among(members.collect());
    open_group(builder, words)?.ports.insert(name, set);
    Ok(())
}

/// `references NAME LIST` of a rule group.
pub(super) fn references(builder: &mut Builder, words: &mut Words<'_>) -> Result {
    let name = Arc::from(words.need("a name")?);
    let list = Link::to(words.need("a prefix list")?);
    open_group(builder, words)?.references.insert(name, list);
    Ok(())
}

/// Addresses as [`FirewallAddresses::read`] reads them.
pub(super) fn addresses_word(addresses: &FirewallAddresses) -> String {
    match addresses {
        FirewallAddresses::Any => "any".into(),
        FirewallAddresses::Block(block) => block.to_string(),
        FirewallAddresses::Not(inner) => format!("!{}", addresses_word(inner)),
        FirewallAddresses::Among(members) => {
            let members: Vec<String> = members.iter().map(addresses_word).collect();
            format!("[{}]", members.join(","))
        }
        FirewallAddresses::Variable(name) => format!("${name}"),
        FirewallAddresses::Reference(name) => format!("@{name}"),
        FirewallAddresses::Unknown => "?".into(),
    }
}

/// Ports as [`FirewallPorts::read`] reads them.
pub(super) fn ports_word(ports: &FirewallPorts) -> String {
    match ports {
        FirewallPorts::Any => "any".into(),
        FirewallPorts::Range(range) => format!("{}:{}", range.first(), range.last()),
        FirewallPorts::Not(inner) => format!("!{}", ports_word(inner)),
        FirewallPorts::Among(members) => {
            let members: Vec<String> = members.iter().map(ports_word).collect();
            format!("[{}]", members.join(","))
        }
        FirewallPorts::Variable(name) => format!("${name}"),
        FirewallPorts::Unknown => "?".into(),
    }
}

/// The blocks of the home network that a policy sets, where it sets plain ones.
pub(super) fn home_blocks(policy: &FirewallPolicy) -> Vec<Prefix> {
    let Some(FirewallAddresses::Among(members)) = policy.variables.get(HOME_NET) else {
        return Vec::new();
    };
    let block = |member: &FirewallAddresses| match member {
        FirewallAddresses::Block(block) => Some(*block),
        _ => None,
    };
    members.iter().filter_map(block).collect()
}
