//! `watertight exposed`: what networks outside can reach.

use analysis::{Landscape, Selection};
use clap::Args;

use super::ends;
use crate::arguments::{Common, Global, Snapshots};
use crate::error::Error;
use crate::exit::Exit;
use crate::selector::{Resolver, Role};
use crate::session::{Certainty, Session};

/// What the internet and the office networks can reach
#[derive(Debug, Clone, Args)]
#[command(after_help = EXAMPLES)]
pub struct Exposed {
    /// The network.
    #[command(flatten)]
    snapshots: Snapshots,
    /// From where: internet, onprem, office:NAME, or any selector [default: the internet and each office]
    #[arg(long, value_name = "SELECTOR")]
    from: Option<String>,
    /// Settings.
    #[command(flatten)]
    common: Common,
}

const EXAMPLES: &str = "\
Examples:
  watertight exposed examples/shop
  watertight exposed examples/shop --from internet
  watertight exposed examples/shop --from office:Sydney -o csv

docs/selectors.md is the reference of selectors.";

impl Exposed {
    pub(crate) fn run(&self, global: &Global) -> Result<Exit, Error> {
        let from = self
            .from
            .as_deref()
            .map(|text| ends::parse("--from", text))
            .transpose()?;
        let session = Session::open(global, &self.common, None, &self.snapshots.snapshots)?;
        let engine = session.engine();
        let offices = || {
            session
                .snapshot
                .offices()
                .iter()
                .map(|(office, _)| Selection::Office(office))
        };
        let selections = match from {
            None => std::iter::once(Selection::Internet)
                .chain(offices())
                .collect(),
            Some(from) => {
                match ends::selection(&Resolver::new(&engine), "--from", &from, Role::Source)? {
                    Selection::Endpoints(_) if from.to_string() == "onprem" => offices().collect(),
                    selection => vec![selection],
                }
            }
        };
        let landscape = Landscape::new(&engine);
        let exposures: Vec<_> = selections
            .iter()
            .map(|from| analysis::exposure(&landscape, from))
            .collect();
        let mut rows = exposures.iter().flat_map(|exposure| &exposure.rows);
        let is_open = rows.any(|row| !row.answer.undetermined.is_empty())
            || exposures
                .iter()
                .any(|exposure| ends::is_any_open(&exposure.through));
        let view = report::exposed::view(&exposures, &session.snapshot);
        session.finish(&view, Certainty::open_if(is_open))
    }
}
