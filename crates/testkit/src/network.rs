//! Small hostile networks from a seed.
//!
//! A network is first a text of the line language: what fails can be read as it was made. It leans to what is
//! plausible, so that packets get far, and then breaks things: overlaps, missing resources, dead gateways, wrong
//! zones, routes to nowhere, accounts that were not asked.

mod absence;
mod balancers;
mod filters;
mod gateways;
mod hybrid;
mod inspection;
mod places;
mod plain;
mod routes;
mod transit;

use crate::random::Random;
use crate::{Error, Topology};

pub use plain::plain_network;

/// A small network with a choice of every mechanism that the specification knows.
///
/// # Errors
///
/// Never, unless the generator itself is wrong.
pub fn random_network(seed: u64) -> Result<Topology, Error> {
    Topology::parse(&random_text(seed))
}

/// The text of [`random_network`].
pub fn random_text(seed: u64) -> String {
    let mut sketch = Sketch::new(seed);
    if sketch.random.chance(10) {
        sketch.line("bare");
    }
    places::vpcs(&mut sketch);
    places::subnets(&mut sketch);
    gateways::add(&mut sketch);
    transit::add(&mut sketch);
    hybrid::core_network(&mut sketch);
    hybrid::direct_connect(&mut sketch);
    places::hosts(&mut sketch);
    hybrid::client_vpns(&mut sketch);
    hybrid::instance_connect(&mut sketch);
    balancers::add(&mut sketch);
    inspection::add(&mut sketch);
    filters::groups(&mut sketch);
    filters::acls(&mut sketch);
    routes::tables(&mut sketch);
    absence::account(&mut sketch);
    absence::lists(&mut sketch);
    absence::lines(&mut sketch);
    sketch.lines.join("\n") + "\n"
}

/// What has been drawn so far.
#[derive(Debug)]
struct Sketch {
    random: Random,
    lines: Vec<String>,
    vpcs: Vec<VpcSketch>,
    groups: Vec<String>,
    lists: Vec<String>,
    offices: Vec<&'static str>,
    has_gateway_endpoint: bool,
    /// Whether machines that do not run and switches of VPCs are left out.
    is_plain: bool,
}

/// A VPC and what later parts need to know of it.
#[derive(Debug, Clone, Default)]
struct VpcSketch {
    name: String,
    account: &'static str,
    region: &'static str,
    cidrs: Vec<String>,
    /// The first four groups of an IPv6 address but for the last two digits, if it has IPv6.
    v6: Option<String>,
    subnets: Vec<SubnetSketch>,
    /// Targets of routes that lead to the internet, each as `igw gw`.
    exits: Vec<String>,
    /// The exit for IPv6 only.
    v6_exits: Vec<String>,
    /// Other VPCs, by number, and the target that leads to each.
    neighbours: Vec<(usize, String)>,
    /// Targets that lead to offices.
    uplinks: Vec<String>,
    /// NAT gateways that stand in subnets, as targets.
    nats: Vec<String>,
    /// Targets that lead through firewalls and appliances.
    inspectors: Vec<String>,
    /// Names of gateways that an edge table may be for.
    edges: Vec<String>,
}

#[derive(Debug, Clone, Default)]
struct SubnetSketch {
    name: String,
    zone: &'static str,
    /// The first three bytes of its addresses.
    v4: String,
    /// The first four groups of its addresses, if it has IPv6.
    v6: Option<String>,
    hosts: Vec<String>,
}

impl Sketch {
    const fn new(seed: u64) -> Self {
        Self {
            random: Random::new(seed),
            lines: Vec::new(),
            vpcs: Vec::new(),
            groups: Vec::new(),
            lists: Vec::new(),
            offices: Vec::new(),
            has_gateway_endpoint: false,
            is_plain: false,
        }
    }

    fn line(&mut self, line: impl Into<String>) {
        self.lines.push(line.into());
    }

    /// Says that what follows is in the account and region of a VPC.
    fn within(&mut self, vpc: &VpcSketch) {
        self.line(format!("account {}", vpc.account));
        self.line(format!("region {}", vpc.region));
    }

    /// A block that rules, entries or routes may name, of either family.
    fn block(&mut self) -> String {
        let vpcs = self.vpcs.clone();
        let random = &mut self.random;
        let Some(vpc) = random.pick(&vpcs) else {
            return "0.0.0.0/0".into();
        };
        let subnet = random.pick(&vpc.subnets).cloned().unwrap_or_default();
        let v6 = |tail: &str| subnet.v6.as_ref().map(|v6| format!("{v6}::{tail}"));
        let block = match random.below(11) {
            0 | 1 => Some("0.0.0.0/0".into()),
            2 => Some("::/0".into()),
            3 => random.pick(&vpc.cidrs).cloned(),
            4 => Some(format!("{}.0/24", subnet.v4)),
            5 => Some(format!("{}.{}/32", subnet.v4, random.between(10, 13))),
            6 => v6("/64"),
            7 => v6(&format!("{:x}/128", random.between(0x10, 0x13))),
            8 => Some("198.51.100.0/24".into()),
            9 => Some(random.word(&["192.168.0.0/16", "192.168.4.0/22"]).into()),
            _ => Some(
                random
                    .word(&["10.0.0.0/8", "10.0.0.0/9", "2000::/3", "fd00::/8"])
                    .into(),
            ),
        };
        block.unwrap_or_else(|| "0.0.0.0/0".into())
    }
}

/// Services with boundaries close to one another.
const SERVICES: &[&str] = &[
    "any",
    "any",
    "tcp",
    "tcp/22",
    "tcp/443",
    "tcp/443",
    "tcp/440-443",
    "tcp/443-8443",
    "tcp/0-1023",
    "tcp/1024-65535",
    "tcp/32768-65535",
    "udp",
    "udp/53",
    "udp/53-443",
    "udp/1024-65535",
    "icmp",
    "icmp/echo",
    "icmp/0",
    "icmp/0/0",
    "icmp/3/4",
    "icmpv6",
    "icmpv6/echo",
    "icmpv6/129",
    "esp",
    "gre",
];
