//! A NAT gateway: a host of its subnet that forwards what comes from inside under its own address.

use std::net::IpAddr;

use model::{Connectivity, Index, Link, NatGateway, NatMode, ResourceState, Subnet};
use packet::Prefix;

use super::lab::Lab;
use super::plan::{Hop, Table};
use super::{Result, host, subnet};

/// The namespace of a NAT gateway.
fn name(gateway: &NatGateway) -> String {
    format!("nat-{}", gateway.id)
}

/// The subnet and the private address of a gateway.
fn place(gateway: &NatGateway) -> Result<(Index<Subnet>, IpAddr)> {
    let subnet = match &gateway.mode {
        NatMode::Zonal(link) => link.target(),
        NatMode::Regional(_) => None,
    };
    let address = gateway.addresses.first().and_then(|held| held.private);
    subnet
        .zip(address)
        .ok_or_else(|| format!("NAT gateway `{}` cannot be built", gateway.id))
}

/// The public addresses of all gateways of a VPC, each with its private one.
pub(super) fn public_addresses(gateways: &[&NatGateway]) -> Vec<(IpAddr, IpAddr)> {
    let public = gateways
        .iter()
        .filter(|gateway| gateway.connectivity == Connectivity::Public);
    let held = public.flat_map(|gateway| &gateway.addresses);
    held.filter_map(|held| held.private.zip(held.public))
        .collect()
}

/// Lays every gateway.
pub(super) fn lay_all(lab: &mut Lab<'_>) -> Result {
    for (_, gateway) in lab.snapshot.nat_gateways().iter() {
        let here = name(gateway);
        let (index, address) = place(gateway)?;
        let row = lab.snapshot.subnets().get(index);
        let there = subnet::name(lab, index);
        let device = host::plug(&mut lab.plan, &here, &there);
        let block = host::block_of(row, address);
        let block = block.ok_or_else(|| format!("`{address}` is not in its subnet"))?;
        let namespace = lab.plan.namespace(&here);
        namespace.forwards = true;
        namespace.address(&device, address, block.length());
        if let Some(router) = subnet::router(row, block.family()) {
            let hop = Hop::Neighbour(device.clone(), router);
            namespace.route(Prefix::ALL_V4, &hop, Table::Main, 1);
        }
        let carries = match gateway.state {
            ResourceState::Available => "meta l4proto { tcp, udp, icmp } accept",
            ResourceState::Unavailable => "drop",
        };
        // Whatever belongs to no session that began inside is no session: an answer that strays here is lost.
        namespace.filter(format!(
            "table ip nat {{\n\
             chain pass {{\ntype filter hook forward priority 0;\nct state invalid drop\n{carries}\ndrop\n}}\n\
             chain own {{\ntype filter hook input priority 0;\ndrop\n}}\n\
             chain leave {{\ntype nat hook postrouting priority 100;\noifname {device} meta l4proto {{ tcp, udp }} snat to {address}:1024-65535\n\
             oifname {device} snat to {address}\n}}\n}}"
        ));
    }
    Ok(())
}

/// Where a route to a NAT gateway leads.
pub(super) fn gateway(
    lab: &mut Lab<'_>,
    from: Index<Subnet>,
    link: &Link<NatGateway>,
) -> Result<Hop> {
    let Some(index) = link.target() else {
        return Ok(Hop::Unreachable);
    };
    let (subnet, address) = place(lab.snapshot.nat_gateways().get(index))?;
    Ok(lab.neighbour(from, subnet, address))
}
