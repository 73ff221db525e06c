//! Load balancers, their targets, endpoints and services.

use super::{Sketch, SubnetSketch, VpcSketch};

/// The name by which endpoints ask for the service of a provider.
const PROVIDED: &str = "com.amazonaws.vpce.us-east-1.vpce-svc-1";

pub(super) fn add(sketch: &mut Sketch) {
    if sketch.random.chance(45) {
        let n_balancers = sketch.random.between(1, 3);
        for number in 0..n_balancers {
            balancer(sketch, number, n_balancers);
        }
    }
    for number in 0..sketch.random.below(3) {
        if sketch.random.chance(40) {
            endpoint(sketch, number);
        }
    }
    if sketch.random.chance(12) {
        let state = word(sketch, 10, " unavailable");
        sketch.line(format!(
            "endpoint gwe gateway v0 com.amazonaws.us-east-1.s3{state}"
        ));
        sketch.has_gateway_endpoint = true;
    }
}

/// The word, or nothing.
fn word(sketch: &mut Sketch, percent: usize, word: &'static str) -> &'static str {
    if sketch.random.chance(percent) {
        word
    } else {
        ""
    }
}

fn some_vpc(sketch: &mut Sketch) -> VpcSketch {
    let vpcs = sketch.vpcs.clone();
    let vpc = sketch.random.pick(&vpcs).cloned().unwrap_or_default();
    sketch.within(&vpc);
    vpc
}

fn balancer(sketch: &mut Sketch, number: usize, n_balancers: usize) {
    let vpc = some_vpc(sketch);
    let kind = sketch.random.word(&[
        "net", "net", "net", "net", "net", "app", "classic", "gateway",
    ]);
    let mut subnets = Vec::new();
    let mut nodes = Vec::new();
    for subnet in &vpc.subnets {
        if sketch.random.chance(75) {
            let name = format!("b{number}{}", subnet.name);
            node(sketch, subnet, (&name, kind), 30 + number);
            subnets.push(subnet.name.clone());
            nodes.push(name);
        }
    }
    let nodes = if nodes.is_empty() || sketch.random.chance(3) {
        String::new()
    } else {
        format!(" nodes {}", nodes.join(","))
    };
    let subnets = if subnets.is_empty() {
        String::new()
    } else {
        format!(" subnets {}", subnets.join(","))
    };
    let mut options = String::new();
    options += word(sketch, 40, " internal");
    options += sketch.random.word(&[
        "",
        "",
        " cross-zone on",
        " cross-zone off",
        " cross-zone unknown",
    ]);
    options += sketch.random.word(&[
        "",
        "",
        "",
        " igw-ipv6 denied",
        " igw-ipv6 allowed",
        " igw-ipv6 unknown",
    ]);
    options += word(sketch, 15, " unenforced");
    options += word(sketch, 4, " unavailable");
    sketch.line(format!(
        "balancer b{number} {kind} {}{subnets}{nodes}{options}",
        vpc.name
    ));
    listeners(sketch, number, kind);
    for group in 0..2 {
        targets(sketch, &format!("tg{number}{group}"), &vpc, n_balancers);
    }
}

fn node(sketch: &mut Sketch, subnet: &SubnetSketch, (name, kind): (&str, &str), at: usize) {
    let mut line = format!("host {name} in {} {}.{at}", subnet.name, subnet.v4);
    if sketch.random.chance(60) {
        line += &format!(" public 203.0.113.{}", sketch.random.between(1, 250));
    }
    if let Some(v6) = &subnet.v6
        && sketch.random.chance(70)
    {
        line += &format!(" {v6}::{at}");
    }
    let grouped = if kind == "net" { 40 } else { 95 };
    if sketch.random.chance(grouped) {
        let group = sketch.random.pick(&sketch.groups.clone()).cloned();
        line += &format!(" groups {}", group.unwrap_or_else(|| "gone".into()));
    }
    line += match kind {
        "net" => " kind nlb",
        "gateway" => " kind gwlb",
        _ => " managed",
    };
    sketch.line(line);
}

fn listeners(sketch: &mut Sketch, number: usize, kind: &str) {
    let protocols: &[&'static str] = match kind {
        "net" => &["tcp", "tcp", "tcp", "udp", "tcp_udp", "tls", "quic"],
        "app" => &["http", "https"],
        "classic" => &["tcp", "ssl"],
        _ => &["geneve"],
    };
    let ports = ["443", "22", "8443", "53", "1024"];
    for _ in 0..sketch.random.between(1, 3) {
        let (protocol, port) = (sketch.random.word(protocols), sketch.random.word(&ports));
        let group = sketch.random.below(2);
        let groups = match sketch.random.below(12) {
            0 => "other".to_owned(),
            1 => "gone".to_owned(),
            2 => format!("tg{number}0,tg{number}1*0"),
            3 => format!("tg{number}0,tg{number}1"),
            4 => format!("tg{number}{group}*0"),
            _ => format!("tg{number}{group}"),
        };
        sketch.line(format!("  listener {protocol}/{port} {groups}"));
    }
    if sketch.random.chance(6) {
        sketch.line("  listeners unknown");
    }
}

fn targets(sketch: &mut Sketch, name: &str, vpc: &VpcSketch, n_balancers: usize) {
    let instances: Vec<String> = instances(sketch);
    let kinds: &[&'static str] = if instances.is_empty() {
        &["ip", "ip", "ip", "balancer", "lambda", "instance"]
    } else {
        &["ip", "ip", "instance", "instance", "instance", "balancer"]
    };
    let kind = sketch.random.word(kinds);
    let protocol = sketch
        .random
        .word(&["tcp", "tcp", "tcp", "udp", "tcp_udp", "tls", "quic"]);
    let port = sketch
        .random
        .word(&["443", "443", "8443", "22", "53", "1024"]);
    let mut options = String::new();
    let is_v6 = sketch.random.chance(20);
    options += if is_v6 { " ipv6" } else { "" };
    options += sketch.random.word(&[
        "",
        "",
        "",
        " preserve on",
        " preserve off",
        " preserve unknown",
    ]);
    options += sketch.random.word(&[
        "",
        "",
        "",
        " cross-zone on",
        " cross-zone off",
        " cross-zone unknown",
    ]);
    let home = if sketch.random.chance(90) {
        vpc.name.clone()
    } else {
        "v0".into()
    };
    sketch.line(format!(
        "targets {name} {protocol}/{port} {home} {kind}{options}"
    ));
    for _ in 0..sketch.random.below(4) {
        let target = match kind {
            "instance" => sketch
                .random
                .pick(&instances)
                .cloned()
                .unwrap_or_else(|| "gone".into()),
            "balancer" => format!("b{}", sketch.random.below(n_balancers + 1)),
            "lambda" => "f1".into(),
            _ => address(sketch, vpc, is_v6),
        };
        let options = target_options(sketch);
        sketch.line(format!("  target {target}{options}"));
    }
    if sketch.random.chance(5) {
        sketch.line("  targets unknown");
    }
}

fn target_options(sketch: &mut Sketch) -> String {
    let random = &mut sketch.random;
    let port = random.word(&["", "", "", " port 22", " port 8443"]);
    let zone = random.word(&[
        "",
        "",
        "",
        " zone all",
        " zone use1-az1",
        " zone us-east-1a",
    ]);
    let health = random.word(&["", " healthy", " healthy", " unhealthy"]);
    format!("{port}{zone}{health}")
}

/// The instances that hosts were put on.
fn instances(sketch: &Sketch) -> Vec<String> {
    let mut names: Vec<String> = sketch
        .lines
        .iter()
        .filter_map(|line| Some(line.split_once(" instance ")?.1))
        .filter_map(|rest| Some(rest.split(' ').next()?.to_owned()))
        .collect();
    names.sort();
    names.dedup();
    names
}

/// An address that may be a host's: mostly of this VPC.
fn address(sketch: &mut Sketch, vpc: &VpcSketch, is_v6: bool) -> String {
    let vpcs = sketch.vpcs.clone();
    let random = &mut sketch.random;
    let near = random.chance(65);
    let other = random.pick(&vpcs).cloned().unwrap_or_default();
    let vpc = if near { vpc } else { &other };
    let subnet = random.pick(&vpc.subnets).cloned().unwrap_or_default();
    let host = *random
        .pick(&[10_u8, 10, 10, 11, 30, 31, 40, 77])
        .unwrap_or(&10);
    match (is_v6, &subnet.v6) {
        (true, Some(v6)) => format!("{v6}::{host}"),
        (true, None) => "2600:9000::7".into(),
        (false, _) if random.chance(8) => "192.168.0.5".into(),
        (false, _) => format!("{}.{host}", subnet.v4),
    }
}

fn endpoint(sketch: &mut Sketch, number: usize) {
    let vpc = some_vpc(sketch);
    let mut nodes = Vec::new();
    for subnet in &vpc.subnets {
        if !sketch.random.chance(60) {
            continue;
        }
        let mut line = format!(
            "host e{number}{0} in {0} {1}.{2}",
            subnet.name,
            subnet.v4,
            40 + number
        );
        if let Some(v6) = &subnet.v6
            && sketch.random.chance(50)
        {
            line += &format!(" {v6}::{}", 40 + number);
        }
        let group = sketch.random.pick(&sketch.groups.clone()).cloned();
        line += &format!(" groups {}", group.unwrap_or_else(|| "gone".into()));
        line += word(sketch, 85, " kind endpoint");
        sketch.line(line);
        nodes.push(format!("e{number}{}", subnet.name));
    }
    let service = sketch.random.word(&[
        "com.amazonaws.us-east-1.sqs",
        "com.amazonaws.us-east-1.datasync",
        "com.amazonaws.us-east-1.nosuch",
        PROVIDED,
        PROVIDED,
        PROVIDED,
    ]);
    let kind = sketch.random.word(&[
        "interface",
        "interface",
        "interface",
        "interface",
        "resource",
    ]);
    if !nodes.is_empty() {
        let state = word(sketch, 6, " unavailable");
        let nodes = nodes.join(",");
        sketch.line(format!(
            "endpoint e{number} {kind} {} {service} nodes {nodes}{state}",
            vpc.name
        ));
    }
    if service == PROVIDED && number == 0 && sketch.random.chance(85) {
        let balancers = sketch
            .random
            .word(&["b0", "b0", "b0,b1", "b1", "gone", "b0,gone"]);
        let state = word(sketch, 4, " unavailable");
        sketch.line(format!("service s {PROVIDED} balancers {balancers}{state}"));
        if sketch.random.chance(50) {
            let state = word(sketch, 15, " unavailable");
            sketch.line(format!("  connection e0{state}"));
        }
    }
}
