//! A peering connection: carries what goes from one of its VPCs to the other, and nothing in transit.

use model::{Index, Link, PeeringStatus, Subnet, VpcPeeringConnection};
use packet::Family;

use super::lab::Lab;
use super::plan::Hop;
use super::{filter, internet, subnet};

fn name(peering: &VpcPeeringConnection) -> String {
    format!("peering-{}", peering.id)
}

/// Lays every peering.
pub(super) fn lay_all(lab: &mut Lab<'_>) {
    for (_, peering) in lab.snapshot.peerings().iter() {
        let here = name(peering);
        let namespace = lab.plan.namespace(&here);
        namespace.forwards = true;
        namespace.filter(
            "table inet peering {\nchain pass {\ntype filter hook forward priority 0;\n}\n}",
        );
        if peering.status != PeeringStatus::Active {
            internet::shut(lab, &here);
        }
    }
}

/// Where a route to a peering leads.
pub(super) fn connection(
    lab: &mut Lab<'_>,
    from: Index<Subnet>,
    link: &Link<VpcPeeringConnection>,
) -> Hop {
    let Some(index) = link.target() else {
        return Hop::Unreachable;
    };
    let peering = lab.snapshot.peerings().get(index);
    let vpc = lab.snapshot.subnets().get(from).vpc.target();
    let peer = vpc.and_then(|vpc| Some((vpc, peering.peer_of(vpc)?.vpc.target()?)));
    let Some((vpc, peer)) = peer else {
        return Hop::Unreachable;
    };
    let (here, from) = (name(peering), subnet::name(lab, from));
    let Some((towards, table)) = lab.entry(&from, &here, &here) else {
        return Hop::Along(lab.towards(&from, &here));
    };
    let core = lab.core(peer);
    let on = Hop::Along(lab.towards(&here, &core));
    let (own, other) = (
        &lab.snapshot.vpcs().get(vpc).cidrs,
        &lab.snapshot.vpcs().get(peer).cidrs,
    );
    let device = lab.towards(&here, &from).device;
    let namespace = lab.plan.namespace(&here);
    namespace.default_routes(&on, table);
    for family in Family::ALL {
        let word = filter::word(family);
        let sets = filter::blocks_of(own, family).zip(filter::blocks_of(other, family));
        if let Some((own, other)) = sets {
            namespace.filter(format!("add rule inet peering pass iifname {device} {word} saddr {own} {word} daddr {other} accept"));
        }
    }
    namespace.filter(format!("add rule inet peering pass iifname {device} drop"));
    Hop::Along(towards)
}
