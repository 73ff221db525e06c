//! From a selector to the endpoints that it names in one snapshot.

mod ambiguity;
mod id;
mod keyed;

use std::collections::BTreeSet;

use engine::Engine;
use model::{Endpoint, Index, NetworkInterface};

use super::catalogue::{Catalogue, Role};
use super::{Expression, Meaning, Problem, Selector, SelectorError, Subject, Term};

/// How many candidates an error lists.
const MAX_LISTED: usize = 8;

/// Finds the endpoints of selectors in one snapshot.
#[derive(Debug)]
pub struct Resolver<'a> {
    catalogue: Catalogue<'a>,
}

/// What a selector names in a snapshot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The endpoints, in order.
    pub endpoints: Vec<Endpoint>,
    /// What it names that is not there, if there is such a thing or no endpoint at all.
    pub missing: Option<SelectorError>,
}

type Endpoints = BTreeSet<Endpoint>;

impl<'a> Resolver<'a> {
    /// Indexes a snapshot.
    ///
    /// # Cost
    ///
    /// A sort of the addresses.
    pub fn new(engine: &'a Engine<'a>) -> Self {
        Self {
            catalogue: Catalogue::new(engine),
        }
    }

    /// The endpoints that a selector names, in order; never none.
    ///
    /// For offices and the internet these are one endpoint for each part that behaves alike.
    ///
    /// # Errors
    ///
    /// If an id, a type or an office is not in the snapshot, if nothing is named, or if an address is held more than
    /// once and the selector does not say which is meant.
    pub fn resolve(&self, selector: &Selector, role: Role) -> Result<Vec<Endpoint>, SelectorError> {
        let Found { endpoints, missing } = self.find(selector, role)?;
        missing.map_or(Ok(endpoints), Err)
    }

    /// The same for a selector that may be older than the snapshot: what of it is there, perhaps nothing, and what is
    /// not.
    ///
    /// # Errors
    ///
    /// If an address is held more than once and the selector does not say which is meant.
    pub fn find(&self, selector: &Selector, role: Role) -> Result<Found, SelectorError> {
        let mut search = Search {
            catalogue: &self.catalogue,
            role,
            problems: Vec::new(),
            ambiguous: Vec::new(),
            notes: Vec::new(),
        };
        let found = search.expression(selector.root());
        search.ambiguities(selector.root(), &found);
        if !search.ambiguous.is_empty() {
            search.problems.append(&mut search.ambiguous);
            return Err(SelectorError::new(selector.text(), search.problems));
        }
        let missing = search.missing(selector, found.is_empty());
        Ok(Found {
            endpoints: found.into_iter().collect(),
            missing: (!missing.is_empty()).then(|| SelectorError::new(selector.text(), missing)),
        })
    }

    /// The endpoints of the one thing that a selector names: an instance or interface with all of its addresses, an
    /// office, the internet, or an address.
    ///
    /// # Errors
    ///
    /// As [`Self::resolve`], and if the selector names several things.
    pub fn resolve_one(
        &self,
        selector: &Selector,
        role: Role,
    ) -> Result<Vec<Endpoint>, SelectorError> {
        let endpoints = self.resolve(selector, role)?;
        let snapshot = self.catalogue.snapshot;
        let subjects = Subject::all(&endpoints, snapshot);
        if subjects.len() == 1 {
            return Ok(endpoints);
        }
        let listed = subjects.iter().take(MAX_LISTED);
        let listed: Vec<String> = listed.map(|subject| subject.describe(snapshot)).collect();
        let more = if subjects.len() > MAX_LISTED {
            ", …"
        } else {
            ""
        };
        let message = format!(
            "names {} endpoints where one is needed: {}{more}",
            subjects.len(),
            listed.join(", ")
        );
        Err(SelectorError::new(
            selector.text(),
            vec![Problem::new(0..selector.text().len(), message)],
        ))
    }
}

