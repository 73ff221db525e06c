//! Offices, and the VPN gateways towards them.

use std::collections::BTreeSet;

use model::{Endpoint, Index, Link, OfficeNetwork, Snapshot, Subnet, Uplink, VpnGateway};
use packet::Prefix;

use super::lab::{ENTRY, Lab};
use super::plan::{Hop, Table};
use super::probes::Probe;
use super::{Result, internet, subnet};

/// The namespace of an office. Offices behind one uplink are one place: the uplink does not tell them apart.
pub(super) fn name(snapshot: &Snapshot, office: &OfficeNetwork) -> String {
    let shares = |other: &&OfficeNetwork| {
        let mut uplinks = other.uplinks.iter();
        uplinks.any(|uplink| office.uplinks.contains(uplink))
    };
    let first = snapshot.offices().rows().iter().find(shares);
    let id = first.map_or(&office.id, |first| &first.id);
    id.as_str().replace([':', ' ', '/'], "-")
}

fn gateway_name(gateway: &VpnGateway) -> String {
    format!("vgw-{}", gateway.id)
}

/// Lays every office and every VPN gateway.
pub(super) fn lay_all(lab: &mut Lab<'_>, probes: &[Probe]) -> Result {
    for endpoint in probes.iter().flat_map(Probe::ends) {
        if let Endpoint::Office { office, address } = endpoint {
            let here = name(lab.snapshot, lab.snapshot.offices().get(office));
            lab.plan.namespace(&here).own(address);
        }
    }
    for (index, gateway) in lab.snapshot.vpn_gateways().iter() {
        lay_gateway(lab, index, gateway)?;
    }
    Ok(())
}

/// The place behind an uplink and its blocks; `None` if nothing is there.
///
/// # Errors
///
/// If it has another way too: which of the two it takes cannot be built.
pub(super) fn behind(lab: &Lab<'_>, uplink: Uplink) -> Result<Option<(String, BTreeSet<Prefix>)>> {
    let offices = lab.snapshot.offices().rows().iter();
    let offices: Vec<&OfficeNetwork> = offices
        .filter(|office| office.uplinks.contains(&uplink))
        .collect();
    if let Some(office) = offices.iter().find(|office| office.uplinks.len() != 1) {
        return Err(format!("the ways of `{}` cannot be built", office.id));
    }
    let Some(first) = offices.first() else {
        return Ok(None);
    };
    let blocks = offices
        .iter()
        .flat_map(|office| office.cidrs.iter().copied());
    Ok(Some((name(lab.snapshot, first), blocks.collect())))
}

fn lay_gateway(lab: &mut Lab<'_>, index: Index<VpnGateway>, gateway: &VpnGateway) -> Result {
    let here = gateway_name(gateway);
    lab.plan.namespace(&here).filter(
        "table inet vpn {\nchain pass {\ntype filter hook forward priority 0;\nmeta nfproto ipv6 drop\n}\n}",
    );
    let vpc = internet::attached(&gateway.attachments);
    if let Some((there, blocks)) = behind(lab, Uplink::VpnGateway(index))? {
        let back = Hop::Along(lab.towards(&there, &here));
        lab.plan
            .namespace(&there)
            .default_routes(&back, Table::Main);
        let towards = Hop::Along(lab.towards(&here, &there));
        let namespace = lab.plan.namespace(&here);
        for block in &blocks {
            namespace.route(*block, &towards, TO_OFFICES, 1);
        }
    }
    match vpc {
        None => internet::shut(lab, &here),
        Some(vpc) => {
            let core = lab.core(vpc);
            let inside = Hop::Along(lab.towards(&here, &core));
            for block in &lab.snapshot.vpcs().get(vpc).cidrs {
                lab.plan
                    .namespace(&here)
                    .route(*block, &inside, Table::Main, 10);
            }
            internet::edge_table(lab, &gateway.id, &here)?;
        }
    }
    Ok(())
}

/// The table of a VPN gateway for what comes from its VPC.
const TO_OFFICES: Table = Table::Number(10);

/// Where a route to a VPN gateway leads.
pub(super) fn vpn_gateway(lab: &mut Lab<'_>, from: Index<Subnet>, link: &Link<VpnGateway>) -> Hop {
    let Some(index) = link.target() else {
        return Hop::Unreachable;
    };
    let gateway = lab.snapshot.vpn_gateways().get(index);
    let vpc = lab.snapshot.subnets().get(from).vpc.target();
    if vpc.is_none() || internet::attached(&gateway.attachments) != vpc {
        return Hop::Unreachable;
    }
    let (here, from) = (gateway_name(gateway), subnet::name(lab, from));
    let towards = lab.towards(&from, &here);
    let device = lab.towards(&here, &from).device;
    let namespace = lab.plan.namespace(&here);
    namespace.rule(&format!("iif {device}"), TO_OFFICES, ENTRY);
    Hop::Along(towards)
}
