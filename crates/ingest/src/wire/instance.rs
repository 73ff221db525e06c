//! `DescribeInstances`.

use model::{InstanceState, Link, MetadataService, Origin};
use serde::Deserialize;

use super::interface::NetworkInterface;
use super::tags::{Tags, name, sorted};
use super::{Number, Object, Objects, Text, fields};
use crate::log::{Log, Problem};

/// A reservation: instances that were launched together.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Reservation<'a> {
    pub(crate) owner_id: Text<'a>,
    pub(crate) instances: Objects<'a, Instance<'a>>,
}

/// An instance.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Instance<'a> {
    instance_id: Text<'a>,
    state: Object<State<'a>>,
    placement: Object<Placement<'a>>,
    iam_instance_profile: Object<Profile<'a>>,
    metadata_options: Object<MetadataOptions<'a>>,
    network_interfaces: Objects<'a, NetworkInterface<'a>>,
    tags: Tags<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
struct State<'a> {
    name: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
struct Placement<'a> {
    availability_zone: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
struct Profile<'a> {
    arn: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
struct MetadataOptions<'a> {
    http_tokens: Text<'a>,
    http_endpoint: Text<'a>,
    http_put_response_hop_limit: Number,
}

impl Instance<'_> {
    /// The instance and its interfaces; a terminated one has none.
    pub(crate) fn into_model(
        self,
        owner: Option<&str>,
        at: &Origin,
        log: &mut Log,
    ) -> Result<(model::Instance, Vec<model::NetworkInterface>), Problem> {
        let id = self.instance_id.required("InstanceId")?;
        let zone = self.placement.get();
        let zone = zone.and_then(|placement| placement.availability_zone.get());
        let region = zone.and_then(fields::region_of_zone);
        let state = self.state.get().and_then(|state| state.name.get());
        let state = state.map_or(InstanceState::Unknown, instance_state);
        let mut interfaces = Vec::new();
        if state != InstanceState::Terminated {
            let key = "NetworkInterfaces";
            for (number, interface) in self.network_interfaces.all(at, key, log)? {
                let at = at.part(format_args!("/{key}/{number}"));
                let mut interface = interface
                    .into_model(&at, log)
                    .map_err(|problem| problem.inside(key, Some(number)))?;
                interface.instance = Some(Link::to(id));
                interface.region = interface.region.or_else(|| region.clone());
                interfaces.push(interface);
            }
        }
        let owner_of_interfaces = interfaces.iter().find_map(|each| each.owner.clone());
        let profile = self.iam_instance_profile.get();
        let profile = profile
            .and_then(|profile| profile.arn.get())
            .map(Into::into);
        let metadata = self
            .metadata_options
            .get()
            .map(metadata)
            .unwrap_or_default();
        let tags = sorted(&self.tags, "Tags", at, log);
        let instance = model::Instance {
            id: id.into(),
            name: name(&tags),
            owner: owner.map(Into::into).or(owner_of_interfaces),
            region,
            profile,
            metadata,
            state,
            tags,
            origin: at.clone(),
        };
        Ok((instance, interfaces))
    }
}

fn metadata(options: &MetadataOptions<'_>) -> MetadataService {
    let hop_limit = options.http_put_response_hop_limit.0;
    MetadataService {
        is_on: match options.http_endpoint.get() {
            Some("enabled") => Some(true),
            Some("disabled") => Some(false),
            _ => None,
        },
        takes_version_1: match options.http_tokens.get() {
            Some("optional") => Some(true),
            Some("required") => Some(false),
            _ => None,
        },
        hop_limit: hop_limit.and_then(|limit| u16::try_from(limit).ok()),
    }
}

fn instance_state(name: &str) -> InstanceState {
    match name {
        "pending" | "running" => InstanceState::Running,
        "stopping" | "stopped" => InstanceState::Stopped,
        "shutting-down" | "terminated" => InstanceState::Terminated,
        _ => InstanceState::Unknown,
    }
}
