//! Group rules and who can use them: what most checks ask for.

use std::collections::{BTreeMap, BTreeSet};

use model::{Index, Origin, Resource, RulePeer, SecurityGroup, SecurityGroupRule, Snapshot};
use packet::{Family, PacketSet, Prefix};

use super::{Check, Scene};
use crate::answer::Answer;
use crate::finding::{Finding, Grade};
use crate::host::HostId;
use crate::landscape::Landscape;
use crate::subject::{Member, Subject, SubjectKind};
use crate::witness::{RuleAt, Witness};

/// An edge or exposure that a rule lets in.
pub(super) struct Use {
    pub(super) from: Subject,
    pub(super) to: Subject,
    pub(super) services: PacketSet,
    pub(super) witness: Witness,
}

/// Every ingress rule through which packets of `wanted` certainly arrive, with who comes that way.
pub(super) fn used(scene: &Scene<'_, '_>, wanted: &PacketSet) -> BTreeMap<RuleAt, Vec<Use>> {
    let exposed = scene.exposures.iter().flat_map(|exposure| {
        exposure.rows.iter().map(|row| {
            (
                &exposure.from,
                &row.to,
                &row.answer.certain,
                row.witness.as_ref(),
            )
        })
    });
    let edges = scene
        .lateral
        .edges
        .iter()
        .map(|edge| (&edge.from, &edge.to, &edge.services, edge.witness.as_ref()));
    let snapshot = scene.landscape.snapshot();
    let mut used: BTreeMap<RuleAt, Vec<Use>> = BTreeMap::new();
    for (from, to, certain, witness) in exposed.chain(edges) {
        let certain = certain.intersection(wanted);
        if certain.is_empty() {
            continue;
        }
        for at in witness.iter().flat_map(|witness| &witness.ingress) {
            let Some((rule, witness)) = at.rule(snapshot).zip(witness) else {
                continue;
            };
            let services = certain.intersection(&PacketSet::from(&rule.service));
            if !services.is_empty() {
                let case = Use {
                    from: from.clone(),
                    to: to.clone(),
                    services,
                    witness: witness.clone(),
                };
                used.entry(*at).or_default().push(case);
            }
        }
    }
    used
}

/// The block that a rule names, if it names one.
pub(super) const fn cidr(rule: &SecurityGroupRule) -> Option<&Prefix> {
    match &rule.peer {
        RulePeer::Cidr(cidr) => Some(cidr),
        RulePeer::Group(_) | RulePeer::PrefixList(_) => None,
    }
}

/// Whether a block is all addresses of its family.
pub(super) fn is_world(cidr: &Prefix) -> bool {
    cidr.length() == 0
}

/// Whether a block holds whole networks: a block of a VPC of the snapshot, or more than 4,096 addresses.
pub(super) fn is_wide(cidr: &Prefix, snapshot: &Snapshot) -> bool {
    let covers_vpc = snapshot
        .vpcs()
        .rows()
        .iter()
        .any(|vpc| vpc.cidrs.iter().any(|block| cidr.covers(block)));
    let is_large = match cidr.family() {
        Family::V4 => cidr.length() < 20,
        Family::V6 => cidr.length() < 60,
    };
    covers_vpc || is_large
}

/// The name of a group as people say it.
pub(super) fn group_name(snapshot: &Snapshot, group: Index<SecurityGroup>) -> String {
    let group = snapshot.groups().get(group);
    group.name().unwrap_or(group.id.as_str()).to_owned()
}

/// Name and id of a group, for text that tells what to change.
pub(super) fn group_text(snapshot: &Snapshot, group: Index<SecurityGroup>) -> String {
    let row = snapshot.groups().get(group);
    match row.name() {
        Some(name) if name != row.id.as_str() => format!("{name} ({})", row.id),
        Some(_) | None => row.id.to_string(),
    }
}

/// Rules and the cases that come through them, group by group.
pub(super) fn by_group(
    used: BTreeMap<RuleAt, Vec<Use>>,
    is_meant: impl Fn(RuleAt, &Use) -> bool,
) -> BTreeMap<Index<SecurityGroup>, (Vec<RuleAt>, Vec<Use>)> {
    let mut groups: BTreeMap<Index<SecurityGroup>, (Vec<RuleAt>, Vec<Use>)> = BTreeMap::new();
    for (at, mut cases) in used {
        cases.retain(|case| is_meant(at, case));
        if !cases.is_empty() {
            let (rules, all) = groups.entry(at.group).or_default();
            rules.push(at);
            all.extend(cases);
        }
    }
    groups
}

