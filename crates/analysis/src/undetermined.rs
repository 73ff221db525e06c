//! What is not known, and why.

use std::collections::BTreeMap;

use model::{Origin, Snapshot};

use crate::beyond::OpenWay;
use crate::edge::Edge;
use crate::exposure::Exposure;
use crate::lateral::Lateral;

/// One reason why answers are open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Open {
    /// A stable code in kebab-case.
    pub code: &'static str,
    /// What is not known, in one line.
    pub text: String,
    /// How to get an answer.
    pub remedy: &'static str,
    /// How many pairs of classes it leaves open.
    pub n_pairs: usize,
    /// One of them.
    pub example: Edge,
}

/// Something by which packets may go, or be let in, and that no answer heeds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotModelled {
    /// What it is, in the plural.
    pub what: &'static str,
    /// A place that tells it.
    pub origin: Origin,
}

/// What the input holds and no answer heeds.
pub fn not_modelled(snapshot: &Snapshot) -> Vec<NotModelled> {
    let told = snapshot.coverage().unmodelled();
    told.map(|(what, origin)| NotModelled {
        what,
        origin: origin.clone(),
    })
    .collect()
}

/// Why answers are open, the reason behind most of them first.
pub(crate) fn undetermined(
    exposures: &[Exposure],
    lateral: &Lateral,
    open_routes: Vec<OpenWay>,
) -> Vec<Open> {
    let outside = exposures.iter().flat_map(|exposure| {
        let open = exposure
            .rows
            .iter()
            .filter(|row| !row.answer.undetermined.is_empty());
        open.map(|row| Edge {
            from: exposure.from.clone(),
            to: row.to.clone(),
            services: row.answer.undetermined.clone(),
            witness: row.witness.clone(),
        })
    });
    let out = lateral
        .ways_out
        .iter()
        .filter(|way| !way.undetermined.is_empty());
    let out = out.map(|way| Edge {
        services: way.undetermined.clone(),
        ..way.edge.clone()
    });
    let mut by_reason: BTreeMap<(&'static str, String), Vec<Edge>> = BTreeMap::new();
    for edge in outside
        .chain(lateral.undetermined.iter().cloned())
        .chain(out)
    {
        let doubt = edge
            .witness
            .as_ref()
            .and_then(|witness| witness.doubt.clone());
        if let Some(reason) = doubt {
            by_reason.entry(reason).or_default().push(edge);
        }
    }
    // Routes to what no other question asked about; the same reason is told once.
    for (reason, edge) in open_routes {
        by_reason.entry(reason).or_insert_with(|| vec![edge]);
    }
    let mut open: Vec<Open> = by_reason
        .into_iter()
        .filter_map(|((code, text), edges)| {
            let n_pairs = edges.len();
            let example = edges.into_iter().next()?;
            Some(Open {
                code,
                text,
                remedy: remedy(code),
                n_pairs,
                example,
            })
        })
        .collect();
    open.sort_by(|a, b| (b.n_pairs, a.code, &a.text).cmp(&(a.n_pairs, b.code, &b.text)));
    open
}

/// How to get an answer, by the code of the doubt.
fn remedy(code: &str) -> &'static str {
    if code == "carrier-unknown" || code == "hub-unknown" {
        "what routing outside AWS does is in no list: test with real packets"
    } else if code.starts_with("missing-")
        || code.starts_with("partial-")
        || code.ends_with("-unknown")
    {
        "add the missing list to the snapshot: collect with read access to it, from every account concerned"
    } else if matches!(code, "unknown-network" | "no-uplink" | "sender-unknown") {
        "declare the network in `watertight.toml`"
    } else if matches!(
        code,
        "managed-interface" | "middlebox" | "appliance" | "source-check-off"
    ) {
        "a device decides that the network's configuration does not describe: test with real packets"
    } else {
        "test with real packets"
    }
}
