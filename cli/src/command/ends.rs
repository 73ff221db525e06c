//! The ends and the service that a command line names.

use std::path::{Path, PathBuf};

use analysis::Selection;
use engine::Engine;
use model::Endpoint;
use packet::Service;

use crate::error::Error;
use crate::selector::{self, Expression, Meaning, Resolver, Role, Selector, Term};

/// Reads the selector of an option.
pub(super) fn parse(option: &str, text: &str) -> Result<Selector, Error> {
    selector::parse(text).map_err(|error| {
        let message = format!("cannot understand the selector of `{option}`");
        Error::usage(message).with_details(error.explain())
    })
}

/// What a selector names, as analyses take it.
pub(super) fn selection(
    resolver: &Resolver<'_>,
    option: &str,
    selector: &Selector,
    role: Role,
) -> Result<Selection, Error> {
    let endpoints = resolver
        .resolve(selector, role)
        .map_err(|error| Error::selector(option, &error))?;
    let is_whole = match selector.root() {
        Expression::Term(Term {
            meaning: Meaning::Internet,
            ..
        }) => return Ok(Selection::Internet),
        Expression::Term(Term { meaning, .. }) => {
            matches!(meaning, Meaning::OnPremises | Meaning::Keyed(..))
        }
        Expression::Not(_) | Expression::All(_) | Expression::Any(_) => false,
    };
    if is_whole && let [Endpoint::Office { office, .. }, rest @ ..] = endpoints.as_slice() {
        let is_same = |other: &Endpoint| matches!(other, Endpoint::Office { office: other, .. } if other == office);
        if rest.iter().all(is_same) {
            return Ok(Selection::Office(*office));
        }
    }
    Ok(Selection::Endpoints(endpoints))
}

/// Whether a selection is one thing: a host, an office, the internet or an address.
pub(super) fn is_single(selection: &Selection, engine: &Engine<'_>) -> bool {
    match selection {
        Selection::Internet | Selection::Office(_) => true,
        Selection::Endpoints(endpoints) => {
            selector::Subject::all(endpoints, engine.snapshot()).len() == 1
        }
    }
}

/// Takes the service off the end of the paths, if one stands there rather than a file.
pub(super) fn split_service(paths: &[PathBuf]) -> (Vec<PathBuf>, Option<Service>) {
    let all = || (paths.to_vec(), None);
    let [rest @ .., last] = paths else {
        return all();
    };
    let service = last
        .to_str()
        .filter(|_| !rest.is_empty() && !Path::new(last).exists());
    match service.map(str::parse) {
        Some(Ok(service)) => (rest.to_vec(), Some(service)),
        Some(Err(_)) | None => all(),
    }
}
