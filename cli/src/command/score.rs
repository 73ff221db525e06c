//! `watertight score`: how much of a network is open to itself.

use clap::Args;

use super::ends;
use crate::arguments::{Common, Global, Snapshots};
use crate::error::Error;
use crate::exit::Exit;
use crate::selector::Resolver;
use crate::session::{Certainty, Session};

/// How many pairs of hosts can connect, directly and in steps, and by what
#[derive(Debug, Clone, Args)]
#[command(after_help = EXAMPLES)]
pub struct Score {
    /// The network.
    #[command(flatten)]
    snapshots: Snapshots,
    /// Settings.
    #[command(flatten)]
    common: Common,
}

const EXAMPLES: &str = "\
Examples:
  watertight score examples/shop
  watertight score examples/hub -o csv=score.csv

docs/score.md defines the numbers.";

impl Score {
    pub(crate) fn run(&self, global: &Global) -> Result<Exit, Error> {
        let session = Session::open(global, &self.common, None, &self.snapshots.snapshots)?;
        let engine = session.engine();
        let resolver = Resolver::new(&engine);
        let landscape = ends::landscape(&engine, &resolver, &session.settings)?;
        let score = analysis::score(&landscape);
        let view = report::score::view(&score, session.settings.weights, &session.snapshot);
        session.finish(&view, Certainty::open_if(score.leaves_open))
    }
}
