//! `DescribeRuleGroup`.

use std::collections::BTreeMap;
use std::sync::Arc;

use model::{
    FirewallAddresses, FirewallPorts, FirewallRules, Link, Origin, PrefixList, StatefulRule,
};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::stateless::StatelessRules;
use super::{Read, Texts, named};
use crate::log::{Log, Problem};
use crate::wire::{Object, Objects, Text};

/// A rule group with what it is called: one of several.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Described<'a> {
    pub(crate) rule_group: Object<RuleGroup<'a>>,
    pub(crate) rule_group_response: Object<Response<'a>>,
}

/// What a rule group is called.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Response<'a> {
    rule_group_arn: Text<'a>,
    rule_group_name: Text<'a>,
}

/// A rule group.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct RuleGroup<'a> {
    rule_variables: Object<Variables<'a>>,
    reference_sets: Object<ReferenceSets<'a>>,
    rules_source: Object<Source<'a>>,
    stateful_rule_options: Object<Options<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
struct Variables<'a> {
    #[serde(rename = "IPSets")]
    addresses: Option<&'a RawValue>,
    #[serde(rename = "PortSets")]
    ports: Option<&'a RawValue>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
struct ReferenceSets<'a> {
    #[serde(rename = "IPSetReferences")]
    references: Option<&'a RawValue>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
struct Set<'a> {
    definition: Texts<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
struct ReferenceSet<'a> {
    reference_arn: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
struct Options<'a> {
    rule_order: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
struct Source<'a> {
    rules_string: Text<'a>,
    rules_source_list: Object<Domains<'a>>,
    stateful_rules: Option<Objects<'a, Stateful<'a>>>,
    stateless_rules_and_custom_actions: Object<StatelessRules<'a>>,
}

/// Domains to allow or deny.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
struct Domains<'a> {
    target_types: Texts<'a>,
    generated_rules_type: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
struct Stateful<'a> {
    action: Text<'a>,
    header: Object<Header<'a>>,
    rule_options: Objects<'a, RuleOption<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
struct Header<'a> {
    protocol: Text<'a>,
    source: Text<'a>,
    source_port: Text<'a>,
    direction: Text<'a>,
    destination: Text<'a>,
    destination_port: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
struct RuleOption<'a> {
    keyword: Text<'a>,
    settings: Texts<'a>,
}

impl RuleGroup<'_> {
    pub(crate) fn into_model(
        self,
        response: Option<&Response<'_>>,
        at: &Origin,
        log: &mut Log,
    ) -> Result<model::FirewallRuleGroup, Problem> {
        let unnamed = || Problem::missing("RuleGroupArn");
        let response = response.ok_or_else(unnamed)?;
        let id = response.rule_group_arn.required("RuleGroupArn")?;
        let (rules, is_complete) = self.rules(at, log);
        let variables = self.rule_variables.get();
        let addresses = variables.and_then(|variables| variables.addresses);
        let addresses = addresses.map(|raw| address_sets(raw, at, log));
        let ports = variables.and_then(|variables| variables.ports);
        let ports = ports.map(|raw| sets(raw, FirewallPorts::read, FirewallPorts::Among, at, log));
        let (addresses, has_addresses) = addresses.unwrap_or((BTreeMap::new(), true));
        let (ports, has_ports) = ports.unwrap_or((BTreeMap::new(), true));
        Ok(model::FirewallRuleGroup {
            id: id.into(),
            name: response.rule_group_name.get().map(Into::into),
            rules,
            is_complete: is_complete && has_addresses && has_ports,
            addresses,
            ports,
            references: self.references(),
            origin: at.clone(),
        })
    }

    fn rules(&self, at: &Origin, log: &mut Log) -> Read<FirewallRules> {
        let at = &at.part(format_args!("/RulesSource"));
        let Some(source) = self.rules_source.get() else {
            return (FirewallRules::Stateful(Vec::new()), false);
        };
        if let Some(rules) = source.stateless_rules_and_custom_actions.get() {
            let (rules, is_complete) = rules.read(at, log);
            return (FirewallRules::Stateless(rules), is_complete);
        }
        let (rules, is_complete) = if let Some(text) = source.rules_string.get() {
            suricata_rules(text, at, log)
        } else if let Some(domains) = source.rules_source_list.get() {
            let order = self.stateful_rule_options.get();
            let is_strict =
                order.is_some_and(|options| options.rule_order.get() == Some("STRICT_ORDER"));
            domains.rules(is_strict, &at.part(format_args!("/RulesSourceList")), log)
        } else if let Some(rules) = &source.stateful_rules {
            stateful_rules(rules, at, log)
        } else {
            (Vec::new(), false)
        };
        (FirewallRules::Stateful(rules), is_complete)
    }

    fn references(&self) -> BTreeMap<Arc<str>, Link<PrefixList>> {
        let raw = self.reference_sets.get().and_then(|sets| sets.references);
        let sets = raw.and_then(named::<Object<ReferenceSet<'_>>>);
        let link = |(name, set): (String, Object<ReferenceSet<'_>>)| {
            let set = set.0?;
            let arn = set.reference_arn.get()?;
            let id = arn.rsplit_once('/').map_or(arn, |(_, id)| id);
            Some((Arc::from(name), Link::to(id)))
        };
        sets.into_iter().flatten().filter_map(link).collect()
    }
}

