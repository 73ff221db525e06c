//! Which answers of one network hold in another one, into which changes made it.
//!
//! A class of the new network of which no member is touched has the answers of the class that its members were in before,
//! from and to all others of the sort, as long as no way between them came by what is touched.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use model::{Endpoint, Index, Snapshot, Vpc};
use rustc_hash::FxHashMap;

use crate::class::{Class, ClassId, Classes, Site};
use crate::gathering::Gathering;
use crate::rows::{ClassSet, RowId, Rows};
use crate::semantics::Semantics;
use crate::touched::Touched;

/// What classes of a changed network were before.
#[derive(Debug)]
pub(crate) struct Carried {
    /// By new class; `None` if nothing is known of it.
    before: Vec<Option<ClassId>>,
    /// Old classes with numbers in a row, both ends inclusive, whose new numbers are in a row too, and the first of those.
    runs: Vec<(ClassId, ClassId, ClassId)>,
    /// More new classes of old ones.
    more: BTreeMap<ClassId, Vec<ClassId>>,
}

impl Carried {
    /// Cost: a lookup for each endpoint.
    pub(crate) fn of([old, new]: [(&Semantics<'_>, &Classes); 2], touched: &Touched) -> Self {
        let known = Known {
            old,
            after: new.0.snapshot(),
            touched,
        };
        let classes = new.1.all.iter();
        let before = classes.map(|class| known.class(class));
        Self::over(before.collect())
    }

    fn over(before: Vec<Option<ClassId>>) -> Self {
        let mut runs: Vec<(ClassId, ClassId, ClassId)> = Vec::new();
        let mut more: BTreeMap<ClassId, Vec<ClassId>> = BTreeMap::new();
        let mut seen: BTreeSet<ClassId> = BTreeSet::new();
        for (number, old) in before.iter().enumerate() {
            let (Some(old), new) = (*old, ClassId::at(number)) else {
                continue;
            };
            if !seen.insert(old) {
                more.entry(old).or_default().push(new);
                continue;
            }
            match runs.last_mut() {
                Some((first, last, start))
                    if last.after() == old && old.0 - first.0 == new.0 - start.0 =>
                {
                    *last = old;
                }
                Some(_) | None => runs.push((old, old, new)),
            }
        }
        runs.sort_unstable();
        Self { before, runs, more }
    }

    /// The classes of a site that nothing is known of.
    pub(crate) fn unknown_at(&self, site: Site) -> Vec<ClassId> {
        let classes = site.classes();
        let is_unknown =
            |class: &ClassId| self.before.get(class.number()).is_none_or(Option::is_none);
        classes.filter(is_unknown).collect()
    }

    /// The new sites, by their first classes, at which something stands of each old one.
    pub(crate) fn sites(&self, [old, new]: [&Classes; 2]) -> FxHashMap<ClassId, BTreeSet<ClassId>> {
        let mut sites: FxHashMap<ClassId, BTreeSet<ClassId>> = FxHashMap::default();
        for (number, class) in self.before.iter().enumerate() {
            let before = class.and_then(|class| old.site_of(class));
            let after = new.site_of(ClassId::at(number));
            if let (Some(before), Some(after)) = (before, after) {
                sites.entry(before.first).or_default().insert(after.first);
            }
        }
        sites
    }

    /// What old rows say of new classes of which anything is known.
    pub(crate) fn rows(&self, rows: &Rows, n_sites: usize) -> Gathering {
        let mut gathering = Gathering::carried(rows, self.before.len(), n_sites);
        let mut known: FxHashMap<RowId, u32> = FxHashMap::default();
        for (number, class) in self.before.iter().enumerate() {
            let Some(class) = class else {
                continue;
            };
            let row = rows.row_of(*class);
            let row = *known.entry(row).or_insert_with(|| {
                let carried = rows.row(row).with_classes(|set| self.set(set));
                gathering.keep(Arc::new(carried))
            });
            gathering.give(ClassId::at(number), row);
        }
        gathering
    }

    /// The new classes of old ones.
    fn set(&self, set: &ClassSet) -> ClassSet {
        let mut ranges: Vec<(ClassId, ClassId)> = Vec::new();
        for (first, last) in set.ranges() {
            let from = self.runs.partition_point(|(_, end, _)| end < first);
            let met = self.runs.get(from..).unwrap_or_default().iter();
            for (start, end, new) in met.take_while(|(start, ..)| start <= last) {
                let (from, to) = (*first.max(start), *last.min(end));
                ranges.push((
                    ClassId(new.0 + (from.0 - start.0)),
                    ClassId(new.0 + (to.0 - start.0)),
                ));
            }
            let more = self.more.range(*first..=*last);
            ranges.extend(more.flat_map(|(_, all)| all.iter().map(|one| (*one, *one))));
        }
        ClassSet::of(ranges)
    }
}

/// What is known of the old network, to find endpoints of the new one in it.
struct Known<'k, 'a> {
    old: (&'k Semantics<'a>, &'k Classes),
    after: &'k Snapshot,
    touched: &'k Touched,
}

/// An endpoint of the new network, in the old one.
enum Was {
    /// It was this one, of this class.
    Of(Endpoint, ClassId),
    /// It is touched by itself, others of its class may not be.
    Touched,
    Unknown,
}

impl Known<'_, '_> {
    /// What a class was before: that of all its members which are not touched. If some are, two must be left that are not
    /// on one host, for else nothing was told of any two of its members.
    fn class(&self, class: &Class) -> Option<ClassId> {
        let is_touched = class.block.is_some_and(|own| {
            let mut blocks = self.touched.blocks.iter();
            blocks.any(|block| block.overlaps(&own))
        });
        if is_touched {
            return None;
        }
        let mut found: Option<(Endpoint, ClassId)> = None;
        let (mut is_whole, mut are_two) = (true, false);
        for endpoint in &class.endpoints {
            match (self.was(endpoint), found) {
                (Was::Unknown, _) => return None,
                (Was::Touched, _) => is_whole = false,
                (Was::Of(was, class), None) => found = Some((was, class)),
                (Was::Of(_, class), Some((_, known))) if class != known => return None,
                (Was::Of(was, _), Some((first, _))) => {
                    are_two |= !self.old.0.is_same_host(&first, &was);
                }
            }
        }
        let (_, class) = found?;
        (is_whole || are_two).then_some(class)
    }

    fn was(&self, endpoint: &Endpoint) -> Was {
        let (semantics, classes) = self.old;
        let was = match endpoint {
            Endpoint::Interface { interface, address } => {
                let interface = self.after.interfaces().get(*interface);
                if self.touched.interfaces.contains(&interface.id) {
                    return Was::Touched;
                }
                let interfaces = semantics.snapshot().interfaces();
                let is_kept = |vpc: &Index<Vpc>| !self.touched.vpcs.contains(vpc);
                let vpc = interface.vpc.target().filter(is_kept);
                let index = vpc.and_then(|_| interfaces.find(interface.id.as_str()));
                index.map(|interface| Endpoint::Interface {
                    interface,
                    address: *address,
                })
            }
            Endpoint::Office { .. } | Endpoint::Internet { .. } | Endpoint::Unknown { .. } => {
                Some(*endpoint)
            }
        };
        let class =
            was.and_then(|was| classes.class_of(&was, &semantics.network, &semantics.lines.whole));
        // A block outside may hold addresses of others, for which its class does not stand.
        let stands_for = |(was, class): &(Endpoint, ClassId)| {
            let class = classes.all.get(class.number());
            class.is_some_and(|class| class.endpoints.contains(was))
        };
        let found = was.zip(class).filter(stands_for);
        found.map_or(Was::Unknown, |(was, class)| Was::Of(was, class))
    }
}
