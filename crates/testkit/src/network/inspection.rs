//! What stands in the way: firewalls, appliances, and the switches of accounts and VPCs.

use super::{Sketch, VpcSketch};

/// Firewalls and appliances, before the routes that lead through them.
pub(super) fn add(sketch: &mut Sketch) {
    let mut n_endpoints = 0;
    for number in 0..sketch.vpcs.len() {
        let Some(mut vpc) = sketch.vpcs.get(number).cloned() else {
            continue;
        };
        sketch.within(&vpc);
        if sketch.random.chance(22) {
            firewall(sketch, &mut vpc, &mut n_endpoints);
        }
        if sketch.random.chance(8) {
            appliance(sketch, &mut vpc);
        }
        if let Some(slot) = sketch.vpcs.get_mut(number) {
            *slot = vpc;
        }
    }
    if n_endpoints > 0 {
        policy(sketch);
        stateless(sketch);
        for name in ["h0", "h1"] {
            stateful(sketch, name);
        }
    }
    if sketch.random.chance(20) {
        public_access(sketch);
    }
}

fn firewall(sketch: &mut Sketch, vpc: &mut VpcSketch, n_endpoints: &mut usize) {
    let mut line = format!("firewall f{0} {0} policy ", vpc.name);
    line += sketch.random.word(&["p", "p", "p", "p", "p", "p", "gone"]);
    for subnet in vpc.subnets.clone() {
        if sketch.random.chance(55) {
            let subnet = if sketch.random.chance(97) {
                subnet.name
            } else {
                "gone".into()
            };
            line += &format!(" endpoint fe{n_endpoints} in {subnet}");
            vpc.inspectors.push(format!("endpoint fe{n_endpoints}"));
            *n_endpoints += 1;
        }
    }
    if !vpc.inspectors.is_empty() {
        sketch.line(line);
    }
}

fn appliance(sketch: &mut Sketch, vpc: &mut VpcSketch) {
    let Some(subnet) = sketch.random.pick(&vpc.subnets).cloned() else {
        return;
    };
    let state = sketch.random.word(&["", "", "", "", " unavailable"]);
    sketch.line(format!(
        "endpoint ge{0} gwlb {0} - subnets {1}{state}",
        vpc.name, subnet.name
    ));
    vpc.inspectors.push(format!("endpoint ge{}", vpc.name));
}

fn policy(sketch: &mut Sketch) {
    let random = &mut sketch.random;
    let order = random.word(&["", " strict"]);
    let stateless = random.word(&[
        "",
        "",
        "",
        " stateless pass",
        " stateless drop",
        " stateless unknown",
    ]);
    let default = random.word(&["", "", " default drop", " default drop-established"]);
    let home = random.word(&["", "", " home 10.0.0.0/8", " home 10.0.0.0/9 fd00::/8"]);
    sketch.line(format!(
        "firewall-policy p{order}{stateless}{default}{home}"
    ));
    if sketch.random.chance(65) {
        let group = sketch.random.word(&["g", "g", "g", "g", "g", "h0", "gone"]);
        sketch.line(format!("  stateless 10 {group}"));
    }
    for name in ["h0", "h1"] {
        if sketch.random.chance(70) {
            let random = &mut sketch.random;
            let priority = random.between(1, 9);
            let group = if random.chance(95) { name } else { "gone" };
            let alerts = random.word(&["", "", "", "", "", " only-alerts"]);
            sketch.line(format!("  stateful {priority} {group}{alerts}"));
        }
    }
}

