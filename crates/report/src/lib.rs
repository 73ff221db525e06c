//! Versioned views and their renderers.
//!
//! # Tour
//!
//! Each module holds one view: plain data in the user's terms, made by its `view` function from what `analysis` found.
//! Every view is a [`View`]: it renders itself as text, JSON and CSV, and has a schema. Untrusted text of a snapshot
//! (names, descriptions) becomes harmless in [`escape`], once.

pub mod audit;
pub mod batch;
pub mod blast;
pub mod channels;
pub mod cut;
pub mod diagnostics;
pub mod difference;
pub mod escape;
pub mod exposed;
pub mod hop;
pub mod inventory;
pub mod origins;
pub mod paths;
pub mod picture;
pub mod reach;
pub mod score;
pub mod through;
pub mod tiers;
pub mod trace;

mod common;
pub mod extent;
mod header;
mod page;
mod palette;
mod pivot;
mod render;
mod services;

pub use common::{MemberView, RuleView, SubjectView, WitnessView};
pub use header::{FORMAT_VERSION, Kind};
pub use palette::Palette;
pub use render::View;
