//! Hosts of one class that reach each other.

use super::rules::{Draft, Use, group_text, rule_text};
use super::{Check, Docs, Scene};
use crate::finding::{Finding, Grade};
use crate::owner::Nature;
use crate::subject::SubjectKind;

pub(super) const CHECK: Check = Check {
    code: "WT-SG-001",
    name: "peers-reach-each-other",
    grade: Grade::High,
    docs: Docs {
        finds: "Hosts that do the same job and can open connections to each other.",
        why: "One exploited server is all of them: the same flaw works again next door, and nobody watches that way.",
        example: "
            vpc main 10.0.0.0/16
            subnet app main 10.0.1.0/24
            group app
              in any from group app
              out any to any
            host app-1 in app 10.0.1.11 groups app
            host app-2 in app 10.0.1.12 groups app
        ",
        fix: "Remove the rule by which the group admits itself. If the servers form a cluster, admit the cluster's port only.",
        limits: "A cluster whose members must talk is found too: accept the finding with its reason.",
    },
    controls: &["ATT&CK T1210", "ISM-1182"],
    run,
};

fn run(scene: &Scene<'_, '_>) -> Vec<Finding> {
    let snapshot = scene.landscape.snapshot();
    let mut findings = Vec::new();
    for edge in &scene.lateral.edges {
        let SubjectKind::Hosts(role) = edge.from.kind else {
            continue;
        };
        let is_within = edge.from.kind == edge.to.kind && edge.from.name == edge.to.name;
        let Some(witness) = edge
            .witness
            .as_ref()
            .filter(|_| is_within && role.nature() == Nature::Pivot)
        else {
            continue;
        };
        let rules = witness.ingress.clone();
        let texts: Vec<String> = rules
            .iter()
            .map(|at| {
                format!(
                    "`{}` of {}",
                    rule_text(snapshot, *at),
                    group_text(snapshot, at.group)
                )
            })
            .collect();
        let draft = Draft {
            grade: Grade::High,
            title: "hosts of one tier reach each other".to_owned(),
            fix: format!("remove {}", texts.join(" and ")),
            rules,
        };
        let case = Use {
            from: edge.from.clone(),
            to: edge.to.clone(),
            services: edge.services.clone(),
            witness: witness.clone(),
        };
        findings.push(draft.proved(&CHECK, snapshot, &[case]));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::catalog::tests::findings;

    #[test]
    fn fires() {
        let expected = ["high: app-*: remove `any from itself` of app"];
        assert_eq!(findings(&CHECK, CHECK.docs.example), expected);
    }

    #[test]
    fn near_miss() {
        // The group admits itself, and only one host wears it.
        let topology = "
            vpc main 10.0.0.0/16
            subnet app main 10.0.1.0/24
            group app
              in any from group app
              out any to any
            group other
              out any to any
            host app-1 in app 10.0.1.11 groups app
            host app-2 in app 10.0.1.12 groups other
        ";
        assert_eq!(findings(&CHECK, topology), [""; 0]);
    }
}
