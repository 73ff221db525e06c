//! Answers about network firewalls, one object each or several in a list, and about the switches of accounts.

use model::Origin;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::Beside;
use crate::log::Problem;
use crate::reading::{ListAt, Reading, Sink};
use crate::wire::firewall::{group as rule_group, policy};
use crate::wire::{Object, firewall, public_access};

/// What is added for an object and what describes it.
type Add<O, D> = fn(O, Option<&D>, &Origin, &mut Sink<'_>) -> Result<(), Problem>;

pub(super) fn one<'a>(
    reading: &mut Reading,
    list: &ListAt<'_>,
    raw: &'a RawValue,
    beside: &Beside<'a>,
) {
    single(reading, list, raw, beside, add_firewall);
}

pub(super) fn several<'a>(
    reading: &mut Reading,
    list: &ListAt<'_>,
    raw: &'a RawValue,
    _: &Beside<'a>,
) {
    let parts = |it: firewall::Described<'a>| (it.firewall, it.firewall_status);
    each(reading, list, raw, parts, add_firewall);
}

pub(super) fn one_policy<'a>(
    reading: &mut Reading,
    list: &ListAt<'_>,
    raw: &'a RawValue,
    beside: &Beside<'a>,
) {
    single(reading, list, raw, beside, add_policy);
}

pub(super) fn several_policies<'a>(
    reading: &mut Reading,
    list: &ListAt<'_>,
    raw: &'a RawValue,
    _: &Beside<'a>,
) {
    let parts = |it: policy::Described<'a>| (it.firewall_policy, it.firewall_policy_response);
    each(reading, list, raw, parts, add_policy);
}

pub(super) fn one_rule_group<'a>(
    reading: &mut Reading,
    list: &ListAt<'_>,
    raw: &'a RawValue,
    beside: &Beside<'a>,
) {
    single(reading, list, raw, beside, add_rule_group);
}

pub(super) fn several_rule_groups<'a>(
    reading: &mut Reading,
    list: &ListAt<'_>,
    raw: &'a RawValue,
    _: &Beside<'a>,
) {
    let parts = |it: rule_group::Described<'a>| (it.rule_group, it.rule_group_response);
    each(reading, list, raw, parts, add_rule_group);
}

pub(super) fn public_access_options<'a>(
    reading: &mut Reading,
    list: &ListAt<'_>,
    raw: &'a RawValue,
    _: &Beside<'a>,
) {
    reading.one(
        list,
        raw,
        |options: public_access::Options<'_>, at, sink| {
            let options = options.into_model(sink.scope, at);
            sink.parts.public_access_options.push(options);
            Ok(())
        },
    );
}

/// Reads the one object of an answer, with what describes it beside it, if that can be read.
fn single<'a, O: Deserialize<'a>, D: Deserialize<'a>>(
    reading: &mut Reading,
    list: &ListAt<'_>,
    raw: &'a RawValue,
    beside: &Beside<'a>,
    add: Add<O, D>,
) {
    let described = beside.description;
    let described = described.and_then(|raw| serde_json::from_str::<Object<D>>(raw.get()).ok());
    let described = described.and_then(|object| object.0);
    reading.one(list, raw, |object: O, at, sink| {
        add(object, described.as_ref(), at, sink)
    });
}

/// Reads several objects, each with what describes it; an element without an object only names one.
fn each<'a, E: Deserialize<'a>, O, D>(
    reading: &mut Reading,
    list: &ListAt<'_>,
    raw: &'a RawValue,
    parts: fn(E) -> (Object<O>, Object<D>),
    add: Add<O, D>,
) {
    reading.each(list, raw, |element: E, at, sink| {
        let (Object(object), described) = parts(element);
        object.map_or(Ok(()), |object| add(object, described.get(), at, sink))
    });
}

fn add_firewall(
    firewall: firewall::Firewall<'_>,
    status: Option<&firewall::Status<'_>>,
    at: &Origin,
    sink: &mut Sink<'_>,
) -> Result<(), Problem> {
    let firewall = firewall.into_model(status, at, sink.log)?;
    sink.parts.firewalls.push(firewall);
    Ok(())
}

fn add_policy(
    policy: policy::Policy<'_>,
    response: Option<&policy::Response<'_>>,
    at: &Origin,
    sink: &mut Sink<'_>,
) -> Result<(), Problem> {
    let policy = policy.into_model(response, at, sink.log)?;
    sink.parts.firewall_policies.push(policy);
    Ok(())
}

fn add_rule_group(
    group: rule_group::RuleGroup<'_>,
    response: Option<&rule_group::Response<'_>>,
    at: &Origin,
    sink: &mut Sink<'_>,
) -> Result<(), Problem> {
    let group = group.into_model(response, at, sink.log)?;
    sink.parts.firewall_rule_groups.push(group);
    Ok(())
}
