//! From words to an expression. A problem is noted and reading goes on, so that one run shows all of them.

use std::ops::Range;

use packet::Prefix;

use super::token::{Kind, Token, Word, tokens};
use super::{Expression, Key, Meaning, Pattern, Problem, Selector, SelectorError, Term};
use crate::nearest::suggestion;

/// How deep brackets and `not` may nest: far more than a person writes, and little enough for any stack.
const MAX_DEPTH: usize = 64;

pub(super) fn parse(text: &str) -> Result<Selector, SelectorError> {
    let mut problems = Vec::new();
    let tokens = tokens(text, &mut problems);
    let mut parser = Parser {
        tokens: &tokens,
        end: text.len(),
        problems,
    };
    let root = if tokens.is_empty() {
        let message = "empty: write an id, an address, `internet`, `name:web-*`, …";
        parser.note(0..text.len(), message);
        None
    } else {
        parser.whole()
    };
    let mut problems = parser.problems;
    problems.sort_by_key(|problem| problem.span.start);
    match root {
        Some(root) if problems.is_empty() => Ok(Selector {
            text: text.to_owned(),
            root,
        }),
        Some(_) | None => Err(SelectorError::new(text, problems)),
    }
}

struct Parser<'a> {
    /// What is still to be read.
    tokens: &'a [Token],
    /// The length of the text.
    end: usize,
    problems: Vec<Problem>,
}

/// The words that join.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Joint {
    And,
    Or,
    Not,
}

/// The joint that a token is. What other languages write is understood, and refused with the right word.
fn joint(token: &Token) -> Option<(Joint, Option<&'static str>)> {
    let Kind::Word(word) = &token.kind else {
        return None;
    };
    match word.bare()?.to_ascii_lowercase().as_str() {
        "and" => Some((Joint::And, None)),
        "or" => Some((Joint::Or, None)),
        "not" => Some((Joint::Not, None)),
        "&&" | "&" => Some((Joint::And, Some("write `and`"))),
        "||" | "|" | "," => Some((Joint::Or, Some("write `or`"))),
        "!" => Some((Joint::Not, Some("write `not`"))),
        _ => None,
    }
}

impl<'a> Parser<'a> {
    fn note(&mut self, span: Range<usize>, message: impl Into<String>) {
        self.problems.push(Problem::new(span, message));
    }

