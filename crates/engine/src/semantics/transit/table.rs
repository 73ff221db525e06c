//! The routes of a transit gateway's table, listed and derived (§5a).

use std::net::IpAddr;

use model::{
    AttachmentResource, Link, RouteDestination, RouteState, TransitGatewayAttachment,
    TransitGatewayRoute, TransitGatewayRouteKind, TransitGatewayRouteTable, VpnConnection,
};
use packet::Prefix;

use crate::semantics::Semantics;
use crate::semantics::route::Listed;

/// A route that covers the destination.
pub(super) struct Candidate<'a> {
    pub(super) length: u8,
    pub(super) rank: u8,
    pub(super) state: RouteState,
    pub(super) attachments: Vec<&'a Link<TransitGatewayAttachment>>,
    /// Whether it is no listed route, but follows from a VPC that announces its blocks.
    pub(super) announced_by_vpc: bool,
}

/// The table does not tell all routes that may cover the destination.
pub(super) struct Undecided;

impl Semantics<'_> {
    /// All routes for a destination.
    pub(super) fn transit_candidates<'t>(
        &self,
        table: &'t TransitGatewayRouteTable,
        destination: IpAddr,
    ) -> Result<Vec<Candidate<'t>>, Undecided> {
        if !table.static_known {
            return Err(Undecided);
        }
        let mut candidates = Vec::new();
        for route in &table.routes {
            candidates.extend(self.listed_route(route, destination)?);
        }
        if !table.propagated_known {
            let propagations = table.propagations.as_ref().ok_or(Undecided)?;
            for link in propagations {
                candidates.extend(self.derived_route(table, link, destination)?);
            }
        }
        Ok(candidates)
    }

    fn listed_route<'t>(
        &self,
        route: &'t TransitGatewayRoute,
        destination: IpAddr,
    ) -> Result<Option<Candidate<'t>>, Undecided> {
        let (length, by_list) = match &route.destination {
            RouteDestination::Prefix(prefix) if prefix.contains(destination) => {
                (prefix.length(), false)
            }
            RouteDestination::Prefix(_) => return Ok(None),
            RouteDestination::PrefixList(list) => match self.listed(list, destination, false) {
                Listed::Length(length) => (length, true),
                Listed::No => return Ok(None),
                Listed::Perhaps => return Err(Undecided),
            },
        };
        let rank = match route.kind {
            TransitGatewayRouteKind::Static if by_list => PREFIX_LIST_RANK,
            TransitGatewayRouteKind::Static => STATIC_RANK,
            TransitGatewayRouteKind::Propagated => route
                .attachments
                .iter()
                .map(|link| self.rank(link))
                .max()
                .unwrap_or(if by_list {
                    PREFIX_LIST_RANK
                } else {
                    STATIC_RANK
                }),
        };
        Ok(Some(Candidate {
            length,
            rank,
            state: route.state,
            attachments: route.attachments.iter().collect(),
            announced_by_vpc: false,
        }))
    }

    /// The route that a propagating attachment makes for a destination, unless the table lists what became of it.
    fn derived_route<'t>(
        &self,
        table: &TransitGatewayRouteTable,
        link: &'t Link<TransitGatewayAttachment>,
        destination: IpAddr,
    ) -> Result<Option<Candidate<'t>>, Undecided> {
        let blocks = self.announced(link).ok_or(Undecided)?;
        let is_listed = |block: &Prefix| {
            let block = RouteDestination::Prefix(*block);
            table.routes.iter().any(|route| route.destination == block)
        };
        let length = blocks
            .iter()
            .filter(|block| block.contains(destination) && !is_listed(block))
            .map(Prefix::length)
            .max();
        Ok(length.map(|length| Candidate {
            length,
            rank: self.rank(link),
            state: RouteState::Active,
            attachments: vec![link],
            announced_by_vpc: self.is_vpc(link),
        }))
    }

    /// The blocks that an attachment announces, or `None` if the input does not tell.
    fn announced(&self, link: &Link<TransitGatewayAttachment>) -> Option<&[Prefix]> {
        match &self
            .snapshot()
            .transit_attachments()
            .get(link.target()?)
            .resource
        {
            AttachmentResource::Vpc { vpc, .. } => {
                Some(&self.snapshot().vpcs().get(vpc.target()?).cidrs)
            }
            AttachmentResource::Vpn(vpn) => {
                let connection = self.snapshot().vpn_connections().get(vpn.target()?);
                connection
                    .static_only
                    .then_some(connection.static_routes.as_slice())
            }
            AttachmentResource::Peering(_)
            | AttachmentResource::DirectConnect(_)
            | AttachmentResource::Other { .. } => None,
        }
    }

    /// The place of a propagated route among equals; larger wins.
    fn rank(&self, link: &Link<TransitGatewayAttachment>) -> u8 {
        let Some(index) = link.target() else {
            return OTHER_RANK;
        };
        match &self.snapshot().transit_attachments().get(index).resource {
            AttachmentResource::Vpc { .. } => 9,
            AttachmentResource::DirectConnect(_) => 8,
            AttachmentResource::Other { kind, .. } if &**kind == "connect" => 7,
            AttachmentResource::Vpn(vpn) if self.is_over_direct_connect(vpn) => 6,
            AttachmentResource::Vpn(_) => 5,
            AttachmentResource::Other { kind, .. } if &**kind == "vpn-concentrator" => 4,
            AttachmentResource::Other { kind, .. } if &**kind == "client-vpn" => 3,
            AttachmentResource::Other { .. } => OTHER_RANK,
            AttachmentResource::Peering(_) => 1,
        }
    }

    fn is_over_direct_connect(&self, vpn: &Link<VpnConnection>) -> bool {
        vpn.target().is_some_and(|index| {
            self.snapshot()
                .vpn_connections()
                .get(index)
                .over_direct_connect
        })
    }

    fn is_vpc(&self, link: &Link<TransitGatewayAttachment>) -> bool {
        let attachments = self.snapshot().transit_attachments();
        link.target().is_some_and(|index| {
            matches!(
                attachments.get(index).resource,
                AttachmentResource::Vpc { .. }
            )
        })
    }
}

const STATIC_RANK: u8 = 11;
const PREFIX_LIST_RANK: u8 = 10;
const OTHER_RANK: u8 = 2;
