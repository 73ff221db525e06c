//! Offices, and the VPN gateways towards them.

use model::{Endpoint, Index, Link, OfficeNetwork, Subnet, Uplink, VpnGateway};

use super::lab::{ENTRY, Lab};
use super::plan::{Hop, Table};
use super::probes::Probe;
use super::{Result, internet, subnet};

/// The namespace of an office.
pub(super) fn name(office: &OfficeNetwork) -> String {
    office.id.as_str().replace([':', ' ', '/'], "-")
}

fn gateway_name(gateway: &VpnGateway) -> String {
    format!("vgw-{}", gateway.id)
}

/// Lays every office and every VPN gateway.
pub(super) fn lay_all(lab: &mut Lab<'_>, probes: &[Probe]) -> Result {
    for endpoint in probes.iter().flat_map(Probe::ends) {
        if let Endpoint::Office { office, address } = endpoint {
            let here = name(lab.snapshot.offices().get(office));
            lab.plan.namespace(&here).own(address);
        }
    }
    for (index, gateway) in lab.snapshot.vpn_gateways().iter() {
        lay_gateway(lab, index, gateway)?;
    }
    Ok(())
}

/// The offices that have this as their only way to AWS.
///
/// # Errors
///
/// If one of them has another way too: which of the two it takes cannot be built.
pub(super) fn offices<'a>(lab: &Lab<'a>, uplink: Uplink) -> Result<Vec<&'a OfficeNetwork>> {
    let offices = lab.snapshot.offices().rows().iter();
    let offices: Vec<&OfficeNetwork> = offices
        .filter(|office| office.uplinks.contains(&uplink))
        .collect();
    match offices.iter().find(|office| office.uplinks.len() != 1) {
        None => Ok(offices),
        Some(office) => Err(format!("the ways of `{}` cannot be built", office.id)),
    }
}

fn lay_gateway(lab: &mut Lab<'_>, index: Index<VpnGateway>, gateway: &VpnGateway) -> Result {
    let here = gateway_name(gateway);
    lab.plan.namespace(&here).filter(
        "table inet vpn {\nchain pass {\ntype filter hook forward priority 0;\nmeta nfproto ipv6 drop\n}\n}",
    );
    let vpc = internet::attached(&gateway.attachments);
    for office in offices(lab, Uplink::VpnGateway(index))? {
        let there = name(office);
        let back = Hop::Along(lab.towards(&there, &here));
        lab.plan
            .namespace(&there)
            .default_routes(&back, Table::Main);
        let towards = Hop::Along(lab.towards(&here, &there));
        let namespace = lab.plan.namespace(&here);
        for block in &office.cidrs {
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
