//! Prefix lists of many entries.

use std::collections::BTreeSet;
use std::io;

use crate::Writer;
use crate::filters::{Peer, open_egress, tcp};
use crate::hard::groups::{Groups, shared};
use crate::plan::Vpc;

/// Lists.
const LISTS: usize = 4;
/// Different entries of a list.
const ENTRIES: usize = 5_000;
/// The lengths of entries: single addresses to half a subnet.
const LENGTHS: (usize, usize) = (26, 32);
/// What a list is asked for.
const PORTS: [u16; 4] = [22, 443, 5432, 9100];

impl Writer {
    /// Lists whose entries lie all over the VPC, and groups that name two of them and one other group.
    pub(crate) fn groups_of_lists(&mut self, vpc: Vpc) -> io::Result<Groups> {
        let account = vpc.account();
        let lists: Vec<String> = (0..LISTS).map(|number| vpc.of("pl", number)).collect();
        for list in &lists {
            let mut entries = BTreeSet::new();
            while entries.len() < ENTRIES {
                entries.insert(self.any_block(vpc, LENGTHS));
            }
            self.prefix_list(&account, (list, "many", &account), entries)?;
        }
        let mut groups = Vec::new();
        for number in 0..shared(vpc) {
            let mut rules = Vec::new();
            for place in [number, number / LISTS] {
                let list = lists.get(place % LISTS).cloned().unwrap_or_default();
                let port = PORTS.get(self.random.below(PORTS.len())).copied();
                rules.push(tcp(port.unwrap_or_default(), Peer::List(list)));
            }
            let other = self.random.below(shared(vpc));
            rules.push(tcp(8080, Peer::Group(vpc.of("sg", other))));
            let name = format!("lists-{number}");
            groups.push(self.group(vpc, number, &name, &rules, &open_egress())?);
        }
        Ok(Groups::Shared(groups))
    }
}
