//! Hosts that reach everything on the internet.

use std::collections::BTreeMap;

use packet::{PacketSet, Protocol};

use super::rules::{Draft, Use, group_text};
use super::{Check, Docs, Scene};
use crate::finding::{Finding, Grade};
use crate::subject::SubjectKind;
use crate::witness::RuleAt;

pub(super) const CHECK: Check = Check {
    code: "WT-SG-008",
    name: "unrestricted-egress",
    grade: Grade::Medium,
    docs: Docs {
        finds: "Hosts that can open connections to any port of the internet, by a way that really exists.",
        why: "An intruder fetches tools and carries data out through it. Without it most implants are deaf and mute.",
        example: "
            vpc main 10.0.0.0/16
            igw gw main
            subnet web main 10.0.1.0/24 table public
            table public main
              route 0.0.0.0/0 igw gw
            group app
              out any to 0.0.0.0/0
            host app in web 10.0.1.11 public 203.0.113.11 groups app
        ",
        fix: "Name what is needed: the database's group, endpoints of AWS, and a filtering proxy for the rest.",
        limits: "Gateway endpoints and proxies that filter are not looked into.",
    },
    controls: &["PCI DSS 1.3.2", "ATT&CK T1041"],
    run,
};

fn run(scene: &Scene<'_, '_>) -> Vec<Finding> {
    let snapshot = scene.landscape.snapshot();
    let tcp = PacketSet::of_protocol(Protocol::TCP);
    let mut by_rules: BTreeMap<Vec<RuleAt>, Vec<Use>> = BTreeMap::new();
    for way in scene
        .lateral
        .ways_out
        .iter()
        .filter(|way| way.edge.to.kind == SubjectKind::Internet)
    {
        let is_all = [packet::Family::V4, packet::Family::V6]
            .into_iter()
            .any(|family| {
                tcp.intersection(&PacketSet::of_family(family))
                    .is_subset(&way.edge.services.services())
            });
        let Some(witness) = way.edge.witness.as_ref().filter(|_| is_all) else {
            continue;
        };
        let edge = way.edge.clone();
        // The finding is about who sends: the sender is its subject.
        let case = Use {
            from: edge.to,
            to: edge.from,
            services: edge.services,
            witness: witness.clone(),
        };
        by_rules
            .entry(witness.egress.clone())
            .or_default()
            .push(case);
    }
    let findings = by_rules.into_iter().map(|(rules, cases)| {
        let mut groups: Vec<String> = rules
            .iter()
            .map(|at| group_text(snapshot, at.group))
            .collect();
        groups.dedup();
        let fix = format!(
            "restrict the egress of {} to what is needed",
            groups.join(" and ")
        );
        let title = "egress open to the whole internet".to_owned();
        let mut finding = Draft {
            grade: Grade::Medium,
            title,
            fix,
            rules,
        }
        .proved(&CHECK, snapshot, &cases);
        finding.sources = Vec::new();
        finding
    });
    findings.collect()
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::catalog::tests::findings;

    #[test]
    fn fires() {
        let expected = ["medium: app: restrict the egress of app to what is needed"];
        assert_eq!(findings(&CHECK, CHECK.docs.example), expected);
    }

    #[test]
    fn near_miss() {
        // The rule is as open, and there is no way out.
        let topology = CHECK.docs.example.replace("route 0.0.0.0/0 igw gw", "");
        assert_eq!(findings(&CHECK, &topology), [""; 0]);
    }
}
