//! Addresses that several interfaces hold.

use std::net::IpAddr;

use model::Endpoint;

use super::{Endpoints, MAX_LISTED, Search};
use crate::selector::{Expression, Meaning, Problem, Subject, Term};

impl Search<'_> {
    /// Notes every address of the selector that several interfaces among the found ones hold.
    pub(super) fn ambiguities(&mut self, expression: &Expression, found: &Endpoints) {
        match expression {
            Expression::Term(Term {
                meaning: Meaning::Address(address),
                span,
            }) => {
                let named = self.catalogue.at(*address, self.role);
                let named: Vec<Endpoint> = named
                    .into_iter()
                    .filter(|endpoint| found.contains(endpoint))
                    .collect();
                if named.len() > 1 {
                    let message = self.ambiguity(*address, &named);
                    self.ambiguous.push(Problem::new(span.clone(), message));
                }
            }
            Expression::Term(_) | Expression::Not(_) => {}
            Expression::All(parts) | Expression::Any(parts) => {
                for part in parts {
                    self.ambiguities(part, found);
                }
            }
        }
    }

    fn ambiguity(&self, address: IpAddr, named: &[Endpoint]) -> String {
        let snapshot = self.catalogue.snapshot;
        let candidates = named
            .iter()
            .take(MAX_LISTED)
            .filter_map(|endpoint| match endpoint {
                Endpoint::Interface { interface, .. } => {
                    let interface = snapshot.interfaces().get(*interface);
                    let subject = Subject::of(endpoint, snapshot).describe(snapshot);
                    Some(format!(
                        "{address} and {}   for {subject}, {}",
                        interface.vpc.id(),
                        interface.id
                    ))
                }
                Endpoint::Office { .. } | Endpoint::Internet { .. } | Endpoint::Unknown { .. } => {
                    None
                }
            });
        let candidates: Vec<String> = candidates.collect();
        format!(
            "{} interfaces hold this address; write one of\n{}",
            named.len(),
            candidates.join("\n")
        )
    }
}
