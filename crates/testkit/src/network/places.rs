//! VPCs, subnets and hosts.

use super::{Sketch, SubnetSketch, VpcSketch};

pub(super) const ACCOUNTS: &[&str] = &["111111111111", "222222222222"];
pub(super) const REGIONS: &[&str] = &["us-east-1", "eu-west-1"];

pub(super) fn vpcs(sketch: &mut Sketch) {
    let n_vpcs = sketch.random.between(1, 3);
    for number in 0..n_vpcs {
        let random = &mut sketch.random;
        let overlaps = number > 0 && random.chance(12);
        let network = if overlaps { number - 1 } else { number };
        let mut cidrs = vec![format!("10.{network}.0.0/16")];
        if random.chance(25) {
            cidrs.push(
                random
                    .word(&["100.64.0.0/16", "10.64.0.0/16", "54.1.0.0/16"])
                    .into(),
            );
        }
        let private = random.chance(12);
        let prefix = if private { "fd00:1" } else { "2600:1f14" };
        let v6 = random.chance(65).then(|| format!("{prefix}:{number}:11"));
        let vpc = VpcSketch {
            name: format!("v{number}"),
            account: if random.chance(75) {
                "111111111111"
            } else {
                random.word(ACCOUNTS)
            },
            region: if random.chance(80) {
                "us-east-1"
            } else {
                random.word(REGIONS)
            },
            cidrs,
            v6,
            ..VpcSketch::default()
        };
        let v6 = vpc.v6.as_ref().map(|v6| format!(" {v6}00::/56"));
        let mut told = String::new();
        if random.chance(4) {
            told += random.word(&[" public-access block-ingress", " public-access off"]);
        }
        if !sketch.is_plain && random.chance(6) {
            told += random.word(&[" encryption enforce", " encryption monitor"]);
        }
        let line = format!(
            "vpc {} {}{}{told}",
            vpc.name,
            vpc.cidrs.join(" "),
            v6.unwrap_or_default()
        );
        sketch.within(&vpc);
        sketch.line(line);
        sketch.vpcs.push(vpc);
    }
}

pub(super) fn subnets(sketch: &mut Sketch) {
    for number in 0..sketch.vpcs.len() {
        let Some(mut vpc) = sketch.vpcs.get(number).cloned() else {
            continue;
        };
        sketch.within(&vpc);
        for place in 0..sketch.random.between(1, 3) {
            let random = &mut sketch.random;
            let Some(cidr) = random.pick(&vpc.cidrs) else {
                continue;
            };
            let network = cidr.split(".0.0/").next().unwrap_or_default();
            let has_v6 = random.chance(85);
            let v6 = vpc.v6.as_ref().filter(|_| has_v6);
            let subnet = SubnetSketch {
                name: format!("{}s{place}", vpc.name),
                zone: random.word(&[
                    "use1-az1",
                    "use1-az1",
                    "use1-az2",
                    "use1-az2",
                    "use1-az3",
                    "us-east-1a",
                    "",
                ]),
                v4: format!("{network}.{}", place + 1),
                v6: v6.map(|v6| format!("{v6}0{}", place + 1)),
                hosts: Vec::new(),
            };
            let v6 = subnet
                .v6
                .as_ref()
                .map(|v6| format!(" {v6}::/64"))
                .unwrap_or_default();
            let zone = if subnet.zone.is_empty() {
                String::new()
            } else {
                format!(" zone {}", subnet.zone)
            };
            let told = if sketch.random.chance(4) {
                let modes = ["block-ingress", "block-bidirectional", "off", "unknown"];
                format!(" public-access {}", sketch.random.word(&modes))
            } else {
                String::new()
            };
            sketch.line(format!(
                "subnet {} {} {}.0/24{v6}{told}{zone}",
                subnet.name, vpc.name, subnet.v4
            ));
            vpc.subnets.push(subnet);
        }
        if let Some(slot) = sketch.vpcs.get_mut(number) {
            *slot = vpc;
        }
    }
}

pub(super) fn hosts(sketch: &mut Sketch) {
    let n_groups = sketch.random.between(1, 4);
    sketch.groups = (0..n_groups).map(|number| format!("g{number}")).collect();
    let mut instances = 0;
    for vpc in sketch.vpcs.clone() {
        sketch.within(&vpc);
        for subnet in &vpc.subnets {
            for number in 0..sketch.random.between(1, 2) {
                let line = host(sketch, subnet, number, &mut instances);
                participate(sketch, &vpc, line);
            }
        }
    }
    remember(sketch);
}

