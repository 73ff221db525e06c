//! A snapshot as bytes, and back: for a cache, and for nothing else.
//!
//! The bytes are of this very build: there is no version in them, and what another build wrote must not be read. Who
//! keeps them sees to that, and to damage. Reading damaged bytes never panics here, but may give another network.

mod fields;
mod headers;
mod lists;
mod texts;

use std::collections::HashMap;
use std::sync::Arc;

pub use pack_derive::Pack;

/// What can be packed into bytes, and read from them.
pub trait Pack: Sized {
    /// Appends this.
    fn pack(&self, packer: &mut Packer);

    /// Reads what [`Self::pack`] appended; `None` if something else stands there.
    fn unpack(unpacker: &mut Unpacker<'_>) -> Option<Self>;
}

/// How deep boxes may nest. What people write nests less; damaged bytes must not exhaust the stack.
const MAX_DEPTH: u32 = 200;

/// Bytes that grow. A text that occurs often is kept once.
#[derive(Debug, Default)]
pub struct Packer {
    bytes: Vec<u8>,
    texts: Vec<Arc<str>>,
    numbers: HashMap<Arc<str>, u64>,
}

impl Packer {
    /// Appends one byte.
    pub fn byte(&mut self, byte: u8) {
        self.bytes.push(byte);
    }

    /// Appends bytes whose number is known to the reader.
    pub fn raw(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// Appends a number; small ones take little room.
    pub fn number(&mut self, number: u64) {
        put_number(&mut self.bytes, number);
    }

    /// Appends a text that occurs once.
    pub fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.raw(text.as_bytes());
    }

    /// Appends a text that may occur often.
    pub fn shared(&mut self, text: &Arc<str>) {
        let next = self.texts.len() as u64;
        let number = *self.numbers.entry(Arc::clone(text)).or_insert_with(|| {
            self.texts.push(Arc::clone(text));
            next
        });
        self.number(number);
    }

    /// All that was appended.
    pub fn finish(self) -> Vec<u8> {
        let mut whole = Vec::with_capacity(self.bytes.len());
        put_number(&mut whole, self.texts.len() as u64);
        for text in &self.texts {
            put_number(&mut whole, text.len() as u64);
            whole.extend_from_slice(text.as_bytes());
        }
        whole.extend(self.bytes);
        whole
    }
}

/// Seven bits a byte, the lowest first; the highest bit says that more follow.
fn put_number(bytes: &mut Vec<u8>, mut number: u64) {
    loop {
        let low = number.to_le_bytes()[0] & 0x7f;
        number >>= 7;
        if number == 0 {
            return bytes.push(low);
        }
        bytes.push(low | 0x80);
    }
}

/// Bytes of a [`Packer`] that are read.
#[derive(Debug)]
pub struct Unpacker<'a> {
    rest: &'a [u8],
    texts: Vec<Arc<str>>,
    depth: u32,
}

impl<'a> Unpacker<'a> {
    /// Starts with the texts; `None` if they are damaged.
    pub fn new(bytes: &'a [u8]) -> Option<Self> {
        let mut unpacker = Self {
            rest: bytes,
            texts: Vec::new(),
            depth: 0,
        };
        let n_texts = unpacker.count()?;
        let mut texts = Vec::with_capacity(n_texts);
        for _ in 0..n_texts {
            texts.push(Arc::from(unpacker.text()?));
        }
        unpacker.texts = texts;
        Some(unpacker)
    }

    /// One byte.
    pub fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    /// Bytes whose number is known.
    pub fn raw<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (first, rest) = self.rest.split_first_chunk()?;
        self.rest = rest;
        Some(*first)
    }

    /// A number.
    pub fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..u64::BITS).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    /// How many things follow, each of a byte at least.
    pub fn count(&mut self) -> Option<usize> {
        let count = usize::try_from(self.number()?).ok()?;
        (count <= self.rest.len()).then_some(count)
    }

    /// A text that occurs once.
    pub fn text(&mut self) -> Option<&'a str> {
        let length = self.count()?;
        let (text, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        std::str::from_utf8(text).ok()
    }

    /// A text that may occur often.
    pub fn shared(&mut self) -> Option<Arc<str>> {
        let number = usize::try_from(self.number()?).ok()?;
        self.texts.get(number).cloned()
    }

    /// Whether everything is read.
    pub const fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }

    /// Reads something that may hold its like.
    fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        if self.depth == MAX_DEPTH {
            return None;
        }
        self.depth += 1;
        let read = read(self);
        self.depth -= 1;
        read
    }
}
