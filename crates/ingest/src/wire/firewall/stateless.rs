//! Stateless rules of `DescribeRuleGroup`.

use model::{Origin, StatelessRule};
use packet::{PortRange, Prefix, Protocol};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::policy::stateless_action;
use super::{Read, Texts};
use crate::log::{Log, Problem};
use crate::wire::{List, Number, Object, Objects, Text};

/// The stateless rules of a group.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct StatelessRules<'a> {
    stateless_rules: Objects<'a, Stateless<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
struct Stateless<'a> {
    rule_definition: Object<Definition<'a>>,
    priority: Number,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
struct Definition<'a> {
    match_attributes: Object<Attributes<'a>>,
    actions: Texts<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
struct Attributes<'a> {
    sources: Objects<'a, Address<'a>>,
    destinations: Objects<'a, Address<'a>>,
    source_ports: Objects<'a, Ports>,
    destination_ports: Objects<'a, Ports>,
    protocols: List<'a, Number>,
    #[serde(rename = "TCPFlags")]
    flags: Option<&'a RawValue>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
struct Address<'a> {
    address_definition: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Ports {
    from_port: Number,
    to_port: Number,
}

impl StatelessRules<'_> {
    /// The rules by priority, and whether all could be read.
    pub(crate) fn read(&self, at: &Origin, log: &mut Log) -> Read<Vec<StatelessRule>> {
        let at = &at.part(format_args!("/StatelessRulesAndCustomActions"));
        let (key, subject) = ("StatelessRules", "cannot be read: ");
        let (mut rules, is_complete) =
            self.stateless_rules
                .take(at, key, subject, log, Stateless::into_model);
        rules.sort_by_key(|rule| rule.priority);
        (rules, is_complete)
    }
}

impl Stateless<'_> {
    fn into_model(self, at: &Origin, log: &mut Log) -> Result<StatelessRule, Problem> {
        let definition = self.rule_definition.get();
        let definition = definition.ok_or_else(|| Problem::missing("RuleDefinition"))?;
        let action = stateless_action(&definition.actions, "Actions", at, log);
        let none = Attributes::default();
        let attributes = definition.match_attributes.get().unwrap_or(&none);
        let priority = self.priority.0;
        let (from, to) = (&attributes.source_ports, &attributes.destination_ports);
        Ok(StatelessRule {
            priority: priority.ok_or_else(|| Problem::missing("Priority"))?,
            action: action.ok_or_else(|| Problem::missing("Actions"))?,
            protocols: attributes.protocols(at, log)?,
            sources: blocks(&attributes.sources, "Sources", at, log)?,
            destinations: blocks(&attributes.destinations, "Destinations", at, log)?,
            source_ports: ranges(from, "SourcePorts", at, log)?,
            destination_ports: ranges(to, "DestinationPorts", at, log)?,
            has_flags: attributes
                .flags
                .is_some_and(|raw| !matches!(raw.get().trim(), "null" | "[]")),
        })
    }
}

impl Attributes<'_> {
    fn protocols(&self, at: &Origin, log: &mut Log) -> Result<Vec<Protocol>, Problem> {
        let key = "Protocols";
        let elements = self.protocols.read(at, key, log);
        let invalid = || Problem::at(key, "invalid-protocol", "not a list of protocol numbers");
        let number = |(_, number): (usize, Number)| u8::try_from(number.0?).ok().map(Protocol);
        let protocols: Option<Vec<_>> = elements.items.into_iter().map(number).collect();
        protocols
            .filter(|_| elements.is_complete)
            .ok_or_else(invalid)
    }
}

fn blocks(
    list: &Objects<'_, Address<'_>>,
    key: &str,
    at: &Origin,
    log: &mut Log,
) -> Result<Vec<Prefix>, Problem> {
    let mut blocks = Vec::new();
    for (number, address) in list.all(at, key, log)? {
        let block = address
            .address_definition
            .prefix("AddressDefinition", at, log);
        let block = block.map_err(|problem| problem.inside(key, Some(number)))?;
        let missing = || Problem::missing("AddressDefinition").inside(key, Some(number));
        blocks.push(block.ok_or_else(missing)?);
    }
    Ok(blocks)
}

fn ranges(
    list: &Objects<'_, Ports>,
    key: &str,
    at: &Origin,
    log: &mut Log,
) -> Result<Vec<PortRange>, Problem> {
    let mut ranges = Vec::new();
    for (number, ports) in list.all(at, key, log)? {
        let port = |number: Number| number.0.and_then(|number| u16::try_from(number).ok());
        let range = port(ports.from_port).zip(port(ports.to_port));
        let range = range.and_then(|(first, last)| PortRange::new(first, last));
        let invalid = || Problem::new("invalid-port", "not a range of ports");
        ranges.push(range.ok_or_else(|| invalid().inside(key, Some(number)))?);
    }
    Ok(ranges)
}
