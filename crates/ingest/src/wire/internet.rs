//! `DescribeInternetGateways` and `DescribeEgressOnlyInternetGateways`.

use model::{Link, Origin, ResourceState};
use serde::Deserialize;

use super::tags::{Tags, name_of};
use super::{Objects, Text};
use crate::log::{Log, Problem};

/// An internet gateway.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct InternetGateway<'a> {
    internet_gateway_id: Text<'a>,
    owner_id: Text<'a>,
    attachments: Objects<'a, Attachment<'a>>,
    tags: Tags<'a>,
}

/// An egress-only internet gateway.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct EgressOnlyInternetGateway<'a> {
    egress_only_internet_gateway_id: Text<'a>,
    attachments: Objects<'a, Attachment<'a>>,
    tags: Tags<'a>,
}

/// A gateway's attachment to a VPC.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Attachment<'a> {
    state: Text<'a>,
    vpc_id: Text<'a>,
}

impl InternetGateway<'_> {
    pub(crate) fn into_model(
        self,
        at: &Origin,
        log: &mut Log,
    ) -> Result<model::InternetGateway, Problem> {
        Ok(model::InternetGateway {
            id: self
                .internet_gateway_id
                .required("InternetGatewayId")?
                .into(),
            name: name_of(&self.tags, at, log),
            owner: self.owner_id.account(),
            region: None,
            attachments: attachments(&self.attachments, "Attachments", at, log)?,
            origin: at.clone(),
        })
    }
}

impl EgressOnlyInternetGateway<'_> {
    pub(crate) fn into_model(
        self,
        at: &Origin,
        log: &mut Log,
    ) -> Result<model::EgressOnlyInternetGateway, Problem> {
        let id = self
            .egress_only_internet_gateway_id
            .required("EgressOnlyInternetGatewayId")?;
        Ok(model::EgressOnlyInternetGateway {
            id: id.into(),
            name: name_of(&self.tags, at, log),
            region: None,
            attachments: attachments(&self.attachments, "Attachments", at, log)?,
            origin: at.clone(),
        })
    }
}

/// The attachments of a gateway. They are in force when `available` (internet gateways) or `attached` (others).
pub(crate) fn attachments(
    list: &Objects<'_, Attachment<'_>>,
    key: &str,
    at: &Origin,
    log: &mut Log,
) -> Result<Vec<model::Attachment>, Problem> {
    let mut attachments = Vec::new();
    for (number, attachment) in list.all(at, key, log)? {
        let vpc = attachment.vpc_id.required("VpcId");
        let vpc = vpc.map_err(|problem| problem.inside(key, Some(number)))?;
        let state = match attachment.state.get() {
            Some("available" | "attached") => ResourceState::Available,
            Some(_) | None => ResourceState::Unavailable,
        };
        let vpc = Link::to(vpc);
        attachments.push(model::Attachment { vpc, state });
    }
    Ok(attachments)
}

/// Whether the `State` of a resource says that it works.
pub(crate) fn state_of(state: &Text<'_>) -> ResourceState {
    match state.get() {
        Some("available") | None => ResourceState::Available,
        Some(_) => ResourceState::Unavailable,
    }
}
