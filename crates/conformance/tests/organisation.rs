//! A synthetic organisation is read without a complaint, and works as organisations do.
#![expect(clippy::tests_outside_test_module, reason = "an integration test")]

use conformance::both::Both;
use conformance::case;
use model::Severity;
use testkit::Organisation;

#[test]
fn a_synthetic_organisation_works() {
    let folder = tempfile::tempdir().unwrap();
    let organisation = Organisation {
        interfaces: 450,
        seed: 1,
    };
    let written = organisation.write(folder.path()).unwrap();
    let loaded = ingest::load(&[folder.path().to_owned()], Vec::new()).unwrap();
    let complaints: Vec<String> = loaded
        .diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.severity != Severity::Note)
        .map(|diagnostic| format!("{}: {}", diagnostic.origin, diagnostic.message))
        .collect();
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    let snapshot = loaded.snapshot;
    assert_eq!(snapshot.interfaces().len(), written.interfaces);
    assert_eq!(snapshot.groups().len(), written.groups);
    assert_eq!(snapshot.vpcs().len(), written.vpcs);
    let both = Both::new(&snapshot);
    let check = |from: &str, to: &str, port: &str, expected: &str| {
        let (answer, why) = case::answer(&both, from, to, "tcp", port).unwrap();
        assert_eq!(
            case::word(answer),
            expected,
            "{from} -> {to} tcp/{port}: {why}"
        );
    };
    // The first hosts of a VPC are web servers, then come application servers, then databases.
    let named = |name: &str| format!("10.1.{name}");
    check("internet", "203.2.0.10", "443", "reachable");
    check("internet", "203.2.0.10", "22", "blocked");
    let in_network = |third: u8| {
        let interfaces = snapshot.interfaces().rows().iter();
        let mut addresses = interfaces.flat_map(|interface| {
            interface
                .addresses
                .iter()
                .map(|held| held.address.to_string())
        });
        addresses
            .find(|address| address.starts_with(&named(&format!("{third}."))))
            .unwrap()
    };
    let (web, app, data) = (named("0.10"), in_network(16), in_network(32));
    check(&web, &app, "8080", "reachable");
    check(&web, &app, "8081", "blocked");
    check(&app, &data, "5432", "reachable");
    check(&web, &data, "22", "blocked");
    check(&app, "8.8.8.8", "443", "reachable");
    check(&data, "8.8.8.8", "443", "blocked");
    check(&app, "10.2.0.10", "443", "blocked");
}
