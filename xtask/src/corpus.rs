//! Where the recorded networks are that the conformance tests compare with.

use std::path::{Path, PathBuf};

use crate::{Result, shell};

/// Environment variable that names the folder.
pub(crate) const VARIABLE: &str = "WATERTIGHT_CORPUS";

/// Finds the corpus: `WATERTIGHT_CORPUS`, or `../shared/corpus` beside the checkout, or nothing.
///
/// # Errors
///
/// When the variable names something that is not a folder: better to stop than to test less than was asked for.
pub(crate) fn locate() -> Result<Option<PathBuf>> {
    let named = std::env::var_os(VARIABLE).map(PathBuf::from);
    choose(named, &shell::root())
}

/// One line that says which corpus the tests use, loud when there is none.
pub(crate) fn announcement(corpus: Option<&Path>) -> String {
    match corpus {
        Some(path) => format!("corpus: {}", path.display()),
        None => format!(
            "WARNING: WITHOUT THE CORPUS. Tests against recorded networks compare nothing: \
             set {VARIABLE} to its folder, or put it at ../shared/corpus"
        ),
    }
}

/// The folder that was named, or the usual one if it is there.
fn choose(named: Option<PathBuf>, root: &Path) -> Result<Option<PathBuf>> {
    if let Some(path) = named {
        return match path.canonicalize() {
            Ok(path) if path.is_dir() => Ok(Some(path)),
            _ => Err(format!("{VARIABLE} is `{}`, which is no folder", path.display()).into()),
        };
    }
    let beside = root.join("../shared/corpus");
    Ok(beside.canonicalize().ok().filter(|path| path.is_dir()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_named_folder_wins() {
        let folder = shell::root().join("xtask");
        let chosen = choose(Some(folder.clone()), Path::new("/nowhere")).unwrap();
        assert_eq!(chosen, Some(folder.canonicalize().unwrap()));
    }

    #[test]
    fn a_named_folder_that_is_not_there_is_an_error() {
        let error = choose(Some("/nowhere/corpus".into()), Path::new("/nowhere")).unwrap_err();
        assert_eq!(
            error.to_string(),
            "WATERTIGHT_CORPUS is `/nowhere/corpus`, which is no folder"
        );
    }

    #[test]
    fn no_corpus_is_said_loudly() {
        let chosen = choose(None, Path::new("/nowhere/checkout")).unwrap();
        assert!(announcement(chosen.as_deref()).starts_with("WARNING: WITHOUT THE CORPUS"));
    }
}
