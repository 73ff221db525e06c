//! `GetAccountAuthorizationDetails` of IAM: roles, policies, and what the documents in them say.

use std::borrow::Cow;

use model::{Effect, IamPolicy, IamRole, Link, Origin, Patterns, Statement};
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::fields::scope_of_arn;
use super::{Flag, Object, Objects, Text};
use crate::log::{Log, Problem, reason};

/// A role.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Role<'a> {
    arn: Text<'a>,
    role_name: Text<'a>,
    instance_profile_list: Objects<'a, InstanceProfile<'a>>,
    role_policy_list: Objects<'a, InlinePolicy<'a>>,
    attached_managed_policies: Objects<'a, AttachedPolicy<'a>>,
    permissions_boundary: Object<Boundary<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
struct InstanceProfile<'a> {
    arn: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
struct InlinePolicy<'a> {
    policy_document: Option<&'a RawValue>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
struct AttachedPolicy<'a> {
    policy_arn: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
struct Boundary<'a> {
    permissions_boundary_arn: Text<'a>,
}

/// A policy that is attached to roles, with its versions.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Policy<'a> {
    arn: Text<'a>,
    policy_name: Text<'a>,
    policy_version_list: Objects<'a, Version<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
struct Version<'a> {
    document: Option<&'a RawValue>,
    is_default_version: Flag,
}

/// Statements, and whether they are all of them.
#[derive(Debug)]
struct Statements {
    all: Vec<Statement>,
    is_complete: bool,
}

impl Role<'_> {
    pub(crate) fn into_model(self, at: &Origin, log: &mut Log) -> Result<IamRole, Problem> {
        let arn = self.arn.required("Arn")?;
        let key = "InstanceProfileList";
        let profile = |profile: InstanceProfile<'_>, _: &Origin, _: &mut Log| {
            profile.arn.required("Arn").map(Into::into)
        };
        let subject = "cannot be read: ";
        let (profiles, _) = self
            .instance_profile_list
            .take(at, key, subject, log, profile);
        let key = "RolePolicyList";
        let inline = |policy: InlinePolicy<'_>, at: &Origin, log: &mut Log| {
            let document = policy.policy_document;
            let document = document.ok_or_else(|| Problem::missing("PolicyDocument"))?;
            Ok(statements(
                document,
                &at.part(format_args!("/PolicyDocument")),
                log,
            ))
        };
        let (inline, is_inline_whole) = self.role_policy_list.take(at, key, subject, log, inline);
        let key = "AttachedManagedPolicies";
        let attached = |policy: AttachedPolicy<'_>, _: &Origin, _: &mut Log| {
            policy.policy_arn.required("PolicyArn").map(Link::to)
        };
        let list = &self.attached_managed_policies;
        let (policies, is_attached_whole) = list.take(at, key, subject, log, attached);
        let boundary = self.permissions_boundary.get();
        let boundary = boundary.and_then(|boundary| boundary.permissions_boundary_arn.get());
        Ok(IamRole {
            id: arn.into(),
            name: self.role_name.get().map(Into::into),
            owner: scope_of_arn(arn).1,
            profiles,
            policies,
            boundary: boundary.map(Link::to),
            is_complete: is_inline_whole
                && is_attached_whole
                && inline.iter().all(|statements| statements.is_complete),
            statements: inline
                .into_iter()
                .flat_map(|statements| statements.all)
                .collect(),
            origin: at.clone(),
        })
    }
}

impl Policy<'_> {
    pub(crate) fn into_model(self, at: &Origin, log: &mut Log) -> Result<IamPolicy, Problem> {
        let arn = self.arn.required("Arn")?;
        let mut statements = Statements {
            all: Vec::new(),
            is_complete: false,
        };
        let key = "PolicyVersionList";
        for (number, version) in self.policy_version_list.all(at, key, log)? {
            if let (Some(true), Some(document)) = (version.is_default_version.0, version.document) {
                let at = at.part(format_args!("/{key}/{number}/Document"));
                statements = self::statements(document, &at, log);
            }
        }
        Ok(IamPolicy {
            id: arn.into(),
            name: self.policy_name.get().map(Into::into),
            statements: statements.all,
            is_complete: statements.is_complete,
            origin: at.clone(),
        })
    }
}

