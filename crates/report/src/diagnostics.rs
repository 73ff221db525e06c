//! Problems of the input.

use model::{Diagnostic, Severity};
use schemars::JsonSchema;
use serde::Serialize;

use crate::header::{FORMAT_VERSION, Kind};
use crate::page::{Cell, Page};
use crate::palette::Palette;
use crate::render::View;

/// Problems of the input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DiagnosticsView {
    /// The version of this format.
    pub format_version: u32,
    /// `diagnostics`.
    pub kind: Kind,
    /// The problems, the worst first.
    pub diagnostics: Vec<DiagnosticView>,
}

/// One problem.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DiagnosticView {
    /// `error`, `warning` or `note`.
    pub severity: String,
    /// A stable name in kebab-case.
    pub code: String,
    /// What is wrong, with which object.
    pub message: String,
    /// File and JSON pointer.
    pub origin: String,
}

/// The view of diagnostics.
pub fn view(diagnostics: &[Diagnostic]) -> DiagnosticsView {
    let mut sorted: Vec<&Diagnostic> = diagnostics.iter().collect();
    sorted.sort_by(|a, b| b.severity.cmp(&a.severity).then_with(|| a.cmp(b)));
    let diagnostics = sorted.into_iter().map(|diagnostic| DiagnosticView {
        severity: word(diagnostic.severity).to_owned(),
        code: diagnostic.code.to_owned(),
        message: diagnostic.message.clone(),
        origin: diagnostic.origin.to_string(),
    });
    DiagnosticsView {
        format_version: FORMAT_VERSION,
        kind: Kind::Diagnostics,
        diagnostics: diagnostics.collect(),
    }
}

const fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Note => "note",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}

impl View for DiagnosticsView {
    fn text(&self, width: usize, palette: &Palette) -> String {
        let mut page = Page::new(width, palette);
        for diagnostic in &self.diagnostics {
            let style = match diagnostic.severity.as_str() {
                "error" => palette.bad,
                "warning" => palette.warn,
                _ => palette.dim,
            };
            let text = format!("{} [{}]", diagnostic.message, diagnostic.code);
            page.table(
                0,
                &[vec![
                    Cell::styled(&diagnostic.severity, style),
                    Cell::new(text),
                ]],
            );
            page.styled(2, &diagnostic.origin, palette.dim);
        }
        page.finish()
    }

    fn columns() -> &'static [&'static str] {
        &["severity", "code", "message", "origin"]
    }

    fn rows(&self) -> Vec<Vec<String>> {
        let row = |diagnostic: &DiagnosticView| {
            let DiagnosticView {
                severity,
                code,
                message,
                origin,
            } = diagnostic.clone();
            vec![severity, code, message, origin]
        };
        self.diagnostics.iter().map(row).collect()
    }
}
