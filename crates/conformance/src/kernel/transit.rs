//! A transit gateway: one router with a table for each of its route tables and each zone that packets come from.

use std::collections::BTreeMap;

use model::{
    AttachmentResource, Index, Link, ResourceState, RouteDestination, RouteState, Subnet,
    TransitGateway, TransitGatewayAttachment, TransitGatewayRouteKind, TransitGatewayRouteTable,
    Uplink, Zone,
};
use packet::Prefix;

use super::lab::{ENTRY, Lab};
use super::plan::{Hop, Table};
use super::{Result, internet, office, route, subnet};

type Attachment = Index<TransitGatewayAttachment>;
type RouteTable = Index<TransitGatewayRouteTable>;

/// Which table answers for packets from a zone.
type Tables = BTreeMap<(RouteTable, Option<Zone>), Table>;

fn name(lab: &Lab<'_>, gateway: Index<TransitGateway>) -> String {
    format!("tgw-{}", lab.snapshot.transit_gateways().get(gateway).id)
}

/// Lays every transit gateway.
pub(super) fn lay_all(lab: &mut Lab<'_>) -> Result {
    for (index, gateway) in lab.snapshot.transit_gateways().iter() {
        let here = name(lab, index);
        let namespace = lab.plan.namespace(&here);
        namespace.forwards = true;
        namespace.filter(
            "table inet transit {\nchain pass {\ntype filter hook forward priority 0;\n}\n}",
        );
        if gateway.state != ResourceState::Available {
            internet::shut(lab, &here);
        }
        let mut tables = Tables::new();
        for (attachment, _) in attachments(lab, index) {
            lay_attachment(lab, &here, attachment, &mut tables)?;
        }
        for ((route_table, zone), table) in &tables {
            fill(lab, &here, *route_table, zone.as_ref(), *table)?;
        }
    }
    Ok(())
}

fn attachments<'a>(
    lab: &Lab<'a>,
    gateway: Index<TransitGateway>,
) -> Vec<(Attachment, &'a TransitGatewayAttachment)> {
    let all = lab.snapshot.transit_attachments().iter();
    all.filter(|(_, row)| row.gateway.is(gateway)).collect()
}

/// The wires of an attachment, each with the table for what comes by it.
fn lay_attachment(lab: &mut Lab<'_>, here: &str, index: Attachment, tables: &mut Tables) -> Result {
    let row = lab.snapshot.transit_attachments().get(index);
    let mut ways: Vec<(String, Option<Zone>)> = Vec::new();
    match &row.resource {
        AttachmentResource::Vpc { .. } => {
            for subnet in subnets(row)? {
                let there = subnet::name(lab, subnet);
                let (back, device) = wire(lab, here, &there);
                lab.attachments.insert((subnet, index), back);
                lab.exits.insert((index, Some(subnet)), device.clone());
                let zone = lab.snapshot.subnets().get(subnet).zone.clone();
                ways.push((device.device, zone));
            }
        }
        AttachmentResource::Vpn(_) | AttachmentResource::DirectConnect(_) => {
            if let Some((there, _)) = office::behind(lab, Uplink::TransitGateway(index))? {
                let (back, device) = wire(lab, here, &there);
                let namespace = lab.plan.namespace(&there);
                namespace.default_routes(&Hop::Along(back), Table::Main);
                lab.exits.insert((index, None), device.clone());
                ways.push((device.device, None));
            }
        }
        AttachmentResource::Peering(_) => {
            let device = meet(lab, here, index);
            ways.extend(device.map(|device| (device, None)));
        }
        AttachmentResource::Other { .. } => {
            return Err(format!("attachment `{}` cannot be built", row.id));
        }
    }
    if row.translates {
        return Err(format!(
            "translation at attachment `{}` cannot be built",
            row.id
        ));
    }
    for (device, zone) in ways {
        admit(lab, here, row, &device, zone, tables)?;
    }
    Ok(())
}

/// A wire from the gateway: the end at the other side, and the gateway's own.
fn wire(
    lab: &mut Lab<'_>,
    here: &str,
    there: &str,
) -> (super::plan::Towards, super::plan::Towards) {
    let (out, back) = lab.plan.wire(here, there);
    (back, out)
}

