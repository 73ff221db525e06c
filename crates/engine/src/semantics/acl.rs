//! Network ACLs (§7).
//!
//! Ordered, stateless entries at the border of a subnet: the first that matches decides, and none means deny. Every
//! subnet has exactly one ACL: the one that names it, else the default one of its VPC.
//!
//! # Source
//!
//! VPC User Guide: Network ACLs.

use std::net::IpAddr;
use std::sync::PoisonError;

use model::{Direction, Index, Kind, NetworkAcl, Subnet, Verdict};
use packet::{PacketSet, Prefix};
use rustc_hash::FxHashMap;

use super::Semantics;
use crate::filter::Filter;
use crate::placement::Placed;
use crate::way::Way;

pub(super) type Memo = FxHashMap<(Index<NetworkAcl>, Direction, Prefix), PacketSet>;

impl Semantics<'_> {
    /// Packets enter a subnet.
    pub(super) fn enter_subnet(&self, way: &mut Way, subnet: Index<Subnet>) {
        way.pass(&self.acl_filter(subnet, Direction::Ingress, way.source));
    }

    /// Packets leave a subnet.
    pub(super) fn leave_subnet(&self, way: &mut Way, subnet: Index<Subnet>) {
        way.pass(&self.acl_filter(subnet, Direction::Egress, way.destination));
    }

    fn acl_filter(&self, subnet: Index<Subnet>, direction: Direction, address: IpAddr) -> Filter {
        let Some(acl) = self.acl_of(subnet) else {
            return Filter::unknown();
        };
        Filter::exactly(self.allowed(acl, direction, self.line.block(address)))
    }

    /// The ACL of a subnet, or `None` if the input does not tell it whole.
    fn acl_of(&self, subnet: Index<Subnet>) -> Option<Index<NetworkAcl>> {
        let vpc = self.snapshot().subnets().get(subnet).vpc.target()?;
        let index = match self.network.acls.of(subnet, vpc)? {
            Placed::Named(index) => index,
            Placed::Default(index) if self.network.lists_all(Kind::NetworkAcls, vpc) => index,
            Placed::Default(_) => return None,
        };
        self.snapshot()
            .acls()
            .get(index)
            .is_complete
            .then_some(index)
    }

    /// What the entries of one direction allow with an address of this block at the other end.
    fn allowed(&self, acl: Index<NetworkAcl>, direction: Direction, block: Prefix) -> PacketSet {
        let mut memo = self.acls.lock().unwrap_or_else(PoisonError::into_inner);
        let decide = || decide(self.snapshot().acls().get(acl), direction, block);
        memo.entry((acl, direction, block))
            .or_insert_with(decide)
            .clone()
    }
}

fn decide(acl: &NetworkAcl, direction: Direction, block: Prefix) -> PacketSet {
    let mut allowed = PacketSet::empty();
    let mut undecided = PacketSet::full();
    for entry in acl
        .entries(direction)
        .filter(|entry| entry.cidr.covers(&block))
    {
        let matched = undecided.intersection(&PacketSet::from(&entry.service));
        undecided = undecided.difference(&matched);
        match entry.verdict {
            Verdict::Allow => allowed = allowed.union(&matched),
            Verdict::Deny => {}
        }
    }
    allowed
}