struct Search<'a> {
    catalogue: &'a Catalogue<'a>,
    role: Role,
    /// What certainly names nothing.
    problems: Vec<Problem>,
    /// What names several things where one is meant.
    ambiguous: Vec<Problem>,
    /// Why a condition names nothing: worth saying only if the whole selector names nothing.
    notes: Vec<Problem>,
}

impl<'a> Search<'a> {
    fn expression(&mut self, expression: &Expression) -> Endpoints {
        match expression {
            Expression::Term(term) => self.term(term),
            Expression::Not(inner) => {
                let without = self.expression(inner);
                &self.every() - &without
            }
            Expression::Any(parts) => parts
                .iter()
                .flat_map(|part| self.expression(part))
                .collect(),
            Expression::All(parts) => self.all(parts),
        }
    }

    /// Takes what `not` names away at the end, so that `internet and not …` is not cut down to interfaces.
    fn all(&mut self, parts: &[Expression]) -> Endpoints {
        let mut found: Option<Endpoints> = None;
        let mut without = Endpoints::new();
        for part in parts {
            if let Expression::Not(inner) = part {
                without.extend(self.expression(inner));
            } else {
                let part = self.expression(part);
                found = Some(match found {
                    Some(before) => &before & &part,
                    None => part,
                });
            }
        }
        let found = found.unwrap_or_else(|| self.every());
        &found - &without
    }

    /// What is to be said of a selector that names something which is not there, or nothing at all.
    fn missing(self, selector: &Selector, is_nothing: bool) -> Vec<Problem> {
        if !self.problems.is_empty() || !is_nothing {
            return self.problems;
        }
        if !self.notes.is_empty() {
            return self.notes;
        }
        let whole = 0..selector.text().len();
        vec![Problem::new(
            whole,
            "nothing in the snapshot is all of this",
        )]
    }

    fn every(&self) -> Endpoints {
        self.interfaces(|_, _| true)
    }

    /// All endpoints of the interfaces that a condition holds for.
    fn interfaces(
        &self,
        holds: impl Fn(Index<NetworkInterface>, &'a NetworkInterface) -> bool,
    ) -> Endpoints {
        let interfaces = self
            .catalogue
            .interfaces()
            .filter(|(index, interface)| holds(*index, interface));
        interfaces
            .flat_map(|(index, _)| self.catalogue.endpoints(index, self.role))
            .collect()
    }

    fn outside(&self, holds: impl Fn(&Endpoint) -> bool) -> Endpoints {
        let outside = self.catalogue.outside().iter().copied();
        outside.filter(holds).collect()
    }

    fn term(&mut self, term: &Term) -> Endpoints {
        match &term.meaning {
            Meaning::Every => self.every(),
            Meaning::Internet => {
                self.outside(|endpoint| matches!(endpoint, Endpoint::Internet { .. }))
            }
            Meaning::OnPremises => self.on_premises(term),
            Meaning::Address(address) => {
                self.catalogue.at(*address, self.role).into_iter().collect()
            }
            Meaning::Block(block) => {
                let found: Endpoints = self
                    .catalogue
                    .within(*block, self.role)
                    .into_iter()
                    .collect();
                self.expect_some(found, term, || {
                    "nothing in the snapshot has an address in this block".to_owned()
                })
            }
            Meaning::Arn(arn) => self.arn(term, arn),
            Meaning::Word(pattern) => self.word(term, pattern),
            Meaning::Keyed(key, pattern) => self.keyed(term, *key, pattern),
            Meaning::Tag { key, value } => self.tag(term, key, value.as_ref()),
        }
    }

    /// Keeps a note for the case that the whole selector names nothing.
    fn expect_some(
        &mut self,
        found: Endpoints,
        term: &Term,
        note: impl FnOnce() -> String,
    ) -> Endpoints {
        if found.is_empty() {
            self.notes.push(Problem::new(term.span.clone(), note()));
        }
        found
    }

    fn on_premises(&mut self, term: &Term) -> Endpoints {
        let found = self.outside(|endpoint| matches!(endpoint, Endpoint::Office { .. }));
        self.expect_some(found, term, || {
            "no office network is known: declare one as `[[office]]` in watertight.toml".to_owned()
        })
    }
}
