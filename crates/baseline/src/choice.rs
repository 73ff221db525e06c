//! The route that a table chooses for an address.

use std::cmp::Reverse;
use std::net::IpAddr;

use model::{
    Route, RouteDestination, RouteOrigin, RouteState, RouteTable, RouteTarget, Snapshot, Vpc,
};

/// A route that covers the address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Candidate {
    length: u8,
    rank: Rank,
    pub(crate) target: RouteTarget,
    pub(crate) state: RouteState,
}

/// What decides between routes of one length; the first wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Static,
    PrefixList,
    Learned,
}

/// The route for an address: `Some(None)` if there is none, `None` if the table does not tell.
#[expect(
    clippy::option_option,
    reason = "not expressible and no route are two answers"
)]
pub(crate) fn choose(
    snapshot: &Snapshot,
    vpc: &Vpc,
    table: &RouteTable,
    to: IpAddr,
) -> Option<Option<Candidate>> {
    let mut candidates = implied(vpc, table, to);
    for route in &table.routes {
        candidates.extend(covering(snapshot, route, to)?);
    }
    if candidates
        .iter()
        .any(|one| one.target == RouteTarget::Local)
    {
        candidates.retain(|one| one.rank != Rank::Learned);
    }
    let place = |one: &Candidate| (Reverse(one.length), one.rank);
    let Some(best) = candidates.iter().min_by_key(|one| place(one)).cloned() else {
        return Some(None);
    };
    let mut equals = candidates.iter().filter(|one| place(one) == place(&best));
    let is_one = equals.all(|one| one.target == best.target && one.state == best.state);
    is_one.then_some(Some(best))
}

/// The local routes that need not be listed: one for each block that no route names.
fn implied(vpc: &Vpc, table: &RouteTable, to: IpAddr) -> Vec<Candidate> {
    let is_listed = |cidr| {
        let named = RouteDestination::Prefix(cidr);
        table.routes.iter().any(|route| route.destination == named)
    };
    let blocks = vpc.cidrs.iter().copied();
    let blocks = blocks.filter(|cidr| cidr.contains(to) && !is_listed(*cidr));
    let local = blocks.map(|cidr| Candidate {
        length: cidr.length(),
        rank: Rank::Static,
        target: RouteTarget::Local,
        state: RouteState::Active,
    });
    local.collect()
}

/// What a route says of an address; `None` if its prefix list is not known.
fn covering(snapshot: &Snapshot, route: &Route, to: IpAddr) -> Option<Vec<Candidate>> {
    let (prefixes, is_list) = match &route.destination {
        RouteDestination::Prefix(prefix) => (vec![*prefix], false),
        RouteDestination::PrefixList(list) => {
            let list = snapshot.prefix_lists().get(list.target()?);
            (list.entries.clone()?, true)
        }
    };
    let rank = match (route.kind, is_list) {
        (RouteOrigin::Propagated | RouteOrigin::Advertised, _) => Rank::Learned,
        (RouteOrigin::Table | RouteOrigin::Static, true) => Rank::PrefixList,
        (RouteOrigin::Table | RouteOrigin::Static, false) => Rank::Static,
    };
    let matching = prefixes.into_iter().filter(|prefix| prefix.contains(to));
    let candidates = matching.map(|prefix| Candidate {
        length: prefix.length(),
        rank,
        target: route.target.clone(),
        state: route.state,
    });
    Some(candidates.collect())
}
