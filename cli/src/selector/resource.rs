//! The words of `type:`.

use analysis::Role;
use model::{InterfaceKind, NetworkInterface, OwnerKind};

/// Every word of `type:`.
pub(super) const TYPES: &[&str] = &[
    "instance",
    "rds",
    "elb",
    "alb",
    "nlb",
    "gwlb",
    "nat",
    "lambda",
    "endpoint",
    "container",
    "database",
    "redshift",
    "cache",
    "file-system",
    "directory",
    "data-service",
    "control-plane",
    "resolver",
    "transit-gateway",
    "managed",
    "interface",
];

/// The words for what an interface belongs to: one for its role, and others that say it more exactly.
pub(super) fn types(role: Role, interface: &NetworkInterface) -> Vec<&'static str> {
    let owner = interface.owner();
    let told = |start: &str| owner.told.starts_with(start);
    let mut words = vec![word(role)];
    match role {
        Role::LoadBalancer
            if interface.kind == InterfaceKind::NetworkLoadBalancer || told("net/") =>
        {
            words.push("nlb");
        }
        Role::LoadBalancer
            if interface.kind == InterfaceKind::GatewayLoadBalancer || told("gwy/") =>
        {
            words.push("gwlb");
        }
        Role::LoadBalancer if told("app/") => words.push("alb"),
        Role::Database if owner.kind == OwnerKind::Redshift => words.push("redshift"),
        Role::Database => words.push("rds"),
        _ => {}
    }
    words
}

const fn word(role: Role) -> &'static str {
    match role {
        Role::Instance => "instance",
        Role::Container => "container",
        Role::Interface => "interface",
        Role::Function => "lambda",
        Role::LoadBalancer => "elb",
        Role::Database => "database",
        Role::Cache => "cache",
        Role::FileSystem => "file-system",
        Role::Directory => "directory",
        Role::DataService => "data-service",
        Role::ControlPlane => "control-plane",
        Role::Endpoint => "endpoint",
        Role::Resolver => "resolver",
        Role::NatGateway => "nat",
        Role::TransitGateway => "transit-gateway",
        Role::Managed => "managed",
    }
}
