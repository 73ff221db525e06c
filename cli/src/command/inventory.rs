//! `watertight inventory`: what there is.

use analysis::Landscape;
use clap::Args;

use crate::arguments::{Common, Global, Snapshots};
use crate::error::Error;
use crate::exit::Exit;
use crate::session::{Certainty, Session};

/// What there is: accounts, VPCs, and classes of hosts that behave alike
#[derive(Debug, Clone, Args)]
#[command(after_help = EXAMPLES)]
pub struct Inventory {
    /// The network.
    #[command(flatten)]
    snapshots: Snapshots,
    /// Settings.
    #[command(flatten)]
    common: Common,
}

const EXAMPLES: &str = "\
Examples:
  watertight inventory examples/hub
  watertight inventory snapshot/ -o csv=classes.csv";

impl Inventory {
    pub(crate) fn run(&self, global: &Global) -> Result<Exit, Error> {
        let session = Session::open(global, &self.common, None, &self.snapshots.snapshots)?;
        let engine = session.engine();
        let inventory = analysis::inventory(&Landscape::new(&engine));
        let view = report::inventory::view(&inventory, &session.snapshot);
        session.finish(&view, Certainty::open_if(!inventory.missing.is_empty()))
    }
}
