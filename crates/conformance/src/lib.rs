//! Differential, recorded and literate tests: what both implementations must agree on, with reality and each other.
//!
//! # Tour
//!
//! - [`both`]: one question to `trace` and `engine`.
//! - [`case`](mod@case): a folder of saved answers, and its ends by id, address or name.
//! - [`corpus`]: recorded networks beside the checkout; [`deviations`]: where we knowingly differ.
//! - [`counts`]: counts of work, held to files.
//! - [`differential`]: `engine` against `trace` on generated networks.
//! - [`kernel`]: topologies built in a real kernel, and real packets.
//! - [`literate`]: topologies and expected answers inside Markdown; [`coverage`]: which rows of the reference they hold.
//! - [`fuzz`]: what the fuzz targets call.
//!
//! The tests themselves are in `tests/`; `--bin bench` prints the table of measurements.

pub mod both;
pub mod case;
pub mod corpus;
pub mod counts;
pub mod coverage;
pub mod deviations;
pub mod differential;
pub mod fuzz;
pub mod kernel;
pub mod literate;
pub mod table;
