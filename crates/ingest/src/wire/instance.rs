//! `DescribeInstances`.

use model::{InstanceState, Link, Origin};
use serde::Deserialize;

use super::interface::NetworkInterface;
use super::tags::{Tags, name, sorted};
use super::{Object, Objects, Text, fields};
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
        let tags = sorted(&self.tags, "Tags", at, log);
        let instance = model::Instance {
            id: id.into(),
            name: name(&tags),
            owner: owner.map(Into::into).or(owner_of_interfaces),
            region,
            state,
            tags,
            origin: at.clone(),
        };
        Ok((instance, interfaces))
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
