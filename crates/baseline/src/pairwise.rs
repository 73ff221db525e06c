//! Pair by pair, with sets of intervals.

mod code;
mod session;

use model::{
    Direction, Endpoint, Index, NetworkAcl, RulePeer, SecurityGroup, SecurityGroupRule, Snapshot,
    Verdict,
};
use packet::IntervalSet;

use crate::hosts::Host;
use crate::tally::Tally;
use crate::ways::{Crossing, Filters, Way, Ways};
use code::{Codes, of_service};

pub use session::Session;

/// Asks each pair by itself: every line of every filter on its way, as a set of intervals of header codes.
#[derive(Debug)]
pub struct Pairwise<'a> {
    ways: Ways<'a>,
}

impl<'a> Pairwise<'a> {
    /// Prepares a snapshot.
    pub fn new(snapshot: &'a Snapshot) -> Self {
        Self {
            ways: Ways::new(snapshot),
        }
    }

    /// Which packets make a session between two ends; `None` if this baseline cannot tell.
    pub fn session(&self, from: &Endpoint, to: &Endpoint) -> Option<Session> {
        let session = match self.ways.between(from, to)? {
            Way::Shut => Session::none(),
            Way::Open(filters) => self.pass(&filters),
        };
        Some(session)
    }

    /// Verdicts on all pairs.
    ///
    /// # Cost
    ///
    /// The number of pairs times the lines of their filters.
    pub fn all_pairs(&self) -> Tally {
        let is_open = |from: &Endpoint, to: &Endpoint| Some(!self.session(from, to)?.is_empty());
        Tally::over(self.ways.snapshot(), is_open)
    }

    fn pass(&self, filters: &Filters<'_>) -> Session {
        let Filters {
            from,
            to,
            first,
            reply,
            keeps_identity,
        } = filters;
        let mut forward = self.groups(from, to, Direction::Egress, *keeps_identity);
        forward = forward.intersection(&self.groups(to, from, Direction::Ingress, *keeps_identity));
        forward = forward.intersection(&self.acls(first, from, to));
        let back = reply
            .as_ref()
            .map(|crossings| self.acls(crossings, to, from));
        Session::new(forward, back.unwrap_or_else(IntervalSet::empty))
    }

    /// What the groups of a host allow between it and another.
    fn groups(
        &self,
        own: &Host<'_>,
        other: &Host<'_>,
        direction: Direction,
        keeps_identity: bool,
    ) -> Codes {
        let group = |index: &Index<SecurityGroup>| self.ways.snapshot().groups().get(*index);
        let rules = own
            .groups
            .iter()
            .flat_map(|index| group(index).rules(direction));
        let matching = rules.filter(|rule| self.is_peer(rule, other, keeps_identity));
        IntervalSet::from_ranges(matching.filter_map(|rule| of_service(rule.service)))
    }

    fn is_peer(&self, rule: &SecurityGroupRule, other: &Host<'_>, keeps_identity: bool) -> bool {
        match &rule.peer {
            RulePeer::Cidr(cidr) => cidr.contains(other.address),
            RulePeer::Group(named) => {
                keeps_identity && !named.is_stale && other.wears(&named.group)
            }
            RulePeer::PrefixList(link) => {
                let list = link
                    .target()
                    .map(|index| self.ways.snapshot().prefix_lists().get(index));
                let mut entries = list
                    .iter()
                    .filter_map(|list| list.entries.as_ref())
                    .flatten();
                entries.any(|entry| entry.contains(other.address))
            }
        }
    }

    /// What all the ACLs on a way let pass from one host to another.
    fn acls(&self, crossings: &[Crossing], from: &Host<'_>, to: &Host<'_>) -> Codes {
        let mut passing = IntervalSet::full();
        for crossing in crossings {
            let acl = self.ways.snapshot().acls().get(crossing.acl);
            passing = passing.intersection(&entries(acl, crossing.direction, from, to));
        }
        passing
    }
}

/// What one ACL lets pass: each entry decides on what the ones before it left.
fn entries(acl: &NetworkAcl, direction: Direction, from: &Host<'_>, to: &Host<'_>) -> Codes {
    let judged = match direction {
        Direction::Ingress => from.address,
        Direction::Egress => to.address,
    };
    let mut passing: Codes = IntervalSet::empty();
    let mut left: Codes = IntervalSet::full();
    for entry in acl
        .entries(direction)
        .filter(|entry| entry.cidr.contains(judged))
    {
        let matched = IntervalSet::from_ranges(of_service(entry.service));
        if entry.verdict == Verdict::Allow {
            passing = passing.union(&left.intersection(&matched));
        }
        left = left.difference(&matched);
    }
    passing
}
