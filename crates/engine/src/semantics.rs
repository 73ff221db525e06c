//! How AWS forwards and filters, one mechanism a file.
//!
//! All of them implement `docs/semantics/forwarding.md`; its section numbers stand in the module docs.

mod acl;
mod balancer;
mod client_vpn;
mod cloud_wan;
mod cut;
mod departure;
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

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use model::{Index, NetworkInterface, Snapshot, TransitGatewayAttachment, Vpc};
use packet::{PacketSet, Prefix};

use crate::address_line::AddressLines;
use crate::asks::Ends;
use crate::network::Network;
use crate::way::{Outcome, Way};

pub(crate) use departure::{Exit, Left, Lookup, Return, Seen};
pub(crate) use start::{Question, Span, may_be_afar};
pub(crate) use transit::{Choice, Next};

/// What was found out that no rule of a group has a part in.
#[derive(Debug, Default)]
pub(crate) struct Memos {
    acls: Mutex<acl::Memo>,
    firewalls: Mutex<firewall::Memo>,
    lookups: Mutex<transit::Memo>,
}

/// The network with all that is needed to follow packets through it.
#[derive(Debug)]
pub(crate) struct Semantics<'a> {
    pub(crate) network: Arc<Network<'a>>,
    pub(crate) lines: Arc<AddressLines>,
    /// What is seen of the way that is followed, if anybody wants to know.
    seen: Mutex<Option<Seen>>,
    groups: Mutex<group::Memo>,
    memos: Memos,
    /// First packets that need no answer.
    unanswered: PacketSet,
}

impl<'a> Semantics<'a> {
    pub(crate) fn new(snapshot: &'a Snapshot) -> Self {
        Self::over(
            Arc::new(Network::new(snapshot)),
            Arc::new(AddressLines::of(snapshot)),
        )
    }

    /// The same, on a line that is cut at the blocks of another snapshot too.
    pub(crate) fn alongside(snapshot: &'a Snapshot, other: &Snapshot) -> Self {
        Self::over(
            Arc::new(Network::new(snapshot)),
            Arc::new(AddressLines::alongside(snapshot, other)),
        )
    }

    /// The same for a snapshot that differs in rules of groups only, which name no block at which the lines are not cut.
    pub(crate) fn with_rules_of<'b>(&self, snapshot: &'b Snapshot) -> Semantics<'b> {
        let network = self.network.with_rules_of(snapshot);
        Semantics::over(Arc::new(network), self.lines.clone())
    }

    /// The same for a thread of its own, with this found out already.
    pub(crate) fn knowing(&self, memos: Memos) -> Self {
        Self {
            memos,
            ..Self::over(self.network.clone(), self.lines.clone())
        }
    }

    /// What was found out that no rule of a group has a part in.
    pub(crate) fn into_memos(self) -> Memos {
        self.memos
    }

    fn over(network: Arc<Network<'a>>, lines: Arc<AddressLines>) -> Self {
        Self {
            network,
            lines,
            seen: Mutex::default(),
            groups: Mutex::default(),
            memos: Memos::default(),
            unanswered: PacketSet::without_answer(),
        }
    }

    /// Somebody asks who holds the destination of first packets, or comes to the VPC that it is in: from here on
    /// addresses of one block differ.
    fn look(&self, way: &Way) {
        if let (false, Some(seen)) = (way.is_reply(), &mut *self.seen()) {
            seen.has_looked = true;
        }
    }

    /// Packets leave a subnet of a VPC.
    fn come_to(&self, way: &Way, vpc: Index<Vpc>) {
        if let Some(seen) = &mut *self.seen() {
            seen.vpcs.push(vpc);
            if !way.is_reply() {
                seen.left_by_first.push(vpc);
            }
        }
    }

    /// Packets come from outside into a VPC.
    fn return_by(&self, way: &Way, vpc: Index<Vpc>, by: Return) {
        if let (true, Some(seen)) = (way.is_reply(), &mut *self.seen()) {
            seen.returned.push((vpc, by, way.destination));
        }
    }

    /// What stands in a VPC is asked.
    fn ask_about(&self, vpc: Index<Vpc>) {
        if let Some(seen) = &mut *self.seen()
            && !seen.asked_about.contains(&vpc)
        {
            seen.asked_about.push(vpc);
        }
    }

    /// It matters whether packets come from the host of an interface.
    fn tell_apart(&self, host: Index<NetworkInterface>) {
        if let Some(seen) = &mut *self.seen() {
            for sibling in self.network.host_of(&host) {
                let interface = self.snapshot().interfaces().get(*sibling);
                let held = interface.addresses.iter();
                let held = held.map(|held| Prefix::host(held.address));
                seen.told_apart
                    .extend(held.chain(interface.prefixes.iter().copied()));
            }
        }
    }

    /// First packets come to a VPC that holds their destination.
    fn reach_vpc(&self, way: &Way, vpc: Index<Vpc>) {
        if let (false, Some(seen)) = (way.is_reply(), &mut *self.seen()) {
            seen.reached.push(vpc);
        }
    }

    /// Packets take another way than those inside VPCs, to the internet and through transit gateways.
    fn go_farther(&self) {
        if let Some(seen) = &mut *self.seen() {
            seen.is_farther = true;
        }
    }

    /// A table of a transit gateway says where packets go next.
    fn look_up(&self, way: &Way, from: Index<TransitGatewayAttachment>, next: &Arc<Next>) {
        if let Some(seen) = &mut *self.seen() {
            seen.lookups.push(Lookup {
                from,
                destination: way.destination,
                next: next.clone(),
            });
        }
    }

    /// The groups of an interface on the way are asked.
    fn meet(&self, index: Index<NetworkInterface>) {
        if let Some(seen) = &mut *self.seen() {
            seen.met.push(index);
        }
    }

    fn seen(&self) -> MutexGuard<'_, Option<Seen>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Follows a way, and tells what was seen of it. One thread at a time.
    pub(crate) fn follow_watched(&self, question: &Question) -> (Outcome, Seen) {
        *self.seen() = Some(Seen {
            ends: Ends::of(&question.from, &question.to),
            ..Seen::default()
        });
        let outcome = self.follow_question(question);
        (outcome, self.seen().take().unwrap_or_default())
    }

    pub(crate) fn snapshot(&self) -> &'a Snapshot {
        self.network.snapshot
    }
}
