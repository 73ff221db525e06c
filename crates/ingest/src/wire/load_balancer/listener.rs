//! `DescribeListeners` and `DescribeRules`.

use model::{BalancerFact, BalancerProtocol, Link, Origin, ResourceId};
use serde::Deserialize;

use crate::log::{Log, Problem};
use crate::wire::{Flag, Number, Object, Objects, Text};

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
        let (key, subject) = ("Listeners", "cannot be read: ");
        let read = |listener: Listener<'_>, at: &Origin, log: &mut Log| {
            let (_, listener) = listener.into_model(at, log)?;
            Ok(listener)
        };
        let (listeners, is_whole) = self.listeners.take(at, key, subject, log, read);
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
