//! Which VPCs there are, how large they are, and where they stand.

use std::io;

use testkit::Random;

use crate::text::{small, v4};
use crate::{Organisation, Profile};

/// All VPCs; the first one is the hub's.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) vpcs: Vec<Vpc>,
}

/// A VPC of the organisation: all names follow from its number.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Vpc {
    pub(crate) number: usize,
    /// The first address.
    pub(crate) base: u32,
    /// The length of its prefix.
    pub(crate) length: u8,
    /// Interfaces of hosts and managed services.
    pub(crate) n_hosts: usize,
    /// Every fifth VPC has IPv6 too.
    pub(crate) has_v6: bool,
    pub(crate) segment: Segment,
    /// The VPC that it has a peering connection with.
    pub(crate) peer: Option<usize>,
    /// The number of its account.
    account: usize,
}

/// Which table of the transit gateway a VPC is looked up in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Segment {
    /// Reached from, and reaches, everything.
    Shared,
    Production,
    Development,
    /// Not attached.
    Isolated,
}

/// The largest VPC has as many hosts, the one of rank n an n-th of them.
const LARGEST: usize = 2_000;
/// The ranks of VPCs: the smallest has fifty hosts.
const RANKS: usize = 40;
/// Accounts hold up to this many VPCs.
const VPCS_PER_ACCOUNT: usize = 4;
/// In clusters, this part of the interfaces is of nodes, in percent; the others are of pods.
pub(crate) const NODES: usize = 20;
/// The first address of the organisation, and the first beyond it.
const SPACE: (u32, u32) = (0x0A00_0000, 0x0B00_0000);

impl Plan {
    pub(crate) fn of(organisation: &Organisation, random: &mut Random) -> io::Result<Self> {
        let mut plan = Self { vpcs: Vec::new() };
        let mut next = SPACE.0;
        let mut left = organisation.interfaces;
        plan.add(&mut next, Segment::Shared, 0, organisation.profile, random)?;
        while left > 0 && !organisation.profile.is_one_vpc() {
            let n_hosts = (LARGEST / random.between(1, RANKS)).min(left);
            left -= n_hosts;
            let segment = match random.below(20) {
                0..=9 => Segment::Production,
                10..=17 => Segment::Development,
                _ => Segment::Isolated,
            };
            plan.add(&mut next, segment, n_hosts, organisation.profile, random)?;
        }
        Ok(plan)
    }

    fn add(
        &mut self,
        next: &mut u32,
        segment: Segment,
        n_hosts: usize,
        profile: Profile,
        random: &mut Random,
    ) -> io::Result<()> {
        let n_prefixes = match profile {
            Profile::Kubernetes => n_hosts * NODES / 100 + 3,
            Profile::Tidy | Profile::Messy | Profile::Hostile | Profile::Hard(_) => 0,
        };
        let needed = small(2 * n_hosts + 24 * n_prefixes).max(1024);
        let size = needed.next_power_of_two();
        let base = next.next_multiple_of(size);
        if base > SPACE.1 - size {
            return Err(io::Error::other("10.0.0.0/8 holds no more VPCs"));
        }
        *next = base + size;
        let number = self.vpcs.len();
        let before = self.vpcs.last_mut().filter(|_| number.is_multiple_of(2));
        let before = before.filter(|before| before.number > 0 && random.chance(20));
        let peer = before.map(|before| {
            before.peer = Some(number);
            before.number
        });
        self.vpcs.push(Vpc {
            number,
            base,
            length: u8::try_from(size.leading_zeros() + 1).unwrap_or(32),
            n_hosts,
            has_v6: number > 0 && random.chance(20),
            segment,
            peer,
            account: number.div_ceil(VPCS_PER_ACCOUNT),
        });
        Ok(())
    }

    /// The VPC of a number.
    pub(crate) fn vpc(&self, number: usize) -> Option<Vpc> {
        self.vpcs.get(number).copied()
    }
}

impl Vpc {
    /// One VPC that holds all that there is, with a prefix of this length.
    pub(crate) const fn alone(n_hosts: usize, length: u8) -> Self {
        Self {
            number: 0,
            base: SPACE.0,
            length,
            n_hosts,
            has_v6: false,
            segment: Segment::Isolated,
            peer: None,
            account: 0,
        }
    }

    pub(crate) fn account(self) -> String {
        format!("{:012}", 200_000_000_000_usize + self.account)
    }

    pub(crate) fn id(self) -> String {
        format!("vpc-{:017x}", self.number)
    }

    pub(crate) fn cidr(self) -> String {
        format!("{}/{}", v4(self.base), self.length)
    }

    /// How many addresses it has.
    pub(crate) const fn size(self) -> u32 {
        1 << (32 - self.length)
    }

    /// The first four groups of a subnet's IPv6 addresses.
    pub(crate) fn v6(self, subnet: usize) -> Option<String> {
        self.has_v6
            .then(|| format!("2600:1f14:{:x}:{subnet:x}", self.number))
    }

    /// The id of something in the VPC.
    pub(crate) fn of(self, prefix: &str, number: usize) -> String {
        format!("{prefix}-{:08x}{number:09x}", self.number)
    }
}
