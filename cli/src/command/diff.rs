//! `watertight diff`: what two networks differ in.

use std::path::PathBuf;

use clap::Args;

use crate::arguments::{Common, Global};
use crate::command::compare;
use crate::error::Error;
use crate::exit::Exit;
use crate::progress::Stage;
use crate::session::Session;

/// What became reachable from one network to another, and what stopped
#[derive(Debug, Clone, Args)]
#[command(after_help = EXAMPLES)]
pub struct Diff {
    /// The network as it was: a folder or file of saved answers
    #[arg(value_name = "OLD")]
    old: PathBuf,
    /// The network as it is
    #[arg(value_name = "NEW")]
    new: PathBuf,
    /// Settings.
    #[command(flatten)]
    common: Common,
}

const EXAMPLES: &str = "\
Examples:
  watertight diff examples/shop examples/shop-hardened
  watertight diff yesterday today -o json=changes.json

Endpoints are compared by interface id and address, and by block outside AWS. What load balancers
pass on is not followed: the ways to them and from them are compared each by itself.";

impl Diff {
    pub(crate) fn run(&self, global: &Global) -> Result<Exit, Error> {
        let open =
            |path: &PathBuf| Session::open(global, &self.common, None, std::slice::from_ref(path));
        let (old, new) = (open(&self.old)?, open(&self.new)?);
        new.settings.show(Stage::Comparing);
        let difference = analysis::difference(&old.snapshot, &new.snapshot);
        let exit = compare::tell(&new, (&old.snapshot, &new.snapshot), &difference)?;
        Ok(old.conclude(crate::session::Certainty::Certain, exit))
    }
}
