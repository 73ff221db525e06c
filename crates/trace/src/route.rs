//! The route of a VPC for an address.

use std::net::IpAddr;

use model::{
    Index, Kind, Route, RouteDestination, RouteOrigin, RouteState, RouteTable, RouteTarget, Subnet,
    Vpc,
};
use packet::{Family, Prefix, is_public};

use crate::walk::Stop;
use crate::{Doubt, Ground, Reason, Tracer};

/// The route that wins.
#[derive(Debug)]
pub(crate) struct Chosen<'a> {
    pub(crate) target: &'a RouteTarget,
    pub(crate) ground: Ground,
    /// Whether the route is for a prefix list.
    pub(crate) is_prefix_list: bool,
}

/// A route that covers the address.
struct Candidate<'a> {
    length: u8,
    precedence: Precedence,
    is_prefix_list: bool,
    target: &'a RouteTarget,
    state: RouteState,
    ground: Ground,
}

/// Whether a route covers an address.
enum Covers {
    /// By a block of this length.
    By(u8),
    Differs,
    /// The input does not tell.
    Perhaps,
}

/// What decides between routes of one length; the first wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Precedence {
    Static,
    PrefixList,
    Learned,
}

static LOCAL: RouteTarget = RouteTarget::Local;

impl<'a> Tracer<'a> {
    /// The table that names the subnet, else the main one of its VPC, if it is known whole.
    pub(crate) fn table_of(
        &self,
        subnet: Index<Subnet>,
        vpc: Index<Vpc>,
    ) -> Result<Index<RouteTable>, Stop> {
        let fallback = || {
            let id = &self.snapshot.vpcs().get(vpc).id;
            let main = self.main_tables.get(id).copied();
            main.filter(|_| self.is_whole(Kind::RouteTables, vpc))
        };
        let named = self.tables.get(&subnet).copied();
        let table = named
            .or_else(fallback)
            .ok_or(Doubt::MissingRouteTable(subnet))?;
        self.whole_table(table)
    }

    /// The same table, or a cut if some of its routes could not be read.
    pub(crate) fn whole_table(&self, table: Index<RouteTable>) -> Result<Index<RouteTable>, Stop> {
        if self.snapshot.route_tables().get(table).is_complete {
            return Ok(table);
        }
        Err(Doubt::PartialRouteTable(table).into())
    }

