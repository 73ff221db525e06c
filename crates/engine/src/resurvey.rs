//! What a change of rules makes of the answers for all pairs.
//!
//! Rules are asked of three: of the receiver, so all rows of those who wear a changed group are found out again; of the
//! sender, so what those who wear it send is, to wherever changed rules of egress may match; and of who stands on the
//! way, so all rows of sites are to which a way led that met the group. Everything else stays as it was.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use model::{
    Direction, Endpoint, Index, OwnerKind, RulePeer, SecurityGroup, SecurityGroupRule, Snapshot,
};
use packet::{PacketSet, Prefix};
use rustc_hash::FxHashMap;

use crate::class::{ClassId, Classes, Site};
use crate::dress::Wardrobe;
use crate::gathering::Gathering;
use crate::rows::{RowId, Rows};
use crate::semantics::Semantics;
use crate::survey::{Scene, Survey, Task, meet};

/// A group whose rules changed.
struct Edited<'s> {
    group: &'s SecurityGroup,
    index: Index<SecurityGroup>,
    /// Whether it lets in something else.
    lets_in: bool,
    /// Where rules that came let out to.
    opened: Vec<Scope>,
    /// Where rules that went let out to.
    closed: Vec<Scope>,
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
        let scene = Scene {
            areas: self.scene.areas.clone(),
            lines: self.scene.lines.with_rules_of(after, changed),
            wardrobe: self
                .scene
                .wardrobe
                .with_rules_of(&semantics.network, changed),
            departures: self.scene.departures.companion(),
            known: self.scene.known.clone(),
            steps: Arc::default(),
        };
        let differences = Differences {
            snapshots: [before, after],
            wardrobe: &scene.wardrobe,
            classes,
        };
        let edited = changed.iter().map(|group| differences.of(*group));
        let edited: Vec<Edited<'_>> = edited.collect();
        let mut gathering = Gathering::again(&self.rows);
        let mut more_met = self.more_met.clone();
        for one in &edited {
            let Some((from, tasks)) = self.senders((semantics, classes), &scene, one) else {
                continue;
            };
            let ranges = from.iter().filter_map(|first| classes.site_of(*first));
            let ranges: Vec<_> = ranges.map(|site| (site.first, site.last)).collect();
            for part in scene.survey((semantics, classes), Some(&from), &tasks) {
                meet(&mut more_met, &part);
                gathering.add_of(&ranges, part);
            }
        }
        let tasks = self.targets((semantics, classes), &scene, &edited);
        for part in scene.survey((semantics, classes), None, &tasks) {
            meet(&mut more_met, &part);
            gathering.add(part);
        }
        Self {
            rows: gathering.finish(self.rows.joined.clone()),
            scene,
            met: self.met.clone(),
            more_met,
        }
    }

    /// The sites of those who wear a group, by their first classes, and to where they may send something else.
    fn senders(
        &self,
        (semantics, classes): (&Semantics<'_>, &Classes),
        scene: &Scene,
        edited: &Edited<'_>,
    ) -> Option<(BTreeSet<ClassId>, Vec<Task>)> {
        if edited.opened.is_empty() && edited.closed.is_empty() {
            return None;
        }
        let wearers = scene.wardrobe.wearers(&edited.group.id).iter();
        let sites = wearers.filter_map(|wearer| classes.site_of(*wearer));
        let from: BTreeSet<ClassId> = sites.map(|site| site.first).collect();
        let mut reached = Reached::new(&self.rows, &from, classes);
        let is_meant = |site: &&Site| {
            let covers = |scope: &Scope| scope.covers(semantics.snapshot(), classes, **site);
            // What a sender does not reach it does not reach with fewer rules.
            edited.opened.iter().any(covers)
                || (edited.closed.iter().any(covers)
                    && site.classes().any(|target| reached.holds(target)))
        };
        let sites = scene.areas.iter().flat_map(|area| &area.sites);
        let tasks = sites.filter(is_meant).map(|site| Task {
            site: *site,
            only: None,
        });
        let tasks = tasks.collect();
        Some((from, tasks))
    }

    /// The targets of which everything may have changed.
    fn targets(
        &self,
        (semantics, classes): (&Semantics<'_>, &Classes),
        scene: &Scene,
        edited: &[Edited<'_>],
    ) -> Vec<Task> {
        let mut tasks: BTreeMap<ClassId, Task> = BTreeMap::new();
        for one in edited {
            let lets_out = !(one.opened.is_empty() && one.closed.is_empty());
            for target in scene.wardrobe.wearers(&one.group.id) {
                // File systems show who sends to them by what they let out.
                let is_shown = || is_file_system(semantics.snapshot(), classes, *target);
                let is_meant = one.lets_in || (lets_out && is_shown());
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
        let met = all.flat_map(|met| {
            let edited = edited.iter().filter(|one| one.is_any());
            edited.filter_map(|one| met.groups.get(&one.index))
        });
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
        // The lines are cut at the block: all that stand there are in it, or none.
        classes.endpoints_at(site).next().is_some_and(|endpoint| {
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

/// Which targets some senders reach, by rows.
struct Reached<'r> {
    rows: &'r Rows,
    /// The first and last classes of their sites.
    senders: Vec<(ClassId, ClassId)>,
    known: FxHashMap<RowId, bool>,
}

impl<'r> Reached<'r> {
    fn new(rows: &'r Rows, from: &BTreeSet<ClassId>, classes: &Classes) -> Self {
        let sites = from.iter().filter_map(|first| classes.site_of(*first));
        Self {
            rows,
            senders: sites.map(|site| (site.first, site.last)).collect(),
            known: FxHashMap::default(),
        }
    }

    /// Whether any of the senders reaches a target.
    fn holds(&mut self, target: ClassId) -> bool {
        let (rows, senders) = (self.rows, &self.senders);
        let reaches = |row: &RowId| {
            let mut parts = rows.row(*row).parts();
            parts.any(|(_, sources)| senders.iter().any(|range| sources.meets(*range)))
        };
        *self
            .known
            .entry(rows.row_of(target))
            .or_insert_with_key(reaches)
    }
}

/// Finds what differs in the rules of groups.
struct Differences<'s> {
    /// Before, and after.
    snapshots: [&'s Snapshot; 2],
    wardrobe: &'s Wardrobe,
    classes: &'s Classes,
}

impl<'s> Differences<'s> {
    fn of(&self, index: Index<SecurityGroup>) -> Edited<'s> {
        let [was, is] = self.snapshots.map(|snapshot| snapshot.groups().get(index));
        let mut edited = Edited {
            group: is,
            index,
            lets_in: false,
            opened: Vec::new(),
            closed: Vec::new(),
        };
        for (own, other, has_come) in [(was, is, false), (is, was, true)] {
            let differs = |rule: &&SecurityGroupRule| !has_same(other, rule);
            for rule in own.rules.iter().filter(differs) {
                if self.is_void(is, rule) {
                    continue;
                }
                match rule.direction {
                    Direction::Ingress => edited.lets_in = true,
                    Direction::Egress if has_come => edited.opened.push(Scope::of(&rule.peer)),
                    Direction::Egress => edited.closed.push(Scope::of(&rule.peer)),
                }
            }
        }
        edited
    }

    /// Whether all who wear the group of a rule wear another rule that lets pass the same and more.
    fn is_void(&self, group: &SecurityGroup, rule: &SecurityGroupRule) -> bool {
        let [before, after] = self.snapshots;
        let services = PacketSet::from(&rule.service);
        let covers = |other: &SecurityGroupRule| {
            rule.direction == other.direction
                && is_covered(&rule.peer, &other.peer)
                && services.is_subset(&PacketSet::from(&other.service))
        };
        let wearers = self.wardrobe.wearers(&group.id).iter();
        let mut dresses: Vec<_> = wearers.map(|one| self.wardrobe.of_class(*one)).collect();
        dresses.sort_unstable();
        dresses.dedup();
        let is_shown = |class: &ClassId| {
            rule.direction == Direction::Egress && is_file_system(after, self.classes, *class)
        };
        if self.wardrobe.wearers(&group.id).iter().any(is_shown) {
            return false;
        }
        dresses.into_iter().flatten().all(|dress| {
            let groups = self.wardrobe.groups(dress).iter();
            let mut groups = groups.filter_map(|id| after.groups().find(id.as_str()));
            groups.any(|index| {
                let [was, is] = [before, after].map(|snapshot| snapshot.groups().get(index));
                let mut kept = is.rules.iter().filter(|other| covers(other));
                kept.any(|other| has_same(was, other))
            })
        })
    }
}

impl Edited<'_> {
    const fn is_any(&self) -> bool {
        self.lets_in || !self.opened.is_empty() || !self.closed.is_empty()
    }
}

fn has_same(group: &SecurityGroup, rule: &SecurityGroupRule) -> bool {
    group.rules.iter().any(|one| {
        (one.direction, one.service) == (rule.direction, rule.service) && one.peer == rule.peer
    })
}

/// Whether whoever matches one peer matches another.
fn is_covered(peer: &RulePeer, by: &RulePeer) -> bool {
    match (peer, by) {
        (RulePeer::Cidr(inner), RulePeer::Cidr(outer)) => outer.covers(inner),
        (RulePeer::Cidr(_) | RulePeer::PrefixList(_) | RulePeer::Group(_), _) => peer == by,
    }
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
