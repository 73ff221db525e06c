//! Where a transit gateway sends packets (§5a).

use std::net::IpAddr;

use model::{Index, Link, RouteState, TransitGatewayAttachment};

use crate::semantics::Semantics;

/// Where packets go next.
pub(super) enum Next {
    /// One of these; AWS chooses.
    Attachments(Vec<Link<TransitGatewayAttachment>>),
    Nothing,
    Unknown,
}

impl Semantics<'_> {
    /// The attachments to which the table associated with an attachment sends packets for a destination.
    pub(super) fn next_attachments(
        &self,
        from: Index<TransitGatewayAttachment>,
        destination: IpAddr,
    ) -> Next {
        let attachment = self.snapshot().transit_attachments().get(from);
        let table = match &attachment.association {
            None if attachment.association_known => return Next::Nothing,
            None => return Next::Unknown,
            Some(link) => match link.target() {
                None => return Next::Unknown,
                Some(table) => self.snapshot().transit_route_tables().get(table),
            },
        };
        let Ok(candidates) = self.transit_candidates(table, destination) else {
            return Next::Unknown;
        };
        let best = candidates
            .iter()
            .map(|candidate| (candidate.length, candidate.rank))
            .max();
        let winners = candidates
            .iter()
            .filter(|candidate| Some((candidate.length, candidate.rank)) == best);
        let mut attachments: Vec<Link<TransitGatewayAttachment>> = Vec::new();
        let (mut n_winners, mut n_blackholes) = (0, 0);
        for winner in winners {
            n_winners += 1;
            n_blackholes += usize::from(winner.state == RouteState::Blackhole);
            attachments.extend(winner.attachments.iter().map(|link| (*link).clone()));
        }
        if n_blackholes == n_winners {
            return Next::Nothing;
        }
        if n_blackholes > 0 || attachments.is_empty() {
            return Next::Unknown;
        }
        attachments.sort_by(|a, b| a.id().cmp(b.id()));
        attachments.dedup();
        Next::Attachments(attachments)
    }
}
