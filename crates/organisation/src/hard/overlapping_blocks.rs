//! Rules that name blocks inside each other.

use std::collections::BTreeSet;
use std::io;

use crate::Writer;
use crate::filters::{Peer, Rule, open_egress};
use crate::hard::groups::{Groups, shared};
use crate::plan::Vpc;
use crate::text::v4;

/// Different blocks; the largest two together hold all others.
const BLOCKS: usize = 1_000;
/// The lengths of the blocks.
const LENGTHS: (usize, usize) = (17, 30);
/// Rules of a group: the quota.
const RULES: usize = 60;
/// The ports that rules let in, from the first to the last.
const PORTS: [(u16, u16); 6] = [
    (22, 22),
    (80, 80),
    (443, 443),
    (1024, 4999),
    (3000, 9999),
    (5432, 5432),
];

impl Writer {
    /// Groups of 60 rules that name the blocks in turn, so that all are named by some group.
    pub(crate) fn groups_of_blocks(&mut self, vpc: Vpc) -> io::Result<Groups> {
        let blocks: Vec<String> = self.overlapping(vpc).into_iter().collect();
        let n_groups = shared(vpc).max(BLOCKS.div_ceil(RULES));
        let mut in_turn = blocks.iter().cycle();
        let mut groups = Vec::new();
        for number in 0..n_groups {
            let named = in_turn.by_ref().take(RULES);
            let rules: Vec<Rule> = named.map(|block| self.rule_of_block(block)).collect();
            let name = format!("blocks-{number}");
            groups.push(self.group(vpc, number, &name, &rules, &open_egress())?);
        }
        Ok(Groups::Shared(groups))
    }

    fn rule_of_block(&mut self, block: &str) -> Rule {
        let ports = PORTS.get(self.random.below(PORTS.len())).copied();
        let (first, last) = ports.unwrap_or_default();
        ("tcp", first, last, Peer::Cidr(block.into()))
    }

    /// Both halves of the VPC, and blocks of every length in them.
    fn overlapping(&mut self, vpc: Vpc) -> BTreeSet<String> {
        let half = vpc.size() / 2;
        let mut blocks =
            BTreeSet::from([0, half].map(|offset| format!("{}/17", v4(vpc.base + offset))));
        while blocks.len() < BLOCKS {
            blocks.insert(self.any_block(vpc, LENGTHS));
        }
        blocks
    }
}
