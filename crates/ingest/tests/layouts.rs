//! Layouts of folders and files: what is recognised, whose it is, and what is partial.
#![expect(clippy::unwrap_used, reason = "a test may fail")]

mod common;

use std::fs;
use std::path::PathBuf;

use ingest::{FileUse, Input, read};
use model::{AccountId, Kind, Region};
use tempfile::TempDir;

const VPCS: &str = r#"{"Vpcs": [{"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16"}]}"#;
const TABLES: &str = r#"{"TransitGatewayRouteTables": [
    {"TransitGatewayRouteTableId": "tgw-rtb-1", "TransitGatewayId": "tgw-1"}]}"#;

/// A folder with these files.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

/// What became of the files, one a line.
fn uses(input: &Input) -> String {
    let lines = input.files.iter().map(|each| match each {
        FileUse::Used { file, kind, count } => format!("{file}: {count} {kind}"),
        FileUse::Ignored { file, why } => format!("{file}: ignored, {why}"),
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// What is read of the files, with their place cut off.
fn shown(files: &[(&str, &str)]) -> (Input, String) {
    let folder = folder(files);
    let input = read(&[folder.path().to_owned()]).unwrap();
    let lines = [
        common::resources(&input.parts),
        common::diagnostics(&input),
        uses(&input),
    ];
    let place = format!("{}/", folder.path().display());
    let shown = lines.join("\n").replace(&place, "");
    (input, shown)
}

#[track_caller]
fn check(files: &[(&str, &str)], expected: &[&str]) -> Input {
    let (input, shown) = shown(files);
    let shown: Vec<&str> = shown.lines().filter(|line| !line.is_empty()).collect();
    assert_eq!(shown, expected);
    input
}

fn is_complete(input: &Input, kind: Kind, account: &str, region: &str) -> bool {
    let (account, region) = (AccountId::from(account), Region::from(region));
    input
        .parts
        .coverage
        .is_complete(kind, Some(&account), Some(&region))
}

#[test]
fn one_file_for_each_call_in_folders_of_account_and_region() {
    let input = check(
        &[("111122223333/eu-west-1/ec2/DescribeVpcs.json", VPCS)],
        &[
            "vpc-1 - 111122223333/eu-west-1 [10.0.0.0/16]",
            "111122223333/eu-west-1/ec2/DescribeVpcs.json: 1 Vpcs",
        ],
    );
    assert!(is_complete(&input, Kind::Vpcs, "111122223333", "eu-west-1"));
    assert!(!is_complete(
        &input,
        Kind::Vpcs,
        "111122223333",
        "eu-west-2"
    ));
    assert!(!is_complete(
        &input,
        Kind::Vpcs,
        "444455556666",
        "eu-west-1"
    ));
}

#[test]
fn scopes_that_no_path_tells_follow_from_what_all_objects_share() {
    let subnets = r#"{"Subnets": [{"SubnetId": "subnet-1", "VpcId": "vpc-1", "CidrBlock": "10.0.0.0/24",
        "OwnerId": "111122223333", "AvailabilityZone": "eu-west-1a"}]}"#;
    let input = check(
        &[("Subnets.json", subnets), ("Vpcs.json", VPCS)],
        &[
            "vpc-1 - 111122223333/eu-west-1 [10.0.0.0/16]",
            "subnet-1 - 111122223333/eu-west-1 vpc-1 eu-west-1a [10.0.0.0/24]",
            "Subnets.json: 1 Subnets",
            "Vpcs.json: 1 Vpcs",
        ],
    );
    assert!(is_complete(&input, Kind::Vpcs, "111122223333", "eu-west-1"));
    assert!(!is_complete(
        &input,
        Kind::Vpcs,
        "444455556666",
        "eu-west-1"
    ));
}

#[test]
fn answers_about_one_object_are_named_after_it() {
    let routes = r#"{"AdditionalRoutesAvailable": false, "Routes": [{"DestinationCidrBlock": "10.0.0.0/8", "Type": "propagated",
        "State": "active", "TransitGatewayAttachments": [{"TransitGatewayAttachmentId": "tgw-attach-1"}]}]}"#;
    let associations = r#"{"Associations": [{"TransitGatewayAttachmentId": "tgw-attach-1", "ResourceId": "vpc-1",
        "ResourceType": "vpc", "State": "associated"}]}"#;
    let propagations = r#"{"TransitGatewayRouteTablePropagations": [{"TransitGatewayAttachmentId": "tgw-attach-1",
        "State": "enabled"}]}"#;
    check(
        &[
            ("ec2-describe-transit-gateway-route-tables.json", TABLES),
            (
                "ec2-get-transit-gateway-route-table-associations/tgw-rtb-1",
                associations,
            ),
            (
                "ec2-get-transit-gateway-route-table-propagations/tgw-rtb-1.json",
                propagations,
            ),
            ("ec2-search-transit-gateway-routes/tgw%2Drtb%2D1", routes),
        ],
        &[
            "tgw-attach-1 tgw-1 vpc-1 [-] Available table tgw-rtb-1 appliance=false references=true ipv6=false",
            "tgw-rtb-1 tgw-1 static=false propagated=false from -",
            "tgw-rtb-1 tgw-1 static=false propagated=false from tgw-attach-1",
            "tgw-rtb-1 tgw-1 static=true propagated=true from -",
            "  10.0.0.0/8 [tgw-attach-1] Active Propagated",
            "ec2-describe-transit-gateway-route-tables.json: 1 TransitGatewayRouteTables",
            "ec2-get-transit-gateway-route-table-associations/tgw-rtb-1: 1 Associations",
            "ec2-get-transit-gateway-route-table-propagations/tgw-rtb-1.json: 1 TransitGatewayRouteTablePropagations",
            "ec2-search-transit-gateway-routes/tgw%2Drtb%2D1: 1 Routes",
        ],
    );
}

