//! What carries packets outside: VPN options, Direct Connect, Client VPN and core networks.

use super::{Sketch, VpcSketch};

/// Words for one VPN connection: its device, its traffic selectors, its tunnels.
pub(super) fn vpn_options(sketch: &mut Sketch) -> String {
    let random = &mut sketch.random;
    let mut options = String::new();
    if random.chance(60) {
        options += random.word(&[
            " customer c1",
            " customer c2",
            " customer c3",
            " customer gone",
        ]);
    }
    if random.chance(12) {
        options += random.word(&[
            " office-side 192.168.0.0/17",
            " office-side 192.168.4.0/22",
            " office-side 0.0.0.0/0",
        ]);
    }
    if random.chance(12) {
        options += random.word(&[" cloud-side 10.0.0.0/16", " cloud-side 10.0.1.0/24"]);
    }
    for (word, percent) in [(" down", 8), (" unavailable", 6), (" ipv6", 6)] {
        if random.chance(percent) {
            options += word;
        }
    }
    options
}

/// The devices that VPN connections name: two networks with numbers, and one without.
pub(super) fn customers(sketch: &mut Sketch) {
    for line in [
        "customer c1 asn 65001",
        "customer c2 asn 65002",
        "customer c3",
    ] {
        sketch.line(line);
    }
}

/// A second connection of a VPN gateway, associations with Direct Connect gateways, and lines.
pub(super) fn lines_of_gateway(sketch: &mut Sketch, gateway: &str) {
    if sketch.random.chance(30) {
        let options = vpn_options(sketch);
        let routes =
            sketch
                .random
                .word(&["", "", " static 172.16.0.0/12", " static 192.168.8.0/24"]);
        let bgp = sketch.random.word(&["", " bgp", " bgp"]);
        sketch.line(format!(
            "vpn {gateway}vpn2 vgw {gateway}{bgp}{options}{routes}"
        ));
    }
    if sketch.random.chance(20) {
        associate(sketch, "vgw", gateway);
    }
    if sketch.random.chance(8) {
        let down = sketch.random.word(&["", " down"]);
        sketch.line(format!("vif {gateway}vif private vgw {gateway}{down}"));
    }
}

/// An association of a gateway with one of two Direct Connect gateways.
pub(super) fn associate(sketch: &mut Sketch, kind: &str, gateway: &str) {
    let random = &mut sketch.random;
    let line = random.word(&["dxgw", "dxgw", "dxgw2"]);
    let state = random.word(&["", "", "", "", " unavailable"]);
    let allowed = random.word(&[
        "unknown",
        "10.0.0.0/16",
        "10.0.0.0/8",
        "10.0.1.0/24 10.1.0.0/16",
        "0.0.0.0/0 ::/0",
        "",
    ]);
    sketch.line(format!(
        "dx-association {line} {kind} {gateway}{state} {allowed}"
    ));
}

/// Direct Connect gateways and the lines that end at them.
pub(super) fn direct_connect(sketch: &mut Sketch) {
    if !sketch.random.chance(30) {
        return;
    }
    for name in ["dxgw", "dxgw2"] {
        if sketch.random.chance(70) {
            sketch.line(format!("dxgw {name}"));
        }
        for number in 0..sketch.random.below(3) {
            let random = &mut sketch.random;
            let kind = random.word(&["private", "transit", "transit", "public"]);
            let down = if random.chance(25) { " down" } else { "" };
            let link = if random.chance(15) { " sitelink" } else { "" };
            sketch.line(format!(
                "vif {name}x{number} {kind} dxgw {name}{down}{link}"
            ));
        }
    }
}

/// Client VPN endpoints, some of whose interfaces are hosts that were drawn before.
/// Endpoints of EC2 Instance Connect that name all hosts: those count that are interfaces of such endpoints.
pub(super) fn instance_connect(sketch: &mut Sketch) {
    for vpc in sketch.vpcs.clone() {
        let hosts = vpc.subnets.iter().flat_map(|subnet| &subnet.hosts);
        let hosts: Vec<&str> = hosts.map(String::as_str).collect();
        if !hosts.is_empty() && sketch.random.chance(60) {
            sketch.within(&vpc);
            let client = sketch.random.word(&[" hides", " hides", " keeps", ""]);
            sketch.line(format!(
                "entry {}door instance-connect via {}{client}",
                vpc.name,
                hosts.join(",")
            ));
        }
    }
}

pub(super) fn client_vpns(sketch: &mut Sketch) {
    for vpc in sketch.vpcs.clone() {
        if sketch.random.chance(15) {
            sketch.within(&vpc);
            client_vpn(sketch, &vpc);
        }
    }
}

