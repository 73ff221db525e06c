//! The route of a transit gateway's table for an address.

use std::net::IpAddr;

use model::{
    AttachmentResource, Index, Link, PrefixList, RouteDestination, RouteState,
    TransitGatewayAttachment, TransitGatewayRouteKind, TransitGatewayRouteTable,
};
use packet::{Family, Prefix, is_public};

use crate::walk::Stop;
use crate::{Doubt, Ground, Reason, Tracer};

/// A route of a transit gateway that covers an address.
pub(super) struct Candidate<'a> {
    length: u8,
    /// Small numbers win.
    rank: u8,
    pub(super) to: Target<'a>,
    ground: Ground,
}

/// Where a route of a transit gateway leads.
#[derive(Clone, Copy)]
pub(super) enum Target<'a> {
    Attachment(&'a Link<TransitGatewayAttachment>),
    Blackhole(usize),
    /// To an attachment that the input does not name.
    Untold,
}

/// What propagated routes of a VPC rank as.
const VPC_RANK: u8 = 2;

impl<'a> Tracer<'a> {
    /// The best routes of a table for an address, with the ground of the first.
    pub(super) fn best_routes(
        &self,
        table: Index<TransitGatewayRouteTable>,
        address: IpAddr,
    ) -> Result<(Ground, Vec<Candidate<'a>>), Stop> {
        let mut candidates = self.candidates(table, address)?;
        candidates.sort_by_key(|candidate| (u8::MAX - candidate.length, candidate.rank));
        let best = candidates
            .first()
            .map(|best| (best.length, best.rank, best.ground.clone()));
        let (length, rank, ground) = best.ok_or(Reason::TransitNoRoute(table, address))?;
        if is_of_vpc(&ground, rank) && candidates.iter().any(|other| overlaps(other, length)) {
            return Err(Doubt::OverlappingPropagations(table, address).into());
        }
        candidates.retain(|candidate| (candidate.length, candidate.rank) == (length, rank));
        Ok((ground, candidates))
    }

