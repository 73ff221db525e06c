//! Texts.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use super::{Pack, Packer, Unpacker};

impl Pack for Arc<str> {
    fn pack(&self, packer: &mut Packer) {
        packer.shared(self);
    }

    fn unpack(unpacker: &mut Unpacker<'_>) -> Option<Self> {
        unpacker.shared()
    }
}

macro_rules! owned {
    ($($kind:ty)*) => { $(
        impl Pack for $kind {
            fn pack(&self, packer: &mut Packer) {
                packer.text(self);
            }

            fn unpack(unpacker: &mut Unpacker<'_>) -> Option<Self> {
                unpacker.text().map(Self::from)
            }
        }
    )* };
}

owned!(String Box<str>);

/// A word of the program, such as the code of a diagnostic.
impl Pack for &'static str {
    fn pack(&self, packer: &mut Packer) {
        packer.text(self);
    }

    fn unpack(unpacker: &mut Unpacker<'_>) -> Option<Self> {
        unpacker.text().map(word)
    }
}

/// The word as one that lives as long as the program. There are as many as the program has words.
fn word(text: &str) -> &'static str {
    static WORDS: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    let mut words = WORDS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(word) = words.get(text) {
        return word;
    }
    let word: &'static str = String::from(text).leak();
    words.insert(word);
    word
}
