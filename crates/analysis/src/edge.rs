//! What passes between two subjects.

use packet::PacketSet;

use crate::subject::Subject;
use crate::witness::Witness;

/// One subject reaches another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge {
    /// Who starts.
    pub from: Subject,
    /// Who is reached.
    pub to: Subject,
    /// By which packets.
    pub services: PacketSet,
    /// One packet that proves it.
    pub witness: Option<Witness>,
}

/// A way out of the network: what hosts reach on the internet or in an office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WayOut {
    /// From whom to where, for certain.
    pub edge: Edge,
    /// Packets of which it is not known.
    pub undetermined: PacketSet,
}
