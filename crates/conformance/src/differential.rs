//! `engine` against `trace` on generated networks.

mod baselines;
mod compare;
mod end;
mod laws;
mod sample;

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

pub use baselines::{Comparison, compare_baselines};
pub use compare::{Difference, Fault, differences};
pub use end::End;
pub use laws::{Held, holds};

/// How much is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effort {
    /// The seed of the first network; the next ones follow it.
    pub first_seed: u64,
    /// How many networks.
    pub networks: u64,
    /// How many packets for each pair of endpoints, besides the witnesses.
    pub packets_per_pair: usize,
    /// After how many networks that differ it stops.
    pub differences: usize,
}

/// What was compared.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Networks.
    pub networks: u64,
    /// Pairs of endpoints.
    pub pairs: u64,
    /// Packets that both implementations answered, witnesses included.
    pub packets: u64,
    /// Witnesses among them.
    pub witnesses: u64,
    /// Questions without a client port.
    pub questions: u64,
    /// Packets by answer: reachable, undetermined, blocked.
    pub answers: [u64; 3],
}

impl Tally {
    pub(crate) fn add(&mut self, other: &Self) {
        self.networks += other.networks;
        self.pairs += other.pairs;
        self.packets += other.packets;
        self.witnesses += other.witnesses;
        self.questions += other.questions;
        for (sum, more) in self.answers.iter_mut().zip(other.answers) {
            *sum += more;
        }
    }
}

/// Compares network after network on all cores, and stops soon after enough differences.
///
/// # Errors
///
/// The first fault of every network that has one, by seed.
pub fn run(effort: Effort) -> Result<Tally, Vec<Fault>> {
    let next = AtomicU64::new(effort.first_seed);
    let end = effort.first_seed + effort.networks;
    let total = Mutex::new(Tally::default());
    let found: Mutex<Vec<Fault>> = Mutex::default();
    let work = || {
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if end <= seed || lock(&found, |found| effort.differences <= found.len()) {
                return;
            }
            match differences(seed, effort.packets_per_pair) {
                Ok(tally) => lock(&total, |total| total.add(&tally)),
                Err(fault) => lock(&found, |found| found.push(fault)),
            }
        }
    };
    let n_threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..n_threads {
            scope.spawn(work);
        }
    });
    let mut found = lock(&found, std::mem::take);
    found.sort_by_key(Fault::seed);
    if found.is_empty() {
        return Ok(lock(&total, |total| total.clone()));
    }
    Err(found)
}

fn lock<T, R>(mutex: &Mutex<T>, with: impl FnOnce(&mut T) -> R) -> R {
    let mut guard = mutex
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    with(&mut guard)
}
