//! How AWS forwards and filters, one mechanism a file.
//!
//! All of them implement `docs/semantics/forwarding.md`; its section numbers stand in the module docs.

mod acl;
mod balancer;
mod client_vpn;
mod cloud_wan;
mod cut;
mod firewall;
mod gateway;
mod group;
mod internet;
mod local;
mod middlebox;
mod nat;
mod office;
mod peering;
mod private_link;
mod public_access;
mod reply;
mod route;
mod service;
mod start;
mod subnet;
mod transit;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use model::Snapshot;
use packet::PacketSet;

use crate::address_line::AddressLine;
use crate::network::Network;
use crate::way::Outcome;

pub(crate) use start::Question;

/// The network with all that is needed to follow packets through it.
#[derive(Debug)]
pub(crate) struct Semantics<'a> {
    pub(crate) network: Arc<Network<'a>>,
    pub(crate) line: Arc<AddressLine>,
    /// The line as ways see it that do not look who holds an address.
    pub(crate) line_of_ways: Arc<AddressLine>,
    /// Whether the way that is followed has looked who holds its destination.
    has_looked: AtomicBool,
    groups: Mutex<group::Memo>,
    acls: Mutex<acl::Memo>,
    firewalls: Mutex<firewall::Memo>,
    /// First packets that need no answer.
    unanswered: PacketSet,
}

impl<'a> Semantics<'a> {
    pub(crate) fn new(snapshot: &'a Snapshot) -> Self {
        Self::over(
            Arc::new(Network::new(snapshot)),
            Arc::new(AddressLine::of(snapshot)),
            Arc::new(AddressLine::of_ways(snapshot)),
        )
    }

    /// The same, with nothing found out yet: for a thread of its own.
    pub(crate) fn afresh(&self) -> Self {
        Self::over(
            self.network.clone(),
            self.line.clone(),
            self.line_of_ways.clone(),
        )
    }

    fn over(
        network: Arc<Network<'a>>,
        line: Arc<AddressLine>,
        line_of_ways: Arc<AddressLine>,
    ) -> Self {
        Self {
            network,
            line,
            line_of_ways,
            has_looked: AtomicBool::new(false),
            groups: Mutex::default(),
            acls: Mutex::default(),
            firewalls: Mutex::default(),
            unanswered: PacketSet::without_answer(),
        }
    }

    /// Somebody asks who holds a destination, or comes to the VPC that it is in: from here on addresses of one block
    /// differ.
    fn look(&self) {
        self.has_looked.store(true, Ordering::Relaxed);
    }

    /// Follows a way, and tells whether it looked who holds its destination.
    pub(crate) fn follow_watched(&self, question: &Question) -> (Outcome, bool) {
        self.has_looked.store(false, Ordering::Relaxed);
        let outcome = self.follow_question(question);
        (outcome, self.has_looked.load(Ordering::Relaxed))
    }

    pub(crate) fn snapshot(&self) -> &'a Snapshot {
        self.network.snapshot
    }
}