#[test]
fn a_search_with_more_routes_is_not_complete() {
    let (input, shown) = shown(&[
        ("DescribeTransitGatewayRouteTables.json", TABLES),
        (
            "SearchTransitGatewayRoutes/tgw-rtb-1.json",
            r#"{"Routes": [], "AdditionalRoutesAvailable": true}"#,
        ),
    ]);
    assert!(
        shown.contains("tgw-rtb-1 tgw-1 static=false propagated=false from -"),
        "{shown}"
    );
    assert!(shown.contains("truncated-list"), "{shown}");
    assert!(
        !input
            .parts
            .coverage
            .is_complete(Kind::TransitGatewayRoutes, None, None)
    );
}

#[test]
fn one_file_with_all_kinds_and_null_in_many_places() {
    check(
        &[(
            "input.json",
            r#"{"collector_version": "0.14.0", "vpcs": [{"VpcId": "VpcId:22", "CidrBlock": "10.0.0.0/16", "Tags": null}],
                "instances": [{"InstanceId": "InstanceId:3", "State": {"Name": "terminated"}, "NetworkInterfaces": null}],
                "internet_gateways": null, "security_groups": [], "network_acls": []}"#,
        )],
        &[
            "VpcId:22 - -/- [10.0.0.0/16]",
            "InstanceId:3 - -/- Terminated",
            "input.json: 1 Vpcs",
            "input.json: 1 Instances",
            "input.json: 0 SecurityGroups",
            "input.json: 0 NetworkAcls",
        ],
    );
}

#[test]
fn recorded_answers_count_if_they_list() {
    let recorded = format!(r#"{{"status_code": 200, "data": {VPCS}}}"#);
    check(
        &[
            (
                "ec2.CreateVpc_1.json",
                r#"{"status_code": 200, "data": {"Vpc": {"VpcId": "vpc-9"}}}"#,
            ),
            (
                "ec2.DescribeSubnets_1.json",
                r#"{"status_code": 400, "data": {"Error": {"Code": "x"}}}"#,
            ),
            ("ec2.DescribeVpcs_1.json", &recorded),
            (
                "lambda.ListFunctions_1.json",
                r#"{"status_code": 200, "data": {"Functions": []}}"#,
            ),
        ],
        &[
            "vpc-1 - -/- [10.0.0.0/16]",
            "Note not-a-list: ec2.CreateVpc_1.json#/data: answer of a change (`ec2.CreateVpc_1`): only answers that list what exists are used",
            "Warning failed-call: ec2.DescribeSubnets_1.json: recorded answer with status 400: it holds no data",
            "Note unused-kind: lambda.ListFunctions_1.json#/data: answers of the service `lambda`: not used (1 file)",
            "ec2.CreateVpc_1.json: ignored, the answer of a change, not a list of what exists",
            "ec2.DescribeSubnets_1.json: ignored, the call that it records did not succeed",
            "ec2.DescribeVpcs_1.json: 1 Vpcs",
            "lambda.ListFunctions_1.json: ignored, an answer of the service `lambda`",
        ],
    );
}

#[test]
fn pages_that_are_elsewhere_make_a_list_partial() {
    let page = r#"{"Vpcs": [], "NextToken": "abc"}"#;
    let input = check(
        &[
            ("Vpcs.json", page),
            ("Subnets.json", r#"{"Subnets": [], "NextToken": null}"#),
        ],
        &[
            "Warning truncated-list: Vpcs.json#/NextToken: the list goes on in pages that are not in this file (`NextToken`): it is partial",
            "Subnets.json: 0 Subnets",
            "Vpcs.json: 0 Vpcs",
        ],
    );
    assert!(!input.parts.coverage.is_complete(Kind::Vpcs, None, None));
    assert!(input.parts.coverage.is_complete(Kind::Subnets, None, None));
}

#[test]
fn a_manifest_tells_what_could_not_be_asked() {
    let manifest = r#"{"tool_version": "0.1.0", "operations": [
        {"account": "111122223333", "region": "eu-west-1", "service": "ec2", "operation": "DescribeVpcs", "status": "partial", "pages": 1},
        {"account": "111122223333", "region": "eu-west-1", "service": "ec2", "operation": "DescribeSubnets", "status": "denied"},
        {"account": "111122223333", "region": "eu-west-1", "service": "ec2", "operation": "DescribeRouteTables", "status": "ok", "pages": 1},
        {"account": "111122223333", "region": "eu-west-1", "service": "ec2", "operation": "SearchTransitGatewayRoutes", "status": "ok", "pages": 0},
        {"account": "111122223333", "region": "eu-west-1", "service": "rds", "operation": "DescribeDBInstances", "status": "failed"}]}"#;
    let input = check(
        &[
            ("111122223333/eu-west-1/ec2/DescribeVpcs.json", VPCS),
            ("README.md", "# hello"),
            ("watertight.json", manifest),
            (".git/objects.json", "not JSON"),
        ],
        &[
            "vpc-1 - 111122223333/eu-west-1 [10.0.0.0/16]",
            "Warning operation-partial: watertight.json#/operations/0: `DescribeVpcs` was answered in part for account 111122223333 in eu-west-1: what rests on its answer is undetermined",
            "Warning operation-denied: watertight.json#/operations/1: `DescribeSubnets` was denied for account 111122223333 in eu-west-1: what rests on its answer is undetermined",
            "Note operation-failed: watertight.json#/operations/4: `DescribeDBInstances` failed for account 111122223333 in eu-west-1",
            "Warning missing-file: watertight.json#/operations/2: the answer of `DescribeRouteTables` is not there: what rests on it is undetermined",
            "111122223333/eu-west-1/ec2/DescribeVpcs.json: 1 Vpcs",
            "README.md: ignored, not a JSON file",
            "watertight.json: 5 Manifest",
        ],
    );
    for kind in [Kind::Vpcs, Kind::Subnets, Kind::RouteTables] {
        assert!(
            !is_complete(&input, kind, "111122223333", "eu-west-1"),
            "{kind:?}"
        );
    }
    assert!(is_complete(
        &input,
        Kind::TransitGatewayRoutes,
        "111122223333",
        "eu-west-1"
    ));
}