    /// Takes the next token if it is this joint.
    fn take(&mut self, wanted: Joint) -> Option<&'a Token> {
        let (token, rest) = self.tokens.split_first()?;
        let (found, advice) = joint(token)?;
        if found != wanted {
            return None;
        }
        if let Some(advice) = advice {
            self.note(token.span.clone(), advice);
        }
        self.tokens = rest;
        Some(token)
    }

    fn whole(&mut self) -> Option<Expression> {
        let root = self.any(0);
        while let Some((token, rest)) = self.tokens.split_first() {
            // Reading stops early only at a bracket that nothing opened.
            self.note(token.span.clone(), "no bracket is open here");
            self.tokens = rest;
            if !self.tokens.is_empty() {
                self.any(0);
            }
        }
        root
    }

    fn any(&mut self, depth: usize) -> Option<Expression> {
        let mut parts = vec![self.all(depth)];
        while self.take(Joint::Or).is_some() {
            parts.push(self.all(depth));
        }
        joined(parts, Expression::Any)
    }

    fn all(&mut self, depth: usize) -> Option<Expression> {
        let mut parts = vec![self.negated(depth)];
        loop {
            if self.take(Joint::And).is_none() {
                let Some(token) = self.tokens.first() else {
                    break;
                };
                let is_or = matches!(joint(token), Some((Joint::Or, _)));
                if is_or || token.kind == Kind::Close {
                    break;
                }
                let message =
                    "write `and` or `or` before this, or quotes around a name with blanks";
                self.note(token.span.clone(), message);
            }
            parts.push(self.negated(depth));
        }
        joined(parts, Expression::All)
    }

    fn negated(&mut self, depth: usize) -> Option<Expression> {
        let Some(token) = self.take(Joint::Not) else {
            return self.single(depth);
        };
        if depth >= MAX_DEPTH {
            return self.too_deep(token);
        }
        let inner = self.negated(depth + 1)?;
        Some(match inner {
            Expression::Not(inner) => *inner,
            inner => Expression::Not(Box::new(inner)),
        })
    }

    fn single(&mut self, depth: usize) -> Option<Expression> {
        let Some((token, rest)) = self.tokens.split_first() else {
            self.note(self.end..self.end, "something is missing here");
            return None;
        };
        match &token.kind {
            Kind::Open if depth >= MAX_DEPTH => self.too_deep(token),
            Kind::Open => {
                self.tokens = rest;
                let inner = self.any(depth + 1);
                self.close(token);
                inner
            }
            Kind::Close => {
                self.note(
                    token.span.start..token.span.start,
                    "something is missing here",
                );
                None
            }
            Kind::Word(_) if joint(token).is_some() => {
                // Not taken: whoever called goes on with it.
                self.note(
                    token.span.start..token.span.start,
                    "something is missing here",
                );
                None
            }
            Kind::Word(word) => {
                self.tokens = rest;
                self.term(word, token.span.clone())
            }
        }
    }

    fn close(&mut self, open: &Token) {
        match self.tokens.split_first() {
            Some((token, rest)) if token.kind == Kind::Close => self.tokens = rest,
            _ => self.note(open.span.clone(), "this bracket is never closed"),
        }
    }

    fn too_deep(&mut self, token: &Token) -> Option<Expression> {
        let message = format!("more than {MAX_DEPTH} brackets and `not`s deep");
        self.note(token.span.clone(), message);
        self.tokens = &[];
        None
    }

    fn term(&mut self, word: &Word, span: Range<usize>) -> Option<Expression> {
        match meaning(word) {
            Ok(meaning) => Some(Expression::Term(Term { meaning, span })),
            Err((length, message)) => {
                let end = length.map_or(span.end, |length| span.start + length);
                self.note(span.start..end, message);
                None
            }
        }
    }
}

/// One part stands for itself; nested lists of one kind become one.
fn joined(
    parts: Vec<Option<Expression>>,
    of: fn(Vec<Expression>) -> Expression,
) -> Option<Expression> {
    let mut parts = parts.into_iter().collect::<Option<Vec<_>>>()?;
    match parts.len() {
        1 => parts.pop(),
        _ => Some(of(parts)),
    }
}

/// What a word says, or how many bytes of it are wrong (`None` for all) and why.
fn meaning(word: &Word) -> Result<Meaning, (Option<usize>, String)> {
    if let Some(text) = word.bare()
        && let Some(meaning) = bare(&text)
    {
        return meaning.map_err(|message| (None, message));
    }
    let colon = word
        .letters
        .iter()
        .position(|letter| letter.character == ':');
    let colon = colon.filter(|&at| {
        word.letters
            .iter()
            .take(at + 1)
            .all(|letter| !letter.is_quoted)
    });
    let Some(colon) = colon else {
        return match word.letters.as_slice() {
            [] => Err((None, "an empty name".to_owned())),
            letters => Ok(Meaning::Word(Pattern::of(letters))),
        };
    };
    let (key, value) = word.letters.split_at(colon);
    let value = value.get(1..).unwrap_or_default();
    let key: String = key.iter().map(|letter| letter.character).collect();
    if value.is_empty() && !word.has_quotes {
        let message = format!("a value is missing: write `{key}:…`");
        return Err((None, message));
    }
    if key.eq_ignore_ascii_case("tag") {
        return tag(value);
    }
    let known = Key::ALL
        .iter()
        .find(|known| key.eq_ignore_ascii_case(known.word()));
    if let Some(known) = known {
        return Ok(Meaning::Keyed(*known, Pattern::of(value)));
    }
    let words = Key::ALL.iter().map(|key| key.word()).chain(["tag"]);
    let meant = suggestion(&key, words.clone());
    let advice = if meant.is_empty() {
        let words: Vec<&str> = words.collect();
        format!(
            ": there are {}; an id with a colon needs quotes",
            words.join(", ")
        )
    } else {
        meant
    };
    Err((Some(key.len()), format!("no such key{advice}")))
}

