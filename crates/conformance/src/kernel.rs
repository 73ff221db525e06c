//! Topologies built in a real Linux kernel, and real packets sent through them, against what `trace` says.
//!
//! # Tour
//!
//! - [`Lab`]: from a snapshot to a plan of network namespaces. Each file below it lays one mechanism: a subnet is a
//!   bridge and a router with the ACL as stateless rules, a host wears its groups as stateful ones, each gateway is a
//!   namespace of its own.
//! - [`probes`]: what is sent through it, with the answer of `trace`.
//! - [`inside`]: run as root of fresh namespaces, lays the plan, starts one agent in each place, sends the probes.
//! - [`agent`]: listens in one place, and sends from there.
//! - [`outside`]: whether namespaces can be made; starts the inside and compares.
//!
//! The lab reads the model and uses nothing of `trace` or `engine`: the kernel decides where packets go. Ways
//! that AWS chooses arbitrarily are laid by their first choice, which is sound since `trace` answers for all of them.
//! What has no counterpart here is an error, never an approximation.

pub mod agent;
mod appliance;
mod compare;
mod filter;
mod host;
pub mod inside;
mod internet;
mod lab;
mod nat;
mod office;
pub mod outside;
mod peering;
mod plan;
pub mod probes;
mod route;
mod subnet;
mod transit;

pub use compare::{Tally, compare};
pub use lab::{Appliances, Lab};
pub use plan::{Namespace, Plan};
pub use probes::{Case, Outcome, Probe};

/// Result of what can fail with a sentence for people.
pub(crate) type Result<T = ()> = std::result::Result<T, String>;
