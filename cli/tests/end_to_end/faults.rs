//! Every fault that is planted in the shop is a finding of its own, with the change that ends it.

use std::collections::BTreeSet;

use analysis::{Landscape, audit};
use engine::Engine;
use model::Snapshot;
use report::audit::{AuditView, FindingView, view};

use crate::run::{root, run};

fn example(name: &str) -> Snapshot {
    let folder = root().join("examples").join(name);
    ingest::load(&[folder], Vec::new()).unwrap().snapshot
}

fn audited(snapshot: &Snapshot) -> AuditView {
    let engine = Engine::new(snapshot);
    view(&audit(&Landscape::new(&engine)), snapshot)
}

/// The network after some changes in the words of `whatif`.
fn changed(snapshot: &Snapshot, changes: &[String]) -> Snapshot {
    let made = watertight::change::make(snapshot, &changes.join("\n"), "cut");
    made.unwrap().0
}

/// Whether the same check still finds any of the rules.
fn has(audit: &AuditView, wanted: &FindingView) -> bool {
    let mut alike = audit.findings.iter();
    let is_meant = |cut: &String| wanted.cut.contains(cut);
    alike.any(|other| other.code == wanted.code && other.cut.iter().any(is_meant))
}

/// The planted faults: the check that finds each, whose hosts are concerned, and the change that ends it.
const FAULTS: &[(&str, &str, &[&str])] = &[
    (
        "WT-SG-001",
        "app-*",
        &["remove ingress sg-0cafe000000000a99 any from sg-0cafe000000000a99"],
    ),
    (
        "WT-SG-002",
        "bastion",
        &[
            "remove ingress sg-0cafe000000000ba5 tcp/22 from 0.0.0.0/0",
            "remove ingress sg-0cafe000000000ba5 tcp/22 from ::/0",
        ],
    ),
    (
        "WT-SG-002",
        "wp-test",
        &["remove ingress sg-0cafe000000000bad tcp/22 from 0.0.0.0/0"],
    ),
    (
        "WT-SG-003",
        "app-*",
        &["remove ingress sg-0cafe000000000a99 tcp/22 from 10.20.0.0/16"],
    ),
    (
        "WT-SG-004",
        "shop-db",
        &["remove ingress sg-0cafe0000000000db tcp/5432 from 10.20.0.0/16"],
    ),
    (
        "WT-SG-008",
        "app-*",
        &[
            "remove egress sg-0cafe000000000a99 any to 0.0.0.0/0",
            "remove egress sg-0cafe000000000a99 any to ::/0",
        ],
    ),
];

#[test]
fn every_planted_fault_is_a_finding_that_its_cut_ends_and_no_part_of_it() {
    let shop = example("shop");
    let before = audited(&shop);
    for (code, subject, cut) in FAULTS {
        let mut findings = before.findings.iter();
        let finding = findings
            .find(|one| one.code == *code && one.subjects.iter().any(|it| it.name == *subject));
        let finding = finding.unwrap_or_else(|| panic!("{code} {subject}"));
        assert_eq!(finding.cut, *cut, "{code} {subject}");
        let after = audited(&changed(&shop, &finding.cut));
        assert!(!has(&after, finding), "{code} {subject}");
        for kept in 0..finding.cut.len() {
            let mut part = finding.cut.clone();
            part.remove(kept);
            let after = audited(&changed(&shop, &part));
            assert!(has(&after, finding), "{code} {subject} without {part:?}");
        }
    }
}

#[test]
fn the_cut_of_the_default_group_parts_its_wearers() {
    let shop = example("shop");
    let before = audited(&shop);
    let mut findings = before.findings.iter();
    let finding = findings.find(|one| one.code == "WT-SG-005").unwrap();
    let group = "sg-0cafe000000000def";
    assert_eq!(
        finding.cut,
        [format!("remove ingress {group} any from {group}")]
    );
    let passes = |audit: &AuditView| {
        let mut edges = audit.lateral.iter();
        edges.any(|edge| edge.from.name == "wp-test" && edge.to.name == "reports")
    };
    assert!(passes(&before));
    assert!(!passes(&audited(&changed(&shop, &finding.cut))));
}

#[test]
fn the_hardened_shop_has_neither_findings_nor_movement_within_a_tier() {
    let hardened = audited(&example("shop-hardened"));
    assert!(hardened.findings.is_empty(), "{:?}", hardened.findings);
    assert!(hardened.summary.within.is_empty());
    let shop = audited(&example("shop")).summary;
    let [tier] = shop.within.as_slice() else {
        panic!("{:?}", shop.within);
    };
    assert_eq!((tier.name.as_str(), tier.hosts), ("app", 7));
    assert!(hardened.summary.direct < shop.direct);
    assert!(hardened.summary.internet_in_all < shop.internet_in_all);
}

#[test]
fn the_summary_of_an_audit_is_what_the_other_commands_tell() {
    for folder in ["examples/shop", "examples/shop-hardened", "examples/hub"] {
        let json = |arguments: &str| -> serde_json::Value {
            let run = run(&format!("{arguments} -o json"));
            serde_json::from_str(&run.stdout).unwrap()
        };
        let audit = json(&format!("audit {folder}"));
        let summary = &audit["summary"];
        let score = json(&format!("score {folder}"));
        for field in ["pairs", "direct", "transitive"] {
            assert_eq!(
                summary[field], score["scores"][0][field],
                "{folder} {field}"
            );
        }
        let blast = json(&format!("blast {folder} --from internet"));
        let falls = blast["certain"].as_array().unwrap().iter();
        let reached: usize = falls
            .map(|fall| fall["to"]["members"].as_array().unwrap().len())
            .sum();
        assert_eq!(summary["internet_in_all"], reached, "{folder}");
        let tiers = json(&format!("tiers {folder}"));
        let flows = tiers["flows"].as_array().unwrap().iter();
        let within = flows.filter(|flow| {
            flow["from"] == flow["to"] && !flow["unneeded"].as_array().unwrap().is_empty()
        });
        let names = |rows: Vec<&serde_json::Value>, field: &str| -> BTreeSet<String> {
            let names = rows.iter().map(|row| row[field].to_string());
            names.collect()
        };
        let told = summary["within"].as_array().unwrap().iter().collect();
        assert_eq!(
            names(told, "name"),
            names(within.collect(), "from"),
            "{folder}"
        );
    }
}
