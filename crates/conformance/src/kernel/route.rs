//! Routes of a VPC's table, as the kernel's.

use model::{
    Index, Link, PrefixList, Route, RouteDestination, RouteOrigin, RouteState, RouteTable,
    RouteTarget, Snapshot, Subnet,
};
use packet::Prefix;

use super::Result;
use super::lab::Lab;
use super::plan::{Hop, Table};

/// One route: the block, where it leads, how it ranks among equal blocks.
struct Line {
    block: Prefix,
    hop: Hop,
    metric: u32,
    is_learnt: bool,
}

/// The table that a subnet uses.
pub(super) fn table_of(snapshot: &Snapshot, subnet: Index<Subnet>) -> Result<&RouteTable> {
    let row = snapshot.subnets().get(subnet);
    let tables = snapshot.route_tables().rows();
    let is_named = |table: &&RouteTable| {
        table.associations.iter().any(|association| {
            matches!(association, model::RouteTableAssociation::Subnet(link) if link.is(subnet))
        })
    };
    let main = |table: &&RouteTable| table.is_main && table.vpc.id() == row.vpc.id();
    let named = tables.iter().find(is_named);
    named
        .or_else(|| tables.iter().find(main))
        .ok_or_else(|| format!("subnet `{}` has no route table", row.id))
}

/// Fills two tables of the subnet's router: for destinations that a local route covers, and for all others.
///
/// Returns the blocks of the local routes.
pub(super) fn fill(
    lab: &mut Lab<'_>,
    subnet: Index<Subnet>,
    namespace: &str,
    [local, other]: [Table; 2],
) -> Result<Vec<Prefix>> {
    let snapshot = lab.snapshot;
    let table = table_of(snapshot, subnet)?;
    let implied = implied(snapshot, subnet, table);
    let hop = super::subnet::local(lab, subnet);
    let mut lines: Vec<Line> = implied
        .iter()
        .map(|&block| Line {
            block,
            hop: hop.clone(),
            metric: STATIC,
            is_learnt: false,
        })
        .collect();
    for route in &table.routes {
        lines.extend(expand(lab, subnet, route)?);
    }
    let namespace = lab.plan.namespace(namespace);
    for line in &lines {
        namespace.route(line.block, &line.hop, other, line.metric);
        if !line.is_learnt {
            namespace.route(line.block, &line.hop, local, line.metric);
        }
    }
    let written = table
        .routes
        .iter()
        .filter(|route| route.target == RouteTarget::Local);
    let written = written.filter_map(|route| match &route.destination {
        RouteDestination::Prefix(block) => Some(*block),
        RouteDestination::PrefixList(_) => None,
    });
    Ok(implied.into_iter().chain(written).collect())
}

/// The blocks of the VPC that the table does not name.
fn implied(snapshot: &Snapshot, subnet: Index<Subnet>, table: &RouteTable) -> Vec<Prefix> {
    let vpc = snapshot.subnets().get(subnet).vpc.target();
    let blocks = vpc.map(|vpc| snapshot.vpcs().get(vpc).cidrs.clone());
    let is_named = |block: &Prefix| {
        let mut routes = table.routes.iter();
        routes.any(|route| route.destination == RouteDestination::Prefix(*block))
    };
    let blocks = blocks.unwrap_or_default().into_iter();
    blocks.filter(|block| !is_named(block)).collect()
}

const STATIC: u32 = 10;
const LISTED: u32 = 20;
const LEARNT: u32 = 30;

fn expand(lab: &mut Lab<'_>, subnet: Index<Subnet>, route: &Route) -> Result<Vec<Line>> {
    let is_learnt = matches!(
        route.kind,
        RouteOrigin::Propagated | RouteOrigin::Advertised
    );
    let (blocks, metric) = match &route.destination {
        RouteDestination::Prefix(block) if is_learnt => (vec![*block], LEARNT),
        RouteDestination::Prefix(block) => (vec![*block], STATIC),
        RouteDestination::PrefixList(list) => (entries(lab.snapshot, list)?, LISTED),
    };
    let mut line = |block: Prefix| {
        let hop = match route.state {
            RouteState::Active => lab.target(subnet, &route.target, block.family())?,
            RouteState::Blackhole => Hop::Unreachable,
        };
        Ok(Line {
            block,
            hop,
            metric,
            is_learnt,
        })
    };
    blocks.into_iter().map(&mut line).collect()
}

/// The blocks of a prefix list, which must be known.
pub(super) fn entries(snapshot: &Snapshot, list: &Link<PrefixList>) -> Result<Vec<Prefix>> {
    let known = list
        .target()
        .and_then(|index| snapshot.prefix_lists().get(index).entries.clone());
    known.ok_or_else(|| format!("the entries of list `{}` are not known", list.id()))
}
