//! Tables of rows with named columns.

use std::collections::BTreeMap;
use std::path::Path;

/// One row: the text of each column.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Row(BTreeMap<String, String>);

impl Row {
    /// The text of a column; empty if there is none.
    pub fn get(&self, column: &str) -> &str {
        self.0.get(column).map_or("", String::as_str)
    }
}

/// Reads a CSV file with a header.
///
/// # Errors
///
/// If the file cannot be read, or is not CSV.
pub fn read(path: &Path) -> Result<Vec<Row>, csv::Error> {
    let mut reader = csv::Reader::from_path(path)?;
    let rows = reader.deserialize::<BTreeMap<String, String>>();
    rows.map(|row| row.map(Row)).collect()
}
