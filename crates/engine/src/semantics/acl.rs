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

pub(super) type Memo = FxHashMap<(Index<NetworkAcl>, Direction, Prefix), Passes>;

/// What the entries of one direction let pass of first packets, and of first packets by what happens to their replies.
#[derive(Debug)]
pub(super) struct Passes {
    first: Filter,
    replies: Filter,
}

impl Semantics<'_> {
    /// Packets enter a subnet.
    pub(super) fn enter_subnet(&self, way: &mut Way, subnet: Index<Subnet>) {
        self.pass_acl(way, subnet, Direction::Ingress, way.source);
    }

    /// Packets leave a subnet.
    pub(super) fn leave_subnet(&self, way: &mut Way, subnet: Index<Subnet>) {
        self.pass_acl(way, subnet, Direction::Egress, way.destination);
    }

    fn pass_acl(
        &self,
        way: &mut Way,
        subnet: Index<Subnet>,
        direction: Direction,
        address: IpAddr,
    ) {
        way.pass(&self.acl_filter(way, subnet, direction, address));
    }

    /// What the ACL of a subnet lets pass; for replies, of the first packets that they answer.
    pub(super) fn acl_filter(
        &self,
        way: &Way,
        subnet: Index<Subnet>,
        direction: Direction,
        address: IpAddr,
    ) -> Filter {
        let Some(acl) = self.acl_of(subnet) else {
            return Filter::unknown();
        };
        let block = self.lines.of_ways.block(address);
        let mut memo = self
            .memos
            .acls
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let passes = memo.entry((acl, direction, block)).or_insert_with(|| {
            let first = Filter::exactly(decide(self.snapshot().acls().get(acl), direction, block));
            Passes {
                replies: first.on_replies(),
                first,
            }
        });
        let filter = if way.is_reply() {
            &passes.replies
        } else {
            &passes.first
        };
        filter.clone()
    }

    /// The ACL of a subnet, or `None` if the input does not tell it whole.
    fn acl_of(&self, subnet: Index<Subnet>) -> Option<Index<NetworkAcl>> {
        let vpc = self.snapshot().subnets().get(subnet).vpc.target()?;
        self.ask_about(vpc);
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
}

/// What the entries of one direction allow with an address of this block at the other end.
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
