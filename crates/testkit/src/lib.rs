//! Topologies as text and generated networks, for tests.
//!
//! # Tour
//!
//! - [`Topology`]: a network and what is expected of it, in a line language ([`topology`] tells its words); and back,
//!   with [`print()`].
//! - [`random_network`]: a small hostile network from a seed, with every mechanism that the specification knows.
//! - [`plain_network`]: the like without gateways, for what knows nothing of them.
//! - [`shrink()`]: the smallest network that still fails, to print.
//! - [`Change`]: other ids, other addresses, halves of rules, one rule more: what must not change an answer, or only
//!   one way.
//! - [`random_change`]: an edit of a network that somebody might propose.
//!
//! ```
//! use testkit::Topology;
//!
//! let topology = Topology::parse("
//!     vpc main 10.0.0.0/16
//!     subnet web main 10.0.1.0/24
//!     group app
//!       in tcp/443 from group app
//!       out any to any
//!     host a in web 10.0.1.10 groups app
//!     host b in web 10.0.1.11 groups app
//!     expect a -> b tcp/443 reachable
//!     expect a -> b tcp/22 blocked
//! ").unwrap();
//! let snapshot = topology.snapshot();
//! assert_eq!(snapshot.interfaces().len(), 2);
//! ```
//!
//! # Limits
//!
//! Tests only: no product crate uses this one.
#![expect(
    clippy::format_push_string,
    reason = "texts of tests: clarity is worth an allocation"
)]

mod network;
mod proposal;
mod random;
mod shrink;
pub mod topology;
mod transform;

pub use network::{plain_network, random_network, random_text};
pub use proposal::random_change;
pub use random::Random;
pub use shrink::shrink;
pub use topology::{Error, Expectation, Topology, endpoint_at, print};
pub use transform::{Change, Effect};
