//! Networks that were read before.
//!
//! An entry is found by its [`Fingerprint`]: the bytes and names of all files, the program, and what users declared. So it
//! never has to be judged whether an entry is still good. What is damaged is not used.

mod entry;
mod folder;

use std::io;
use std::path::{Path, PathBuf};

use model::{OfficeNetwork, Steps};

use crate::fingerprint::{self, Attention, Fingerprint, Settings};
use crate::{Error, Loaded, assemble, load_counting, put_together, read_roots};

/// Less input than this is read as quickly as an entry is found.
const MIN_INPUT: u64 = 4 << 20;

/// A folder that keeps networks that were read.
///
/// Entries hold what the answers of AWS said about networks. Only their owner may read them; a folder that others can
/// write to is not used, for they could put another network into it. Entries that nobody used for a month go, and the
/// oldest ones when all are more than two gigabytes.
#[derive(Debug, Clone)]
pub struct Cache {
    folder: PathBuf,
    min_input: u64,
}

/// A network, and what went wrong with the cache on the way. That is never an error: the network is right.
#[derive(Debug)]
pub struct Cached {
    /// The network.
    pub loaded: Loaded,
    /// Whether it was there already.
    pub is_known: bool,
    /// Why the cache was not used, or will not be.
    pub problem: Option<CacheProblem>,
}

/// Why a cache cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CacheProblem {
    /// An entry holds something else than was written to it.
    #[error("`{}` is damaged", path.display())]
    Damaged {
        /// The entry.
        path: PathBuf,
    },
    /// Others may write to the folder.
    #[error("others may write to `{}`", path.display())]
    Open {
        /// The folder.
        path: PathBuf,
    },
    /// An entry is there and cannot be read.
    #[error("cannot read `{}`", path.display())]
    Unreadable {
        /// The entry.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// An entry cannot be written.
    #[error("cannot write to `{}`", path.display())]
    Unwritable {
        /// The folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

impl Cache {
    /// A cache in a folder, which is made when something is to be kept.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
            min_input: MIN_INPUT,
        }
    }

    /// The same for inputs of any size.
    #[must_use]
    pub fn of_any_size(self) -> Self {
        Self {
            min_input: 0,
            ..self
        }
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// As [`crate::load`], at once if the same files were read before.
    ///
    /// # Errors
    ///
    /// As [`crate::load`].
    pub fn load(&self, paths: &[PathBuf], offices: Vec<OfficeNetwork>) -> Result<Cached, Error> {
        self.load_counting(paths, offices, &Steps::default())
    }

    /// The same, to be watched: each file is a step.
    ///
    /// # Errors
    ///
    /// As [`crate::load`].
    pub fn load_counting(
        &self,
        paths: &[PathBuf],
        offices: Vec<OfficeNetwork>,
        steps: &Steps,
    ) -> Result<Cached, Error> {
        let found = fingerprint::find_all(paths)?;
        let settings = (self.min_input <= fingerprint::size(&found))
            .then(|| Settings::new(&offices))
            .flatten();
        let Some(settings) = settings else {
            return load_counting(paths, offices, steps).map(|loaded| Cached {
                loaded,
                is_known: false,
                problem: None,
            });
        };
        let known = Fingerprint::of_files(&settings, paths, &found);
        drop(found);
        let problem = match known.map(|known| self.find(known)) {
            Some(Ok(Some(loaded))) => {
                return Ok(Cached {
                    loaded,
                    is_known: true,
                    problem: None,
                });
            }
            Some(Err(problem)) => Some(problem),
            Some(Ok(None)) | None => None,
        };
        let roots = read_roots(paths, Attention::Bytes, steps)?;
        // Files may have changed since: an entry is named after what was read for it.
        let read = Fingerprint::of_readings(&settings, paths, &roots);
        let loaded = assemble(put_together(paths, roots)?, offices);
        let kept = read.map_or(Ok(()), |read| self.keep(read, &loaded));
        Ok(Cached {
            loaded,
            is_known: false,
            problem: problem.or(kept.err()),
        })
    }

    /// Removes all entries. How many there were.
    ///
    /// # Errors
    ///
    /// If one cannot be removed.
    pub fn clear(&self) -> io::Result<usize> {
        folder::clear(&self.folder)
    }

    /// Removes what this process has begun to write, for when it ends before its time.
    pub fn abandon(&self) {
        folder::abandon(&self.folder);
    }

    fn find(&self, fingerprint: Fingerprint) -> Result<Option<Loaded>, CacheProblem> {
        folder::check(&self.folder)?;
        let path = folder::path_of(&self.folder, fingerprint);
        let bytes = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(CacheProblem::Unreadable { path, source }),
        };
        let Some(loaded) = entry::unpack(&bytes, fingerprint) else {
            return Err(CacheProblem::Damaged { path });
        };
        folder::touch(&path);
        Ok(Some(loaded))
    }

    fn keep(&self, fingerprint: Fingerprint, loaded: &Loaded) -> Result<(), CacheProblem> {
        folder::make(&self.folder)
            .map_err(|source| self.unwritable(source))
            .and_then(|()| folder::check(&self.folder))?;
        let bytes = entry::pack(loaded, fingerprint);
        folder::write(&self.folder, fingerprint, &bytes)
            .map_err(|source| self.unwritable(source))?;
        folder::tidy(&self.folder);
        Ok(())
    }

    fn unwritable(&self, source: io::Error) -> CacheProblem {
        CacheProblem::Unwritable {
            path: self.folder.clone(),
            source,
        }
    }
}

#[cfg(test)]
mod tests;
