//! Diagnostics while they are gathered.

use std::fmt::Write as _;

use model::{Diagnostic, Origin, Severity};

/// The problems found so far.
#[derive(Debug, Default)]
pub(crate) struct Log {
    pub(crate) diagnostics: Vec<Diagnostic>,
}

impl Log {
    pub(crate) fn error(&mut self, code: &'static str, message: impl Into<String>, at: Origin) {
        self.push(Severity::Error, code, message, at);
    }

    pub(crate) fn warning(&mut self, code: &'static str, message: impl Into<String>, at: Origin) {
        self.push(Severity::Warning, code, message, at);
    }

    pub(crate) fn note(&mut self, code: &'static str, message: impl Into<String>, at: Origin) {
        self.push(Severity::Note, code, message, at);
    }

    /// Records why what stands at `at` could not be taken over.
    pub(crate) fn problem(&mut self, problem: Problem, subject: &str, at: &Origin) {
        let Problem {
            pointer,
            code,
            message,
        } = problem;
        self.error(
            code,
            format!("{subject}{message}"),
            at.part(format_args!("{pointer}")),
        );
    }

    fn push(
        &mut self,
        severity: Severity,
        code: &'static str,
        message: impl Into<String>,
        at: Origin,
    ) {
        self.diagnostics
            .push(Diagnostic::new(severity, code, message, at));
    }
}

/// Why an element of a list cannot become a resource, rule, entry or route.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    /// Where inside the element.
    pointer: String,
    code: &'static str,
    message: String,
}

impl Problem {
    /// A problem of the element as a whole.
    pub(crate) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            pointer: String::new(),
            code,
            message: message.into(),
        }
    }

    /// A problem of one field of the element.
    pub(crate) fn at(field: &str, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            pointer: format!("/{field}"),
            code,
            message: message.into(),
        }
    }

    pub(crate) fn missing(field: &str) -> Self {
        Self::new("missing-field", format!("`{field}` is missing"))
    }

    /// The same problem, seen from the object that holds the element.
    pub(crate) fn inside(mut self, field: &str, number: Option<usize>) -> Self {
        let mut pointer = format!("/{field}");
        if let Some(number) = number {
            // Writing to a text cannot fail.
            let _ = write!(pointer, "/{number}");
        }
        self.pointer.insert_str(0, &pointer);
        self
    }
}

/// What a JSON error says, in plain words, without its line and column, which count from the start of the element.
pub(crate) fn reason(error: &serde_json::Error) -> String {
    let message = error.to_string();
    let message = match message.rfind(" at line ") {
        Some(end) => message.get(..end).unwrap_or_default(),
        None => &message,
    };
    let mismatch = message
        .strip_prefix("invalid type: ")
        .or_else(|| message.strip_prefix("invalid value: "))
        .and_then(|rest| rest.split_once(", expected "));
    match mismatch {
        Some((found, expected)) => format!("expected {expected}, found {}", plain(found)),
        None => message.to_owned(),
    }
}

/// What stands in the file, in words of JSON.
fn plain(found: &str) -> String {
    match found.split_once(' ') {
        None if found == "sequence" => "a list".to_owned(),
        None if found == "map" => "an object".to_owned(),
        Some(("string", text)) => format!("the text {text}"),
        Some(("integer" | "floating", number)) => {
            format!("the number {}", number.trim_start_matches("point "))
        }
        Some(("boolean", flag)) => format!("the truth value {flag}"),
        Some(_) | None => found.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{Flag, Number, Object, Text};
    use serde::Deserialize;

    fn check<'a, T: Deserialize<'a> + std::fmt::Debug>(json: &'a str, expected: &str) {
        let error = serde_json::from_str::<T>(json).unwrap_err();
        assert_eq!(reason(&error), expected);
    }

    #[test]
    fn json_errors_are_told_in_plain_words() {
        check::<Object<Flag>>("[]", "expected an object, found a list");
        check::<Text<'_>>("{}", "expected a text, found an object");
        check::<Number>("\"x\"", "expected a whole number, found the text \"x\"");
        check::<Number>("1.5", "expected a whole number, found the number `1.5`");
        check::<Flag>("1", "expected true or false, found the number `1`");
    }
}
