//! The catalogue of checks: one file each, one line in [`ALL`].

mod admin_from_internet;
mod admin_from_network;
mod database_from_network;
mod default_group_has_rules;
mod default_group_worn;
mod latent_open_rule;
mod launch_wizard_group;
mod peers_reach_each_other;
pub(crate) mod ports;
mod rules;
mod unrestricted_egress;

use crate::exposure::Exposure;
use crate::finding::{Finding, Grade};
use crate::landscape::Landscape;
use crate::lateral::Lateral;

/// What a check looks at.
#[derive(Debug, Clone, Copy)]
pub struct Scene<'s, 'a> {
    /// The network.
    pub landscape: &'s Landscape<'a>,
    /// What the internet and the offices can reach.
    pub exposures: &'s [Exposure],
    /// Who can move where inside.
    pub lateral: &'s Lateral,
}

/// A check of the catalogue.
#[derive(Debug, Clone, Copy)]
pub struct Check {
    /// A stable code, such as `WT-SG-001`.
    pub code: &'static str,
    /// Its name in kebab-case.
    pub name: &'static str,
    /// How bad its findings are at worst.
    pub grade: Grade,
    /// What it says, for people.
    pub docs: Docs,
    /// Controls of frameworks that it supports, such as `FSBP EC2.19`.
    pub controls: &'static [&'static str],
    /// Runs it.
    pub run: fn(&Scene<'_, '_>) -> Vec<Finding>,
}

/// What a check says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Docs {
    /// What it finds.
    pub finds: &'static str,
    /// Why it matters.
    pub why: &'static str,
    /// A topology on which it fires.
    pub example: &'static str,
    /// How to fix it.
    pub fix: &'static str,
    /// What it does not see.
    pub limits: &'static str,
}

/// Every check.
pub const ALL: &[Check] = &[
    peers_reach_each_other::CHECK,
    admin_from_internet::CHECK,
    admin_from_network::CHECK,
    database_from_network::CHECK,
    default_group_worn::CHECK,
    default_group_has_rules::CHECK,
    launch_wizard_group::CHECK,
    unrestricted_egress::CHECK,
    latent_open_rule::CHECK,
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use engine::Engine;
    use testkit::Topology;

    use super::*;
    use crate::audit;

    /// The findings of one check on a topology, as `grade: subjects: fix`.
    pub(super) fn findings(check: &Check, topology: &str) -> Vec<String> {
        let snapshot = Topology::parse(topology).expect("a topology").snapshot();
        let engine = Engine::new(&snapshot);
        let landscape = Landscape::new(&engine);
        let found = audit(&landscape)
            .findings
            .into_iter()
            .filter(|finding| finding.code == check.code);
        found
            .map(|finding| {
                assert!(
                    finding
                        .witness
                        .as_ref()
                        .is_none_or(|witness| witness.is_replayed),
                    "{finding:?}"
                );
                let names: Vec<&str> = finding
                    .subjects
                    .iter()
                    .map(|subject| subject.name.as_str())
                    .collect();
                let latent = if finding.is_latent { " (latent)" } else { "" };
                format!(
                    "{}{latent}: {}: {}",
                    finding.grade.word(),
                    names.join(", "),
                    finding.fix
                )
            })
            .collect()
    }

    #[test]
    fn every_example_fires() {
        for check in ALL {
            assert_ne!(
                findings(check, check.docs.example),
                [""; 0],
                "{}",
                check.code
            );
        }
    }

    #[test]
    fn codes_and_names_are_unique_and_documented() {
        let codes: BTreeSet<&str> = ALL.iter().map(|check| check.code).collect();
        let names: BTreeSet<&str> = ALL.iter().map(|check| check.name).collect();
        assert_eq!((codes.len(), names.len()), (ALL.len(), ALL.len()));
        for check in ALL {
            let Docs {
                finds,
                why,
                fix,
                limits,
                ..
            } = check.docs;
            assert!(
                [finds, why, fix, limits]
                    .iter()
                    .all(|text| text.ends_with('.')),
                "{}",
                check.code
            );
        }
    }
}
