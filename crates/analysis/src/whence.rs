//! Parts of a network outside.

use packet::Prefix;

/// Which part of a network outside is meant.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Whence {
    /// All of it.
    Anywhere,
    /// These blocks, less the parts of them that other answers name.
    Blocks(Vec<Prefix>),
}
