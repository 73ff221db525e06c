//! Kinds of endpoints as subjects of results.

use std::collections::BTreeMap;

use model::{Endpoint, Index, OfficeNetwork, Resource, Snapshot};
use packet::Prefix;

use super::{Difference, Party, PartyKindId, Side};
use crate::class_name::common;
use crate::landscape::Landscape;
use crate::owner::{Owner, owner};
use crate::subject::{Member, Subject, SubjectKind};

/// So many names or blocks are told.
const MAX_NAMES: usize = 3;

impl Difference {
    /// Some kinds as subjects: the internet, offices, then hosts. What is on both sides is told as it is after; then comes
    /// what is gone.
    pub fn subjects(
        &self,
        ids: &[PartyKindId],
        before: &Snapshot,
        after: &Snapshot,
    ) -> Vec<Subject> {
        let parties: Vec<&Party> = ids.iter().flat_map(|id| self.parties(*id)).collect();
        let mut subjects = Vec::new();
        for (side, snapshot) in [(Side::After, after), (Side::Before, before)] {
            let own = parties.iter().filter_map(|party| {
                let endpoint = match side {
                    Side::After => party.after,
                    Side::Before if party.after.is_none() => party.before,
                    Side::Before => None,
                };
                Some((endpoint?, party.block))
            });
            let own: Vec<(Endpoint, Option<Prefix>)> = own.collect();
            subjects.extend(self.of_side(snapshot, &own));
        }
        subjects
    }

    fn of_side(&self, snapshot: &Snapshot, own: &[(Endpoint, Option<Prefix>)]) -> Vec<Subject> {
        let mut internet = Vec::new();
        let mut offices: BTreeMap<Index<OfficeNetwork>, Vec<Prefix>> = BTreeMap::new();
        let mut hosts: BTreeMap<Owner, Member> = BTreeMap::new();
        for (endpoint, block) in own {
            match endpoint {
                Endpoint::Internet { .. } => internet.extend(*block),
                Endpoint::Office { office, .. } => {
                    offices.entry(*office).or_default().extend(*block);
                }
                Endpoint::Interface { interface, address } => {
                    let row = snapshot.interfaces().get(*interface);
                    let owner = owner(snapshot, row);
                    let member = hosts.entry(owner).or_insert_with_key(|owner| Member {
                        id: owner.id.clone(),
                        name: owner.name.clone(),
                        account: row.owner.clone(),
                        region: row.region.clone(),
                        addresses: Vec::new(),
                        interfaces: Vec::new(),
                        groups: Vec::new(),
                    });
                    member.addresses.push(*address);
                    if !member.interfaces.contains(&row.id) {
                        member.interfaces.push(row.id.clone());
                        let groups = row.groups.iter().map(|link| link.id().clone());
                        member.groups.extend(groups);
                    }
                }
                Endpoint::Unknown { .. } => {}
            }
        }
        let mut subjects = Vec::new();
        if !internet.is_empty() {
            let is_of = |endpoint: &Endpoint| matches!(endpoint, Endpoint::Internet { .. });
            let subject = Landscape::internet_subject();
            subjects.push(self.part_of(subject, &internet, is_of));
        }
        for (office, blocks) in offices {
            let is_of = |endpoint: &Endpoint| matches!(endpoint, Endpoint::Office { office: of, .. } if *of == office);
            let row = snapshot.offices().get(office);
            let subject = Subject {
                kind: SubjectKind::Office(office),
                name: row.name().unwrap_or(row.id.as_str()).to_owned(),
                members: [].into(),
                class_size: 0,
            };
            subjects.push(self.part_of(subject, &blocks, is_of));
        }
        subjects.extend(of_hosts(hosts));
        subjects
    }

    /// A network outside, or the blocks of it that are meant. All blocks of one family are the network too.
    fn part_of(
        &self,
        mut subject: Subject,
        blocks: &[Prefix],
        is_of: impl Fn(&Endpoint) -> bool,
    ) -> Subject {
        let is_meant = |party: &&Party| {
            let endpoint = party.after.or(party.before);
            let mut families = blocks.iter().map(Prefix::family);
            let own = party.block.map(|block| block.family());
            endpoint.as_ref().is_some_and(&is_of) && families.any(|family| Some(family) == own)
        };
        if blocks.len() < self.outside.iter().filter(is_meant).count() {
            let texts: Vec<String> = blocks.iter().map(ToString::to_string).collect();
            subject.name = format!("{} {}", subject.name, listed(&texts));
        }
        subject
    }
}

/// Hosts, those of one role together.
fn of_hosts(hosts: BTreeMap<Owner, Member>) -> Vec<Subject> {
    let mut by_role: BTreeMap<crate::Role, Vec<Member>> = BTreeMap::new();
    for (owner, mut member) in hosts {
        member.groups.sort_unstable();
        member.groups.dedup();
        by_role.entry(owner.role).or_default().push(member);
    }
    let subjects = by_role.into_iter().map(|(role, mut members)| {
        members.sort_unstable();
        Subject {
            kind: SubjectKind::Hosts(role),
            name: name_of(&members),
            class_size: members.len(),
            members: members.into(),
        }
    });
    subjects.collect()
}

fn name_of(members: &[Member]) -> String {
    let given: Option<Vec<&str>> = members.iter().map(|one| one.name.as_deref()).collect();
    let in_common = given.as_deref().and_then(common);
    in_common.unwrap_or_else(|| {
        let names = members.iter();
        let names = names.map(|one| one.name.clone().unwrap_or_else(|| one.id.clone()));
        listed(&names.collect::<Vec<String>>())
    })
}

fn listed(names: &[String]) -> String {
    let shown = names.get(..MAX_NAMES).unwrap_or(names).join(", ");
    match names.len().saturating_sub(MAX_NAMES) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}
