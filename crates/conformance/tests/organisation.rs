//! Synthetic organisations are the same for the same seed, are read without a complaint, and both implementations agree
//! about them.
#![expect(
    clippy::tests_outside_test_module,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "an integration test"
)]

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::Path;

use conformance::both::{Both, question};
use conformance::case;
use model::{Endpoint, Reachability, Severity, Snapshot};
use organisation::{Layout, Organisation, Profile, Written};
use packet::Family;
use testkit::Random;

/// How many interfaces each organisation has.
const INTERFACES: usize = 1_000;
/// How many random pairs are asked.
const PAIRS: usize = 2_000;
/// Ports at which something listens in some profile.
const PORTS: [&str; 8] = ["22", "80", "443", "5432", "6379", "8080", "9100", "30000"];

fn write(profile: Profile, layout: Layout, folder: &Path) -> Written {
    let organisation = Organisation {
        profile,
        layout,
        interfaces: INTERFACES,
        seed: 1,
    };
    organisation.write(folder).unwrap()
}

fn snapshot(folder: &Path) -> Snapshot {
    let loaded = ingest::load(&[folder.to_owned()], Vec::new()).unwrap();
    let complaints: Vec<String> = loaded
        .diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.severity != Severity::Note)
        .map(|diagnostic| format!("{}: {}", diagnostic.origin, diagnostic.message))
        .collect();
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    loaded.snapshot
}

/// Every file below a folder.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap();
                found.insert(name.display().to_string(), std::fs::read(&path).unwrap());
            }
        }
    }
    found
}

/// How many random pairs are reachable, blocked and undetermined, after both implementations said the same.
fn tally(snapshot: &Snapshot) -> [usize; 3] {
    let both = Both::new(snapshot);
    let mut ends = Vec::new();
    for (interface, held) in snapshot.interfaces().iter() {
        let addresses = held.addresses.iter().map(|held| held.address);
        ends.extend(addresses.map(|address| Endpoint::Interface { interface, address }));
    }
    let mut random = Random::new(1);
    let mut tally = [0; 3];
    for _ in 0..PAIRS {
        let from = random.pick(&ends).unwrap();
        let to: IpAddr = random.pick(&ends).unwrap().address();
        let port = random.word(&PORTS);
        let family = Family::of(from.address());
        if family != Family::of(to) {
            continue;
        }
        let service = case::service("tcp", port, family).unwrap();
        let answers = both.ask(*from, question(service, to)).unwrap();
        assert!(answers.agree(), "{from:?} -> {to} tcp/{port}: {answers:?}");
        let place = match answers.trace {
            Reachability::Reachable => 0,
            Reachability::Blocked => 1,
            Reachability::Undetermined => 2,
        };
        tally[place] += 1;
    }
    tally
}

/// Checks a profile; gives how many pairs are reachable, blocked, undetermined.
fn check(profile: Profile) -> [usize; 3] {
    let (first, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let written = write(profile, Layout::Aws, first.path());
    write(profile, Layout::Aws, second.path());
    let files = [first.path(), second.path()].map(files);
    assert!(files[0] == files[1], "the same seed gives other bytes");
    let snapshot = snapshot(first.path());
    assert_eq!(snapshot.interfaces().len(), written.interfaces);
    assert!(written.interfaces >= INTERFACES);
    assert_eq!(snapshot.groups().len(), written.groups);
    assert_eq!(snapshot.vpcs().len(), written.vpcs);
    let [reachable, blocked, undetermined] = tally(&snapshot);
    assert!(reachable > 0 && blocked > 0);
    [reachable, blocked, undetermined]
}

#[test]
fn a_tidy_organisation_is_decided() {
    let [reachable, blocked, undetermined] = check(Profile::Tidy);
    assert!(
        undetermined * 50 < reachable + blocked,
        "{undetermined} of {PAIRS}"
    );
}

#[test]
fn a_messy_organisation_is_told_alike() {
    check(Profile::Messy);
}

#[test]
fn a_hostile_organisation_is_told_alike() {
    check(Profile::Hostile);
}

#[test]
fn clusters_are_told_alike() {
    check(Profile::Kubernetes);
}

#[test]
fn other_layouts_say_the_same() {
    let folders = [Layout::Aws, Layout::Batfish, Layout::NpGuard].map(|layout| {
        let folder = tempfile::tempdir().unwrap();
        write(Profile::Tidy, layout, folder.path());
        folder
    });
    let [aws, batfish] = [&folders[0], &folders[1]].map(|folder| snapshot(folder.path()));
    assert_eq!(aws.interfaces().len(), batfish.interfaces().len());
    assert_eq!(tally(&aws), tally(&batfish));
    let one_file = ingest::load(&[folders[2].path().to_owned()], Vec::new()).unwrap();
    assert_eq!(one_file.snapshot.groups().len(), aws.groups().len());
    assert!(!one_file.snapshot.interfaces().is_empty());
}
