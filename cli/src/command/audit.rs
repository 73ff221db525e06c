//! `watertight audit`: the whole picture.

use clap::Args;

use super::ends;
use crate::arguments::{Common, FailOn, Global, Snapshots};
use crate::error::Error;
use crate::exit::Exit;
use crate::output;
use crate::selector::Resolver;
use crate::session::{Certainty, Session};

/// The whole picture: what there is, exposure, lateral movement, findings
#[derive(Debug, Clone, Args)]
#[command(after_help = EXAMPLES)]
pub struct Audit {
    /// The network.
    #[command(flatten)]
    snapshots: Snapshots,
    /// End with 1 if there is a finding of this severity or worse: critical, high, medium, low, info, never
    /// [default: never]
    #[arg(long, value_name = "SEVERITY", hide_possible_values = true)]
    fail_on: Option<FailOn>,
    /// Settings.
    #[command(flatten)]
    common: Common,
}

const EXAMPLES: &str = "\
Examples:
  watertight audit examples/shop
  watertight audit account-a/ account-b/ -o text -o json=audit.json
  watertight audit snapshot/ --fail-on high";

impl Audit {
    pub(crate) fn run(&self, global: &Global) -> Result<Exit, Error> {
        let session = Session::open(
            global,
            &self.common,
            self.fail_on,
            &self.snapshots.snapshots,
        )?;
        let engine = session.engine();
        let resolver = Resolver::new(&engine);
        let landscape = ends::landscape(&engine, &resolver, &session.settings)?;
        let options = ends::tier_options(&resolver, &session.settings, &[])?;
        let audit = analysis::audit_with(&landscape, &options);
        let fails = audit
            .findings
            .iter()
            .any(|finding| !finding.is_latent && session.settings.fail_on.fails(finding.grade));
        let view = report::audit::view(&audit, &session.snapshot);
        output::write(&session.settings.outputs, &view)?;
        let exit = if fails { Exit::Findings } else { Exit::Clean };
        let is_open = !audit.undetermined.is_empty() || !audit.not_modelled.is_empty();
        Ok(session.conclude(Certainty::open_if(is_open), exit))
    }
}
