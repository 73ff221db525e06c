//! What changes of any kind make of the answers for all pairs.
//!
//! All rows of classes that are touched are found out again, and what they send; and all rows of sites to which ways led
//! that came by a touched VPC. Everything else is carried over, by the new numbers of classes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use model::{Index, Vpc};

use crate::carried::Carried;
use crate::class::{ClassId, Classes, Site};
use crate::joined::joined;
use crate::semantics::Semantics;
use crate::survey::{Met, Scene, Survey, Task, meet};
use crate::touched::Touched;

impl Survey {
    /// The survey of a network that changes made of another one, whose survey this is.
    pub(crate) fn revisited(
        &self,
        [old, new]: [(&Semantics<'_>, &Classes); 2],
        touched: &Touched,
    ) -> Self {
        let carried = Carried::of([old, new], touched);
        let (semantics, classes) = new;
        let scene = Scene::of(semantics, classes, Arc::default());
        let sites = carried.sites([old.1, classes]);
        let mut met = Met::default();
        for known in [&*self.met, &self.more_met] {
            met.carry(known, &sites);
        }
        let targets = targets(&carried, classes, (&met, &touched.vpcs));
        let mut gathering = carried.rows(&self.rows, classes.sites.len());
        let senders = Senders::of(&carried, classes);
        let others = classes.sites.iter().filter(|site| {
            let task = targets.get(&site.first);
            task.is_none_or(|task| task.only.is_some())
        });
        let others = others.map(|site| Task {
            site: *site,
            only: None,
        });
        let others: Vec<Task> = others.collect();
        for part in scene.survey(new, Some(&senders.first), &others) {
            meet(&mut met, &part);
            gathering.add_of(&senders.ranges, part);
        }
        let targets: Vec<Task> = targets.into_values().collect();
        for part in scene.survey(new, None, &targets) {
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

/// The sites at which somebody sends of whom nothing is known.
struct Senders {
    /// Their first classes.
    first: BTreeSet<ClassId>,
    /// Their first and last classes, in order.
    ranges: Vec<(ClassId, ClassId)>,
}

impl Senders {
    fn of(carried: &Carried, classes: &Classes) -> Self {
        let sites = classes.sites.iter();
        let sites = sites.filter(|site| !carried.unknown_at(**site).is_empty());
        let ranges: Vec<_> = sites.map(|site| (site.first, site.last)).collect();
        Self {
            first: ranges.iter().map(|(first, _)| *first).collect(),
            ranges,
        }
    }
}

/// The targets of which everything may have changed, by the first classes of their sites.
fn targets(
    carried: &Carried,
    classes: &Classes,
    (met, vpcs): (&Met, &BTreeSet<Index<Vpc>>),
) -> BTreeMap<ClassId, Task> {
    let whole = |site: Site| (site.first, Task { site, only: None });
    let unknown = classes.sites.iter().filter_map(|site| {
        let unknown = carried.unknown_at(*site);
        (!unknown.is_empty()).then_some((
            site.first,
            Task {
                site: *site,
                only: Some(unknown),
            },
        ))
    });
    let mut tasks: BTreeMap<ClassId, Task> = unknown.collect();
    let met = vpcs.iter().filter_map(|vpc| met.vpcs.get(vpc)).flatten();
    let met = met.filter_map(|first| classes.site_of(*first));
    tasks.extend(met.map(whole));
    tasks
}
