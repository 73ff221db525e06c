//! The words of one line.

use std::fmt;
use std::net::IpAddr;

use model::Origin;
use packet::{Prefix, Service};

use super::Error;

/// Result of reading a part of a line.
pub(super) type Result<T = ()> = std::result::Result<T, Error>;

/// The words of one line that are not read yet.
#[derive(Debug)]
pub(super) struct Words<'a> {
    line: usize,
    words: std::iter::Peekable<std::vec::IntoIter<&'a str>>,
}

impl<'a> Words<'a> {
    /// The words of a line; `None` if it says nothing.
    pub(super) fn of(line: usize, text: &'a str) -> Option<Self> {
        let said = text.split('#').next().unwrap_or_default();
        let words: Vec<&str> = said.split_whitespace().collect();
        (!words.is_empty()).then(|| Self {
            line,
            words: words.into_iter().peekable(),
        })
    }

    /// The next word, if there is one.
    pub(super) fn next(&mut self) -> Option<&'a str> {
        self.words.next()
    }

    /// The next word, which must be there.
    pub(super) fn need(&mut self, what: &str) -> Result<&'a str> {
        let line = self.line;
        self.words
            .next()
            .ok_or_else(|| error(line, format_args!("{what} is missing")))
    }

    /// Skips a word that must be there.
    pub(super) fn literal(&mut self, word: &str) -> Result {
        let found = self.need(&format!("`{word}`"))?;
        if found == word {
            return Ok(());
        }
        Err(self.error(format_args!("`{found}` stands where `{word}` belongs")))
    }

    /// Skips the next word if it is this one.
    pub(super) fn skip(&mut self, word: &str) -> bool {
        self.words.next_if(|next| *next == word).is_some()
    }

    /// Reads the next word if it can be read as an address.
    pub(super) fn address_if(&mut self) -> Option<IpAddr> {
        let address = self.words.peek()?.parse().ok()?;
        self.words.next();
        Some(address)
    }

    /// Reads the next word if it can be read as a block.
    pub(super) fn prefix_if(&mut self) -> Option<Prefix> {
        let prefix = self.words.peek()?.parse().ok()?;
        self.words.next();
        Some(prefix)
    }

    /// All blocks that follow.
    pub(super) fn prefixes(&mut self) -> Vec<Prefix> {
        std::iter::from_fn(|| self.prefix_if()).collect()
    }

    /// A block, which must be there.
    pub(super) fn prefix(&mut self) -> Result<Prefix> {
        let word = self.need("a block")?;
        word.parse().map_err(|problem| self.error(problem))
    }

    /// An address, which must be there.
    pub(super) fn address(&mut self) -> Result<IpAddr> {
        let word = self.need("an address")?;
        word.parse()
            .map_err(|_| self.error(format_args!("`{word}` is not an address")))
    }

    /// A number, which must be there.
    pub(super) fn number<N: std::str::FromStr>(&mut self, what: &str) -> Result<N> {
        let word = self.need(what)?;
        word.parse()
            .map_err(|_| self.error(format_args!("`{word}` is not {what}")))
    }

    /// A service, which must be there.
    pub(super) fn service(&mut self) -> Result<Service> {
        let word = self.need("a service")?;
        word.parse().map_err(|problem| self.error(problem))
    }

    /// Names with commas between them.
    pub(super) fn names(&mut self) -> Result<Vec<&'a str>> {
        Ok(self.need("a list of names")?.split(',').collect())
    }

    /// All words that follow, with one space between them.
    pub(super) fn rest(&mut self) -> String {
        let words: Vec<&str> = self.words.by_ref().collect();
        words.join(" ")
    }

    /// That nothing follows.
    pub(super) fn end(&mut self) -> Result {
        match self.next() {
            None => Ok(()),
            Some(word) => Err(self.unknown(word)),
        }
    }

    /// An error on this line.
    pub(super) fn error(&self, problem: impl fmt::Display) -> Error {
        error(self.line, problem)
    }

    /// The error that a word means nothing here.
    pub(super) fn unknown(&self, word: &str) -> Error {
        self.error(format_args!("`{word}` means nothing here"))
    }

    /// The number of the line, from one.
    pub(super) const fn line(&self) -> usize {
        self.line
    }

    /// The place of this line as the origin of a resource.
    pub(super) fn origin(&self) -> Origin {
        Origin::new("topology".into(), format!("/{}", self.line))
    }
}

fn error(line: usize, problem: impl fmt::Display) -> Error {
    Error {
        line,
        problem: problem.to_string(),
    }
}
