//! Default groups that allow something.

use super::rules::{Draft, group_text, rules_of, wearers};
use super::{Check, Docs, Scene};
use crate::finding::{Finding, Grade};
use crate::witness::RuleAt;

pub(super) const CHECK: Check = Check {
    code: "WT-SG-006",
    name: "default-group-has-rules",
    grade: Grade::Low,
    docs: Docs {
        finds: "A default group that nothing wears today and that allows something.",
        why: "The next thing that is launched without naming a group gets it.",
        example: "
            vpc main 10.0.0.0/16
            group sg-default name default
              in any from group sg-default
              out any to any
        ",
        fix: "Remove all its rules, of both directions.",
        limits: "A default group that is worn is reported as such (default-group-worn), not twice.",
    },
    controls: &["FSBP EC2.2"],
    run,
};

fn run(scene: &Scene<'_, '_>) -> Vec<Finding> {
    let snapshot = scene.landscape.snapshot();
    let mut findings = Vec::new();
    for (group, _) in snapshot
        .groups()
        .iter()
        .filter(|(_, group)| group.is_default())
    {
        let rules: Vec<RuleAt> = rules_of(snapshot, group).map(|(at, _)| at).collect();
        if rules.is_empty() || !wearers(scene.landscape, group).is_empty() {
            continue;
        }
        let draft = Draft {
            grade: Grade::Low,
            title: "default group allows something".to_owned(),
            fix: format!("remove all rules of {}", group_text(snapshot, group)),
            rules,
        };
        let mut finding = draft.unproved(&CHECK, snapshot, Vec::new());
        finding.is_latent = true;
        findings.push(finding);
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::catalog::tests::findings;

    #[test]
    fn fires() {
        let expected = ["low (latent): : remove all rules of default (sg-default)"];
        assert_eq!(findings(&CHECK, CHECK.docs.example), expected);
    }

    #[test]
    fn near_miss() {
        let topology = "
            vpc main 10.0.0.0/16
            group sg-default name default
        ";
        assert_eq!(findings(&CHECK, topology), [""; 0]);
    }
}
