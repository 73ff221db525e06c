//! Transit gateways.

use super::{Sketch, VpcSketch};

pub(super) fn add(sketch: &mut Sketch) {
    if !sketch.random.chance(50) {
        return;
    }
    let n_gateways = if sketch.random.chance(30) { 2 } else { 1 };
    let mut attachments: Vec<Vec<String>> = vec![Vec::new(); n_gateways];
    sketch.line("account 111111111111");
    sketch.line("region us-east-1");
    for gateway in 0..n_gateways {
        let references = if sketch.random.chance(60) {
            " references"
        } else {
            ""
        };
        let state = if sketch.random.chance(3) {
            " unavailable"
        } else {
            ""
        };
        sketch.line(format!("tgw t{gateway}{references}{state}"));
    }
    for number in 0..sketch.vpcs.len() {
        let gateway = sketch.random.below(n_gateways);
        if sketch.random.chance(85) {
            attach(sketch, number, gateway, &mut attachments);
        }
        if n_gateways > 1 && sketch.random.chance(20) {
            attach(sketch, number, 1 - gateway, &mut attachments);
        }
    }
    peer(sketch, &mut attachments);
    uplinks(sketch, &mut attachments);
    tables(sketch, &attachments);
    neighbours(sketch);
}

fn add_to(attachments: &mut [Vec<String>], gateway: usize, name: &str) {
    if let Some(list) = attachments.get_mut(gateway) {
        list.push(name.to_owned());
    }
}

/// The table of a new attachment.
fn association(sketch: &mut Sketch, gateway: usize) -> String {
    match sketch.random.below(20) {
        0 => String::new(),
        1 => " table unknown".into(),
        2 => " table gone".into(),
        _ => format!(" table t{gateway}r{}", sketch.random.below(2)),
    }
}

fn attach(sketch: &mut Sketch, vpc: usize, gateway: usize, attachments: &mut [Vec<String>]) {
    let Some(place) = sketch.vpcs.get(vpc).cloned() else {
        return;
    };
    let subnets = attachment_subnets(sketch, &place);
    let name = format!("t{gateway}a{vpc}");
    let table = association(sketch, gateway);
    let random = &mut sketch.random;
    let mut options = String::new();
    if random.chance(12) {
        options += " appliance";
    }
    if random.chance(12) {
        options += " noreferences";
    }
    if random.chance(80) {
        options += " ipv6";
    }
    if random.chance(4) {
        options += " nat";
    }
    if random.chance(4) {
        options += " unavailable";
    }
    sketch.line(format!(
        "attachment {name} t{gateway} vpc {} {subnets}{table}{options}",
        place.name
    ));
    add_to(attachments, gateway, &name);
    if let Some(vpc) = sketch.vpcs.get_mut(vpc) {
        vpc.uplinks.push(format!("tgw t{gateway}"));
        if sketch.random.chance(30) {
            vpc.exits.push(format!("tgw t{gateway}"));
        }
    }
}

/// Usually one subnet a zone.
pub(super) fn attachment_subnets(sketch: &mut Sketch, vpc: &VpcSketch) -> String {
    if sketch.random.chance(5) {
        return "?".into();
    }
    let mut chosen: Vec<(&str, &str)> = Vec::new();
    for subnet in &vpc.subnets {
        let is_new = chosen.iter().all(|(_, zone)| *zone != subnet.zone);
        if is_new && sketch.random.chance(88) {
            chosen.push((&subnet.name, subnet.zone));
        }
    }
    let mut names: Vec<&str> = chosen.into_iter().map(|(name, _)| name).collect();
    if sketch.random.chance(3) {
        names.push("gone");
    }
    if names.is_empty() {
        "-".into()
    } else {
        names.join(",")
    }
}

/// A peering between the gateways: two attachments of one id.
fn peer(sketch: &mut Sketch, attachments: &mut [Vec<String>]) {
    if attachments.len() == 2 && sketch.random.chance(85) {
        for gateway in 0..2 {
            if sketch.random.chance(95) {
                let table = association(sketch, gateway);
                sketch.line(format!(
                    "attachment x t{gateway} peering t{}{table}",
                    1 - gateway
                ));
            }
            add_to(attachments, gateway, "x");
        }
    }
}

