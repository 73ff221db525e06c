//! Each kind of answer: what it says, and what is made of it.

mod common;

use ingest::read_bytes;
use model::Scope;

/// Reads one answer and compares the resources in it, and the diagnostics behind them.
#[track_caller]
fn check(json: &str, expected: &str) {
    check_file("", json, expected);
}

#[track_caller]
fn check_file(name: &str, json: &str, expected: &str) {
    let input = read_bytes(name, json.as_bytes(), &Scope::default());
    let shown = format!(
        "{}\n{}",
        common::resources(&input.parts),
        common::diagnostics(&input)
    );
    let trimmed = |text: &str| {
        let lines = text
            .lines()
            .map(str::trim_end)
            .filter(|line| !line.trim().is_empty());
        let margin = lines
            .clone()
            .map(|line| line.len() - line.trim_start().len())
            .min();
        let cut = lines.map(|line| {
            line.get(margin.unwrap_or(0)..)
                .unwrap_or_default()
                .to_owned()
        });
        cut.collect::<Vec<_>>().join("\n")
    };
    let (shown, expected) = (trimmed(&shown), trimmed(expected));
    assert!(shown == expected, "read:\n{shown}\nexpected:\n{expected}");
}

#[test]
fn vpcs_with_blocks_that_are_associated() {
    check(
        r#"{"Vpcs": [
            {"VpcId": "vpc-1", "OwnerId": "111122223333", "CidrBlock": "10.0.0.0/16",
             "CidrBlockAssociationSet": [
                {"CidrBlock": "10.0.0.0/16", "CidrBlockState": {"State": "associated"}},
                {"CidrBlock": "10.1.0.0/16", "CidrBlockState": {"State": "disassociated"}},
                {"CidrBlock": "10.2.0.0/16"}],
             "Ipv6CidrBlockAssociationSet": [
                {"Ipv6CidrBlock": "2001:db8::/56", "Ipv6CidrBlockState": {"State": "associated"}},
                {"Ipv6CidrBlock": "2001:db9::/56", "Ipv6CidrBlockState": {"State": "failed"}}],
             "Tags": [{"Key": "Name", "Value": "shop"}]},
            {"VpcId": "vpc-2", "CidrBlock": "172.16.0.0/12", "CidrBlockAssociationSet": null, "Region": "eu-north-1"}
        ]}"#,
        "
        vpc-1 shop 111122223333/eu-north-1 [10.0.0.0/16,10.2.0.0/16,2001:db8::/56]
        vpc-2 - 111122223333/eu-north-1 [172.16.0.0/12]
        ",
    );
}

#[test]
fn subnets_with_zone_ids_and_regions() {
    check(
        r#"{"Subnets": [
            {"SubnetId": "subnet-1", "VpcId": "vpc-1", "CidrBlock": "10.0.1.0/24", "AvailabilityZone": "us-west-2-lax-1a",
             "AvailabilityZoneId": "usw2-lax1-az1", "SubnetArn": "arn:aws:ec2:us-west-2:111122223333:subnet/subnet-1"},
            {"SubnetId": "subnet-2", "VpcId": "vpc-1", "AvailabilityZone": "us-west-2a",
             "Ipv6CidrBlockAssociationSet": [{"Ipv6CidrBlock": "2001:db8::/64"}]},
            {"SubnetId": "subnet-3", "VpcId": "vpc-1"}
        ]}"#,
        "
        subnet-1 - 111122223333/us-west-2 vpc-1 usw2-lax1-az1 [10.0.1.0/24]
        subnet-2 - 111122223333/us-west-2 vpc-1 us-west-2a [2001:db8::/64]
        Error missing-field: #/Subnets/2: cannot be read: `CidrBlock` is missing
        ",
    );
}

