//! Answers about roles and their policies, and about what Systems Manager manages.
#![expect(
    clippy::tests_outside_test_module,
    clippy::indexing_slicing,
    reason = "an integration test may fail by panic"
)]

use ingest::{Input, read_bytes};
use model::{Effect, IamRole, Kind, MetadataService, Patterns, Scope, Snapshot, Statement};

const DETAILS: &str = "111111111111/iam/get-account-authorization-details.json";

#[track_caller]
fn read(name: &str, json: &str) -> Input {
    read_bytes(name, json.as_bytes(), &Scope::default())
}

#[track_caller]
fn role(json: &str) -> (IamRole, Input) {
    let input = read(DETAILS, &format!(r#"{{"RoleDetailList": [{json}]}}"#));
    assert_eq!(input.parts.iam_roles.len(), 1, "{:?}", input.diagnostics);
    (input.parts.iam_roles[0].clone(), input)
}

fn any(patterns: &[&str]) -> Patterns {
    Patterns::Any(patterns.iter().map(|pattern| (*pattern).into()).collect())
}

fn codes(input: &Input) -> Vec<(&str, String)> {
    let codes = input.diagnostics.iter();
    codes
        .map(|each| (each.code, each.origin.to_string()))
        .collect()
}

const WHOLE: &str = r#"{"UserDetailList": [], "GroupDetailList": [], "IsTruncated": false, "RoleDetailList": [
            {"Path": "/", "RoleName": "app", "Arn": "arn:aws:iam::111111111111:role/app",
             "InstanceProfileList": [{"InstanceProfileName": "app", "Arn": "arn:aws:iam::111111111111:instance-profile/app"}],
             "RolePolicyList": [{"PolicyName": "own", "PolicyDocument": {"Version": "2012-10-17", "Statement":
                {"Effect": "Allow", "Action": ["SSM:StartSession", "ec2:*"], "Resource": "*"}}}],
             "AttachedManagedPolicies": [{"PolicyName": "more", "PolicyArn": "arn:aws:iam::111111111111:policy/more"},
                {"PolicyName": "gone", "PolicyArn": "arn:aws:iam::aws:policy/Gone"}],
             "PermissionsBoundary": {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": "arn:aws:iam::111111111111:policy/more"}}],
          "Policies": [{"PolicyName": "more", "Arn": "arn:aws:iam::111111111111:policy/more", "DefaultVersionId": "v2",
            "PolicyVersionList": [
              {"VersionId": "v1", "IsDefaultVersion": false, "Document": {"Statement": []}},
              {"VersionId": "v2", "IsDefaultVersion": true, "Document": {"Statement": [
                {"Effect": "Deny", "NotAction": "s3:*", "NotResource": ["a"], "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "false"}}}]}}]}]}"#;

#[test]
fn a_role_with_policies_within_it_and_attached_ones() {
    let input = read(DETAILS, WHOLE);
    assert_eq!(codes(&input), Vec::new());
    let role = &input.parts.iam_roles[0];
    assert_eq!(
        role.owner.as_ref().map(model::AccountId::as_str),
        Some("111111111111")
    );
    assert_eq!(
        role.profiles[0].as_str(),
        "arn:aws:iam::111111111111:instance-profile/app"
    );
    let allows = Statement {
        effect: Effect::Allow,
        actions: any(&["ssm:startsession", "ec2:*"]),
        resources: any(&["*"]),
        is_conditional: false,
    };
    assert_eq!(role.statements, [allows]);
    assert!(role.is_complete);
    let policy = &input.parts.iam_policies[0];
    let denies = Statement {
        effect: Effect::Deny,
        actions: Patterns::None(vec!["s3:*".into()]),
        resources: Patterns::None(vec!["a".into()]),
        is_conditional: true,
    };
    assert_eq!(
        (&*policy.statements, policy.is_complete),
        (&[denies][..], true)
    );
    let (snapshot, diagnostics) = Snapshot::assemble(input.parts);
    let role = &snapshot.iam_roles().rows()[0];
    let found: Vec<bool> = role
        .policies
        .iter()
        .map(|link| link.target().is_some())
        .collect();
    assert_eq!(found, [true, false]);
    assert!(
        role.boundary
            .as_ref()
            .is_some_and(|link| link.target().is_some())
    );
    let told: Vec<&str> = diagnostics.iter().map(|each| &*each.message).collect();
    let gone = "policy `arn:aws:iam::aws:policy/Gone` is not in the input: what depends on it is undetermined";
    assert_eq!(told, [gone]);
}

#[test]
fn documents_may_be_texts() {
    let encoded = "%7B%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%2C%22Action%22%3A%22ssm%3A%2A%22%2C%22Resource%22%3A%22%2A%22%7D%5D%7D";
    let plain =
        r#"{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"ssm:*\",\"Resource\":\"*\"}]}"#;
    for document in [encoded, plain] {
        let (role, input) = role(&format!(
            r#"{{"Arn": "arn:aws:iam::1:role/x", "RolePolicyList": [{{"PolicyDocument": "{document}"}}]}}"#
        ));
        assert_eq!(codes(&input), Vec::new());
        assert_eq!(role.statements[0].actions, any(&["ssm:*"]));
    }
}

#[test]
fn what_cannot_be_read_of_a_policy_is_told_and_leaves_the_role_open() {
    let at = |rest: &str| format!("{DETAILS}#/RoleDetailList/0/RolePolicyList/0{rest}");
    for (policy, code, place) in [
        (r#"{"PolicyName": "x"}"#, "missing-field", ""),
        (
            r#"{"PolicyDocument": 7}"#,
            "malformed-policy",
            "/PolicyDocument",
        ),
        (
            r#"{"PolicyDocument": "%FF"}"#,
            "malformed-policy",
            "/PolicyDocument",
        ),
        (
            r#"{"PolicyDocument": {"Statement": [7]}}"#,
            "malformed-policy",
            "/PolicyDocument/Statement/0",
        ),
        (
            r#"{"PolicyDocument": {"Statement": {"Effect": "Permit", "Action": "*", "Resource": "*"}}}"#,
            "malformed-policy",
            "/PolicyDocument/Statement/0",
        ),
        (
            r#"{"PolicyDocument": {"Statement": {"Effect": "Allow", "Resource": "*"}}}"#,
            "malformed-policy",
            "/PolicyDocument/Statement/0",
        ),
    ] {
        let (role, input) = role(&format!(
            r#"{{"Arn": "arn:aws:iam::1:role/x", "RolePolicyList": [{policy}]}}"#
        ));
        assert_eq!(codes(&input), [(code, at(place))], "{policy}");
        assert!(!role.is_complete, "{policy}");
        assert!(role.statements.is_empty());
    }
}

#[test]
fn a_list_that_goes_on_is_partial() {
    let input = read(
        DETAILS,
        r#"{"RoleDetailList": [], "IsTruncated": true, "Marker": "m"}"#,
    );
    assert_eq!(codes(&input)[0].0, "truncated-list");
    let account = "111111111111".into();
    let coverage = &input.parts.coverage;
    assert!(!coverage.is_complete(Kind::IamRoles, Some(&account), None));
    let whole = read(DETAILS, r#"{"RoleDetailList": []}"#);
    let coverage = &whole.parts.coverage;
    assert!(coverage.is_complete(Kind::IamRoles, Some(&account), None));
}

#[test]
fn agents_that_answer_and_those_that_do_not() {
    let input = read(
        "111111111111/eu-west-1/ssm/DescribeInstanceInformation.json",
        r#"{"InstanceInformationList": [
            {"InstanceId": "i-1", "PingStatus": "Online", "ComputerName": "ip-10-0-0-1"},
            {"InstanceId": "i-2", "PingStatus": "ConnectionLost"}, {"InstanceId": "mi-3"}, {}]}"#,
    );
    let told = input.parts.managed_instances.iter();
    let told: Vec<_> = told
        .map(|each| (each.id.as_str(), each.is_online))
        .collect();
    assert_eq!(
        told,
        [("i-1", Some(true)), ("i-2", Some(false)), ("mi-3", None)]
    );
    let first = &input.parts.managed_instances[0];
    assert_eq!(
        first.owner.as_ref().map(model::AccountId::as_str),
        Some("111111111111")
    );
    assert_eq!(codes(&input).len(), 1);
}

#[test]
fn instances_tell_their_profile_and_how_they_tell_credentials() {
    let input = read(
        "",
        r#"{"Reservations": [{"Instances": [
            {"InstanceId": "i-1", "IamInstanceProfile": {"Arn": "arn:aws:iam::1:instance-profile/app", "Id": "AIPA"},
             "MetadataOptions": {"State": "applied", "HttpTokens": "optional", "HttpPutResponseHopLimit": 2, "HttpEndpoint": "enabled"}},
            {"InstanceId": "i-2", "MetadataOptions": {"HttpTokens": "required", "HttpEndpoint": "disabled", "HttpPutResponseHopLimit": -1}},
            {"InstanceId": "i-3"}]}]}"#,
    );
    let told = input.parts.instances.iter();
    let told: Vec<MetadataService> = told.map(|instance| instance.metadata).collect();
    let of = |is_on, takes_version_1, hop_limit| MetadataService {
        is_on,
        takes_version_1,
        hop_limit,
    };
    let expected = [
        of(Some(true), Some(true), Some(2)),
        of(Some(false), Some(false), None),
        MetadataService::default(),
    ];
    assert_eq!(told, expected);
    let profile = input.parts.instances[0].profile.as_ref();
    assert_eq!(
        profile.map(model::ResourceId::as_str),
        Some("arn:aws:iam::1:instance-profile/app")
    );
}
