//! Textbook verifiers on the same input.

use std::path::{Path, PathBuf};
use std::time::Instant;

use baseline::{Pairwise, Tally, Verifier};
use model::Snapshot;

use crate::Result;
use crate::figures::{tell, tell_peak, tell_time};

/// All pairs, pair by pair.
pub(crate) fn pairwise(folder: &Path) -> Result {
    let snapshot = read(folder)?;
    let started = Instant::now();
    let tally = Pairwise::new(&snapshot).all_pairs();
    tell_time("pairs", started.elapsed());
    tell_tally(&tally)
}

/// All pairs, with binary decision diagrams.
pub(crate) fn diagrams(folder: &Path) -> Result {
    let snapshot = read(folder)?;
    let started = Instant::now();
    let tally = Verifier::new(&snapshot).all_pairs();
    tell_time("pairs", started.elapsed());
    tell_tally(&tally)
}

fn read(folder: &Path) -> Result<Snapshot> {
    let loaded = ingest::load(&[PathBuf::from(folder)], Vec::new())?;
    Ok(loaded.snapshot)
}

fn tell_tally(tally: &Tally) -> Result {
    tell("asked", tally.pairs());
    tell("inexpressible", tally.inexpressible);
    tell_peak("peak")
}
