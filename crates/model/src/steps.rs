//! How far long work is.

use std::sync::atomic::{AtomicUsize, Ordering};

/// Counts steps of long work, for whoever wants to watch it. No answer depends on it.
#[derive(Debug, Default)]
pub struct Steps {
    done: AtomicUsize,
    all: AtomicUsize,
}

impl Steps {
    /// So many more steps are to be done.
    pub fn expect(&self, more: usize) {
        self.all.fetch_add(more, Ordering::Relaxed);
    }

    /// One step is done.
    pub fn step(&self) {
        self.done.fetch_add(1, Ordering::Relaxed);
    }

    /// How many steps are done.
    pub fn done(&self) -> usize {
        self.done.load(Ordering::Relaxed)
    }

    /// How many steps there are, as far as they are known yet.
    pub fn all(&self) -> usize {
        self.all.load(Ordering::Relaxed)
    }
}
