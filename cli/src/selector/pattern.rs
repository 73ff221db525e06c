//! Texts with `*` for any characters.

use std::fmt;

use super::token::Letter;

/// A text with `*` for any characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    parts: Vec<Part>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Literal(char),
    Anything,
}

/// Which letters count as the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Case {
    /// Every letter as it is: names and tags.
    Exact,
    /// Capital or small: words of ours.
    Folded,
}

impl Pattern {
    pub(super) fn of(letters: &[Letter]) -> Self {
        let part = |letter: &Letter| match letter.character {
            '*' if !letter.is_quoted => Part::Anything,
            character => Part::Literal(character),
        };
        let mut parts: Vec<Part> = letters.iter().map(part).collect();
        parts.dedup_by(|a, b| *a == Part::Anything && *b == Part::Anything);
        Self { parts }
    }

    /// The text, if it stands for itself only.
    pub fn literal(&self) -> Option<String> {
        let literal = |part: &Part| match part {
            Part::Literal(character) => Some(*character),
            Part::Anything => None,
        };
        self.parts.iter().map(literal).collect()
    }

    /// The text as one would say it.
    pub fn shown(&self) -> String {
        let shown = |part: &Part| match part {
            Part::Literal(character) => *character,
            Part::Anything => '*',
        };
        self.parts.iter().map(shown).collect()
    }

    /// Whether a text fits.
    ///
    /// # Cost
    ///
    /// The product of both lengths at worst.
    pub(super) fn matches(&self, text: &str, case: Case) -> bool {
        let is_same = |a: char, b: char| match case {
            Case::Exact => a == b,
            Case::Folded => a.eq_ignore_ascii_case(&b),
        };
        let text: Vec<char> = text.chars().collect();
        let (mut at, mut part) = (0, 0);
        // Where to go on if a guess on the length of the last `*` was wrong.
        let mut retry: Option<(usize, usize)> = None;
        while let Some(&character) = text.get(at) {
            match self.parts.get(part) {
                Some(Part::Literal(literal)) if is_same(*literal, character) => {
                    at += 1;
                    part += 1;
                }
                Some(Part::Anything) => {
                    retry = Some((at, part));
                    part += 1;
                }
                Some(Part::Literal(_)) | None => {
                    let Some((retry_at, retry_part)) = retry else {
                        return false;
                    };
                    retry = Some((retry_at + 1, retry_part));
                    at = retry_at + 1;
                    part = retry_part + 1;
                }
            }
        }
        let rest = self.parts.get(part..).unwrap_or_default();
        rest.iter().all(|part| *part == Part::Anything)
    }
}

/// Quotes what needs it.
impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_plain = |part: &Part| match part {
            Part::Literal(character) => {
                character.is_alphanumeric() || "-_./:@+".contains(*character)
            }
            Part::Anything => true,
        };
        if !self.parts.is_empty() && self.parts.iter().all(is_plain) {
            return f.write_str(&self.shown());
        }
        let mut is_open = false;
        for part in &self.parts {
            let Part::Literal(character) = part else {
                f.write_str(if is_open { "\"*" } else { "*" })?;
                is_open = false;
                continue;
            };
            if !is_open {
                f.write_str("\"")?;
                is_open = true;
            }
            if matches!(character, '"' | '\\') {
                f.write_str("\\")?;
            }
            write!(f, "{character}")?;
        }
        f.write_str(if is_open {
            "\""
        } else if self.parts.is_empty() {
            "\"\""
        } else {
            ""
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pattern: &str, text: &str, expected: bool) {
        let letters: Vec<Letter> = pattern
            .chars()
            .map(|character| Letter {
                character,
                is_quoted: false,
            })
            .collect();
        let matches = Pattern::of(&letters).matches(text, Case::Exact);
        assert_eq!(matches, expected, "{pattern} on {text}");
    }

    #[test]
    fn a_star_stands_for_any_characters() {
        check("web-*", "web-1", true);
        check("web-*", "web-", true);
        check("web-*", "my-web-1", false);
        check("*-web", "my-web", true);
        check("*a*b*", "xxaxxbxx", true);
        check("*a*b*", "xxbxxaxx", false);
        check("**", "", true);
        check("", "", true);
        check("", "x", false);
        check("Web", "web", false);
        check("a*a*a*a*b", &"a".repeat(2000), false);
    }
}
