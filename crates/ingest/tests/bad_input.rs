//! Bad input: each ends in a message that names the place, and keeps the rest.
#![expect(clippy::unwrap_used, reason = "a test may fail")]

mod common;

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::PathBuf;

use flate2::Compression;
use flate2::write::GzEncoder;
use ingest::{ErrorKind, load, read, read_bytes};
use model::{Kind, Scope};

const VPCS: &str = r#"{"Vpcs": [{"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16"}]}"#;

/// The diagnostics on one file of this name and content.
#[track_caller]
fn check(name: &str, bytes: &[u8], expected: &str) {
    let input = read_bytes(name, bytes, &Scope::default());
    assert_eq!(common::diagnostics(&input), expected);
}

/// The error of a folder or file, with its place cut off.
#[track_caller]
fn check_error(path: &str, files: &[(&str, &str)], expected: &str) {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    let error = read(&[folder.path().join(path)]).unwrap_err();
    let place = format!("{}/", folder.path().display());
    assert_eq!(error.to_string().replace(&place, ""), expected);
    assert_eq!(error.kind(), ErrorKind::Input);
}

#[test]
fn no_such_folder() {
    check_error("gone", &[], "no such file or folder: `gone`");
}

#[test]
fn no_path() {
    let error = read(&[]).unwrap_err();
    assert_eq!(error.to_string(), "no file or folder to read");
}

#[test]
fn empty_folder() {
    check_error("", &[], "there is no file in ``");
}

#[test]
fn folder_without_an_answer() {
    check_error(
        "",
        &[("README.md", "# hello")],
        "no saved AWS answer can be read in ``",
    );
}

#[test]
fn file_that_is_not_json() {
    check_error(
        "Vpcs.json",
        &[("Vpcs.json", "{\n  \"Vpcs\": [\n    nonsense")],
        "no saved AWS answer can be read in `Vpcs.json`: Vpcs.json: not JSON: expected ident at line 3, column 6",
    );
}

#[test]
fn truncated_json_keeps_the_rest_and_makes_its_kind_partial() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("Vpcs.json"), VPCS).unwrap();
    fs::write(
        folder.path().join("describe-subnets.json"),
        "{\"Subnets\": [{",
    )
    .unwrap();
    let input = read(&[folder.path().to_owned()]).unwrap();
    assert_eq!(input.parts.vpcs.len(), 1);
    assert!(input.parts.coverage.is_complete(Kind::Vpcs, None, None));
    assert!(input.parts.coverage.has(Kind::Subnets));
    assert!(!input.parts.coverage.is_complete(Kind::Subnets, None, None));
    let shown = common::diagnostics(&input);
    let expected =
        "describe-subnets.json: not JSON: EOF while parsing an object at line 1, column 14";
    assert!(shown.ends_with(expected), "{shown}");
}

#[test]
fn empty_file() {
    check(
        "Vpcs.json",
        b" \n",
        "Error not-json: Vpcs.json: not JSON: the file is empty",
    );
}

#[test]
fn list_where_an_object_belongs() {
    check(
        "Vpcs.json",
        b"[]",
        "Error not-an-object: Vpcs.json: not a saved answer: expected an object such as {\"Vpcs\": [...]}, found a list",
    );
    check(
        "",
        br#"{"Vpcs": [["vpc-1"], {"VpcId": "vpc-2", "CidrBlock": "10.0.0.0/16"}]}"#,
        "Error malformed-element: #/Vpcs/0: cannot be read: expected an object, found a list",
    );
    check(
        "",
        br#"{"Vpcs": {"VpcId": "vpc-1"}}"#,
        "Error malformed-list: #/Vpcs: cannot be read: this is not a list",
    );
}

#[test]
fn deep_nesting() {
    let lists = "[".repeat(200_000);
    let not_json = format!("{{\"Vpcs\": {lists}");
    check(
        "",
        not_json.as_bytes(),
        "Error not-json: : not JSON: EOF while parsing a list at line 1, column 200009",
    );
    let deep = format!("{{\"Vpcs\": {lists}{}}}", "]".repeat(200_000));
    check(
        "",
        deep.as_bytes(),
        "Error malformed-element: #/Vpcs/0: cannot be read: expected an object, found a list",
    );
    let ends = "]".repeat(200_000);
    let unknown = format!(
        r#"{{"Vpcs": [{{"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16", "X": {lists}{ends}}}]}}"#
    );
    check("", unknown.as_bytes(), "");
}

#[test]
fn not_utf8() {
    check(
        "Vpcs.json",
        b"{\"Vpcs\":\n \xff}",
        "Error not-json: Vpcs.json: not JSON: not UTF-8 at line 2, column 2",
    );
}

