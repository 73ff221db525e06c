//! The cheapest set that has something in common with each of some sets: by branch and bound, exactly.

use std::collections::BTreeSet;
use std::ops::Add;

/// What an element costs: by weight, and among those of the same weight by breadth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct Cost {
    pub(super) weight: u64,
    pub(super) breadth: u64,
}

impl Add for Cost {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            weight: self.weight.saturating_add(other.weight),
            breadth: self.breadth.saturating_add(other.breadth),
        }
    }
}

/// The cheapest set that has something in common with each of these, none of which is empty.
pub(super) fn minimum<T: Copy + Ord>(
    sets: &[BTreeSet<T>],
    cost: &dyn Fn(&T) -> Cost,
) -> BTreeSet<T> {
    // Whoever meets a set meets all sets that contain it.
    let mut needed: Vec<&BTreeSet<T>> = Vec::new();
    for set in sets {
        if !needed.iter().any(|other| other.is_subset(set)) {
            needed.retain(|other| !set.is_subset(other));
            needed.push(set);
        }
    }
    let mut branch = Branch {
        cost,
        best: None,
        chosen: BTreeSet::new(),
        excluded: BTreeSet::new(),
    };
    branch.go(&needed, Cost::default());
    branch.best.map(|(_, best)| best).unwrap_or_default()
}

struct Branch<'c, T> {
    cost: &'c dyn Fn(&T) -> Cost,
    best: Option<(Cost, BTreeSet<T>)>,
    chosen: BTreeSet<T>,
    excluded: BTreeSet<T>,
}

impl<T: Copy + Ord> Branch<'_, T> {
    fn go(&mut self, open: &[&BTreeSet<T>], so_far: Cost) {
        if let Some((best, _)) = &self.best
            && so_far + self.at_least(open) >= *best
        {
            return;
        }
        let free = |set: &BTreeSet<T>| set.difference(&self.excluded).count();
        let Some(next) = open.iter().min_by_key(|set| free(set)) else {
            self.best = Some((so_far, self.chosen.clone()));
            return;
        };
        let mut elements: Vec<T> = next.difference(&self.excluded).copied().collect();
        elements.sort_by_key(|element| ((self.cost)(element), *element));
        for element in &elements {
            let rest: Vec<&BTreeSet<T>> = open
                .iter()
                .filter(|set| !set.contains(element))
                .copied()
                .collect();
            self.chosen.insert(*element);
            self.go(&rest, so_far + (self.cost)(element));
            self.chosen.remove(element);
            self.excluded.insert(*element);
        }
        for element in &elements {
            self.excluded.remove(element);
        }
    }

    /// What is still to be paid at least: for sets that have nothing in common, the cheapest element of each.
    fn at_least(&self, open: &[&BTreeSet<T>]) -> Cost {
        let mut seen: BTreeSet<T> = BTreeSet::new();
        let mut total = Cost::default();
        for set in open {
            let free: BTreeSet<T> = set.difference(&self.excluded).copied().collect();
            if free.is_disjoint(&seen) {
                let cheapest = free.iter().map(|element| (self.cost)(element)).min();
                let none = Cost {
                    weight: u64::MAX,
                    breadth: 0,
                };
                total = total + cheapest.unwrap_or(none);
                seen.extend(free);
            }
        }
        total
    }
}

#[cfg(test)]
mod tests {
    use testkit::Random;

    use super::*;

    /// The cheapest of all subsets.
    fn exhaustive(
        sets: &[BTreeSet<usize>],
        n: usize,
        cost: &dyn Fn(&usize) -> Cost,
    ) -> Option<Cost> {
        let subsets = 0..(1_usize << n);
        let subsets = subsets.map(|bits| -> BTreeSet<usize> {
            (0..n).filter(|number| bits & (1 << number) != 0).collect()
        });
        let hitting = subsets.filter(|subset| sets.iter().all(|set| !set.is_disjoint(subset)));
        hitting.map(|subset| total(&subset, cost)).min()
    }

    fn total(set: &BTreeSet<usize>, cost: &dyn Fn(&usize) -> Cost) -> Cost {
        set.iter().fold(Cost::default(), |all, one| all + cost(one))
    }

    #[test]
    fn nothing_cheaper_meets_all_sets() {
        for seed in 0..300 {
            let mut random = Random::new(seed);
            let n = random.between(2, 9);
            let sets = (0..random.between(1, 8)).map(|_| -> BTreeSet<usize> {
                (0..random.between(1, 4)).map(|_| random.below(n)).collect()
            });
            let sets: Vec<BTreeSet<usize>> = sets.collect();
            let cost = |one: &usize| Cost {
                weight: 1 + u64::try_from(*one).unwrap() % 3 * (seed % 2),
                breadth: u64::try_from(one * 7 % 5).unwrap(),
            };
            let found = minimum(&sets, &cost);
            assert!(
                sets.iter().all(|set| !set.is_disjoint(&found)),
                "seed {seed}"
            );
            assert_eq!(
                Some(total(&found, &cost)),
                exhaustive(&sets, n, &cost),
                "seed {seed}"
            );
        }
    }
}