#[test]
fn kinds_that_are_not_used_are_named_once_and_unknown_ones_each_time() {
    check(
        &[
            ("eu-west-1/KeyPairs.json", r#"{"KeyPairs": []}"#),
            ("eu-west-2/KeyPairs.json", r#"{"KeyPairs": []}"#),
            ("Vpcs.json", VPCS),
            ("teapots.json", r#"{"Teapots": []}"#),
            (
                "describe-vpc-classic-link.json",
                r#"{"Vpcs": [{"VpcId": "vpc-2"}]}"#,
            ),
            ("rds/describe-db-instances.json", r#"{"DBInstances": []}"#),
            (
                "bpa.json",
                r#"{"VpcBlockPublicAccessOptions": {"InternetGatewayBlockMode": "block-ingress"}}"#,
            ),
        ],
        &[
            "vpc-1 - -/- [10.0.0.0/16]",
            "Warning other-operation: describe-vpc-classic-link.json#/Vpcs: `Vpcs` as `describe-vpc-classic-link` tells it: not used",
            "Warning unknown-kind: teapots.json#/Teapots: unknown kind `Teapots` in `teapots.json`: it is not used",
            "Note unused-kind: eu-west-1/KeyPairs.json#/KeyPairs: `KeyPairs`: not used (2 files)",
            "Note unused-kind: rds/describe-db-instances.json: answers of the service `rds`: not used (1 file)",
            "Vpcs.json: 1 Vpcs",
            "bpa.json: 1 VpcBlockPublicAccessOptions",
            "describe-vpc-classic-link.json: ignored, `Vpcs` of an operation that is not used",
            "eu-west-1/KeyPairs.json: ignored, `KeyPairs` is not used",
            "eu-west-2/KeyPairs.json: ignored, `KeyPairs` is not used",
            "rds/describe-db-instances.json: ignored, an answer of the service `rds`",
            "teapots.json: ignored, unknown kind `Teapots`",
        ],
    );
}

#[test]
fn several_roots_are_one_network_and_the_order_of_threads_does_not_show() {
    let one = folder(&[("Vpcs.json", VPCS)]);
    let two = folder(&[
        ("TransitGatewayRouteTables.json", TABLES),
        ("x.json", r#"{"X": []}"#),
    ]);
    let roots: Vec<PathBuf> = [&one, &two].map(|folder| folder.path().to_owned()).into();
    let first = read(&roots).unwrap();
    assert_eq!(first.parts.vpcs.len(), 1);
    assert_eq!(first.parts.transit_route_tables.len(), 1);
    for _ in 0..20 {
        let again = read(&roots).unwrap();
        assert_eq!(
            common::resources(&again.parts),
            common::resources(&first.parts)
        );
        assert_eq!(again.diagnostics, first.diagnostics);
        assert_eq!(again.files, first.files);
    }
}

#[test]
#[cfg(unix)]
fn links_in_a_circle_end() {
    let folder = folder(&[("a/Vpcs.json", VPCS)]);
    std::os::unix::fs::symlink(folder.path(), folder.path().join("a/up")).unwrap();
    let input = read(&[folder.path().to_owned()]).unwrap();
    assert_eq!(input.parts.vpcs.len(), 1);
}
