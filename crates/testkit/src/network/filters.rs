//! Groups and ACLs.

use super::{SERVICES, Sketch};

pub(super) fn groups(sketch: &mut Sketch) {
    for name in sketch.groups.clone() {
        let vpc = sketch
            .random
            .pick(&sketch.vpcs.clone())
            .cloned()
            .unwrap_or_default();
        sketch.within(&vpc);
        let incomplete = if sketch.random.chance(3) {
            " incomplete"
        } else {
            ""
        };
        sketch.line(format!("group {name} {}{incomplete}", vpc.name));
        for _ in 0..sketch.random.between(1, 4) {
            let (service, peer) = (sketch.random.word(SERVICES), peer(sketch));
            sketch.line(format!("  in {service} from {peer}"));
        }
        if sketch.random.chance(60) {
            sketch.line("  out any to any");
            continue;
        }
        for _ in 0..sketch.random.below(4) {
            let (service, peer) = (sketch.random.word(SERVICES), peer(sketch));
            sketch.line(format!("  out {service} to {peer}"));
        }
    }
}

fn peer(sketch: &mut Sketch) -> String {
    let list = sketch.random.pick(&sketch.lists.clone()).cloned();
    match sketch.random.below(10) {
        0..3 => {
            let group = sketch.random.pick(&sketch.groups.clone()).cloned();
            let stale = if sketch.random.chance(6) {
                " stale"
            } else {
                ""
            };
            format!("group {}{stale}", group.unwrap_or_else(|| "gone".into()))
        }
        3 if sketch.random.chance(15) => "group gone".into(),
        4 => list.map_or_else(|| "list gone".into(), |list| format!("list {list}")),
        5 | 6 => "any".into(),
        _ => sketch.block(),
    }
}

pub(super) fn acls(sketch: &mut Sketch) {
    for vpc in sketch.vpcs.clone() {
        sketch.within(&vpc);
        for subnet in &vpc.subnets {
            if !sketch.random.chance(35) {
                continue;
            }
            let incomplete = if sketch.random.chance(3) {
                " incomplete"
            } else {
                ""
            };
            sketch.line(format!("acl {}acl {}{incomplete}", subnet.name, vpc.name));
            for (direction, preposition) in [("in", "from"), ("out", "to")] {
                entries(sketch, direction, preposition);
            }
            sketch.line(format!("  subnets {}", subnet.name));
        }
        if sketch.random.chance(8) {
            sketch.line(format!("acl {0}default {0} default", vpc.name));
            entries(sketch, "in", "from");
            entries(sketch, "out", "to");
        }
    }
}

fn entries(sketch: &mut Sketch, direction: &str, preposition: &str) {
    for number in 1..=sketch.random.below(4) {
        let verdict = sketch.random.word(&["allow", "deny"]);
        let service = sketch.random.word(SERVICES);
        let block = sketch.block();
        sketch.line(format!(
            "  {direction} {number}0 {verdict} {service} {preposition} {block}"
        ));
    }
    if sketch.random.chance(75) {
        let service = sketch.random.word(&[
            "any",
            "any",
            "any",
            "tcp",
            "tcp/1024-65535",
            "tcp/32768-60999",
        ]);
        sketch.line(format!(
            "  {direction} 100 allow {service} {preposition} any"
        ));
    }
}
