//! Interval decision diagrams: the canonical form behind packet sets.
//!
//! A diagram asks one header field after the other, in the fixed order of [`Level`]. A node splits the field's values
//! into intervals and gives each a diagram for the fields that follow. Three laws make the form canonical, so that equal
//! sets are equal trees: adjacent intervals differ, a node whose branches are all empty is [`Diagram::Empty`], and one
//! whose branches are all full is [`Diagram::Full`].

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
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Node {
    // INVARIANT: sorted by `last`, neighbours differ, not all empty, not all full.
    branches: Vec<Branch>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Branch {
    /// The interval's last value (inclusive).
    pub(crate) last: u128,
    pub(crate) next: Diagram,
}

impl Diagram {
    /// The set in which this field lies in one of the sorted, disjoint, inclusive intervals and `inside` holds.
    pub(crate) fn within(intervals: &[(u128, u128)], last: u128, inside: &Self) -> Self {
        let mut branches = Vec::with_capacity(2 * intervals.len() + 1);
        let mut start = 0;
        for &(from, to) in intervals {
            if let Some(before) = from.checked_sub(1)
                && start <= before
            {
                branches.push(Branch {
                    last: before,
                    next: Self::Empty,
                });
            }
            branches.push(Branch {
                last: to,
                next: inside.clone(),
            });
            start = to.saturating_add(1);
        }
        if branches.last().is_none_or(|branch| branch.last < last) {
            branches.push(Branch {
                last,
                next: Self::Empty,
            });
        }
        Self::of(branches)
    }

    pub(crate) fn union(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Full, _) | (_, Self::Full) => Self::Full,
            (Self::Empty, set) | (set, Self::Empty) => set.clone(),
            (Self::Node(a), Self::Node(b)) if Arc::ptr_eq(a, b) => self.clone(),
            (Self::Node(a), Self::Node(b)) => a.zip(b, Self::union),
        }
    }

    pub(crate) fn intersection(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Empty, _) | (_, Self::Empty) => Self::Empty,
            (Self::Full, set) | (set, Self::Full) => set.clone(),
            (Self::Node(a), Self::Node(b)) if Arc::ptr_eq(a, b) => self.clone(),
            (Self::Node(a), Self::Node(b)) => a.zip(b, Self::intersection),
        }
    }

    pub(crate) fn difference(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Empty, _) | (_, Self::Full) => Self::Empty,
            (set, Self::Empty) => set.clone(),
            (Self::Full, set) => set.complement(),
            (Self::Node(a), Self::Node(b)) if Arc::ptr_eq(a, b) => Self::Empty,
            (Self::Node(a), Self::Node(b)) => a.zip(b, Self::difference),
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
                let apply = |branch: &Branch| Branch {
                    last: branch.last,
                    next: operation(&branch.next),
                };
                Self::of(node.branches.iter().map(apply).collect())
            }
        }
    }

    /// The canonical diagram of these branches.
    fn of(branches: Vec<Branch>) -> Self {
        let mut merged: Vec<Branch> = Vec::with_capacity(branches.len());
        for branch in branches {
            match merged.last_mut() {
                Some(before) if before.next == branch.next => before.last = branch.last,
                _ => merged.push(branch),
            }
        }
        match merged.as_slice() {
            []
            | [
                Branch {
                    next: Self::Empty, ..
                },
            ] => Self::Empty,
            [
                Branch {
                    next: Self::Full, ..
                },
            ] => Self::Full,
            _ => Self::Node(Arc::new(Node { branches: merged })),
        }
    }
}

impl Node {
    /// Applies an operation interval by interval. Both nodes ask the same field.
    fn zip(&self, other: &Self, operation: fn(&Diagram, &Diagram) -> Diagram) -> Diagram {
        let (mut left, mut right) = (
            self.branches.iter().peekable(),
            other.branches.iter().peekable(),
        );
        let mut branches = Vec::with_capacity(self.branches.len() + other.branches.len());
        while let (Some(&a), Some(&b)) = (left.peek(), right.peek()) {
            branches.push(Branch {
                last: a.last.min(b.last),
                next: operation(&a.next, &b.next),
            });
            if a.last <= b.last {
                left.next();
            }
            if b.last <= a.last {
                right.next();
            }
        }
        Diagram::of(branches)
    }
}
