//! `watertight.json`: what the collector asked, and how each call ended.

use model::{Completeness, Origin, Scope};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::kinds;
use crate::place::is_read;
use crate::reading::{Expected, ListAt, Reading};
use crate::wire::{Number, Text};

/// One call, asked of one account and region.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
#[expect(clippy::struct_field_names, reason = "the manifest names its fields")]
struct Operation<'a> {
    account: Text<'a>,
    region: Text<'a>,
    service: Text<'a>,
    operation: Text<'a>,
    status: Text<'a>,
    pages: Number,
}

/// Whether a file with these keys is a manifest.
pub(crate) fn is_manifest<'k>(keys: impl Iterator<Item = &'k str>) -> bool {
    let (mut has_operations, mut has_version) = (false, false);
    for key in keys {
        has_operations |= key == "operations";
        has_version |= key == "tool_version";
    }
    has_operations && has_version
}

/// Records which lists are not to be relied upon, and which answers must be there.
pub(crate) fn read<'a>(
    fields: impl Iterator<Item = (&'a str, &'a RawValue)>,
    at: &Origin,
    reading: &mut Reading,
) {
    for (key, raw) in fields.filter(|(key, _)| *key == "operations") {
        let list = ListAt {
            key,
            at: at.clone(),
            name: "Manifest",
            kind: None,
        };
        let mut calls = Vec::new();
        reading.each(&list, raw, |operation: Operation<'_>, at, _| {
            let name = operation.operation.required("operation")?;
            calls.push(Call {
                operation: name.to_owned(),
                service: operation.service.get().unwrap_or("ec2").to_owned(),
                status: operation.status.required("status")?.to_owned(),
                is_empty: operation.pages.0 == Some(0),
                scope: Scope {
                    account: operation.account.get().map(Into::into),
                    region: operation.region.get().map(Into::into),
                },
                at: at.clone(),
            });
            Ok(())
        });
        for call in calls {
            record(call, reading);
        }
    }
}

struct Call {
    operation: String,
    service: String,
    status: String,
    /// Whether there was nothing to ask about, and so no answer.
    is_empty: bool,
    scope: Scope,
    at: Origin,
}

fn record(call: Call, reading: &mut Reading) {
    let Call {
        operation,
        service,
        status,
        is_empty,
        scope,
        at,
    } = call;
    let name = operation.to_ascii_lowercase();
    let kinds: Vec<_> = kinds::of_operation(Some(&service), &name).collect();
    if status == "ok" && is_empty {
        let complete = kinds.into_iter();
        let complete = complete.map(|kind| (kind, scope.clone(), Completeness::Complete));
        return reading.coverage.extend(complete);
    }
    if status == "ok" {
        let expected = kinds.into_iter().map(|kind| Expected {
            operation: operation.clone(),
            kind,
            scope: scope.clone(),
            at: at.clone(),
        });
        return reading.expected.extend(expected);
    }
    for kind in kinds {
        reading
            .coverage
            .push((kind, scope.clone(), Completeness::Partial));
    }
    let (code, what) = match status.as_str() {
        "denied" => ("operation-denied", "was denied"),
        "unsupported" => ("operation-unsupported", "is not supported there"),
        "partial" => ("operation-partial", "was answered in part"),
        _ => ("operation-failed", "failed"),
    };
    let message = format!(
        "`{operation}` {what}{}: what rests on its answer is undetermined",
        whose(&scope)
    );
    if kinds::is_used(&operation.to_ascii_lowercase()) && is_read(&service) {
        reading.log.warning(code, message, at);
    } else {
        let message = format!("`{operation}` {what}{}", whose(&scope));
        reading.log.note(code, message, at);
    }
}

fn whose(scope: &Scope) -> String {
    let account = scope
        .account
        .as_ref()
        .map(|account| format!(" for account {account}"));
    let region = scope.region.as_ref().map(|region| format!(" in {region}"));
    format!(
        "{}{}",
        account.unwrap_or_default(),
        region.unwrap_or_default()
    )
}
