//! `watertight blast`: how far an intruder gets.

use analysis::{BlastOptions, Cause};
use clap::Args;
use report::picture::Picture;

use super::channels::ByChannels;
use super::ends;
use super::pivot::Pivot;
use crate::arguments::{Common, Global, Snapshots};
use crate::error::Error;
use crate::exit::Exit;
use crate::output::{Drawing, Drawn};
use crate::selector::{Resolver, Role};
use crate::session::{Certainty, Session};

/// How far an intruder gets from a foothold
#[derive(Debug, Clone, Args)]
#[command(after_help = EXAMPLES)]
pub struct Blast {
    /// The network.
    #[command(flatten)]
    snapshots: Snapshots,
    /// The foothold: what the intruder holds to begin with
    #[arg(long, value_name = "SELECTOR")]
    from: String,
    /// The most hosts to go through, one after the other [default: 32]
    #[arg(long, value_name = "N")]
    hops: Option<usize>,
    /// What makes a host fall.
    #[command(flatten)]
    pivot: Pivot,
    /// Whether to go on beyond the network.
    #[command(flatten)]
    channels: ByChannels,
    /// Settings.
    #[command(flatten)]
    common: Common,
}

const EXAMPLES: &str = "\
Examples:
  watertight blast examples/shop --from name:app-a1
  watertight blast examples/shop --from internet --hops 2
  watertight blast examples/shop --from \"office:Sydney\" -o json
  watertight blast examples/hub --from \"office:Sydney\" -o dot

docs/pictures.md tells which pictures there are.

docs/selectors.md is the reference of selectors.";

impl Blast {
    pub(crate) fn run(&self, global: &Global) -> Result<Exit, Error> {
        let from = ends::parse("--from", &self.from)?;
        let choice = self.pivot.choice()?;
        let snapshots = &self.snapshots.snapshots;
        let session = Session::open_to_draw(global, &self.common, snapshots, Drawing::ALL)?;
        let engine = session.engine();
        let resolver = Resolver::new(&engine);
        let foothold = ends::selection(&resolver, "--from", &from, Role::Source)?;
        let jewels = ends::jewels(&resolver, &session.settings)?;
        let max_hops = self.hops.unwrap_or(BlastOptions::default().max_hops);
        let landscape = ends::landscape(&engine, &resolver, &session.settings)?;
        let landscape = self.channels.applied(landscape);
        let blast = analysis::blast(
            &landscape,
            &foothold,
            &BlastOptions {
                model: choice.model(&landscape, &resolver, &session.settings)?,
                jewels,
                through_offices: true,
                max_hops,
            },
        );
        let is_open = blast
            .possible
            .iter()
            .any(|fall| fall.cause == Cause::Undetermined);
        let is_untold = blast.by_channels && blast.channels.n_untold > 0;
        let view = report::blast::view(&blast, &session.snapshot);
        let drawn = Drawn {
            view: &view,
            draw: &|form| Some(form.draw(&Picture::of_blast(&view, &session.snapshot))),
        };
        session.finish(&drawn, Certainty::open_if(is_open || is_untold))
    }
}
