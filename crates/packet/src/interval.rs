//! Exact sets of one header field, as sorted intervals.

use std::net::IpAddr;

use crate::{Family, Prefix};

/// An unsigned header field: the values that an [`IntervalSet`] may hold.
pub trait Field: Copy + Ord {
    /// The smallest value.
    const MIN: Self;
    /// The largest value.
    const MAX: Self;
    /// The value after this one, if there is one.
    fn next(self) -> Option<Self>;
    /// The value before this one, if there is one.
    fn previous(self) -> Option<Self>;
}

impl Field for u16 {
    const MIN: Self = Self::MIN;
    const MAX: Self = Self::MAX;
    fn next(self) -> Option<Self> {
        self.checked_add(1)
    }
    fn previous(self) -> Option<Self> {
        self.checked_sub(1)
    }
}

impl Field for u128 {
    const MIN: Self = Self::MIN;
    const MAX: Self = Self::MAX;
    fn next(self) -> Option<Self> {
        self.checked_add(1)
    }
    fn previous(self) -> Option<Self> {
        self.checked_sub(1)
    }
}

/// A set of values of one field, kept as sorted, disjoint, non-adjacent inclusive intervals.
///
/// Two sets are equal exactly if they hold the same values.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IntervalSet<T> {
    intervals: Vec<(T, T)>,
}

/// A set of ports.
pub type PortSet = IntervalSet<u16>;

impl<T: Field> IntervalSet<T> {
    /// The set without a value.
    pub const fn empty() -> Self {
        Self {
            intervals: Vec::new(),
        }
    }

    /// The set of all values.
    pub fn full() -> Self {
        Self::range(T::MIN, T::MAX)
    }

    /// The values from `first` to `last`, both inclusive; empty if `last < first`.
    pub fn range(first: T, last: T) -> Self {
        let intervals = if first <= last {
            vec![(first, last)]
        } else {
            Vec::new()
        };
        Self { intervals }
    }

    /// The values in any of the inclusive ranges. The ranges may overlap and come in any order.
    ///
    /// Cost: a sort.
    pub fn from_ranges(ranges: impl IntoIterator<Item = (T, T)>) -> Self {
        let mut ranges: Vec<(T, T)> = ranges
            .into_iter()
            .filter(|(first, last)| first <= last)
            .collect();
        ranges.sort_unstable();
        let mut intervals: Vec<(T, T)> = Vec::with_capacity(ranges.len());
        for (first, last) in ranges {
            match intervals.last_mut() {
                Some((_, end)) if end.next().is_none_or(|after| first <= after) => {
                    *end = last.max(*end);
                }
                _ => intervals.push((first, last)),
            }
        }
        Self { intervals }
    }

    /// The intervals, sorted, disjoint and not adjacent; both ends inclusive.
    pub fn intervals(&self) -> &[(T, T)] {
        &self.intervals
    }

    /// Whether no value is in the set.
    pub fn is_empty(&self) -> bool {
        self.intervals.is_empty()
    }

    /// Whether every value is in the set.
    pub fn is_full(&self) -> bool {
        self.intervals == [(T::MIN, T::MAX)]
    }

    /// Whether the value is in the set. Cost: a binary search.
    pub fn contains(&self, value: T) -> bool {
        let after = self.intervals.partition_point(|&(first, _)| first <= value);
        after
            .checked_sub(1)
            .and_then(|index| self.intervals.get(index))
            .is_some_and(|&(_, last)| value <= last)
    }

    /// The values in one of the sets or in both.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        Self::from_ranges(self.intervals.iter().chain(&other.intervals).copied())
    }

    /// The values in both sets.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        let (mut left, mut right) = (
            self.intervals.iter().peekable(),
            other.intervals.iter().peekable(),
        );
        let mut intervals = Vec::new();
        while let (Some(&&(a_first, a_last)), Some(&&(b_first, b_last))) =
            (left.peek(), right.peek())
        {
            let (first, last) = (a_first.max(b_first), a_last.min(b_last));
            if first <= last {
                intervals.push((first, last));
            }
            if a_last <= b_last {
                left.next();
            } else {
                right.next();
            }
        }
        Self { intervals }
    }

    /// The values that are not in the set.
    #[must_use]
    pub fn complement(&self) -> Self {
        let mut intervals = Vec::with_capacity(self.intervals.len() + 1);
        let mut start = Some(T::MIN);
        for &(first, last) in &self.intervals {
            if let (Some(from), Some(to)) = (start, first.previous())
                && from <= to
            {
                intervals.push((from, to));
            }
            start = last.next();
        }
        if let Some(from) = start {
            intervals.push((from, T::MAX));
        }
        Self { intervals }
    }

    /// The values of this set that are not in `other`.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Self {
        self.intersection(&other.complement())
    }

    /// Whether every value of this set is in `other`.
    pub fn is_subset(&self, other: &Self) -> bool {
        self.difference(other).is_empty()
    }

    /// The smallest value, or `None` if the set is empty.
    pub fn first(&self) -> Option<T> {
        self.intervals.first().map(|&(first, _)| first)
    }
}

/// A set of addresses of both families.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AddressSet {
    v4: IntervalSet<u128>,
    v6: IntervalSet<u128>,
}

impl AddressSet {
    /// The set without an address.
    pub const fn empty() -> Self {
        Self {
            v4: IntervalSet::empty(),
            v6: IntervalSet::empty(),
        }
    }

    /// All addresses of both families.
    pub fn full() -> Self {
        Self::from_prefixes(&[Prefix::ALL_V4, Prefix::ALL_V6])
    }

    /// The addresses in any of the prefixes.
    pub fn from_prefixes(prefixes: &[Prefix]) -> Self {
        let of = |family| {
            let members = prefixes.iter().filter(|prefix| prefix.family() == family);
            IntervalSet::from_ranges(members.map(Prefix::bounds))
        };
        Self {
            v4: of(Family::V4),
            v6: of(Family::V6),
        }
    }

    /// The addresses of one family, as numbers.
    pub const fn family(&self, family: Family) -> &IntervalSet<u128> {
        match family {
            Family::V4 => &self.v4,
            Family::V6 => &self.v6,
        }
    }

    /// Whether the address is in the set.
    pub fn contains(&self, address: IpAddr) -> bool {
        self.family(Family::of(address))
            .contains(Family::number(address))
    }

    /// Whether all addresses of a block are in the set.
    ///
    /// # Cost
    ///
    /// A binary search.
    pub fn covers(&self, block: &Prefix) -> bool {
        let (first, last) = block.bounds();
        let intervals = self.family(block.family()).intervals();
        let next = intervals.partition_point(|(start, _)| *start <= first);
        let around = next.checked_sub(1).and_then(|place| intervals.get(place));
        around.is_some_and(|(_, end)| last <= *end)
    }

    /// Whether no address is in the set.
    pub fn is_empty(&self) -> bool {
        self.v4.is_empty() && self.v6.is_empty()
    }

    /// The addresses in one of the sets or in both.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        Self {
            v4: self.v4.union(&other.v4),
            v6: self.v6.union(&other.v6),
        }
    }

    /// The addresses in both sets.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        Self {
            v4: self.v4.intersection(&other.v4),
            v6: self.v6.intersection(&other.v6),
        }
    }

    /// The addresses of this set that are not in `other`.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Self {
        Self {
            v4: self.v4.difference(&other.v4),
            v6: self.v6.difference(&other.v6),
        }
    }
}
