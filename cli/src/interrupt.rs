//! Ctrl-C, and on Unix the signal to terminate: the run ends at once, and takes with it what it had begun to write.

use std::collections::BTreeSet;
use std::io;
use std::path::PathBuf;
#[cfg(unix)]
use std::sync::mpsc::channel;
use std::sync::{Mutex, PoisonError};

use ingest::Cache;
#[cfg(unix)]
use signal_hook::{
    consts::{SIGINT, SIGTERM},
    iterator::Signals,
};
use tempfile::NamedTempFile;

use crate::progress;

/// What is added to the number of the signal that ended a run, as shells do it: 130 is Ctrl-C.
const SIGNALLED: i32 = 128;

/// What is to go if the run is interrupted.
static BEGUN: Mutex<Begun> = Mutex::new(Begun {
    files: BTreeSet::new(),
    cache: None,
});

struct Begun {
    /// Files that do not have their names yet, and some that have them by now.
    files: BTreeSet<PathBuf>,
    cache: Option<Cache>,
}

/// From now on, Ctrl-C and the signal to terminate end the run and leave no half of a file.
///
/// Where the system lets nobody listen, both stay what they are.
#[cfg(unix)]
pub(crate) fn listen() {
    let (asked, has_asked) = channel();
    // The thread asks for the signals itself: where there can be no thread, nothing swallows them.
    let _ = std::thread::Builder::new().spawn(move || {
        let signals = Signals::new([SIGINT, SIGTERM]);
        drop(asked);
        if let Some(signal) = signals
            .ok()
            .and_then(|mut signals| signals.forever().next())
        {
            end(signal);
        }
    });
    // It ends when the sender is gone, with the thread or without.
    let _: Result<(), _> = has_asked.recv();
}

/// From now on, Ctrl-C ends the run and leaves no half of a file.
///
/// Where the system lets nobody listen, or somebody does already, Ctrl-C stays what it is.
#[cfg(not(unix))]
pub(crate) fn listen() {
    const SIGINT: i32 = 2;
    let _ = ctrlc::set_handler(|| end(SIGINT));
}

/// Makes a file that is to go if the run is interrupted before the file has its name.
pub(crate) fn begin(make: impl FnOnce() -> io::Result<NamedTempFile>) -> io::Result<NamedTempFile> {
    let mut begun = BEGUN.lock().unwrap_or_else(PoisonError::into_inner);
    let file = make()?;
    begun.files.insert(file.path().to_owned());
    Ok(file)
}

/// Notes a cache in which this run may begin to write.
pub(crate) fn keeps(cache: &Cache) {
    let mut begun = BEGUN.lock().unwrap_or_else(PoisonError::into_inner);
    begun.cache = Some(cache.clone());
}

/// Removes what was begun, and ends the run with the code of a signal.
fn end(signal: i32) -> ! {
    // Held to the end, so that nothing more is begun.
    let begun = BEGUN.lock().unwrap_or_else(PoisonError::into_inner);
    begun.remove();
    progress::end();
    std::process::exit(SIGNALLED + signal)
}

impl Begun {
    fn remove(&self) {
        for path in &self.files {
            let _ = std::fs::remove_file(path);
        }
        if let Some(cache) = &self.cache {
            cache.abandon();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::PoisonError;

    use super::BEGUN;
    use crate::output::new_file;

    #[test]
    fn what_was_begun_goes_and_what_has_its_name_stays() {
        let folder = tempfile::tempdir().unwrap();
        let (whole, half) = (new_file(folder.path()), new_file(folder.path()));
        whole.unwrap().persist(folder.path().join("whole")).unwrap();
        let half = half.unwrap();
        BEGUN
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove();
        assert!(!half.path().exists());
        assert!(folder.path().join("whole").exists());
    }
}