/// The wire of a peering between two gateways, which share the attachment's id; returns this gateway's device.
fn meet(lab: &mut Lab<'_>, here: &str, index: Attachment) -> Option<String> {
    if let Some(known) = lab.exits.get(&(index, None)) {
        return Some(known.device.clone());
    }
    let row = lab.snapshot.transit_attachments().get(index);
    let mut others = lab.snapshot.transit_attachments().iter();
    let (other, far) = others.find(|(other, far)| *other != index && far.id == row.id)?;
    let there = name(lab, far.gateway.target()?);
    let (back, out) = wire(lab, here, &there);
    lab.exits.insert((other, None), back);
    let device = out.device.clone();
    lab.exits.insert((index, None), out);
    Some(device)
}

/// What comes by a device is asked in the table of its attachment.
fn admit(
    lab: &mut Lab<'_>,
    here: &str,
    row: &TransitGatewayAttachment,
    device: &str,
    zone: Option<Zone>,
    tables: &mut Tables,
) -> Result {
    let namespace = lab.plan.namespace(here);
    let is_vpc = matches!(row.resource, AttachmentResource::Vpc { .. });
    let mut drop = Vec::new();
    if row.state != ResourceState::Available {
        drop.push("drop");
    }
    if is_vpc && !row.ipv6 {
        drop.push("meta nfproto ipv6 drop");
    }
    for what in drop {
        for side in ["iifname", "oifname"] {
            namespace.filter(format!("add rule inet transit pass {side} {device} {what}"));
        }
    }
    if !row.association_known {
        return Err(format!("the table of attachment `{}` is not known", row.id));
    }
    if let Some(route_table) = row.association.as_ref().and_then(Link::target) {
        let key = (route_table, zone);
        let table = match tables.get(&key) {
            Some(table) => *table,
            None => Table::Number(namespace.next_table()),
        };
        tables.insert(key, table);
        namespace.rule(&format!("iif {device}"), table, ENTRY);
    }
    Ok(())
}

fn subnets(row: &TransitGatewayAttachment) -> Result<Vec<Index<Subnet>>> {
    let links = match &row.resource {
        AttachmentResource::Vpc { subnets, .. } => subnets.as_ref(),
        _ => None,
    };
    let links = links.ok_or_else(|| format!("the subnets of `{}` are not known", row.id))?;
    Ok(links.iter().filter_map(Link::target).collect())
}

const STATIC: u32 = 10;
const LISTED: u32 = 20;
const PROPAGATED: u32 = 30;

/// How attachments rank from which one destination propagates.
const fn rank(resource: &AttachmentResource) -> u32 {
    match resource {
        AttachmentResource::Vpc { .. } => 0,
        AttachmentResource::DirectConnect(_) => 1,
        AttachmentResource::Other { .. } => 2,
        AttachmentResource::Vpn(_) => 3,
        AttachmentResource::Peering(_) => 4,
    }
}

/// Fills the kernel's table for one route table and the packets of one zone.
fn fill(
    lab: &mut Lab<'_>,
    here: &str,
    index: RouteTable,
    zone: Option<&Zone>,
    table: Table,
) -> Result {
    let row = lab.snapshot.transit_route_tables().get(index);
    for line in &row.routes {
        let (blocks, metric) = match &line.destination {
            RouteDestination::Prefix(block) => (vec![*block], STATIC),
            RouteDestination::PrefixList(list) => (route::entries(lab.snapshot, list)?, LISTED),
        };
        let first = line.attachments.iter().find_map(Link::target);
        let (hop, metric) = match (line.state, line.kind, first) {
            (RouteState::Active, TransitGatewayRouteKind::Static, Some(to)) => {
                (exit(lab, to, zone), metric)
            }
            (RouteState::Active, TransitGatewayRouteKind::Propagated, Some(to)) => {
                (exit(lab, to, zone), propagated(lab, to))
            }
            (RouteState::Blackhole, ..) | (RouteState::Active, _, None) => {
                (Hop::Unreachable, metric)
            }
        };
        for block in blocks {
            lab.plan.namespace(here).route(block, &hop, table, metric);
        }
    }
    if row.propagated_known {
        return Ok(());
    }
    let is_listed = |block: &Prefix| {
        let mut lines = row.routes.iter();
        lines.any(|line| line.destination == RouteDestination::Prefix(*block))
    };
    let propagations = row.propagations.iter().flatten();
    for to in propagations.filter_map(Link::target) {
        let (hop, metric) = (exit(lab, to, zone), propagated(lab, to));
        for block in announced(lab, to)?
            .into_iter()
            .filter(|block| !is_listed(block))
        {
            lab.plan.namespace(here).route(block, &hop, table, metric);
        }
    }
    Ok(())
}

