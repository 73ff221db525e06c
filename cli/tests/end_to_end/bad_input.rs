//! Input that is broken in every way: the message, and how the run ends.

use std::io::Write as _;

use crate::run::{folder, run_in};

const VPC: &[u8] = br#"{"Vpcs": [{"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16"}]}"#;

/// Checks what `inventory` says of a folder `in` with these files.
fn check(files: &[(&str, &[u8])], code: i32, expected: &[&str]) {
    let folder = folder(files);
    std::fs::create_dir_all(folder.path().join("in")).expect("a folder can be made");
    let run = run_in(folder.path(), "inventory in -v");
    let said: Vec<&str> = run
        .stderr
        .lines()
        .filter(|line| !line.starts_with("read: "))
        .collect();
    assert_eq!(said, expected, "{run:?}");
    assert_eq!(run.code, code, "{run:?}");
    assert_eq!(run.stdout.is_empty(), code == 2, "{run:?}");
}

const HELP: &str = "  help: give a folder or file of saved answers, such as `aws ec2 describe-instances > FOLDER/describe-instances.json` writes";

#[test]
fn nothing_there_to_read() {
    check(
        &[],
        2,
        &[
            "error: cannot read the snapshot: there is no file in `in`",
            HELP,
        ],
    );
    let folder = folder(&[]);
    let run = run_in(folder.path(), "inventory nowhere");
    assert_eq!(
        run.stderr,
        "error: cannot read the snapshot: no such file or folder: `nowhere`\n"
    );
    assert_eq!(run.code, 2);
}

#[test]
fn a_file_that_is_no_json() {
    check(
        &[("in/a.json", b"hello\n")],
        2,
        &[
            "error: cannot read the snapshot: no saved AWS answer can be read in `in`: in/a.json: not JSON: expected value at line 1, column 1",
            HELP,
        ],
    );
}

#[test]
fn a_truncated_file_costs_itself_only() {
    let run = {
        let folder = folder(&[
            ("in/describe-vpcs.json", VPC),
            (
                "in/describe-subnets.json",
                b"{\"Subnets\": [\n{\"SubnetId\": \"sub",
            ),
        ]);
        run_in(folder.path(), "inventory in")
    };
    assert!(run.stderr.contains("in/describe-subnets.json"), "{run:?}");
    assert!(run.stderr.contains("line 2"), "{run:?}");
    assert!(run.stdout.contains("vpc-1"), "{run:?}");
    assert_eq!(run.code, 3);
}

#[test]
fn a_list_where_an_object_belongs_and_the_other_way_round() {
    check(
        &[("in/describe-vpcs.json", b"[{\"Vpcs\": []}]")],
        2,
        &[
            "error: cannot read the snapshot: no saved AWS answer can be read in `in`: in/describe-vpcs.json: not a saved answer: \
             expected an object such as {\"Vpcs\": [...]}, found a list",
            HELP,
        ],
    );
    check(
        &[(
            "in/describe-vpcs.json",
            b"{\"Vpcs\": {\"VpcId\": \"vpc-1\"}}",
        )],
        3,
        &[
            "error[malformed-list]: cannot be read: this is not a list",
            "  at in/describe-vpcs.json#/Vpcs",
            "input: 1 error",
        ],
    );
}

#[test]
fn deep_nesting() {
    let deep = [b"{\"Vpcs\": ".to_vec(), vec![b'['; 100_000]].concat();
    let folder = folder(&[("in/describe-vpcs.json", deep.as_slice())]);
    let run = run_in(folder.path(), "inventory in");
    assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{run:?}");
    assert!(
        run.stderr.starts_with(
            "error: cannot read the snapshot: no saved AWS answer can be read in `in`"
        ),
        "{run:?}"
    );
}

