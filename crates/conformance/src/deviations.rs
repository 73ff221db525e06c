//! Where we knowingly differ from what was recorded, row by row, until a mechanism is built.

use std::collections::BTreeMap;
use std::path::Path;

use crate::table;

/// Known deviations of one case: the row's id and our answer.
pub type Known = BTreeMap<String, String>;

/// Reads the deviations of a case from `deviations.csv`.
///
/// # Errors
///
/// If the file is not CSV, or a line names no reason or no mechanism with which it expires.
pub fn of(case: &str) -> Result<Known, String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("deviations.csv");
    let rows = table::read(&path).map_err(|error| error.to_string())?;
    let mut known = Known::new();
    for row in rows.iter().filter(|row| row.get("case") == case) {
        let id = row.get("row");
        if row.get("reason").is_empty() || row.get("expires").is_empty() {
            return Err(format!(
                "deviation {case} {id} gives no reason, or never expires"
            ));
        }
        known.insert(id.to_owned(), row.get("answer").to_owned());
    }
    Ok(known)
}

/// Compares rows with what is known, and tells every row that deviates unlisted, or is listed and does not deviate.
///
/// Each row is its id, the expected answers and ours.
pub fn complaints(known: &Known, rows: &[(String, &[&str], String)]) -> Vec<String> {
    let mut complaints = Vec::new();
    for (id, expected, ours) in rows {
        let agrees = expected.iter().any(|answer| ours.starts_with(answer));
        match (agrees, known.get(id)) {
            (true, None) => {}
            (true, Some(_)) => complaints.push(format!("{id}: listed as a deviation, but agrees")),
            (false, Some(listed)) if ours.starts_with(listed.as_str()) => {}
            (false, _) => {
                complaints.push(format!(
                    "{id}: expected {}, got {ours}",
                    expected.join(" or ")
                ));
            }
        }
    }
    let is_gone = |id: &&String| rows.iter().all(|(row, ..)| row != *id);
    let gone = known.keys().filter(is_gone);
    complaints
        .extend(gone.map(|id| format!("{id}: listed as a deviation, but there is no such row")));
    complaints
}