#[test]
fn interfaces_with_several_addresses_and_prefixes() {
    check(
        r#"{"NetworkInterfaces": [
            {"NetworkInterfaceId": "eni-1", "OwnerId": "111122223333", "VpcId": "vpc-1", "SubnetId": "subnet-1",
             "AvailabilityZone": "us-east-1d", "PrivateIpAddress": "10.0.0.5", "SourceDestCheck": false,
             "PrivateIpAddresses": [
                {"PrivateIpAddress": "10.0.0.6", "Primary": false},
                {"PrivateIpAddress": "10.0.0.5", "Primary": true, "Association": {"PublicIp": "203.0.113.5"}}],
             "Ipv6Addresses": [{"Ipv6Address": "2001:db8::5"}],
             "Ipv4Prefixes": [{"Ipv4Prefix": "10.0.0.16/28"}], "Ipv6Prefixes": [{"Ipv6Prefix": "2001:db8:1::/80"}],
             "Groups": [{"GroupId": "sg-1"}, {"GroupId": "sg-2"}], "InterfaceType": "nat_gateway",
             "Description": "gate", "Attachment": {"InstanceId": "i-1"}, "TagSet": [{"Key": "Name", "Value": "a"}]},
            {"NetworkInterfaceId": "eni-2", "VpcId": "vpc-1", "SubnetId": "subnet-1", "PrivateIpAddress": "10.0.0.7",
             "Association": {"PublicIp": "203.0.113.7"}, "InterfaceType": "efa"},
            {"NetworkInterfaceId": "eni-3", "VpcId": "vpc-1", "SubnetId": "subnet-1", "PrivateIpAddress": "10.0.7"}
        ]}"#,
        "
        eni-1 a 111122223333/us-east-1 vpc-1 subnet-1 [10.0.0.5=203.0.113.5,10.0.0.6,2001:db8::5] [10.0.0.16/28,2001:db8:1::/80] groups [sg-1,sg-2] NatGateway check=false instance i-1 \"gate\"
        eni-2 - 111122223333/us-east-1 vpc-1 subnet-1 [10.0.0.7=203.0.113.7] [] groups [] Other(\"efa\") check=true instance - \"\"
        Error invalid-address: #/NetworkInterfaces/2/PrivateIpAddress: cannot be read: `10.0.7` is not an IP address
        ",
    );
}

#[test]
fn instances_with_their_interfaces() {
    check(
        r#"{"Reservations": [{"OwnerId": "111122223333", "Instances": [
            {"InstanceId": "i-1", "State": {"Name": "running"}, "Placement": {"AvailabilityZone": "eu-west-1b"},
             "NetworkInterfaces": [{"NetworkInterfaceId": "eni-1", "VpcId": "vpc-1", "SubnetId": "subnet-1",
                "PrivateIpAddress": "10.0.0.5", "Attachment": {"AttachmentId": "eni-attach-1"}}]},
            {"InstanceId": "i-2", "State": {"Name": "terminated"}, "NetworkInterfaces": [{}]},
            {"State": {"Name": "running"}},
            {"InstanceId": "i-4", "State": {"Name": "stopping"}, "NetworkInterfaces": null}
        ]}]}"#,
        "
        eni-1 - 111122223333/eu-west-1 vpc-1 subnet-1 [10.0.0.5] [] groups [] Ordinary check=true instance i-1 \"\"
        i-1 - 111122223333/eu-west-1 Running
        i-2 - 111122223333/eu-west-1 Terminated
        i-4 - 111122223333/eu-west-1 Stopped
        Error missing-field: #/Reservations/0/Instances/2: cannot be read: `InstanceId` is missing
        Error malformed-list: #/Reservations/0: cannot be read: not every instance in it can be
        ",
    );
}