#[test]
fn invalid_blocks_ports_and_rule_numbers() {
    let all = br#"{
        "Vpcs": [{"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/99"}],
        "SecurityGroups": [{"GroupId": "sg-1", "IpPermissions": [
            {"IpProtocol": "tcp", "FromPort": 70000, "ToPort": 70000, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}]}],
        "NetworkAcls": [{"NetworkAclId": "acl-1", "VpcId": "vpc-2", "Entries": [
            {"RuleNumber": 0, "Protocol": "-1", "RuleAction": "allow", "Egress": false, "CidrBlock": "0.0.0.0/0"}]}]}"#;
    check(
        &[("in/all.json", all)],
        3,
        &[
            "error[invalid-cidr]: cannot be read: `10.0.0.0/99` is not a block of addresses such as `10.0.0.0/16`",
            "  at in/all.json#/Vpcs/0/CidrBlock",
            "error[invalid-port]: rule of group `sg-1` cannot be read: `70000` is not a port from 0 to 65535",
            "  at in/all.json#/SecurityGroups/0/IpPermissions/0",
            "warning[dangling-reference]: VPC `vpc-2` is not in the input: what depends on it is undetermined",
            "  at in/all.json#/NetworkAcls/0",
            "warning[odd-rule-number]: rule number 0 is not from 1 to 32766: kept at this place in the order",
            "  at in/all.json#/NetworkAcls/0/Entries/0/RuleNumber",
            "input: 2 errors, 2 warnings",
        ],
    );
}

#[test]
fn a_group_that_references_itself_is_fine_and_a_missing_one_is_said() {
    let groups = br#"{"SecurityGroups": [{"GroupId": "sg-1", "IpPermissions": [
        {"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": "sg-1"}, {"GroupId": "sg-gone"}]}]}]}"#;
    let folder = folder(&[("in/groups.json", groups.as_slice())]);
    let run = run_in(folder.path(), "inventory in -v");
    assert!(
        run.stderr.contains("`sg-gone` is not in the input"),
        "{run:?}"
    );
    assert!(!run.stderr.contains("`sg-1`"), "{run:?}");
    assert_eq!(run.code, 3);
}

#[test]
fn two_accounts_with_the_same_vpc_id() {
    let vpc = |account: &str| {
        format!(r#"{{"Vpcs": [{{"VpcId": "vpc-1", "OwnerId": "{account}", "CidrBlock": "10.0.0.0/16"}}]}}"#).into_bytes()
    };
    check(
        &[
            ("in/a.json", &vpc("111111111111")),
            ("in/b.json", &vpc("222222222222")),
        ],
        3,
        &[
            "error[duplicate-id]: `vpc-1` belongs to account 111111111111 in in/a.json#/Vpcs/0 and to account 222222222222 here: this one is ignored",
            "  at in/b.json#/Vpcs/0",
            "input: 1 error",
        ],
    );
}

#[test]
fn marks_windows_line_ends_and_gzip_are_read() {
    let windows = [b"\xef\xbb\xbf".to_vec(), VPC.to_vec(), b"\r\n".to_vec()].concat();
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(VPC).expect("memory can be written to");
    let packed = packed.finish().expect("memory can be written to");
    for (name, bytes) in [
        ("in/describe-vpcs.json", windows),
        ("in/describe-vpcs.json.gz", packed),
    ] {
        let folder = folder(&[(name, bytes.as_slice())]);
        let run = run_in(folder.path(), "inventory in");
        assert_eq!(run.stderr, "", "{name}");
        assert!(run.stdout.contains("vpc-1"), "{run:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_file_that_may_not_be_opened() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = folder(&[("in/describe-vpcs.json", VPC)]);
    let file = folder.path().join("in/describe-vpcs.json");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o000))
        .expect("permissions can be set");
    if std::fs::read(&file).is_ok() {
        println!("WARNING: NOT TESTED: this user may open every file");
        return;
    }
    let run = run_in(folder.path(), "inventory in/describe-vpcs.json");
    assert!(
        run.stderr.contains("cannot open `in/describe-vpcs.json`"),
        "{run:?}"
    );
    assert_eq!(run.code, 4);
}
