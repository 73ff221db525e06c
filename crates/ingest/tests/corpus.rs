//! Recorded answers of real networks: every folder of the corpus is read, and nothing of it is lost silently.
#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test may fail, and says when it could not run"
)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use ingest::{FileUse, Loaded, load};
use model::{AttachmentResource, Severity};

/// Cases in the layouts of saved answers, by the beginning of their names.
const READABLE: &[&str] = &[
    "lab-",
    "bf-",
    "npguard-",
    "c7n-",
    "cloudmapper-demo",
    "aws-cli-shapes",
];

/// The corpus, or `None` with a loud remark if it is not there.
fn corpus() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    let path = std::env::var_os("WATERTIGHT_CORPUS").map_or_else(beside, PathBuf::from);
    if path.is_dir() {
        return Some(path);
    }
    eprintln!(
        "SKIPPED: there is no corpus at `{}`: set WATERTIGHT_CORPUS",
        path.display()
    );
    None
}

fn cases() -> Vec<PathBuf> {
    let Some(corpus) = corpus() else {
        return Vec::new();
    };
    let entries = std::fs::read_dir(corpus).unwrap();
    let mut cases: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    cases.retain(|path| READABLE.iter().any(|prefix| name(path).starts_with(prefix)));
    cases.sort();
    cases
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

fn files_below(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files_below(&path, found);
        } else {
            found.insert(path.to_string_lossy().into_owned());
        }
    }
}

#[test]
fn every_file_is_used_or_ignored_for_a_reason() {
    for case in cases() {
        let loaded = load(std::slice::from_ref(&case), Vec::new()).unwrap();
        let mut expected = BTreeSet::new();
        files_below(&case, &mut expected);
        let met = loaded.files.iter().map(|each| each.file().to_owned());
        assert_eq!(met.collect::<BTreeSet<_>>(), expected, "{}", case.display());
        for file in &loaded.files {
            if let FileUse::Ignored { file, why } = file {
                assert!(!why.is_empty(), "{file}");
            }
        }
    }
}

#[test]
fn only_what_is_broken_is_an_error() {
    for case in cases() {
        let loaded = load(std::slice::from_ref(&case), Vec::new()).unwrap();
        let errors = loaded.diagnostics.iter();
        let errors = errors.filter(|each| each.severity == Severity::Error);
        let errors: Vec<String> = errors
            .map(|each| name(Path::new(each.origin.file())))
            .collect();
        let expected: &[&str] = match name(&case).as_str() {
            // Output of `--query`: a list where an answer has an object.
            "aws-cli-shapes" => &[
                "describe-instance-types-2.json",
                "describe-db-clusters-3.json",
            ],
            _ => &[],
        };
        assert_eq!(errors, expected, "{}", case.display());
    }
}

/// Checks how much of each kind a case holds.
#[track_caller]
fn check(case: &str, expected: &str) -> Option<Loaded> {
    let path = corpus()?.join(case);
    let loaded = load(&[path], Vec::new()).unwrap();
    let snapshot = &loaded.snapshot;
    let counts = [
        ("vpcs", snapshot.vpcs().len()),
        ("subnets", snapshot.subnets().len()),
        ("interfaces", snapshot.interfaces().len()),
        ("instances", snapshot.instances().len()),
        ("groups", snapshot.groups().len()),
        ("acls", snapshot.acls().len()),
        ("tables", snapshot.route_tables().len()),
        ("igws", snapshot.internet_gateways().len()),
        ("nats", snapshot.nat_gateways().len()),
        ("peerings", snapshot.peerings().len()),
        ("tgws", snapshot.transit_gateways().len()),
        ("attachments", snapshot.transit_attachments().len()),
        ("tgw-tables", snapshot.transit_route_tables().len()),
        ("lists", snapshot.prefix_lists().len()),
        ("addresses", snapshot.elastic_addresses().len()),
    ];
    let counts = counts.iter().filter(|(_, count)| 0 < *count);
    let shown: Vec<String> = counts
        .map(|(kind, count)| format!("{count} {kind}"))
        .collect();
    assert_eq!(shown.join(", "), expected, "{case}");
    Some(loaded)
}