/// Rules of one group in words: `tcp/22 from 0.0.0.0/0` and `tcp/22 from ::/0` of shop-bastion (sg-…).
pub(super) fn rules_text(snapshot: &Snapshot, rules: &[RuleAt]) -> String {
    let texts: Vec<String> = rules
        .iter()
        .map(|at| format!("`{}`", rule_text(snapshot, *at)))
        .collect();
    let group = rules
        .first()
        .map(|at| group_text(snapshot, at.group))
        .unwrap_or_default();
    format!("{} of {group}", texts.join(" and "))
}

/// A rule in the words in which one looks for it.
pub(super) fn rule_text(snapshot: &Snapshot, at: RuleAt) -> String {
    let Some(rule) = at.rule(snapshot) else {
        return String::new();
    };
    let preposition = match rule.direction {
        model::Direction::Ingress => "from",
        model::Direction::Egress => "to",
    };
    let peer = match &rule.peer {
        RulePeer::Cidr(cidr) => cidr.to_string(),
        RulePeer::Group(reference) if reference.group.is(at.group) => "itself".to_owned(),
        RulePeer::Group(reference) => {
            let known = reference
                .group
                .target()
                .map(|group| group_name(snapshot, group));
            known.unwrap_or_else(|| reference.group.id().to_string())
        }
        RulePeer::PrefixList(list) => list.id().to_string(),
    };
    format!("{} {preposition} {peer}", rule.service)
}

/// The hosts that wear a group, by class.
pub(super) fn wearers(landscape: &Landscape<'_>, group: Index<SecurityGroup>) -> Vec<Subject> {
    let snapshot = landscape.snapshot();
    let wears = |host: &crate::host::Host| {
        host.interfaces.iter().any(|index| {
            snapshot
                .interfaces()
                .get(*index)
                .groups
                .iter()
                .any(|link| link.is(group))
        })
    };
    let mut by_class: BTreeMap<_, Vec<HostId>> = BTreeMap::new();
    for (id, _) in landscape.hosts().filter(|(_, host)| wears(host)) {
        by_class.entry(landscape.class_of(id)).or_default().push(id);
    }
    by_class
        .into_iter()
        .map(|(class, hosts)| landscape.subject(class, &hosts))
        .collect()
}

/// The rules of a group with their places.
pub(super) fn rules_of(
    snapshot: &Snapshot,
    group: Index<SecurityGroup>,
) -> impl Iterator<Item = (RuleAt, &SecurityGroupRule)> {
    let rules = snapshot.groups().get(group).rules.iter().enumerate();
    rules.map(move |(number, rule)| (RuleAt { group, number }, rule))
}

/// Subjects without those that come twice; hosts of one class together.
pub(super) fn distinct<'s>(subjects: impl Iterator<Item = &'s Subject>) -> Vec<Subject> {
    let mut merged: BTreeMap<(SubjectKind, &str, usize), Vec<&Subject>> = BTreeMap::new();
    for subject in subjects {
        let key = (subject.kind, subject.name.as_str(), subject.class_size);
        let alike = merged.entry(key).or_default();
        if alike.iter().all(|known| known.members != subject.members) {
            alike.push(subject);
        }
    }
    let merged = merged.into_values().filter_map(|alike| {
        let mut subject = (*alike.first()?).clone();
        if alike.len() > 1 {
            let members = alike.iter().flat_map(|one| one.members.iter());
            let members: BTreeSet<&Member> = members.collect();
            subject.members = members.into_iter().cloned().collect();
        }
        Some(subject)
    });
    merged.collect()
}

/// A finding about rules of one group that packets use.
pub(super) struct Draft {
    pub(super) grade: Grade,
    pub(super) title: String,
    pub(super) fix: String,
    pub(super) rules: Vec<RuleAt>,
}

impl Draft {
    /// The finding, with the cases that prove it.
    pub(super) fn proved(self, check: &Check, snapshot: &Snapshot, cases: &[Use]) -> Finding {
        let services = cases
            .iter()
            .fold(PacketSet::empty(), |all, case| all.union(&case.services));
        Finding {
            subjects: distinct(cases.iter().map(|case| &case.to)),
            sources: distinct(cases.iter().map(|case| &case.from)),
            services,
            witness: cases.first().map(|case| case.witness.clone()),
            ..self.unproved(check, snapshot, Vec::new())
        }
    }

    /// The finding about configuration, or a latent one.
    pub(super) fn unproved(
        self,
        check: &Check,
        snapshot: &Snapshot,
        subjects: Vec<Subject>,
    ) -> Finding {
        let Self {
            grade,
            title,
            fix,
            rules,
        } = self;
        let origins: Vec<Origin> = rules
            .iter()
            .filter_map(|at| at.rule(snapshot))
            .map(|rule| rule.origin.clone())
            .collect();
        Finding {
            code: check.code,
            check: check.name,
            grade,
            title,
            subjects,
            sources: Vec::new(),
            services: Answer::nothing().certain,
            rules,
            witness: None,
            fix,
            is_latent: false,
            origins,
        }
    }
}
