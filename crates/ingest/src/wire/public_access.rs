//! `DescribeVpcBlockPublicAccessOptions` and `DescribeVpcBlockPublicAccessExclusions`.

use model::{
    Origin, PublicAccessExclusionMode, PublicAccessExclusionState, PublicAccessMode, Region, Scope,
};
use serde::Deserialize;

use super::Text;
use super::tags::{Tags, name_of};
use crate::log::{Log, Problem};

/// The switch of an account in a region.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Options<'a> {
    aws_account_id: Text<'a>,
    aws_region: Text<'a>,
    internet_gateway_block_mode: Text<'a>,
}

/// A VPC or subnet that is left out.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Exclusion<'a> {
    exclusion_id: Text<'a>,
    internet_gateway_exclusion_mode: Text<'a>,
    resource_arn: Text<'a>,
    state: Text<'a>,
    tags: Tags<'a>,
}

/// What a VPC or subnet tells of the switch.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct States<'a> {
    internet_gateway_block_mode: Text<'a>,
}

impl States<'_> {
    pub(crate) fn mode(&self) -> Option<PublicAccessMode> {
        self.internet_gateway_block_mode.get().map(mode)
    }
}

impl Options<'_> {
    pub(crate) fn into_model(self, scope: &Scope, at: &Origin) -> model::PublicAccessOptions {
        let owner = self
            .aws_account_id
            .account()
            .or_else(|| scope.account.clone());
        let region = self.aws_region.get().map(Region::from);
        let region = region.or_else(|| scope.region.clone());
        let account_text = owner.as_ref().map_or("-", |owner| owner.as_str());
        let region_text = region.as_ref().map_or("-", |region| region.as_str());
        model::PublicAccessOptions {
            id: format!("block-public-access/{account_text}/{region_text}").into(),
            name: None,
            mode: self
                .internet_gateway_block_mode
                .get()
                .map_or(PublicAccessMode::Unknown, mode),
            owner,
            region,
            origin: at.clone(),
        }
    }
}

impl Exclusion<'_> {
    pub(crate) fn into_model(
        self,
        at: &Origin,
        log: &mut Log,
    ) -> Result<model::PublicAccessExclusion, Problem> {
        let arn = self.resource_arn.required("ResourceArn")?;
        let resource = arn.rsplit_once('/').map_or(arn, |(_, id)| id);
        Ok(model::PublicAccessExclusion {
            id: self.exclusion_id.required("ExclusionId")?.into(),
            name: name_of(&self.tags, at, log),
            resource: resource.into(),
            mode: match self.internet_gateway_exclusion_mode.get() {
                Some("allow-bidirectional") => PublicAccessExclusionMode::AllowBidirectional,
                Some("allow-egress") => PublicAccessExclusionMode::AllowEgress,
                Some(_) | None => PublicAccessExclusionMode::Unknown,
            },
            state: match self.state.get() {
                Some("create-complete" | "update-complete") | None => {
                    PublicAccessExclusionState::InForce
                }
                Some("create-failed" | "delete-complete" | "disable-complete") => {
                    PublicAccessExclusionState::Gone
                }
                Some(_) => PublicAccessExclusionState::Changing,
            },
            origin: at.clone(),
        })
    }
}

fn mode(text: &str) -> PublicAccessMode {
    match text {
        "off" => PublicAccessMode::Off,
        "block-bidirectional" => PublicAccessMode::BlockBidirectional,
        "block-ingress" => PublicAccessMode::BlockIngress,
        _ => PublicAccessMode::Unknown,
    }
}
