//! Rules open to the world through which nothing arrives today.

use std::collections::BTreeSet;

use model::{Direction, ResourceId};

use super::rules::{Draft, cidr, group_text, is_world, rule_text, rules_of, wearers};
use super::{Check, Docs, Scene};
use crate::finding::{Finding, Grade};
use crate::subject::SubjectKind;
use crate::witness::RuleAt;

pub(super) const CHECK: Check = Check {
    code: "WT-SG-009",
    name: "latent-open-rule",
    grade: Grade::Info,
    docs: Docs {
        finds: "Rules that admit the whole world in groups whose hosts the internet cannot reach today, or that nothing wears.",
        why: "One public address, one route or one careless launch later the door is open, and no rule changed.",
        example: "
            vpc main 10.0.0.0/16
            subnet app main 10.0.1.0/24
            group app
              in tcp/8080 from 0.0.0.0/0
              out any to any
            host app in app 10.0.1.11 groups app
        ",
        fix: "Admit what really connects: the load balancer's group, or the VPC.",
        limits: "A rule counts as used as soon as the internet reaches anything that wears its group.",
    },
    controls: &[],
    run,
};

fn run(scene: &Scene<'_, '_>) -> Vec<Finding> {
    let snapshot = scene.landscape.snapshot();
    let exposed = exposed(scene);
    let mut findings = Vec::new();
    for (group, row) in snapshot.groups().iter() {
        let open = rules_of(snapshot, group).filter(|(_, rule)| {
            rule.direction == Direction::Ingress && cidr(rule).is_some_and(is_world)
        });
        let rules: Vec<RuleAt> = open.map(|(at, _)| at).collect();
        let Some(first) = rules.first().filter(|_| !exposed.contains(&row.id)) else {
            continue;
        };
        let subjects = wearers(scene.landscape, group);
        let title = if subjects.is_empty() {
            "open to the world, worn by nothing"
        } else {
            "open to the world, without a way in"
        };
        let draft = Draft {
            grade: Grade::Info,
            title: title.to_owned(),
            fix: format!(
                "narrow `{}` of {}",
                rule_text(snapshot, *first),
                group_text(snapshot, group)
            ),
            rules,
        };
        let mut finding = draft.unproved(&CHECK, snapshot, subjects);
        finding.is_latent = true;
        findings.push(finding);
    }
    findings
}

/// The groups worn by anything that the internet reaches, or may reach.
fn exposed<'s>(scene: &Scene<'s, '_>) -> BTreeSet<&'s ResourceId> {
    let rows = scene
        .exposures
        .iter()
        .filter(|exposure| exposure.from.kind == SubjectKind::Internet);
    let members = rows
        .flat_map(|exposure| &exposure.rows)
        .flat_map(|row| row.to.members.iter());
    members.flat_map(|member| &member.groups).collect()
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::catalog::tests::findings;

    #[test]
    fn fires() {
        let expected = ["info (latent): app: narrow `tcp/8080 from 0.0.0.0/0` of app"];
        assert_eq!(findings(&CHECK, CHECK.docs.example), expected);
    }

    #[test]
    fn near_miss() {
        // The world gets in: other checks judge that.
        let topology = "
            vpc main 10.0.0.0/16
            igw gw main
            subnet web main 10.0.1.0/24 table public
            table public main
              route 0.0.0.0/0 igw gw
            group app
              in tcp/8080 from 0.0.0.0/0
              out any to any
            host app in web 10.0.1.11 public 203.0.113.11 groups app
        ";
        assert_eq!(findings(&CHECK, topology), [""; 0]);
    }
}
