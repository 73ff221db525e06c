//! Remote administration open to the internet.

use super::rules::{Draft, Use, by_group, rules_text, used};
use super::{Check, Docs, Scene, ports};
use crate::finding::{Finding, Grade};
use crate::subject::SubjectKind;

pub(super) const CHECK: Check = Check {
    code: "WT-SG-002",
    name: "admin-from-internet",
    grade: Grade::Critical,
    docs: Docs {
        finds: "Remote administration (ssh, rdp, winrm, smb, vnc, docker, kubelet) that the internet can reach.",
        why: "It is tried within minutes of becoming reachable. A weak password, a leaked key or the next flaw in the \
              daemon is a foothold inside.",
        example: "
            vpc main 10.0.0.0/16
            igw gw main
            subnet web main 10.0.1.0/24 table public
            table public main
              route 0.0.0.0/0 igw gw
            group jump
              in tcp/22 from 0.0.0.0/0
              out any to any
            host jump in web 10.0.1.10 public 203.0.113.10 groups jump
        ",
        fix: "Admit the office's addresses only, or use Systems Manager or an EC2 Instance Connect endpoint and remove the rule.",
        limits: "Administration on other ports is not recognised.",
    },
    controls: &[
        "FSBP EC2.19",
        "CIS 5.0 EC2.53",
        "CIS 5.0 EC2.54",
        "ISM-1863",
        "ATT&CK T1133",
    ],
    run,
};

fn run(scene: &Scene<'_, '_>) -> Vec<Finding> {
    let snapshot = scene.landscape.snapshot();
    let from_internet = |_, case: &Use| case.from.kind == SubjectKind::Internet;
    let groups = by_group(used(scene, &ports::admin()), from_internet);
    let findings = groups.into_values().map(|(rules, cases)| {
        let draft = Draft {
            grade: Grade::Critical,
            title: "remote administration open to the internet".to_owned(),
            fix: format!("narrow {} to the office", rules_text(snapshot, &rules)),
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
        let expected = ["critical: jump: narrow `tcp/22 from 0.0.0.0/0` of jump to the office"];
        assert_eq!(findings(&CHECK, CHECK.docs.example), expected);
    }

    #[test]
    fn near_miss() {
        // The host has no public address: nothing can arrive.
        let topology = CHECK.docs.example.replace("public 203.0.113.10", "");
        assert_eq!(findings(&CHECK, &topology), [""; 0]);
    }
}