#[test]
fn group_rules_one_for_each_peer() {
    check(
        r#"{"SecurityGroups": [{"GroupId": "sg-1", "GroupName": "app", "VpcId": "vpc-1", "OwnerId": "111122223333",
            "IpPermissions": [
                {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443,
                 "IpRanges": [{"CidrIp": "0.0.0.0/0", "Description": "all"}, {"CidrIp": "10.0.0.1/8"}],
                 "Ipv6Ranges": [{"CidrIpv6": "::/0"}], "PrefixListIds": [{"PrefixListId": "pl-1"}],
                 "UserIdGroupPairs": [
                    {"GroupId": "sg-2", "UserId": "444455556666", "VpcId": "vpc-2",
                     "VpcPeeringConnectionId": "pcx-1", "PeeringStatus": "active"},
                    {"GroupId": "sg-3", "PeeringStatus": "deleted"}]},
                {"IpProtocol": "icmp", "FromPort": 8, "ToPort": -1, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}],
            "IpPermissionsEgress": [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]}]}"#,
        "
        sg-1 app 111122223333/- vpc-1
          Ingress tcp/443 0.0.0.0/0 all @/SecurityGroups/0/IpPermissions/0/IpRanges/0
          Ingress tcp/443 10.0.0.0/8 - @/SecurityGroups/0/IpPermissions/0/IpRanges/1
          Ingress tcp/443 ::/0 - @/SecurityGroups/0/IpPermissions/0/Ipv6Ranges/0
          Ingress tcp/443 pl-1 - @/SecurityGroups/0/IpPermissions/0/PrefixListIds/0
          Ingress tcp/443 sg-2 of 444455556666 in vpc-2 by pcx-1 - @/SecurityGroups/0/IpPermissions/0/UserIdGroupPairs/0
          Ingress tcp/443 sg-3 of - in - by - stale - @/SecurityGroups/0/IpPermissions/0/UserIdGroupPairs/1
          Ingress icmp/echo 10.0.0.0/8 - @/SecurityGroups/0/IpPermissions/1/IpRanges/0
          Egress any 0.0.0.0/0 - @/SecurityGroups/0/IpPermissionsEgress/0/IpRanges/0
        Note host-bits: #/SecurityGroups/0/IpPermissions/0/IpRanges/1/CidrIp: `10.0.0.1/8` has host bits set: read as `10.0.0.0/8`
        ",
    );
}

#[test]
fn a_broken_rule_leaves_the_group_incomplete() {
    check(
        r#"{"SecurityGroups": [
            {"GroupId": "sg-1", "IpPermissions": [
                {"IpProtocol": "tcp", "FromPort": 70000, "ToPort": 70000, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]},
                {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22,
                 "IpRanges": [{"CidrIp": "10.0.0.0/33"}, {"CidrIp": "10.0.0.0/8"}]}]},
            {"GroupId": "sg-2", "IpPermissions": {}},
            {"GroupId": "sg-3", "IpPermissions": [[], {"IpProtocol": "udp", "FromPort": "x"}]},
            {"GroupId": "sg-4", "IpPermissions": []}
        ]}"#,
        "
        sg-1 - -/- - incomplete
          Ingress tcp/22 10.0.0.0/8 - @/SecurityGroups/0/IpPermissions/1/IpRanges/1
        sg-2 - -/- - incomplete
        sg-3 - -/- - incomplete
        sg-4 - -/- -
        Error invalid-port: #/SecurityGroups/0/IpPermissions/0: rule of group `sg-1` cannot be read: `70000` is not a port from 0 to 65535
        Error invalid-cidr: #/SecurityGroups/0/IpPermissions/1/IpRanges/0/CidrIp: rule of group `sg-1` cannot be read: `10.0.0.0/33` is not a block of addresses such as `10.0.0.0/16`
        Error malformed-list: #/SecurityGroups/1/IpPermissions: cannot be read: this is not a list
        Error malformed-element: #/SecurityGroups/2/IpPermissions/0: cannot be read: expected an object, found a list
        Error malformed-element: #/SecurityGroups/2/IpPermissions/1: cannot be read: expected a whole number, found the text \"x\"
        ",
    );
}

