//! Large and plausible networks, written as the files that `describe-*` calls give.
//!
//! A hub account holds a transit gateway, a connection to an office and a VPC of shared services; other accounts hold
//! the VPCs of applications, in production, in development, or by themselves. [`Profile`] says how orderly they are.
//! Files are written element by element, account by account: memory does not grow with the network, but for the layout
//! of np-guard, which is one file.
//!
//! # Limits
//!
//! Tests and measurements only: no product crate uses this one. One region. Addresses of all VPCs are taken from
//! 10.0.0.0/8 and do not overlap. The networks that are hard in one way are as plain as can be otherwise.

mod applications;
mod balancers;
mod endpoints;
mod filters;
mod folder;
mod gateways;
mod hard;
mod hostile;
mod hub;
mod interfaces;
mod plan;
mod text;
mod tiers;
mod vpc;

use std::io;
use std::path::Path;

use testkit::Random;

pub use hard::Hard;

use folder::Folder;
use plan::Plan;

/// How orderly a network is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// Tiers whose hosts wear the same groups.
    Tidy,
    /// Hosts wear one to five groups as they come, and rules name blocks, groups and prefix lists without a plan.
    Messy,
    /// Every interface is its own class, in one VPC of a /8; groups, lists and ACLs are as large as quotas let them be.
    Hostile,
    /// Nodes of clusters with delegated prefixes, and pods with interfaces of their own.
    Kubernetes,
    /// One VPC that is hard in one way.
    Hard(Hard),
}

/// Who would have written the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// `ACCOUNT/REGION/SERVICE/Operation.json`.
    Aws,
    /// `ACCOUNT/REGION/Kind.json`, as Batfish reads it.
    Batfish,
    /// One file of the kinds that np-guard reads.
    NpGuard,
}

/// What to make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Organisation {
    /// How orderly it is.
    pub profile: Profile,
    /// How it is written.
    pub layout: Layout,
    /// How many network interfaces of hosts and managed services; those of gateways come on top.
    pub interfaces: usize,
    /// The same seed gives the same bytes.
    pub seed: u64,
}

/// What was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Written {
    /// VPCs.
    pub vpcs: usize,
    /// Network interfaces, also of gateways.
    pub interfaces: usize,
    /// Security groups.
    pub groups: usize,
    /// Rules of security groups.
    pub rules: usize,
    /// Bytes in all files.
    pub bytes: u64,
}

impl Profile {
    /// All of them, by the names that commands use.
    pub const ALL: [(&'static str, Self); 10] = [
        ("tidy", Self::Tidy),
        ("messy", Self::Messy),
        ("hostile", Self::Hostile),
        ("k8s", Self::Kubernetes),
        ("all-different", Self::Hard(Hard::AllDifferent)),
        ("wide-ports", Self::Hard(Hard::WidePorts)),
        ("long-lists", Self::Hard(Hard::LongLists)),
        ("overlapping-blocks", Self::Hard(Hard::OverlappingBlocks)),
        ("full-acls", Self::Hard(Hard::FullAcls)),
        ("one-large-vpc", Self::Hard(Hard::OneLargeVpc)),
    ];

    /// Whether all hosts stand in one VPC.
    const fn is_one_vpc(self) -> bool {
        match self {
            Self::Hostile | Self::Hard(_) => true,
            Self::Tidy | Self::Messy | Self::Kubernetes => false,
        }
    }

    /// The profile of a name.
    pub fn named(name: &str) -> Option<Self> {
        let found = Self::ALL.into_iter().find(|(known, _)| *known == name);
        found.map(|(_, profile)| profile)
    }
}

impl Layout {
    /// The layout of a name that commands use.
    pub fn named(name: &str) -> Option<Self> {
        let all = [
            ("aws", Self::Aws),
            ("batfish", Self::Batfish),
            ("npguard", Self::NpGuard),
        ];
        let found = all.into_iter().find(|(known, _)| *known == name);
        found.map(|(_, layout)| layout)
    }
}

impl Organisation {
    /// Writes all files below a folder.
    ///
    /// # Errors
    ///
    /// If a file cannot be written, or the addresses do not suffice.
    pub fn write(&self, folder: &Path) -> io::Result<Written> {
        let mut random = Random::new(self.seed);
        let plan = Plan::of(self, &mut random)?;
        let mut writer = Writer {
            random,
            profile: self.profile,
            folder: Folder::new(folder, self.layout),
            written: Written::default(),
            next_public: 0,
        };
        match self.profile {
            Profile::Tidy | Profile::Messy | Profile::Kubernetes => {
                writer.hub(&plan)?;
                writer.spokes(&plan)?;
            }
            Profile::Hostile => writer.hostile(self.interfaces)?,
            Profile::Hard(hard) => writer.hard(hard, self.interfaces)?,
        }
        let Writer {
            folder,
            mut written,
            ..
        } = writer;
        written.bytes = folder.finish()?;
        Ok(written)
    }
}

/// What is being written.
#[derive(Debug)]
struct Writer {
    random: Random,
    profile: Profile,
    folder: Folder,
    written: Written,
    /// How many public addresses are given out.
    next_public: u32,
}
