//! Interval decision diagrams: the canonical form behind packet sets.
//!
//! A diagram asks one header field after the other, in the fixed order of [`Level`]. A node splits the field's values
//! into intervals and gives each a diagram for the fields that follow. Three laws make the form canonical, so that equal
//! sets are equal trees: adjacent intervals differ, a node whose branches are all empty is [`Diagram::Empty`], and one
//! whose branches are all full is [`Diagram::Full`].
//!
//! Trees share what they have in common, as far as operations notice: both families usually have the same subtrees, and
//! a result that equals an operand is that operand.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use crate::Family;

/// A header field, in the order in which diagrams ask for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    /// Family and protocol: the protocol number, plus 256 for IPv6.
    Kind,
    /// Destination port, or ICMP type times 256 plus code, or zero.
    Service,
    /// Source port; zero for what has none.
    SourcePort,
    /// Source address.
    Source,
    /// Destination address.
    Destination,
}

impl Level {
    pub(crate) const fn next(self) -> Option<Self> {
        match self {
            Self::Kind => Some(Self::Service),
            Self::Service => Some(Self::SourcePort),
            Self::SourcePort => Some(Self::Source),
            Self::Source => Some(Self::Destination),
            Self::Destination => None,
        }
    }

    /// The field's largest value. The smallest is zero.
    pub(crate) const fn last(self, family: Family) -> u128 {
        match self {
            Self::Kind => 511,
            Self::Service | Self::SourcePort => u16::MAX as u128,
            Self::Source | Self::Destination => family.last_address(),
        }
    }
}

/// A set of headers, from one field on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Diagram {
    Empty,
    Full,
    Node(Arc<Node>),
}

/// Branches by intervals that start where the one before ends; the last one ends at the field's largest value.
#[derive(Debug, Eq, PartialOrd, Ord)]
pub(crate) struct Node {
    // INVARIANT: sorted by `last`, neighbours differ, not all empty, not all full.
    branches: Box<[Branch]>,
    /// A digest of the branches, so that trees are hashed and told apart without a walk.
    digest: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Branch {
    /// The interval's last value (inclusive).
    last: u128,
    next: Diagram,
}

/// Branches as they are found, neighbours that agree joined.
struct Branches(Vec<Branch>);

/// Pairs of nodes that an operation was applied to before, at the same field.
struct Recent<'n> {
    results: Vec<(&'n Arc<Node>, &'n Arc<Node>, Diagram)>,
    /// Which one to forget next.
    oldest: usize,
}

/// How many pairs are kept: both families of TCP and UDP.
const KEPT: usize = 4;

impl Diagram {
    /// The set in which this field lies in one of the sorted, disjoint, inclusive intervals and `inside` holds.
    pub(crate) fn within(intervals: &[(u128, u128)], last: u128, inside: &Self) -> Self {
        let mut branches = Branches::expecting(2 * intervals.len() + 1);
        let mut start = 0;
        for &(from, to) in intervals {
            if let Some(before) = from.checked_sub(1)
                && start <= before
            {
                branches.push(before, Self::Empty);
            }
            branches.push(to, inside.clone());
            start = to.saturating_add(1);
        }
        if branches.0.last().is_none_or(|branch| branch.last < last) {
            branches.push(last, Self::Empty);
        }
        branches.finish(&[])
    }

    pub(crate) fn union(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Full, _) | (_, Self::Full) => Self::Full,
            (Self::Empty, set) | (set, Self::Empty) => set.clone(),
            (Self::Node(a), Self::Node(b)) if Arc::ptr_eq(a, b) => self.clone(),
            (Self::Node(a), Self::Node(b)) => zip((a, b), Self::union),
        }
    }

    pub(crate) fn intersection(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Empty, _) | (_, Self::Empty) => Self::Empty,
            (Self::Full, set) | (set, Self::Full) => set.clone(),
            (Self::Node(a), Self::Node(b)) if Arc::ptr_eq(a, b) => self.clone(),
            (Self::Node(a), Self::Node(b)) => zip((a, b), Self::intersection),
        }
    }

    pub(crate) fn difference(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Empty, _) | (_, Self::Full) => Self::Empty,
            (set, Self::Empty) => set.clone(),
            (Self::Full, set) => set.complement(),
            (Self::Node(a), Self::Node(b)) if Arc::ptr_eq(a, b) => Self::Empty,
            (Self::Node(a), Self::Node(b)) => zip((a, b), Self::difference),
        }
    }

    pub(crate) fn complement(&self) -> Self {
        match self {
            Self::Empty => Self::Full,
            Self::Full => Self::Empty,
            Self::Node(_) => self.map(Self::complement),
        }
    }

    /// The branch that a value of this field takes.
    pub(crate) fn follow(&self, value: u128) -> &Self {
        match self {
            Self::Empty | Self::Full => self,
            Self::Node(node) => {
                let index = node.branches.partition_point(|branch| branch.last < value);
                node.branches
                    .get(index)
                    .map_or(&Self::Empty, |branch| &branch.next)
            }
        }
    }

    /// The intervals of this field with what follows each; a terminal is one interval up to `last`.
    pub(crate) fn intervals(&self, last: u128) -> Vec<(u128, u128, Self)> {
        let Self::Node(node) = self else {
            return vec![(0, last, self.clone())];
        };
        let mut start = 0;
        let mut intervals = Vec::with_capacity(node.branches.len());
        for branch in &node.branches {
            intervals.push((start, branch.last, branch.next.clone()));
            start = branch.last.saturating_add(1);
        }
        intervals
    }

    /// The diagram with an operation applied to what follows each interval.
    pub(crate) fn map(&self, operation: impl Fn(&Self) -> Self) -> Self {
        match self {
            Self::Empty | Self::Full => operation(self),
            Self::Node(node) => {
                let mut recent = Recent::new();
                let mut branches = Branches::expecting(node.branches.len());
                for Branch { last, next } in &node.branches {
                    let apply = |next: &Self, _: &Self| operation(next);
                    branches.push(*last, recent.apply((next, next), &apply));
                }
                branches.finish(&[node])
            }
        }
    }
}

