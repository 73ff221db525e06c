//! `watertight tiers`: what passes within and between tiers, and what of it nothing needs.

use clap::Args;
use report::picture::TierPicture;

use super::cut::flow;
use super::ends;
use crate::arguments::{Common, Global, Snapshots};
use crate::config::Keep;
use crate::error::Error;
use crate::exit::Exit;
use crate::output::{Drawing, Drawn};
use crate::selector::Resolver;
use crate::session::{Certainty, Session};

/// What passes within and between tiers of hosts, and what of it nothing needs
#[derive(Debug, Clone, Args)]
#[command(after_help = EXAMPLES)]
pub struct Tiers {
    /// The network.
    #[command(flatten)]
    snapshots: Snapshots,
    /// A flow that is needed, as in `app-* -> type:rds tcp/5432`; may be repeated, beside `[[keep]]` of watertight.toml
    #[arg(long, value_name = "FLOW")]
    keep: Vec<String>,
    /// Settings.
    #[command(flatten)]
    common: Common,
}

const EXAMPLES: &str = "\
Examples:
  watertight tiers examples/shop
  watertight tiers examples/shop --keep \"name:app-* -> type:rds tcp/5432\"
  watertight tiers examples/hub -o csv=tiers.csv
  watertight tiers examples/hub -o svg=tiers.svg

docs/segment.md shows how to plan with it, docs/pictures.md which pictures there are.";

impl Tiers {
    pub(crate) fn run(&self, global: &Global) -> Result<Exit, Error> {
        let flows = self.keep.iter().map(|text| flow(text));
        let flows = flows.collect::<Result<Vec<Keep>, _>>()?;
        let snapshots = &self.snapshots.snapshots;
        let session = Session::open_to_draw(global, &self.common, snapshots, Drawing::OF_TIERS)?;
        let engine = session.engine();
        let resolver = Resolver::new(&engine);
        let options = ends::tier_options(&resolver, &session.settings, &flows)?;
        let landscape = ends::landscape(&engine, &resolver, &session.settings)?;
        let tiers = analysis::tiers(&landscape, &options);
        let mut answers = tiers.flows.iter().map(|flow| &flow.answer);
        let is_open = answers.any(|answer| !answer.undetermined.is_empty());
        let view = report::tiers::view(&tiers, &landscape);
        let drawn = Drawn {
            view: &view,
            draw: &|form| form.draw_tiers(&TierPicture::of(&view)),
        };
        session.finish(&drawn, Certainty::open_if(is_open))
    }
}
