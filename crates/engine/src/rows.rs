//! The answers for all pairs of classes.

use rustc_hash::FxHashMap;

use crate::class::ClassId;
use crate::reach::Reach;

/// The answers for all pairs of classes, by target: few targets differ in who reaches them, so few rows are kept.
///
/// Pairs of which both ends lie outside (the internet, offices) are not in it.
#[derive(Debug)]
pub struct Rows {
    distinct: Vec<Row>,
    by_target: Vec<RowId>,
    reaches: Vec<Reach>,
    /// Classes of which every endpoint is on one host with every endpoint of the target, in order.
    joined: FxHashMap<ClassId, Vec<ClassId>>,
    counts: RowCounts,
}

/// The number of a [`Row`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowId(u32);

/// The number of an answer that some pair has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReachId(u32);

/// Who reaches a class, by what passes: sets of classes that have none in common. From all others nothing passes.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Row {
    // INVARIANT: by number of the answer; no set is empty.
    parts: Vec<(ReachId, ClassSet)>,
}

/// Classes, as sorted ranges of their numbers. Those that stand in one place have numbers in a row.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct ClassSet {
    // INVARIANT: sorted, disjoint, not adjacent, both ends inclusive.
    ranges: Vec<(ClassId, ClassId)>,
}

/// How much work it was: the same for the same input, on every machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RowCounts {
    /// Classes of endpoints.
    pub classes: usize,
    /// Places at which classes stand that differ in their groups only.
    pub sites: usize,
    /// Ways followed between two sites.
    pub ways: usize,
    /// Rows computed: targets at one site that admit the same share theirs.
    pub signatures: usize,
    /// Rows that differ.
    pub rows: usize,
    /// Answers that differ.
    pub reaches: usize,
    /// Pairs of classes that had to be followed by themselves.
    pub single_pairs: usize,
}

impl Rows {
    /// The number of the row of a target.
    pub fn row_of(&self, target: ClassId) -> RowId {
        #[expect(
            clippy::indexing_slicing,
            reason = "every class of the engine has a row"
        )]
        self.by_target[target.number()]
    }

    /// Who reaches targets of this row. It may also hold classes that are [joined](Self::joined_to) to a target.
    pub fn row(&self, id: RowId) -> &Row {
        #[expect(
            clippy::indexing_slicing,
            reason = "numbers are only made by the rows themselves"
        )]
        &self.distinct[id.0 as usize]
    }

    /// An answer.
    pub fn reach(&self, id: ReachId) -> &Reach {
        #[expect(
            clippy::indexing_slicing,
            reason = "numbers are only made by the answers themselves"
        )]
        &self.reaches[id.number()]
    }

    /// All answers that some pair has.
    pub fn reaches(&self) -> impl ExactSizeIterator<Item = (ReachId, &Reach)> {
        let numbered = self.reaches.iter().enumerate();
        numbered.map(|(number, reach)| (ReachId::at(number), reach))
    }

    /// Classes that never meet the target, since all their endpoints are on one host with all of its; in order. What a
    /// row says of them counts for nothing.
    pub fn joined_to(&self, target: ClassId) -> &[ClassId] {
        self.joined.get(&target).map_or(&[], Vec::as_slice)
    }

    /// What passes from one class to another; `None` if nothing does, or they never meet.
    pub fn between(&self, from: ClassId, to: ClassId) -> Option<&Reach> {
        self.id_between(from, to).map(|id| self.reach(id))
    }

    /// The number of what passes from one class to another; `None` if nothing does, or they never meet.
    pub fn id_between(&self, from: ClassId, to: ClassId) -> Option<ReachId> {
        if self.joined_to(to).binary_search(&from).is_ok() {
            return None;
        }
        let mut parts = self.row(self.row_of(to)).parts();
        let (id, _) = parts.find(|(_, classes)| classes.contains(from))?;
        Some(id)
    }

    /// How much work it was.
    pub const fn counts(&self) -> RowCounts {
        self.counts
    }
}

impl RowId {
    /// The number, from zero, without gaps.
    pub const fn number(self) -> usize {
        self.0 as usize
    }
}

