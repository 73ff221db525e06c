//! Route tables of VPCs.

use super::{Sketch, SubnetSketch, VpcSketch};

pub(super) fn tables(sketch: &mut Sketch) {
    for vpc in sketch.vpcs.clone() {
        sketch.within(&vpc);
        if sketch.random.chance(70) {
            sketch.line(format!("table {0}main {0} main", vpc.name));
            routes(sketch, &vpc);
        }
        for subnet in &vpc.subnets {
            if sketch.random.chance(60) {
                let incomplete = if sketch.random.chance(2) {
                    " incomplete"
                } else {
                    ""
                };
                sketch.line(format!("table {}rt {}{incomplete}", subnet.name, vpc.name));
                sketch.line(format!("  subnets {}", subnet.name));
                routes(sketch, &vpc);
            }
        }
        let percent = if vpc.inspectors.is_empty() { 12 } else { 60 };
        if let Some(gateway) = sketch.random.pick(&vpc.edges).cloned()
            && sketch.random.chance(percent)
        {
            edge(sketch, &vpc, &gateway);
        }
    }
}

/// A table for what comes in through a gateway.
fn edge(sketch: &mut Sketch, vpc: &VpcSketch, gateway: &str) {
    sketch.line(format!("table {0}edge {0}", vpc.name));
    sketch.line(format!("  gateways {gateway}"));
    if let Some(subnet) = sketch.random.pick(&vpc.subnets).cloned()
        && sketch.random.chance(60)
    {
        let target = match sketch.random.pick(&subnet.hosts) {
            Some(host) => format!("host {host}"),
            None => "endpoint vpce-1".into(),
        };
        let inspector = sketch.random.pick(&vpc.inspectors).cloned();
        let target = match inspector {
            Some(inspector) if sketch.random.chance(70) => inspector,
            Some(_) | None if sketch.random.chance(30) => "local".into(),
            Some(_) | None if sketch.random.chance(20) => format!("next-hop {}.10", subnet.v4),
            Some(_) | None => target,
        };
        sketch.line(format!("  route {}.0/24 {target}", subnet.v4));
    }
}

fn routes(sketch: &mut Sketch, vpc: &VpcSketch) {
    for (families, exits) in [("0.0.0.0/0", &vpc.exits), ("::/0", &vpc.v6_exits)] {
        if let Some(exit) = sketch.random.pick(exits).cloned()
            && sketch.random.chance(75)
        {
            let line = format!("  route {families} {exit}");
            push(sketch, line);
        }
    }
    inspected(sketch, vpc);
    if let Some(nat) = sketch.random.pick(&vpc.nats).cloned()
        && vpc.v6.is_some()
        && sketch.random.chance(40)
    {
        push(sketch, format!("  route 64:ff9b::/96 {nat}"));
    }
    for (other, target) in &vpc.neighbours {
        if sketch.random.chance(70) {
            toward(sketch, *other, target);
        }
    }
    for uplink in &vpc.uplinks {
        if sketch.random.chance(60) {
            let block = sketch.random.word(&[
                "192.168.0.0/16",
                "192.168.4.0/24",
                "172.16.0.0/12",
                "192.168.0.0/18",
            ]);
            let how = sketch.random.word(&["", " propagated"]);
            let line = format!("  route {block} {uplink}{how}");
            push(sketch, line);
        }
    }
    let list = sketch.random.pick(&sketch.lists.clone()).cloned();
    if let Some(list) = list.filter(|_| sketch.has_gateway_endpoint) {
        push(sketch, format!("  route list {list} endpoint gwe"));
    }
    if sketch.random.chance(30) {
        oddity(sketch, vpc);
    }
}

/// Routes through firewalls and appliances, to the internet and to other subnets.
fn inspected(sketch: &mut Sketch, vpc: &VpcSketch) {
    let Some(inspector) = sketch.random.pick(&vpc.inspectors).cloned() else {
        return;
    };
    if sketch.random.chance(45) {
        let block = sketch
            .random
            .word(&["0.0.0.0/1", "128.0.0.0/1", "198.0.0.0/8", "2000::/4"]);
        push(sketch, format!("  route {block} {inspector}"));
    }
    let subnet = sketch.random.pick(&vpc.subnets).cloned();
    if let Some(subnet) = subnet
        && sketch.random.chance(50)
    {
        push(sketch, format!("  route {}.0/24 {inspector}", subnet.v4));
    }
}

/// Adds a route, a few of them as a blackhole.
fn push(sketch: &mut Sketch, line: String) {
    let blackhole = if sketch.random.chance(4) {
        " blackhole"
    } else {
        ""
    };
    sketch.line(line + blackhole);
}

/// Routes to the blocks of another VPC, whole or in part.
fn toward(sketch: &mut Sketch, other: usize, target: &str) {
    let Some(vpc) = sketch.vpcs.get(other).cloned() else {
        push(sketch, format!("  route 10.9.0.0/16 {target}"));
        return;
    };
    let subnet = sketch
        .random
        .pick(&vpc.subnets)
        .cloned()
        .unwrap_or_default();
    let part = sketch.random.chance(20);
    for cidr in &vpc.cidrs {
        let v4 = if part {
            format!("{}.0/24", subnet.v4)
        } else {
            cidr.clone()
        };
        push(sketch, format!("  route {v4} {target}"));
    }
    if let Some(v6) = &vpc.v6 {
        push(sketch, format!("  route {v6}00::/56 {target}"));
    }
}

/// Something that a careful person would not write.
fn oddity(sketch: &mut Sketch, vpc: &VpcSketch) {
    let subnet = sketch
        .random
        .pick(&vpc.subnets)
        .cloned()
        .unwrap_or_default();
    let target = any_target(sketch, vpc, &subnet);
    let list = sketch.random.pick(&sketch.lists.clone()).cloned();
    let destination = match (sketch.random.below(6), list) {
        (0, Some(list)) => format!("list {list}"),
        (1, _) => format!("{}.0/24", subnet.v4),
        (2, _) => format!("{}.0/25", subnet.v4),
        (3, _) => "198.51.100.0/24".into(),
        (4, _) => vpc.cidrs.first().cloned().unwrap_or_default(),
        _ => sketch.block(),
    };
    let how = sketch
        .random
        .word(&["", "", " propagated", " propagated", " advertised"]);
    push(sketch, format!("  route {destination} {target}{how}"));
}

fn any_target(sketch: &mut Sketch, vpc: &VpcSketch, subnet: &SubnetSketch) -> String {
    let random = &mut sketch.random;
    let exits: Vec<&String> = vpc
        .exits
        .iter()
        .chain(&vpc.v6_exits)
        .chain(&vpc.uplinks)
        .collect();
    match (
        random.below(8),
        random.pick(&exits),
        random.pick(&subnet.hosts),
    ) {
        (0, ..) => "endpoint vpce-1".into(),
        (1, ..) => "other cagw-1".into(),
        (2, ..) => "nat gone".into(),
        (3, ..) => "local".into(),
        (4, _, Some(host)) => format!("host {host}"),
        (5, _, Some(_)) => format!("next-hop {}.10", subnet.v4),
        (_, Some(exit), _) => (*exit).clone(),
        _ => "tgw gone".into(),
    }
}
