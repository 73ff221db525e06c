//! Which ACL and which route table go with which subnet.

use std::collections::BTreeSet;

use model::{Index, NetworkAcl, RouteTable, RouteTableAssociation, Snapshot, Subnet, Vpc};
use rustc_hash::FxHashMap;

/// The resource that a subnet names, or else the default one of its VPC.
#[derive(Debug)]
pub(crate) struct Placement<T> {
    named: FxHashMap<Index<Subnet>, Index<T>>,
    defaults: FxHashMap<Index<Vpc>, Index<T>>,
}

/// How a subnet came to its resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Placed<T> {
    /// The resource names the subnet.
    Named(Index<T>),
    /// Nothing that the input shows names the subnet.
    Default(Index<T>),
}

impl<T> Placement<T> {
    fn new() -> Self {
        Self {
            named: FxHashMap::default(),
            defaults: FxHashMap::default(),
        }
    }

    pub(crate) fn of(&self, subnet: Index<Subnet>, vpc: Index<Vpc>) -> Option<Placed<T>> {
        let named = self.named.get(&subnet).map(|index| Placed::Named(*index));
        named.or_else(|| self.defaults.get(&vpc).map(|index| Placed::Default(*index)))
    }
}

/// The network ACLs of all subnets.
pub(crate) fn of_acls(snapshot: &Snapshot) -> Placement<NetworkAcl> {
    let mut placement = Placement::new();
    for (index, acl) in snapshot.acls().iter() {
        for subnet in acl.subnets.iter().filter_map(model::Link::target) {
            placement.named.entry(subnet).or_insert(index);
        }
        if let (true, Some(vpc)) = (acl.is_default, acl.vpc.target()) {
            placement.defaults.entry(vpc).or_insert(index);
        }
    }
    placement
}

/// The route tables of all subnets.
pub(crate) fn of_route_tables(snapshot: &Snapshot) -> Placement<RouteTable> {
    let mut placement = Placement::new();
    for (index, table) in snapshot.route_tables().iter() {
        for association in &table.associations {
            if let RouteTableAssociation::Subnet(link) = association
                && let Some(subnet) = link.target()
            {
                placement.named.entry(subnet).or_insert(index);
            }
        }
        if let (true, Some(vpc)) = (table.is_main, table.vpc.target()) {
            placement.defaults.entry(vpc).or_insert(index);
        }
    }
    placement
}

/// A subnet in each zone, by its name or id, and its owner.
pub(crate) fn zones(snapshot: &Snapshot) -> Vec<Index<Subnet>> {
    let mut known = BTreeSet::new();
    let told = snapshot.subnets().iter();
    let told = told.filter(|(_, subnet)| subnet.zone.is_some());
    let first = told.filter(|(_, subnet)| known.insert((&subnet.zone, &subnet.owner)));
    first.map(|(index, _)| index).collect()
}
