//! `watertight trace`: one packet, hop by hop.

use std::path::PathBuf;

use analysis::{Explanation, Landscape, Selection};
use clap::Args;
use model::{Endpoint, Reachability, Snapshot};
use packet::{Family, Service};

use super::ends::{self, is_any_open};
use crate::arguments::{Common, Global};
use crate::error::Error;
use crate::exit::Exit;
use crate::selector::{Resolver, Role, Subject};
use crate::service;
use crate::session::{Certainty, Session};
use crate::talk;

/// Follow one packet hop by hop, with the rule that decides at each
#[derive(Debug, Clone, Args)]
#[command(
    after_help = EXAMPLES,
    override_usage = "watertight trace [OPTIONS] <SNAPSHOT>... --from <SELECTOR> --to <SELECTOR> <SERVICE>"
)]
pub struct Trace {
    /// Folders or files of saved answers, then the service: tcp/22, udp/53, icmp/echo, ssh
    #[arg(required = true, value_name = "SNAPSHOT")]
    paths: Vec<PathBuf>,
    /// Who sends: one host, office, address, or internet
    #[arg(long, value_name = "SELECTOR")]
    from: String,
    /// Who receives: one host, office, address, or internet
    #[arg(long, value_name = "SELECTOR")]
    to: String,
    /// The service, where it does not stand behind the snapshots
    #[arg(long, value_name = "SERVICE")]
    service: Option<Service>,
    /// The client port [default: one from 1024-65535 that serves best]
    #[arg(long, value_name = "N")]
    source_port: Option<u16>,
    /// Settings.
    #[command(flatten)]
    common: Common,
}

const EXAMPLES: &str = "\
Examples:
  watertight trace examples/shop --from internet --to name:bastion ssh
  watertight trace examples/shop --from 10.20.1.66 --to 10.20.20.100 tcp/5432
  watertight trace examples/shop --from name:app-a1 --to 1.1.1.1 udp/53 --source-port 40000

Of several addresses of an end, those are followed by which the packet gets farthest.
docs/selectors.md is the reference of selectors.";

impl Trace {
    pub(crate) fn run(&self, global: &Global) -> Result<Exit, Error> {
        let (snapshots, service) = ends::split_service(&self.paths)?;
        let service = self.service.or(service).ok_or_else(|| self.no_service())?;
        let (from, to) = (
            ends::parse("--from", &self.from)?,
            ends::parse("--to", &self.to)?,
        );
        let session = Session::open(global, &self.common, None, &snapshots)?;
        let engine = session.engine();
        let resolver = Resolver::new(&engine);
        let from = resolver
            .resolve_one(&from, Role::Source)
            .map_err(|error| Error::selector("--from", &error))?;
        let to = resolver
            .resolve_one(&to, Role::Target)
            .map_err(|error| Error::selector("--to", &error))?;
        let landscape = Landscape::new(&engine);
        let explanation = self.best(&landscape, &from, &to, service)?;
        say_other_receiver(&explanation, &to, &session.snapshot);
        let through = analysis::through(
            &landscape,
            &Selection::Endpoints(from),
            &Selection::Endpoints(to),
            &service::packets(Some(service)),
        );
        let is_open =
            explanation.reachability == Reachability::Undetermined || is_any_open(&through);
        let view = report::trace::view_with(&explanation, &through, &session.snapshot);
        session.finish(&view, Certainty::open_if(is_open))
    }

    fn no_service(&self) -> Error {
        let last = self
            .paths
            .last()
            .filter(|last| self.paths.len() > 1 && !last.exists());
        let wrong = last.and_then(|last| last.to_str()?.parse::<Service>().err());
        match wrong {
            Some(error) => Error::usage(error.to_string()),
            None => Error::usage("no service is given: a trace follows one packet")
                .with_help("put one behind the snapshots, as in `tcp/22`, `icmp/echo` or `ssh`"),
        }
    }

    /// Of all pairs of addresses, the one by which the packet gets farthest.
    fn best(
        &self,
        landscape: &Landscape<'_>,
        from: &[Endpoint],
        to: &[Endpoint],
        service: Service,
    ) -> Result<Explanation, Error> {
        let mut best: Option<Explanation> = None;
        let pairs = from
            .iter()
            .flat_map(|source| to.iter().map(move |target| (source, target)));
        for (source, target) in pairs {
            let Some(explanation) = self.explain(landscape, source, target, service)? else {
                continue;
            };
            if best
                .as_ref()
                .is_none_or(|best| weight(best) < weight(&explanation))
            {
                best = Some(explanation);
            }
        }
        best.ok_or_else(|| {
            let family = |ends: &[Endpoint]| {
                ends.first()
                    .map_or(String::new(), |end| Family::of(end.address()).to_string())
            };
            let message = format!(
                "no {service} packet can be sent from `{}` to `{}`: the addresses are of {} and {}",
                self.from,
                self.to,
                family(from),
                family(to)
            );
            Error::usage(message).with_help("name two addresses of one family")
        })
    }

    fn explain(
        &self,
        landscape: &Landscape<'_>,
        from: &Endpoint,
        to: &Endpoint,
        service: Service,
    ) -> Result<Option<Explanation>, Error> {
        if Family::of(from.address()) != Family::of(to.address()) {
            return Ok(None);
        }
        let question = service::question(service, to.address()).map_err(Error::usage)?;
        let Some(port) = self.source_port else {
            return Ok(analysis::explain_question(landscape, *from, question));
        };
        let packet = question.packet(from.address(), port);
        Ok(packet.map(|packet| analysis::explain(landscape, *from, packet)))
    }
}

/// Says so where an address is somebody else's from where the packet is sent.
fn say_other_receiver(explanation: &Explanation, to: &[Endpoint], snapshot: &Snapshot) {
    let Some(found @ Endpoint::Interface { .. }) = &explanation.to else {
        return;
    };
    let (found, meant) = (Subject::of(found, snapshot), Subject::all(to, snapshot));
    if !meant.contains(&found) {
        let meant: Vec<String> = meant
            .iter()
            .map(|subject| subject.describe(snapshot))
            .collect();
        let found = found.describe(snapshot);
        talk::say(&format!(
            "note: from there, the address is {found} rather than {}",
            meant.join(", ")
        ));
    }
}

/// Which of several explanations tells most: the best answer, then the one that came farthest.
fn weight(explanation: &Explanation) -> (u8, usize) {
    let answer = match explanation.reachability {
        Reachability::Blocked => 0,
        Reachability::Undetermined => 1,
        Reachability::Reachable => 2,
    };
    let stretches = std::iter::once(&explanation.forward).chain(&explanation.reply);
    (answer, stretches.map(|stretch| stretch.places.len()).sum())
}
