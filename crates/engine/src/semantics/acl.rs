//! Network ACLs (§7).
//!
//! Ordered, stateless entries at the border of a subnet: the first that matches decides, and none means deny. Every
//! subnet has exactly one ACL: the one that names it, else the default one of its VPC.
//!
//! # Source
//!
//! VPC User Guide: Network ACLs.

use std::net::IpAddr;
use std::sync::{Arc, PoisonError};

use model::{AclEntry, Direction, Index, Kind, NetworkAcl, Subnet, Verdict};
use packet::{PacketSet, Prefix};
use rustc_hash::FxHashMap;

use super::Semantics;
use crate::filter::Filter;
use crate::placement::Placed;
use crate::way::Way;

/// What was found to pass, by the block at the other end, and by the places of the entries that match it: many blocks
/// match the same ones.
#[derive(Debug, Default)]
pub(super) struct Memo {
    by_block: FxHashMap<(Index<NetworkAcl>, Direction, Prefix), Arc<Passes>>,
    by_entries: FxHashMap<(Index<NetworkAcl>, Direction, Vec<usize>), Arc<Passes>>,
}

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
        let memo = &mut *self
            .memos
            .acls
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let passes = memo
            .by_block
            .entry((acl, direction, block))
            .or_insert_with(|| {
                let matching = matching(self.snapshot().acls().get(acl), direction, block);
                let places = matching.iter().map(|(place, _)| *place).collect();
                let known = memo.by_entries.entry((acl, direction, places));
                let decide = || Arc::new(Passes::of(matching.iter().map(|(_, entry)| *entry)));
                known.or_insert_with(decide).clone()
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

/// The entries of one direction that match an address of this block at the other end, with their places.
fn matching(acl: &NetworkAcl, direction: Direction, block: Prefix) -> Vec<(usize, &AclEntry)> {
    let entries = acl.entries(direction).enumerate();
    entries
        .filter(|(_, entry)| entry.cidr.covers(&block))
        .collect()
}

impl Passes {
    /// What entries let pass that are asked in this order.
    fn of<'e>(entries: impl Iterator<Item = &'e AclEntry>) -> Self {
        let mut allowed = PacketSet::empty();
        let mut undecided = PacketSet::full();
        for entry in entries {
            let matched = undecided.intersection(&PacketSet::from(&entry.service));
            undecided = undecided.difference(&matched);
            match entry.verdict {
                Verdict::Allow => allowed = allowed.union(&matched),
                Verdict::Deny => {}
            }
        }
        let first = Filter::exactly(allowed);
        Self {
            replies: first.on_replies(),
            first,
        }
    }
}
