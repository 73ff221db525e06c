//! What is wrong with a selector, and where.

use std::fmt;
use std::ops::Range;

/// One problem of a selector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The bytes of the text that it is about; empty for a place between two.
    pub span: Range<usize>,
    /// What is wrong, and what to write instead: one line, lower case.
    pub message: String,
}

impl Problem {
    pub(super) fn new(span: Range<usize>, message: impl Into<String>) -> Self {
        Self {
            span,
            message: message.into(),
        }
    }
}

/// Why a selector names nothing: its text, and everything that is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SelectorError {
    text: String,
    problems: Vec<Problem>,
}

impl SelectorError {
    pub(super) fn new(text: &str, problems: Vec<Problem>) -> Self {
        Self {
            text: text.to_owned(),
            problems,
        }
    }

    /// The problems, in the order of the text.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// The text with a caret under each problem, on several lines.
    pub fn explain(&self) -> String {
        let mut lines = vec![printable(&self.text)];
        for problem in &self.problems {
            let before = self.columns(0..problem.span.start);
            let width = self.columns(problem.span.clone()).max(1);
            let (indent, carets) = (" ".repeat(before), "^".repeat(width));
            let mut message = problem.message.split('\n');
            let first = message.next().unwrap_or_default();
            lines.push(format!("{indent}{carets} {first}"));
            lines.extend(message.map(|line| format!("{indent}{line}")));
        }
        lines.join("\n")
    }

    fn columns(&self, span: Range<usize>) -> usize {
        self.text.get(span).map_or(0, |text| text.chars().count())
    }
}

/// A text on one line, as wide as it is long: whatever would move the cursor becomes a mark.
fn printable(text: &str) -> String {
    text.chars()
        .map(|character| {
            let is_hidden =
                character.is_control() || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
            if is_hidden { '\u{fffd}' } else { character }
        })
        .collect()
}

/// One line, for where there is no room for carets.
impl fmt::Display for SelectorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let problems: Vec<String> = self
            .problems
            .iter()
            .map(|problem| {
                let span = self.text.get(problem.span.clone()).unwrap_or_default();
                let message = problem.message.replace('\n', "; ");
                if span.is_empty() || span == self.text {
                    message
                } else {
                    format!("`{}`: {message}", printable(span))
                }
            })
            .collect();
        write!(
            f,
            "selector `{}`: {}",
            printable(&self.text),
            problems.join("; ")
        )
    }
}

impl std::error::Error for SelectorError {}