/// The definitions of sets by name, and whether all could be read.
fn sets<T>(
    raw: &RawValue,
    read: impl Fn(&str) -> T,
    among: impl Fn(Vec<T>) -> T,
    at: &Origin,
    log: &mut Log,
) -> Read<BTreeMap<Arc<str>, T>> {
    let Some(sets) = named::<Object<Set<'_>>>(raw) else {
        let message = "its variables cannot be read: what its rules match is not known";
        log.error("malformed-element", message, at.clone());
        return (BTreeMap::new(), false);
    };
    let mut is_complete = true;
    let mut known = BTreeMap::new();
    for (name, set) in sets {
        let Some(set) = set.0 else { continue };
        let elements = set.definition.read(at, "Definition", log);
        is_complete &= elements.is_complete;
        let members = elements.items.iter();
        let members = members.filter_map(|(_, text)| text.get()).map(&read);
        known.insert(Arc::from(name), among(members.collect()));
    }
    (known, is_complete)
}

/// Sets of addresses by name.
pub(super) fn address_sets(
    raw: &RawValue,
    at: &Origin,
    log: &mut Log,
) -> Read<BTreeMap<Arc<str>, FirewallAddresses>> {
    let (read, among) = (FirewallAddresses::read, FirewallAddresses::Among);
    sets(raw, read, among, at, log)
}

/// Rules as Suricata writes them: one a line, `#` before a remark, `\` where a line goes on.
fn suricata_rules(text: &str, at: &Origin, log: &mut Log) -> Read<Vec<StatefulRule>> {
    let joined = text.replace("\\\r\n", " ").replace("\\\n", " ");
    let lines = joined.lines().map(str::trim);
    let mut rules = Vec::new();
    let mut is_complete = true;
    for line in lines.filter(|line| !line.is_empty() && !line.starts_with('#')) {
        match line.parse() {
            Ok(rule) => rules.push(rule),
            Err(error) => {
                is_complete = false;
                let message = format!("a rule cannot be read: {error}");
                let at = at.part(format_args!("/RulesString"));
                log.error("malformed-element", message, at);
            }
        }
    }
    (rules, is_complete)
}

/// The target type that asks which domain the destination was resolved for.
const RESOLVED: &str = "AWS_ROUTE_53_RESOLVED_DOMAIN";

impl Domains<'_> {
    /// The rules that AWS makes of a list of domains, as far as their heads go: what is listed passes, is dropped or
    /// noted, and a list of what is allowed drops all else where rules are asked by action.
    ///
    /// Whether an address was resolved for a domain is asked of every protocol, where it is asked at all: by itself, or
    /// beside what the application says. A list of what is allowed asks both together, and drops nothing by the
    /// address alone.
    fn rules(&self, is_strict: bool, at: &Origin, log: &mut Log) -> Read<Vec<StatefulRule>> {
        let types = self.target_types.read(at, "TargetTypes", log);
        let is_address = |(_, text): &(usize, Text<'_>)| text.get() == Some(RESOLVED);
        let asks_address = types.items.iter().any(is_address);
        let asks_only_address = asks_address && types.items.iter().all(is_address);
        let is_allowed = self.generated_rules_type.get() == Some("ALLOWLIST");
        let protocol = if asks_only_address || (asks_address && !is_allowed) {
            "ip"
        } else {
            "tls"
        };
        let actions: &[&str] = match self.generated_rules_type.get() {
            Some("ALLOWLIST") if is_strict || asks_only_address => &["pass"],
            Some("DENYLIST" | "REJECTLIST") => &["drop"],
            Some("ALERTLIST") => &["alert"],
            Some(_) | None => &["pass", "drop"],
        };
        let rule = |action: &&str| {
            let head = format!("{action} {protocol} $HOME_NET any -> $EXTERNAL_NET any (domains;)");
            head.parse().ok()
        };
        let rules = actions.iter().filter_map(rule).collect();
        (rules, types.is_complete)
    }
}

/// Rules with a field for each part, put as Suricata would write them.
fn stateful_rules(
    list: &Objects<'_, Stateful<'_>>,
    at: &Origin,
    log: &mut Log,
) -> Read<Vec<StatefulRule>> {
    let elements = list.objects(at, "StatefulRules", log);
    let mut is_complete = elements.is_complete;
    let mut rules = Vec::new();
    for (number, rule) in elements.items {
        let at = at.part(format_args!("/StatefulRules/{number}"));
        match rule.text(&at, log).parse() {
            Ok(rule) => rules.push(rule),
            Err(error) => {
                is_complete = false;
                log.error("malformed-element", format!("cannot be read: {error}"), at);
            }
        }
    }
    (rules, is_complete)
}

impl Stateful<'_> {
    fn text(&self, at: &Origin, log: &mut Log) -> String {
        let none = Header::default();
        let header = self.header.get().unwrap_or(&none);
        let word = |text: &Text<'_>| text.get().unwrap_or_default().to_ascii_lowercase();
        let exact = |text: &Text<'_>| text.get().unwrap_or_default().to_owned();
        let arrow = match header.direction.get() {
            Some("ANY") => "<>",
            Some(_) | None => "->",
        };
        let elements = self.rule_options.objects(at, "RuleOptions", log);
        let mut options: String = elements.items.iter().map(|(_, it)| it.text(at)).collect();
        if !elements.is_complete {
            options.push_str("unreadable;");
        }
        format!(
            "{} {} {} {} {arrow} {} {} ({options})",
            word(&self.action),
            word(&header.protocol),
            exact(&header.source),
            exact(&header.source_port),
            exact(&header.destination),
            exact(&header.destination_port),
        )
    }
}

impl RuleOption<'_> {
    fn text(&self, at: &Origin) -> String {
        let keyword = self.keyword.get().unwrap_or("?");
        let settings = self.settings.read(at, "Settings", &mut Log::default());
        let settings = settings.items.iter().filter_map(|(_, text)| text.get());
        let settings: Vec<&str> = settings.collect();
        let colon = if settings.is_empty() { "" } else { ":" };
        format!("{keyword}{colon}{};", settings.join(","))
    }
}
