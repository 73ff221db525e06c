//! What a change of rules makes of the answers for all pairs.
//!
//! Rules are asked of three: of the receiver, so all rows of those who wear a changed group are found out again; of the
//! sender, so what those who wear it send is, to wherever changed rules of egress may match; and of who stands on the
//! way, so all rows of sites are to which a way led that met the group. Everything else stays as it was.

use std::collections::BTreeMap;

use model::{
    Direction, Endpoint, Index, OwnerKind, RulePeer, SecurityGroup, SecurityGroupRule, Snapshot,
};
use packet::Prefix;

use crate::class::{ClassId, Classes, Site};
use crate::departure::Area;
use crate::gathering::Gathering;
use crate::semantics::Semantics;
use crate::survey::{Survey, Task, meet};

/// A group whose rules changed.
struct Edited {
    group: Index<SecurityGroup>,
    /// Whether it lets in something else.
    lets_in: bool,
    /// Where rules that came or went let out to.
    lets_out: Vec<Scope>,
}

/// Destinations that a rule may match.
enum Scope {
    Block(Prefix),
    Anywhere,
}

impl Survey {
    /// The survey of a network that differs in the rules of some groups only, which name no block at which the lines are
    /// not cut.
    pub(crate) fn again(
        &self,
        before: &Snapshot,
        (semantics, classes): (&Semantics<'_>, &Classes),
        changed: &[Index<SecurityGroup>],
    ) -> Self {
        let after = semantics.snapshot();
        let edited = changed.iter().map(|group| edited(*group, before, after));
        let edited: Vec<Edited> = edited.collect();
        let mut survey = Self {
            rows: Gathering::again(&self.rows).finish(self.rows.joined.clone()),
            areas: self.areas.clone(),
            lines: self.lines.with_rules_of(after, changed),
            wardrobe: self.wardrobe.with_rules_of(&semantics.network, changed),
            met: self.met.clone(),
            more_met: self.more_met.clone(),
        };
        let mut gathering = Gathering::again(&self.rows);
        for one in &edited {
            survey.senders((semantics, classes), one, &mut gathering);
        }
        let tasks = survey.tasks((semantics, classes), &edited);
        let areas = survey.areas.clone();
        for part in survey.parts((semantics, classes), &areas, &tasks) {
            meet(&mut survey.more_met, &part);
            gathering.add(part);
        }
        survey.rows = gathering.finish(self.rows.joined.clone());
        survey
    }

    /// What those who wear a group send.
    fn senders(
        &mut self,
        (semantics, classes): (&Semantics<'_>, &Classes),
        edited: &Edited,
        gathering: &mut Gathering,
    ) {
        if edited.lets_out.is_empty() {
            return;
        }
        let group = semantics.snapshot().groups().get(edited.group);
        let wearers = self.wardrobe.wearers(&group.id);
        let mut from: Vec<Site> = wearers
            .iter()
            .filter_map(|one| classes.site_of(*one))
            .collect();
        from.dedup();
        let ranges: Vec<(ClassId, ClassId)> = from.iter().map(|at| (at.first, at.last)).collect();
        let areas = self.areas.iter().filter_map(|area| {
            let sites = area.sites.iter().filter(|site| from.contains(site));
            let sites: Vec<Site> = sites.copied().collect();
            let vpc = area.vpc;
            (!sites.is_empty()).then_some(Area { vpc, sites })
        });
        let areas: Vec<Area> = areas.collect();
        let sites = self.areas.iter().flat_map(|area| &area.sites);
        let in_scope = sites.filter(|site| {
            let lets_out = |scope: &Scope| scope.covers(semantics.snapshot(), classes, **site);
            edited.lets_out.iter().any(lets_out)
        });
        let tasks = in_scope.map(|site| Task {
            site: *site,
            only: None,
        });
        let tasks: Vec<Task> = tasks.collect();
        for part in self.parts((semantics, classes), &areas, &tasks) {
            meet(&mut self.more_met, &part);
            gathering.add_of(&ranges, part);
        }
    }

    /// The targets of which everything may have changed.
    fn tasks(
        &self,
        (semantics, classes): (&Semantics<'_>, &Classes),
        edited: &[Edited],
    ) -> Vec<Task> {
        let mut tasks: BTreeMap<ClassId, Task> = BTreeMap::new();
        for one in edited {
            let group = semantics.snapshot().groups().get(one.group);
            for target in self.wardrobe.wearers(&group.id) {
                // File systems show who sends to them by what they let out.
                let is_meant =
                    one.lets_in || is_file_system(semantics.snapshot(), classes, *target);
                let Some(site) = classes.site_of(*target).filter(|_| is_meant) else {
                    continue;
                };
                let task = tasks.entry(site.first).or_insert_with(|| Task {
                    site,
                    only: Some(Vec::new()),
                });
                if let Some(only) = &mut task.only {
                    only.push(*target);
                }
            }
        }
        let all = [&*self.met, &self.more_met].into_iter();
        let met = all.flat_map(|met| edited.iter().filter_map(|one| met.get(&one.group)));
        for first in met.flatten() {
            if let Some(site) = classes.site_of(*first) {
                tasks.insert(*first, Task { site, only: None });
            }
        }
        tasks.into_values().collect()
    }
}

impl Scope {
    fn of(peer: &RulePeer) -> Self {
        match peer {
            RulePeer::Cidr(block) => Self::Block(*block),
            RulePeer::Group(_) | RulePeer::PrefixList(_) => Self::Anywhere,
        }
    }

    /// Whether an address at a site, as senders or its VPC know it, is in it.
    fn covers(&self, snapshot: &Snapshot, classes: &Classes, site: Site) -> bool {
        let Self::Block(block) = self else {
            return true;
        };
        classes.endpoints_at(site).any(|endpoint| {
            let address = endpoint.address();
            let Endpoint::Interface { interface, .. } = endpoint else {
                return block.contains(address);
            };
            let interface = snapshot.interfaces().get(*interface);
            let known = [
                Some(address),
                interface.private_of(address),
                interface.public_of(address),
            ];
            known.into_iter().flatten().any(|one| block.contains(one))
        })
    }
}

fn edited(group: Index<SecurityGroup>, before: &Snapshot, after: &Snapshot) -> Edited {
    let (was, is) = (before.groups().get(group), after.groups().get(group));
    let missing = |rule: &&SecurityGroupRule, other: &SecurityGroup| {
        let is_same = |one: &SecurityGroupRule| {
            (one.direction, one.service) == (rule.direction, rule.service) && one.peer == rule.peer
        };
        !other.rules.iter().any(is_same)
    };
    let went = was.rules.iter().filter(|rule| missing(rule, is));
    let came = is.rules.iter().filter(|rule| missing(rule, was));
    let mut edited = Edited {
        group,
        lets_in: false,
        lets_out: Vec::new(),
    };
    for rule in went.chain(came) {
        match rule.direction {
            Direction::Ingress => edited.lets_in = true,
            Direction::Egress => edited.lets_out.push(Scope::of(&rule.peer)),
        }
    }
    edited
}

fn is_file_system(snapshot: &Snapshot, classes: &Classes, class: ClassId) -> bool {
    let class = classes.all.get(class.number());
    let mut endpoints = class.into_iter().flat_map(|class| &class.endpoints);
    endpoints.any(|endpoint| {
        let Endpoint::Interface { interface, .. } = endpoint else {
            return false;
        };
        snapshot.interfaces().get(*interface).owner().kind == OwnerKind::Efs
    })
}
