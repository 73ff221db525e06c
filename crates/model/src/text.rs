//! Texts of ids, each kept once as far as that is cheap.

use std::cell::RefCell;
use std::hash::{BuildHasher, BuildHasherDefault};
use std::sync::Arc;

use rustc_hash::FxHasher;

/// How many texts each thread remembers. Most ids of a file name one of few VPCs, subnets and groups.
const N_REMEMBERED: usize = 1 << 12;

thread_local! {
    static REMEMBERED: RefCell<Vec<Option<Arc<str>>>> = const { RefCell::new(Vec::new()) };
}

/// A text, shared with the others like it that this thread met not long ago.
///
/// Cost: a hash of the text, and a copy if it was not met.
pub(crate) fn interned(text: &str) -> Arc<str> {
    let hash = BuildHasherDefault::<FxHasher>::default().hash_one(text);
    let place = usize::try_from(hash % N_REMEMBERED as u64).unwrap_or_default();
    REMEMBERED.with_borrow_mut(|remembered| {
        remembered.resize(N_REMEMBERED, None);
        let Some(slot) = remembered.get_mut(place) else {
            return text.into();
        };
        match slot {
            Some(known) if **known == *text => Arc::clone(known),
            Some(_) | None => Arc::clone(slot.insert(text.into())),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_itself_and_shared_while_it_is_remembered() {
        let texts: Vec<String> = (0..3 * N_REMEMBERED)
            .map(|number| format!("vpc-{number}"))
            .collect();
        for text in &texts {
            let one = interned(text);
            let other = interned(text);
            assert_eq!(*one, **text);
            assert!(Arc::ptr_eq(&one, &other));
        }
        assert!(texts.iter().all(|text| *interned(text) == **text));
    }
}