impl ReachId {
    /// Answers beyond `u32::MAX` do not fit into memory.
    pub(crate) fn at(number: usize) -> Self {
        Self(u32::try_from(number).unwrap_or(u32::MAX))
    }

    /// The number, from zero, without gaps.
    pub const fn number(self) -> usize {
        self.0 as usize
    }
}

impl Row {
    /// The sets of sources, by the number of the answer.
    pub fn parts(&self) -> impl Iterator<Item = (ReachId, &ClassSet)> {
        self.parts.iter().map(|(id, classes)| (*id, classes))
    }

    /// Adds classes that come after all that were added before.
    pub(crate) fn add(&mut self, id: ReachId, range: (ClassId, ClassId)) {
        match self.parts.binary_search_by_key(&id, |(id, _)| *id) {
            Ok(place) => {
                if let Some((_, classes)) = self.parts.get_mut(place) {
                    classes.add(range);
                }
            }
            Err(place) => {
                let classes = ClassSet {
                    ranges: vec![range],
                };
                self.parts.insert(place, (id, classes));
            }
        }
    }

    /// The same row with other numbers of the answers.
    pub(crate) fn renumbered(self, number: impl Fn(ReachId) -> ReachId) -> Self {
        let parts = self.parts.into_iter();
        let mut parts: Vec<_> = parts.map(|(id, classes)| (number(id), classes)).collect();
        parts.sort_unstable_by_key(|(id, _)| *id);
        Self { parts }
    }
}

impl ClassSet {
    /// All classes, in order.
    pub fn iter(&self) -> impl Iterator<Item = ClassId> {
        let ranges = self.ranges.iter();
        ranges.flat_map(|(first, last)| (first.0..=last.0).map(ClassId))
    }

    /// Whether a class is one of them.
    pub fn contains(&self, class: ClassId) -> bool {
        let next = self.ranges.partition_point(|(first, _)| *first <= class);
        let range = next.checked_sub(1).and_then(|place| self.ranges.get(place));
        range.is_some_and(|(_, last)| class <= *last)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        let lengths = self.ranges.iter();
        lengths
            .map(|(first, last)| last.number() - first.number() + 1)
            .sum()
    }

    /// Whether there is none.
    pub const fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    fn add(&mut self, (first, last): (ClassId, ClassId)) {
        match self.ranges.last_mut() {
            Some((_, before)) if before.number() + 1 == first.number() => *before = last,
            Some(_) | None => self.ranges.push((first, last)),
        }
    }
}

/// Rows as they are being gathered, in the order of the targets.
#[derive(Debug, Default)]
pub(crate) struct Gathering {
    rows: crate::interner::Interner<Row>,
    reaches: crate::interner::Interner<Reach>,
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
}

impl Gathering {
    pub(crate) fn of(n_classes: usize, n_sites: usize) -> Self {
        let mut gathering = Self::default();
        let nobody = gathering.rows.number(Row::default());
        gathering.by_target = vec![RowId(nobody); n_classes];
        gathering.counts.classes = n_classes;
        gathering.counts.sites = n_sites;
        gathering
    }

    pub(crate) fn add(&mut self, part: Part) {
        let numbers: Vec<ReachId> = part
            .reaches
            .into_iter()
            .map(|reach| ReachId(self.reaches.number(reach)))
            .collect();
        self.counts.ways += part.ways;
        self.counts.single_pairs += part.single_pairs;
        let rows = part.rows.into_iter().map(|row| {
            let row = row.renumbered(|id| numbers.get(id.number()).copied().unwrap_or(id));
            RowId(self.rows.number(row))
        });
        let rows: Vec<RowId> = rows.collect();
        for (targets, row) in part.targets {
            self.counts.signatures += 1;
            for target in targets {
                let slot = self.by_target.get_mut(target.number());
                if let (Some(slot), Some(id)) = (slot, rows.get(row as usize)) {
                    *slot = *id;
                }
            }
        }
    }

    pub(crate) fn finish(mut self, joined: FxHashMap<ClassId, Vec<ClassId>>) -> Rows {
        self.counts.rows = self.rows.len();
        self.counts.reaches = self.reaches.len();
        Rows {
            distinct: self.rows.into_all(),
            by_target: self.by_target,
            reaches: self.reaches.into_all(),
            joined,
            counts: self.counts,
        }
    }
}
