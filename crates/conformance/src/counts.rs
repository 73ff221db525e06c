//! Counts of work as text, and the files that hold what they should be.

use std::io;
use std::path::Path;

use engine::RowCounts;

/// A title, and one count a line.
pub fn printed(title: &str, counts: impl IntoIterator<Item = (&'static str, usize)>) -> String {
    let lines = counts
        .into_iter()
        .map(|(name, count)| format!("{name}: {count}\n"));
    format!("# {title}\n{}", lines.collect::<String>())
}

/// The work for all pairs, by name.
pub const fn of_rows(counts: &RowCounts) -> [(&'static str, usize); 7] {
    let RowCounts {
        classes,
        sites,
        ways,
        signatures,
        rows,
        reaches,
        single_pairs,
    } = *counts;
    [
        ("classes", classes),
        ("sites", sites),
        ("ways followed", ways),
        ("rows computed", signatures),
        ("rows that differ", rows),
        ("answers that differ", reaches),
        ("pairs followed singly", single_pairs),
    ]
}

/// What a file beside the tests expects. With `WATERTIGHT_BLESS` set, it expects what was found from now on.
///
/// # Errors
///
/// If the file cannot be read or written.
pub fn expected(name: &str, found: &str) -> io::Result<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests")
        .join(name);
    if std::env::var_os("WATERTIGHT_BLESS").is_some() {
        std::fs::write(&path, found)?;
    }
    std::fs::read_to_string(path)
}
