//! Blocks that no way from a site leads to.

use std::net::IpAddr;

use model::Endpoint;
use packet::Prefix;
use rustc_hash::FxHashMap;

use crate::class::{Classes, Site};
use crate::semantics::Semantics;

/// For blocks of interfaces, the sites from which no way leads there; a way of each was followed.
///
/// What drops packets before anybody looks who holds their destination drops them for all destinations of the block.
#[derive(Debug, Default)]
pub(crate) struct Shut {
    /// Sites as bits.
    by_block: FxHashMap<Prefix, Vec<u64>>,
}

/// The same, for one site.
#[derive(Debug)]
pub(crate) struct ShutTo {
    address: Option<IpAddr>,
    sites: Vec<u64>,
}

impl Shut {
    pub(crate) fn add(&mut self, block: Prefix, from: usize) {
        let bits = self.by_block.entry(block).or_default();
        if bits.len() <= from / 64 {
            bits.resize(from / 64 + 1, 0);
        }
        if let Some(word) = bits.get_mut(from / 64) {
            *word |= 1 << (from % 64);
        }
    }

    /// The sites from which no way leads to the interfaces of one.
    pub(crate) fn to(&self, semantics: &Semantics<'_>, classes: &Classes, to: Site) -> ShutTo {
        let first = classes.endpoints_at(to).next();
        let address = first.and_then(|endpoint| match endpoint {
            Endpoint::Interface { address, .. } => Some(*address),
            Endpoint::Office { .. } | Endpoint::Internet { .. } | Endpoint::Unknown { .. } => None,
        });
        let block = address.map(|address| semantics.line_of_ways.block(address));
        let sites = block.and_then(|block| self.by_block.get(&block)).cloned();
        ShutTo {
            address,
            sites: sites.unwrap_or_default(),
        }
    }
}

impl ShutTo {
    /// Whether no way leads there from a site.
    pub(crate) fn is_from(
        &self,
        semantics: &Semantics<'_>,
        classes: &Classes,
        (number, from): (usize, Site),
    ) -> bool {
        let word = self.sites.get(number / 64);
        if word.is_none_or(|word| word & (1 << (number % 64)) == 0) {
            return false;
        }
        let Some(Endpoint::Interface { interface, .. }) = classes.endpoints_at(from).next() else {
            return false;
        };
        let address = self.address;
        address.is_some_and(|address| semantics.block_from_afar(*interface, address).is_some())
    }
}
