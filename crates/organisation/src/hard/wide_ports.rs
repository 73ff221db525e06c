//! Groups of wide ranges of ports that overlap.

use std::io;

use crate::Writer;
use crate::filters::{Peer, Rule, everyone, open_egress};
use crate::hard::groups::{Groups, shared};
use crate::plan::Vpc;

/// Rules of a group in one direction: the quota.
const RULES: usize = 60;
/// How wide a range is at least and at most.
const WIDTHS: (usize, usize) = (100, 5_000);

impl Writer {
    /// Groups of 60 rules: most name another group, one in ten the whole VPC, the last one the internet.
    pub(crate) fn wide_groups(&mut self, vpc: Vpc) -> io::Result<Groups> {
        let mut groups = Vec::new();
        for number in 0..shared(vpc) {
            let rules: Vec<Rule> = (1..=RULES).map(|rule| self.wide_rule(vpc, rule)).collect();
            let name = format!("wide-{number}");
            groups.push(self.group(vpc, number, &name, &rules, &open_egress())?);
        }
        Ok(Groups::Shared(groups))
    }

    fn wide_rule(&mut self, vpc: Vpc, rule: usize) -> Rule {
        let (first, last) = self.any_ports(WIDTHS);
        let protocol = self.random.word(&["tcp", "udp"]);
        let peer = match rule {
            RULES => everyone(),
            _ if rule.is_multiple_of(10) => Peer::Cidr(vpc.cidr()),
            _ => Peer::Group(vpc.of("sg", self.random.below(shared(vpc)))),
        };
        (protocol, first, last, peer)
    }
}
