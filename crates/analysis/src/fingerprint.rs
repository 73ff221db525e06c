//! Numbers of 128 bits that stand for sets, to compare very many sets without writing them out.

/// A number that is made of some words in their order. Sums of such numbers stand for sets of lists of words: that two
/// sets share a sum by chance is out of the question.
pub(crate) fn fingerprint(words: impl Iterator<Item = usize>) -> u128 {
    // The halves are independent.
    let halves = (0x243f_6a88_85a3_08d3, 0x1319_8a2e_0370_7344);
    let both = |(high, low), word| (mixed(high, word), mixed(low, word));
    let (high, low) = words.fold(halves, both);
    (u128::from(high) << 64) | u128::from(low)
}

/// A number that is made of all bits of two others.
///
/// # Source
///
/// Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014.
fn mixed(state: u64, word: usize) -> u64 {
    let word = u64::try_from(word).unwrap_or(u64::MAX);
    let mut mixed = (state ^ word).wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// A sum for each cell, or whatever else has numbers, to which numbers are added for ranges.
#[derive(Debug)]
pub(crate) struct Sums {
    /// What is the same for cells with numbers in a row is told where it begins, and taken back after its end.
    changes: Vec<u128>,
}

impl Sums {
    pub(crate) fn new(n_cells: usize) -> Self {
        Self {
            changes: vec![0; n_cells + 1],
        }
    }

    /// Adds a number for cells from the first one to before the end.
    pub(crate) fn add(&mut self, (first, end): (usize, usize), number: u128) {
        if let Some(change) = self.changes.get_mut(first) {
            *change = change.wrapping_add(number);
        }
        if let Some(change) = self.changes.get_mut(end) {
            *change = change.wrapping_sub(number);
        }
    }

    /// Takes a number back for cells from the first one to before the end.
    pub(crate) fn take(&mut self, (first, end): (usize, usize), number: u128) {
        self.add((first, end), number.wrapping_neg());
    }

    /// The sum of each cell.
    pub(crate) fn finish(self) -> Vec<u128> {
        let mut sum = 0_u128;
        let mut sums = self.changes;
        sums.pop();
        for slot in &mut sums {
            sum = sum.wrapping_add(*slot);
            *slot = sum;
        }
        sums
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_of_ranges_are_those_of_their_cells() {
        let added = [((0, 5), 7), ((2, 3), 11), ((4, 6), 13)];
        let mut sums = Sums::new(6);
        for (range, number) in added {
            sums.add(range, number);
        }
        sums.take((1, 2), 7);
        assert_eq!(sums.finish(), [7, 0, 18, 7, 20, 13]);
    }

    #[test]
    fn fingerprints_tell_words_and_their_order_apart() {
        let of = |words: &[usize]| fingerprint(words.iter().copied());
        let all = [of(&[]), of(&[0]), of(&[0, 0]), of(&[0, 1]), of(&[1, 0])];
        for (place, number) in all.iter().enumerate() {
            assert!(!all[..place].contains(number), "{place}");
        }
    }
}
