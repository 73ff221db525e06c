//! The ends and the service that a command line names.

use std::path::{Path, PathBuf};

use analysis::{Flow, Landscape, Selection, Through, TierOptions};
use engine::Engine;
use model::{Endpoint, Reachability};
use packet::{PacketSet, Protocol, Service};

use crate::config::{Hosts, Keep};
use crate::error::Error;
use crate::selector::{self, Expression, Found, Meaning, Resolver, Role, Selector, Term};
use crate::service::{in_both_families, packets};
use crate::session::Settings;
use crate::talk::Extent;

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
    Ok(taken(selector, endpoints))
}

/// The endpoints of a selector, as analyses take them.
fn taken(selector: &Selector, endpoints: Vec<Endpoint>) -> Selection {
    let is_whole = match selector.root() {
        Expression::Term(Term {
            meaning: Meaning::Internet,
            ..
        }) => return Selection::Internet,
        Expression::Term(Term { meaning, .. }) => {
            matches!(meaning, Meaning::OnPremises | Meaning::Keyed(..))
        }
        Expression::Not(_) | Expression::All(_) | Expression::Any(_) => false,
    };
    if is_whole && let [Endpoint::Office { office, .. }, rest @ ..] = endpoints.as_slice() {
        let is_same = |other: &Endpoint| matches!(other, Endpoint::Office { office: other, .. } if other == office);
        if rest.iter().all(is_same) {
            return Selection::Office(*office);
        }
    }
    Selection::Endpoints(endpoints)
}

/// What a selector of the configuration names; `what` it stands for. What is not in this network is left out with a
/// warning, and the rest counts: one file serves many networks.
///
/// # Errors
///
/// If the text is no selector, or does not say which of several things is meant.
pub(super) fn configured(
    resolver: &Resolver<'_>,
    settings: &Settings,
    what: &str,
    (text, role): (&str, Role),
) -> Result<Option<Selection>, Error> {
    let selector = parse(what, text)?;
    let Found { endpoints, missing } = resolver.find(&selector, role).map_err(|error| {
        Error::usage(format!("cannot tell what {what} stands for")).with_details(error.explain())
    })?;
    if let Some(missing) = missing {
        let extent = if endpoints.is_empty() {
            Extent::Whole
        } else {
            Extent::Part
        };
        settings.tell_left_out(what, extent, &missing.explain());
    }
    Ok((!endpoints.is_empty()).then(|| taken(&selector, endpoints)))
}

/// Hosts that the configuration names, under `key`, as analyses take them.
fn named(
    resolver: &Resolver<'_>,
    settings: &Settings,
    (key, all): (&str, &[Hosts]),
) -> Result<Vec<(String, Selection)>, Error> {
    let mut named = Vec::new();
    for one in all {
        let what = format!("the {key} `{}`", one.name);
        let hosts = configured(resolver, settings, &what, (&one.hosts, Role::Source))?;
        named.extend(hosts.map(|hosts| (one.name.clone(), hosts)));
    }
    Ok(named)
}

/// The flows that the configuration says have to keep passing, and these beside them.
pub(super) fn kept_flows(
    resolver: &Resolver<'_>,
    settings: &Settings,
    flows: &[Keep],
) -> Result<Vec<Flow>, Error> {
    let mut kept = Vec::new();
    for flow in &settings.keep {
        let what = format!("the flow `{} -> {} {}`", flow.from, flow.to, flow.service);
        let end = |text, role| configured(resolver, settings, &what, (text, role));
        if let (Some(from), Some(to)) =
            (end(&flow.from, Role::Source)?, end(&flow.to, Role::Target)?)
        {
            kept.push(as_flow(flow, from, to));
        }
    }
    for flow in flows {
        let end = |text: &str, role| {
            let selector = parse("--keep", text)?;
            selection(resolver, "--keep", &selector, role)
        };
        let (from, to) = (end(&flow.from, Role::Source)?, end(&flow.to, Role::Target)?);
        kept.push(as_flow(flow, from, to));
    }
    Ok(kept)
}

fn as_flow(flow: &Keep, from: Selection, to: Selection) -> Flow {
    Flow {
        text: format!("{} -> {} {}", flow.from, flow.to, flow.service),
        from,
        to,
        services: in_both_families(flow.service),
    }
}

/// What the configuration says of tiers, and these flows beside those that it keeps.
pub(super) fn tier_options(
    resolver: &Resolver<'_>,
    settings: &Settings,
    flows: &[Keep],
) -> Result<TierOptions, Error> {
    Ok(TierOptions {
        tiers: named(resolver, settings, ("tier", &settings.tiers))?,
        needs: kept_flows(resolver, settings, flows)?,
    })
}

/// Where the configuration says that something listens.
pub(super) fn listeners(
    resolver: &Resolver<'_>,
    settings: &Settings,
) -> Result<Vec<(Selection, PacketSet)>, Error> {
    let mut listeners = Vec::new();
    for one in &settings.listeners {
        let what = format!("the listener on `{}`", one.hosts);
        let services = one.services.iter().map(|service| packets(Some(*service)));
        let services = services.fold(PacketSet::empty(), |all, one| all.union(&one));
        let hosts = configured(resolver, settings, &what, (&one.hosts, Role::Target))?;
        listeners.extend(hosts.map(|hosts| (hosts, services)));
    }
    Ok(listeners)
}

/// The crown jewels that the configuration marks; `None` if it does not say.
pub(super) fn jewels(
    resolver: &Resolver<'_>,
    settings: &Settings,
) -> Result<Option<Vec<Selection>>, Error> {
    let Some(texts) = &settings.jewels else {
        return Ok(None);
    };
    let mut jewels = Vec::new();
    for text in texts {
        let what = format!("the crown jewel `{text}`");
        jewels.extend(configured(resolver, settings, &what, (text, Role::Target))?);
    }
    Ok(Some(jewels))
}

/// The network as analyses see it, with the environments that the configuration names.
pub(super) fn landscape<'a>(
    engine: &'a Engine<'a>,
    resolver: &Resolver<'_>,
    settings: &Settings,
) -> Result<Landscape<'a>, Error> {
    let environments = ("environment", &*settings.environments);
    let environments = named(resolver, settings, environments)?;
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