fn client_vpn(sketch: &mut Sketch, vpc: &VpcSketch) {
    let mut options = String::new();
    for (word, percent) in [
        (" unavailable", 4),
        (" transit", 4),
        (" routes-unknown", 4),
        (" rules-unknown", 4),
        (" associations-unknown", 10),
    ] {
        if sketch.random.chance(percent) {
            options += word;
        }
    }
    let clients = sketch
        .random
        .word(&["10.200.0.0/22", "10.200.0.0/22", "10.0.1.0/24"]);
    sketch.line(format!(
        "client-vpn {0}cvpn vpc {0} clients {clients}{options}",
        vpc.name
    ));
    let mut subnets: Vec<&str> = Vec::new();
    for subnet in &vpc.subnets {
        if sketch.random.chance(60) {
            let state = if sketch.random.chance(6) {
                " unavailable"
            } else {
                ""
            };
            let via = match subnet.hosts.first() {
                Some(host) if sketch.random.chance(85) => format!(" via {host}"),
                _ => String::new(),
            };
            sketch.line(format!("  associated {}{state}{via}", subnet.name));
            subnets.push(&subnet.name);
        }
    }
    for _ in 0..sketch.random.between(1, 3) {
        let block = reachable_block(sketch);
        let to = match sketch.random.below(10) {
            0 => "clients",
            1 => vpc
                .subnets
                .last()
                .map_or("clients", |subnet| subnet.name.as_str()),
            _ => sketch.random.pick(&subnets).copied().unwrap_or("clients"),
        };
        sketch.line(format!("  route {block} {to}"));
    }
    for _ in 0..sketch.random.between(1, 3) {
        let block = reachable_block(sketch);
        let group = sketch.random.word(&["", "", " group engineers"]);
        sketch.line(format!("  access {block}{group}"));
    }
}

fn reachable_block(sketch: &mut Sketch) -> String {
    if sketch.random.chance(60) {
        sketch
            .random
            .word(&["0.0.0.0/0", "10.0.0.0/8", "10.0.0.0/16", "10.200.0.0/22"])
            .into()
    } else {
        sketch.block()
    }
}

/// A core network with a VPC attachment each, and the tables of two segments.
pub(super) fn core_network(sketch: &mut Sketch) {
    if !sketch.random.chance(25) {
        return;
    }
    let mut names = Vec::new();
    for vpc in sketch.vpcs.clone() {
        if !sketch.random.chance(85) {
            continue;
        }
        let subnets = super::transit::attachment_subnets(sketch, &vpc);
        let random = &mut sketch.random;
        let segment = random.word(&[" segment s0", " segment s0", " segment s1", ""]);
        let edge = random.word(&[" edge us-east-1", " edge us-east-1", " edge eu-west-1", ""]);
        let ipv6 = random.word(&[" ipv6", " ipv6", " ipv6-unknown", ""]);
        let appliance = if random.chance(10) { " appliance" } else { "" };
        let state = if random.chance(5) { " unavailable" } else { "" };
        let name = format!("core{}", vpc.name);
        sketch.line(format!(
            "core-attachment {name} core vpc {} {subnets}{segment}{edge}{appliance}{ipv6}{state}",
            vpc.name
        ));
        names.push(name);
    }
    for segment in ["s0", "s1"] {
        for edge in ["us-east-1", "eu-west-1"] {
            if sketch.random.chance(80) {
                core_table(sketch, segment, edge, &names);
            }
        }
    }
    let n_vpcs = sketch.vpcs.len();
    for (number, vpc) in sketch.vpcs.iter_mut().enumerate() {
        vpc.uplinks.push("core core".into());
        let others = (0..n_vpcs).filter(|&other| other != number);
        vpc.neighbours
            .extend(others.map(|other| (other, "core core".into())));
    }
}

fn core_table(sketch: &mut Sketch, segment: &str, edge: &str, names: &[String]) {
    let incomplete = if sketch.random.chance(4) {
        " incomplete"
    } else {
        ""
    };
    sketch.line(format!("core-table core {segment} {edge}{incomplete}"));
    for (number, name) in names.iter().enumerate() {
        if sketch.random.chance(75) {
            sketch.line(format!("  route 10.{number}.0.0/16 {name} propagated"));
        }
    }
    for _ in 0..sketch.random.below(3) {
        let block = sketch.block();
        let target = match (sketch.random.pick(names), sketch.random.below(8)) {
            (None, _) | (_, 0) => "blackhole".to_owned(),
            (Some(name), 1) => format!("{name},elsewhere"),
            (Some(_), 2) => "gone".to_owned(),
            (Some(name), _) => name.clone(),
        };
        let propagated = sketch.random.word(&["", "", " propagated"]);
        sketch.line(format!("  route {block} {target}{propagated}"));
    }
}
