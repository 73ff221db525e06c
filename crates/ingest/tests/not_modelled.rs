//! What carries packets and is not modelled is said, not passed over.
#![expect(clippy::unwrap_used, reason = "a test may fail by panic")]

use std::path::Path;

use ingest::Loaded;

fn load(file: &str, text: &str) -> Loaded {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("Vpcs.json"), r#"{"Vpcs": []}"#).unwrap();
    let path = folder.path().join(file);
    std::fs::create_dir_all(path.parent().unwrap_or(Path::new("."))).unwrap();
    std::fs::write(path, text).unwrap();
    ingest::load(&[folder.path().to_owned()], Vec::new()).unwrap()
}

/// What the snapshot says it holds, and the codes of the diagnostics.
fn check(file: &str, text: &str, expected: &[&str]) {
    let loaded = load(file, text);
    let told = loaded.snapshot.coverage().unmodelled();
    let told: Vec<&str> = told.map(|(what, _)| what).collect();
    assert_eq!(told, expected, "{file}");
    let codes = loaded.diagnostics.iter().map(|diagnostic| diagnostic.code);
    let n_warnings = codes.filter(|code| *code == "not-modelled").count();
    assert_eq!(n_warnings, expected.len(), "{file}");
}

#[test]
fn a_list_of_what_is_not_modelled_is_told_if_it_holds_anything() {
    let gateways = r#"{"LocalGateways": [{"LocalGatewayId": "lgw-1"}]}"#;
    let expected = &["local gateways of Outposts"];
    check("LocalGateways.json", gateways, expected);
    check("LocalGateways.json", r#"{"LocalGateways": []}"#, &[]);
    let rules = r#"{"AttachmentNatConfigurations": [{"AttachmentId": "attachment-1"}]}"#;
    let expected = &["NAT rules at attachments of core networks"];
    check(
        "networkmanager.ListAttachmentNatConfigurations.json",
        rules,
        expected,
    );
    let networks = r#"{"SecondaryNetworks": [{"SecondaryNetworkId": "sn-1"}]}"#;
    check("SecondaryNetworks.json", networks, &["secondary networks"]);
    check("KeyPairs.json", r#"{"KeyPairs": [{"KeyName": "k"}]}"#, &[]);
}