/// Adds a host of the VPC's account, or of another one with which the subnet is shared.
fn participate(sketch: &mut Sketch, vpc: &VpcSketch, line: String) {
    let is_shared = !sketch.is_plain && sketch.random.chance(8);
    if is_shared {
        let account = sketch.random.word(ACCOUNTS);
        sketch.line(format!("account {account}"));
    }
    sketch.line(line);
    if is_shared {
        sketch.within(vpc);
    }
}

/// Notes the hosts of each subnet, from the lines that were made for them.
fn remember(sketch: &mut Sketch) {
    for subnet in sketch.vpcs.iter_mut().flat_map(|vpc| &mut vpc.subnets) {
        subnet.hosts = (0..2)
            .map(|number| format!("{}h{number}", subnet.name))
            .collect();
        let exists = |name: &String| {
            let start = format!("host {name} ");
            sketch.lines.iter().any(|line| line.starts_with(&start))
        };
        subnet.hosts.retain(exists);
    }
}

fn host(
    sketch: &mut Sketch,
    subnet: &SubnetSketch,
    number: usize,
    instances: &mut usize,
) -> String {
    let groups = sketch.groups.clone();
    let random = &mut sketch.random;
    let at = 10 + number;
    let mut line = format!(
        "host {}h{number} in {} {}.{at}",
        subnet.name, subnet.name, subnet.v4
    );
    if random.chance(45) {
        line += &format!(" public 203.0.113.{}", random.between(1, 250));
    }
    if let Some(v6) = subnet.v6.as_ref().filter(|_| random.chance(80)) {
        line += &format!(" {v6}::1{number}");
    }
    if random.chance(15) {
        line += &format!(" {}.{}", subnet.v4, 20 + number);
        if random.chance(50) {
            line += &format!(" public 203.0.113.{}", random.between(1, 250));
        }
    }
    if random.chance(8) {
        line += &format!(" prefix {}.64/28", subnet.v4);
    }
    let mut worn: Vec<&String> = groups.iter().filter(|_| random.chance(55)).collect();
    let lost = "gone".to_owned();
    if random.chance(5) {
        worn.push(&lost);
    }
    if worn.is_empty() && random.chance(85) {
        worn.extend(groups.first());
    }
    if !worn.is_empty() {
        let names: Vec<&str> = worn.into_iter().map(String::as_str).collect();
        line += &format!(" groups {}", names.join(","));
    }
    if random.chance(25) {
        *instances += usize::from(*instances == 0 || random.chance(60));
        line += &format!(" instance i{instances}");
        line += match random.below(6) {
            0 if !sketch.is_plain => " stopped",
            _ => "",
        };
        line += random.word(&["", "", " device 0", " device 1"]);
    }
    line += &oddities(sketch);
    line
}

fn oddities(sketch: &mut Sketch) -> String {
    let random = &mut sketch.random;
    let mut line = String::new();
    if random.chance(10) {
        line += " nocheck";
    }
    if random.chance(5) {
        line += " managed";
    }
    if !sketch.is_plain && random.chance(6) {
        line += random.word(&[" unattached", " attached"]);
    }
    if random.chance(3) {
        line += " refuses-internet";
    }
    if random.chance(8) {
        let kinds = [
            "nlb", "gwlb", "gwlbe", "endpoint", "tgw", "lambda", "nat", "branch",
        ];
        line += &format!(" kind {}", random.word(&kinds));
    } else if !sketch.is_plain && random.chance(10) {
        line += &format!(" {}", random.word(OWNERS));
    }
    line
}

/// What the interfaces of services tell, and what people wrote on their own.
const OWNERS: &[&str] = &[
    "kind ec2_instance_connect_endpoint",
    "kind ec2_instance_connect_endpoint",
    "kind global_accelerator_managed",
    "kind api_gateway_managed managed",
    "kind brand_new_kind managed",
    "managed described AWS_Lambda_VPC_ENI-f-1",
    "described AWS_Lambda_VPC_ENI-f-1",
    "managed described AWS_App_Runner_connector",
    "managed described Route_53_Resolver:_rslvr-in-1:rni-1",
    "managed described Route_53_Resolver:_rslvr-in-2:rni-2",
    "described Route_53_Resolver:_rslvr-in-1:rni-1",
    "managed described Route_53_Resolver:_rslvr-out-1:rni-3",
    "managed described EFS_mount_target_for_fs-1_(fsmt-1)",
    "managed described RDSNetworkInterface",
    "managed described ELB_app/w/1",
    "managed described Interface_for_NAT_Gateway_nat-1",
    "managed requester amazon-rds",
    "managed requester amazon-elb",
];
