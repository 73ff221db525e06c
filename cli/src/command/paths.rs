//! `watertight paths`: how an intruder comes from a foothold to a target, and from where a target can be reached.

use analysis::{Costs, Landscape, PathOptions, Selection};
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
use crate::service::packets;
use crate::session::{Certainty, Session};

/// How an intruder comes from a foothold to a target, hop by hop
#[derive(Debug, Clone, Args)]
#[command(after_help = EXAMPLES)]
pub struct Paths {
    /// The network.
    #[command(flatten)]
    snapshots: Snapshots,
    /// The foothold [default: everywhere, to see from where the target can be reached]
    #[arg(long, value_name = "SELECTOR")]
    from: Option<String>,
    /// The target: what the intruder wants
    #[arg(long, value_name = "SELECTOR")]
    to: String,
    /// What makes a host fall.
    #[command(flatten)]
    pivot: Pivot,
    /// Whether to go on beyond the network.
    #[command(flatten)]
    channels: ByChannels,
    /// The most paths to tell, the cheapest first
    #[arg(long, value_name = "N", default_value_t = 5, requires = "from")]
    count: usize,
    /// The most hops of a path
    #[arg(long, value_name = "N", default_value_t = 32, requires = "from")]
    hops: usize,
    /// What a hop by a service costs, as in `ssh=5`; may be repeated, the rest costs 1
    #[arg(long, value_name = "SERVICE=N", requires = "from")]
    cost: Vec<String>,
    /// Settings.
    #[command(flatten)]
    common: Common,
}

const EXAMPLES: &str = "\
Examples:
  watertight paths examples/shop --from internet --to type:rds
  watertight paths examples/shop --from internet --to type:rds --pivot admin --count 20
  watertight paths examples/shop --to type:rds
      Everything from which the database can be reached
  watertight paths examples/shop --from internet --to type:rds -o mermaid

docs/pictures.md tells which pictures there are.

docs/selectors.md is the reference of selectors.";

impl Paths {
    pub(crate) fn run(&self, global: &Global) -> Result<Exit, Error> {
        let to = ends::parse("--to", &self.to)?;
        let from = self.from.as_deref();
        let from = from.map(|text| ends::parse("--from", text)).transpose()?;
        let (choice, costs) = (self.pivot.choice()?, self.costs()?);
        let snapshots = &self.snapshots.snapshots;
        let session = match from {
            Some(_) => Session::open_to_draw(global, &self.common, snapshots, Drawing::ALL)?,
            None => Session::open(global, &self.common, None, snapshots)?,
        };
        let engine = session.engine();
        let resolver = Resolver::new(&engine);
        let target = ends::selection(&resolver, "--to", &to, Role::Target)?;
        let from = from
            .map(|from| ends::selection(&resolver, "--from", &from, Role::Source))
            .transpose()?;
        let landscape = self.channels.applied(Landscape::new(&engine));
        let options = PathOptions {
            model: choice.model(&landscape, &resolver, &session.settings)?,
            costs,
            max_paths: self.count,
            max_hops: self.hops,
        };
        match from {
            Some(from) => tell_paths(&session, &landscape, (&from, &target), &options),
            None => tell_origins(&session, &landscape, &target, &options),
        }
    }

    fn costs(&self) -> Result<Costs, Error> {
        let costs = self.cost.iter().map(|text| cost(text));
        Ok(Costs {
            of_services: costs.collect::<Result<_, _>>()?,
        })
    }
}

fn tell_paths(
    session: &Session,
    landscape: &Landscape<'_>,
    (from, to): (&Selection, &Selection),
    options: &PathOptions,
) -> Result<Exit, Error> {
    if is_all_within(landscape, to, from) {
        return Err(Error::usage(
            "the target is part of the foothold: the intruder is there already",
        ));
    }
    let paths = analysis::paths(landscape, from, to, options);
    let is_reached = !paths.possible.is_empty() || paths.n_roles_untold > 0;
    let is_open = paths.certain.is_empty() && is_reached;
    let view = report::paths::view(&paths, &session.snapshot);
    let drawn = Drawn {
        view: &view,
        draw: &|form| Some(form.draw(&Picture::of_paths(&view, &session.snapshot))),
    };
    session.finish(&drawn, Certainty::open_if(is_open))
}

fn tell_origins(
    session: &Session,
    landscape: &Landscape<'_>,
    to: &Selection,
    options: &PathOptions,
) -> Result<Exit, Error> {
    let origins = analysis::origins(landscape, to, &options.model);
    let is_open = !origins.possible.is_empty() || origins.n_roles_untold > 0;
    let view = report::origins::view(&origins, &session.snapshot);
    session.finish(&view, Certainty::open_if(is_open))
}

/// Whether all that one selection names is also named by another.
pub(super) fn is_all_within(landscape: &Landscape<'_>, one: &Selection, other: &Selection) -> bool {
    let of_other = landscape.endpoints(other);
    let is_host_of_other = |endpoint: &model::Endpoint| {
        let host = landscape.host_of(endpoint);
        of_other
            .iter()
            .any(|held| held == endpoint || (host.is_some() && landscape.host_of(held) == host))
    };
    landscape.endpoints(one).iter().all(is_host_of_other)
}

/// Reads `SERVICE=N`.
fn cost(text: &str) -> Result<(packet::PacketSet, u64), Error> {
    let wrong = |why: &str| Error::usage(format!("`{text}` is not a cost: {why}"));
    let (service, cost) = text
        .rsplit_once('=')
        .ok_or_else(|| wrong("write a service and a number, as in `ssh=5`"))?;
    let service = service
        .parse::<packet::Service>()
        .map_err(|error| wrong(&error.to_string()))?;
    let cost = cost.parse::<u64>().ok().filter(|cost| *cost > 0);
    let cost = cost.ok_or_else(|| wrong("the number begins at 1"))?;
    Ok((packets(Some(service)), cost))
}