/// What a word without quotes says if it is no name: a word of the language, an address or an ARN.
fn bare(text: &str) -> Option<Result<Meaning, String>> {
    match text.to_ascii_lowercase().as_str() {
        "all" => return Some(Ok(Meaning::Every)),
        "internet" => return Some(Ok(Meaning::Internet)),
        "onprem" => return Some(Ok(Meaning::OnPremises)),
        _ => {}
    }
    if let Ok(address) = text.parse() {
        return Some(Ok(Meaning::Address(address)));
    }
    if let Ok(prefix) = text.parse::<Prefix>() {
        let is_host = prefix.length() == prefix.family().bits();
        return Some(Ok(if is_host {
            Meaning::Address(prefix.first())
        } else {
            Meaning::Block(prefix)
        }));
    }
    if text.starts_with("arn:") {
        return Some(Ok(Meaning::Arn(text.to_owned())));
    }
    looks_like_address(text).then(|| {
        Err(format!(
            "no address or block such as `10.0.0.0/16`{}",
            octet_help(text)
        ))
    })
}

/// Whether a text that is no address was surely meant as one.
fn looks_like_address(text: &str) -> bool {
    let is_v4 = text
        .chars()
        .all(|character| character.is_ascii_digit() || "./".contains(character));
    let is_v6 = text.contains("::")
        && text
            .chars()
            .all(|character| character.is_ascii_hexdigit() || ":./".contains(character));
    (is_v4 && text.contains('.')) || is_v6
}

fn octet_help(text: &str) -> &'static str {
    let (address, length) = text.split_once('/').unwrap_or((text, ""));
    let is_large = |octet: &str| octet.parse::<u32>().is_ok_and(|octet| 255 < octet);
    if address.split('.').any(is_large) {
        ": a part is larger than 255"
    } else if length.parse::<u32>().is_ok_and(|length| 32 < length) && !text.contains(':') {
        ": a length is at most 32"
    } else {
        ""
    }
}

fn tag(letters: &[super::token::Letter]) -> Result<Meaning, (Option<usize>, String)> {
    let equals = letters
        .iter()
        .position(|letter| letter.character == '=' && !letter.is_quoted);
    let (key, value) = match equals {
        Some(at) => {
            let (key, value) = letters.split_at(at);
            (key, value.get(1..))
        }
        None => (letters, None),
    };
    if key.is_empty() {
        return Err((
            None,
            "a key is missing: write `tag:KEY=VALUE` or `tag:KEY`".to_owned(),
        ));
    }
    Ok(Meaning::Tag {
        key: Pattern::of(key),
        value: value.map(Pattern::of),
    })
}

#[cfg(test)]
mod tests {
    use super::super::parse;

    /// What a selector is printed as, or its problems under carets.
    fn check(text: &str, expected: &str) {
        let shown = match parse(text) {
            Ok(selector) => {
                let shown = selector.to_string();
                let again = parse(&shown).expect("what is printed can be read");
                assert_eq!(again.to_string(), shown);
                shown
            }
            Err(error) => error.explain(),
        };
        assert_eq!(shown, expected);
    }

    #[test]
    fn selectors_are_read_and_printed() {
        check("i-0123", "i-0123");
        check("10.0.0.1", "10.0.0.1");
        check("10.0.0.1/32", "10.0.0.1");
        check("10.0.5.1/16", "10.0.0.0/16");
        check("2001:DB8::1", "2001:db8::1");
        check("Internet", "internet");
        check("onprem or all", "onprem or all");
        check("name:web-* and not type:rds", "name:web-* and not type:rds");
        check("a and (b or c) and d", "a and (b or c) and d");
        check("(a and b) or c", "a and b or c");
        check("not (a or b)", "not (a or b)");
        check("not not a", "a");
        check("NAME:x AND NOT y", "name:x and not y");
        check("tag:Tier=app", "tag:Tier=app");
        check("tag:Tier", "tag:Tier");
        check("tag:Tier=", "tag:Tier=\"\"");
        check(
            "tag:\"Cost Centre\"=\"R & D\"",
            "tag:\"Cost Centre\"=\"R & D\"",
        );
        check("office:'Head Office'", "office:\"Head Office\"");
        check("\"InstanceId:5\"", "\"InstanceId:5\"");
        check("\"internet\"", "\"internet\"");
        check("name:\"a*\"*", "name:\"a*\"*");
        check("name:\"say \\\"hi\\\"\"", "name:\"say \\\"hi\\\"\"");
        check(
            "arn:aws:ec2:us-east-1:1:instance/i-1",
            "arn:aws:ec2:us-east-1:1:instance/i-1",
        );
    }