#[test]
fn rules_listed_apart() {
    check(
        r#"{"SecurityGroupRules": [
            {"SecurityGroupRuleId": "sgr-1", "GroupId": "sg-1", "IsEgress": true, "IpProtocol": "-1",
             "FromPort": -1, "ToPort": -1, "CidrIpv6": "::/0", "Description": "out"},
            {"SecurityGroupRuleId": "sgr-2", "GroupId": "sg-1", "IsEgress": false, "IpProtocol": "tcp",
             "FromPort": 22, "ToPort": 22, "ReferencedGroupInfo": {"GroupId": "sg-2", "UserId": "111122223333"}},
            {"SecurityGroupRuleId": "sgr-3", "GroupId": "sg-1", "IsEgress": false, "IpProtocol": "tcp"}
        ]}"#,
        "
        sg-1 sgr-1 Egress any ::/0 out @/SecurityGroupRules/0
        sg-1 sgr-2 Ingress tcp/22 sg-2 of 111122223333 in - by - - @/SecurityGroupRules/1
        Error missing-field: #/SecurityGroupRules/2: cannot be read: it names no peer
        ",
    );
}

#[test]
fn acl_entries_in_order() {
    check(
        r#"{"NetworkAcls": [{"NetworkAclId": "acl-1", "VpcId": "vpc-1", "IsDefault": true,
            "Associations": [{"SubnetId": "subnet-1"}],
            "Entries": [
                {"RuleNumber": 32767, "Egress": false, "Protocol": "-1", "RuleAction": "deny", "CidrBlock": "0.0.0.0/0"},
                {"RuleNumber": 200, "Egress": false, "Protocol": "6", "RuleAction": "allow", "CidrBlock": "10.0.0.0/8",
                 "PortRange": {"From": 22, "To": 22}},
                {"RuleNumber": 100, "Egress": true, "Protocol": "58", "RuleAction": "allow", "CidrBlock": "10.0.0.0/8",
                 "IcmpTypeCode": {"Type": 128, "Code": 0}},
                {"RuleNumber": 101, "Egress": true, "Protocol": "58", "RuleAction": "allow", "Ipv6CidrBlock": "::/0",
                 "IcmpTypeCode": {"Type": 128, "Code": 0}},
                {"RuleNumber": 90, "Egress": false, "Protocol": 1, "RuleAction": "deny", "CidrBlock": "0.0.0.0/0",
                 "IcmpTypeCode": {"Type": -1, "Code": -1}, "PortRange": null}]}]}"#,
        "
        acl-1 - vpc-1 default=true [subnet-1]
          Ingress 90 Deny icmp 0.0.0.0/0 @/NetworkAcls/0/Entries/4
          Ingress 200 Allow tcp/22 10.0.0.0/8 @/NetworkAcls/0/Entries/1
          Ingress 32767 Deny any 0.0.0.0/0 @/NetworkAcls/0/Entries/0
          Egress 100 Allow icmpv6 10.0.0.0/8 @/NetworkAcls/0/Entries/2
          Egress 101 Allow icmpv6/type 128 code 0 ::/0 @/NetworkAcls/0/Entries/3
        ",
    );
}

#[test]
fn rule_number_zero_is_kept_and_a_broken_entry_leaves_the_acl_incomplete() {
    check(
        r#"{"NetworkAcls": [{"NetworkAclId": "acl-1", "VpcId": "vpc-1", "Entries": [
            {"RuleNumber": 0, "Egress": false, "Protocol": "-1", "RuleAction": "allow", "CidrBlock": "0.0.0.0/0"},
            {"RuleNumber": 1, "Egress": false, "Protocol": "-1", "RuleAction": "perhaps", "CidrBlock": "0.0.0.0/0"},
            {"RuleNumber": -1, "Egress": false, "Protocol": "-1", "RuleAction": "deny", "CidrBlock": "0.0.0.0/0"}]}]}"#,
        "
        acl-1 - vpc-1 default=false [] incomplete
          Ingress 0 Allow any 0.0.0.0/0 @/NetworkAcls/0/Entries/0
        Warning odd-rule-number: #/NetworkAcls/0/Entries/0/RuleNumber: rule number 0 is not from 1 to 32766: kept at this place in the order
        Error invalid-action: #/NetworkAcls/0/Entries/1/RuleAction: entry of network ACL `acl-1` cannot be read: `perhaps` is neither `allow` nor `deny`
        Error invalid-rule-number: #/NetworkAcls/0/Entries/2/RuleNumber: entry of network ACL `acl-1` cannot be read: `-1` is not a rule number
        ",
    );
}

