//! `watertight reach --batch`: questions from a file.

use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use csv::ByteRecord;
use model::Reachability;
use report::{FORMAT_VERSION, escape};

use crate::batch::{self, ANSWER_COLUMNS, AnswerError, Answered, Answerer, Batch};
use crate::error::Error;
use crate::exit::Exit;
use crate::output::{Answer, Format, Style, no_picture};
use crate::session::{Certainty, Session};

pub(super) fn run(session: &Session, file: &Path) -> Result<Exit, Error> {
    let shown = file.display();
    let data = std::fs::read(file)
        .map_err(|error| Error::usage(format!("cannot read the batch `{shown}`")).because(error))?;
    let batch = batch::parse(&data)
        .map_err(|error| Error::usage(format!("cannot read the batch `{shown}`")).because(error))?;
    let engine = session.engine();
    let answers = Answerer::new(&engine).answers(&batch).map_err(|error| match error {
        AnswerError::Input(error) => Error::usage(format!("cannot answer the batch `{shown}`")).because(error),
        AnswerError::Bug(error) => Error::failure(format!("bug: two ways to compute the answer to a row of `{shown}` disagree"))
            .because(error)
            .with_help("nothing was written, as one of them is wrong; please report this row with the snapshot"),
    })?;
    let is_open = answers
        .iter()
        .any(|answer| answer.verdict == Reachability::Undetermined);
    session.finish(
        &Rows {
            batch: &batch,
            answers: &answers,
        },
        Certainty::open_if(is_open),
    )
}

/// A batch with its answers.
struct Rows<'a> {
    batch: &'a Batch<'a>,
    answers: &'a [Arc<Answered>],
}

impl Answer for Rows<'_> {
    fn write(&self, format: Format, style: Style, to: &mut dyn Write) -> io::Result<()> {
        match format {
            Format::Csv => self.csv(to),
            Format::Json => self.json(to),
            Format::Text => self.text(style, to),
            Format::Picture(_) => Err(no_picture()),
        }
    }
}

impl Rows<'_> {
    fn rows(&self) -> impl Iterator<Item = (ByteRecord, &Answered)> {
        self.batch
            .records()
            .zip(self.answers.iter().map(|answer| &**answer))
    }

    fn csv(&self, to: &mut dyn Write) -> io::Result<()> {
        let mut writer = csv::Writer::from_writer(to);
        let mut header = self.batch.header().clone();
        for column in ANSWER_COLUMNS {
            header.push_field(column.as_bytes());
        }
        writer.write_byte_record(&header)?;
        for (mut record, answer) in self.rows() {
            record.push_field(answer.verdict_word().as_bytes());
            record.push_field(escape::csv_cell(&answer.reason).as_bytes());
            writer.write_byte_record(&record)?;
        }
        writer.flush()
    }

    fn json(&self, to: &mut dyn Write) -> io::Result<()> {
        let names: Vec<String> = self.batch.header().iter().map(lossy).collect();
        write!(
            to,
            "{{\n  \"format_version\": {FORMAT_VERSION},\n  \"kind\": \"batch\",\n  \"rows\": ["
        )?;
        for (number, (record, answer)) in self.rows().enumerate() {
            let mut row = serde_json::Map::new();
            for (name, field) in names.iter().zip(&record) {
                row.insert(name.clone(), lossy(field).into());
            }
            row.insert("verdict".to_owned(), answer.verdict_word().into());
            row.insert("reason".to_owned(), answer.reason.clone().into());
            write!(to, "{}\n    ", if number == 0 { "" } else { "," })?;
            serde_json::to_writer(&mut *to, &row)?;
        }
        writeln!(to, "\n  ]\n}}")
    }

    /// A line for each row: the verdict, the question, the reason.
    fn text(&self, _style: Style, to: &mut dyn Write) -> io::Result<()> {
        let selector = |number: usize| {
            let text = self
                .batch
                .selectors()
                .get(number)
                .map_or("", |selector| selector.text());
            escape::terminal(text).into_owned()
        };
        let ends: Vec<(String, String, String)> = self
            .batch
            .rows()
            .iter()
            .map(|row| (selector(row.src), selector(row.dst), row.asked.to_string()))
            .collect();
        let width = |of: fn(&(String, String, String)) -> &String| {
            ends.iter()
                .map(|end| of(end).chars().count())
                .max()
                .unwrap_or(0)
        };
        let (src_width, dst_width, asked_width) = (
            width(|end| &end.0),
            width(|end| &end.1),
            width(|end| &end.2),
        );
        for ((src, dst, asked), answer) in ends.iter().zip(self.answers) {
            let (verdict, reason) = (answer.verdict_word(), escape::terminal(&answer.reason));
            writeln!(
                to,
                "{verdict:<12}  {src:<src_width$}  {dst:<dst_width$}  {asked:<asked_width$}  {reason}"
            )?;
        }
        let count = |wanted| {
            self.answers
                .iter()
                .filter(|answer| answer.verdict == wanted)
                .count()
        };
        let (reachable, blocked) = (count(Reachability::Reachable), count(Reachability::Blocked));
        let undetermined = count(Reachability::Undetermined);
        writeln!(
            to,
            "{} rows: {reachable} reachable, {blocked} blocked, {undetermined} undetermined",
            self.answers.len()
        )
    }
}

fn lossy(field: &[u8]) -> String {
    String::from_utf8_lossy(field).into_owned()
}
