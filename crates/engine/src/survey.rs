//! All pairs of classes: ways between sites, then the groups of those who stand there.

use std::collections::BTreeSet;
use std::sync::Arc;

use model::{Index, SecurityGroup};
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::class::{ClassId, Classes, Site};
use crate::departure::{Area, areas};
use crate::dress::Wardrobe;
use crate::gathering::{Gathering, Part};
use crate::joined::joined;
use crate::near_lines::NearLines;
use crate::rows::Rows;
use crate::semantics::Semantics;
use crate::surveyor::Surveyor;

/// In how many parts the targets are surveyed: each is done by one thread, and finds out common things by itself.
const PARTS: usize = 16;

/// Fewer sites are no part.
const LEAST: usize = 4;

/// Answers for all pairs, and what finding out some of them again needs.
#[derive(Debug)]
pub(crate) struct Survey {
    pub(crate) rows: Rows,
    pub(crate) areas: Arc<[Area]>,
    pub(crate) lines: NearLines,
    pub(crate) wardrobe: Wardrobe,
    pub(crate) met: Arc<Met>,
    /// More of them, since rules changed.
    pub(crate) more_met: Met,
}

/// For each group that ways met between their ends, the first classes of the sites to which they led.
pub(crate) type Met = FxHashMap<Index<SecurityGroup>, BTreeSet<ClassId>>;

/// Targets whose rows are asked for.
pub(crate) struct Task {
    pub(crate) site: Site,
    /// Those of its classes that are meant; `None`: all.
    pub(crate) only: Option<Vec<ClassId>>,
}

impl Survey {
    /// All pairs.
    pub(crate) fn of(semantics: &Semantics<'_>, classes: &Classes) -> Self {
        let areas: Arc<[Area]> = areas(semantics, classes).into();
        // Ways to targets in one VPC have more in common than ways to others.
        let sites = areas.iter().flat_map(|area| area.sites.iter().copied());
        let tasks = sites.map(|site| Task { site, only: None });
        let tasks: Vec<Task> = tasks.collect();
        let mut survey = Self {
            rows: Gathering::of(classes.all.len(), classes.sites.len()).finish(Arc::default()),
            wardrobe: Wardrobe::of(&semantics.network, classes),
            lines: NearLines::of(semantics.snapshot()),
            areas: areas.clone(),
            met: Arc::default(),
            more_met: Met::default(),
        };
        let mut gathering = Gathering::of(classes.all.len(), classes.sites.len());
        let mut met = Met::default();
        for part in survey.parts((semantics, classes), &areas, &tasks) {
            meet(&mut met, &part);
            gathering.add(part);
        }
        survey.rows = gathering.finish(Arc::new(joined(semantics, classes)));
        survey.met = Arc::new(met);
        survey
    }

    /// What some sites send to some targets.
    pub(crate) fn parts(
        &self,
        (semantics, classes): (&Semantics<'_>, &Classes),
        areas: &[Area],
        tasks: &[Task],
    ) -> Vec<Part> {
        let chunk = tasks.len().div_ceil(PARTS).max(LEAST);
        let parts = tasks.par_chunks(chunk).map(|tasks| {
            let own = semantics.afresh();
            let mut surveyor = Surveyor::new(&own, (classes, areas, &self.lines), &self.wardrobe);
            for task in tasks {
                surveyor.site(task);
            }
            surveyor.finish()
        });
        parts.collect()
    }
}

/// Adds what the ways of a part met.
pub(crate) fn meet(met: &mut Met, part: &Part) {
    for (group, site) in &part.met {
        met.entry(*group).or_default().insert(*site);
    }
}
