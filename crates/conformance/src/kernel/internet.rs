//! The internet, and the gateways towards it.

use std::collections::BTreeMap;
use std::net::IpAddr;

use model::{
    Attachment, EgressOnlyInternetGateway, Endpoint, Index, InternetGateway, Link, ResourceState,
    RouteDestination, RouteState, RouteTableAssociation, RouteTarget, Snapshot, Subnet, Vpc,
};
use packet::{Family, Prefix};

use super::lab::{ENTRY, Lab};
use super::plan::{Hop, Table};
use super::probes::Probe;
use super::{Result, filter, nat, subnet};

/// The namespace of the internet.
pub(super) const INTERNET: &str = "internet";

/// Lays the internet and all gateways that lead to it.
pub(super) fn lay(lab: &mut Lab<'_>, probes: &[Probe]) -> Result {
    let internet = lab.plan.namespace(INTERNET);
    internet.forwards = true;
    for endpoint in probes.iter().flat_map(Probe::ends) {
        if let Endpoint::Internet { address } = endpoint {
            internet.own(address);
        }
    }
    for (_, gateway) in lab.snapshot.internet_gateways().iter() {
        lay_gateway(lab, gateway)?;
    }
    for (index, _) in lab.snapshot.vpcs().iter() {
        publish(lab, index);
    }
    let gateways = lab.snapshot.egress_only_gateways().rows().iter();
    for (number, gateway) in gateways.enumerate() {
        lay_egress_only(lab, gateway, number + 1);
    }
    Ok(())
}

/// The VPC that a gateway serves.
pub(super) fn attached(attachments: &[Attachment]) -> Option<Index<Vpc>> {
    let mut available = attachments
        .iter()
        .filter(|attachment| attachment.state == ResourceState::Available);
    available.find_map(|attachment| attachment.vpc.target())
}

/// Each private address of a VPC with the public one that stands for it.
fn translations(snapshot: &Snapshot, vpc: Index<Vpc>) -> BTreeMap<IpAddr, IpAddr> {
    let interfaces = snapshot.interfaces().rows().iter();
    let held = interfaces
        .filter(|interface| interface.vpc.is(vpc))
        .flat_map(|interface| &interface.addresses);
    let held = held.filter_map(|held| Some((held.address, held.public?)));
    let gateways = snapshot.nat_gateways().rows().iter();
    let gateways: Vec<_> = gateways.filter(|gateway| gateway.vpc.is(vpc)).collect();
    held.chain(nat::public_addresses(&gateways)).collect()
}

/// Tells the internet where the public addresses of a VPC are.
fn publish(lab: &mut Lab<'_>, vpc: Index<Vpc>) {
    let serves = |attachments: &[Attachment]| attached(attachments) == Some(vpc);
    let mut gateways = lab.snapshot.internet_gateways().rows().iter();
    let open = gateways
        .find(|gateway| serves(&gateway.attachments))
        .map(name);
    // An egress-only gateway drops what did not begin inside: to lead there is to lead nowhere, but for answers.
    let mut gateways = lab.snapshot.egress_only_gateways().rows().iter();
    let egress_only = gateways.find(|gateway| serves(&gateway.attachments));
    let gateway = open.or_else(|| egress_only.map(egress_name));
    let hop = match gateway {
        Some(gateway) => Hop::Along(lab.towards(INTERNET, &gateway)),
        None => Hop::Unreachable,
    };
    let public = translations(lab.snapshot, vpc).into_values();
    let blocks = lab.snapshot.vpcs().get(vpc).cidrs.iter().copied();
    let own = blocks.filter(|block| block.family() == Family::V6);
    let internet = lab.plan.namespace(INTERNET);
    for block in public.map(Prefix::host).chain(own) {
        internet.route(block, &hop, Table::Main, 1);
    }
}

fn name(gateway: &InternetGateway) -> String {
    format!("igw-{}", gateway.id)
}