fn propagated(lab: &Lab<'_>, to: Attachment) -> u32 {
    PROPAGATED + rank(&lab.snapshot.transit_attachments().get(to).resource)
}

/// The blocks that an attachment propagates.
fn announced(lab: &Lab<'_>, from: Attachment) -> Result<Vec<Prefix>> {
    let row = lab.snapshot.transit_attachments().get(from);
    let known = match &row.resource {
        AttachmentResource::Vpc { vpc, .. } => vpc
            .target()
            .map(|vpc| lab.snapshot.vpcs().get(vpc).cidrs.clone()),
        AttachmentResource::Vpn(link) => link.target().and_then(|vpn| {
            let vpn = lab.snapshot.vpn_connections().get(vpn);
            vpn.static_only.then(|| vpn.static_routes.clone())
        }),
        _ => None,
    };
    known.ok_or_else(|| format!("what `{}` propagates is not known", row.id))
}

/// Where the gateway hands over what goes to an attachment: in the zone that it came from, else anywhere.
fn exit(lab: &Lab<'_>, to: Attachment, zone: Option<&Zone>) -> Hop {
    let row = lab.snapshot.transit_attachments().get(to);
    let exits: Vec<_> = lab.exits.iter().filter(|((of, _), _)| *of == to).collect();
    let is_near = |subnet: &Option<Index<Subnet>>| {
        let there = subnet.and_then(|subnet| lab.snapshot.subnets().get(subnet).zone.as_ref());
        zone.is_some() && there == zone && !row.appliance_mode
    };
    let near = exits.iter().find(|((_, subnet), _)| is_near(subnet));
    match near.or(exits.first()) {
        Some((_, towards)) => Hop::Along((*towards).clone()),
        None => Hop::Unreachable,
    }
}

/// Where a route to a transit gateway leads: to the attachment's subnet in the zone of the sender.
pub(super) fn gateway(
    lab: &mut Lab<'_>,
    from: Index<Subnet>,
    link: &Link<TransitGateway>,
) -> Result<Hop> {
    let Some(index) = link.target() else {
        return Ok(Hop::Unreachable);
    };
    let row = lab.snapshot.subnets().get(from);
    let is_own = |attachment: &TransitGatewayAttachment| matches!(&attachment.resource, AttachmentResource::Vpc { vpc, .. } if *vpc == row.vpc);
    for (attachment, what) in attachments(lab, index) {
        if !is_own(what) {
            continue;
        }
        for subnet in subnets(what)? {
            let zone = &lab.snapshot.subnets().get(subnet).zone;
            if row.zone.is_none() || zone.is_none() {
                return Err(format!("the zone of `{}` is not known", row.id));
            }
            if *zone == row.zone {
                return Ok(through(lab, from, subnet, attachment));
            }
        }
    }
    Ok(Hop::Unreachable)
}

fn through(lab: &mut Lab<'_>, from: Index<Subnet>, at: Index<Subnet>, by: Attachment) -> Hop {
    let Some(on) = lab.attachments.get(&(at, by)).cloned() else {
        return Hop::Unreachable;
    };
    if from == at {
        return Hop::Along(on);
    }
    let (from, at) = (subnet::name(lab, from), subnet::name(lab, at));
    let purpose = format!("{at} transit {}", by.number());
    let Some((towards, table)) = lab.entry(&from, &at, &purpose) else {
        return Hop::Along(lab.towards(&from, &purpose));
    };
    lab.plan
        .namespace(&at)
        .default_routes(&Hop::Along(on), table);
    Hop::Along(towards)
}
