//! The lists about load balancers and endpoints.

use std::collections::BTreeMap;

use model::{BalancerFact, Completeness, Kind, Listener, ListenerRule, ResourceId};
use serde_json::value::RawValue;

use super::Beside;
use crate::reading::{ListAt, Reading};
use crate::wire::load_balancer::{attributes, classic, listener};
use crate::wire::{Flag, List, Object, target_group, vpc_endpoint};

/// Load balancers of the first generation.
pub(super) fn classic<'a>(
    reading: &mut Reading,
    list: &ListAt<'_>,
    raw: &'a RawValue,
    _: &Beside<'a>,
) {
    reading.each(list, raw, |element: classic::Classic<'_>, at, sink| {
        if let Some((balancer, groups)) = element.into_model(at, sink.log)? {
            sink.parts.load_balancers.push(balancer);
            sink.parts.target_groups.extend(groups);
        }
        Ok(())
    });
}

/// Listeners, each of which names its load balancer. That there are no others is known only where the file is named
/// after the load balancer.
pub(super) fn listeners<'a>(
    reading: &mut Reading,
    list: &ListAt<'_>,
    raw: &'a RawValue,
    _: &Beside<'a>,
) {
    if is_of_other_service(reading, list, raw, "globalaccelerator") {
        return;
    }
    let mut found: BTreeMap<ResourceId, Vec<Listener>> = BTreeMap::new();
    let is_whole = reading.each(list, raw, |element: listener::Listener<'_>, at, sink| {
        let (balancer, listener) = element.into_model(at, sink.log)?;
        let missing = || crate::log::Problem::missing("LoadBalancerArn");
        let balancer = balancer.ok_or_else(missing)?;
        found.entry(balancer).or_default().push(listener);
        Ok(())
    });
    if let Some(balancer) = &reading.argument {
        found.entry(balancer.as_str().into()).or_default();
    }
    let fact = |(balancer, own)| BalancerFact::Listeners(balancer, own, is_whole, list.at.clone());
    let facts = found.into_iter().map(fact);
    reading.parts.balancer_facts.extend(facts);
}

/// Rules of listeners, each of which names its listener.
pub(super) fn rules<'a>(
    reading: &mut Reading,
    list: &ListAt<'_>,
    raw: &'a RawValue,
    _: &Beside<'a>,
) {
    let mut found: BTreeMap<ResourceId, Vec<ListenerRule>> = BTreeMap::new();
    let is_whole = reading.each(list, raw, |element: listener::Rule<'_>, at, sink| {
        let (listener, rule) = element.into_model(at, sink.log)?;
        found.entry(listener).or_default().extend(rule);
        Ok(())
    });
    let fact = |(listener, own)| BalancerFact::Rules(listener, own, is_whole, list.at.clone());
    let facts = found.into_iter().map(fact);
    reading.parts.balancer_facts.extend(facts);
}

/// Targets of the group that the file is named after.
pub(super) fn targets<'a>(
    reading: &mut Reading,
    list: &ListAt<'_>,
    raw: &'a RawValue,
    _: &Beside<'a>,
) {
    let Some(group) = named(reading, list) else {
        return;
    };
    let descriptions = List::of(raw);
    let (fact, count, is_whole) =
        target_group::targets_of(group, &descriptions, list.key, &list.at, &mut reading.log);
    reading.parts.balancer_facts.push(fact);
    reading.finish(list, count, is_whole);
}

