//! Groups, ACLs and route tables of the organisation.

use std::io;

use super::{REGION, Vpc, Writer, joined, tags};

/// Who the other end of a rule is.
pub(super) enum Peer {
    Cidr(String),
    Cidr6(&'static str),
    Group(String),
}

/// A rule: protocol, ports, peer. No protocol means all.
pub(super) type Rule = (Option<&'static str>, u16, u16, Peer);

/// Everything to everywhere, as a new group has it.
pub(super) fn open_egress() -> Vec<Rule> {
    vec![
        (None, 0, 0, Peer::Cidr("0.0.0.0/0".into())),
        (None, 0, 0, Peer::Cidr6("::/0")),
    ]
}

fn permission(rule: &Rule, account: &str) -> String {
    let (protocol, first, last, peer) = rule;
    let protocol = match protocol {
        Some(name) => format!(r#""IpProtocol":"{name}","FromPort":{first},"ToPort":{last}"#),
        None => r#""IpProtocol":"-1""#.into(),
    };
    let (v4, v6, group) = match peer {
        Peer::Cidr(cidr) => (
            format!(r#"{{"CidrIp":"{cidr}"}}"#),
            String::new(),
            String::new(),
        ),
        Peer::Cidr6(cidr) => (
            String::new(),
            format!(r#"{{"CidrIpv6":"{cidr}"}}"#),
            String::new(),
        ),
        Peer::Group(id) => (
            String::new(),
            String::new(),
            format!(r#"{{"GroupId":"{id}","UserId":"{account}"}}"#),
        ),
    };
    format!(
        r#"{{{protocol},"IpRanges":[{v4}],"Ipv6Ranges":[{v6}],"PrefixListIds":[],"UserIdGroupPairs":[{group}]}}"#
    )
}

impl Writer {
    pub(super) fn group(
        &mut self,
        vpc: Vpc,
        number: usize,
        name: &str,
        ingress: &[Rule],
        egress: &[Rule],
    ) -> io::Result<String> {
        let (account, id) = (vpc.account(), vpc.of("sg", number));
        let permissions =
            |rules: &[Rule]| joined(rules.iter().map(|rule| permission(rule, &account)));
        let (ingress, egress) = (permissions(ingress), permissions(egress));
        let element = format!(
            r#"{{"Description":"{name}","GroupId":"{id}","GroupName":"{name}","IpPermissions":[{ingress}],"IpPermissionsEgress":[{egress}],"OwnerId":"{account}","Tags":{},"VpcId":"{}"}}"#,
            tags(name),
            vpc.id()
        );
        self.written.groups += 1;
        self.folder.add(&account, "SecurityGroups", &element)?;
        Ok(id)
    }

    /// The default ACL, and one for the subnets of databases.
    pub(super) fn acls(&mut self, vpc: Vpc, databases: &[String]) -> io::Result<()> {
        let open = [("-1", 100, "0.0.0.0/0", None), ("-1", 101, "::/0", None)];
        let both = joined([entries(&open, true), entries(&open, false)]);
        self.acl(vpc, 0, true, &[], &both)?;
        if databases.is_empty() {
            return Ok(());
        }
        let cidr = vpc.cidr();
        let ingress = [
            ("6", 100, cidr.as_str(), Some((5432, 5432))),
            ("6", 110, "10.0.0.0/16", Some((22, 22))),
            ("6", 120, "10.0.0.0/8", Some((1024, 65535))),
        ];
        let egress = [("6", 100, "10.0.0.0/8", Some((1024, 65535)))];
        let both = joined([entries(&ingress, false), entries(&egress, true)]);
        self.acl(vpc, 1, false, databases, &both)
    }

    fn acl(
        &mut self,
        vpc: Vpc,
        number: usize,
        is_default: bool,
        subnets: &[String],
        entries: &str,
    ) -> io::Result<()> {
        let (account, id) = (vpc.account(), vpc.of("acl", number));
        let associations = joined(subnets.iter().map(|subnet| format!(r#"{{"NetworkAclAssociationId":"aclassoc-{subnet}","NetworkAclId":"{id}","SubnetId":"{subnet}"}}"#)));
        let element = format!(
            r#"{{"Associations":[{associations}],"Entries":[{entries}],"IsDefault":{is_default},"NetworkAclId":"{id}","OwnerId":"{account}","Tags":[],"VpcId":"{}"}}"#,
            vpc.id()
        );
        self.folder.add(&account, "NetworkAcls", &element)
    }

    /// A route table with its local routes, and others as destination, field and id of the target.
    pub(super) fn table(
        &mut self,
        vpc: Vpc,
        number: usize,
        subnets: &[String],
        routes: &[(&str, &str, String)],
    ) -> io::Result<()> {
        let (account, id) = (vpc.account(), vpc.of("rtb", number));
        let is_main = subnets.is_empty();
        let state = r#""AssociationState":{"State":"associated"}"#;
        let associations = if is_main {
            format!(
                r#"{{{state},"Main":true,"RouteTableAssociationId":"rtbassoc-{id}","RouteTableId":"{id}"}}"#
            )
        } else {
            joined(subnets.iter().map(|subnet| format!(r#"{{{state},"Main":false,"RouteTableAssociationId":"rtbassoc-{subnet}","RouteTableId":"{id}","SubnetId":"{subnet}"}}"#)))
        };
        let local = |field: &str, cidr: String| {
            format!(
                r#"{{"{field}":"{cidr}","GatewayId":"local","Origin":"CreateRouteTable","State":"active"}}"#
            )
        };
        let mut all = vec![local("DestinationCidrBlock", vpc.cidr())];
        all.extend(
            vpc.v6(0)
                .map(|v6| local("DestinationIpv6CidrBlock", format!("{v6}::/56"))),
        );
        all.extend(routes.iter().map(|(cidr, field, target)| {
            let family = if cidr.contains(':') { "DestinationIpv6CidrBlock" } else { "DestinationCidrBlock" };
            format!(r#"{{"{family}":"{cidr}","{field}":"{target}","Origin":"CreateRoute","State":"active"}}"#)
        }));
        let element = format!(
            r#"{{"Associations":[{associations}],"OwnerId":"{account}","PropagatingVgws":[],"RouteTableId":"{id}","Routes":[{}],"Tags":{},"VpcId":"{}"}}"#,
            joined(all),
            tags(&format!("{REGION}-{number}")),
            vpc.id()
        );
        self.folder.add(&account, "RouteTables", &element)
    }
}

/// An entry of an ACL: protocol, number, block, ports.
type Entry<'a> = (&'a str, u32, &'a str, Option<(u16, u16)>);

fn entries(entries: &[Entry<'_>], is_egress: bool) -> String {
    let last = ("-1", 32767, "0.0.0.0/0", None);
    let all = entries.iter().chain([&last]);
    joined(all.map(|(protocol, number, cidr, ports)| {
        let action = if *number == 32767 { "deny" } else { "allow" };
        let family = if cidr.contains(':') { "Ipv6CidrBlock" } else { "CidrBlock" };
        let ports = ports.map(|(from, to)| format!(r#""PortRange":{{"From":{from},"To":{to}}},"#)).unwrap_or_default();
        format!(r#"{{"{family}":"{cidr}","Egress":{is_egress},{ports}"Protocol":"{protocol}","RuleAction":"{action}","RuleNumber":{number}}}"#)
    }))
}
