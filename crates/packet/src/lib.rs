//! Header fields, port and address sets, and exact packet sets.
//!
//! This crate knows IP headers and nothing of clouds. Every type holds IPv4 and IPv6 alike.
//!
//! # Tour
//!
//! - [`Prefix`]: a block of addresses, always with its host bits clear.
//! - [`Protocol`], [`Service`]: what a rule speaks about, such as `tcp/443` or `icmp/echo`.
//! - [`PortSet`], [`AddressSet`]: exact sets of one header field.
//! - [`Packet`]: one header. [`PacketSet`]: an exact set of headers with the whole set algebra.
//!
//! ```
//! use packet::{PacketSet, Service};
//!
//! let ssh = PacketSet::from(&"ssh".parse::<Service>().unwrap());
//! let low = PacketSet::from(&"tcp/0-1023".parse::<Service>().unwrap());
//! assert!(ssh.is_subset(&low));
//! assert_eq!(low.difference(&ssh).to_string(), "tcp/0-21, tcp/23-1023");
//! ```
//!
//! # Limits
//!
//! No fragments, no TCP flags, no payload: an L4 header is all there is.

mod diagram;
mod display;
mod family;
mod interval;
mod names;
mod packet;
mod packet_set;
mod prefix;
mod protocol;
mod service;
mod translate;

pub use family::{Family, is_public};
pub use interval::{AddressSet, Field, IntervalSet, PortSet};
pub use names::{NamedService, SERVICE_NAMES, service_name};
pub use packet::{Packet, Transport};
pub use packet_set::PacketSet;
pub use prefix::{HostBits, Prefix, PrefixError};
pub use protocol::Protocol;
pub use service::{PortRange, Service, ServiceError};
