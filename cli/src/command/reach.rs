//! `watertight reach`: who can reach whom.

use std::path::PathBuf;

use analysis::Landscape;
use clap::Args;
use packet::Service;

use super::{batch, ends};
use crate::arguments::{Common, Global};
use crate::error::Error;
use crate::exit::Exit;
use crate::selector::{Resolver, Role};
use crate::service;
use crate::session::{Certainty, Session};

/// Who can reach whom, by which services and rules
#[derive(Debug, Clone, Args)]
#[command(
    after_help = EXAMPLES,
    override_usage = "watertight reach [OPTIONS] <SNAPSHOT>... --from <SELECTOR> --to <SELECTOR> [SERVICE]\n       \
                      watertight reach [OPTIONS] <SNAPSHOT>... --batch <FILE>"
)]
pub struct Reach {
    /// Folders or files of saved answers; a service such as tcp/22, icmp/echo or ssh may follow
    #[arg(required = true, value_name = "SNAPSHOT")]
    paths: Vec<PathBuf>,
    /// Who starts
    #[arg(long, value_name = "SELECTOR", required_unless_present = "batch")]
    from: Option<String>,
    /// Who is reached
    #[arg(long, value_name = "SELECTOR", required_unless_present = "batch")]
    to: Option<String>,
    /// By which service: tcp/22, udp/53, tcp/8000-8100, icmp/echo, ssh, any [default: any]
    #[arg(long, value_name = "SERVICE")]
    service: Option<Service>,
    /// Answer every row of a CSV file with the columns src, dst, proto and dport
    #[arg(long, value_name = "FILE", conflicts_with_all = ["from", "to", "service"])]
    batch: Option<PathBuf>,
    /// Settings.
    #[command(flatten)]
    common: Common,
}

const EXAMPLES: &str = "\
Examples:
  watertight reach examples/shop --from internet --to name:bastion ssh
  watertight reach examples/shop --from name:app-a1 --to type:rds
  watertight reach examples/shop --from \"name:app-*\" --to \"all and not type:nat\" tcp/22
  watertight reach examples/shop --batch rows.csv -o csv=answers.csv

A batch keeps its rows, their order and other columns, and appends `verdict` (reachable, blocked,
undetermined) and `reason`. An end with several addresses stands for all of them: reachable if any
pair of addresses is, else undetermined if any is, else blocked.

docs/selectors.md is the reference of selectors.";

impl Reach {
    pub(crate) fn run(&self, global: &Global) -> Result<Exit, Error> {
        let (snapshots, service) = ends::split_service(&self.paths)?;
        let (Some(from), Some(to)) = (&self.from, &self.to) else {
            let file = self.batch.as_deref().ok_or_else(|| {
                Error::usage("neither `--from` and `--to` nor `--batch` is given")
            })?;
            let session = Session::open(global, &self.common, None, &snapshots)?;
            return batch::run(&session, file);
        };
        if service.is_some() && self.service.is_some() {
            return Err(
                Error::usage("two services are given").with_help("name one, or ask for `any`")
            );
        }
        let service = self.service.or(service);
        let (from, to) = (ends::parse("--from", from)?, ends::parse("--to", to)?);
        let session = Session::open(global, &self.common, None, &snapshots)?;
        let engine = session.engine();
        let resolver = Resolver::new(&engine);
        let from = ends::selection(&resolver, "--from", &from, Role::Source)?;
        let to = ends::selection(&resolver, "--to", &to, Role::Target)?;
        let landscape = Landscape::new(&engine);
        let asked = service::packets(service);
        if ends::is_single(&from, &engine) && ends::is_single(&to, &engine) {
            let reached = analysis::reach(&landscape, &from, &to, &asked);
            let is_open = !reached.answer.of_packets(&asked).undetermined.is_empty()
                || ends::is_any_open(&reached.through);
            let view = report::reach::view(&reached, &session.snapshot);
            return session.finish(&view, Certainty::open_if(is_open));
        }
        let answer = analysis::reach_set(&landscape, &from, &to, &asked);
        let is_open = answer
            .rows
            .iter()
            .any(|row| !row.answer.undetermined.is_empty())
            || ends::is_any_open(&answer.through);
        let view = report::reach::view_set(&answer, &session.snapshot);
        session.finish(&view, Certainty::open_if(is_open))
    }
}
