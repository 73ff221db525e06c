//! Values kept once, by number.

use std::hash::Hash;
use std::sync::Arc;

use rustc_hash::FxHashMap;

/// Values kept once, numbered from zero in the order in which they came.
///
/// A clone shares those that were there when [`Interner::share`] was called, and goes on with numbers of its own.
#[derive(Debug, Clone)]
pub(crate) struct Interner<T> {
    shared: Arc<Numbers<T>>,
    own: Numbers<T>,
}

#[derive(Debug, Clone)]
struct Numbers<T> {
    all: Vec<T>,
    numbers: FxHashMap<T, u32>,
}

impl<T> Default for Interner<T> {
    fn default() -> Self {
        Self {
            shared: Arc::default(),
            own: Numbers::default(),
        }
    }
}

impl<T> Default for Numbers<T> {
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
        let known = self.shared.numbers.get(&value);
        if let Some(number) = known.or_else(|| self.own.numbers.get(&value)) {
            return *number;
        }
        let number = u32::try_from(self.len()).unwrap_or(u32::MAX);
        self.own.all.push(value.clone());
        self.own.numbers.insert(value, number);
        number
    }

    /// The value with a number.
    pub(crate) fn value(&self, number: u32) -> &T {
        let number = number as usize;
        #[expect(
            clippy::indexing_slicing,
            reason = "numbers are only made by the values of an interner"
        )]
        match number.checked_sub(self.shared.all.len()) {
            Some(own) => &self.own.all[own],
            None => &self.shared.all[number],
        }
    }

    /// All values, in the order of their numbers.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        self.shared.all.iter().chain(&self.own.all)
    }

    pub(crate) fn len(&self) -> usize {
        self.shared.all.len() + self.own.all.len()
    }

    /// All values, in the order of their numbers.
    pub(crate) fn into_all(self) -> Vec<T> {
        if self.shared.all.is_empty() {
            return self.own.all;
        }
        self.iter().cloned().collect()
    }

    /// The same, of which clones share all that there is now.
    pub(crate) fn share(self) -> Self {
        if !self.shared.all.is_empty() {
            return self;
        }
        Self {
            shared: Arc::new(self.own),
            own: Numbers::default(),
        }
    }
}
