//! The option that says what makes a host fall.

use std::sync::Arc;

use analysis::{Landscape, Listening, PivotModel};
use clap::Args;
use packet::{PacketSet, Service};

use super::ends;
use crate::error::Error;
use crate::selector::Resolver;
use crate::service::packets;
use crate::session::Settings;

/// What makes a host fall.
#[derive(Debug, Clone, Args)]
pub(super) struct Pivot {
    /// What makes a host fall: `any` service that is reached, `admin` (remote administration), services where something is known to be `listening`, or services such as `ssh,tcp/8080`
    #[arg(long, value_name = "MODEL", default_value = "any")]
    pivot: String,
}

impl Pivot {
    /// What was chosen.
    pub(super) fn choice(&self) -> Result<Choice, Error> {
        match self.pivot.as_str() {
            "any" => Ok(Choice::Model(PivotModel::AnyService)),
            "admin" => Ok(Choice::Model(PivotModel::RemoteAdministration)),
            "listening" => Ok(Choice::Listening),
            list => services(list).map(|services| Choice::Model(PivotModel::Services(services))),
        }
    }
}

/// A choice of what makes a host fall.
#[derive(Debug, Clone)]
pub(super) enum Choice {
    /// This.
    Model(PivotModel),
    /// What is known to listen, which the network and the configuration tell.
    Listening,
}

impl Choice {
    /// The model that it stands for in a network.
    pub(super) fn model(
        self,
        landscape: &Landscape<'_>,
        resolver: &Resolver<'_>,
        settings: &Settings,
    ) -> Result<PivotModel, Error> {
        match self {
            Self::Model(model) => Ok(model),
            Self::Listening => {
                let declared = ends::listeners(resolver, settings)?;
                let listening = Listening::of(landscape, &declared);
                Ok(PivotModel::Listening(Arc::new(listening)))
            }
        }
    }
}

fn services(list: &str) -> Result<PacketSet, Error> {
    let mut all = PacketSet::empty();
    for text in list.split(',') {
        let service = text.trim().parse::<Service>().map_err(|error| {
            let message = format!("`{list}` is not a pivot model: {error}");
            Error::usage(message)
                .with_help("write `any`, `admin`, `listening`, or services such as `ssh,tcp/8080`")
        })?;
        all = all.union(&packets(Some(service)));
    }
    Ok(all)
}
