//! `DescribeFirewallPolicy`.

use std::collections::BTreeMap;
use std::sync::Arc;

use model::{
    FirewallAddresses, FirewallGroupReference, FirewallRuleOrder, Link, Origin, StatefulDefault,
    StatelessAction,
};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::Texts;
use super::group::address_sets;
use crate::log::{Log, Problem};
use crate::wire::{Number, Object, Objects, Text};

/// A policy with what it is called: one of several.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Described<'a> {
    pub(crate) firewall_policy: Object<Policy<'a>>,
    pub(crate) firewall_policy_response: Object<Response<'a>>,
}

/// What a policy is called.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Response<'a> {
    firewall_policy_arn: Text<'a>,
    firewall_policy_name: Text<'a>,
}

/// A policy.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Policy<'a> {
    stateless_rule_group_references: Objects<'a, Reference<'a>>,
    stateless_default_actions: Texts<'a>,
    stateful_rule_group_references: Objects<'a, Reference<'a>>,
    stateful_default_actions: Texts<'a>,
    stateful_engine_options: Object<EngineOptions<'a>>,
    policy_variables: Object<Variables<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
struct Reference<'a> {
    resource_arn: Text<'a>,
    priority: Number,
    r#override: Object<Override<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
struct Override<'a> {
    action: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
struct EngineOptions<'a> {
    rule_order: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
struct Variables<'a> {
    rule_variables: Option<&'a RawValue>,
}

impl Policy<'_> {
    pub(crate) fn into_model(
        self,
        response: Option<&Response<'_>>,
        at: &Origin,
        log: &mut Log,
    ) -> Result<model::FirewallPolicy, Problem> {
        let unnamed = || Problem::missing("FirewallPolicyArn");
        let response = response.ok_or_else(unnamed)?;
        let id = response.firewall_policy_arn.required("FirewallPolicyArn")?;
        let options = self.stateful_engine_options.get();
        let is_strict =
            options.is_some_and(|options| options.rule_order.get() == Some("STRICT_ORDER"));
        let (stateless, stateful) = (
            &self.stateless_rule_group_references,
            &self.stateful_rule_group_references,
        );
        Ok(model::FirewallPolicy {
            id: id.into(),
            name: response.firewall_policy_name.get().map(Into::into),
            stateless: references(stateless, "StatelessRuleGroupReferences", at, log)?,
            stateless_default: self.stateless_default(at, log),
            rule_order: if is_strict {
                FirewallRuleOrder::Strict
            } else {
                FirewallRuleOrder::ByAction
            },
            stateful: references(stateful, "StatefulRuleGroupReferences", at, log)?,
            stateful_default: self.stateful_default(at, log),
            variables: self.variables(at, log),
            origin: at.clone(),
        })
    }

    fn stateless_default(&self, at: &Origin, log: &mut Log) -> Option<StatelessAction> {
        let key = "StatelessDefaultActions";
        stateless_action(&self.stateless_default_actions, key, at, log)
    }

    /// A default that is not known here counts as one that drops what follows the handshake: nothing certain.
    fn stateful_default(&self, at: &Origin, log: &mut Log) -> StatefulDefault {
        let key = "StatefulDefaultActions";
        let elements = self.stateful_default_actions.read(at, key, log);
        let actions = elements.items.iter().filter_map(|(_, text)| text.get());
        let mut default = if elements.is_complete {
            StatefulDefault::Pass
        } else {
            StatefulDefault::DropEstablished
        };
        for action in actions {
            match action {
                "aws:drop_strict" => return StatefulDefault::DropAll,
                "aws:alert_strict" | "aws:alert_established" => {}
                _ => default = StatefulDefault::DropEstablished,
            }
        }
        default
    }

    fn variables(&self, at: &Origin, log: &mut Log) -> BTreeMap<Arc<str>, FirewallAddresses> {
        let variables = self.policy_variables.get();
        let sets = variables.and_then(|variables| variables.rule_variables);
        let sets = sets.map(|raw| address_sets(raw, at, log));
        sets.unwrap_or_default().0
    }
}

/// The action of a stateless rule or default; custom actions only measure.
pub(super) fn stateless_action(
    actions: &Texts<'_>,
    key: &str,
    at: &Origin,
    log: &mut Log,
) -> Option<StatelessAction> {
    let elements = actions.read(at, key, log);
    let mut texts = elements.items.iter().filter_map(|(_, text)| text.get());
    texts.find_map(|text| match text {
        "aws:pass" => Some(StatelessAction::Pass),
        "aws:drop" => Some(StatelessAction::Drop),
        "aws:forward_to_sfe" => Some(StatelessAction::Forward),
        _ => None,
    })
}

/// The groups that a policy refers to, by priority.
fn references(
    list: &Objects<'_, Reference<'_>>,
    key: &str,
    at: &Origin,
    log: &mut Log,
) -> Result<Vec<FirewallGroupReference>, Problem> {
    let mut references = Vec::new();
    for (number, reference) in list.all(at, key, log)? {
        let arn = reference.resource_arn.required("ResourceArn");
        let arn = arn.map_err(|problem| problem.inside(key, Some(number)))?;
        let action = reference.r#override.get();
        references.push(FirewallGroupReference {
            group: Link::to(arn),
            priority: reference.priority.0.unwrap_or_default(),
            only_alerts: action.is_some_and(|it| it.action.get() == Some("DROP_TO_ALERT")),
        });
    }
    references.sort_by_key(|reference| reference.priority);
    Ok(references)
}
