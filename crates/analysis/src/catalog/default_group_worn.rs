//! Hosts that wear the group that a VPC comes with.

use super::rules::{Draft, group_text, rules_of, wearers};
use super::{Check, Docs, Scene};
use crate::finding::{Finding, Grade};
use crate::witness::RuleAt;

pub(super) const CHECK: Check = Check {
    code: "WT-SG-005",
    name: "default-group-worn",
    grade: Grade::Medium,
    docs: Docs {
        finds: "Hosts that wear the default group of their VPC.",
        why: "It is what anything gets that names no group. Whatever is launched carelessly next stands in one group with \
              these hosts, and by default that group admits itself on every port.",
        example: "
            vpc main 10.0.0.0/16
            subnet app main 10.0.1.0/24
            group sg-default name default
              in any from group sg-default
              out any to any
            host reports in app 10.0.1.11 groups sg-default
        ",
        fix: "Give each service a group of its own, then empty the default group.",
        limits: "None.",
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
        let subjects = wearers(scene.landscape, group);
        if subjects.is_empty() {
            continue;
        }
        let rules: Vec<RuleAt> = rules_of(snapshot, group).map(|(at, _)| at).collect();
        let draft = Draft {
            grade: Grade::Medium,
            title: "services in the default group".to_owned(),
            fix: format!(
                "give them groups of their own, then empty {}",
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
        let expected =
            ["medium: reports: give them groups of their own, then empty default (sg-default)"];
        assert_eq!(findings(&CHECK, CHECK.docs.example), expected);
    }

    #[test]
    fn near_miss() {
        // Another group, that only sounds like it.
        let topology = CHECK
            .docs
            .example
            .replace("name default", "name default-web");
        assert_eq!(findings(&CHECK, &topology), [""; 0]);
    }
}