/// An internet gateway: translates each address to one other, and remembers nothing.
fn lay_gateway(lab: &mut Lab<'_>, gateway: &InternetGateway) -> Result {
    let here = name(gateway);
    let out = lab.towards(&here, INTERNET).device;
    let Some(vpc) = attached(&gateway.attachments) else {
        shut(lab, &here);
        return Ok(());
    };
    let core = lab.core(vpc);
    let inside = lab.towards(&here, &core);
    let blocks = lab.snapshot.vpcs().get(vpc).cidrs.clone();
    for block in &blocks {
        let hop = Hop::Along(inside.clone());
        lab.plan
            .namespace(&here)
            .route(*block, &hop, Table::Main, 10);
    }
    edge_table(lab, &gateway.id, &here)?;
    let pairs = translations(lab.snapshot, vpc);
    let lines = translate(&pairs, &blocks, &out);
    let namespace = lab.plan.namespace(&here);
    namespace.filters.extend(lines);
    Ok(())
}

fn translate(pairs: &BTreeMap<IpAddr, IpAddr>, blocks: &[Prefix], out: &str) -> Vec<String> {
    let list = |items: Vec<String>| format!("{{ {} }}", items.join(", "));
    let inward = pairs
        .iter()
        .map(|(own, public)| format!("{public} : {own}"));
    let outward = pairs
        .iter()
        .map(|(own, public)| format!("{own} : {public}"));
    let (inward, outward) = (list(inward.collect()), list(outward.collect()));
    let own = list(pairs.keys().map(ToString::to_string).collect());
    let mut lines = vec!["table inet translate {".to_owned()];
    lines.push("chain pass {\ntype filter hook forward priority 0;".to_owned());
    if pairs.is_empty() {
        lines.push("meta nfproto ipv4 drop\n}".to_owned());
    } else {
        lines.push(format!("iifname {out} ip daddr != {own} drop"));
        lines.push(format!("oifname {out} ip saddr != {own} drop\n}}"));
        lines.push(format!("chain arrive {{\ntype filter hook prerouting priority -300;\niifname {out} ip daddr set ip daddr map {inward}\n}}"));
        lines.push(format!("chain leave {{\ntype filter hook postrouting priority 300;\noifname {out} ip saddr set ip saddr map {outward}\n}}"));
    }
    let foreign = match filter::blocks_of(blocks, Family::V6) {
        Some(blocks) => format!("oifname {out} ip6 saddr != {blocks} drop"),
        None => "meta nfproto ipv6 drop".to_owned(),
    };
    lines.push(format!(
        "chain pass6 {{\ntype filter hook forward priority 1;\n{foreign}\n}}"
    ));
    lines.push("}".to_owned());
    lines
}

/// The edge table of a gateway: what is not local there is dropped, and nothing else can be built.
pub(super) fn edge_table(lab: &mut Lab<'_>, gateway: &model::ResourceId, here: &str) -> Result {
    let is_named = |association: &RouteTableAssociation| matches!(association, RouteTableAssociation::Gateway(id) if id == gateway);
    let tables = lab.snapshot.route_tables().rows().iter();
    let named = tables.filter(|table| table.associations.iter().any(is_named));
    for route in named.flat_map(|table| &table.routes) {
        let RouteDestination::Prefix(block) = route.destination else {
            return Err(format!(
                "a list in the edge table of `{gateway}` cannot be built"
            ));
        };
        let is_blackhole = route.state == RouteState::Blackhole;
        if is_blackhole {
            let namespace = lab.plan.namespace(here);
            namespace.route(block, &Hop::Unreachable, Table::Main, 1);
        } else if route.target != RouteTarget::Local {
            return Err(format!("the edge table of `{gateway}` cannot be built"));
        }
    }
    Ok(())
}

/// Lets nothing through a namespace.
pub(super) fn shut(lab: &mut Lab<'_>, name: &str) {
    lab.plan.namespace(name).filter(
        "table inet shut {\nchain pass {\ntype filter hook forward priority -10;\ndrop\n}\n}",
    );
}

