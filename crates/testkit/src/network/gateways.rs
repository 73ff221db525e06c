//! Gateways, peerings, VPNs, offices and prefix lists.

use super::{Sketch, VpcSketch};

pub(super) fn add(sketch: &mut Sketch) {
    super::hybrid::customers(sketch);
    for number in 0..sketch.vpcs.len() {
        let Some(mut vpc) = sketch.vpcs.get(number).cloned() else {
            continue;
        };
        sketch.within(&vpc);
        internet(sketch, &mut vpc);
        nats(sketch, &mut vpc);
        vpn(sketch, &mut vpc);
        if let Some(slot) = sketch.vpcs.get_mut(number) {
            *slot = vpc;
        }
    }
    peerings(sketch);
    outside(sketch);
}

fn unavailable(sketch: &mut Sketch, percent: usize) -> &'static str {
    if sketch.random.chance(percent) {
        " unavailable"
    } else {
        ""
    }
}

fn internet(sketch: &mut Sketch, vpc: &mut VpcSketch) {
    if sketch.random.chance(80) {
        let name = format!("{}igw", vpc.name);
        let to = if sketch.random.chance(93) {
            format!(" {}", vpc.name)
        } else {
            String::new()
        };
        let state = if to.is_empty() {
            ""
        } else {
            unavailable(sketch, 4)
        };
        sketch.line(format!("igw {name}{to}{state}"));
        vpc.exits.push(format!("igw {name}"));
        vpc.v6_exits.push(format!("igw {name}"));
        vpc.edges.push(name);
    }
    if sketch.random.chance(40) {
        let state = unavailable(sketch, 5);
        sketch.line(format!("eigw {0}eigw {0}{state}", vpc.name));
        vpc.v6_exits.push(format!("eigw {}eigw", vpc.name));
        if sketch.random.chance(10) {
            vpc.exits.push(format!("eigw {}eigw", vpc.name));
        }
    }
    if sketch.random.chance(4) {
        vpc.exits.push("igw gone".into());
    }
}

fn nats(sketch: &mut Sketch, vpc: &mut VpcSketch) {
    for number in 0..sketch.random.below(3) {
        let Some(subnet) = sketch.random.pick(&vpc.subnets).cloned() else {
            return;
        };
        let name = format!("{}nat{number}", vpc.name);
        if sketch.random.chance(15) {
            regional(sketch, vpc, &name);
            continue;
        }
        let address = format!("{}.{}", subnet.v4, 5 + number);
        let address = if sketch.random.chance(96) {
            address.as_str()
        } else {
            ""
        };
        let public = match sketch.random.below(5) {
            0 => " private".to_owned(),
            _ if address.is_empty() => String::new(),
            _ => format!(" public 203.0.113.{}", sketch.random.between(1, 250)),
        };
        let state = match sketch.random.below(30) {
            0 => " appliance",
            1 => " unavailable",
            _ => "",
        };
        sketch.line(format!(
            "nat {name} in {} {address}{public}{state}",
            subnet.name
        ));
        vpc.exits.push(format!("nat {name}"));
        if sketch.random.chance(10) {
            vpc.v6_exits.push(format!("nat {name}"));
        }
        vpc.nats.push(format!("nat {name}"));
    }
}

/// A NAT gateway without a subnet, with its table.
fn regional(sketch: &mut Sketch, vpc: &mut VpcSketch, name: &str) {
    let table = sketch
        .random
        .word(&[" table", " table", " table", " table gone", ""]);
    let table = if table == " table" {
        format!(" table {name}rt")
    } else {
        table.to_owned()
    };
    let mut addresses = String::new();
    for _ in 0..sketch.random.below(3) {
        let random = &mut sketch.random;
        let zone = random.word(&["", " zone use1-az1", " zone us-east-1a"]);
        addresses += &format!(" ? public 203.0.113.{}{zone}", random.between(1, 250));
    }
    let state = unavailable(sketch, 5);
    sketch.line(format!(
        "nat {name} regional {}{table}{addresses}{state}",
        vpc.name
    ));
    if table == format!(" table {name}rt") {
        sketch.line(format!("table {name}rt {}", vpc.name));
        let exit = match sketch.random.below(8) {
            0 => "tgw t0".to_owned(),
            1 => "igw gone".to_owned(),
            _ => format!("igw {}igw", vpc.name),
        };
        if sketch.random.chance(92) {
            sketch.line(format!("  route 0.0.0.0/0 {exit}"));
        }
    }
    vpc.exits.push(format!("nat {name}"));
}

