//! Ways into VPCs that AWS services keep.

use model::{EntryKind, EntryReach, EntryResource, EntryTarget, Link, ResourceState, ServiceEntry};
use packet::{PortSet, Service};

use super::build::{Block, Builder};
use super::words::{Result, Words};

/// Kinds of entries and their words.
pub(super) const KINDS: [(&str, EntryKind); 5] = [
    ("instance-connect", EntryKind::InstanceConnectEndpoint),
    ("verified-access", EntryKind::VerifiedAccess),
    ("cloudfront", EntryKind::CloudFrontVpcOrigin),
    ("accelerator", EntryKind::GlobalAccelerator),
    ("api-link", EntryKind::ApiGatewayLink),
];

pub(super) fn entry(builder: &mut Builder, words: &mut Words<'_>) -> Result {
    let id = words.need("the entry's name")?;
    let word = words.need("the entry's kind")?;
    let kind = KINDS.iter().find(|(known, _)| *known == word);
    let (_, kind) = kind.ok_or_else(|| words.unknown(word))?;
    let mut entry = ServiceEntry {
        id: id.into(),
        name: Some(id.into()),
        owner: builder.account.clone(),
        region: builder.region.clone(),
        kind: *kind,
        state: ResourceState::Available,
        vpc: None,
        subnets: Vec::new(),
        groups: Vec::new(),
        interfaces: Vec::new(),
        reach: match kind {
            EntryKind::InstanceConnectEndpoint => EntryReach::Anything { keeps_client: None },
            _ => EntryReach::Untold,
        },
        origin: words.origin(),
    };
    while let Some(word) = words.next() {
        match word {
            "vpc" => entry.vpc = Some(Link::to(words.need("a VPC")?)),
            "in" => entry.subnets = words.names()?.into_iter().map(Link::to).collect(),
            "groups" => entry.groups = words.names()?.into_iter().map(Link::to).collect(),
            "via" => entry.interfaces = words.names()?.into_iter().map(Link::to).collect(),
            "keeps" => {
                entry.reach = EntryReach::Anything {
                    keeps_client: Some(true),
                }
            }
            "hides" => {
                entry.reach = EntryReach::Anything {
                    keeps_client: Some(false),
                }
            }
            "unavailable" => entry.state = ResourceState::Unavailable,
            other => return Err(words.unknown(other)),
        }
    }
    builder.parts.service_entries.push(entry);
    builder.block = Some(Block::Entry);
    Ok(())
}

/// `sends NAME|BLOCK [keeps] [tcp/443 …]` of an entry.
pub(super) fn sends(builder: &mut Builder, words: &mut Words<'_>) -> Result {
    let resource = match words.prefix_if() {
        Some(block) => EntryResource::Block(block),
        None => EntryResource::Named(words.need("a resource or a block")?.into()),
    };
    let keeps_client = words.skip("keeps");
    let mut ports: Option<PortSet> = None;
    while let Some(word) = words.next() {
        let service = word.parse::<Service>();
        let Ok(Service::Ports { ports: range, .. }) = service else {
            return Err(words.unknown(word));
        };
        let set = PortSet::range(range.first(), range.last());
        ports = Some(ports.map_or(set.clone(), |ports| ports.union(&set)));
    }
    let is_open = builder.block == Some(Block::Entry);
    let entry = builder.parts.service_entries.last_mut();
    let entry = entry
        .filter(|_| is_open)
        .ok_or_else(|| words.error("this line belongs to an entry"))?;
    let target = EntryTarget {
        resource,
        ports,
        keeps_client,
    };
    match &mut entry.reach {
        EntryReach::Targets(targets) => targets.push(target),
        EntryReach::Anything { .. } | EntryReach::Untold => {
            entry.reach = EntryReach::Targets(vec![target]);
        }
    }
    Ok(())
}