    /// The active route of the table for an address.
    pub(crate) fn choose(
        &self,
        table: Index<RouteTable>,
        vpc: Index<Vpc>,
        address: IpAddr,
    ) -> Result<Chosen<'a>, Stop> {
        let routes = &self.snapshot.route_tables().get(table).routes;
        let mut candidates = self.implicit_local_routes(table, vpc, address);
        let mut unknown = Vec::new();
        for (number, route) in routes.iter().enumerate() {
            let length = match self.covers(route, address) {
                Covers::By(length) => length,
                Covers::Differs => continue,
                Covers::Perhaps => {
                    unknown.push(route);
                    continue;
                }
            };
            let precedence = precedence(route);
            candidates.push(Candidate {
                length,
                precedence,
                is_prefix_list: matches!(route.destination, RouteDestination::PrefixList(_)),
                target: &route.target,
                state: route.state,
                ground: Ground::Route(table, number),
            });
        }
        if candidates
            .iter()
            .any(|candidate| *candidate.target == RouteTarget::Local)
        {
            candidates.retain(|candidate| candidate.precedence != Precedence::Learned);
        }
        // The longest prefix first, then the better precedence.
        candidates.sort_by_key(|candidate| (u8::MAX - candidate.length, candidate.precedence));
        let mut candidates = candidates.into_iter();
        let winner = candidates.next();
        if let Some(list) = unknown
            .into_iter()
            .find(|route| !leads_as(route, winner.as_ref()))
        {
            return Err(unknown_list(list, table, address));
        }
        let winner = winner.ok_or(Reason::NoRoute(table, address))?;
        let is_equal = |other: &Candidate| {
            (other.length, other.precedence) == (winner.length, winner.precedence)
        };
        let differs =
            |other: Candidate| (other.target, other.state) != (winner.target, winner.state);
        if candidates.take_while(is_equal).any(differs) {
            return Err(Doubt::AmbiguousRoute(table, address).into());
        }
        match (winner.state, &winner.ground) {
            (RouteState::Blackhole, Ground::Route(table, number)) => {
                Err(Reason::Blackhole(*table, *number).into())
            }
            _ => Ok(Chosen {
                target: winner.target,
                is_prefix_list: winner.is_prefix_list,
                ground: winner.ground,
            }),
        }
    }

    /// Each block of the VPC has a local route, unless the table says otherwise for exactly that block.
    fn implicit_local_routes(
        &self,
        table: Index<RouteTable>,
        vpc: Index<Vpc>,
        address: IpAddr,
    ) -> Vec<Candidate<'a>> {
        let routes = &self.snapshot.route_tables().get(table).routes;
        let is_stated = |block: &Prefix| {
            routes
                .iter()
                .any(|route| route.destination == RouteDestination::Prefix(*block))
        };
        let blocks = self.snapshot.vpcs().get(vpc).cidrs.iter();
        let implicit = blocks.filter(|block| block.contains(address) && !is_stated(block));
        let local = |block: &Prefix| Candidate {
            length: block.length(),
            precedence: Precedence::Static,
            is_prefix_list: false,
            target: &LOCAL,
            state: RouteState::Active,
            ground: Ground::LocalRoute(table, *block),
        };
        implicit.map(local).collect()
    }

    /// Whether a route covers the address; a prefix list stands for its entries.
    fn covers(&self, route: &Route, address: IpAddr) -> Covers {
        let link = match &route.destination {
            RouteDestination::Prefix(prefix) if prefix.contains(address) => {
                return Covers::By(prefix.length());
            }
            RouteDestination::Prefix(_) => return Covers::Differs,
            RouteDestination::PrefixList(link) => link,
        };
        let list = link
            .target()
            .map(|list| self.snapshot.prefix_lists().get(list));
        if let Some(entries) = list.and_then(|list| list.entries.as_ref()) {
            let covering = entries.iter().filter(|entry| entry.contains(address));
            return covering
                .map(Prefix::length)
                .max()
                .map_or(Covers::Differs, Covers::By);
        }
        let family = list.and_then(|list| list.family);
        let is_other_family = family.is_some_and(|family| family != Family::of(address));
        let is_of_aws = list.is_some_and(|list| list.is_aws_managed)
            || matches!(route.target, RouteTarget::VpcEndpoint(_));
        if is_other_family || (is_of_aws && !is_public(address)) {
            return Covers::Differs;
        }
        Covers::Perhaps
    }
}

const fn precedence(route: &Route) -> Precedence {
    match (&route.destination, route.kind) {
        (_, RouteOrigin::Propagated | RouteOrigin::Advertised) => Precedence::Learned,
        (RouteDestination::PrefixList(_), RouteOrigin::Table | RouteOrigin::Static) => {
            Precedence::PrefixList
        }
        (RouteDestination::Prefix(_), RouteOrigin::Table | RouteOrigin::Static) => {
            Precedence::Static
        }
    }
}

/// Whether a route leads to where the winner does, so that it does not matter which of them is taken.
fn leads_as(route: &Route, winner: Option<&Candidate>) -> bool {
    winner.is_some_and(|winner| (&route.target, route.state) == (winner.target, winner.state))
}

fn unknown_list(route: &Route, table: Index<RouteTable>, address: IpAddr) -> Stop {
    match &route.destination {
        RouteDestination::PrefixList(list) => Doubt::MissingPrefixList(list.id().clone()).into(),
        RouteDestination::Prefix(_) => Doubt::AmbiguousRoute(table, address).into(),
    }
}
