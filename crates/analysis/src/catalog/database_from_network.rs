//! Databases open to whole networks.

use packet::PacketSet;

use super::rules::{Draft, Use, by_group, cidr, is_wide, rules_text, used};
use super::{Check, Docs, Scene, ports};
use crate::finding::{Finding, Grade};
use crate::witness::RuleAt;

pub(super) const CHECK: Check = Check {
    code: "WT-SG-004",
    name: "database-from-network",
    grade: Grade::High,
    docs: Docs {
        finds: "A database port that hosts can reach because a rule admits a whole VPC, a wide block, or the world.",
        why: "The data is one stolen password away from every host inside, not only from the application that needs it.",
        example: "
            vpc main 10.0.0.0/16
            subnet app main 10.0.1.0/24
            group db
              in tcp/5432 from 10.0.0.0/16
            group app
              out any to any
            host db in app 10.0.1.20 groups db
            host app in app 10.0.1.11 groups app
        ",
        fix: "Admit the application's group instead of the block.",
        limits: "Databases on other than their usual ports are not recognised.",
    },
    controls: &["ISM-1270", "ISM-1271", "ATT&CK T1210"],
    run,
};

fn run(scene: &Scene<'_, '_>) -> Vec<Finding> {
    let snapshot = scene.landscape.snapshot();
    let ports = ports::database();
    let is_meant = |at: RuleAt, _: &Use| {
        // A rule for everything is reported for what it is, not as one for databases.
        let rule = at
            .rule(snapshot)
            .filter(|rule| PacketSet::from(&rule.service).is_subset(&ports));
        rule.and_then(cidr)
            .is_some_and(|block| is_wide(block, snapshot))
    };
    let groups = by_group(used(scene, &ports), is_meant);
    let findings = groups.into_values().map(|(rules, cases)| {
        let draft = Draft {
            grade: Grade::High,
            title: "database open to whole networks".to_owned(),
            fix: format!(
                "replace {} by the application's group",
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
            ["high: db: replace `tcp/5432 from 10.0.0.0/16` of db by the application's group"];
        assert_eq!(findings(&CHECK, CHECK.docs.example), expected);
    }

    #[test]
    fn near_miss() {
        let topology = CHECK
            .docs
            .example
            .replace("from 10.0.0.0/16", "from group app");
        assert_eq!(findings(&CHECK, &topology), [""; 0]);
    }
}
