//! Prefixes that are delegated to interfaces, found by the addresses in them.

use std::net::IpAddr;

use packet::{Family, Prefix};
use rustc_hash::FxHashMap;

/// To whom each prefix is delegated.
#[derive(Debug)]
pub(crate) struct Delegated<T> {
    to: FxHashMap<Prefix, Vec<T>>,
    /// The lengths that prefixes have: AWS delegates one for each family.
    lengths: Vec<(Family, u8)>,
}

impl<T> Default for Delegated<T> {
    fn default() -> Self {
        Self {
            to: FxHashMap::default(),
            lengths: Vec::new(),
        }
    }
}

impl<T> Delegated<T> {
    pub(crate) fn add(&mut self, prefix: Prefix, to: T) {
        let length = (prefix.family(), prefix.length());
        if !self.lengths.contains(&length) {
            self.lengths.push(length);
        }
        self.to.entry(prefix).or_default().push(to);
    }

    /// All that have a prefix which contains the address. Cost: a hash lookup for each length.
    pub(crate) fn with(&self, address: IpAddr) -> impl Iterator<Item = &T> {
        let family = Family::of(address);
        let lengths = self.lengths.iter().filter(move |length| length.0 == family);
        let prefixes = lengths.filter_map(move |(_, length)| Prefix::new(address, *length));
        prefixes.flat_map(|prefix| self.to.get(&prefix).into_iter().flatten())
    }
}