/// Covers: exact 3.1/association-state, exact 3.2/filtered
#[test]
fn routes_to_every_kind_of_target() {
    check(
        r#"{"RouteTables": [{"RouteTableId": "rtb-1", "VpcId": "vpc-1",
            "Associations": [
                {"Main": true, "AssociationState": {"State": "associated"}},
                {"Main": false, "SubnetId": "subnet-1"},
                {"Main": false, "GatewayId": "igw-1", "AssociationState": {"State": "associated"}},
                {"Main": false, "SubnetId": "subnet-2", "AssociationState": {"State": "disassociating"}}],
            "Routes": [
                {"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local", "Origin": "CreateRouteTable", "State": "active"},
                {"DestinationIpv6CidrBlock": "::/0", "EgressOnlyInternetGatewayId": "eigw-1", "Origin": "CreateRoute"},
                {"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-1", "State": "blackhole"},
                {"DestinationPrefixListId": "pl-1", "GatewayId": "vpce-1"},
                {"DestinationCidrBlock": "10.1.0.0/16", "NatGatewayId": "nat-1"},
                {"DestinationCidrBlock": "10.2.0.0/16", "TransitGatewayId": "tgw-1"},
                {"DestinationCidrBlock": "10.3.0.0/16", "VpcPeeringConnectionId": "pcx-1"},
                {"DestinationCidrBlock": "10.4.0.0/16", "NetworkInterfaceId": "eni-1", "InstanceId": "i-1"},
                {"DestinationCidrBlock": "10.5.0.0/16", "GatewayId": "vgw-1", "Origin": "EnableVgwRoutePropagation"},
                {"DestinationCidrBlock": "10.6.0.0/16", "CarrierGatewayId": "cagw-1", "Origin": "Advertisement"},
                {"DestinationCidrBlock": "10.7.0.0/16", "NatGatewayId": "nat-1", "State": "filtered"}]}]}"#,
        "
        rtb-1 - vpc-1 main=true [subnet-1,igw-1]
          10.0.0.0/16 local Active Table
          ::/0 egress-only eigw-1 Active Static
          0.0.0.0/0 internet igw-1 Blackhole Static
          pl-1 endpoint vpce-1 Active Static
          10.1.0.0/16 nat nat-1 Active Static
          10.2.0.0/16 transit tgw-1 Active Static
          10.3.0.0/16 peering pcx-1 Active Static
          10.4.0.0/16 interface eni-1 Active Static
          10.5.0.0/16 vpn vgw-1 Active Propagated
          10.6.0.0/16 CarrierGatewayId cagw-1 Active Advertised
        Note association-not-in-force: #/RouteTables/0/Associations/3: association in state `disassociating`: it is not in force
        ",
    );
}

#[test]
fn a_broken_route_leaves_the_table_incomplete() {
    check(
        r#"{"RouteTables": [{"RouteTableId": "rtb-1", "VpcId": "vpc-1", "Routes": [
            {"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local"},
            {"DestinationCidrBlock": "nonsense", "GatewayId": "local"},
            {"DestinationCidrBlock": "10.1.0.0/16"}]}]}"#,
        "
        rtb-1 - vpc-1 main=false [] incomplete
          10.0.0.0/16 local Active Table
        Error invalid-cidr: #/RouteTables/0/Routes/1/DestinationCidrBlock: route of table `rtb-1` cannot be read: `nonsense` is not a block of addresses such as `10.0.0.0/16`
        Error missing-field: #/RouteTables/0/Routes/2: route of table `rtb-1` cannot be read: it has no target
        ",
    );
}

