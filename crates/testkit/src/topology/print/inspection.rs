//! Firewalls and the switches of accounts.

use std::fmt::Write;

use model::{
    FirewallAddresses, FirewallGroupReference, FirewallPolicy, FirewallPorts, FirewallRuleGroup,
    FirewallRuleOrder, FirewallRules, PublicAccessExclusionState, Snapshot, StatefulDefault,
    StatelessAction, StatelessRule,
};
use packet::{PortRange, Prefix};

use super::super::firewall::{addresses_word, home_blocks, ports_word};
use super::super::public_access::{EXCLUSIONS, MODES, word_of};
use super::{Page, flag, joined};

pub(super) fn print(page: &mut Page, snapshot: &Snapshot) {
    for firewall in snapshot.firewalls().rows() {
        page.scope(firewall.owner.as_ref(), firewall.region.as_ref());
        let (id, vpc, policy) = (&firewall.id, firewall.vpc.id(), firewall.policy.id());
        let mut line = format!("firewall {id} {vpc} policy {policy}");
        for endpoint in &firewall.endpoints {
            let (id, subnet) = (&endpoint.id, endpoint.subnet.id());
            let _ = write!(line, " endpoint {id} in {subnet}");
        }
        page.line(&line);
    }
    for policy in snapshot.firewall_policies().rows() {
        print_policy(page, policy);
    }
    for group in snapshot.firewall_rule_groups().rows() {
        print_group(page, group);
    }
    for options in snapshot.public_access_options().rows() {
        page.scope(options.owner.as_ref(), options.region.as_ref());
        page.line(&format!("public-access {}", word_of(MODES, &options.mode)));
    }
    for exclusion in snapshot.public_access_exclusions().rows() {
        let mode = word_of(EXCLUSIONS, &exclusion.mode);
        let state = match exclusion.state {
            PublicAccessExclusionState::InForce => "",
            PublicAccessExclusionState::Changing => " changing",
            PublicAccessExclusionState::Gone => " gone",
        };
        let (id, resource) = (&exclusion.id, &exclusion.resource);
        page.line(&format!("exclusion {id} {resource} {mode}{state}"));
    }
}

fn print_policy(page: &mut Page, policy: &FirewallPolicy) {
    let strict = flag(policy.rule_order == FirewallRuleOrder::Strict, "strict");
    let stateless = policy.stateless_default.map_or("unknown", action_word);
    let default = match policy.stateful_default {
        StatefulDefault::Pass => "pass",
        StatefulDefault::DropAll => "drop",
        StatefulDefault::DropEstablished => "drop-established",
    };
    let home = home_blocks(policy);
    let home = if home.is_empty() {
        String::new()
    } else {
        format!(" home {}", joined(home, " "))
    };
    let id = &policy.id;
    page.line(&format!(
        "firewall-policy {id}{strict} stateless {stateless} default {default}{home}"
    ));
    for used in &policy.stateless {
        page.line(&reference_line("stateless", used));
    }
    for used in &policy.stateful {
        page.line(&reference_line("stateful", used));
    }
}

fn reference_line(word: &str, used: &FirewallGroupReference) -> String {
    let alerts = flag(used.only_alerts, "only-alerts");
    format!("  {word} {} {}{alerts}", used.priority, used.group.id())
}

fn print_group(page: &mut Page, group: &FirewallRuleGroup) {
    let incomplete = flag(!group.is_complete, "incomplete");
    let sort = match group.rules {
        FirewallRules::Stateless(_) => "stateless",
        FirewallRules::Stateful(_) => "stateful",
    };
    page.line(&format!("firewall-rules {} {sort}{incomplete}", group.id));
    for (name, set) in &group.addresses {
        let members = match set {
            FirewallAddresses::Among(members) => members.as_slice(),
            other => std::slice::from_ref(other),
        };
        let members = joined(members.iter().map(addresses_word), " ");
        page.line(&format!("  addresses {name} {members}"));
    }
    for (name, set) in &group.ports {
        let members = match set {
            FirewallPorts::Among(members) => members.as_slice(),
            other => std::slice::from_ref(other),
        };
        let members = joined(members.iter().map(ports_word), " ");
        page.line(&format!("  ports {name} {members}"));
    }
    for (name, list) in &group.references {
        page.line(&format!("  references {name} {}", list.id()));
    }
    match &group.rules {
        FirewallRules::Stateless(rules) => {
            for rule in rules {
                page.line(&stateless_line(rule));
            }
        }
        FirewallRules::Stateful(rules) => {
            for rule in rules {
                page.line(&format!("  filter {}", rule.text));
            }
        }
    }
}

const fn action_word(action: StatelessAction) -> &'static str {
    match action {
        StatelessAction::Pass => "pass",
        StatelessAction::Drop => "drop",
        StatelessAction::Forward => "forward",
    }
}

fn stateless_line(rule: &StatelessRule) -> String {
    let numbers = rule.protocols.iter().map(|protocol| protocol.0);
    let protocols = if rule.protocols.is_empty() {
        String::new()
    } else {
        format!(" {}", joined(numbers, ","))
    };
    let (priority, action) = (rule.priority, action_word(rule.action));
    let from = side("from", &rule.sources, &rule.source_ports);
    let to = side("to", &rule.destinations, &rule.destination_ports);
    let flags = flag(rule.has_flags, "flags");
    format!("  filter {priority} {action}{protocols}{from}{to}{flags}")
}

fn side(word: &str, blocks: &[Prefix], ports: &[PortRange]) -> String {
    let blocks = std::iter::once(word.to_owned()).chain(blocks.iter().map(Prefix::to_string));
    let blocks = joined(blocks, " ");
    let ports = if ports.is_empty() {
        String::new()
    } else {
        let range = |range: &PortRange| format!("{}-{}", range.first(), range.last());
        format!(" ports {}", joined(ports.iter().map(range), ","))
    };
    format!(" {blocks}{ports}")
}
