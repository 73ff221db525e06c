//! Where snapshots are kept that were read.

use std::path::PathBuf;

use ingest::Cache;

use crate::error::Error;
use crate::session;

/// The cache of this user; `None` if the system tells no place for one.
///
/// # Errors
///
/// If the environment names a place that is no text.
pub(crate) fn cache() -> Result<Option<Cache>, Error> {
    let named: Option<PathBuf> = session::variable("CACHE_DIR")?;
    let folder = named.or_else(|| of_system().map(|folder| folder.join("watertight")));
    Ok(folder.map(Cache::new))
}

/// The folder for caches, as the system wants it.
fn of_system() -> Option<PathBuf> {
    let folder = |name: &str| {
        let path = PathBuf::from(std::env::var_os(name)?);
        // XDG Base Directory Specification: what is not absolute is to be ignored.
        path.is_absolute().then_some(path)
    };
    if cfg!(windows) {
        folder("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        folder("HOME").map(|home| home.join("Library/Caches"))
    } else {
        folder("XDG_CACHE_HOME").or_else(|| folder("HOME").map(|home| home.join(".cache")))
    }
}
