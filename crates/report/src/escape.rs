//! Untrusted text made harmless.
//!
//! Names and descriptions come from whoever may tag a resource. Printed as they are, they could move the cursor, hide
//! lines, reverse what is read, or run as a formula in a spreadsheet.

use std::borrow::Cow;

/// The text with everything escaped that a terminal would obey rather than show: control characters, escape sequences,
/// and characters that change the direction of text or are invisible.
pub fn terminal(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_harmful) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        if is_harmful(letter) {
            safe.extend(letter.escape_unicode());
        } else {
            safe.push(letter);
        }
    }
    Cow::Owned(safe)
}

/// The text as a cell that no spreadsheet takes for a formula, and that holds no control characters.
pub fn csv_cell(text: &str) -> String {
    let safe = terminal(text);
    let is_formula = safe.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if is_formula {
        format!("'{safe}")
    } else {
        safe.into_owned()
    }
}

fn is_harmful(letter: char) -> bool {
    letter.is_control()
        || matches!(
            letter,
            '\u{ad}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_obeys_is_shown() {
        assert_eq!(terminal("web-1 größer 東京"), "web-1 größer 東京");
        assert_eq!(terminal("\u{1b}[2Jx"), "\\u{1b}[2Jx");
        assert_eq!(
            terminal("a\nb\r\u{7}\u{9b}0m"),
            "a\\u{a}b\\u{d}\\u{7}\\u{9b}0m"
        );
        assert_eq!(terminal("abc\u{202e}cba"), "abc\\u{202e}cba");
        assert_eq!(terminal("zero\u{200b}width"), "zero\\u{200b}width");
    }

    #[test]
    fn a_cell_is_no_formula() {
        assert_eq!(csv_cell("=HYPERLINK(\"x\")"), "'=HYPERLINK(\"x\")");
        assert_eq!(csv_cell("@SUM(1)"), "'@SUM(1)");
        assert_eq!(csv_cell("-2+3"), "'-2+3");
        assert_eq!(csv_cell("app-1"), "app-1");
        assert_eq!(csv_cell("\t=1"), "\\u{9}=1");
    }
}
