//! All pairs of classes: ways between sites, then the groups of those who stand there.

use std::collections::BTreeSet;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use model::{Index, SecurityGroup, Steps, Vpc};
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::class::{ClassId, Classes, Site};
use crate::departure::{Area, Departures, areas};
use crate::dress::Wardrobe;
use crate::gathering::{Gathering, Part};
use crate::joined::joined;
use crate::near_lines::NearLines;
use crate::rows::Rows;
use crate::semantics::{Memos, Semantics};
use crate::surveyor::Surveyor;

/// In how many parts the targets are surveyed: each is done by one thread, and finds out common things by itself.
const PARTS: usize = 16;

/// Fewer sites are no part.
const LEAST: usize = 4;

/// Answers for all pairs, and what finding out some of them again needs.
#[derive(Debug)]
pub(crate) struct Survey {
    pub(crate) rows: Rows,
    pub(crate) scene: Scene,
    pub(crate) met: Arc<Met>,
    /// More of them, since rules changed.
    pub(crate) more_met: Met,
}

/// Where sites stand, and what those wear who stand there.
#[derive(Debug)]
pub(crate) struct Scene {
    pub(crate) areas: Arc<[Area]>,
    pub(crate) lines: NearLines,
    pub(crate) wardrobe: Wardrobe,
    pub(crate) departures: Departures,
    /// For whoever comes next.
    pub(crate) known: Arc<Mutex<Option<Known>>>,
    /// For whoever watches.
    pub(crate) steps: Arc<Steps>,
}

/// What one who surveyed found out that no rule of a group has a part in.
#[derive(Debug)]
pub(crate) struct Known {
    memos: Memos,
    departures: Departures,
}

/// What ways came by between their ends, with the first classes of the sites to which they led.
#[derive(Debug, Clone, Default)]
pub(crate) struct Met {
    /// Groups that were asked there.
    pub(crate) groups: FxHashMap<Index<SecurityGroup>, BTreeSet<ClassId>>,
    /// VPCs that are neither the sender's nor the target's.
    pub(crate) vpcs: FxHashMap<Index<Vpc>, BTreeSet<ClassId>>,
}

impl Met {
    /// Adds what was met before, by the new first classes of sites.
    pub(crate) fn carry(&mut self, before: &Self, sites: &FxHashMap<ClassId, BTreeSet<ClassId>>) {
        carry(&mut self.groups, &before.groups, sites);
        carry(&mut self.vpcs, &before.vpcs, sites);
    }
}

fn carry<K: Copy + Eq + Hash>(
    met: &mut FxHashMap<K, BTreeSet<ClassId>>,
    before: &FxHashMap<K, BTreeSet<ClassId>>,
    sites: &FxHashMap<ClassId, BTreeSet<ClassId>>,
) {
    #[expect(clippy::iter_over_hash_type, reason = "what is met has no order")]
    for (key, known) in before {
        let known = known.iter().filter_map(|first| sites.get(first));
        met.entry(*key).or_default().extend(known.flatten());
    }
}

/// Targets whose rows are asked for.
pub(crate) struct Task {
    pub(crate) site: Site,
    /// Those of its classes that are meant; `None`: all.
    pub(crate) only: Option<Vec<ClassId>>,
}

impl Survey {
    /// All pairs.
    pub(crate) fn of(semantics: &Semantics<'_>, classes: &Classes, steps: Arc<Steps>) -> Self {
        let scene = Scene::of(semantics, classes, steps);
        // Ways to targets in one VPC have more in common than ways to others.
        let sites = scene.areas.iter().flat_map(|area| &area.sites);
        let tasks = sites.map(|site| Task {
            site: *site,
            only: None,
        });
        let tasks: Vec<Task> = tasks.collect();
        let mut gathering = Gathering::of(classes.all.len(), classes.sites.len());
        let mut met = Met::default();
        for part in scene.survey((semantics, classes), None, &tasks) {
            meet(&mut met, &part);
            gathering.add(part);
        }
        Self {
            rows: gathering.finish(Arc::new(joined(semantics, classes))),
            scene,
            met: Arc::new(met),
            more_met: Met::default(),
        }
    }
}

impl Scene {
    pub(crate) fn of(semantics: &Semantics<'_>, classes: &Classes, steps: Arc<Steps>) -> Self {
        let lines = NearLines::of(semantics.snapshot());
        Self {
            areas: areas(semantics, classes).into(),
            departures: Departures::new(lines.clone()),
            lines,
            wardrobe: Wardrobe::of(&semantics.network, classes),
            known: Arc::default(),
            steps,
        }
    }

    /// What these sites, by their first classes, or all send to some targets.
    pub(crate) fn survey(
        &self,
        (semantics, classes): (&Semantics<'_>, &Classes),
        from: Option<&BTreeSet<ClassId>>,
        tasks: &[Task],
    ) -> Vec<Part> {
        self.steps.expect(tasks.len());
        let chunk = tasks.len().div_ceil(PARTS).max(LEAST);
        let parts = tasks.par_chunks(chunk).enumerate().map(|(number, tasks)| {
            let is_first = number == 0;
            let known = is_first.then(|| self.known().take()).flatten();
            let known = known.unwrap_or_else(|| Known {
                memos: Memos::default(),
                departures: self.departures.companion(),
            });
            let own = semantics.knowing(known.memos);
            let mut surveyor = Surveyor::new((&own, classes), self, from, known.departures);
            for task in tasks {
                surveyor.site(task);
                self.steps.step();
            }
            let (part, departures) = surveyor.finish();
            if is_first {
                let memos = own.into_memos();
                *self.known() = Some(Known { memos, departures });
            }
            part
        });
        parts.collect()
    }

    fn known(&self) -> MutexGuard<'_, Option<Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Adds what the ways of a part met.
pub(crate) fn meet(met: &mut Met, part: &Part) {
    for (group, site) in &part.met {
        met.groups.entry(*group).or_default().insert(*site);
    }
    for (vpc, site) in &part.came_by {
        met.vpcs.entry(*vpc).or_default().insert(*site);
    }
}
