//! Remote administration open to whole private networks.

use std::collections::BTreeSet;

use super::rules::{Draft, Use, by_group, cidr, is_wide, rules_text, used};
use super::{Check, Docs, Scene, ports};
use crate::finding::{Finding, Grade};
use crate::subject::SubjectKind;
use crate::witness::RuleAt;

pub(super) const CHECK: Check = Check {
    code: "WT-SG-003",
    name: "admin-from-network",
    grade: Grade::High,
    docs: Docs {
        finds: "Remote administration that hosts can reach because a rule admits a whole VPC or a wide private block.",
        why: "Every host inside becomes a place to administer from: an intruder on any of them tries stolen keys on all.",
        example: "
            vpc main 10.0.0.0/16
            subnet app main 10.0.1.0/24
            group app
              in tcp/22 from 10.0.0.0/16
              out any to any
            group other
              out any to any
            host app in app 10.0.1.11 groups app
            host other in app 10.0.1.12 groups other
        ",
        fix: "Admit the group of the management host instead of the block.",
        limits: "A block counts as wide if it holds a whole block of a VPC, or more than 4,096 addresses.",
    },
    controls: &["ISM-1182", "ISM-1386", "ATT&CK T1021"],
    run,
};

fn run(scene: &Scene<'_, '_>) -> Vec<Finding> {
    let snapshot = scene.landscape.snapshot();
    let used = used(scene, &ports::admin());
    // A rule that lets the internet in is reported for that.
    let from_internet = |case: &Use| case.from.kind == SubjectKind::Internet;
    let open: BTreeSet<RuleAt> = used
        .iter()
        .filter(|(_, cases)| cases.iter().any(from_internet))
        .map(|(at, _)| *at)
        .collect();
    let is_meant = |at: RuleAt, _: &Use| {
        let block = at.rule(snapshot).and_then(cidr);
        !open.contains(&at) && block.is_some_and(|block| is_wide(block, snapshot))
    };
    let groups = by_group(used, is_meant);
    let findings = groups.into_values().map(|(rules, cases)| {
        let draft = Draft {
            grade: Grade::High,
            title: "remote administration open to whole networks".to_owned(),
            fix: format!(
                "replace {} by the management host's group",
                rules_text(snapshot, &rules)
            ),
            rules,
        };
        draft.proved(&CHECK, snapshot, &cases)
    });
    findings.collect()
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::catalog::tests::findings;

    #[test]
    fn fires() {
        let expected =
            ["high: app: replace `tcp/22 from 10.0.0.0/16` of app by the management host's group"];
        assert_eq!(findings(&CHECK, CHECK.docs.example), expected);
    }

    #[test]
    fn near_miss() {
        // One host is admitted, by its address.
        let topology = CHECK
            .docs
            .example
            .replace("from 10.0.0.0/16", "from 10.0.1.12/32");
        assert_eq!(findings(&CHECK, &topology), [""; 0]);
    }
}
