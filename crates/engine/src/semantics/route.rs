//! Choosing a route of a VPC (§5).
//!
//! The longest prefix wins; a local route beats propagated ones of any length; among equals static beats prefix list
//! beats propagated; a blackhole still wins.
//!
//! # Source
//!
//! VPC User Guide: How route priority works; Subnet route tables.

use std::net::IpAddr;

use model::{
    Index, Kind, Link, PrefixList, Route, RouteDestination, RouteOrigin, RouteState, RouteTable,
    RouteTarget, Vpc,
};
use packet::{Family, is_public};

use super::Semantics;
use super::subnet::Place;
use crate::placement::Placed;

/// Where a table sends packets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Choice {
    Target {
        target: RouteTarget,
        by_prefix_list: bool,
    },
    Blackhole,
    Nothing,
    Unknown,
}

/// A route that covers the destination.
struct Candidate<'a> {
    target: &'a RouteTarget,
    state: RouteState,
    /// Larger is better: prefix length, then static before prefix list before propagated.
    rank: (u8, u8),
    is_propagated: bool,
    by_prefix_list: bool,
}

/// Whether a prefix list holds an address.
pub(super) enum Listed {
    /// With this length at most.
    Length(u8),
    No,
    Perhaps,
}

static LOCAL: RouteTarget = RouteTarget::Local;

impl Semantics<'_> {
    pub(super) fn route_of_subnet(&self, at: Place, destination: IpAddr) -> Choice {
        match self.table_of(at) {
            Some(table) => self.choose(table, at.vpc, destination),
            None => Choice::Unknown,
        }
    }

    fn table_of(&self, at: Place) -> Option<Index<RouteTable>> {
        match self.network.route_tables.of(at.subnet, at.vpc)? {
            Placed::Named(index) => Some(index),
            Placed::Default(index) => self
                .network
                .lists_all(Kind::RouteTables, at.vpc)
                .then_some(index),
        }
    }

    /// The route that a table of a VPC has for a destination.
    pub(super) fn choose(
        &self,
        table: Index<RouteTable>,
        vpc: Index<Vpc>,
        destination: IpAddr,
    ) -> Choice {
        self.ask_about(vpc);
        let table = self.snapshot().route_tables().get(table);
        if !table.is_complete {
            return Choice::Unknown;
        }
        let mut candidates = self.implied_local(table, vpc, destination);
        let mut perhaps: Vec<&Route> = Vec::new();
        for route in &table.routes {
            match self.candidate(route, destination) {
                Ok(candidate) => candidates.extend(candidate),
                Err(Undecided) => perhaps.push(route),
            }
        }
        if candidates
            .iter()
            .any(|candidate| *candidate.target == RouteTarget::Local)
        {
            candidates.retain(|candidate| !candidate.is_propagated);
        }
        let best = candidates.iter().map(|candidate| candidate.rank).max();
        let winners: Vec<&Candidate<'_>> = candidates
            .iter()
            .filter(|candidate| Some(candidate.rank) == best)
            .collect();
        decide(&winners, &perhaps)
    }

    fn implied_local(
        &self,
        table: &RouteTable,
        vpc: Index<Vpc>,
        destination: IpAddr,
    ) -> Vec<Candidate<'static>> {
        let blocks = self
            .snapshot()
            .vpcs()
            .get(vpc)
            .cidrs
            .iter()
            .filter(|cidr| cidr.contains(destination));
        let is_replaced = |cidr| {
            table
                .routes
                .iter()
                .any(|route| route.destination == RouteDestination::Prefix(cidr))
        };
        let implied = blocks.filter(|cidr| !is_replaced(**cidr));
        implied
            .map(|cidr| Candidate {
                target: &LOCAL,
                state: RouteState::Active,
                rank: (cidr.length(), STATIC_RANK),
                is_propagated: false,
                by_prefix_list: false,
            })
            .collect()
    }

    fn candidate<'r>(
        &self,
        route: &'r Route,
        destination: IpAddr,
    ) -> Result<Option<Candidate<'r>>, Undecided> {
        let (length, by_prefix_list) = match &route.destination {
            RouteDestination::Prefix(prefix) if prefix.contains(destination) => {
                (prefix.length(), false)
            }
            RouteDestination::Prefix(_) => return Ok(None),
            RouteDestination::PrefixList(list) => {
                let leads_to_endpoint = matches!(route.target, RouteTarget::VpcEndpoint(_));
                match self.listed(list, destination, leads_to_endpoint) {
                    Listed::Length(length) => (length, true),
                    Listed::No => return Ok(None),
                    Listed::Perhaps => return Err(Undecided),
                }
            }
        };
        let is_propagated = matches!(
            route.kind,
            RouteOrigin::Propagated | RouteOrigin::Advertised
        );
        let source = match route.kind {
            RouteOrigin::Propagated | RouteOrigin::Advertised => 0,
            RouteOrigin::Table | RouteOrigin::Static if by_prefix_list => 1,
            RouteOrigin::Table | RouteOrigin::Static => STATIC_RANK,
        };
        let rank = (length, source);
        Ok(Some(Candidate {
            target: &route.target,
            state: route.state,
            rank,
            is_propagated,
            by_prefix_list,
        }))
    }

    /// Whether a prefix list holds an address, and with which length.
    pub(super) fn listed(
        &self,
        list: &Link<PrefixList>,
        address: IpAddr,
        of_endpoint: bool,
    ) -> Listed {
        let list = list
            .target()
            .map(|index| self.snapshot().prefix_lists().get(index));
        if let Some(entries) = list.and_then(|list| list.entries.as_ref()) {
            let lengths = entries
                .iter()
                .filter(|entry| entry.contains(address))
                .map(packet::Prefix::length);
            return lengths.max().map_or(Listed::No, Listed::Length);
        }
        let is_other_family = list
            .and_then(|list| list.family)
            .is_some_and(|family| family != Family::of(address));
        let is_public_only = of_endpoint || list.is_some_and(|list| list.is_aws_managed);
        if is_other_family || (is_public_only && !is_public(address)) {
            Listed::No
        } else {
            Listed::Perhaps
        }
    }
}

/// The input does not tell whether the route covers the destination.
struct Undecided;

const STATIC_RANK: u8 = 2;

fn decide(winners: &[&Candidate<'_>], perhaps: &[&Route]) -> Choice {
    let Some(first) = winners.first() else {
        return if perhaps.is_empty() {
            Choice::Nothing
        } else {
            Choice::Unknown
        };
    };
    let same =
        |target: &RouteTarget, state: RouteState| *target == *first.target && state == first.state;
    let is_settled = winners
        .iter()
        .all(|winner| same(winner.target, winner.state))
        && perhaps.iter().all(|route| same(&route.target, route.state));
    if !is_settled {
        return Choice::Unknown;
    }
    match first.state {
        RouteState::Blackhole => Choice::Blackhole,
        RouteState::Active => Choice::Target {
            target: first.target.clone(),
            by_prefix_list: first.by_prefix_list,
        },
    }
}
