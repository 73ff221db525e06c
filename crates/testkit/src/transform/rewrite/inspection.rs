//! Firewalls and the switches of accounts.

use model::{
    FirewallAddresses, FirewallEndpoint, FirewallGroupReference, FirewallPolicy, FirewallRuleGroup,
    FirewallRules, NetworkFirewall, PublicAccessExclusion, PublicAccessOptions, StatefulRule,
    StatelessRule,
};

use super::{Rewrite, link, links, prefixes};

pub(super) fn firewall(firewall: &mut NetworkFirewall, change: &impl Rewrite) {
    let NetworkFirewall {
        id,
        name: _,
        owner: _,
        region: _,
        vpc,
        policy,
        endpoints,
        origin: _,
    } = firewall;
    change.id(id);
    link(vpc, change);
    link(policy, change);
    for FirewallEndpoint { id, subnet } in endpoints {
        change.id(id);
        link(subnet, change);
    }
}

pub(super) fn policy(policy: &mut FirewallPolicy, change: &impl Rewrite) {
    let FirewallPolicy {
        id,
        name: _,
        stateless,
        stateless_default: _,
        rule_order: _,
        stateful,
        stateful_default: _,
        variables,
        origin: _,
    } = policy;
    change.id(id);
    for FirewallGroupReference {
        group,
        priority: _,
        only_alerts: _,
    } in stateless.iter_mut().chain(stateful)
    {
        link(group, change);
    }
    for set in variables.values_mut() {
        addresses(set, change);
    }
}

pub(super) fn rule_group(group: &mut FirewallRuleGroup, change: &impl Rewrite) {
    let FirewallRuleGroup {
        id,
        name: _,
        rules,
        is_complete: _,
        addresses: sets,
        ports: _,
        references,
        origin: _,
    } = group;
    change.id(id);
    for set in sets.values_mut() {
        addresses(set, change);
    }
    links(references.values_mut(), change);
    match rules {
        FirewallRules::Stateless(rules) => {
            for rule in rules {
                stateless(rule, change);
            }
        }
        FirewallRules::Stateful(rules) => {
            for rule in rules {
                stateful(rule, change);
            }
        }
    }
}

fn stateless(rule: &mut StatelessRule, change: &impl Rewrite) {
    let StatelessRule {
        priority: _,
        action: _,
        protocols: _,
        sources,
        destinations,
        source_ports: _,
        destination_ports: _,
        has_flags: _,
    } = rule;
    prefixes(sources.iter_mut().chain(destinations), change);
}

/// The text stays: it is for people.
fn stateful(rule: &mut StatefulRule, change: &impl Rewrite) {
    let StatefulRule {
        text: _,
        action: _,
        protocol: _,
        source,
        source_ports: _,
        is_both_ways: _,
        destination,
        destination_ports: _,
        is_conditional: _,
    } = rule;
    addresses(source, change);
    addresses(destination, change);
}

fn addresses(set: &mut FirewallAddresses, change: &impl Rewrite) {
    match set {
        FirewallAddresses::Block(block) => change.prefix(block),
        FirewallAddresses::Not(inner) => addresses(inner, change),
        FirewallAddresses::Among(members) => {
            for member in members {
                addresses(member, change);
            }
        }
        FirewallAddresses::Any
        | FirewallAddresses::Variable(_)
        | FirewallAddresses::Reference(_)
        | FirewallAddresses::Unknown => {}
    }
}

pub(super) fn options(options: &mut PublicAccessOptions, change: &impl Rewrite) {
    let PublicAccessOptions {
        id,
        name: _,
        owner: _,
        region: _,
        mode: _,
        origin: _,
    } = options;
    change.id(id);
}

pub(super) fn exclusion(exclusion: &mut PublicAccessExclusion, change: &impl Rewrite) {
    let PublicAccessExclusion {
        id,
        name: _,
        resource,
        mode: _,
        state: _,
        origin: _,
    } = exclusion;
    change.id(id);
    change.id(resource);
}