    /// All routes of a table that cover the address, listed or following from propagations.
    fn candidates(
        &self,
        index: Index<TransitGatewayRouteTable>,
        address: IpAddr,
    ) -> Result<Vec<Candidate<'a>>, Stop> {
        let table = self.snapshot.transit_route_tables().get(index);
        if !table.static_known {
            return Err(Doubt::TransitRoutesUnknown(index).into());
        }
        let mut candidates = Vec::new();
        for (number, route) in table.routes.iter().enumerate() {
            let Some((length, is_list)) = self.covering(&route.destination, address)? else {
                continue;
            };
            let is_static = route.kind == TransitGatewayRouteKind::Static;
            let static_rank = u8::from(is_list);
            let rank_of = |link: &Link<_>| {
                if is_static {
                    static_rank
                } else {
                    self.rank(link)
                }
            };
            let ranks = route.attachments.iter().map(rank_of);
            let rank = ranks.min().unwrap_or(static_rank);
            let candidate = |to| Candidate {
                length,
                rank,
                to,
                ground: Ground::TransitRoute(index, number),
            };
            match (route.state, route.attachments.as_slice()) {
                (RouteState::Blackhole, _) => candidates.push(candidate(Target::Blackhole(number))),
                (RouteState::Active, []) => candidates.push(candidate(Target::Untold)),
                // One route that names several attachments shares the load between them.
                (RouteState::Active, links) => {
                    candidates.extend(links.iter().map(Target::Attachment).map(candidate));
                }
            }
        }
        if !table.propagated_known {
            self.propagated(index, address, &mut candidates)?;
        }
        Ok(candidates)
    }

    /// The routes that follow from the propagations to a table, except for blocks that it lists.
    fn propagated(
        &self,
        index: Index<TransitGatewayRouteTable>,
        address: IpAddr,
        candidates: &mut Vec<Candidate<'a>>,
    ) -> Result<(), Stop> {
        let table = self.snapshot.transit_route_tables().get(index);
        let unknown = || Stop::from(Doubt::TransitRoutesUnknown(index));
        for link in table.propagations.as_ref().ok_or_else(unknown)? {
            let attachment = link.target().ok_or_else(unknown)?;
            let blocks = self.announced(attachment).ok_or_else(unknown)?;
            let is_listed = |block: &Prefix| {
                let block = RouteDestination::Prefix(*block);
                table.routes.iter().any(|route| route.destination == block)
            };
            let propagated = |block: &Prefix| Candidate {
                length: block.length(),
                rank: self.rank(link),
                to: Target::Attachment(link),
                ground: Ground::Propagation(index, attachment, *block),
            };
            candidates.extend(
                blocks
                    .iter()
                    .filter(|block| block.contains(address) && !is_listed(block))
                    .map(propagated),
            );
        }
        Ok(())
    }

    /// The length with which a destination of a route covers the address, and whether it is a prefix list.
    pub(crate) fn covering(
        &self,
        destination: &RouteDestination,
        address: IpAddr,
    ) -> Result<Option<(u8, bool)>, Stop> {
        let link = match destination {
            RouteDestination::Prefix(prefix) => {
                return Ok(prefix.contains(address).then(|| (prefix.length(), false)));
            }
            RouteDestination::PrefixList(link) => link,
        };
        let length = self.covering_entry(link, address)?;
        Ok(length.map(|length| (length, true)))
    }

    /// The length of the longest entry of a prefix list that holds the address.
    pub(crate) fn covering_entry(
        &self,
        link: &Link<PrefixList>,
        address: IpAddr,
    ) -> Result<Option<u8>, Stop> {
        let unknown = || Doubt::MissingPrefixList(link.id().clone());
        let list = self
            .snapshot
            .prefix_lists()
            .get(link.target().ok_or_else(unknown)?);
        let Some(entries) = list.entries.as_ref() else {
            let is_other_family = list
                .family
                .is_some_and(|family| family != Family::of(address));
            let is_excluded = is_other_family || (list.is_aws_managed && !is_public(address));
            return if is_excluded {
                Ok(None)
            } else {
                Err(unknown().into())
            };
        };
        let covering = entries.iter().filter(|entry| entry.contains(address));
        Ok(covering.map(Prefix::length).max())
    }

    /// What decides between propagated routes of one length.
    fn rank(&self, link: &Link<TransitGatewayAttachment>) -> u8 {
        let resource = |index| &self.snapshot.transit_attachments().get(index).resource;
        match link.target().map(resource) {
            Some(AttachmentResource::Vpc { .. }) => VPC_RANK,
            Some(AttachmentResource::DirectConnect(_)) => 3,
            Some(AttachmentResource::Vpn(connection)) => {
                let over_line = connection.target().is_some_and(|connection| {
                    let connection = self.snapshot.vpn_connections().get(connection);
                    connection.over_direct_connect
                });
                if over_line { 5 } else { 6 }
            }
            Some(AttachmentResource::Other { kind, .. }) => match &**kind {
                "connect" => 4,
                "vpn-concentrator" => 7,
                "client-vpn" => 8,
                _ => 9,
            },
            None => 9,
            Some(AttachmentResource::Peering(_)) => 10,
        }
    }

    /// The blocks that an attachment announces; `None` if the input does not tell.
    fn announced(&self, index: Index<TransitGatewayAttachment>) -> Option<&'a [Prefix]> {
        match &self.snapshot.transit_attachments().get(index).resource {
            AttachmentResource::Vpc { vpc, .. } => {
                Some(&self.snapshot.vpcs().get(vpc.target()?).cidrs)
            }
            AttachmentResource::Vpn(vpn) => {
                let vpn = self.snapshot.vpn_connections().get(vpn.target()?);
                vpn.static_only.then_some(vpn.static_routes.as_slice())
            }
            AttachmentResource::Peering(_)
            | AttachmentResource::DirectConnect(_)
            | AttachmentResource::Other { .. } => None,
        }
    }
}

/// Whether a route follows from the propagation of a VPC.
const fn is_of_vpc(ground: &Ground, rank: u8) -> bool {
    matches!(ground, Ground::Propagation(..)) && rank == VPC_RANK
}

/// Whether a route follows from the propagation of a VPC with a shorter block.
fn overlaps(other: &Candidate, length: u8) -> bool {
    is_of_vpc(&other.ground, other.rank) && other.length < length
}
