//! Transit gateways and their attachments.

pub(crate) mod table;

use model::{
    AccountId, AttachmentResource, Link, Origin, TransitGatewayAttachment, TransitGatewayRouteTable,
};
use serde::Deserialize;

use super::internet::state_of as plain_state_of;
use super::tags::{Tags, name_of};
use super::{List, Object, Text, fields};
use crate::log::{Log, Problem};

/// A transit gateway.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct TransitGateway<'a> {
    transit_gateway_id: Text<'a>,
    transit_gateway_arn: Text<'a>,
    owner_id: Text<'a>,
    state: Text<'a>,
    options: Object<Options<'a>>,
    tags: Tags<'a>,
}

/// Options of a gateway or an attachment.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
struct Options<'a> {
    security_group_referencing_support: Text<'a>,
    appliance_mode_support: Text<'a>,
    ipv6_support: Text<'a>,
}

/// An attachment of any kind, as `DescribeTransitGatewayAttachments` lists it.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Attachment<'a> {
    transit_gateway_attachment_id: Text<'a>,
    transit_gateway_id: Text<'a>,
    transit_gateway_owner_id: Text<'a>,
    resource_owner_id: Text<'a>,
    resource_type: Text<'a>,
    resource_id: Text<'a>,
    state: Text<'a>,
    nat_gateway_support: Text<'a>,
    association: Object<Association<'a>>,
    tags: Tags<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
struct Association<'a> {
    transit_gateway_route_table_id: Text<'a>,
    state: Text<'a>,
}

/// An attachment to a VPC, with its subnets.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct VpcAttachment<'a> {
    transit_gateway_attachment_id: Text<'a>,
    transit_gateway_id: Text<'a>,
    vpc_id: Text<'a>,
    subnet_ids: Option<List<'a, Text<'a>>>,
    state: Text<'a>,
    options: Object<Options<'a>>,
    tags: Tags<'a>,
}

/// A peering of two transit gateways.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct PeeringAttachment<'a> {
    transit_gateway_attachment_id: Text<'a>,
    requester_tgw_info: Object<Side<'a>>,
    accepter_tgw_info: Object<Side<'a>>,
    state: Text<'a>,
    tags: Tags<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
struct Side<'a> {
    transit_gateway_id: Text<'a>,
}

impl TransitGateway<'_> {
    pub(crate) fn into_model(
        self,
        at: &Origin,
        log: &mut Log,
    ) -> Result<model::TransitGateway, Problem> {
        let arn = self.transit_gateway_arn.get();
        let (region, account) = arn.map(fields::scope_of_arn).unwrap_or_default();
        let options = self.options.get();
        let referencing =
            options.and_then(|options| options.security_group_referencing_support.get());
        Ok(model::TransitGateway {
            id: self.transit_gateway_id.required("TransitGatewayId")?.into(),
            name: name_of(&self.tags, at, log),
            owner: self.owner_id.account().or(account),
            region,
            state: state_of(&self.state),
            group_referencing: referencing == Some("enable"),
            origin: at.clone(),
        })
    }
}

impl Attachment<'_> {
    /// The attachment. `account` is the one whose answer this is: an attachment's owner who does not own the gateway
    /// may not see the association.
    pub(crate) fn into_model(
        self,
        account: Option<&AccountId>,
        at: &Origin,
        log: &mut Log,
    ) -> Result<TransitGatewayAttachment, Problem> {
        let resource = resource(
            self.resource_type.required("ResourceType")?,
            self.resource_id.get().unwrap_or_default(),
        );
        let gateway = Link::to(self.transit_gateway_id.required("TransitGatewayId")?);
        let mut attachment = TransitGatewayAttachment {
            name: name_of(&self.tags, at, log),
            state: state_of(&self.state),
            translates: !matches!(self.nat_gateway_support.get(), None | Some("disabled")),
            ..bare(
                self.transit_gateway_attachment_id
                    .required("TransitGatewayAttachmentId")?,
                gateway,
                resource,
                at,
            )
        };
        if let Some(association) = self.association.get() {
            let at = at.part(format_args!("/Association"));
            let table = association.transit_gateway_route_table_id.get();
            set_association(&mut attachment, table, &association.state, &at, log);
        } else {
            let asker = account
                .map(AccountId::as_str)
                .or(self.resource_owner_id.get());
            let owner = self.transit_gateway_owner_id.get();
            // A peering may have a policy table instead, of which this answer does not speak.
            let is_peering = matches!(self.resource_type.get(), Some("peering" | "tgw-peering"));
            attachment.association_known = owner.is_some() && asker == owner && !is_peering;
        }
        Ok(attachment)
    }
}

