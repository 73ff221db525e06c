//! Colours, which only ever add to what the text says.

use anstyle::{AnsiColor, Style};

/// Which styles a text uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Palette {
    pub(crate) heading: Style,
    pub(crate) bad: Style,
    pub(crate) warn: Style,
    pub(crate) good: Style,
    pub(crate) dim: Style,
}

impl Palette {
    /// No styles at all.
    pub fn plain() -> Self {
        Self::default()
    }

    /// Styles for a terminal.
    pub const fn coloured() -> Self {
        Self {
            heading: Style::new().bold(),
            bad: AnsiColor::Red.on_default().bold(),
            warn: AnsiColor::Yellow.on_default(),
            good: AnsiColor::Green.on_default(),
            dim: Style::new().dimmed(),
        }
    }
}

/// Text in a style; the plain text if the style is none.
pub(crate) fn paint(style: Style, text: &str) -> String {
    if style.is_plain() {
        text.to_owned()
    } else {
        format!("{style}{text}{style:#}")
    }
}
