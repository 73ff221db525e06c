//! Saved answers of AWS `describe-*` calls, in every layout that exists, to a [`Snapshot`] and [`Diagnostic`]s.
//!
//! # Tour
//!
//! [`load`] reads folders and files and assembles the network; [`load_counting`] can be watched while it does. [`read`] stops before: it gives the [`Parts`], for who
//! wants to add to them. [`read_bytes`] reads one document that is already in memory. A [`Cache`] keeps what [`load`] gives,
//! and has it at once the next time.
//!
//! Layouts are recognised by content: Watertight's own (`watertight.json` beside `ACCOUNT/REGION/SERVICE/Operation.json`),
//! one file for each call of the AWS CLI, one file for each kind, one file with all kinds, recorded answers. The keys at
//! the top of a document name the kinds; file and folder names tell account, region, and the object that an answer is
//! about. JSON may be compressed with gzip.
//!
//! # Guarantees
//!
//! - Nothing is dropped silently: every file is in [`Input::files`], and whatever is odd has a diagnostic with its file
//!   and JSON pointer.
//! - A broken element costs itself, not its list. The list then counts as partial, and a group, ACL or table with a
//!   broken line is marked incomplete, so that what rests on it is undetermined.
//! - The same input gives the same result, whatever the number of threads.
//!
//! # Limits
//!
//! Kinds that the model does not hold (carrier gateways, route servers, …) are named, with a warning where packets depend on
//! them, and otherwise passed over.

mod cache;
mod document;
mod error;
mod files;
mod fingerprint;
mod finish;
mod kinds;
mod log;
mod manifest;
mod place;
mod reading;
mod wire;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use model::{Diagnostic, OfficeNetwork, Origin, Parts, Scope, Snapshot, Steps};
use rayon::prelude::*;

pub use cache::{Cache, CacheProblem, Cached};
pub use error::{Error, ErrorKind};
use files::Found;
use fingerprint::{Attention, Seen};
use place::Place;
use reading::Reading;

/// What was read: resources that are not yet a network.
#[derive(Debug)]
pub struct Input {
    /// The resources, with their links unresolved.
    pub parts: Parts,
    /// What was odd, in the order of the files.
    pub diagnostics: Vec<Diagnostic>,
    /// Every file that was met, in order.
    pub files: Vec<FileUse>,
}

/// What became of a file. A file with several lists is there once for each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileUse {
    /// A list of the file was read.
    Used {
        /// The file's path as the user named it.
        file: Arc<str>,
        /// The kind of the list, as EC2 writes its key.
        kind: &'static str,
        /// How many elements were taken over.
        count: usize,
    },
    /// The file, or a list in it, was passed over.
    Ignored {
        /// The file's path as the user named it.
        file: Arc<str>,
        /// Why: a few words, lower case.
        why: String,
    },
}

impl FileUse {
    /// The file's path as the user named it.
    pub fn file(&self) -> &str {
        match self {
            Self::Used { file, .. } | Self::Ignored { file, .. } => file,
        }
    }

    /// Whether a list was read.
    pub const fn is_used(&self) -> bool {
        matches!(self, Self::Used { .. })
    }
}

/// The network that was read.
#[derive(Debug)]
pub struct Loaded {
    /// The network.
    pub snapshot: Snapshot,
    /// What was odd in the files and in the network, worst first.
    pub diagnostics: Vec<Diagnostic>,
    /// Every file that was met, in order.
    pub files: Vec<FileUse>,
}

/// Reads folders and files, and assembles the network that they describe together.
///
/// # Errors
///
/// As [`read`].
pub fn load(paths: &[PathBuf], offices: Vec<OfficeNetwork>) -> Result<Loaded, Error> {
    load_counting(paths, offices, &Steps::default())
}

/// The same, to be watched: each file is a step.
///
/// # Errors
///
/// As [`read`].
pub fn load_counting(
    paths: &[PathBuf],
    offices: Vec<OfficeNetwork>,
    steps: &Steps,
) -> Result<Loaded, Error> {
    let roots = read_roots(paths, Attention::Lists, steps)?;
    Ok(assemble(put_together(paths, roots)?, offices))
}

/// Assembles the network of an input.
fn assemble(input: Input, offices: Vec<OfficeNetwork>) -> Loaded {
    let Input {
        mut parts,
        mut diagnostics,
        files,
    } = input;
    parts.offices.extend(offices);
    let (snapshot, found) = Snapshot::assemble(parts);
    diagnostics.extend(found);
    diagnostics
        .sort_by(|a, b| (b.severity, a.code, &a.origin).cmp(&(a.severity, b.code, &b.origin)));
    diagnostics.dedup();
    Loaded {
        snapshot,
        diagnostics,
        files,
    }
}

/// Reads folders and files. Files are read in parallel.
///
/// # Errors
///
/// If a path does not exist or cannot be opened, and if nothing under all the paths is a saved answer. Whatever else
/// goes wrong is a diagnostic.
pub fn read(paths: &[PathBuf]) -> Result<Input, Error> {
    let roots = read_roots(paths, Attention::Lists, &Steps::default())?;
    put_together(paths, roots)
}