#[test]
fn gateways_to_the_internet() {
    check(
        r#"{"InternetGateways": [{"InternetGatewayId": "igw-1", "Attachments": [{"State": "available", "VpcId": "vpc-1"}]}],
            "EgressOnlyInternetGateways": [{"EgressOnlyInternetGatewayId": "eigw-1",
                "Attachments": [{"State": "detaching", "VpcId": "vpc-1"}]}]}"#,
        "
        igw-1 [vpc-1 Available]
        eigw-1 [vpc-1 Unavailable]
        ",
    );
}

#[test]
fn nat_gateways_and_elastic_addresses() {
    check(
        r#"{"NatGateways": [
                {"NatGatewayId": "nat-1", "VpcId": "vpc-1", "SubnetId": "subnet-1", "State": "available", "NatGatewayAddresses": [
                    {"PrivateIp": "10.0.0.9", "IsPrimary": false},
                    {"PrivateIp": "10.0.0.8", "PublicIp": "203.0.113.8", "NetworkInterfaceId": "eni-1", "IsPrimary": true}]},
                {"NatGatewayId": "nat-2", "VpcId": "vpc-1", "State": "deleted", "AvailabilityMode": "regional",
                 "RouteTableId": "rtb-1", "ConnectivityType": "public"},
                {"NatGatewayId": "nat-3", "VpcId": "vpc-1", "SubnetId": "subnet-2", "ConnectivityType": "private"}],
            "Addresses": [
                {"AllocationId": "eipalloc-1", "PublicIp": "203.0.113.8", "PrivateIpAddress": "10.0.0.8", "NetworkInterfaceId": "eni-1"},
                {"PublicIp": "203.0.113.9", "Domain": "standard"}, {"CarrierIp": "155.146.0.1"}]}"#,
        "
        nat-1 vpc-1 subnet-1 Available Public [10.0.0.8=203.0.113.8 eni-1,10.0.0.9=- -]
        nat-2 vpc-1 regional rtb-1 Unavailable Public []
        nat-3 vpc-1 subnet-2 Available Private []
        eipalloc-1 203.0.113.8 10.0.0.8 eni-1
        203.0.113.9 203.0.113.9 - -
        Note carrier-address: #/Addresses/2: address of a carrier network: not used
        ",
    );
}

#[test]
fn peering_connections_with_all_blocks() {
    check(
        r#"{"VpcPeeringConnections": [{"VpcPeeringConnectionId": "pcx-1", "Status": {"Code": "active"},
            "RequesterVpcInfo": {"VpcId": "vpc-1", "OwnerId": "111122223333", "Region": "us-east-1", "CidrBlock": "10.0.0.0/16",
                "CidrBlockSet": [{"CidrBlock": "10.0.0.0/16"}, {"CidrBlock": "10.9.0.0/16"}],
                "Ipv6CidrBlockSet": [{"Ipv6CidrBlock": "2001:db8::/56"}]},
            "AccepterVpcInfo": {"VpcId": "vpc-2", "CidrBlock": "10.1.0.0/16"}},
            {"VpcPeeringConnectionId": "pcx-2", "Status": {"Code": "pending-acceptance"},
             "RequesterVpcInfo": {"VpcId": "vpc-1"}, "AccepterVpcInfo": {"VpcId": "vpc-3"}}]}"#,
        "
        pcx-1 - Active vpc-1 111122223333/us-east-1 [10.0.0.0/16,10.9.0.0/16,2001:db8::/56] - vpc-2 -/- [10.1.0.0/16]
        pcx-2 - Inactive vpc-1 -/- [] - vpc-3 -/- []
        ",
    );
}

