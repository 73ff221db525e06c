//! Several of a kind.

use std::collections::{BTreeMap, BTreeSet};

use super::{Pack, Packer, Unpacker};
use crate::{Index, Link, Resource, Table};

impl<T: Pack> Pack for Vec<T> {
    fn pack(&self, packer: &mut Packer) {
        all(self.len(), self, packer);
    }

    fn unpack(unpacker: &mut Unpacker<'_>) -> Option<Self> {
        unpacker.nested(|unpacker| {
            let count = unpacker.count()?;
            // The elements may be larger than their bytes: what is reserved must not grow with what damaged bytes say.
            let mut list = Self::with_capacity(count.min(4096));
            for _ in 0..count {
                list.push(T::unpack(unpacker)?);
            }
            Some(list)
        })
    }
}

impl<K: Pack + Ord, V: Pack> Pack for BTreeMap<K, V> {
    fn pack(&self, packer: &mut Packer) {
        packer.number(self.len() as u64);
        for (key, value) in self {
            key.pack(packer);
            value.pack(packer);
        }
    }

    fn unpack(unpacker: &mut Unpacker<'_>) -> Option<Self> {
        Vec::unpack(unpacker).map(|pairs: Vec<(K, V)>| pairs.into_iter().collect())
    }
}

impl<T: Pack + Ord> Pack for BTreeSet<T> {
    fn pack(&self, packer: &mut Packer) {
        all(self.len(), self, packer);
    }

    fn unpack(unpacker: &mut Unpacker<'_>) -> Option<Self> {
        Vec::unpack(unpacker).map(|list: Vec<T>| list.into_iter().collect())
    }
}

impl<A: Pack, B: Pack> Pack for (A, B) {
    fn pack(&self, packer: &mut Packer) {
        self.0.pack(packer);
        self.1.pack(packer);
    }

    fn unpack(unpacker: &mut Unpacker<'_>) -> Option<Self> {
        Some((A::unpack(unpacker)?, B::unpack(unpacker)?))
    }
}

impl<T: Pack + Resource> Pack for Table<T> {
    fn pack(&self, packer: &mut Packer) {
        all(self.len(), self.rows(), packer);
    }

    fn unpack(unpacker: &mut Unpacker<'_>) -> Option<Self> {
        Vec::unpack(unpacker).map(Self::of)
    }
}

impl<T> Pack for Index<T> {
    fn pack(&self, packer: &mut Packer) {
        packer.number(self.number() as u64);
    }

    fn unpack(unpacker: &mut Unpacker<'_>) -> Option<Self> {
        Self::new(usize::try_from(unpacker.number()?).ok()?)
    }
}

impl<T> Pack for Link<T> {
    fn pack(&self, packer: &mut Packer) {
        self.id().pack(packer);
        self.target().pack(packer);
    }

    fn unpack(unpacker: &mut Unpacker<'_>) -> Option<Self> {
        let mut link = Self::to(crate::ResourceId::unpack(unpacker)?);
        link.resolve(Pack::unpack(unpacker)?);
        Some(link)
    }
}

fn all<'a, T: Pack + 'a>(count: usize, list: impl IntoIterator<Item = &'a T>, packer: &mut Packer) {
    packer.number(count as u64);
    for element in list {
        element.pack(packer);
    }
}