/// Reads all files of all roots.
fn read_roots(
    paths: &[PathBuf],
    attention: Attention,
    steps: &Steps,
) -> Result<Vec<Vec<Reading>>, Error> {
    let read = |root: &PathBuf| {
        let found = find(root)?;
        steps.expect(found.len());
        let read = found.into_par_iter().map(|found| {
            let reading = read_found(found, attention);
            steps.step();
            reading
        });
        Ok(read.collect())
    };
    paths.iter().map(read).collect()
}

/// Makes one input of what was read, if any of it is of use.
fn put_together(paths: &[PathBuf], roots: Vec<Vec<Reading>>) -> Result<Input, Error> {
    let is_used = |reading: &Reading| reading.files.iter().any(FileUse::is_used);
    if !roots.iter().flatten().any(is_used) {
        return Err(nothing(paths, roots));
    }
    let mut empty = log::Log::default();
    for (path, readings) in paths.iter().zip(&roots) {
        if !readings.iter().any(is_used) {
            let at = Origin::new(path.to_string_lossy().as_ref().into(), "");
            empty.warning("nothing-recognised", "nothing here is a saved answer", at);
        }
    }
    let mut input = finish::finish(roots);
    input.diagnostics.extend(empty.diagnostics);
    Ok(input)
}

/// Reads one document. `name` is its path, as far as one is known: file and folder names tell what an answer is of.
/// `scope` tells its account and region, where the name does not. Never fails: what is wrong is in the diagnostics.
pub fn read_bytes(name: &str, bytes: &[u8], scope: &Scope) -> Input {
    let reading = document::read(name.into(), bytes, scope);
    finish::finish(vec![vec![reading]])
}

/// Finds all files of a root.
fn find(root: &Path) -> Result<Vec<Found>, Error> {
    match std::fs::metadata(root) {
        Ok(_) => {}
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Err(Error::NoSuchPath { path: root.into() });
        }
        Err(source) => {
            return Err(Error::Unreadable {
                path: root.into(),
                source,
            });
        }
    }
    let found = files::find(root);
    if let [Found::Unreadable(path, _)] = found.as_slice()
        && path == root
    {
        let source = found.into_iter().find_map(|found| match found {
            Found::Unreadable(_, source) => Some(source),
            Found::File(_) | Found::Other(..) => None,
        });
        let source = source.unwrap_or_else(|| std::io::ErrorKind::Other.into());
        return Err(Error::Unreadable {
            path: root.into(),
            source,
        });
    }
    Ok(found)
}

/// A path as everything calls it.
fn name(path: &Path) -> Arc<str> {
    path.to_string_lossy().as_ref().into()
}

fn read_found(found: Found, attention: Attention) -> Reading {
    match found {
        Found::Other(path, why) => {
            let mut reading = Reading::new(name(&path), Scope::default());
            reading.ignore(why);
            reading.seen = Seen::Other(why);
            reading
        }
        Found::Unreadable(path, error) => unreadable(&path, &error),
        Found::File(path) => match std::fs::read(&path) {
            Ok(bytes) => {
                let mut reading = read_file(&path, &bytes);
                reading.seen = attention.to(&bytes);
                reading
            }
            Err(error) => unreadable(&path, &error),
        },
    }
}

fn read_file(path: &Path, bytes: &[u8]) -> Reading {
    if files::is_json(path) || is_json_text(bytes) {
        return document::read(name(path), bytes, &Scope::default());
    }
    let mut reading = Reading::new(name(path), Scope::default());
    reading.ignore("not a JSON file");
    reading
}

/// Whether bytes without a telling name are JSON or compressed.
fn is_json_text(bytes: &[u8]) -> bool {
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    matches!(first, Some(b'{' | b'[' | 0x1f | 0xef))
}

/// A file that could not be opened: its kind is partial, if its name tells it.
fn unreadable(path: &Path, error: &std::io::Error) -> Reading {
    let place = Place::of(path);
    let mut reading = Reading::new(name(path), place.scope.clone());
    let at = reading.whole();
    reading
        .log
        .error("unreadable-file", format!("cannot be opened: {error}"), at);
    reading.ignore("it cannot be opened");
    document::lose(&place, &mut reading);
    reading
}

/// Why nothing could be read.
fn nothing(paths: &[PathBuf], roots: Vec<Vec<Reading>>) -> Error {
    let Some(path) = paths.first() else {
        return Error::NoPath;
    };
    let path = path.clone();
    let readings: Vec<Reading> = roots.into_iter().flatten().collect();
    if readings.is_empty() {
        return Error::EmptyFolder { path };
    }
    let logs = readings
        .into_iter()
        .flat_map(|reading| reading.log.diagnostics);
    let mut diagnostics: Vec<Diagnostic> = logs.collect();
    diagnostics.sort_by(|a, b| (b.severity, &a.origin).cmp(&(a.severity, &b.origin)));
    Error::NothingRecognised {
        path,
        n_others: paths.len() - 1,
        diagnostics,
    }
}