fn vpn(sketch: &mut Sketch, vpc: &mut VpcSketch) {
    if !sketch.random.chance(35) {
        return;
    }
    let name = format!("{}vgw", vpc.name);
    let state = unavailable(sketch, 5);
    sketch.line(format!("vgw {name} {}{state}", vpc.name));
    vpc.uplinks.push(format!("vgw {name}"));
    vpc.edges.push(name.clone());
    if sketch.random.chance(80) {
        let bgp = if sketch.random.chance(40) { " bgp" } else { "" };
        let routes = sketch
            .random
            .word(&["192.168.0.0/16", "192.168.4.0/24", "172.16.0.0/12", ""]);
        let routes = if routes.is_empty() {
            String::new()
        } else {
            format!(" static {routes}")
        };
        let options = super::hybrid::vpn_options(sketch);
        sketch.line(format!("vpn {name}vpn vgw {name}{bgp}{options}{routes}"));
    }
    super::hybrid::lines_of_gateway(sketch, &name);
}

pub(super) fn peerings(sketch: &mut Sketch) {
    let n_vpcs = sketch.vpcs.len();
    for a in 0..n_vpcs {
        for b in a + 1..=n_vpcs {
            // One past the last stands for a VPC that is not in the snapshot.
            let likely = if b == n_vpcs { 8 } else { 50 };
            if sketch.random.chance(likely) {
                peering(sketch, a, b);
            }
        }
    }
}

fn peering(sketch: &mut Sketch, a: usize, b: usize) {
    let name = format!("p{a}{b}");
    let inactive = if sketch.random.chance(8) {
        " inactive"
    } else {
        ""
    };
    let Some(from) = sketch.vpcs.get(a).map(|vpc| vpc.name.clone()) else {
        return;
    };
    let to = sketch
        .vpcs
        .get(b)
        .map_or_else(|| "gone".to_owned(), |vpc| vpc.name.clone());
    sketch.line(format!("peering {name} {from} {to}{inactive}"));
    if to == "gone" && sketch.random.chance(60) {
        sketch.line("  side gone account 333333333333 region us-east-1 10.9.0.0/16");
    } else if sketch.random.chance(10) {
        sketch.line(format!("  side {to}"));
    }
    let target = format!("peering {name}");
    if let Some(vpc) = sketch.vpcs.get_mut(a) {
        vpc.neighbours.push((b, target.clone()));
    }
    if let Some(vpc) = sketch.vpcs.get_mut(b) {
        vpc.neighbours.push((a, target));
    }
}

fn outside(sketch: &mut Sketch) {
    for (name, cidrs) in [
        ("Sydney", "192.168.0.0/16"),
        ("Perth", "172.16.0.0/16 2407:1::/32"),
    ] {
        if sketch.random.chance(35) {
            sketch.line(format!("office {name} {cidrs}"));
            sketch
                .offices
                .push(cidrs.split(' ').next().unwrap_or_default());
        }
    }
    for number in 0..sketch.random.below(3) {
        let name = format!("pl{number}");
        let aws = if sketch.random.chance(30) { " aws" } else { "" };
        let entries = match sketch.random.below(4) {
            0 => "unknown".to_owned(),
            1 => format!("{} {}", sketch.block(), sketch.block()),
            _ => sketch.block(),
        };
        let family = sketch.random.word(&["", "", " ipv4", " ipv6"]);
        let family = if entries == "unknown" { family } else { "" };
        sketch.line(format!("list {name}{aws}{family} {entries}"));
        sketch.lists.push(name);
    }
}