#[test]
fn vpn_gateways_and_connections() {
    check(
        r#"{"VpnGateways": [{"VpnGatewayId": "vgw-1", "State": "available", "VpcAttachments": [{"State": "attached", "VpcId": "vpc-1"}]},
                            {"VpnGatewayId": "vgw-2", "State": "deleted", "VpcAttachments": [{"State": "attached", "VpcId": "vpc-1"}]}],
            "CustomerGateways": [{"CustomerGatewayId": "cgw-1", "IpAddress": "198.51.100.1"}],
            "VpnConnections": [{"VpnConnectionId": "vpn-1", "State": "available", "VpnGatewayId": "vgw-1",
                "CustomerGatewayId": "cgw-1", "Options": {"StaticRoutesOnly": true},
                "Routes": [{"DestinationCidrBlock": "192.168.0.0/16", "State": "available"},
                           {"DestinationCidrBlock": "192.0.2.0/24", "State": "deleted"}]}]}"#,
        "
        vgw-1 [vpc-1 Available]
        vgw-2 [vpc-1 Unavailable]
        cgw-1 198.51.100.1
        vpn-1 Available vgw-1 - cgw-1 static=true [192.168.0.0/16]
        ",
    );
}

#[test]
fn prefix_lists_of_both_calls() {
    check(
        r#"{"PrefixLists": [
            {"PrefixListId": "pl-1", "PrefixListName": "com.amazonaws.us-east-1.s3", "Cidrs": ["54.231.0.0/17", "3.5.0.0/20"]},
            {"PrefixListId": "pl-2", "PrefixListName": "offices", "AddressFamily": "IPv6", "OwnerId": "111122223333"}]}"#,
        "
        pl-1 com.amazonaws.us-east-1.s3 aws=true - [54.231.0.0/17,3.5.0.0/20]
        pl-2 offices aws=false IPv6 -
        ",
    );
    check_file(
        "ec2/GetManagedPrefixListEntries/pl-2.json",
        r#"{"Entries": [{"Cidr": "2001:db8::/32", "Description": "x"}]}"#,
        "pl-2 - aws=false - [2001:db8::/32]",
    );
    check_file(
        "ec2/GetManagedPrefixListEntries/pl-2.json",
        r#"{"Entries": [{"Cidr": "2001:db8::/32"}, {}]}"#,
        "
        pl-2 - aws=false - -
        Error missing-field: ec2/GetManagedPrefixListEntries/pl-2.json#/Entries/1: entry of prefix list `pl-2` cannot be read: `Cidr` is missing
        ",
    );
}

