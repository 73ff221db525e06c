//! Rows as they are being gathered.

use std::sync::Arc;

use model::{Index, SecurityGroup, Vpc};
use rustc_hash::FxHashMap;

use crate::class::ClassId;
use crate::interner::Interner;
use crate::reach::Reach;
use crate::rows::{ReachId, Row, RowCounts, RowId, Rows};

/// Rows as they are being gathered, in the order of the targets.
#[derive(Debug, Default)]
pub(crate) struct Gathering {
    rows: Interner<Arc<Row>>,
    reaches: Interner<Reach>,
    by_target: Vec<RowId>,
    counts: RowCounts,
}

/// The rows of some targets, with numbers of answers of their own.
#[derive(Debug, Default)]
pub(crate) struct Part {
    /// Targets, and the number of the row of all of them.
    pub(crate) targets: Vec<(Vec<ClassId>, u32)>,
    pub(crate) rows: Vec<Row>,
    pub(crate) reaches: Vec<Reach>,
    pub(crate) ways: usize,
    pub(crate) single_pairs: usize,
    /// Groups that ways met between their ends, and the first class of the site to which they led.
    pub(crate) met: Vec<(Index<SecurityGroup>, ClassId)>,
    /// VPCs of third parties that ways came by, and the first class of the site to which they led.
    pub(crate) came_by: Vec<(Index<Vpc>, ClassId)>,
}

impl Gathering {
    pub(crate) fn of(n_classes: usize, n_sites: usize) -> Self {
        let mut gathering = Self::default();
        let nobody = gathering.rows.number(Arc::default());
        gathering.by_target = vec![RowId(nobody); n_classes];
        gathering.counts.classes = n_classes;
        gathering.counts.sites = n_sites;
        gathering
    }

    /// What was gathered for other rows of the same classes, to replace some of it. What is counted starts anew.
    pub(crate) fn again(rows: &Rows) -> Self {
        Self {
            rows: rows.distinct.clone(),
            reaches: rows.reaches.clone(),
            by_target: rows.by_target.clone(),
            counts: RowCounts {
                classes: rows.counts.classes,
                sites: rows.counts.sites,
                ..RowCounts::default()
            },
        }
    }

    /// Nothing yet, for so many classes; answers have the numbers that they have in other rows.
    pub(crate) fn carried(rows: &Rows, n_classes: usize, n_sites: usize) -> Self {
        Self {
            reaches: rows.reaches.clone(),
            ..Self::of(n_classes, n_sites)
        }
    }

    /// Keeps a row, and gives its number.
    pub(crate) fn keep(&mut self, row: Arc<Row>) -> u32 {
        self.rows.number(row)
    }

    /// Gives a target a row that is kept.
    pub(crate) fn give(&mut self, target: ClassId, row: u32) {
        if let Some(slot) = self.by_target.get_mut(target.number()) {
            *slot = RowId(row);
        }
    }

    /// The rows of some targets.
    pub(crate) fn add(&mut self, part: Part) {
        let (targets, rows) = self.count(part);
        let rows = rows
            .into_iter()
            .map(|row| RowId(self.rows.number(Arc::new(row))));
        let rows: Vec<RowId> = rows.collect();
        for (targets, row) in targets {
            for target in targets {
                let slot = self.by_target.get_mut(target.number());
                if let (Some(slot), Some(id)) = (slot, rows.get(row as usize)) {
                    *slot = *id;
                }
            }
        }
    }

    /// What the rows of some targets say of some classes, which stand in order, and of no others.
    pub(crate) fn add_of(&mut self, classes: &[(ClassId, ClassId)], part: Part) {
        let (targets, rows) = self.count(part);
        let mut known: FxHashMap<(RowId, u32), RowId> = FxHashMap::default();
        for (targets, row) in targets {
            let Some(part) = rows.get(row as usize) else {
                continue;
            };
            for target in targets {
                let Some(slot) = self.by_target.get_mut(target.number()) else {
                    continue;
                };
                let all = &mut self.rows;
                *slot = *known.entry((*slot, row)).or_insert_with_key(|(before, _)| {
                    let changed = all.value(before.0).with_part(classes, part);
                    RowId(all.number(Arc::new(changed)))
                });
            }
        }
    }

    /// Counts the work for a part, and gives its rows with the numbers of answers that all have.
    fn count(&mut self, part: Part) -> (Vec<(Vec<ClassId>, u32)>, Vec<Row>) {
        let numbers: Vec<ReachId> = part
            .reaches
            .into_iter()
            .map(|reach| ReachId(self.reaches.number(reach)))
            .collect();
        self.counts.ways += part.ways;
        self.counts.single_pairs += part.single_pairs;
        self.counts.signatures += part.targets.len();
        let number = |id: ReachId| numbers.get(id.number()).copied().unwrap_or(id);
        let rows = part.rows.into_iter().map(|row| row.renumbered(number));
        (part.targets, rows.collect())
    }

    pub(crate) fn finish(mut self, joined: Arc<FxHashMap<ClassId, Vec<ClassId>>>) -> Rows {
        self.counts.rows = self.rows.len();
        self.counts.reaches = self.reaches.len();
        Rows {
            distinct: self.rows.share(),
            by_target: self.by_target,
            reaches: self.reaches.share(),
            joined,
            counts: self.counts,
        }
    }
}
