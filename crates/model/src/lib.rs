//! Typed AWS network: the Snapshot and everything in it.
