//! Large and plausible networks, written as the files that `describe-*` calls give.
//!
//! A hub account holds a transit gateway and a VPC for management; some accounts hold the VPCs of applications, each in
//! three zones. An application has web servers, an autoscaling group of servers behind them, and a database.

mod filters;
mod hub;
mod list;
mod spoke;

use std::io;
use std::path::Path;

use crate::random::Random;
use list::Folder;

/// What to make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Organisation {
    /// How many network interfaces of hosts, about.
    pub interfaces: usize,
    /// The same seed gives the same files.
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
    /// Bytes in all files.
    pub bytes: u64,
}

/// How many hosts a VPC holds at most.
const HOSTS_PER_VPC: usize = 200;
/// How many accounts hold VPCs of applications.
const ACCOUNTS: usize = 5;
/// VPCs are numbered by the second byte of their addresses; the hub has zero.
const MAX_VPCS: usize = 250;

impl Organisation {
    /// Writes `ACCOUNT/REGION/KIND.json` for every account and kind, element by element.
    ///
    /// # Errors
    ///
    /// If a file cannot be written.
    pub fn write(&self, folder: &Path) -> io::Result<Written> {
        let mut writer = Writer {
            random: Random::new(self.seed),
            folder: Folder::new(folder),
            written: Written::default(),
        };
        let n_spokes = self.interfaces.div_ceil(HOSTS_PER_VPC).clamp(1, MAX_VPCS);
        writer.hub(n_spokes)?;
        let mut left = self.interfaces;
        for number in 1..=n_spokes {
            let n_hosts = left.div_ceil(n_spokes + 1 - number);
            left -= n_hosts;
            writer.spoke(number, n_hosts)?;
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
    folder: Folder,
    written: Written,
}

/// A VPC of the organisation: all names follow from its number.
#[derive(Debug, Clone, Copy)]
struct Vpc {
    number: usize,
    has_v6: bool,
}

impl Vpc {
    fn account(self) -> String {
        match self.number {
            0 => "100000000000".into(),
            number => format!("20000000000{}", number % ACCOUNTS),
        }
    }

    fn id(self) -> String {
        format!("vpc-{:017x}", self.number)
    }

    fn cidr(self) -> String {
        format!("10.{}.0.0/16", self.number)
    }

    /// The first four groups of a subnet's IPv6 addresses.
    fn v6(self, subnet: usize) -> Option<String> {
        self.has_v6
            .then(|| format!("2600:1f14:{:x}:{subnet:x}", self.number))
    }

    /// The id of something in the VPC.
    fn of(self, prefix: &str, number: usize) -> String {
        format!("{prefix}-{:08x}{number:09x}", self.number)
    }
}

/// The zones of the region.
const ZONES: [(&str, &str); 3] = [
    ("ap-southeast-2a", "apse2-az1"),
    ("ap-southeast-2b", "apse2-az3"),
    ("ap-southeast-2c", "apse2-az2"),
];
const REGION: &str = "ap-southeast-2";
const GATEWAY: &str = "tgw-00000000000000001";

/// The elements with commas between them.
fn joined(elements: impl IntoIterator<Item = String>) -> String {
    elements.into_iter().collect::<Vec<_>>().join(",")
}

/// `[{"Key":"Name","Value":…}]`.
fn tags(name: &str) -> String {
    format!(r#"[{{"Key":"Name","Value":"{name}"}}]"#)
}
