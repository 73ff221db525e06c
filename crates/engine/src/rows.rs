//! The answers for all pairs of classes.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::class::ClassId;
use crate::interner::Interner;
use crate::reach::Reach;

/// The answers for all pairs of classes, by target: few targets differ in who reaches them, so few rows are kept.
///
/// Pairs of which both ends lie outside (the internet, offices) are not in it.
///
/// Rows that were made of others by a change of rules have all their numbers of rows and answers, and more of their own.
#[derive(Debug)]
pub struct Rows {
    pub(crate) distinct: Interner<Arc<Row>>,
    pub(crate) by_target: Vec<RowId>,
    pub(crate) reaches: Interner<Reach>,
    /// Classes of which every endpoint is on one host with every endpoint of the target, in order.
    pub(crate) joined: Arc<FxHashMap<ClassId, Vec<ClassId>>>,
    pub(crate) counts: RowCounts,
}

/// The number of a [`Row`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowId(pub(crate) u32);

/// The number of an answer that some pair has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReachId(pub(crate) u32);

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
        self.distinct.value(id.0)
    }

    /// An answer.
    pub fn reach(&self, id: ReachId) -> &Reach {
        self.reaches.value(id.0)
    }

    /// All answers that some pair has, by number. Those of a changed network may hold some that no pair has any more.
    pub fn reaches(&self) -> impl Iterator<Item = (ReachId, &Reach)> {
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

    /// The targets whose rows other rows of the same classes, which were made of these or of which these were made, do not
    /// share.
    pub fn targets_that_differ<'r>(&'r self, other: &'r Self) -> impl Iterator<Item = ClassId> {
        let pairs = self.by_target.iter().zip(&other.by_target).enumerate();
        let differing = pairs.filter(|(_, (one, other))| one != other);
        differing.map(|(number, _)| ClassId::at(number))
    }

    /// How much work it was; for rows made of others by a change, how much that took.
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

    /// The same with another row in the place of what it says of some classes, which stand in order.
    pub(crate) fn with_part(&self, classes: &[(ClassId, ClassId)], part: &Self) -> Self {
        let kept = self.parts.iter();
        let mut parts: BTreeMap<ReachId, ClassSet> =
            kept.map(|(id, set)| (*id, set.without(classes))).collect();
        for (id, set) in &part.parts {
            let all = parts.entry(*id).or_default();
            *all = all.union(set);
        }
        let parts = parts.into_iter().filter(|(_, set)| !set.ranges.is_empty());
        Self {
            parts: parts.collect(),
        }
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

    /// The same row about other classes in the place of its own.
    pub(crate) fn with_classes(&self, of: impl Fn(&ClassSet) -> ClassSet) -> Self {
        let parts = self.parts.iter().map(|(id, set)| (*id, of(set)));
        let parts = parts.filter(|(_, set)| !set.is_empty());
        Self {
            parts: parts.collect(),
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
    /// All classes, as ranges of numbers in order, both ends inclusive.
    pub fn ranges(&self) -> &[(ClassId, ClassId)] {
        &self.ranges
    }

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

    /// Whether any class from one number to another is one of them.
    pub(crate) fn meets(&self, (first, last): (ClassId, ClassId)) -> bool {
        let next = self.ranges.partition_point(|(start, _)| *start <= last);
        let range = next.checked_sub(1).and_then(|place| self.ranges.get(place));
        range.is_some_and(|(_, end)| first <= *end)
    }

    /// Those outside some ranges, which stand in order.
    fn without(&self, ranges: &[(ClassId, ClassId)]) -> Self {
        let mut left = Self::default();
        let mut ranges = ranges.iter().peekable();
        for (first, last) in &self.ranges {
            let mut first = *first;
            while ranges.next_if(|(_, end)| *end < first).is_some() {}
            let mut rest = ranges.clone();
            while let Some((start, end)) = rest.next_if(|(start, _)| start <= last) {
                if let Some(before) = start.before().filter(|before| first <= *before) {
                    left.add((first, before));
                }
                first = first.max(end.after());
            }
            if first <= *last {
                left.add((first, *last));
            }
        }
        left
    }

    /// Those of either; the two have none in common.
    fn union(&self, other: &Self) -> Self {
        let mut all = Self {
            ranges: Vec::with_capacity(self.ranges.len() + other.ranges.len()),
        };
        let mut others = other.ranges.iter().copied().peekable();
        for range in &self.ranges {
            while let Some(before) = others.next_if(|other| other < range) {
                all.add(before);
            }
            all.add(*range);
        }
        others.for_each(|range| all.add(range));
        all
    }

    /// Those of ranges, both ends inclusive, which have none in common.
    pub(crate) fn of(mut ranges: Vec<(ClassId, ClassId)>) -> Self {
        ranges.sort_unstable();
        let mut all = Self::default();
        for range in ranges {
            all.add(range);
        }
        all
    }

    fn add(&mut self, (first, last): (ClassId, ClassId)) {
        match self.ranges.last_mut() {
            Some((_, before)) if before.number() + 1 == first.number() => *before = last,
            Some(_) | None => self.ranges.push((first, last)),
        }
    }
}