/// Applies an operation interval by interval. Both nodes ask the same field.
fn zip((a, b): (&Arc<Node>, &Arc<Node>), operation: fn(&Diagram, &Diagram) -> Diagram) -> Diagram {
    let mut recent = Recent::new();
    let mut branches = Branches::expecting(a.branches.len() + b.branches.len());
    let (mut left, mut right) = (a.branches.iter().peekable(), b.branches.iter().peekable());
    while let (Some(&one), Some(&other)) = (left.peek(), right.peek()) {
        let next = recent.apply((&one.next, &other.next), &operation);
        branches.push(one.last.min(other.last), next);
        if one.last <= other.last {
            left.next();
        }
        if other.last <= one.last {
            right.next();
        }
    }
    branches.finish(&[a, b])
}

impl Branches {
    fn expecting(n_branches: usize) -> Self {
        Self(Vec::with_capacity(n_branches))
    }

    fn push(&mut self, last: u128, next: Diagram) {
        match self.0.last_mut() {
            Some(before) if before.next == next => before.last = last,
            Some(_) | None => self.0.push(Branch { last, next }),
        }
    }

    /// The canonical diagram of the branches; one of the known nodes if it is the same.
    fn finish(self, known: &[&Arc<Node>]) -> Diagram {
        match self.0.as_slice() {
            [] => return Diagram::Empty,
            [only] if !matches!(only.next, Diagram::Node(_)) => return only.next.clone(),
            [..] => {}
        }
        let digest = digest(&self.0);
        let same = known
            .iter()
            .find(|node| node.digest == digest && *node.branches == *self.0);
        Diagram::Node(same.map_or_else(
            || {
                let branches = self.0.into();
                Arc::new(Node { branches, digest })
            },
            |node| Arc::clone(node),
        ))
    }
}

impl<'n> Recent<'n> {
    const fn new() -> Self {
        Self {
            results: Vec::new(),
            oldest: 0,
        }
    }

    /// What an operation, always the same one, makes of two diagrams.
    fn apply(
        &mut self,
        (a, b): (&'n Diagram, &'n Diagram),
        operation: &impl Fn(&Diagram, &Diagram) -> Diagram,
    ) -> Diagram {
        let (Diagram::Node(one), Diagram::Node(other)) = (a, b) else {
            return operation(a, b);
        };
        let is_same = |known: &&(&Arc<Node>, &Arc<Node>, Diagram)| {
            Arc::ptr_eq(known.0, one) && Arc::ptr_eq(known.1, other)
        };
        if let Some((_, _, known)) = self.results.iter().find(is_same) {
            return known.clone();
        }
        let result = operation(a, b);
        let entry = (one, other, result.clone());
        match self.results.get_mut(self.oldest) {
            Some(oldest) => *oldest = entry,
            None => self.results.push(entry),
        }
        self.oldest = (self.oldest + 1) % KEPT;
        result
    }
}

/// Multiplied with and turned after each part, as hashes for short keys do.
const FACTOR: u64 = 0xf135_7aea_2e62_a9c5;

fn digest(branches: &[Branch]) -> u64 {
    let mix = |digest: u64, part: u64| (digest.rotate_left(23) ^ part).wrapping_mul(FACTOR);
    let mut digest = 0;
    for Branch { last, next } in branches {
        let [low, high] = halves(*last);
        let next = match next {
            Diagram::Empty => 1,
            Diagram::Full => 2,
            Diagram::Node(node) => node.digest,
        };
        digest = mix(mix(mix(digest, low), high), next);
    }
    digest
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "both halves of the number are taken"
)]
const fn halves(number: u128) -> [u64; 2] {
    [number as u64, (number >> 64) as u64]
}

impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.digest == other.digest && self.branches == other.branches
    }
}

impl Hash for Node {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.digest);
    }
}
