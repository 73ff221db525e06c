//! `watertight whatif`: what changes would do.

use std::path::PathBuf;

use clap::Args;

use super::compare;
use crate::arguments::{Common, Global, Snapshots};
use crate::change;
use crate::error::Error;
use crate::exit::Exit;
use crate::progress::Stage;
use crate::session::Session;

/// What would become reachable by changes of the network, and what would stop
#[derive(Debug, Clone, Args)]
#[command(after_help = EXAMPLES)]
pub struct Whatif {
    /// The network.
    #[command(flatten)]
    snapshots: Snapshots,
    /// A change; may be repeated
    #[arg(long, value_name = "CHANGE", required_unless_present = "changes")]
    change: Vec<String>,
    /// A file of changes, one a line; they are made before those of `--change`
    #[arg(long, value_name = "FILE")]
    changes: Option<PathBuf>,
    /// Settings.
    #[command(flatten)]
    common: Common,
}

const EXAMPLES: &str = "\
Examples:
  watertight whatif examples/shop --change 'add ingress sg-0e7c38a14e2cbf004 tcp/22 from 0.0.0.0/0'
  watertight whatif examples/shop --changes plan.txt -o json

docs/changes.md is the reference of changes.";

impl Whatif {
    pub(crate) fn run(&self, global: &Global) -> Result<Exit, Error> {
        let file = self.changes.as_ref().map(|path| {
            let text = std::fs::read_to_string(path).map_err(|error| {
                Error::usage(format!("cannot read `{}`", path.display())).because(error)
            })?;
            Ok((path.display().to_string(), text))
        });
        let file = file.transpose()?;
        let session = Session::open(global, &self.common, None, &self.snapshots.snapshots)?;
        let told = self.change.join("\n");
        let texts = file.into_iter().chain([("--change".to_owned(), told)]);
        let mut after = session.snapshot.clone();
        let mut changes = Vec::new();
        for (name, text) in texts {
            let made = change::make(&after, &text, &name).map_err(|error| {
                let message = format!("cannot make the change in line {} of `{name}`", error.line);
                Error::usage(message).with_details(format!("{}\n{}", error.text, error.problem))
            })?;
            after = made.0;
            changes.extend(made.1);
        }
        session.settings.show(Stage::Comparing);
        let difference = analysis::difference_by(&session.snapshot, &after, &changes);
        compare::tell(&session, (&session.snapshot, &after), &difference)
    }
}
