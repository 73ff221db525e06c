//! `watertight cut`: the smallest set of rule changes that parts a foothold from a target.

use std::collections::BTreeMap;

use analysis::{CutOptions, CutOutcome, Landscape};
use clap::Args;
use model::ResourceId;
use packet::Service;

use super::ends;
use super::paths::is_all_within;
use super::pivot::Pivot;
use crate::arguments::{Common, Global, Snapshots};
use crate::config::Keep;
use crate::error::Error;
use crate::exit::Exit;
use crate::selector::{Resolver, Role};
use crate::session::{Certainty, Session};

/// The smallest set of rule changes that parts a foothold from a target
#[derive(Debug, Clone, Args)]
#[command(after_help = EXAMPLES)]
pub struct Cut {
    /// The network.
    #[command(flatten)]
    snapshots: Snapshots,
    /// The foothold: what the intruder holds to begin with
    #[arg(long, value_name = "SELECTOR")]
    from: String,
    /// The target: what he must not get to
    #[arg(long, value_name = "SELECTOR")]
    to: String,
    /// A flow that has to keep passing, as in `app-* -> type:rds tcp/5432`; may be repeated, beside `[[keep]]` of watertight.toml
    #[arg(long, value_name = "FLOW")]
    keep: Vec<String>,
    /// What changing a rule costs, by its id or that of its group, as in `sg-0123=5`; may be repeated, the rest costs 1
    #[arg(long, value_name = "ID=N")]
    weight: Vec<String>,
    /// What makes a host fall.
    #[command(flatten)]
    pivot: Pivot,
    /// Settings.
    #[command(flatten)]
    common: Common,
}

const EXAMPLES: &str = "\
Examples:
  watertight cut examples/shop --from internet --to type:rds
  watertight cut examples/shop --from internet --to type:rds --keep \"name:app-* -> type:rds tcp/5432\"
  watertight cut examples/shop --from reports --to name:app-* --pivot admin

docs/selectors.md is the reference of selectors.";

impl Cut {
    pub(crate) fn run(&self, global: &Global) -> Result<Exit, Error> {
        let from = ends::parse("--from", &self.from)?;
        let to = ends::parse("--to", &self.to)?;
        let flows = self.keep.iter().map(|text| flow(text));
        let flows = flows.collect::<Result<Vec<Keep>, _>>()?;
        let weights = self.weight.iter().map(|text| weight(text));
        let weights = weights.collect::<Result<BTreeMap<_, _>, _>>()?;
        let choice = self.pivot.choice()?;
        let session = Session::open(global, &self.common, None, &self.snapshots.snapshots)?;
        let engine = session.engine();
        let resolver = Resolver::new(&engine);
        let from = ends::selection(&resolver, "--from", &from, Role::Source)?;
        let to = ends::selection(&resolver, "--to", &to, Role::Target)?;
        let landscape = Landscape::new(&engine);
        let options = CutOptions {
            model: choice.model(&landscape, &resolver, &session.settings)?,
            keep: ends::kept_flows(&resolver, &session.settings, &flows)?,
            weights,
        };
        if is_all_within(&landscape, &to, &from) {
            return Err(Error::usage(
                "the target is part of the foothold: the intruder is there already",
            ));
        }
        let cut = analysis::cut(&landscape, &from, &to, &options);
        let cut = cut
            .map_err(|error| Error::failure("cannot try a change of the network").because(error))?;
        let is_open = !cut.possible.is_empty() && matches!(cut.outcome, CutOutcome::Apart);
        let view = report::cut::view(&cut, &options.keep, &session.snapshot);
        session.finish(&view, Certainty::open_if(is_open))
    }
}

/// Reads `FROM -> TO SERVICE`.
pub(super) fn flow(text: &str) -> Result<Keep, Error> {
    let wrong = |why: String| Error::usage(format!("`{text}` is not a flow: {why}"));
    let shape =
        || wrong("write `FROM -> TO SERVICE`, as in `app-* -> type:rds tcp/5432`".to_owned());
    let (from, rest) = text.split_once("->").ok_or_else(shape)?;
    let (to, service) = rest.trim().rsplit_once(' ').ok_or_else(shape)?;
    Ok(Keep {
        from: from.trim().to_owned(),
        to: to.trim().to_owned(),
        service: service
            .parse::<Service>()
            .map_err(|error| wrong(error.to_string()))?,
    })
}

/// Reads `ID=N`.
fn weight(text: &str) -> Result<(ResourceId, u64), Error> {
    let parts = text.split_once('=');
    let read = parts.and_then(|(id, weight)| {
        let weight = weight.parse::<u64>().ok().filter(|weight| *weight > 0)?;
        Some((ResourceId::from(id), weight))
    });
    read.ok_or_else(|| {
        Error::usage(format!(
            "`{text}` is not a weight: write an id and a number from 1 on, as in `sg-0123=5`"
        ))
    })
}