impl VpcAttachment<'_> {
    pub(crate) fn into_model(
        self,
        at: &Origin,
        log: &mut Log,
    ) -> Result<TransitGatewayAttachment, Problem> {
        let id = self
            .transit_gateway_attachment_id
            .required("TransitGatewayAttachmentId")?;
        let gateway = Link::to(self.transit_gateway_id.required("TransitGatewayId")?);
        let vpc = Link::to(self.vpc_id.required("VpcId")?);
        let subnets = self.subnet_ids.as_ref().and_then(|ids| {
            let ids = ids.read(at, "SubnetIds", log);
            let links = ids
                .items
                .iter()
                .filter_map(|(_, id)| id.get().map(Link::to));
            ids.is_complete.then(|| links.collect())
        });
        let resource = AttachmentResource::Vpc { vpc, subnets };
        let options = self.options.get();
        let is = |option: Option<&Text<'_>>, value| option.and_then(Text::get) == Some(value);
        Ok(TransitGatewayAttachment {
            name: name_of(&self.tags, at, log),
            state: state_of(&self.state),
            appliance_mode: is(options.map(|each| &each.appliance_mode_support), "enable"),
            group_referencing: !is(
                options.map(|each| &each.security_group_referencing_support),
                "disable",
            ),
            ipv6: is(options.map(|each| &each.ipv6_support), "enable"),
            ..bare(id, gateway, resource, at)
        })
    }
}

impl PeeringAttachment<'_> {
    /// The two sides: an attachment of each of the gateways.
    pub(crate) fn into_model(
        self,
        at: &Origin,
        log: &mut Log,
    ) -> Result<[TransitGatewayAttachment; 2], Problem> {
        let id = self
            .transit_gateway_attachment_id
            .required("TransitGatewayAttachmentId")?;
        let gateway = |side: &Object<Side<'_>>, key| match side.get() {
            Some(side) => side
                .transit_gateway_id
                .required("TransitGatewayId")
                .map(Link::<model::TransitGateway>::to)
                .map_err(|problem| problem.inside(key, None)),
            None => Err(Problem::missing(key)),
        };
        let requester = gateway(&self.requester_tgw_info, "RequesterTgwInfo")?;
        let accepter = gateway(&self.accepter_tgw_info, "AccepterTgwInfo")?;
        let name = name_of(&self.tags, at, log);
        let side = |own: &Link<_>, other: &Link<_>| TransitGatewayAttachment {
            name: name.clone(),
            state: state_of(&self.state),
            ..bare(
                id,
                own.clone(),
                AttachmentResource::Peering(other.clone()),
                at,
            )
        };
        Ok([side(&requester, &accepter), side(&accepter, &requester)])
    }
}

/// An attachment of which nothing else is known. What is not told is as AWS has it by default.
fn bare(
    id: &str,
    gateway: Link<model::TransitGateway>,
    resource: AttachmentResource,
    at: &Origin,
) -> TransitGatewayAttachment {
    TransitGatewayAttachment {
        id: id.into(),
        name: None,
        gateway,
        resource,
        state: model::ResourceState::Available,
        association: None,
        association_known: false,
        appliance_mode: false,
        group_referencing: true,
        ipv6: false,
        translates: false,
        origin: at.clone(),
    }
}

/// Whether a gateway or an attachment works: one that is being changed still carries packets.
fn state_of(state: &Text<'_>) -> model::ResourceState {
    match state.get() {
        Some("modifying") => model::ResourceState::Available,
        Some(_) | None => plain_state_of(state),
    }
}

fn resource(kind: &str, id: &str) -> AttachmentResource {
    match kind {
        "vpc" => AttachmentResource::Vpc {
            vpc: Link::to(id),
            subnets: None,
        },
        "vpn" => AttachmentResource::Vpn(Link::to(id)),
        "peering" => AttachmentResource::Peering(Link::to(id)),
        "direct-connect-gateway" => AttachmentResource::DirectConnect(id.into()),
        other => AttachmentResource::Other {
            kind: other.into(),
            id: id.into(),
        },
    }
}

/// Takes over an association that is in force; one that comes or goes stays unknown.
fn set_association(
    attachment: &mut TransitGatewayAttachment,
    table: Option<&str>,
    state: &Text<'_>,
    at: &Origin,
    log: &mut Log,
) {
    match (state.get().unwrap_or("associated"), table) {
        ("associated", Some(table)) => {
            attachment.association = Some(Link::<TransitGatewayRouteTable>::to(table));
            attachment.association_known = true;
        }
        ("disassociated", _) => attachment.association_known = true,
        (state, _) => {
            let message = format!(
                "association of `{}` is in state `{state}`: taken as unknown",
                attachment.id
            );
            log.note("association-not-in-force", message, at.clone());
        }
    }
}
