//! `DescribeVpcPeeringConnections`.

use model::{Link, Origin, PeeringSide, PeeringStatus, Region};
use serde::Deserialize;

use super::tags::{Tags, name_of};
use super::{Object, Objects, Text};
use crate::log::{Log, Problem};

/// A peering connection.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct VpcPeeringConnection<'a> {
    vpc_peering_connection_id: Text<'a>,
    status: Object<Status<'a>>,
    requester_vpc_info: Object<Side<'a>>,
    accepter_vpc_info: Object<Side<'a>>,
    tags: Tags<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
struct Status<'a> {
    code: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
struct Side<'a> {
    vpc_id: Text<'a>,
    owner_id: Text<'a>,
    region: Text<'a>,
    cidr_block: Text<'a>,
    cidr_block_set: Objects<'a, CidrBlock<'a>>,
    ipv6_cidr_block_set: Objects<'a, CidrBlock<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
struct CidrBlock<'a> {
    cidr_block: Text<'a>,
    ipv6_cidr_block: Text<'a>,
}

impl VpcPeeringConnection<'_> {
    pub(crate) fn into_model(
        self,
        at: &Origin,
        log: &mut Log,
    ) -> Result<model::VpcPeeringConnection, Problem> {
        let id = self
            .vpc_peering_connection_id
            .required("VpcPeeringConnectionId")?;
        let status = self.status.get().and_then(|status| status.code.get());
        Ok(model::VpcPeeringConnection {
            id: id.into(),
            name: name_of(&self.tags, at, log),
            status: match status {
                Some("active") => PeeringStatus::Active,
                Some(_) => PeeringStatus::Inactive,
                None => return Err(Problem::missing("Status")),
            },
            requester: side(&self.requester_vpc_info, "RequesterVpcInfo", at, log)?,
            accepter: side(&self.accepter_vpc_info, "AccepterVpcInfo", at, log)?,
            origin: at.clone(),
        })
    }
}

fn side(
    side: &Object<Side<'_>>,
    key: &str,
    at: &Origin,
    log: &mut Log,
) -> Result<PeeringSide, Problem> {
    let side = side.get().ok_or_else(|| Problem::missing(key))?;
    let in_side = |problem: Problem| problem.inside(key, None);
    let at = at.part(format_args!("/{key}"));
    let mut cidrs = Vec::new();
    for (key, set) in [
        ("CidrBlockSet", &side.cidr_block_set),
        ("Ipv6CidrBlockSet", &side.ipv6_cidr_block_set),
    ] {
        for (number, block) in set.all(&at, key, log).map_err(in_side)? {
            let in_set = |problem: Problem| in_side(problem.inside(key, Some(number)));
            let at = at.part(format_args!("/{key}/{number}"));
            let v4 = block.cidr_block.prefix("CidrBlock", &at, log);
            cidrs.extend(v4.map_err(in_set)?);
            let v6 = block.ipv6_cidr_block.prefix("Ipv6CidrBlock", &at, log);
            cidrs.extend(v6.map_err(in_set)?);
        }
    }
    let first = side.cidr_block.prefix("CidrBlock", &at, log);
    if let Some(first) = first.map_err(in_side)?
        && !cidrs.contains(&first)
    {
        cidrs.insert(0, first);
    }
    Ok(PeeringSide {
        vpc: Link::to(side.vpc_id.required("VpcId").map_err(in_side)?),
        owner: side.owner_id.account(),
        region: side.region.get().map(Region::from),
        cidrs,
    })
}
