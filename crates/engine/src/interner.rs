//! Values kept once, by number.

use std::hash::Hash;

use rustc_hash::FxHashMap;

/// Values kept once, numbered from zero in the order in which they came.
#[derive(Debug)]
pub(crate) struct Interner<T> {
    all: Vec<T>,
    numbers: FxHashMap<T, u32>,
}

impl<T> Default for Interner<T> {
    fn default() -> Self {
        Self {
            all: Vec::new(),
            numbers: FxHashMap::default(),
        }
    }
}

impl<T: Clone + Eq + Hash> Interner<T> {
    /// The number of a value. Values beyond `u32::MAX` do not fit into memory.
    pub(crate) fn number(&mut self, value: T) -> u32 {
        if let Some(number) = self.numbers.get(&value) {
            return *number;
        }
        let number = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
        self.all.push(value.clone());
        self.numbers.insert(value, number);
        number
    }

    /// The value with a number.
    pub(crate) fn value(&self, number: u32) -> &T {
        #[expect(
            clippy::indexing_slicing,
            reason = "numbers are only made by the values of an interner"
        )]
        &self.all[number as usize]
    }

    /// All values, in the order of their numbers.
    pub(crate) fn all(&self) -> &[T] {
        &self.all
    }

    pub(crate) fn len(&self) -> usize {
        self.all.len()
    }

    /// All values, in the order of their numbers.
    pub(crate) fn into_all(self) -> Vec<T> {
        self.all
    }
}
