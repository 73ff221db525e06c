//! Recorded networks, beside the checkout.

use std::path::{Path, PathBuf};

/// Environment variable that names the folder.
pub const VARIABLE: &str = "WATERTIGHT_CORPUS";

/// The folder of a case; `None`, said loudly, where there is no corpus.
///
/// The corpus is what `WATERTIGHT_CORPUS` names, or `../shared/corpus` beside the checkout.
#[expect(clippy::print_stderr, reason = "a test without its data must say so")]
pub fn case(name: &str) -> Option<PathBuf> {
    let named = std::env::var_os(VARIABLE).map(PathBuf::from);
    let corpus = named.unwrap_or_else(|| root().join("../shared/corpus"));
    let folder = corpus.join(name);
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!(
        "WARNING: WITHOUT THE CORPUS: `{name}` compares nothing; set {VARIABLE} to its folder"
    );
    None
}

/// The checkout.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_owned()
}