fn uplinks(sketch: &mut Sketch, attachments: &mut [Vec<String>]) {
    if sketch.random.chance(40) {
        let bgp = sketch.random.word(&["", " bgp"]);
        let routes = sketch
            .random
            .word(&["", " static 192.168.0.0/16", " static 192.168.8.0/24"]);
        let table = association(sketch, 0);
        let options = super::hybrid::vpn_options(sketch);
        let over = if sketch.random.chance(15) {
            " over-dx"
        } else {
            ""
        };
        sketch.line(format!("vpn tvpn tgw t0{bgp}{options}{over}{routes}"));
        sketch.line(format!("attachment y t0 vpn tvpn{table}"));
        add_to(attachments, 0, "y");
    }
    if sketch.random.chance(25) {
        let kind = sketch.random.word(&[
            "dx dxgw",
            "dx dxgw2",
            "other connect c1",
            "other vpn-concentrator v1",
            "other network-function f1",
        ]);
        let table = association(sketch, 0);
        sketch.line(format!("attachment z t0 {kind}{table}"));
        add_to(attachments, 0, "z");
        if sketch.random.chance(80) {
            super::hybrid::associate(sketch, "tgw", "t0");
        }
    }
}

fn tables(sketch: &mut Sketch, attachments: &[Vec<String>]) {
    for (gateway, names) in attachments.iter().enumerate() {
        for number in 0..2 {
            let mut options = String::new();
            for (word, percent) in [
                ("static-unknown", 3),
                ("propagated-listed", 15),
                ("propagations-unknown", 3),
            ] {
                if sketch.random.chance(percent) {
                    options = format!("{options} {word}");
                }
            }
            let is_unknown = options.contains("propagations-unknown");
            sketch.line(format!("tgw-table t{gateway}r{number} t{gateway}{options}"));
            for name in names {
                if !is_unknown && sketch.random.chance(70) {
                    sketch.line(format!("  propagate {name}"));
                }
            }
            for _ in 0..sketch.random.below(5) {
                let line = route(sketch, names);
                sketch.line(line);
            }
        }
    }
}

fn route(sketch: &mut Sketch, names: &[String]) -> String {
    let list = sketch.random.pick(&sketch.lists.clone()).cloned();
    let destination = match (list, sketch.random.below(8)) {
        (Some(list), 0) => format!("list {list}"),
        (_, 1 | 2) => sketch.random.word(&["0.0.0.0/0", "::/0"]).into(),
        (_, 3) => sketch
            .random
            .word(&["10.0.0.0/8", "10.1.0.0/17", "10.1.1.0/24", "192.168.0.0/16"])
            .into(),
        _ => sketch.block(),
    };
    let random = &mut sketch.random;
    let target = match (random.pick(names), random.below(12)) {
        (None, _) | (_, 0) => "blackhole".into(),
        (Some(name), 1) => format!("{name},{}", random.pick(names).unwrap_or(name)),
        (_, 2) if random.chance(20) => "gone".to_owned(),
        (Some(name), _) => name.clone(),
    };
    let propagated = if random.chance(20) { " propagated" } else { "" };
    format!("  route {destination} {target}{propagated}")
}

/// Every VPC on a gateway leads to all others, as far as routes of VPCs know.
fn neighbours(sketch: &mut Sketch) {
    let n_vpcs = sketch.vpcs.len();
    for (number, vpc) in sketch.vpcs.iter_mut().enumerate() {
        let gateways: Vec<String> = vpc
            .uplinks
            .iter()
            .filter(|to| to.starts_with("tgw"))
            .cloned()
            .collect();
        for gateway in gateways {
            let others = (0..n_vpcs).filter(|&other| other != number);
            vpc.neighbours
                .extend(others.map(|other| (other, gateway.clone())));
        }
    }
}