#[test]
fn invalid_cidr_costs_its_element() {
    let json = br#"{"Vpcs": [{"VpcId": "vpc-1", "CidrBlock": "10.0.0/16"}, {"VpcId": "vpc-2", "CidrBlock": "10.0.0.0/16"}]}"#;
    let input = read_bytes("", json, &Scope::default());
    assert_eq!(common::resources(&input.parts), "vpc-2 - -/- [10.0.0.0/16]");
    assert_eq!(
        common::diagnostics(&input),
        "Error invalid-cidr: #/Vpcs/0/CidrBlock: cannot be read: `10.0.0/16` is not a block of addresses such as `10.0.0.0/16`"
    );
    assert!(!input.parts.coverage.is_complete(Kind::Vpcs, None, None));
}

#[test]
fn windows_line_ends_byte_order_mark_and_gzip() {
    let windows = VPCS.replace(": [", ": [\r\n");
    check("", windows.as_bytes(), "");
    let marked = format!("\u{feff}{VPCS}");
    check("", marked.as_bytes(), "");
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(marked.as_bytes()).unwrap();
    let packed = packed.finish().unwrap();
    let input = read_bytes("Vpcs.json.gz", &packed, &Scope::default());
    assert_eq!(common::resources(&input.parts), "vpc-1 - -/- [10.0.0.0/16]");
    let half = read_bytes("Vpcs.json.gz", packed.get(..20).unwrap(), &Scope::default());
    let shown = common::diagnostics(&half);
    let expected = "Error not-gzip: Vpcs.json.gz: cannot be unpacked: ";
    assert!(shown.starts_with(expected), "{shown}");
}

#[test]
fn groups_that_name_themselves_or_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let groups = r#"{"SecurityGroups": [{"GroupId": "sg-1", "IpPermissions": [{"IpProtocol": "-1",
        "UserIdGroupPairs": [{"GroupId": "sg-1"}, {"GroupId": "sg-9"}]}]}]}"#;
    fs::write(folder.path().join("groups.json"), groups).unwrap();
    let loaded = load(&[folder.path().to_owned()], Vec::new()).unwrap();
    let messages: Vec<&str> = loaded
        .diagnostics
        .iter()
        .map(|each| each.message.as_str())
        .collect();
    let expected = "security group `sg-9` is not in the input: what depends on it is undetermined";
    assert_eq!(messages, [expected]);
}

#[test]
fn two_accounts_with_the_same_vpc_id() {
    let folder = tempfile::tempdir().unwrap();
    for account in ["111122223333", "444455556666"] {
        fs::create_dir(folder.path().join(account)).unwrap();
        fs::write(folder.path().join(account).join("Vpcs.json"), VPCS).unwrap();
    }
    let loaded = load(&[folder.path().to_owned()], Vec::new()).unwrap();
    let message = &loaded.diagnostics.first().unwrap().message;
    assert!(
        message.starts_with("`vpc-1` belongs to account 111122223333 in "),
        "{message}"
    );
    assert!(
        message.ends_with("and to account 444455556666 here: this one is ignored"),
        "{message}"
    );
}

#[test]
#[cfg(unix)]
fn unreadable_file() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("Vpcs.json"), VPCS).unwrap();
    // A link to nowhere cannot be opened, whoever runs the test.
    std::os::unix::fs::symlink("/nowhere", folder.path().join("Subnets.json")).unwrap();
    let input = read(&[folder.path().to_owned()]).unwrap();
    let shown = common::diagnostics(&input);
    assert!(shown.starts_with("Error unreadable-file: "), "{shown}");
    assert!(
        shown.contains("Subnets.json: cannot be opened: "),
        "{shown}"
    );
    assert!(!input.parts.coverage.is_complete(Kind::Subnets, None, None));
}

#[test]
fn a_file_of_a_hundred_megabytes() {
    let mut json = String::from(r#"{"NetworkInterfaces": ["#);
    let filler = "x".repeat(900);
    for number in 0..100_000 {
        let comma = if number == 0 { "" } else { "," };
        write!(
            json,

            r#"{comma}{{"NetworkInterfaceId": "eni-{number}", "VpcId": "vpc-1", "SubnetId": "subnet-1", "Description": "{filler}",
            "PrivateIpAddress": "10.{}.{}.{}"}}"#,
            number / 65536, number / 256 % 256, number % 256
        )
        .unwrap();
    }
    json.push_str("]}");
    assert!(100_000_000 < json.len());
    let input = read_bytes("", json.as_bytes(), &Scope::default());
    assert_eq!(input.parts.interfaces.len(), 100_000);
    assert!(input.diagnostics.is_empty());
}

#[test]
fn one_root_without_an_answer_among_others() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("empty")).unwrap();
    fs::write(folder.path().join("Vpcs.json"), VPCS).unwrap();
    let paths: Vec<PathBuf> = ["Vpcs.json", "empty"]
        .map(|name| folder.path().join(name))
        .into();
    let input = read(&paths).unwrap();
    let shown = common::diagnostics(&input);
    assert!(shown.starts_with("Warning nothing-recognised: "), "{shown}");
    assert!(
        shown.ends_with("empty: nothing here is a saved answer"),
        "{shown}"
    );
}
