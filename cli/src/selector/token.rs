//! Selectors cut into words and brackets.

use std::ops::Range;

use super::Problem;

/// A character of a word, and whether quotes make it literal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Letter {
    pub(super) character: char,
    pub(super) is_quoted: bool,
}

/// A word: what stands between blanks and brackets, quotes taken off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) letters: Vec<Letter>,
    /// Whether there were quotes, even around nothing.
    pub(super) has_quotes: bool,
}

impl Word {
    /// The text, if no part of it was quoted.
    pub(super) fn bare(&self) -> Option<String> {
        (!self.has_quotes).then(|| self.text())
    }

    /// The text, quoted or not.
    pub(super) fn text(&self) -> String {
        self.letters.iter().map(|letter| letter.character).collect()
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    Open,
    Close,
    Word(Word),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) span: Range<usize>,
}

/// Cuts a text. A quote that never ends is noted, and ends at the end of the text.
pub(super) fn tokens(text: &str, problems: &mut Vec<Problem>) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut characters = text.char_indices().peekable();
    while let Some(&(start, character)) = characters.peek() {
        let kind = match character {
            '(' => Kind::Open,
            ')' => Kind::Close,
            _ if character.is_whitespace() => {
                characters.next();
                continue;
            }
            _ => {
                let word = word(&mut characters, text.len(), problems);
                let end = characters.peek().map_or(text.len(), |(end, _)| *end);
                tokens.push(Token {
                    kind: Kind::Word(word),
                    span: start..end,
                });
                continue;
            }
        };
        characters.next();
        tokens.push(Token {
            kind,
            span: start..start + 1,
        });
    }
    tokens
}

type Characters<'a> = std::iter::Peekable<std::str::CharIndices<'a>>;

fn word(characters: &mut Characters<'_>, end: usize, problems: &mut Vec<Problem>) -> Word {
    let mut word = Word {
        letters: Vec::new(),
        has_quotes: false,
    };
    while let Some(&(start, character)) = characters.peek() {
        match character {
            '(' | ')' => break,
            _ if character.is_whitespace() => break,
            '"' | '\'' => {
                characters.next();
                word.has_quotes = true;
                if !quoted(character, characters, &mut word.letters) {
                    problems.push(Problem::new(start..end, "this quote never ends"));
                }
            }
            _ => {
                characters.next();
                word.letters.push(Letter {
                    character,
                    is_quoted: false,
                });
            }
        }
    }
    word
}

/// Reads up to the closing quote; whether there was one. A backslash makes the next quote or backslash literal.
fn quoted(quote: char, characters: &mut Characters<'_>, letters: &mut Vec<Letter>) -> bool {
    while let Some((_, mut character)) = characters.next() {
        if character == quote {
            return true;
        }
        if character == '\\' {
            let escaped = characters.next_if(|(_, next)| *next == quote || *next == '\\');
            character = escaped.map_or('\\', |(_, next)| next);
        }
        letters.push(Letter {
            character,
            is_quoted: true,
        });
    }
    false
}