#[test]
fn transit_gateways_and_attachments() {
    check(
        r#"{"TransitGateways": [{"TransitGatewayId": "tgw-1", "State": "available", "Options": {},
                "TransitGatewayArn": "arn:aws:ec2:us-east-2:111122223333:transit-gateway/tgw-1"},
                {"TransitGatewayId": "tgw-2", "Options": {"SecurityGroupReferencingSupport": "enable"}}],
            "TransitGatewayAttachments": [
                {"TransitGatewayAttachmentId": "tgw-attach-1", "TransitGatewayId": "tgw-1", "ResourceType": "vpc", "ResourceId": "vpc-1",
                 "State": "available", "Association": {"TransitGatewayRouteTableId": "tgw-rtb-1", "State": "associated"}},
                {"TransitGatewayAttachmentId": "tgw-attach-2", "TransitGatewayId": "tgw-1", "ResourceType": "vpn", "ResourceId": "vpn-1",
                 "TransitGatewayOwnerId": "111122223333", "ResourceOwnerId": "111122223333", "State": "deleted"},
                {"TransitGatewayAttachmentId": "tgw-attach-3", "TransitGatewayId": "tgw-1", "ResourceType": "direct-connect-gateway",
                 "ResourceId": "dx", "TransitGatewayOwnerId": "111122223333", "ResourceOwnerId": "444455556666",
                 "NatGatewaySupport": "disabled"},
                {"TransitGatewayAttachmentId": "tgw-attach-4", "TransitGatewayId": "tgw-1", "ResourceType": "connect", "ResourceId": "x",
                 "NatGatewaySupport": "enabling",
                 "Association": {"TransitGatewayRouteTableId": "tgw-rtb-1", "State": "associating"}}],
            "TransitGatewayVpcAttachments": [
                {"TransitGatewayAttachmentId": "tgw-attach-1", "TransitGatewayId": "tgw-1", "VpcId": "vpc-1", "SubnetIds": ["subnet-1"],
                 "State": "available", "Options": {"Ipv6Support": "enable", "ApplianceModeSupport": "enable",
                 "SecurityGroupReferencingSupport": "disable"}}],
            "TransitGatewayPeeringAttachments": [
                {"TransitGatewayAttachmentId": "tgw-attach-5", "RequesterTgwInfo": {"TransitGatewayId": "tgw-1"},
                 "AccepterTgwInfo": {"TransitGatewayId": "tgw-9"}, "State": "available"}]}"#,
        "
        tgw-1 - 111122223333/us-east-2 Available references=false
        tgw-2 - -/- Available references=true
        tgw-attach-1 tgw-1 vpc-1 [-] Available table tgw-rtb-1 appliance=false references=true ipv6=false
        tgw-attach-2 tgw-1 vpn-1 Unavailable table - appliance=false references=true ipv6=false
        tgw-attach-3 tgw-1 dx Available table -? appliance=false references=true ipv6=false
        tgw-attach-4 tgw-1 connect x Available table -? appliance=false references=true ipv6=false nat
        tgw-attach-1 tgw-1 vpc-1 [subnet-1] Available table -? appliance=true references=false ipv6=true
        tgw-attach-5 tgw-1 tgw-9 Available table -? appliance=false references=true ipv6=false
        tgw-attach-5 tgw-9 tgw-1 Available table -? appliance=false references=true ipv6=false
        Note association-not-in-force: #/TransitGatewayAttachments/3/Association: association of `tgw-attach-4` is in state `associating`: taken as unknown
        ",
    );
}

#[test]
fn transit_gateway_tables_as_batfish_saves_them() {
    check(
        r#"{"TransitGatewayRouteTables": [{"TransitGatewayRouteTableId": "tgw-rtb-1", "TransitGatewayId": "tgw-1"}],
            "TransitGatewayStaticRoutes": [{"TransitGatewayRouteTableId": "tgw-rtb-1", "AdditionalRoutesAvailable": false, "Routes": [
                {"DestinationCidrBlock": "10.2.0.0/16", "State": "active", "Type": "static",
                 "TransitGatewayAttachments": [{"TransitGatewayAttachmentId": "tgw-attach-1"}]},
                {"DestinationCidrBlock": "10.3.0.0/16", "State": "blackhole", "Type": "static"}]}],
            "TransitGatewayPropagations": [{"TransitGatewayRouteTableId": "tgw-rtb-1", "TransitGatewayRouteTablePropagations": [
                {"TransitGatewayAttachmentId": "tgw-attach-2", "State": "enabled"},
                {"TransitGatewayAttachmentId": "tgw-attach-3", "State": "disabled"}]},
                {"TransitGatewayRouteTableId": "tgw-rtb-9", "TransitGatewayRouteTablePropagations": []}]}"#,
        "
        tgw-rtb-1 tgw-1 static=false propagated=false from -
        tgw-rtb-1 tgw-1 static=true propagated=false from -
          10.2.0.0/16 [tgw-attach-1] Active Static
          10.3.0.0/16 [] Blackhole Static
        tgw-rtb-1 tgw-1 static=false propagated=false from tgw-attach-2
        Warning dangling-reference: #/TransitGatewayPropagations/1: transit gateway route table `tgw-rtb-9` is listed nowhere: what this says about it is not used
        ",
    );
}
