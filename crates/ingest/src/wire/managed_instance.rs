//! `DescribeInstanceInformation` of Systems Manager.

use model::{ManagedInstance, Origin};
use serde::Deserialize;

use super::Text;
use crate::log::{Log, Problem};

/// A machine with an agent.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Information<'a> {
    instance_id: Text<'a>,
    ping_status: Text<'a>,
    computer_name: Text<'a>,
}

impl Information<'_> {
    pub(crate) fn into_model(self, at: &Origin, _: &mut Log) -> Result<ManagedInstance, Problem> {
        Ok(ManagedInstance {
            id: self.instance_id.required("InstanceId")?.into(),
            name: self.computer_name.get().map(Into::into),
            owner: None,
            region: None,
            is_online: match self.ping_status.get() {
                Some("Online") => Some(true),
                Some("ConnectionLost" | "Inactive") => Some(false),
                _ => None,
            },
            origin: at.clone(),
        })
    }
}
