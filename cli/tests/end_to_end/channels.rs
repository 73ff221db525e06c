//! What hosts may do beyond the network, as users see it.

use crate::run::{folder, run};

#[test]
fn ways_go_by_channels_only_where_that_is_asked_for() {
    let paths = "paths examples/hub --from ci-runner --to etl-a --pivot ssh";
    let without = run(paths);
    assert_eq!(
        without.stdout.lines().next(),
        Some("ci-runner does not get to etl-a")
    );
    let with = run(&format!("{paths} --channels"));
    let first = "ci-runner gets to etl-a in 1 hop: ci-runner → etl-a";
    assert_eq!(with.stdout.lines().next(), Some(first));
    let blast = "blast examples/hub --from ci-runner --pivot ssh";
    let hops = |arguments: &str| {
        let text = run(arguments).stdout;
        let hops = text.lines().skip_while(|line| !line.starts_with("Hop 1"));
        let hops = hops.take_while(|line| !line.starts_with("Ways out"));
        hops.map(str::to_owned).collect::<Vec<_>>().join("\n")
    };
    assert!(!hops(blast).contains("session manager"));
    assert!(hops(&format!("{blast} --channels")).contains("session manager"));
    let text = run(blast).stdout;
    let section = "Beyond the network, from what falls (not counted: see --channels)";
    assert!(text.contains(section), "{text}");
}

#[test]
fn audit_counts_what_roles_let_hosts_do() {
    let text = run("audit examples/hub").stdout;
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let line = "beyond the network session manager from 1 host to 3, network changes of 1 host, shared role of 7 hosts, \
                metadata version 1 of 1 host";
    assert!(text.contains(line), "{text}");
}

/// The network of the published scenario `ec2_ssrf`: one instance that the internet reaches on port 80, which fetches
/// what it is told to, and whose metadata service hands out the credentials of its role.
fn ec2_ssrf() -> tempfile::TempDir {
    let instances = br#"{"Reservations": [{"OwnerId": "111111111111", "Instances": [{"InstanceId": "i-0ubuntu", "State": {"Name": "running"},
        "Placement": {"AvailabilityZone": "us-east-1a"}, "Tags": [{"Key": "Name", "Value": "cg-ubuntu-ec2"}],
        "IamInstanceProfile": {"Arn": "arn:aws:iam::111111111111:instance-profile/cg-ec2-instance-profile", "Id": "AIPA"},
        "MetadataOptions": {"HttpTokens": "optional", "HttpEndpoint": "enabled", "HttpPutResponseHopLimit": 1},
        "NetworkInterfaces": [{"NetworkInterfaceId": "eni-0ubuntu", "OwnerId": "111111111111", "VpcId": "vpc-0cg", "SubnetId": "subnet-0cg",
            "Status": "in-use", "SourceDestCheck": true, "InterfaceType": "interface", "Groups": [{"GroupId": "sg-0cg"}],
            "PrivateIpAddresses": [{"Primary": true, "PrivateIpAddress": "10.10.10.10", "Association": {"PublicIp": "203.0.113.10"}}]}]}]}]}"#;
    let network = br#"{"Vpcs": [{"VpcId": "vpc-0cg", "OwnerId": "111111111111", "CidrBlock": "10.10.0.0/16"}],
        "Subnets": [{"SubnetId": "subnet-0cg", "VpcId": "vpc-0cg", "OwnerId": "111111111111", "CidrBlock": "10.10.10.0/24", "AvailabilityZone": "us-east-1a"}],
        "InternetGateways": [{"InternetGatewayId": "igw-0cg", "OwnerId": "111111111111", "Attachments": [{"VpcId": "vpc-0cg", "State": "available"}]}],
        "RouteTables": [{"RouteTableId": "rtb-0cg", "VpcId": "vpc-0cg", "OwnerId": "111111111111", "Associations": [{"Main": true}],
            "Routes": [{"DestinationCidrBlock": "10.10.0.0/16", "GatewayId": "local", "State": "active"},
                       {"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-0cg", "State": "active"}]}],
        "NetworkAcls": [{"NetworkAclId": "acl-0cg", "VpcId": "vpc-0cg", "IsDefault": true, "OwnerId": "111111111111",
            "Associations": [{"NetworkAclId": "acl-0cg", "SubnetId": "subnet-0cg"}],
            "Entries": [{"Egress": true, "RuleNumber": 100, "Protocol": "-1", "RuleAction": "allow", "CidrBlock": "0.0.0.0/0"},
                        {"Egress": false, "RuleNumber": 100, "Protocol": "-1", "RuleAction": "allow", "CidrBlock": "0.0.0.0/0"}]}],
        "SecurityGroups": [{"GroupId": "sg-0cg", "GroupName": "cg-ec2-ssh", "VpcId": "vpc-0cg", "OwnerId": "111111111111",
            "IpPermissions": [{"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "IpRanges": [{"CidrIp": "198.51.100.7/32"}]}],
            "IpPermissionsEgress": [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]}]}"#;
    let roles = br#"{"RoleDetailList": [{"RoleName": "cg-ec2-role", "Arn": "arn:aws:iam::111111111111:role/cg-ec2-role",
        "InstanceProfileList": [{"Arn": "arn:aws:iam::111111111111:instance-profile/cg-ec2-instance-profile"}],
        "AttachedManagedPolicies": [{"PolicyArn": "arn:aws:iam::111111111111:policy/cg-ec2-role-policy"}]}],
        "Policies": [{"Arn": "arn:aws:iam::111111111111:policy/cg-ec2-role-policy", "PolicyVersionList": [{"IsDefaultVersion": true,
            "Document": {"Statement": [{"Effect": "Allow", "Action": ["s3:*", "cloudwatch:*"], "Resource": "*"}]}}]}]}"#;
    folder(&[
        ("describe-instances.json", instances),
        ("network.json", network),
        ("get-account-authorization-details.json", roles),
    ])
}

#[test]
fn the_published_attack_by_the_metadata_service_is_told() {
    let folder = ec2_ssrf();
    let place = folder.path().display();
    let text = run(&format!("audit '{place}'")).stdout;
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let line = "beyond the network metadata version 1 of 1 host, the internet reaches cg-ubuntu-ec2 with it";
    assert!(text.contains(line), "{text}");
    let text = run(&format!("blast '{place}' --from internet")).stdout;
    assert!(
        text.contains("metadata version 1  cg-ubuntu-ec2  role cg-ec2-role"),
        "{text}"
    );
}

#[test]
fn roles_that_are_not_in_the_input_are_counted() {
    let folder = ec2_ssrf();
    std::fs::remove_file(folder.path().join("get-account-authorization-details.json")).unwrap();
    let run = run(&format!(
        "blast '{}' --from internet --channels",
        folder.path().display()
    ));
    let text = run.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    let line = "What the roles of 1 host may do is not in the input: `aws iam get-account-authorization-details` tells it.";
    assert!(text.contains(line), "{text}");
    assert_eq!(run.code, 3);
}
