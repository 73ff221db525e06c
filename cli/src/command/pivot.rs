//! The option that says what makes a host fall.

use analysis::PivotModel;
use clap::Args;
use packet::{PacketSet, Service};

use crate::error::Error;
use crate::service::packets;

/// What makes a host fall.
#[derive(Debug, Clone, Args)]
pub(super) struct Pivot {
    /// What makes a host fall: `any` service that is reached, `admin` (remote administration), or services such as `ssh,tcp/8080`
    #[arg(long, value_name = "MODEL", default_value = "any")]
    pivot: String,
}

impl Pivot {
    /// The model that was chosen.
    pub(super) fn model(&self) -> Result<PivotModel, Error> {
        match self.pivot.as_str() {
            "any" => Ok(PivotModel::AnyService),
            "admin" => Ok(PivotModel::RemoteAdministration),
            list => services(list).map(PivotModel::Services),
        }
    }
}

fn services(list: &str) -> Result<PacketSet, Error> {
    let mut all = PacketSet::empty();
    for text in list.split(',') {
        let service = text.trim().parse::<Service>().map_err(|error| {
            let message = format!("`{list}` is not a pivot model: {error}");
            Error::usage(message)
                .with_help("write `any`, `admin`, or services such as `ssh,tcp/8080`")
        })?;
        all = all.union(&packets(Some(service)));
    }
    Ok(all)
}
