//! What every view can do.

use schemars::JsonSchema;
use serde::Serialize;

use crate::escape::csv_cell;
use crate::palette::Palette;

/// A view: plain data that renders itself.
pub trait View: Serialize + JsonSchema + Sized {
    /// For people: lines of at most `width` columns where the content allows it, with a line end behind each.
    fn text(&self, width: usize, palette: &Palette) -> String;

    /// The head of the table that [`Self::csv`] prints.
    fn columns() -> &'static [&'static str];

    /// The rows of that table.
    fn rows(&self) -> Vec<Vec<String>>;

    /// The whole view as JSON, indented, with a line end behind it.
    fn json(&self) -> String {
        let json = serde_json::to_string_pretty(self).unwrap_or_default();
        format!("{json}\n")
    }

    /// The main list of the view as CSV, with a head.
    fn csv(&self) -> String {
        csv(Self::columns(), &self.rows())
    }

    /// The JSON Schema of [`Self::json`].
    fn schema() -> String {
        let schema = schemars::schema_for!(Self);
        let json = serde_json::to_string_pretty(&schema).unwrap_or_default();
        format!("{json}\n")
    }
}

/// A table as CSV. Cells that a spreadsheet would run are made harmless.
fn csv(columns: &[&str], rows: &[Vec<String>]) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    // Writing to memory fails only for rows of unequal length, which `flexible` would allow; such a row is left out.
    let _ = writer.write_record(columns);
    for row in rows {
        let _ = writer.write_record(row.iter().map(|cell| csv_cell(cell)));
    }
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}
