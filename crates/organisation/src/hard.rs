//! Networks that are hard in one way each, of one VPC with plain subnets, some of whose hosts are on the internet.

mod chosen;
mod full_acls;
mod groups;
mod long_lists;
mod overlapping_blocks;
mod own_groups;
mod wide_ports;

use std::io;

use crate::Writer;
use crate::interfaces::Owner;
use crate::plan::Vpc;
use crate::text::{ZONES, small};

/// In what way a network is hard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hard {
    /// Every interface is its own class: it has a group of its own, with rules that no other has.
    AllDifferent,
    /// Groups of 60 rules, each with a wide range of ports that overlaps with others.
    WidePorts,
    /// Prefix lists of 5,000 entries, which groups name.
    LongLists,
    /// Rules name 1,000 blocks that overlap.
    OverlappingBlocks,
    /// Every subnet has an ACL with as many entries as AWS gives at most.
    FullAcls,
    /// The VPC has a /8, more than AWS gives, and hosts stand all over it.
    OneLargeVpc,
}

/// Hosts of a subnet.
const HOSTS: usize = 50;
/// One host of so many has a public address.
const PUBLIC: usize = 10;

impl Hard {
    /// The lengths of the prefixes of the VPC and of its subnets.
    const fn lengths(self) -> (u8, u8) {
        match self {
            Self::OneLargeVpc => (8, 16),
            Self::AllDifferent
            | Self::WidePorts
            | Self::LongLists
            | Self::OverlappingBlocks
            | Self::FullAcls => (16, 25),
        }
    }
}

impl Writer {
    /// One VPC that is hard in one way.
    pub(crate) fn hard(&mut self, hard: Hard, interfaces: usize) -> io::Result<()> {
        let (length, subnet_length) = hard.lengths();
        let vpc = Vpc::alone(interfaces, length);
        self.vpc(vpc)?;
        self.default_acl(vpc)?;
        let internet = self.internet_gateway(vpc)?;
        self.table(vpc, 0, &[], &[("0.0.0.0/0".into(), "GatewayId", internet)])?;
        let groups = match hard {
            Hard::AllDifferent => self.own_groups(vpc)?,
            Hard::WidePorts => self.wide_groups(vpc)?,
            Hard::LongLists => self.groups_of_lists(vpc)?,
            Hard::OverlappingBlocks => self.groups_of_blocks(vpc)?,
            Hard::FullAcls | Hard::OneLargeVpc => self.tiers_of_groups(vpc)?,
        };
        let n_subnets = interfaces.div_ceil(HOSTS);
        let apart = vpc.size() / small(n_subnets).next_power_of_two();
        if apart < 1 << (32 - subnet_length) {
            return Err(io::Error::other("the VPC holds no more subnets"));
        }
        for number in 0..n_subnets {
            let place = (small(number) * apart, subnet_length);
            let mut subnet = self.subnet(vpc, number, number % ZONES.len(), place)?;
            if hard == Hard::FullAcls {
                self.full_acl(vpc, 1 + number, &subnet.id)?;
            }
            for host in number * HOSTS..interfaces.min((number + 1) * HOSTS) {
                let worn = groups.of(host);
                let owner = Owner::Instance(format!("host-{host}"));
                if host.is_multiple_of(PUBLIC) {
                    self.public_interface(vpc, host, &mut subnet, &worn, &owner)?;
                } else {
                    self.interface(vpc, host, &mut subnet, &worn, &owner)?;
                }
            }
        }
        Ok(())
    }
}
