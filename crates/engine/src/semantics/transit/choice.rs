//! Where a transit gateway sends packets (§5a).

use std::net::IpAddr;
use std::sync::{Arc, PoisonError};

use model::{Index, RouteState, TransitGatewayAttachment};
use packet::Prefix;
use rustc_hash::FxHashMap;

use super::table::Candidate;
use crate::semantics::Semantics;

/// What tables said, by attachment and the block of the destination.
pub(crate) type Memo = FxHashMap<(Index<TransitGatewayAttachment>, Prefix), Arc<Next>>;

/// Where packets go next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Next {
    /// One of these; AWS chooses. None: no route.
    Choices(Vec<Choice>),
    Unknown,
}

/// One of several equal routes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Choice {
    Attachment(Index<TransitGatewayAttachment>),
    Blackhole,
    /// An active route whose attachment the input does not tell.
    Untold,
}

impl Semantics<'_> {
    /// The attachments to which the table associated with an attachment sends packets for a destination.
    pub(crate) fn next_attachments(
        &self,
        from: Index<TransitGatewayAttachment>,
        destination: IpAddr,
    ) -> Arc<Next> {
        let key = (from, self.lines.of_ways.block(destination));
        let mut memo = self
            .memos
            .lookups
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let next = memo
            .entry(key)
            .or_insert_with(|| Arc::new(self.looked_up(from, destination)));
        next.clone()
    }

    fn looked_up(&self, from: Index<TransitGatewayAttachment>, destination: IpAddr) -> Next {
        let attachment = self.snapshot().transit_attachments().get(from);
        let table = match &attachment.association {
            None if attachment.association_known => return Next::Choices(Vec::new()),
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
        let is_best = |one: &Candidate<'_>| Some((one.length, one.rank)) == best;
        let is_vpc_first = candidates
            .iter()
            .any(|one| one.announced_by_vpc && is_best(one));
        let is_overlapped = |one: &Candidate<'_>| {
            one.announced_by_vpc && best.is_some_and(|(length, _)| one.length < length)
        };
        // Of overlapping blocks AWS takes the one that was attached first, which the input does not tell.
        if is_vpc_first && candidates.iter().any(is_overlapped) {
            return Next::Unknown;
        }
        let winners = candidates.iter().filter(|candidate| is_best(candidate));
        let mut choices: Vec<Choice> = Vec::new();
        for winner in winners {
            match (winner.state, winner.attachments.as_slice()) {
                (RouteState::Blackhole, _) => choices.push(Choice::Blackhole),
                (RouteState::Active, []) => choices.push(Choice::Untold),
                (RouteState::Active, links) => {
                    for link in links {
                        let choice = link.target().map_or(Choice::Untold, Choice::Attachment);
                        if !choices.contains(&choice) {
                            choices.push(choice);
                        }
                    }
                }
            }
        }
        Next::Choices(choices)
    }
}
