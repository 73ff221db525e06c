//! Ways from host to host that are no packets of the network: what the roles of hosts may ask AWS for.
//!
//! They are kept apart from reachability: nothing here changes what packets do, and nobody goes on by them unless asked
//! to ([`Landscape::with_channels`]).

mod find;
mod permission;
mod seats;

use std::collections::BTreeMap;

use model::{AccountId, ResourceId};

pub(crate) use find::find;

use crate::host::{HostClassId, HostId};
use crate::landscape::Landscape;
use crate::subject::Subject;

/// What a role lets whoever takes over one of its hosts do, beyond the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChannelKind {
    /// Systems Manager starts sessions and commands on the hosts that it manages.
    SessionManager,
    /// An EC2 Instance Connect endpoint opens a tunnel to port 22, for which a key is sent to the host.
    InstanceConnect,
    /// Groups, routes, or what interfaces wear can be changed: a way to hosts of the account may be opened.
    NetworkChanges,
    /// Several hosts act as one role: the credentials of one are those of all.
    SharedRole,
    /// The metadata service answers without a session token: whoever makes the host fetch an address has its role.
    MetadataVersion1,
}

impl ChannelKind {
    /// The kind in words.
    pub const fn label(self) -> &'static str {
        match self {
            Self::SessionManager => "session manager",
            Self::InstanceConnect => "instance connect",
            Self::NetworkChanges => "network changes",
            Self::SharedRole => "shared role",
            Self::MetadataVersion1 => "metadata version 1",
        }
    }

    /// Whether it leads from one host to another.
    pub(crate) const fn leads_on(self) -> bool {
        matches!(self, Self::SessionManager | Self::InstanceConnect)
    }
}

/// Something that hosts may do beyond the network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Channel {
    /// What it is.
    pub kind: ChannelKind,
    /// As which role.
    pub role: RoleName,
    /// The hosts that act as the role, by class.
    pub from: Vec<Subject>,
    /// The hosts that it leads to, by class; none where it leads to no host by itself.
    pub to: Vec<Subject>,
    /// What the role may ask for; none where it is not about that.
    pub actions: Vec<&'static str>,
    /// Whether the input tells it for certain.
    pub is_certain: bool,
}

/// A role of IAM as results name it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RoleName {
    /// Its ARN; that of the instance profile where the input does not hold the role.
    pub id: ResourceId,
    /// What people call it.
    pub name: String,
    /// The account that owns it.
    pub account: Option<AccountId>,
}

/// All that hosts may do beyond the network, as far as the input tells.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Channels {
    /// What was found, by kind and role.
    pub all: Vec<Channel>,
    /// How many hosts act as roles of which the input does not tell what they may do.
    pub n_untold: usize,
}

/// A channel between hosts of a landscape.
#[derive(Debug, Clone)]
pub(crate) struct Link {
    pub(crate) kind: ChannelKind,
    pub(crate) role: RoleName,
    pub(crate) from: Vec<HostId>,
    pub(crate) to: Vec<HostId>,
    pub(crate) actions: Vec<&'static str>,
    pub(crate) is_certain: bool,
}

/// All links of a landscape.
#[derive(Debug, Default)]
pub(crate) struct Links {
    pub(crate) all: Vec<Link>,
    /// Hosts that act as roles of which the input does not tell what they may do.
    pub(crate) untold: Vec<HostId>,
}

/// The numbers of the links by which an intruder goes on from a host, and by which he comes to it.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Berth {
    pub(crate) from: Vec<usize>,
    pub(crate) to: Vec<usize>,
}

/// What the hosts for which `is_meant` holds may do beyond the network.
pub(crate) fn channels_of(
    landscape: &Landscape<'_>,
    is_meant: impl Fn(HostId) -> bool,
) -> Channels {
    let links = landscape.links();
    let all = links.all.iter().filter_map(|link| {
        let from = link.from.iter().copied().filter(|host| is_meant(*host));
        let from: Vec<HostId> = from.collect();
        let is_told = match link.kind {
            ChannelKind::SharedRole => from.len() > 1,
            ChannelKind::SessionManager | ChannelKind::InstanceConnect => {
                !from.is_empty() && !others(link, &from).is_empty()
            }
            ChannelKind::NetworkChanges | ChannelKind::MetadataVersion1 => !from.is_empty(),
        };
        is_told.then(|| Channel {
            kind: link.kind,
            role: link.role.clone(),
            from: by_class(landscape, &from),
            to: by_class(landscape, &others(link, &from)),
            actions: link.actions.clone(),
            is_certain: link.is_certain,
        })
    });
    Channels {
        all: all.collect(),
        n_untold: links.untold.iter().filter(|host| is_meant(**host)).count(),
    }
}

/// The hosts that a link leads to; one that it starts from leads not to itself.
fn others(link: &Link, from: &[HostId]) -> Vec<HostId> {
    let others = link.to.iter().copied();
    others.filter(|host| from != [*host]).collect()
}

/// What all hosts may do beyond the network.
pub fn channels(landscape: &Landscape<'_>) -> Channels {
    channels_of(landscape, |_| true)
}

/// The hosts for which `is_meant` holds whose metadata service surely answers without a token, by class.
pub(crate) fn metadata_version_1(
    landscape: &Landscape<'_>,
    is_meant: impl Fn(HostId) -> bool,
) -> Vec<Subject> {
    let links = landscape.links().all.iter();
    let links = links.filter(|link| link.kind == ChannelKind::MetadataVersion1 && link.is_certain);
    let hosts = links.flat_map(|link| &link.from).copied();
    let hosts: Vec<HostId> = hosts.filter(|host| is_meant(*host)).collect();
    by_class(landscape, &hosts)
}

fn by_class(landscape: &Landscape<'_>, hosts: &[HostId]) -> Vec<Subject> {
    let mut classes: BTreeMap<HostClassId, Vec<HostId>> = BTreeMap::new();
    for host in hosts {
        classes
            .entry(landscape.class_of(*host))
            .or_default()
            .push(*host);
    }
    let subjects = classes.into_iter();
    subjects
        .map(|(class, hosts)| landscape.subject(class, &hosts))
        .collect()
}