/// One, or a list of them.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum OneOrMore<T> {
    One(T),
    Many(Vec<T>),
}

impl<T> OneOrMore<T> {
    fn into_list(self) -> Vec<T> {
        match self {
            Self::One(one) => vec![one],
            Self::Many(many) => many,
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct Document<'a> {
    #[serde(borrow)]
    statement: &'a RawValue,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct WireStatement {
    effect: WireEffect,
    action: Option<OneOrMore<String>>,
    not_action: Option<OneOrMore<String>>,
    resource: Option<OneOrMore<String>>,
    not_resource: Option<OneOrMore<String>>,
    condition: Option<serde::de::IgnoredAny>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
enum WireEffect {
    Allow,
    Deny,
}

/// The statements of a document: JSON, or a text that holds it with letters as `%7B`.
///
/// # Source
///
/// IAM API Reference: `PolicyDetail`; IAM User Guide: "IAM JSON policy elements reference".
fn statements(document: &RawValue, at: &Origin, log: &mut Log) -> Statements {
    let mut statements = Statements {
        all: Vec::new(),
        is_complete: true,
    };
    let mut lose = |message: String, at: Origin| {
        statements.is_complete = false;
        log.error("malformed-policy", message, at);
    };
    let text = match decoded(document) {
        Ok(text) => text,
        Err(message) => {
            lose(message, at.clone());
            return statements;
        }
    };
    let unreadable =
        |error: &serde_json::Error| format!("policy cannot be read: {}", reason(error));
    let listed = serde_json::from_str::<Document<'_>>(&text).and_then(|document| {
        let statement = document.statement;
        if statement.get().starts_with('[') {
            serde_json::from_str::<Vec<&RawValue>>(statement.get())
        } else {
            Ok(vec![statement])
        }
    });
    let listed = match listed {
        Ok(listed) => listed,
        Err(error) => {
            lose(unreadable(&error), at.clone());
            return statements;
        }
    };
    for (number, statement) in listed.into_iter().enumerate() {
        let at = at.part(format_args!("/Statement/{number}"));
        match serde_json::from_str::<WireStatement>(statement.get()).map(read) {
            Ok(Some(statement)) => statements.all.push(statement),
            Ok(None) => lose("statement names no actions, or no resources".to_owned(), at),
            Err(error) => lose(unreadable(&error), at),
        }
    }
    statements
}

/// The JSON of a document.
fn decoded(document: &RawValue) -> Result<Cow<'_, str>, String> {
    if !document.get().starts_with('"') {
        return Ok(Cow::Borrowed(document.get()));
    }
    let text: String = serde_json::from_str(document.get())
        .map_err(|error| format!("policy cannot be read: {}", reason(&error)))?;
    if text.trim_start().starts_with('{') {
        return Ok(Cow::Owned(text));
    }
    let decoded = percent_decode_str(&text).decode_utf8();
    let decoded = decoded.map_err(|_| "policy cannot be read: it is not UTF-8".to_owned())?;
    Ok(Cow::Owned(decoded.into_owned()))
}

fn read(statement: WireStatement) -> Option<Statement> {
    let actions = patterns(
        statement.action,
        statement.not_action,
        str::to_ascii_lowercase,
    )?;
    let resources = patterns(statement.resource, statement.not_resource, str::to_owned)?;
    Some(Statement {
        effect: match statement.effect {
            WireEffect::Allow => Effect::Allow,
            WireEffect::Deny => Effect::Deny,
        },
        actions,
        resources,
        is_conditional: statement.condition.is_some(),
    })
}

fn patterns(
    any: Option<OneOrMore<String>>,
    none: Option<OneOrMore<String>>,
    spelled: impl Fn(&str) -> String,
) -> Option<Patterns> {
    let all = |texts: OneOrMore<String>| {
        let texts = texts.into_list().into_iter();
        texts.map(|text| spelled(&text).into()).collect()
    };
    match (any, none) {
        (Some(any), None) => Some(Patterns::Any(all(any))),
        (None, Some(none)) => Some(Patterns::None(all(none))),
        (Some(_), Some(_)) | (None, None) => None,
    }
}
