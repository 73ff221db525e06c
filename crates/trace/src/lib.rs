//! Walks one packet hop by hop and says why.
//!
//! # Tour
//!
//! A [`Tracer`] holds small indexes over a snapshot. [`Tracer::trace`] follows one packet and its answer,
//! [`Tracer::ask`] looks for a client port that makes a session possible. Both return a [`Trace`]: two [`Leg`]s of
//! [`Hop`]s, each with the [`Step`]s that were asked there. A step that lets the packet pass names its [`Ground`], one
//! that drops it a [`Reason`], and one that the input cannot answer a [`Doubt`].
//!
//! All of these are plain data with indexes into the snapshot; `describe` turns them into a line of text.
//!
//! # Guarantees
//!
//! The rules are those of `docs/semantics/forwarding.md`; each file here holds one mechanism of it, named after it. What the input
//! does not tell becomes a doubt and never an answer.
//!
//! # Limits
//!
//! One packet at a time: sets of packets are for the `engine`.

mod acl;
mod balancer;
mod client_vpn;
mod cloud_wan;
mod doubt;
mod firewall;
mod ground;
mod group;
mod inspection;
mod internet;
mod leave;
mod local;
mod machine;
mod middlebox;
mod names;
mod nat;
mod office;
mod passage;
mod peering;
mod private_link;
mod public_access;
mod question;
mod reason;
mod reply;
mod route;
mod service;
mod subnet;
mod targets;
mod tracer;
mod transit;
mod walk;
mod way;

pub use client_vpn::{ClientVpnDoubt, ClientVpnReason};
pub use cloud_wan::{CoreNetworkDoubt, CoreNetworkReason};
pub use doubt::Doubt;
pub use ground::Ground;
pub use inspection::{InspectionDoubt, InspectionReason};
pub use office::{OfficeDoubt, OfficeReason};
pub use question::{Message, Question};
pub use reason::Reason;
pub use service::{ServiceDoubt, ServiceReason};
pub use tracer::Tracer;
pub use transit::AttachmentSort;
pub use way::{Disposition, Hop, Leg, Place, Service, Step, Trace, Way};

/// Follows one packet. For several questions about one snapshot, make one [`Tracer`].
pub fn trace(snapshot: &model::Snapshot, from: model::Endpoint, packet: packet::Packet) -> Trace {
    Tracer::new(snapshot).trace(from, packet)
}
