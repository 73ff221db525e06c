//! What the input lacks: whole accounts, lists, single lines.

use super::{Sketch, places};
use crate::Topology;

/// Statements about what only the account that owns it lists.
const OWNED: &[&str] = &[
    "vpc",
    "subnet",
    "host",
    "igw",
    "eigw",
    "nat",
    "vgw",
    "vpn",
    "acl",
    "table",
    "group",
    "balancer",
    "targets",
    "endpoint",
    "service",
    "firewall",
    "public-access",
    "exclusion",
    "client-vpn",
    "entry",
];

/// Leaves out all that one account owns, as if nobody had asked it.
pub(super) fn account(sketch: &mut Sketch) {
    if !sketch.random.chance(12) {
        return;
    }
    let lost = sketch.random.word(places::ACCOUNTS);
    let asked = places::ACCOUNTS.iter().find(|other| **other != lost);
    let (Some(asked), true) = (asked, sketch.vpcs.iter().any(|vpc| vpc.account != lost)) else {
        return;
    };
    let mut lines = without(&sketch.lines, lost);
    lines.push(format!("asked {asked}"));
    keep_if_read(sketch, lines);
}

/// The lines but for the statements about what an account owns, and what belongs to them.
fn without(lines: &[String], lost: &str) -> Vec<String> {
    let (mut is_lost, mut is_dropped) = (false, false);
    let mut kept = Vec::new();
    for line in lines {
        if let Some(account) = line.strip_prefix("account ") {
            is_lost = account == lost;
        }
        if !line.starts_with(' ') {
            let word = line.split(' ').next().unwrap_or_default();
            is_dropped = is_lost && OWNED.contains(&word);
        }
        if !is_dropped {
            kept.push(line.clone());
        }
    }
    kept
}

/// Kinds whose lists the answers rest on.
const KINDS: &[&str] = &[
    "network-interfaces",
    "route-tables",
    "network-acls",
    "internet-gateways",
    "transit-gateway-vpc-attachments",
    "transit-gateway-attachments",
    "security-groups",
    "nat-gateways",
    "vpn-gateways",
    "load-balancers",
    "target-groups",
    "vpc-endpoints",
    "public-access-exclusions",
];

/// Says that a list is missing or not whole.
pub(super) fn lists(sketch: &mut Sketch) {
    if sketch.random.chance(20) {
        let kind = sketch.random.word(KINDS);
        let line = match sketch.random.below(4) {
            0 | 1 => format!("missing {kind}"),
            2 => format!("partial {kind}"),
            _ => {
                let account = sketch.random.word(places::ACCOUNTS);
                let region = sketch.random.word(places::REGIONS);
                format!("partial {kind} {account} {region}")
            }
        };
        sketch.line(line);
    }
}

/// Removes some lines, if what is left still reads.
pub(super) fn lines(sketch: &mut Sketch) {
    if !sketch.random.chance(15) {
        return;
    }
    for _ in 0..sketch.random.between(1, 3) {
        let at = sketch.random.below(sketch.lines.len());
        let mut lines = sketch.lines.clone();
        lines.remove(at);
        keep_if_read(sketch, lines);
    }
}

fn keep_if_read(sketch: &mut Sketch, lines: Vec<String>) {
    if Topology::parse(&lines.join("\n")).is_ok() {
        sketch.lines = lines;
    }
}