/// Settings of the load balancer or group of targets that the file is named after; its operation tells which.
pub(super) fn attributes<'a>(
    reading: &mut Reading,
    list: &ListAt<'_>,
    raw: &'a RawValue,
    _: &Beside<'a>,
) {
    let Some(id) = named(reading, list) else {
        return;
    };
    let is_of_group = reading.file.to_ascii_lowercase();
    let is_of_group = is_of_group.contains("targetgroup") || is_of_group.contains("target-group");
    let list_of = List::of(raw);
    let (at, log) = (&list.at, &mut reading.log);
    let fact = if is_of_group {
        attributes::settings_of_group(id, &list_of, list.key, at, log)
    } else {
        attributes::settings_of_load_balancer(id, &list_of, list.key, at, log)
    };
    let is_whole = fact.is_ok();
    if is_of_group {
        let completeness = if is_whole {
            Completeness::Complete
        } else {
            Completeness::Partial
        };
        let covered = (
            Kind::TargetGroupAttributes,
            reading.scope.clone(),
            completeness,
        );
        reading.coverage.push(covered);
    }
    reading.parts.balancer_facts.extend(fact.ok());
    reading.finish(list, usize::from(is_whole), is_whole);
}

/// Settings of load balancers beside what they are of, or of one Classic load balancer.
pub(super) fn load_balancer_attributes<'a>(
    reading: &mut Reading,
    list: &ListAt<'_>,
    raw: &'a RawValue,
    _: &Beside<'a>,
) {
    if raw.get().starts_with('[') {
        reading.each(
            list,
            raw,
            |element: attributes::AttributesOf<'_>, at, sink| {
                let fact = element.into_model(at, sink.log)?;
                sink.parts.balancer_facts.push(fact);
                Ok(())
            },
        );
        return;
    }
    let Some(id) = reading.argument.as_deref().map(ResourceId::from) else {
        return reading.ignore("the file's name does not tell which object the answer is about");
    };
    let settings: Classic = serde_json::from_str(raw.get()).unwrap_or_default();
    let cross_zone = settings.cross_zone_load_balancing.get();
    let cross_zone = cross_zone.and_then(|setting| setting.enabled.0);
    let at = list.at.clone();
    let fact = BalancerFact::LoadBalancerAttributes(id, cross_zone, None, at);
    reading.parts.balancer_facts.push(fact);
    reading.finish(list, 1, true);
}

/// `LoadBalancerAttributes` of a Classic load balancer.
#[derive(Default, serde::Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Classic {
    cross_zone_load_balancing: Object<Enabled>,
}

#[derive(Default, serde::Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Enabled {
    enabled: Flag,
}

/// What the file is named after: an ARN, or name and id with `_` between them.
fn named(reading: &mut Reading, list: &ListAt<'_>) -> Option<ResourceId> {
    let joined = reading.argument.as_deref();
    let joined = joined.filter(|argument| argument.contains(['_', ':']));
    if let Some(joined) = joined {
        return Some(joined.into());
    }
    super::argument(reading, list).map(ResourceId::from)
}

/// Whether the elements have ARNs of another service, which uses the same word.
fn is_of_other_service(
    reading: &mut Reading,
    list: &ListAt<'_>,
    raw: &RawValue,
    service: &str,
) -> bool {
    let is_other = raw.get().contains(&format!("arn:aws:{service}:"));
    if is_other {
        let at = list.at.part(format_args!("/{}", list.key));
        reading
            .unused
            .push((format!("`{}` of `{service}`", list.key), at));
        reading.ignore(format!("`{}` of the service `{service}`", list.key));
    }
    is_other
}

/// Groups of targets: a wire form that needs no log.
pub(super) fn target_groups<'a>(
    reading: &mut Reading,
    list: &ListAt<'_>,
    raw: &'a RawValue,
    _: &Beside<'a>,
) {
    reading.each(
        list,
        raw,
        |element: target_group::TargetGroup<'_>, at, sink| {
            sink.parts.target_groups.push(element.into_model(at)?);
            Ok(())
        },
    );
}

/// Endpoints as the owners of services see them.
pub(super) fn connections<'a>(
    reading: &mut Reading,
    list: &ListAt<'_>,
    raw: &'a RawValue,
    _: &Beside<'a>,
) {
    reading.each(
        list,
        raw,
        |element: vpc_endpoint::Connection<'_>, _, sink| {
            sink.parts.endpoint_connections.push(element.into_model()?);
            Ok(())
        },
    );
}
