//! `DescribeFirewall`, `DescribeFirewallPolicy` and `DescribeRuleGroup` of Network Firewall.

pub(crate) mod group;
pub(crate) mod policy;
mod stateless;

use model::{AccountId, FirewallEndpoint, Link, Origin, Region};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{Object, Text, fields};
use crate::log::{Log, Problem};

/// A firewall with its state: the answer itself, or one of several.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Described<'a> {
    pub(crate) firewall: Object<Firewall<'a>>,
    pub(crate) firewall_status: Object<Status<'a>>,
}

/// A firewall.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Firewall<'a> {
    firewall_arn: Text<'a>,
    firewall_name: Text<'a>,
    firewall_policy_arn: Text<'a>,
    vpc_id: Text<'a>,
    proxy_settings: Option<&'a RawValue>,
    nat_gateway_create_mappings: Option<&'a RawValue>,
}

/// The state of a firewall, which names its endpoints by zone.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Status<'a> {
    sync_states: Option<&'a RawValue>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
struct SyncState<'a> {
    attachment: Object<Attachment<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
struct Attachment<'a> {
    subnet_id: Text<'a>,
    endpoint_id: Text<'a>,
}

impl Firewall<'_> {
    pub(crate) fn into_model(
        self,
        status: Option<&Status<'_>>,
        at: &Origin,
        log: &mut Log,
    ) -> Result<model::NetworkFirewall, Problem> {
        let arn = self.firewall_arn.required("FirewallArn")?;
        let (region, owner): (Option<Region>, Option<AccountId>) = fields::scope_of_arn(arn);
        // A firewall at a transit gateway stands in no VPC of its owner.
        let vpc = self.vpc_id.get().unwrap_or(NO_VPC);
        Ok(model::NetworkFirewall {
            id: arn.into(),
            name: self.firewall_name.get().map(Into::into),
            owner,
            region,
            vpc: Link::to(vpc),
            policy: Link::to(self.firewall_policy_arn.required("FirewallPolicyArn")?),
            endpoints: self.endpoints(status, at, log),
            origin: at.clone(),
        })
    }
}

impl Firewall<'_> {
    /// The endpoints at which it filters and nothing else. One in proxy mode translates what comes to it, which is not
    /// modelled, so nothing is known of its endpoints.
    fn endpoints(
        &self,
        status: Option<&Status<'_>>,
        at: &Origin,
        log: &mut Log,
    ) -> Vec<FirewallEndpoint> {
        let told = [self.proxy_settings, self.nat_gateway_create_mappings];
        let is_told = |raw: &&RawValue| !matches!(raw.get(), "null" | "[]" | "{}");
        if told.iter().flatten().any(is_told) {
            let message =
                "a firewall in proxy mode is not modelled: what goes by it is undetermined";
            log.warning("not-modelled", message, at.clone());
            return Vec::new();
        }
        status.map_or_else(Vec::new, |status| status.endpoints(at, log))
    }
}

/// Stands for the VPC of a firewall that has none.
const NO_VPC: &str = "-";

impl Status<'_> {
    fn endpoints(&self, at: &Origin, log: &mut Log) -> Vec<FirewallEndpoint> {
        let Some(raw) = self.sync_states else {
            return Vec::new();
        };
        let states = named::<Object<SyncState<'_>>>(raw);
        let Some(states) = states else {
            let message = "cannot be read: the firewall's endpoints are not known";
            log.error("malformed-element", message, at.clone());
            return Vec::new();
        };
        let endpoint = |state: &Object<SyncState<'_>>| {
            let attachment = state.get()?.attachment.get()?;
            Some(FirewallEndpoint {
                id: attachment.endpoint_id.get()?.into(),
                subnet: Link::to(attachment.subnet_id.get()?),
            })
        };
        states
            .iter()
            .filter_map(|(_, state)| endpoint(state))
            .collect()
    }
}

/// An object whose keys are names, as pairs; `None` if it cannot be read.
pub(crate) fn named<'a, T: Deserialize<'a>>(raw: &'a RawValue) -> Option<Vec<(String, T)>> {
    let pairs: Option<std::collections::BTreeMap<String, T>> =
        serde_json::from_str(raw.get()).ok()?;
    Some(pairs.unwrap_or_default().into_iter().collect())
}

/// A list of texts.
pub(crate) type Texts<'a> = super::List<'a, Text<'a>>;

/// What was read, and whether that is all.
type Read<T> = (T, bool);
