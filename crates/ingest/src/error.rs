//! Why nothing could be read at all.

use std::fmt;
use std::path::PathBuf;

use model::Diagnostic;

/// Why nothing could be read at all. Lesser problems are [`Diagnostic`]s.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No path was given.
    #[error("no file or folder to read")]
    NoPath,
    /// There is nothing at a path.
    #[error("no such file or folder: `{}`", .path.display())]
    NoSuchPath {
        /// The path.
        path: PathBuf,
    },
    /// What is at a path cannot be opened.
    #[error("cannot open `{}`", .path.display())]
    Unreadable {
        /// The path.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A folder holds no file.
    #[error("there is no file in `{}`", .path.display())]
    EmptyFolder {
        /// The folder.
        path: PathBuf,
    },
    /// No file is a saved answer that can be read.
    #[error("no saved AWS answer can be read in `{}`{}{}", .path.display(), others(*.n_others), First(.diagnostics))]
    NothingRecognised {
        /// The first of the paths.
        path: PathBuf,
        /// How many other paths were given.
        n_others: usize,
        /// What was found instead, worst first.
        diagnostics: Vec<Diagnostic>,
    },
}

/// Who can do something about an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The user, by giving other input.
    Input,
    /// Who runs the machine.
    Environment,
}

impl Error {
    /// Who can do something about it.
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::NoPath
            | Self::NoSuchPath { .. }
            | Self::EmptyFolder { .. }
            | Self::NothingRecognised { .. } => ErrorKind::Input,
            Self::Unreadable { .. } => ErrorKind::Environment,
        }
    }
}

fn others(n_others: usize) -> String {
    match n_others {
        0 => String::new(),
        1 => " and another path".to_owned(),
        _ => format!(" and {n_others} other paths"),
    }
}

/// The worst of the diagnostics, if there is one.
struct First<'a>(&'a [Diagnostic]);

impl fmt::Display for First<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.first() {
            Some(first) => write!(f, ": {}: {}", first.origin, first.message),
            None => Ok(()),
        }
    }
}
