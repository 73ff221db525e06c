//! The ends and the service that a command line names.

use std::path::{Path, PathBuf};

use analysis::{Landscape, Selection, Through, TierOptions};
use engine::Engine;
use model::{Endpoint, Reachability};
use packet::{PacketSet, Protocol, Service};

use super::cut::resolved;
use crate::config::{Hosts, Keep};
use crate::error::Error;
use crate::selector::{self, Expression, Meaning, Resolver, Role, Selector, Term};
use crate::service::packets;
use crate::session::Settings;

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

/// Hosts that the configuration names, under `key`, as analyses take them.
pub(super) fn named(
    resolver: &Resolver<'_>,
    key: &str,
    all: &[Hosts],
) -> Result<Vec<(String, Selection)>, Error> {
    let named = all.iter().map(|one| {
        let doing = format!("the {key} `{}`", one.name);
        let selector = parse(&doing, &one.hosts)?;
        let hosts = selection(resolver, &doing, &selector, Role::Source)?;
        Ok((one.name.clone(), hosts))
    });
    named.collect()
}

/// What the configuration says of tiers, and these flows beside those that it keeps.
pub(super) fn tier_options(
    resolver: &Resolver<'_>,
    settings: &Settings,
    flows: &[Keep],
) -> Result<TierOptions, Error> {
    let flows = settings.keep.iter().chain(flows);
    let needs = flows.map(|flow| resolved(resolver, flow));
    Ok(TierOptions {
        tiers: named(resolver, "tier", &settings.tiers)?,
        needs: needs.collect::<Result<_, _>>()?,
    })
}

/// Where the configuration says that something listens.
pub(super) fn listeners(
    resolver: &Resolver<'_>,
    settings: &Settings,
) -> Result<Vec<(Selection, PacketSet)>, Error> {
    let listeners = settings.listeners.iter().map(|one| {
        let key = "hosts of `[[listener]]`";
        let selector = parse(key, &one.hosts)?;
        let hosts = selection(resolver, key, &selector, Role::Target)?;
        let services = one.services.iter().map(|service| packets(Some(*service)));
        let services = services.fold(PacketSet::empty(), |all, one| all.union(&one));
        Ok((hosts, services))
    });
    listeners.collect()
}

/// The network as analyses see it, with the environments that the configuration names.
pub(super) fn landscape<'a>(
    engine: &'a Engine<'a>,
    resolver: &Resolver<'_>,
    settings: &Settings,
) -> Result<Landscape<'a>, Error> {
    let environments = named(resolver, "environment", &settings.environments)?;
    Ok(Landscape::new(engine).with_environments(environments))
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

/// Whether the input leaves open any way through a front.
pub(super) fn is_any_open(ways: &[Through]) -> bool {
    ways.iter()
        .any(|way| way.reachability == Reachability::Undetermined)
}

/// Takes the service off the end of the paths, if one stands there rather than a file.
///
/// # Errors
///
/// If what stands there begins like a service (`tcp/…`) and is none.
pub(super) fn split_service(paths: &[PathBuf]) -> Result<(Vec<PathBuf>, Option<Service>), Error> {
    let all = || Ok((paths.to_vec(), None));
    let [rest @ .., last] = paths else {
        return all();
    };
    let text = last
        .to_str()
        .filter(|_| !rest.is_empty() && !Path::new(last).exists());
    let Some(text) = text else { return all() };
    match text.parse::<Service>() {
        Ok(service) => Ok((rest.to_vec(), Some(service))),
        Err(error) if is_meant_as_service(text) => Err(Error::usage(error.to_string())),
        Err(_) => all(),
    }
}

fn is_meant_as_service(text: &str) -> bool {
    text.split_once('/')
        .is_some_and(|(protocol, _)| protocol == "proto" || Protocol::from_name(protocol).is_some())
}
