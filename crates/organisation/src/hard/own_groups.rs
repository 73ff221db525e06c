//! Every interface has a group of its own.

use std::io;

use crate::Writer;
use crate::filters::{Peer, open_egress, tcp};
use crate::hard::groups::Groups;
use crate::plan::Vpc;

/// Other hosts whose groups a group names.
const NAMED: usize = 3;
/// The first of the ports of hosts.
const FIRST_PORT: usize = 1_024;

impl Writer {
    /// A group for each host: one port from the whole VPC, which no other host has, and one from a few other hosts.
    pub(crate) fn own_groups(&mut self, vpc: Vpc) -> io::Result<Groups> {
        let mut groups = Vec::new();
        for host in 0..vpc.n_hosts {
            let port = u16::try_from(FIRST_PORT + host).map_err(io::Error::other)?;
            let mut rules = vec![tcp(port, Peer::Cidr(vpc.cidr()))];
            for _ in 0..NAMED {
                let other = self.random.below(vpc.n_hosts);
                rules.push(tcp(443, Peer::Group(vpc.of("sg", other))));
            }
            let name = format!("own-{host}");
            groups.push(self.group(vpc, host, &name, &rules, &open_egress())?);
        }
        Ok(Groups::Own(groups))
    }
}
