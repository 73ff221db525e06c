//! What is said to people, on stderr. Nothing here is data.

use std::io::Write;

use ingest::{CacheProblem, FileUse};
use model::{Diagnostic, Severity};
use report::escape;

use crate::error::Error;
use crate::progress;

/// How much is said about the input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Loudness {
    Quiet,
    /// Errors, and how much else there is.
    Normal,
    Verbose,
}

/// How much of something does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    Whole,
    Part,
}

/// Says one thing. That nobody listens is no error.
pub(crate) fn say(text: &str) {
    progress::make_way();
    let mut stderr = anstream::stderr().lock();
    let _ = writeln!(stderr, "{text}");
}

/// Says why the run ends.
pub(crate) fn error(error: &Error) {
    let lines: Vec<String> = error
        .report()
        .lines()
        .map(|line| escape::terminal(line).into_owned())
        .collect();
    let style = anstyle::AnsiColor::Red.on_default().bold();
    say(&format!("{style}error{style:#}: {}", lines.join("\n")));
}

/// Says what of the configuration does not count here, with the details in lines of their own.
pub(crate) fn left_out(what: &str, extent: Extent, details: &str, loudness: Loudness) {
    if loudness == Loudness::Quiet {
        return;
    }
    let style = anstyle::AnsiColor::Yellow.on_default().bold();
    let lines = details
        .lines()
        .map(|line| format!("\n  {}", escape::terminal(line)));
    say(&format!(
        "{style}warning{style:#}: {} of the configuration {}{}",
        escape::terminal(what),
        match extent {
            Extent::Whole => "is left out: it names nothing in this network",
            Extent::Part => "counts in part: not all that it names is in this network",
        },
        lines.collect::<String>()
    ));
}

/// Says why a network was read that was known, or will be read again.
pub(crate) fn cache(problem: &CacheProblem, loudness: Loudness) {
    if loudness == Loudness::Quiet {
        return;
    }
    let style = anstyle::AnsiColor::Yellow.on_default().bold();
    let mut why = problem.to_string();
    if let Some(source) = std::error::Error::source(problem) {
        why = format!("{why}: {source}");
    }
    say(&format!(
        "{style}warning{style:#}: the cache is not used: {}",
        escape::terminal(&why)
    ));
}

/// Says what is wrong with the input.
pub(crate) fn input(diagnostics: &[Diagnostic], files: &[FileUse], loudness: Loudness) {
    if loudness == Loudness::Quiet {
        return;
    }
    let is_verbose = loudness == Loudness::Verbose;
    if is_verbose {
        files.iter().for_each(file);
    }
    let shown = diagnostics
        .iter()
        .filter(|one| is_verbose || one.severity == Severity::Error);
    shown.for_each(diagnostic);
    let count = |severity| {
        diagnostics
            .iter()
            .filter(|one| one.severity == severity)
            .count()
    };
    let counts = [
        (Severity::Error, "error"),
        (Severity::Warning, "warning"),
        (Severity::Note, "note"),
    ];
    let counts: Vec<(usize, &str)> = counts
        .map(|(severity, word)| (count(severity), word))
        .into();
    // Notes alone matter to nobody who did not ask.
    if counts.iter().take(2).all(|(n, _)| *n == 0) && !is_verbose {
        return;
    }
    let counts = counts.iter().filter(|(n, _)| 0 < *n);
    let counts: Vec<String> = counts
        .map(|(n, word)| format!("{n} {word}{}", if *n == 1 { "" } else { "s" }))
        .collect();
    if !counts.is_empty() {
        let is_whole = diagnostics
            .iter()
            .all(|one| is_verbose || one.severity == Severity::Error);
        let hint = if is_whole { "" } else { " (-v shows all)" };
        say(&format!("input: {}{hint}", counts.join(", ")));
    }
}

fn file(file: &FileUse) {
    let name = escape::terminal(file.file());
    match file {
        FileUse::Used { kind, count, .. } => say(&format!("read: {name}: {count} {kind}")),
        FileUse::Ignored { why, .. } => {
            say(&format!("passed over: {name}: {}", escape::terminal(why)));
        }
    }
}

fn diagnostic(diagnostic: &Diagnostic) {
    let Diagnostic {
        severity,
        code,
        message,
        origin,
    } = diagnostic;
    let (word, colour) = match severity {
        Severity::Error => ("error", anstyle::AnsiColor::Red),
        Severity::Warning => ("warning", anstyle::AnsiColor::Yellow),
        Severity::Note => ("note", anstyle::AnsiColor::Cyan),
    };
    let style = colour.on_default().bold();
    let (message, origin) = (escape::terminal(message), origin.to_string());
    say(&format!(
        "{style}{word}{style:#}[{code}]: {message}\n  at {}",
        escape::terminal(&origin)
    ));
}
