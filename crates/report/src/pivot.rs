//! Pivot models in words.

use analysis::{Listening, PivotModel};

use crate::services;

/// What makes a host fall, as a sentence without a full stop.
pub(crate) fn text(model: &PivotModel, by_channels: bool) -> String {
    let channels = if by_channels {
        "; a host falls too if a role of one that fell may start a session on it (docs/channels.md)"
    } else {
        ""
    };
    format!("{}{channels}", of_packets(model))
}

fn of_packets(model: &PivotModel) -> String {
    let counts = match model {
        PivotModel::AnyService => "any service on it can be reached".to_owned(),
        PivotModel::RemoteAdministration => {
            "a service of remote administration on it can be reached, of containers, or of a database that runs programs"
                .to_owned()
        }
        PivotModel::Services(services) => {
            format!("{} on it can be reached", services::short(&services::list(services), 8))
        }
        PivotModel::Listening(listening) => return known(listening),
    };
    format!("a host falls if {counts}; managed services are reached, and lead no further")
}

/// The same where it counts what is known to listen.
fn known(listening: &Listening) -> String {
    let untold = match listening.n_untold() {
        0 => String::new(),
        1 => " (nothing tells what listens on 1 host: it never falls)".to_owned(),
        n => format!(" (nothing tells what listens on {n} hosts: they never fall)"),
    };
    format!(
        "a host falls if a service on it can be reached where something is known to listen: a load balancer sends there, \
         or watertight.toml says so{untold}; managed services are reached by their usual ports, and lead no further"
    )
}
