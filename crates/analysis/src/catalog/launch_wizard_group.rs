//! Groups that the console made while launching.

use model::Resource;

use super::rules::{Draft, group_text, rules_of, wearers};
use super::{Check, Docs, Scene};
use crate::finding::{Finding, Grade};
use crate::witness::RuleAt;

pub(super) const CHECK: Check = Check {
    code: "WT-SG-007",
    name: "launch-wizard-group",
    grade: Grade::Medium,
    docs: Docs {
        finds: "Hosts that wear a group which the console made while launching (`launch-wizard-…`).",
        why: "Nobody designed it. It usually opens ssh to the world, and stays when the experiment is forgotten.",
        example: "
            vpc main 10.0.0.0/16
            subnet app main 10.0.1.0/24
            group sg-1 name launch-wizard-1
              in tcp/22 from 0.0.0.0/0
              out any to any
            host wp-test in app 10.0.1.11 groups sg-1
        ",
        fix: "Remove the host if nobody needs it, else give it a group that was designed; delete this one.",
        limits: "Recognised by its name.",
    },
    controls: &[],
    run,
};

fn run(scene: &Scene<'_, '_>) -> Vec<Finding> {
    let snapshot = scene.landscape.snapshot();
    let mut findings = Vec::new();
    let is_wizard = |name: &str| name.starts_with("launch-wizard");
    for (group, _) in snapshot
        .groups()
        .iter()
        .filter(|(_, group)| group.name().is_some_and(is_wizard))
    {
        let subjects = wearers(scene.landscape, group);
        if subjects.is_empty() {
            continue;
        }
        let rules: Vec<RuleAt> = rules_of(snapshot, group).map(|(at, _)| at).collect();
        let draft = Draft {
            grade: Grade::Medium,
            title: "a group of the launch wizard in use".to_owned(),
            fix: format!(
                "remove the host or give it a designed group; delete {}",
                group_text(snapshot, group)
            ),
            rules,
        };
        findings.push(draft.unproved(&CHECK, snapshot, subjects));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::catalog::tests::findings;

    #[test]
    fn fires() {
        let expected = [
            "medium: wp-test: remove the host or give it a designed group; delete launch-wizard-1 (sg-1)",
        ];
        assert_eq!(findings(&CHECK, CHECK.docs.example), expected);
    }

    #[test]
    fn near_miss() {
        // Nothing wears it.
        let topology = CHECK.docs.example.replace("groups sg-1", "");
        assert_eq!(findings(&CHECK, &topology), [""; 0]);
    }
}
