//! Hosts and networks outside, as subjects of results.

use std::sync::Arc;

use model::{Endpoint, Index, OfficeNetwork, Resource};

use super::{Landscape, Selection};
use crate::class_name;
use crate::host::{HostClassId, HostId, HostKind};
use crate::owner::Role;
use crate::subject::{Member, Subject, SubjectKind};

impl Landscape<'_> {
    /// These hosts of one class, as a subject of results.
    pub(crate) fn subject(&self, class: HostClassId, hosts: &[HostId]) -> Subject {
        let members = self.members(class, hosts);
        let class = self.class(class);
        let name = match &*members {
            [only] if class.hosts.len() > 1 => only.name.clone().unwrap_or_else(|| only.id.clone()),
            _ => class.name.clone(),
        };
        Subject {
            kind: SubjectKind::Hosts(class.role),
            name,
            members,
            class_size: class.hosts.len(),
        }
    }

    /// Hosts of very many classes of one role, as a subject of results: its members are some examples.
    pub(crate) fn many(&self, classes: &[HostClassId], n_hosts: usize) -> Subject {
        let examples = classes.iter().take(MAX_EXAMPLES);
        let examples = examples.filter_map(|class| self.class(*class).hosts.first());
        let members = self.told(examples.copied());
        let first = classes.first().map(|class| self.class(*class).role);
        Subject {
            kind: SubjectKind::Hosts(first.unwrap_or(Role::Interface)),
            name: format!("hosts of {} classes", classes.len()),
            members,
            class_size: n_hosts,
        }
    }

    /// These hosts of a class as results tell them. All of a class are told once.
    fn members(&self, class: HostClassId, hosts: &[HostId]) -> Arc<[Member]> {
        let told = || self.told(hosts.iter().copied());
        let is_all = hosts.len() == self.class(class).hosts.len();
        let known = self.classed().members.get(class.0).filter(|_| is_all);
        known.map_or_else(told, |known| known.get_or_init(told).clone())
    }

    fn told(&self, hosts: impl Iterator<Item = HostId>) -> Arc<[Member]> {
        let mut members: Vec<Member> = hosts.map(|host| self.member(host)).collect();
        members.sort_unstable();
        members.into()
    }

    fn member(&self, id: HostId) -> Member {
        let host = self.host(id);
        let snapshot = self.snapshot();
        let rows = || {
            host.interfaces
                .iter()
                .map(|index| snapshot.interfaces().get(*index))
        };
        let held = rows().flat_map(|row| row.addresses.iter().map(|held| held.address));
        let public = rows().flat_map(|row| row.addresses.iter().filter_map(|held| held.public));
        let mut groups: Vec<_> = rows()
            .flat_map(|row| row.groups.iter().filter_map(model::Link::target))
            .collect();
        groups.sort_unstable();
        groups.dedup();
        let groups = groups.iter().map(|group| snapshot.groups().get(*group));
        Member {
            id: host.owner.id.clone(),
            name: host.owner.name.clone(),
            account: rows().find_map(|row| row.owner.clone()),
            region: rows().find_map(|row| row.region.clone()),
            addresses: held.chain(public).collect(),
            interfaces: rows().map(|row| row.id.clone()).collect(),
            groups: groups.map(|group| group.id.clone()).collect(),
        }
    }

    /// The internet as a subject.
    pub(crate) fn internet_subject() -> Subject {
        Subject {
            kind: SubjectKind::Internet,
            name: "internet".to_owned(),
            members: Arc::default(),
            class_size: 0,
        }
    }

    /// An office network as a subject.
    pub(crate) fn office_subject(&self, office: Index<OfficeNetwork>) -> Subject {
        let row = self.snapshot().offices().get(office);
        let name = row.name().unwrap_or(row.id.as_str()).to_owned();
        Subject {
            kind: SubjectKind::Office(office),
            name,
            members: Arc::default(),
            class_size: 0,
        }
    }

    /// What a selection names, as a subject: hosts by class if they are of one, else as one list.
    pub(crate) fn selection_subject(&self, selection: &Selection) -> Subject {
        let hosts = match self.hosts_or_outside(selection) {
            Ok(hosts) => hosts,
            Err(outside) => return outside,
        };
        let mut classes: Vec<HostClassId> = hosts.iter().map(|host| self.class_of(*host)).collect();
        classes.sort_unstable();
        classes.dedup();
        match classes.as_slice() {
            [class] => self.subject(*class, &hosts),
            _ => self.mixed(&hosts),
        }
    }

    /// What a question names, as a subject: hosts that are of one kind under a common name, else as one list. How they
    /// behave towards others is not looked at, so that a question costs no more than its answer.
    pub(crate) fn asked_subject(&self, selection: &Selection) -> Subject {
        let hosts = match self.hosts_or_outside(selection) {
            Ok(hosts) => hosts,
            Err(outside) => return outside,
        };
        let mut kinds: Vec<HostKind<'_>> = hosts.iter().map(|host| self.kind_of(*host)).collect();
        kinds.sort_unstable();
        kinds.dedup();
        match kinds.as_slice() {
            [_] => self.asked_hosts(&hosts),
            _ => self.mixed(&hosts),
        }
    }

    /// Hosts of one kind, named by what they have in common.
    pub(crate) fn asked_hosts(&self, hosts: &[HostId]) -> Subject {
        let members = self.told(hosts.iter().copied());
        let cell = hosts.first().map(|host| self.cell(self.host(*host).cell));
        Subject {
            kind: SubjectKind::Hosts(cell.map_or(Role::Interface, |cell| cell.role)),
            name: class_name::of_some(self, hosts),
            class_size: members.len(),
            members,
        }
    }

    /// Hosts of several classes or kinds, as one list.
    fn mixed(&self, hosts: &[HostId]) -> Subject {
        let first = hosts
            .first()
            .map(|host| self.cell(self.host(*host).cell).role);
        let members = hosts
            .iter()
            .map(|host| self.member(*host))
            .collect::<Arc<[_]>>();
        Subject {
            kind: SubjectKind::Hosts(first.unwrap_or(Role::Interface)),
            name: "hosts".to_owned(),
            class_size: members.len(),
            members,
        }
    }

    /// The hosts of a selection, in order; the subject that it is if it has none.
    fn hosts_or_outside(&self, selection: &Selection) -> Result<Vec<HostId>, Subject> {
        let endpoints = match selection {
            Selection::Internet => return Err(Self::internet_subject()),
            Selection::Office(office) => return Err(self.office_subject(*office)),
            Selection::Endpoints(endpoints) => endpoints,
        };
        let mut hosts: Vec<HostId> = endpoints
            .iter()
            .filter_map(|endpoint| self.host_of(endpoint))
            .collect();
        hosts.sort_unstable();
        hosts.dedup();
        if hosts.is_empty() {
            return Err(addresses_subject(endpoints));
        }
        Ok(hosts)
    }
}

/// Addresses of no host as a subject.
fn addresses_subject(endpoints: &[Endpoint]) -> Subject {
    let name = match endpoints {
        [only] => only.address().to_string(),
        _ => format!("{} addresses", endpoints.len()),
    };
    Subject {
        kind: SubjectKind::Addresses,
        name,
        members: Arc::default(),
        class_size: 0,
    }
}

/// How many hosts are named as examples of very many.
const MAX_EXAMPLES: usize = 8;
