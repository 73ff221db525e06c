//! Which rows of the reference of AWS behaviour are held by a test, and how.
//!
//! `docs/semantics/rows.csv` lists the rows. A topology of a page, or an ordinary test, says which of them it covers:
//! `Covers: exact 2.2/same-subnet, undetermined 3.3/odb-network`.

mod claims;
mod render;

use std::collections::BTreeSet;
use std::path::Path;

pub use claims::{Claim, complaints, complaints_of_tests, of_pages, of_tests};
pub use render::table;

use crate::table as csv_table;

/// One row of the reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its section and a short name, as `2.2/same-subnet`.
    pub id: String,
    /// Its section.
    pub section: String,
    /// What it says, in our words.
    pub text: String,
    /// What it is about.
    pub kind: Kind,
}

/// What a row is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Where packets go.
    Packets,
    /// How input is read.
    Reading,
    /// Quotas and advice; no packet depends on it.
    Lint,
    /// Protocols of TLS; no packet depends on it.
    Tls,
}

/// How a row is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// The answer is reachable or blocked.
    Exact,
    /// It is so for some packets or inputs, and undetermined for others.
    Conditional,
    /// It is undetermined, with a reason of its own.
    Undetermined,
}

impl Standing {
    /// Its word in pages.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Conditional => "conditional",
            Self::Undetermined => "undetermined",
        }
    }

    /// The standing of a row by all its cases: what differs between them is conditional.
    pub fn together(standings: impl IntoIterator<Item = Self>) -> Option<Self> {
        let join = |one, other| {
            if one == other { one } else { Self::Conditional }
        };
        standings.into_iter().reduce(join)
    }
}

/// Reads the rows, in their order.
///
/// # Errors
///
/// If the file is not CSV, an id is there twice or not of its section, or a kind means nothing.
pub fn rows(path: &Path) -> Result<Vec<Row>, String> {
    let read = csv_table::read(path).map_err(|error| error.to_string())?;
    let mut rows = Vec::new();
    let mut seen = BTreeSet::new();
    for row in &read {
        let (id, section) = (row.get("id"), row.get("section"));
        if id.split('/').next() != Some(section) || row.get("row").is_empty() {
            return Err(format!("row `{id}`: not of section `{section}`, or empty"));
        }
        if !seen.insert(id.to_owned()) {
            return Err(format!("row `{id}` is there twice"));
        }
        rows.push(Row {
            id: id.to_owned(),
            section: section.to_owned(),
            text: row.get("row").to_owned(),
            kind: kind(row.get("kind")).ok_or_else(|| format!("row `{id}`: no such kind"))?,
        });
    }
    Ok(rows)
}

fn kind(word: &str) -> Option<Kind> {
    match word {
        "packets" => Some(Kind::Packets),
        "reading" => Some(Kind::Reading),
        "lint" => Some(Kind::Lint),
        "tls" => Some(Kind::Tls),
        _ => None,
    }
}

/// Rows about packets that nothing covers.
pub fn open<'a>(rows: &'a [Row], claims: &[Claim]) -> Vec<&'a Row> {
    let is_open = |row: &&Row| row.kind == Kind::Packets && !is_covered(row, claims);
    rows.iter().filter(is_open).collect()
}

fn is_covered(row: &Row, claims: &[Claim]) -> bool {
    claims.iter().any(|claim| claim.row == row.id)
}
