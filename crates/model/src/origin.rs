//! Where a fact was read.

use std::fmt;
use std::sync::Arc;

use crate::pack::Pack;

/// The place in the input that states a fact: a file and a JSON pointer into it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Pack)]
pub struct Origin {
    file: Arc<str>,
    pointer: Box<str>,
}

impl Origin {
    /// A place in a file. The pointer is an RFC 6901 JSON pointer; empty for the whole file.
    pub fn new(file: Arc<str>, pointer: impl Into<Box<str>>) -> Self {
        Self {
            file,
            pointer: pointer.into(),
        }
    }

    /// The place of a part of what is at this place.
    #[must_use]
    pub fn part(&self, pointer: fmt::Arguments<'_>) -> Self {
        Self {
            file: Arc::clone(&self.file),
            pointer: format!("{}{pointer}", self.pointer).into(),
        }
    }

    /// The file's path as the user named it.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The JSON pointer; empty for the whole file.
    pub fn pointer(&self) -> &str {
        &self.pointer
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.pointer.is_empty() {
            f.write_str(&self.file)
        } else {
            write!(f, "{}#{}", self.file, self.pointer)
        }
    }
}
