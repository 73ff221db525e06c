//! Answers about network firewalls, one object each or several in a list, and about the switches of accounts.

use serde_json::value::RawValue;

use super::Beside;
use crate::reading::{ListAt, Reading};
use crate::wire::firewall::{group as rule_group, policy};
use crate::wire::{Object, firewall, public_access};

/// What describes an object, if it can be read.
fn described<'a, T: serde::Deserialize<'a>>(beside: &Beside<'a>) -> Option<T> {
    let raw = beside.description?;
    serde_json::from_str::<Object<T>>(raw.get()).ok()?.0
}

pub(super) fn one<'a>(
    reading: &mut Reading,
    list: &ListAt<'_>,
    raw: &'a RawValue,
    beside: &Beside<'a>,
) {
    reading.one(list, raw, |it: firewall::Firewall<'_>, at, sink| {
        let status = described(beside);
        sink.parts
            .firewalls
            .push(it.into_model(status.as_ref(), at, sink.log)?);
        Ok(())
    });
}

pub(super) fn several<'a>(
    reading: &mut Reading,
    list: &ListAt<'_>,
    raw: &'a RawValue,
    _: &Beside<'a>,
) {
    reading.each(list, raw, |it: firewall::Described<'_>, at, sink| {
        let Some(described) = it.firewall.0 else {
            return Ok(());
        };
        let status = it.firewall_status.get();
        sink.parts
            .firewalls
            .push(described.into_model(status, at, sink.log)?);
        Ok(())
    });
}

pub(super) fn one_policy<'a>(
    reading: &mut Reading,
    list: &ListAt<'_>,
    raw: &'a RawValue,
    beside: &Beside<'a>,
) {
    reading.one(list, raw, |it: policy::Policy<'_>, at, sink| {
        let response = described(beside);
        let policy = it.into_model(response.as_ref(), at, sink.log)?;
        sink.parts.firewall_policies.push(policy);
        Ok(())
    });
}

pub(super) fn several_policies<'a>(
    reading: &mut Reading,
    list: &ListAt<'_>,
    raw: &'a RawValue,
    _: &Beside<'a>,
) {
    reading.each(list, raw, |it: policy::Described<'_>, at, sink| {
        let Some(described) = it.firewall_policy.0 else {
            return Ok(());
        };
        let response = it.firewall_policy_response.get();
        let policy = described.into_model(response, at, sink.log)?;
        sink.parts.firewall_policies.push(policy);
        Ok(())
    });
}

pub(super) fn one_rule_group<'a>(
    reading: &mut Reading,
    list: &ListAt<'_>,
    raw: &'a RawValue,
    beside: &Beside<'a>,
) {
    reading.one(list, raw, |it: rule_group::RuleGroup<'_>, at, sink| {
        let response = described(beside);
        let group = it.into_model(response.as_ref(), at, sink.log)?;
        sink.parts.firewall_rule_groups.push(group);
        Ok(())
    });
}

pub(super) fn several_rule_groups<'a>(
    reading: &mut Reading,
    list: &ListAt<'_>,
    raw: &'a RawValue,
    _: &Beside<'a>,
) {
    reading.each(list, raw, |it: rule_group::Described<'_>, at, sink| {
        let Some(described) = it.rule_group.0 else {
            return Ok(());
        };
        let response = it.rule_group_response.get();
        let group = described.into_model(response, at, sink.log)?;
        sink.parts.firewall_rule_groups.push(group);
        Ok(())
    });
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
