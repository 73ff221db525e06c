//! Batches: questions as the rows of a CSV file.
//!
//! [`parse`] reads a whole file and checks every row before any is answered, so that nothing is half-written.

mod answer;
mod error;
mod row;

use std::collections::BTreeMap;

pub use answer::{AnswerError, Answered, Answerer, Disagreement};
pub use error::BatchError;
pub use row::{Asked, Row};

use crate::selector::{self, Selector};

/// The columns that a batch needs, in any order.
pub const COLUMNS: [&str; 4] = ["src", "dst", "proto", "dport"];

/// The columns that the answers are appended in.
pub const ANSWER_COLUMNS: [&str; 2] = ["verdict", "reason"];

/// A file of questions, understood.
#[derive(Debug, Clone)]
pub struct Batch<'a> {
    /// The file, without a byte order mark.
    data: &'a [u8],
    header: csv::ByteRecord,
    selectors: Vec<Selector>,
    rows: Vec<Row>,
}

/// Reads a batch.
///
/// A byte order mark, Windows line ends and quoted fields are understood; empty lines are left out.
///
/// # Errors
///
/// On the first row that is no question, with its line and column.
///
/// # Cost
///
/// Each row takes a few words of memory besides the file; each selector is parsed once.
pub fn parse(data: &[u8]) -> Result<Batch<'_>, BatchError> {
    let data = data.strip_prefix(b"\xef\xbb\xbf").unwrap_or(data);
    let mut reader = reader(data);
    let header = reader
        .byte_headers()
        .map_err(|error| BatchError::of_csv(&error))?
        .clone();
    let columns = row::Columns::find(&header)?;
    let mut batch = Batch {
        data,
        header,
        selectors: Vec::new(),
        rows: Vec::new(),
    };
    let mut numbers = BTreeMap::new();
    let mut record = csv::ByteRecord::new();
    while reader
        .read_byte_record(&mut record)
        .map_err(|error| BatchError::of_csv(&error))?
    {
        let fields = columns.fields(&record)?;
        let src = batch.selector(&mut numbers, fields.src, "src", fields.line)?;
        let dst = batch.selector(&mut numbers, fields.dst, "dst", fields.line)?;
        let asked = Asked::parse(&fields)?;
        let line = fields.line;
        batch.rows.push(Row {
            src,
            dst,
            asked,
            line,
        });
    }
    Ok(batch)
}

impl<'a> Batch<'a> {
    /// The number of a selector, parsed if it is new.
    fn selector(
        &mut self,
        numbers: &mut BTreeMap<String, usize>,
        text: &str,
        column: &'static str,
        line: u64,
    ) -> Result<usize, BatchError> {
        if let Some(number) = numbers.get(text) {
            return Ok(*number);
        }
        let parsed =
            selector::parse(text).map_err(|error| BatchError::of_selector(line, column, &error))?;
        let number = self.selectors.len();
        self.selectors.push(parsed);
        numbers.insert(text.to_owned(), number);
        Ok(number)
    }

    /// The names of the file's columns.
    pub const fn header(&self) -> &csv::ByteRecord {
        &self.header
    }

    /// The questions, in order.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// All selectors, each once: rows name them by number.
    pub fn selectors(&self) -> &[Selector] {
        &self.selectors
    }

    /// The records of the file again, in order, as they were written.
    pub fn records(&self) -> impl Iterator<Item = csv::ByteRecord> + use<'a> {
        reader(self.data).into_byte_records().filter_map(Result::ok)
    }
}