    #[test]
    fn a_wrong_key_is_marked_and_the_right_one_suggested() {
        check(
            "nmae:web",
            "nmae:web\n^^^^ no such key, did you mean `name`?",
        );
        check(
            "InstanceId:5",
            "InstanceId:5\n^^^^^^^^^^ no such key: there are name, type, account, region, zone, vpc, subnet, group, \
             office, tag; an id with a colon needs quotes",
        );
    }

    #[test]
    fn all_problems_are_shown_at_once() {
        check(
            "(a && b or nmae:x",
            "(a && b or nmae:x\n\
             ^ this bracket is never closed\n   \
             ^^ write `and`\n           \
             ^^^^ no such key, did you mean `name`?",
        );
    }

    #[test]
    fn what_is_missing_is_marked_at_its_place() {
        check(
            "",
            "\n^ empty: write an id, an address, `internet`, `name:web-*`, …",
        );
        check("a and", "a and\n     ^ something is missing here");
        check("or b", "or b\n^ something is missing here");
        check("()", "()\n ^ something is missing here");
        check("a)", "a)\n ^ no bracket is open here");
        check("name:", "name:\n^^^^^ a value is missing: write `name:…`");
        check(
            "tag:=x",
            "tag:=x\n^^^^^^ a key is missing: write `tag:KEY=VALUE` or `tag:KEY`",
        );
        check("name:\"web", "name:\"web\n     ^^^^ this quote never ends");
        check(
            "web 1",
            "web 1\n    ^ write `and` or `or` before this, or quotes around a name with blanks",
        );
    }

    #[test]
    fn a_bad_address_is_no_name() {
        check(
            "10.0.0.256",
            "10.0.0.256\n^^^^^^^^^^ no address or block such as `10.0.0.0/16`: a part is larger than 255",
        );
        check(
            "10.0.0.0/33",
            "10.0.0.0/33\n^^^^^^^^^^^ no address or block such as `10.0.0.0/16`: a length is at most 32",
        );
        check(
            "2001:db8::1::2",
            "2001:db8::1::2\n^^^^^^^^^^^^^^ no address or block such as `10.0.0.0/16`",
        );
    }

    #[test]
    fn depth_is_limited() {
        assert!(parse(&format!("{}a", "(".repeat(100_000))).is_err());
        assert!(parse(&format!("{}a", "not ".repeat(100_000))).is_err());
        assert!(parse(&"a or ".repeat(100_000)).is_err());
        assert!(parse(&format!("{}a{}", "(".repeat(60), ")".repeat(60))).is_ok());
    }

    #[test]
    fn control_characters_move_no_cursor() {
        check(
            "name:\u{1b}[31m\tx",
            "name:\u{fffd}[31m\u{fffd}x\n           ^ write `and` or `or` before this, or quotes around a name with blanks",
        );
    }

    proptest::proptest! {
        #[test]
        fn what_is_parsed_prints_and_parses_again(text in "([a-z*:=(){}!,.&|/0-9\"'\\\\ -]|and |or |not |tag:|name:|::1|10\\.0\\.0\\.0/8|\u{1b}|é){0,24}") {
            if let Ok(selector) = parse(&text) {
                let shown = selector.to_string();
                let again = parse(&shown).map(|again| again.to_string());
                proptest::prop_assert_eq!(again.as_ref(), Ok(&shown));
            }
        }
    }
}
