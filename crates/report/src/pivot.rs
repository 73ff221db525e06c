//! Pivot models in words.

use analysis::PivotModel;

use crate::services;

/// What makes a host fall, as a sentence without a full stop.
pub(crate) fn text(model: &PivotModel) -> String {
    let counts = match model {
        PivotModel::AnyService => "any service on it can be reached".to_owned(),
        PivotModel::RemoteAdministration => {
            "a service of remote administration on it can be reached, of containers, or of a database that runs programs"
                .to_owned()
        }
        PivotModel::Services(services) => {
            format!("{} on it can be reached", services::short(&services::list(services), 8))
        }
    };
    format!("a host falls if {counts}; managed services are reached, and lead no further")
}
