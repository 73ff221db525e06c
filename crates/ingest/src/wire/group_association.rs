//! `DescribeSecurityGroupVpcAssociations`.

use model::{Origin, ResourceState};
use serde::Deserialize;

use super::Text;
use crate::log::{Log, Problem};

/// An association of a group with another VPC than its own.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Association<'a> {
    group_id: Text<'a>,
    vpc_id: Text<'a>,
    state: Text<'a>,
}

impl Association<'_> {
    pub(crate) fn into_model(
        self,
        at: &Origin,
        _: &mut Log,
    ) -> Result<model::SecurityGroupVpcAssociation, Problem> {
        Ok(model::SecurityGroupVpcAssociation {
            group: self.group_id.required("GroupId")?.into(),
            vpc: self.vpc_id.required("VpcId")?.into(),
            state: match self.state.get() {
                // AWS keeps an association that it could not take away.
                Some("associated" | "disassociation-failed") | None => ResourceState::Available,
                Some(_) => ResourceState::Unavailable,
            },
            origin: at.clone(),
        })
    }
}
