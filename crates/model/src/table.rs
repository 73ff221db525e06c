//! Resources of one kind, and their typed dense indexes.

use std::collections::BTreeMap;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::sync::Arc;

use crate::{Resource, ResourceId};

/// The number of a resource in its [`Table`].
pub struct Index<T> {
    number: u32,
    kind: PhantomData<fn() -> T>,
}

impl<T> Index<T> {
    pub(crate) fn new(number: usize) -> Option<Self> {
        u32::try_from(number).ok().map(|number| Self {
            number,
            kind: PhantomData,
        })
    }

    /// The number, from zero, without gaps.
    pub const fn number(self) -> usize {
        self.number as usize
    }
}

impl<T> Clone for Index<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Index<T> {}

impl<T> PartialEq for Index<T> {
    fn eq(&self, other: &Self) -> bool {
        self.number == other.number
    }
}

impl<T> Eq for Index<T> {}

impl<T> PartialOrd for Index<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Index<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.number.cmp(&other.number)
    }
}

impl<T> Hash for Index<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.number.hash(state);
    }
}

impl<T> fmt::Debug for Index<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.number)
    }
}

/// The first resource of each id.
pub(crate) type Ids<T> = BTreeMap<ResourceId, Index<T>>;

/// All resources of one kind, in a fixed order. A clone shares them until one of the two changes.
#[derive(Debug)]
pub struct Table<T> {
    rows: Arc<Vec<T>>,
    by_id: Arc<Ids<T>>,
}

impl<T> Clone for Table<T> {
    fn clone(&self) -> Self {
        Self {
            rows: Arc::clone(&self.rows),
            by_id: Arc::clone(&self.by_id),
        }
    }
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self {
            rows: Arc::default(),
            by_id: Arc::default(),
        }
    }
}

impl<T: Resource> Table<T> {
    /// Rows beyond `u32::MAX` are dropped: no network has them.
    pub(crate) fn of(rows: Vec<T>) -> Self {
        let by_id = rows.iter().enumerate();
        let by_id = by_id
            .rev()
            .filter_map(|(number, row)| Some((row.id().clone(), Index::new(number)?)))
            .collect();
        Self {
            rows: Arc::new(rows),
            by_id: Arc::new(by_id),
        }
    }
}

impl<T: Resource + Clone> Table<T> {
    /// Puts a resource into its place. `false` if there is one of the same id already.
    pub(crate) fn insert(&mut self, row: T) -> bool {
        if self.by_id.contains_key(row.id()) {
            return false;
        }
        let at = self.rows.partition_point(|other| other.id() < row.id());
        let mut rows = self.rows.to_vec();
        rows.insert(at, row);
        *self = Self::of(rows);
        true
    }

    /// Takes out all resources of an id. `false` if there is none.
    pub(crate) fn remove(&mut self, id: &ResourceId) -> bool {
        let is_there = self.by_id.contains_key(id);
        if is_there {
            let others = self.rows.iter().filter(|row| row.id() != id);
            *self = Self::of(others.cloned().collect());
        }
        is_there
    }
}

impl<T: Clone> Table<T> {
    /// The rows, to resolve their links, and the ids of the same table, to resolve them with.
    pub(crate) fn split_mut(&mut self) -> (&mut [T], &Ids<T>) {
        (Arc::make_mut(&mut self.rows).as_mut_slice(), &self.by_id)
    }

    pub(crate) fn rows_mut(&mut self) -> &mut [T] {
        Arc::make_mut(&mut self.rows).as_mut_slice()
    }

    /// The first resource with this id, to change all of it but the id.
    pub(crate) fn find_mut(&mut self, id: &ResourceId) -> Option<&mut T> {
        let index = *self.by_id.get(id)?;
        self.rows_mut().get_mut(index.number())
    }
}

impl<T> Table<T> {
    /// The resource of an index that this table made.
    pub fn get(&self, index: Index<T>) -> &T {
        #[expect(
            clippy::indexing_slicing,
            reason = "an index is only made by its table, and tables never shrink"
        )]
        &self.rows[index.number()]
    }

    /// The first resource with this id.
    pub fn find(&self, id: &str) -> Option<Index<T>> {
        self.by_id.get(&ResourceId::from(id)).copied()
    }

    /// All resources with their indexes, in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (Index<T>, &T)> {
        self.rows
            .iter()
            .enumerate()
            .filter_map(|(number, row)| Some((Index::new(number)?, row)))
    }

    /// All resources, in order.
    pub fn rows(&self) -> &[T] {
        &self.rows
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Whether both are one table in memory.
    pub(crate) fn is_shared_with(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.rows, &other.rows) && Arc::ptr_eq(&self.by_id, &other.by_id)
    }

    pub(crate) fn ids(&self) -> &Ids<T> {
        &self.by_id
    }
}
