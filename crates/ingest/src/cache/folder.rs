//! The folder of a cache: entries are whole or not there, and do not pile up.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::CacheProblem;
use crate::fingerprint::Fingerprint;

/// How long entries stay that nobody uses.
const MAX_AGE: Duration = Duration::from_hours(30 * 24);
/// How long files stay that somebody began to write.
const MAX_WRITING: Duration = Duration::from_hours(1);
/// How many bytes all entries may have.
const MAX_SIZE: u64 = 2 << 30;

const ENTRY: &str = "snapshot";
const WRITING: &str = "writing";

/// Where the entry of a fingerprint is.
pub(super) fn path_of(folder: &Path, fingerprint: Fingerprint) -> PathBuf {
    folder.join(fingerprint.to_hex()).with_extension(ENTRY)
}

/// Makes the folder, for its owner only.
pub(super) fn make(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Refuses a folder that others may write to. One that is not there is fine.
pub(super) fn check(folder: &Path) -> Result<(), CacheProblem> {
    if fs::metadata(folder).is_ok_and(|metadata| is_open(&metadata)) {
        return Err(CacheProblem::Open {
            path: folder.to_owned(),
        });
    }
    Ok(())
}

#[cfg(unix)]
fn is_open(metadata: &fs::Metadata) -> bool {
    std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o022 != 0
}

/// Other systems keep the folders of users apart by lists that the standard library does not read.
#[cfg(not(unix))]
fn is_open(_: &fs::Metadata) -> bool {
    false
}

/// Writes an entry beside its place and moves it there, so that nobody ever reads half of one.
pub(super) fn write(folder: &Path, fingerprint: Fingerprint, bytes: &[u8]) -> io::Result<()> {
    let (prefix, suffix) = (writer(), format!(".{WRITING}"));
    // Files of this kind are readable by their owner only.
    let mut file = tempfile::Builder::new()
        .prefix(&prefix)
        .suffix(&suffix)
        .tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.persist(path_of(folder, fingerprint))?;
    Ok(())
}

/// What names of files start with that this process writes.
fn writer() -> String {
    format!("{}-", std::process::id())
}

/// Removes what this process has begun to write.
pub(super) fn abandon(folder: &Path) {
    let writer = writer();
    let is_own = |entry: &Entry| {
        let name = entry.path.file_name().and_then(|name| name.to_str());
        !entry.is_whole && name.is_some_and(|name| name.starts_with(&writer))
    };
    for entry in files(folder).iter().filter(|entry| is_own(entry)) {
        let _ = fs::remove_file(&entry.path);
    }
}

/// Notes that an entry was used. Where that cannot be noted, it goes earlier.
pub(super) fn touch(entry: &Path) {
    if let Ok(file) = File::options().append(true).open(entry) {
        let _ = file.set_modified(SystemTime::now());
    }
}

/// Removes what is old, and the oldest entries if all are too large. What cannot be removed stays.
pub(super) fn tidy(folder: &Path) {
    let now = SystemTime::now();
    let mut entries = files(folder);
    entries.sort_by_key(|entry| std::cmp::Reverse((entry.used, entry.path.clone())));
    let mut size = 0;
    for (number, entry) in entries.iter().enumerate() {
        size += entry.size;
        let is_too_much = entry.is_whole && 0 < number && MAX_SIZE < size;
        if entry.is_old(now) || is_too_much {
            size -= entry.size;
            let _ = fs::remove_file(&entry.path);
        }
    }
}

/// Removes all entries, and what nobody can be writing any more. How many there were.
pub(super) fn clear(folder: &Path) -> io::Result<usize> {
    let now = SystemTime::now();
    let mut entries = files(folder);
    entries.retain(|entry| entry.is_whole || entry.is_old(now));
    for entry in &entries {
        match fs::remove_file(&entry.path) {
            // Somebody else clears, too.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            removed => removed?,
        }
    }
    Ok(entries.len())
}

/// A file of the cache.
struct Entry {
    path: PathBuf,
    used: SystemTime,
    size: u64,
    is_whole: bool,
}

impl Entry {
    fn is_old(&self, now: SystemTime) -> bool {
        let age = now.duration_since(self.used).unwrap_or_default();
        age > if self.is_whole { MAX_AGE } else { MAX_WRITING }
    }
}

/// All files of the cache. Others that may be in the folder are none of ours.
fn files(folder: &Path) -> Vec<Entry> {
    let files = fs::read_dir(folder).into_iter().flatten().flatten();
    let entries = files.filter_map(|file| {
        let path = file.path();
        let is_whole = path.extension()? == ENTRY;
        let metadata = file.metadata().ok().filter(fs::Metadata::is_file)?;
        (is_whole || path.extension()? == WRITING).then_some(Entry {
            used: metadata.modified().ok()?,
            size: metadata.len(),
            path,
            is_whole,
        })
    });
    entries.collect()
}