fn stateless(sketch: &mut Sketch) {
    let incomplete = sketch
        .random
        .word(&["", "", "", "", "", "", "", " incomplete"]);
    sketch.line(format!("firewall-rules g stateless{incomplete}"));
    for number in 1..=sketch.random.below(4) {
        let random = &mut sketch.random;
        let action = random.word(&["pass", "drop", "forward", "forward"]);
        let protocols = random.word(&["", "", " tcp", " tcp,udp", " udp", " icmp,58"]);
        let from = random.word(&["", "", "", "from"]);
        let to = random.word(&["", "", "", "to"]);
        let sources = random.word(&[
            "",
            "",
            "",
            " ports 1024-65535",
            " ports 443",
            " ports 22,443",
        ]);
        let ports = random.word(&[
            "",
            "",
            "",
            " ports 443",
            " ports 22-443",
            " ports 1024-65535",
        ]);
        let flags = if random.chance(5) { " flags" } else { "" };
        let side = |sketch: &mut Sketch, word: &str, other: &str| {
            if word.is_empty() {
                return format!(" {other}");
            }
            let block = sketch.block();
            format!(" {word} {block}")
        };
        let from = side(sketch, from, "from");
        let to = side(sketch, to, "to");
        sketch.line(format!(
            "  filter {number} {action}{protocols}{from}{sources}{to}{ports}{flags}"
        ));
    }
}

fn stateful(sketch: &mut Sketch, name: &str) {
    let incomplete = sketch
        .random
        .word(&["", "", "", "", "", "", "", "", " incomplete"]);
    sketch.line(format!("firewall-rules {name} stateful{incomplete}"));
    if sketch.random.chance(50) {
        let (one, other) = (sketch.block(), sketch.block());
        sketch.line(format!("  addresses SERVERS {one} !{other}"));
    }
    if sketch.random.chance(50) {
        sketch.line("  ports WEB 80 440:443 !442");
    }
    let list = sketch.random.pick(&sketch.lists.clone()).cloned();
    if let Some(list) = list {
        sketch.line(format!("  references LIST {list}"));
    }
    for number in 1..=sketch.random.below(5) {
        let (from, to) = (side(sketch), side(sketch));
        let random = &mut sketch.random;
        let action = random.word(&["pass", "pass", "drop", "reject", "alert"]);
        let protocol = random.word(&[
            "tcp", "tcp", "tcp", "udp", "ip", "ip", "icmp", "icmpv6", "tls", "dns", "odd",
        ]);
        let from_ports = random.word(&["any", "any", "any", "any", "1024:", "$WEB"]);
        let ports = random.word(&[
            "any",
            "any",
            "443",
            "22",
            "$WEB",
            "!22",
            "[53,440:443]",
            "1024:",
        ]);
        let arrow = random.word(&["->", "->", "->", "<>"]);
        let option = random.word(&["", "", "", "", " content:\"x\";", " flow:to_server;"]);
        sketch.line(format!(
            "  filter {action} {protocol} {from} {from_ports} {arrow} {to} {ports} ({option} sid:{number};)"
        ));
    }
}

/// Addresses of a rule.
fn side(sketch: &mut Sketch) -> String {
    let block = sketch.block();
    match sketch.random.below(12) {
        0..4 => "any".into(),
        4 | 5 => "$HOME_NET".into(),
        6 => "$EXTERNAL_NET".into(),
        7 => "$SERVERS".into(),
        8 => "@LIST".into(),
        9 => format!("!{block}"),
        10 => {
            let other = sketch.block();
            format!("[{block},!{other}]")
        }
        _ => block,
    }
}

fn public_access(sketch: &mut Sketch) {
    let vpcs = sketch.vpcs.clone();
    for vpc in &vpcs {
        if sketch.random.chance(55) {
            sketch.within(vpc);
            let mode = sketch.random.word(&[
                "block-bidirectional",
                "block-ingress",
                "block-ingress",
                "off",
                "unknown",
            ]);
            sketch.line(format!("public-access {mode}"));
        }
    }
    for number in 0..sketch.random.below(4) {
        let vpc = sketch.random.pick(&vpcs).cloned().unwrap_or_default();
        let subnet = sketch
            .random
            .pick(&vpc.subnets)
            .cloned()
            .unwrap_or_default();
        let random = &mut sketch.random;
        let resource = if random.chance(50) {
            vpc.name
        } else {
            subnet.name
        };
        let mode = random.word(&[
            "allow-bidirectional",
            "allow-egress",
            "allow-egress",
            "unknown",
        ]);
        let state = random.word(&["", "", "", "", " changing", " gone"]);
        sketch.line(format!("exclusion x{number} {resource} {mode}{state}"));
    }
}
