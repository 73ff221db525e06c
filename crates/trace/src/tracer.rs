//! Indexes over a snapshot, and the questions that they answer.

use model::{Endpoint, Snapshot};
use packet::Packet;

use crate::{Question, Trace};

/// Follows packets through one snapshot.
#[derive(Debug)]
pub struct Tracer<'a> {
    pub(crate) snapshot: &'a Snapshot,
}

impl<'a> Tracer<'a> {
    /// Indexes the snapshot.
    pub fn new(snapshot: &'a Snapshot) -> Self {
        Self { snapshot }
    }

    /// Follows one packet and its answer.
    pub fn trace(&self, _from: Endpoint, _packet: Packet) -> Trace {
        unimplemented!()
    }

    /// Looks for a client port in 1024-65535 from which the first packet and its answer arrive.
    ///
    /// `None` if no such packet exists: the endpoint's address is of the other family, or the message does not fit the
    /// protocol.
    pub fn ask(&self, from: Endpoint, question: Question) -> Option<Trace> {
        question
            .packet(from.address(), 49152)
            .map(|packet| self.trace(from, packet))
    }
}
