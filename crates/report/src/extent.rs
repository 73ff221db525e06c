//! What a blast radius comes to.

use analysis::{Jewel, OtherEnvironment, OtherVpc};
use model::{Resource, Snapshot};
use schemars::JsonSchema;
use serde::Serialize;

use crate::blast::BlastView;
use crate::common::SubjectView;
use crate::inventory::count;
use crate::page::Page;

/// Crown jewels that are reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct JewelView {
    /// The hosts.
    pub hosts: SubjectView,
    /// At which hop the first of them is reached.
    pub hop: usize,
    /// Whether it is certain.
    pub certain: bool,
}

/// A VPC in which nothing belongs to the foothold, and into which the intruder gets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OtherVpcView {
    /// `vpc-…`.
    pub id: String,
    /// What people call it.
    pub name: Option<String>,
    /// The account that owns it.
    pub account: Option<String>,
    /// At which hop the first of its hosts is reached.
    pub hop: usize,
    /// How many of its hosts are reached.
    pub hosts: usize,
    /// How many hosts it has that accept connections.
    pub of: usize,
    /// Whether it is certain.
    pub certain: bool,
}

/// An environment in which nothing belongs to the foothold, and into which the intruder gets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OtherEnvironmentView {
    /// What it is called.
    pub name: String,
    /// At which hop the first of its hosts is reached.
    pub hop: usize,
    /// How many of its hosts are reached.
    pub hosts: usize,
    /// How many hosts it has that accept connections.
    pub of: usize,
    /// Whether it is certain.
    pub certain: bool,
}

impl OtherEnvironmentView {
    pub(crate) fn of(other: &OtherEnvironment) -> Self {
        Self {
            name: other.name.to_string(),
            hop: other.hop,
            hosts: other.n_hosts,
            of: other.of,
            certain: other.is_certain,
        }
    }

    fn line(&self) -> String {
        let hosts = count(self.of, "host");
        format!(
            "{}, {} of {hosts} from hop {}",
            self.name, self.hosts, self.hop
        )
    }
}

impl JewelView {
    pub(crate) fn of(jewel: &Jewel) -> Self {
        Self {
            hosts: SubjectView::of(&jewel.hosts),
            hop: jewel.hop,
            certain: jewel.is_certain,
        }
    }
}

impl OtherVpcView {
    pub(crate) fn of(other: &OtherVpc, snapshot: &Snapshot) -> Self {
        let vpc = snapshot.vpcs().get(other.vpc);
        Self {
            id: vpc.id.to_string(),
            name: vpc.name().map(str::to_owned),
            account: vpc.owner.as_ref().map(ToString::to_string),
            hop: other.hop,
            hosts: other.n_hosts,
            of: other.of,
            certain: other.is_certain,
        }
    }

    fn line(&self) -> String {
        let name = self.name.as_ref().unwrap_or(&self.id);
        let account = self.account.as_ref();
        let account = account.map_or_else(String::new, |account| format!(" of {account}"));
        let hosts = count(self.of, "host");
        format!(
            "{name}{account}, {} of {hosts} from hop {}",
            self.hosts, self.hop
        )
    }
}

/// A line for the crown jewels, one for other environments, one for other VPCs, one for the networks outside.
pub(crate) fn write_extent(page: &mut Page<'_>, blast: &BlastView) {
    let jewels = blast.jewels.iter();
    let jewels = jewels.map(|jewel| {
        (
            jewel.certain,
            format!("{} at hop {}", jewel.hosts.label(), jewel.hop),
        )
    });
    write(page, "Crown jewels", jewels.collect());
    // From outside, every environment and VPC is another one.
    if !blast.foothold.members.is_empty() {
        let others = blast.other_environments.iter();
        let others = others.map(|other| (other.certain, other.line()));
        let title = format!("Beyond {}", blast.environments.join(" and "));
        write(page, &title, others.collect());
        let vpcs = blast.other_vpcs.iter().map(|vpc| (vpc.certain, vpc.line()));
        write(page, "Other VPCs", vpcs.collect());
    }
    let offices = blast
        .ways_out
        .iter()
        .filter(|way| way.edge.to.kind == "office");
    let mut offices: Vec<(bool, String)> = offices
        .map(|way| (!way.edge.services.is_empty(), way.edge.to.label()))
        .collect();
    offices.sort_unstable_by(|one, other| other.cmp(one));
    offices.dedup_by(|one, other| one.1 == other.1);
    write(page, "Offices", offices);
}

/// What is certain, then what is not.
fn write(page: &mut Page<'_>, title: &str, items: Vec<(bool, String)>) {
    let texts = items.into_iter().map(|(is_certain, text)| {
        let possibly = if is_certain { "" } else { "possibly " };
        format!("{possibly}{text}")
    });
    let texts: Vec<String> = texts.collect();
    if !texts.is_empty() {
        page.text(0, &format!("{title}: {}", texts.join("; ")));
    }
}
