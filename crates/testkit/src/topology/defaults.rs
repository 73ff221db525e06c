//! What AWS makes by itself.

use model::{
    AclEntry, Direction, InterfaceKind, InterfaceStatus, Kind, Link, NatMode, NetworkAcl,
    NetworkInterface, Parts, PrivateAddress, RouteTable, Verdict, Vpc,
};
use packet::{Prefix, Service};

/// Adds default ACLs, main tables and the interfaces of NAT gateways where the text names none.
pub(super) fn add(parts: &mut Parts, missing: &[Kind]) {
    if !missing.contains(&Kind::NetworkAcls) {
        let has_default = |vpc: &&Vpc| {
            !parts
                .acls
                .iter()
                .any(|acl| acl.is_default && acl.vpc.id() == &vpc.id)
        };
        let new: Vec<NetworkAcl> = parts
            .vpcs
            .iter()
            .filter(has_default)
            .map(open_acl)
            .collect();
        parts.acls.extend(new);
    }
    if !missing.contains(&Kind::RouteTables) {
        let has_main = |vpc: &&Vpc| {
            let mut tables = parts.route_tables.iter();
            !tables.any(|table| table.is_main && table.vpc.id() == &vpc.id)
        };
        let new: Vec<RouteTable> = parts.vpcs.iter().filter(has_main).map(main_table).collect();
        parts.route_tables.extend(new);
    }
    add_nat_interfaces(parts);
}

/// The default ACL of a VPC as AWS makes it.
fn open_acl(vpc: &Vpc) -> NetworkAcl {
    let entry = |direction, (number, cidr)| AclEntry {
        number,
        direction,
        verdict: Verdict::Allow,
        cidr,
        service: Service::Any,
        origin: vpc.origin.clone(),
    };
    let both = [(100, Prefix::ALL_V4), (101, Prefix::ALL_V6)];
    let ingress = both.map(|what| entry(Direction::Ingress, what));
    let egress = both.map(|what| entry(Direction::Egress, what));
    NetworkAcl {
        id: format!("{}-default-acl", vpc.id).into(),
        name: None,
        owner: vpc.owner.clone(),
        region: vpc.region.clone(),
        vpc: Link::to(vpc.id.clone()),
        is_default: true,
        is_complete: true,
        subnets: Vec::new(),
        entries: ingress.into_iter().chain(egress).collect(),
        origin: vpc.origin.clone(),
    }
}

fn main_table(vpc: &Vpc) -> RouteTable {
    RouteTable {
        id: format!("{}-main-table", vpc.id).into(),
        name: None,
        owner: vpc.owner.clone(),
        region: vpc.region.clone(),
        vpc: Link::to(vpc.id.clone()),
        is_main: true,
        is_complete: true,
        associations: Vec::new(),
        routes: Vec::new(),
        origin: vpc.origin.clone(),
    }
}

/// Gives every zonal NAT gateway an interface for each address that names none.
fn add_nat_interfaces(parts: &mut Parts) {
    for gateway in &mut parts.nat_gateways {
        let NatMode::Zonal(subnet) = &gateway.mode else {
            continue;
        };
        let mut vpcs = parts.vpcs.iter();
        let vpc = vpcs.find(|vpc| &vpc.id == gateway.vpc.id());
        let alone = gateway
            .addresses
            .iter_mut()
            .filter(|nat| nat.interface.is_none());
        for (number, nat) in alone.enumerate() {
            let Some(address) = nat.private else { continue };
            let id = format!("{}-eni{number}", gateway.id);
            nat.interface = Some(Link::to(id.as_str()));
            let public = nat.public;
            parts.interfaces.push(NetworkInterface {
                id: id.into(),
                name: None,
                owner: vpc.and_then(|vpc| vpc.owner.clone()),
                region: gateway.region.clone(),
                vpc: gateway.vpc.clone(),
                subnet: subnet.clone(),
                addresses: vec![PrivateAddress { address, public }],
                prefixes: Vec::new(),
                groups: Vec::new(),
                source_dest_check: false,
                kind: InterfaceKind::NatGateway,
                description: "".into(),
                requester_managed: true,
                requester: None,
                instance: None,
                device_index: None,
                status: InterfaceStatus::Attached,
                refuses_internet: false,
                tags: Vec::new(),
                origin: gateway.origin.clone(),
            });
        }
    }
}