#[test]
fn each_case_holds_what_its_files_list() {
    check(
        "bf-load-balancer",
        "1 vpcs, 3 subnets, 5 interfaces, 3 instances, 3 groups, 1 acls, 2 tables, 1 igws, 2 lists",
    );
    check(
        "bf-nat-gateway",
        "1 vpcs, 3 subnets, 4 interfaces, 3 instances, 3 groups, 2 acls, 3 tables, 1 igws, 1 nats",
    );
    check(
        "bf-public-subnet",
        "1 vpcs, 1 subnets, 1 interfaces, 1 instances, 2 groups, 1 acls, 2 tables, 1 igws",
    );
    check(
        "bf-subnet",
        "1 vpcs, 1 subnets, 2 interfaces, 2 instances, 3 groups, 1 acls, 1 tables",
    );
    check(
        "bf-vpc-peering",
        "3 vpcs, 3 subnets, 3 interfaces, 3 instances, 6 groups, 3 acls, 3 tables, 2 peerings",
    );
    check("c7n-eni-public-subnet", "2 subnets, 2 interfaces, 4 tables");
    check("c7n-peering-route-missing", "4 tables, 1 peerings");
    check("c7n-security-group-stale", "1 groups");
    check("c7n-security-group-used", "4 interfaces, 7 groups");
    check("c7n-triple-sg-used-cross-ref", "4 groups");
    check(
        "cloudmapper-demo",
        "1 vpcs, 4 subnets, 2 interfaces, 3 instances, 8 groups",
    );
    check(
        "lab-instance-multiple-interface",
        "1 vpcs, 3 subnets, 6 interfaces, 4 instances, 6 groups, 2 acls, 3 tables, 1 igws, 2 lists, 2 addresses",
    );
    check(
        "lab-multi-account-vpc-peering",
        "2 vpcs, 2 subnets, 2 interfaces, 3 instances, 4 groups, 4 acls, 4 tables, 2 igws, 3 peerings, 2 lists",
    );
    check(
        "lab-nlb-targets-instance",
        "2 vpcs, 3 subnets, 8 interfaces, 4 instances, 6 groups, 5 acls, 5 tables, 2 igws, 1 nats, 1 peerings, 2 lists, 4 addresses",
    );
    check(
        "lab-traffic-in-igw-out-ngw",
        "1 vpcs, 2 subnets, 3 interfaces, 2 instances, 2 groups, 2 acls, 3 tables, 1 igws, 1 nats, 1 tgws, 4 lists, 1 addresses",
    );
    check(
        "npguard-aws-sg-1",
        "2 vpcs, 7 subnets, 5 interfaces, 17 instances, 6 groups, 2 acls, 2 igws",
    );
    check(
        "npguard-basic-config-with-sg",
        "2 vpcs, 5 subnets, 2 interfaces, 2 instances, 3 groups, 2 acls, 2 igws",
    );
}

#[test]
fn transit_gateways_that_peer_across_accounts_and_regions() {
    let Some(loaded) = check(
        "lab-tgw-peering",
        "3 vpcs, 6 subnets, 6 interfaces, 3 instances, 6 groups, 9 acls, 6 tables, 3 igws, 3 tgws, 7 attachments, 3 tgw-tables, 6 lists",
    ) else {
        return;
    };
    let snapshot = &loaded.snapshot;
    let attachments = snapshot.transit_attachments().rows();
    let is_peering = |each: &&model::TransitGatewayAttachment| {
        matches!(each.resource, AttachmentResource::Peering(_))
    };
    // Two peerings, each seen from both of its ends.
    assert_eq!(attachments.iter().filter(is_peering).count(), 4);
    for attachment in attachments {
        assert!(attachment.association_known && attachment.association.is_some());
        if let AttachmentResource::Vpc { subnets, .. } = &attachment.resource {
            assert_eq!(subnets.as_ref().map(Vec::len), Some(1));
        }
    }
    for table in snapshot.transit_route_tables().rows() {
        assert!(table.gateway.target().is_some());
        assert!(table.static_known && !table.propagated_known);
        assert_eq!(table.propagations.as_ref().map(Vec::len), Some(1));
        for route in &table.routes {
            assert!(route.attachments.iter().all(|link| link.target().is_some()));
        }
    }
    let owners: BTreeSet<_> = snapshot
        .vpcs()
        .rows()
        .iter()
        .map(|vpc| &vpc.owner)
        .collect();
    assert_eq!(owners.len(), 2);
}

#[test]
fn examples_are_read_without_a_warning() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    for example in ["shop", "shop-hardened", "hub"] {
        let loaded = load(&[examples.join(example)], Vec::new()).unwrap();
        assert!(!loaded.snapshot.interfaces().is_empty());
        let weighty = |each: &&model::Diagnostic| Severity::Note < each.severity;
        let odd: Vec<_> = loaded.diagnostics.iter().filter(weighty).collect();
        assert!(odd.is_empty(), "{example}: {odd:?}");
    }
}
