//! The shapes of saved answers, one file for each family of resources.
//!
//! A wire struct holds the fields that the model needs, each of which may be absent or `null`, and knows how to become
//! a resource of the model. It borrows from the text of the file.
#![expect(
    clippy::struct_field_names,
    reason = "fields are named as EC2 names them"
)]

pub(crate) mod address;
pub(crate) mod client_vpn;
pub(crate) mod cloud_wan;
pub(crate) mod direct_connect;
pub(crate) mod firewall;
pub(crate) mod group;
pub(crate) mod group_association;
pub(crate) mod iam;
pub(crate) mod instance;
pub(crate) mod interface;
pub(crate) mod internet;
pub(crate) mod load_balancer;
pub(crate) mod managed_instance;
pub(crate) mod nat;
pub(crate) mod network_acl;
pub(crate) mod peering;
pub(crate) mod prefix_list;
pub(crate) mod public_access;
pub(crate) mod route_table;
pub(crate) mod stale_group;
pub(crate) mod target_group;
pub(crate) mod transit;
pub(crate) mod vpc;
pub(crate) mod vpc_endpoint;
pub(crate) mod vpn;

pub(crate) mod fields;
mod list;
mod service;
pub(crate) mod service_entry;
mod tags;

pub(crate) use fields::{Flag, Number, Object, Text};
pub(crate) use list::{List, Objects};
