//! Which groups hosts wear, and those of networks whose groups are not what is hard.

use std::io;

use crate::Writer;
use crate::filters::{Peer, everyone, open_egress, tcp};
use crate::plan::Vpc;

/// Groups of a network.
#[derive(Debug)]
pub(crate) enum Groups {
    /// Each host has one of its own.
    Own(Vec<String>),
    /// Each host wears two, as they come.
    Shared(Vec<String>),
}

impl Groups {
    /// Those of a host.
    pub(crate) fn of(&self, host: usize) -> Vec<String> {
        match self {
            Self::Own(groups) => groups.get(host).cloned().into_iter().collect(),
            Self::Shared(groups) => {
                let one = host % groups.len().max(1);
                let other = (host / groups.len().max(1) + 1 + one) % groups.len().max(1);
                let mut places = vec![one, other];
                places.dedup();
                let worn = places.into_iter().filter_map(|place| groups.get(place));
                worn.cloned().collect()
            }
        }
    }
}

/// How many groups one network shares.
pub(crate) fn shared(vpc: Vpc) -> usize {
    (vpc.n_hosts / 50).max(8)
}

impl Writer {
    /// Groups that name each other and the internet: a line of tiers.
    pub(crate) fn tiers_of_groups(&mut self, vpc: Vpc) -> io::Result<Groups> {
        let mut groups = Vec::new();
        for number in 0..8 {
            let before = match number {
                0 => everyone(),
                _ => Peer::Group(vpc.of("sg", number - 1)),
            };
            let rules = [
                tcp(443, before),
                tcp(22, Peer::Cidr(vpc.cidr())),
                ("tcp", 1_024, 9_999, Peer::Group(vpc.of("sg", number))),
            ];
            let name = format!("tier-{number}");
            groups.push(self.group(vpc, number, &name, &rules, &open_egress())?);
        }
        Ok(Groups::Shared(groups))
    }
}
