//! A network that makes as much work as quotas allow.

use std::io;

use crate::Writer;
use crate::filters::{Entry, Peer, Rule, open_egress};
use crate::interfaces::Owner;
use crate::plan::Vpc;
use crate::text::{ZONES, small, v4};

/// Blocks inside each other or side by side, which rules name.
const BLOCKS: usize = 1_000;
/// Entries of the prefix list.
const ENTRIES: u32 = 5_000;
/// Groups; every interface wears five, and no two wear the same five next to each other.
const GROUPS: usize = 120;
/// Rules of a group in one direction.
const RULES: usize = 60;
/// Entries of an ACL by direction: the quota, and the quota when it is raised.
const ACL_ENTRIES: [usize; 2] = [20, 40];
/// Hosts of a subnet.
const HOSTS: usize = 500;
/// The length of a subnet's prefix, and how far apart they begin.
const SUBNET: (u8, u32) = (22, 4096);
/// The prefix list.
const LIST: &str = "pl-0000000000000bad0";

impl Writer {
    /// One VPC with a /8.
    pub(crate) fn hostile(&mut self, interfaces: usize) -> io::Result<()> {
        let vpc = Vpc::alone(interfaces, 8);
        self.vpc(vpc)?;
        self.table(vpc, 0, &[], &[])?;
        self.default_acl(vpc)?;
        let blocks = (0..ENTRIES).map(|number| format!("{}/28", v4(vpc.base + 208 * number)));
        self.prefix_list(&vpc.account(), (LIST, "everywhere", "200000000000"), blocks)?;
        let mut groups = Vec::new();
        for number in 0..GROUPS {
            let ingress = self.wide_rules(vpc, number);
            let name = format!("wide-{number}");
            groups.push(self.group(vpc, number, &name, &ingress, &open_egress())?);
        }
        for number in 0..interfaces.div_ceil(HOSTS) {
            let zone = number % ZONES.len();
            let offset = small(number) * SUBNET.1;
            let mut subnet = self.subnet(vpc, number, zone, (offset, SUBNET.0))?;
            let entries = [false, true].map(|is_egress| self.many_entries(number, is_egress));
            let [ingress, egress] = entries;
            self.acl(
                vpc,
                1 + number,
                std::slice::from_ref(&subnet.id),
                &ingress,
                &egress,
            )?;
            let hosts = number * HOSTS..interfaces.min((number + 1) * HOSTS);
            for host in hosts {
                let worn = worn_by(host, &groups);
                let owner = Owner::Instance(format!("host-{host}"));
                self.interface(vpc, host, &mut subnet, &worn, &owner)?;
            }
        }
        Ok(())
    }

    /// Rules with wide ranges of ports that overlap; one in twenty names the prefix list.
    fn wide_rules(&mut self, vpc: Vpc, group: usize) -> Vec<Rule> {
        let rule = |number| {
            let first = self.random.below(60_000);
            let last = first + self.random.between(1, 5_000);
            let [first, last] = [first, last].map(|port| u16::try_from(port).unwrap_or(u16::MAX));
            let peer = match number % 20 {
                0 => Peer::List(LIST.into()),
                1..=4 => Peer::Group(vpc.of("sg", (group + number) % GROUPS)),
                _ => Peer::Cidr(block(self.random.below(BLOCKS))),
            };
            (
                if number % 5 == 4 { "udp" } else { "tcp" },
                first,
                last,
                peer,
            )
        };
        (0..RULES).map(rule).collect()
    }

    /// Entries that deny and allow by turns, and a last one that allows all.
    fn many_entries(&mut self, subnet: usize, is_egress: bool) -> Vec<Entry> {
        let [one, other] = ACL_ENTRIES;
        let n_entries = if subnet.is_multiple_of(2) { one } else { other };
        let mut entries: Vec<Entry> = (1..n_entries)
            .map(|number| {
                let first = u16::try_from(self.random.below(60_000)).unwrap_or_default();
                let cidr = block(self.random.below(BLOCKS));
                let is_allowed = number % 2 == usize::from(is_egress);
                ("6", number, cidr, Some((first, first + 500)), is_allowed)
            })
            .collect();
        entries.push(("-1", n_entries, "0.0.0.0/0".into(), None, true));
        entries
    }
}

/// One of the overlapping blocks: prefixes of every length from /9 to /28 over the addresses in use.
fn block(number: usize) -> String {
    let length = 9 + number % 20;
    let address = 0x0A00_0000 | (small(number) * 0x0001_2345) & 0x00FF_FFFF;
    let kept = u32::MAX << (32 - length);
    format!("{}/{length}", v4(address & kept))
}

/// Five groups by the digits of a host's number, so that hosts differ.
fn worn_by(host: usize, groups: &[String]) -> Vec<String> {
    let part = groups.len() / 5;
    let mut rest = host;
    let mut worn = Vec::new();
    for start in (0..5).map(|number| number * part) {
        worn.extend(groups.get(start + rest % part).cloned());
        rest /= part;
    }
    worn
}
