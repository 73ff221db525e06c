//! `watertight cache`: what is kept between runs.

use clap::{Args, Subcommand};
use report::escape;

use crate::arguments::Global;
use crate::error::Error;
use crate::exit::Exit;
use crate::session;
use crate::talk::{self, Loudness};
use crate::{kept, output};

/// Where snapshots are kept for the next run, and how to remove them
#[derive(Debug, Clone, Args)]
#[command(after_help = EXAMPLES)]
pub struct Cache {
    /// What to do.
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Clone, Copy, Subcommand)]
enum Action {
    /// Print the folder
    Path,
    /// Remove everything that is kept
    Clear,
}

const EXAMPLES: &str = "\
Examples:
  watertight cache path
  watertight cache clear

Snapshots of 4 MB and more are kept as they were read, readable by you only. They are found by the
bytes and names of all their files, so they are never out of date. What was not used for 30 days
goes, and the oldest when all take more than 2 GB.";

impl Cache {
    pub(crate) fn run(&self, global: &Global) -> Result<Exit, Error> {
        let cache = kept::cache()?.ok_or_else(|| {
            Error::usage("the system tells no folder for caches")
                .with_help("name one in WATERTIGHT_CACHE_DIR")
        })?;
        let folder = escape::terminal(&cache.folder().to_string_lossy()).into_owned();
        match self.action {
            Action::Path => {
                output::to_stdout(output::Format::Text, |to, _| writeln!(to, "{folder}"))?;
            }
            Action::Clear => {
                let n_entries = cache.clear().map_err(|error| {
                    Error::failure(format!("cannot clear `{folder}`")).because(error)
                })?;
                let noun = if n_entries == 1 { "entry" } else { "entries" };
                if session::loudness(global) != Loudness::Quiet {
                    talk::say(&format!("removed {n_entries} {noun} from `{folder}`"));
                }
            }
        }
        Ok(Exit::Clean)
    }
}
