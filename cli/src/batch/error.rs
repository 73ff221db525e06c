//! Why a file is no batch.

use std::fmt;

use crate::selector::SelectorError;

/// Why a file is no batch, with the place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchError {
    /// The line of the file, counted from one.
    line: u64,
    column: Option<&'static str>,
    message: String,
}

impl BatchError {
    pub(super) fn header(message: impl Into<String>) -> Self {
        Self {
            line: 1,
            column: None,
            message: message.into(),
        }
    }

    pub(super) fn field(line: u64, column: &'static str, message: impl Into<String>) -> Self {
        Self {
            line,
            column: Some(column),
            message: message.into(),
        }
    }

    pub(super) fn of_selector(line: u64, column: &'static str, error: &SelectorError) -> Self {
        Self::field(line, column, error.to_string())
    }

    pub(super) fn of_csv(error: &csv::Error) -> Self {
        let line = error.position().map_or(1, csv::Position::line);
        let message = match error.kind() {
            csv::ErrorKind::UnequalLengths {
                expected_len, len, ..
            } => {
                format!("{len} fields where the header has {expected_len}")
            }
            _ => error.to_string(),
        };
        Self {
            line,
            column: None,
            message,
        }
    }

    /// The line of the file, counted from one.
    pub const fn line(&self) -> u64 {
        self.line
    }
}

impl fmt::Display for BatchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}", self.line)?;
        if let Some(column) = self.column {
            write!(f, ", column `{column}`")?;
        }
        write!(f, ": {}", self.message)
    }
}

impl std::error::Error for BatchError {}
