//! The files of a root: a folder or a file that the user named.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// What stands at one place under a root.
#[derive(Debug)]
pub(crate) enum Found {
    /// A file to read.
    File(PathBuf),
    /// A file that is none of ours, and why.
    Other(PathBuf, &'static str),
    /// A folder or file that cannot be looked at.
    Unreadable(PathBuf, std::io::Error),
}

/// Everything under a root, sorted by path. Hidden files and folders, and those of version control, are passed over.
pub(crate) fn find(root: &Path) -> Vec<Found> {
    let mut walk = Walk {
        found: Vec::new(),
        seen: BTreeSet::new(),
    };
    if root.is_dir() {
        walk.folder(root);
    } else {
        walk.found.push(Found::File(root.to_owned()));
    }
    walk.found
}

struct Walk {
    found: Vec<Found>,
    /// Folders that were entered, by their real paths: links may lead to them again.
    seen: BTreeSet<PathBuf>,
}

impl Walk {
    fn folder(&mut self, path: &Path) {
        let entries = fs::canonicalize(path).and_then(|real| {
            if !self.seen.insert(real) {
                return Ok(Vec::new());
            }
            let mut entries = fs::read_dir(path)?
                .map(|entry| entry.map(|entry| entry.path()))
                .collect::<Result<Vec<_>, _>>()?;
            entries.sort_unstable();
            Ok(entries)
        });
        match entries {
            Ok(entries) => {
                for entry in entries.iter().filter(|entry| !is_hidden(entry)) {
                    self.entry(entry);
                }
            }
            Err(error) => self.found.push(Found::Unreadable(path.to_owned(), error)),
        }
    }

    fn entry(&mut self, path: &Path) {
        let found = match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => return self.folder(path),
            Ok(metadata) if !metadata.is_file() => {
                Found::Other(path.to_owned(), "not an ordinary file")
            }
            Ok(_) if is_json(path) || is_argument(path) => Found::File(path.to_owned()),
            Ok(_) => Found::Other(path.to_owned(), "not a JSON file"),
            Err(error) => Found::Unreadable(path.to_owned(), error),
        };
        self.found.push(found);
    }
}

fn is_hidden(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy());
    name.is_some_and(|name| name.starts_with('.') || name == "CVS")
}

/// Whether the name is that of a JSON file, compressed or not.
pub(crate) fn is_json(path: &Path) -> bool {
    let ends = |path: &Path, with: &str| {
        path.extension()
            .is_some_and(|ending| ending.eq_ignore_ascii_case(with))
    };
    let unpacked = path.with_extension("");
    ends(path, "json") || (ends(path, "gz") && ends(&unpacked, "json"))
}

/// Whether the file may be the answer about one object: some collectors name it after the object, without an ending.
fn is_argument(path: &Path) -> bool {
    let place = crate::place::Place::of(path);
    let known = ["md", "csv", "tf", "toml", "txt", "yaml", "yml", "gz"];
    let ending = path
        .extension()
        .map(|ending| ending.to_string_lossy().to_ascii_lowercase());
    place.argument.is_some() && !ending.is_some_and(|ending| known.contains(&ending.as_str()))
}