fn reader(data: &[u8]) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new().from_reader(data)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The questions of a batch as text, or why it is none.
    fn check(data: &[u8], expected: &[&str]) {
        let shown = match parse(data) {
            Ok(batch) => {
                let selector = |number: usize| batch.selectors()[number].to_string();
                let shown = |row: &Row| {
                    format!(
                        "{} -> {} {}",
                        selector(row.src),
                        selector(row.dst),
                        row.asked
                    )
                };
                batch.rows().iter().map(shown).collect()
            }
            Err(error) => vec![error.to_string()],
        };
        assert_eq!(shown, expected);
    }

    #[test]
    fn columns_may_stand_in_any_order_beside_others() {
        check(
            b"id,dport,proto,dst,src,note\n1,443,tcp,i-2,i-1,\"a, b\"\n2,,icmp,internet,10.0.0.1,\n3,53,17,i-2,i-1,\n4,,esp,i-2,i-1,\n",
            &["i-1 -> i-2 tcp/443", "10.0.0.1 -> internet icmp/echo", "i-1 -> i-2 udp/53", "i-1 -> i-2 esp"],
        );
    }

    #[test]
    fn marks_windows_line_ends_and_blanks_are_understood() {
        check(
            b"\xef\xbb\xbfsrc, DST ,proto,dport\r\n i-1 ,\"name:\"\"a b\"\"\",TCP, 22 \r\n\r\ni-1,i-2,udp,53\r\n",
            &["i-1 -> name:\"a b\" tcp/22", "i-1 -> i-2 udp/53"],
        );
    }

    #[test]
    fn a_wrong_header_says_the_right_one() {
        check(
            b"",
            &["line 1: the file is empty: the first line names the columns, `src,dst,proto,dport`"],
        );
        check(
            b"source,dst,proto,dport\n",
            &[
                "line 1: no column `src`: the first line names the columns, `src,dst,proto,dport` and any others; `source` may be meant for it",
            ],
        );
        check(
            b"i-1,i-2,tcp,22\n",
            &[
                "line 1: no column `src`: the first line names the columns, `src,dst,proto,dport` and any others",
            ],
        );
        check(
            b"src;dst;proto;dport\n",
            &[
                "line 1: no column `src`: the first line names the columns, `src,dst,proto,dport` and any others; separate them by commas",
            ],
        );
        check(
            b"src,dst,src,proto,dport\n",
            &["line 1: two columns are named `src`"],
        );
        check(
            b"src,dst,proto,dport,verdict\n",
            &[
                "line 1: a column is named `verdict`, which the answers are written to: rename or remove it",
            ],
        );
    }

    #[test]
    fn a_wrong_row_names_its_line_and_column() {
        let row = |row: &str| format!("src,dst,proto,dport\ni-1,i-2,tcp,22\n{row}\n").into_bytes();
        check(
            &row("i-1,i-2,tcp,70000"),
            &["line 3, column `dport`: `70000` is not a port from 0 to 65535"],
        );
        check(
            &row("i-1,i-2,tcp,"),
            &["line 3, column `dport`: empty: tcp needs a port from 0 to 65535"],
        );
        check(
            &row("i-1,i-2,icmp,8"),
            &[
                "line 3, column `dport`: `8` where nothing belongs: icmp has no ports, and means an echo",
            ],
        );
        check(
            &row("i-1,i-2,tpc,22"),
            &["line 3, column `proto`: `tpc` is not a protocol, did you mean `tcp`?"],
        );
        check(
            &row("i-1,i-2,http,80"),
            &[
                "line 3, column `proto`: `http` is not a protocol: write tcp, udp, icmp, or a protocol number",
            ],
        );
        check(
            &row("nmae:x,i-2,tcp,22"),
            &["line 3, column `src`: selector `nmae:x`: `nmae`: no such key, did you mean `name`?"],
        );
        check(
            &row("i-1,,tcp,22"),
            &[
                "line 3, column `dst`: selector ``: empty: write an id, an address, `internet`, `name:web-*`, …",
            ],
        );
        check(
            &row("i-1,i-2,tcp"),
            &["line 3: 3 fields where the header has 4"],
        );
        check(
            b"src,dst,proto,dport\ni-1,i-\xff,tcp,22\n",
            &["line 2, column `dst`: not UTF-8"],
        );
    }
}
