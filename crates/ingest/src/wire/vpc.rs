//! `DescribeVpcs` and `DescribeSubnets`.

use model::{EncryptionMode, Link, Origin, Region, Zone};
use packet::Prefix;
use serde::Deserialize;

use super::public_access::States;
use super::tags::{Tags, name, sorted};
use super::{Flag, Object, Objects, Text, fields};
use crate::log::{Log, Problem};

/// A VPC.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Vpc<'a> {
    vpc_id: Text<'a>,
    owner_id: Text<'a>,
    region: Text<'a>,
    cidr_block: Text<'a>,
    cidr_block_association_set: Objects<'a, CidrBlock<'a>>,
    ipv6_cidr_block_association_set: Objects<'a, CidrBlock<'a>>,
    block_public_access_states: Object<States<'a>>,
    encryption_control: Object<EncryptionControl<'a>>,
    tags: Tags<'a>,
}

/// Encryption Controls of a VPC.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
struct EncryptionControl<'a> {
    mode: Text<'a>,
    state: Text<'a>,
}

impl EncryptionControl<'_> {
    /// The mode. A change to it that is under way or failed counts as made: nothing certain follows from it.
    fn mode(&self) -> Option<EncryptionMode> {
        match (self.state.get(), self.mode.get()) {
            (Some("deleted"), _) | (_, None) => None,
            (_, Some("monitor")) => Some(EncryptionMode::Monitor),
            (_, Some(_)) => Some(EncryptionMode::Enforce),
        }
    }
}

/// A block associated with a VPC or subnet.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
struct CidrBlock<'a> {
    cidr_block: Text<'a>,
    cidr_block_state: Object<State<'a>>,
    ipv6_cidr_block: Text<'a>,
    ipv6_cidr_block_state: Object<State<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
struct State<'a> {
    state: Text<'a>,
}

/// A subnet.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Subnet<'a> {
    subnet_id: Text<'a>,
    owner_id: Text<'a>,
    vpc_id: Text<'a>,
    cidr_block: Text<'a>,
    ipv6_cidr_block_association_set: Objects<'a, CidrBlock<'a>>,
    availability_zone: Text<'a>,
    availability_zone_id: Text<'a>,
    subnet_arn: Text<'a>,
    block_public_access_states: Object<States<'a>>,
    enable_dns64: Flag,
    tags: Tags<'a>,
}

impl Vpc<'_> {
    pub(crate) fn into_model(self, at: &Origin, log: &mut Log) -> Result<model::Vpc, Problem> {
        let id = self.vpc_id.required("VpcId")?;
        let mut cidrs = associated(
            &self.cidr_block_association_set,
            "CidrBlockAssociationSet",
            at,
            log,
        )?;
        if cidrs.is_empty() {
            cidrs.extend(self.cidr_block.prefix("CidrBlock", at, log)?);
        }
        cidrs.extend(associated(
            &self.ipv6_cidr_block_association_set,
            "Ipv6CidrBlockAssociationSet",
            at,
            log,
        )?);
        if cidrs.is_empty() {
            return Err(Problem::missing("CidrBlock"));
        }
        let tags = sorted(&self.tags, "Tags", at, log);
        Ok(model::Vpc {
            id: id.into(),
            name: name(&tags),
            owner: self.owner_id.account(),
            region: self.region.get().map(Region::from),
            cidrs,
            public_access: self.block_public_access_states.get().and_then(States::mode),
            encryption: self
                .encryption_control
                .get()
                .and_then(EncryptionControl::mode),
            tags,
            origin: at.clone(),
        })
    }
}

impl Subnet<'_> {
    pub(crate) fn into_model(self, at: &Origin, log: &mut Log) -> Result<model::Subnet, Problem> {
        let id = self.subnet_id.required("SubnetId")?;
        let vpc = Link::to(self.vpc_id.required("VpcId")?);
        let mut cidrs: Vec<Prefix> = Vec::new();
        cidrs.extend(self.cidr_block.prefix("CidrBlock", at, log)?);
        cidrs.extend(associated(
            &self.ipv6_cidr_block_association_set,
            "Ipv6CidrBlockAssociationSet",
            at,
            log,
        )?);
        if cidrs.is_empty() {
            return Err(Problem::missing("CidrBlock"));
        }
        let (region, account) = self
            .subnet_arn
            .get()
            .map(fields::scope_of_arn)
            .unwrap_or_default();
        let zone = self.availability_zone.get();
        let zone_id = self.availability_zone_id.get();
        let tags = sorted(&self.tags, "Tags", at, log);
        Ok(model::Subnet {
            id: id.into(),
            name: name(&tags),
            owner: self.owner_id.account().or(account),
            region: zone.and_then(fields::region_of_zone).or(region),
            vpc,
            cidrs,
            zone: zone_id.or(zone).map(Zone::from),
            public_access: self.block_public_access_states.get().and_then(States::mode),
            has_dns64: self.enable_dns64.0 == Some(true),
            tags,
            origin: at.clone(),
        })
    }
}

/// The blocks of a set whose association is in force.
fn associated(
    set: &Objects<'_, CidrBlock<'_>>,
    key: &str,
    at: &Origin,
    log: &mut Log,
) -> Result<Vec<Prefix>, Problem> {
    let mut cidrs = Vec::new();
    for (number, block) in set.all(at, key, log)? {
        let states = [&block.cidr_block_state, &block.ipv6_cidr_block_state];
        let state = states
            .iter()
            .find_map(|state| state.get().and_then(|state| state.state.get()));
        if state.is_some_and(|state| state != "associated") {
            continue;
        }
        let at = at.part(format_args!("/{key}/{number}"));
        let in_set = |problem: Problem| problem.inside(key, Some(number));
        cidrs.extend(
            block
                .cidr_block
                .prefix("CidrBlock", &at, log)
                .map_err(in_set)?,
        );
        cidrs.extend(
            block
                .ipv6_cidr_block
                .prefix("Ipv6CidrBlock", &at, log)
                .map_err(in_set)?,
        );
    }
    Ok(cidrs)
}