/// Where a route to an internet gateway leads.
pub(super) fn gateway(lab: &mut Lab<'_>, from: Index<Subnet>, link: &Link<InternetGateway>) -> Hop {
    let Some(index) = link.target() else {
        return Hop::Unreachable;
    };
    let gateway = lab.snapshot.internet_gateways().get(index);
    let vpc = lab.snapshot.subnets().get(from).vpc.target();
    if vpc.is_none() || attached(&gateway.attachments) != vpc {
        return Hop::Unreachable;
    }
    out(lab, from, &name(gateway))
}

/// From a subnet through a gateway onto the internet.
fn out(lab: &mut Lab<'_>, from: Index<Subnet>, gateway: &str) -> Hop {
    let from = subnet::name(lab, from);
    let Some(towards) = lab.entry(&from, gateway, gateway) else {
        return Hop::Along(lab.towards(&from, gateway));
    };
    let (towards, table) = towards;
    let outside = Hop::Along(lab.towards(gateway, INTERNET));
    lab.plan.namespace(gateway).default_routes(&outside, table);
    Hop::Along(towards)
}

fn egress_name(gateway: &EgressOnlyInternetGateway) -> String {
    format!("eigw-{}", gateway.id)
}

/// An egress-only gateway: IPv6 sessions from inside only; the internet answers by the way by which it was asked.
fn lay_egress_only(lab: &mut Lab<'_>, gateway: &EgressOnlyInternetGateway, mark: usize) {
    let here = egress_name(gateway);
    let out = lab.towards(&here, INTERNET).device;
    let Some(vpc) = attached(&gateway.attachments) else {
        shut(lab, &here);
        return;
    };
    let core = lab.core(vpc);
    let inside = Hop::Along(lab.towards(&here, &core));
    let blocks = &lab.snapshot.vpcs().get(vpc).cidrs;
    let own = filter::blocks_of(blocks, Family::V6);
    let leave = own.map_or_else(String::new, |own| {
        format!("oifname {out} ip6 saddr {own} ct state new,established accept\n")
    });
    let namespace = lab.plan.namespace(&here);
    for block in blocks {
        namespace.route(*block, &inside, Table::Main, 10);
    }
    namespace.filter(format!(
        "table inet egress {{\nchain pass {{\ntype filter hook forward priority 0;\n\
         meta nfproto ipv4 drop\niifname {out} ct state established,related accept\n{leave}drop\n}}\n}}"
    ));
    let back = lab.towards(INTERNET, &here);
    let internet = lab.plan.namespace(INTERNET);
    let table = Table::Number(internet.next_table());
    let device = &back.device;
    internet.filter(format!(
        "table ip6 answers{mark} {{\n\
         chain arrive {{\ntype filter hook prerouting priority -150;\n\
         iifname {device} ct direction original ct mark set {mark}\n\
         ct direction reply ct mark {mark} meta mark set {mark}\n}}\n\
         chain answer {{\ntype route hook output priority -150;\nct direction reply ct mark {mark} meta mark set {mark}\n}}\n}}"
    ));
    internet.rule(&format!("fwmark {mark}"), table, ENTRY);
    internet.route(Prefix::ALL_V6, &Hop::Along(back), table, 1);
}

/// Where a route to an egress-only gateway leads.
pub(super) fn egress_only(
    lab: &mut Lab<'_>,
    from: Index<Subnet>,
    link: &Link<EgressOnlyInternetGateway>,
) -> Hop {
    let Some(index) = link.target() else {
        return Hop::Unreachable;
    };
    let gateway = lab.snapshot.egress_only_gateways().get(index);
    let vpc = lab.snapshot.subnets().get(from).vpc.target();
    if vpc.is_none() || attached(&gateway.attachments) != vpc {
        return Hop::Unreachable;
    }
    out(lab, from, &egress_name(gateway))
}
