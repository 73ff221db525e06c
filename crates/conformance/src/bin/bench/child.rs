//! Measuring in a process of its own.

use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::Result;
use crate::figures::Figures;

/// All probes of a recorded lab.
pub(crate) const LAB: &str = "--measure-lab";
/// Every stage of the work on an organisation.
pub(crate) const NETWORK: &str = "--measure-network";
/// Edits of an organisation, differences, and the cache.
pub(crate) const EDITS: &str = "--measure-edits";
/// From files to the answers of all pairs, and nothing else.
pub(crate) const PAIRS: &str = "--measure-pairs";
/// The pair-by-pair verifier.
pub(crate) const PAIRWISE: &str = "--measure-pairwise";
/// The verifier with decision diagrams.
pub(crate) const DIAGRAMS: &str = "--measure-diagrams";

/// How often a process is asked whether it has ended.
const PAUSE: Duration = Duration::from_millis(2);

/// What was measured.
#[derive(Debug, Clone)]
pub(crate) struct Measured {
    pub(crate) figures: Figures,
    /// From the start of the process to its end.
    pub(crate) wall: Duration,
    /// Why there are no more figures.
    pub(crate) failure: Option<String>,
}

/// Runs a measurement about a folder with so many threads; stops it after `limit`.
pub(crate) fn run(what: &str, folder: &Path, threads: usize, limit: Duration) -> Result<Measured> {
    let started = Instant::now();
    let mut child = Command::new(std::env::current_exe()?)
        .arg(what)
        .arg(folder)
        .env("RAYON_NUM_THREADS", threads.to_string())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut failure = None;
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        if started.elapsed() > limit {
            child.kill()?;
            failure = Some(format!("stopped after {} s", limit.as_secs()));
        }
        std::thread::sleep(PAUSE);
    };
    let wall = started.elapsed();
    let mut text = String::new();
    if let Some(mut output) = child.stdout.take() {
        output.read_to_string(&mut text)?;
    }
    if !status.success() && failure.is_none() {
        failure = Some(format!("failed: {status} {}", text.trim()));
    }
    Ok(Measured {
        figures: Figures::parse(&text),
        wall,
        failure,
    })
}
