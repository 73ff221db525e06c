//! The whole picture.

use crate::beyond::open_routes;
use crate::catalog;
use crate::closure::Closure;
use crate::exposure::{Exposure, exposure};
use crate::finding::Finding;
use crate::inventory::{Inventory, inventory};
use crate::landscape::{Landscape, Selection};
use crate::lateral::{Lateral, lateral_of};
use crate::risk::Risk;
use crate::summary::{Summary, summary};
use crate::tiers::TierOptions;
use crate::undetermined::{NotModelled, Open, not_modelled, undetermined};

/// The whole picture of a network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audit {
    /// What there is.
    pub inventory: Inventory,
    /// What the internet, and each office network, can reach.
    pub exposures: Vec<Exposure>,
    /// Who can move where inside.
    pub lateral: Lateral,
    /// The same in a few numbers.
    pub summary: Summary,
    /// What is wrong, the worst first.
    pub findings: Vec<Finding>,
    /// What is not known.
    pub undetermined: Vec<Open>,
    /// What the input holds, by which packets may go, and which no answer heeds, with the place that tells it.
    pub not_modelled: Vec<NotModelled>,
}

/// The whole picture of a network.
pub fn audit(landscape: &Landscape<'_>) -> Audit {
    audit_with(landscape, &TierOptions::default())
}

/// The whole picture of a network, with what the user says of tiers.
pub fn audit_with(landscape: &Landscape<'_>, options: &TierOptions) -> Audit {
    let offices = landscape
        .snapshot()
        .offices()
        .iter()
        .map(|(office, _)| Selection::Office(office));
    let outside = std::iter::once(Selection::Internet).chain(offices);
    let exposures: Vec<Exposure> = outside.map(|from| exposure(landscape, &from)).collect();
    let closure = Closure::of(landscape, Risk::Other);
    let lateral = lateral_of(landscape, &closure);
    let scene = catalog::Scene {
        landscape,
        exposures: &exposures,
        lateral: &lateral,
    };
    let mut findings: Vec<Finding> = catalog::ALL
        .iter()
        .flat_map(|check| (check.run)(&scene))
        .collect();
    findings.sort_by(|a, b| {
        (a.grade, a.is_latent, a.code, &a.subjects).cmp(&(
            b.grade,
            b.is_latent,
            b.code,
            &b.subjects,
        ))
    });
    Audit {
        inventory: inventory(landscape),
        summary: summary(landscape, &closure, options),
        findings,
        undetermined: undetermined(&exposures, &lateral, open_routes(landscape)),
        not_modelled: not_modelled(landscape.snapshot()),
        exposures,
        lateral,
    }
}
