//! `DescribeLoadBalancerAttributes` and `DescribeTargetGroupAttributes`.

use model::{BalancerFact, Origin, ResourceId};
use serde::Deserialize;

use crate::log::{Log, Problem};
use crate::wire::{Objects, Text};

/// A setting of a load balancer or of a group of targets.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Attribute<'a> {
    key: Text<'a>,
    value: Text<'a>,
}

/// Settings beside what they are of, as some collectors write them.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct AttributesOf<'a> {
    load_balancer_arn: Text<'a>,
    target_group_arn: Text<'a>,
    attributes: Objects<'a, Attribute<'a>>,
}

impl AttributesOf<'_> {
    pub(crate) fn into_model(self, at: &Origin, log: &mut Log) -> Result<BalancerFact, Problem> {
        let key = "Attributes";
        if let Some(arn) = self.target_group_arn.get() {
            return settings_of_group(arn.into(), &self.attributes, key, at, log);
        }
        let arn = self.load_balancer_arn.required("LoadBalancerArn")?.into();
        settings_of_load_balancer(arn, &self.attributes, key, at, log)
    }
}

/// The settings of a load balancer that matter here.
pub(crate) fn settings_of_load_balancer(
    id: ResourceId,
    attributes: &Objects<'_, Attribute<'_>>,
    key: &str,
    at: &Origin,
    log: &mut Log,
) -> Result<BalancerFact, Problem> {
    let settings = attributes.all(at, key, log)?;
    let cross_zone = setting(&settings, "load_balancing.cross_zone.enabled");
    let denies_ipv6 = setting(&settings, "ipv6.deny_all_igw_traffic");
    let at = at.clone();
    Ok(BalancerFact::LoadBalancerAttributes(
        id,
        cross_zone,
        denies_ipv6,
        at,
    ))
}

/// The settings of a group of targets that matter here.
pub(crate) fn settings_of_group(
    id: ResourceId,
    attributes: &Objects<'_, Attribute<'_>>,
    key: &str,
    at: &Origin,
    log: &mut Log,
) -> Result<BalancerFact, Problem> {
    let settings = attributes.all(at, key, log)?;
    let preserves = setting(&settings, "preserve_client_ip.enabled");
    let cross_zone = setting(&settings, "load_balancing.cross_zone.enabled");
    let at = at.clone();
    Ok(BalancerFact::TargetGroupAttributes(
        id, preserves, cross_zone, at,
    ))
}

fn setting(settings: &[(usize, Attribute<'_>)], key: &str) -> Option<bool> {
    let mut settings = settings.iter();
    let (_, found) = settings.find(|(_, attribute)| attribute.key.get() == Some(key))?;
    found.value.get()?.parse().ok()
}
