//! Groups and ACLs.

use std::io;

use crate::Writer;
use crate::plan::Vpc;
use crate::text::{joined, tags};

/// Who the other end of a rule is.
#[derive(Debug, Clone)]
pub(crate) enum Peer {
    Cidr(String),
    Cidr6(String),
    Group(String),
    List(String),
}

/// A rule of a group: protocol (`-1` is all), first and last port, peer.
pub(crate) type Rule = (&'static str, u16, u16, Peer);

/// An entry of an ACL: protocol, number, block, ports, whether it allows.
pub(crate) type Entry = (&'static str, usize, String, Option<(u16, u16)>, bool);

/// One port of TCP.
pub(crate) const fn tcp(port: u16, peer: Peer) -> Rule {
    ("tcp", port, port, peer)
}

/// Everyone on the internet, over IPv4.
pub(crate) fn everyone() -> Peer {
    Peer::Cidr("0.0.0.0/0".into())
}

/// Everyone on the internet, over IPv6.
pub(crate) fn everyone6() -> Peer {
    Peer::Cidr6("::/0".into())
}

/// Everything to everywhere, as a new group has it.
pub(crate) fn open_egress() -> Vec<Rule> {
    vec![("-1", 0, 0, everyone()), ("-1", 0, 0, everyone6())]
}

/// Everything, as a new ACL lets it pass.
pub(crate) fn open_entries() -> Vec<Entry> {
    vec![
        ("-1", 100, "0.0.0.0/0".into(), None, true),
        ("-1", 101, "::/0".into(), None, true),
    ]
}

fn permission(rule: &Rule, account: &str) -> String {
    let (protocol, first, last, peer) = rule;
    let service = if *protocol == "-1" {
        r#""IpProtocol":"-1""#.into()
    } else {
        format!(r#""IpProtocol":"{protocol}","FromPort":{first},"ToPort":{last}"#)
    };
    let mut lists = [const { String::new() }; 4];
    let (at, element) = match peer {
        Peer::Cidr(cidr) => (0, format!(r#"{{"CidrIp":"{cidr}"}}"#)),
        Peer::Cidr6(cidr) => (1, format!(r#"{{"CidrIpv6":"{cidr}"}}"#)),
        Peer::List(id) => (2, format!(r#"{{"PrefixListId":"{id}"}}"#)),
        Peer::Group(id) => (3, format!(r#"{{"GroupId":"{id}","UserId":"{account}"}}"#)),
    };
    if let Some(list) = lists.get_mut(at) {
        *list = element;
    }
    let [v4, v6, prefixes, groups] = lists;
    format!(
        r#"{{{service},"IpRanges":[{v4}],"Ipv6Ranges":[{v6}],"PrefixListIds":[{prefixes}],"UserIdGroupPairs":[{groups}]}}"#
    )
}

fn entry((protocol, number, cidr, ports, allows): &Entry, is_egress: bool) -> String {
    let action = if *allows { "allow" } else { "deny" };
    let family = if cidr.contains(':') {
        "Ipv6CidrBlock"
    } else {
        "CidrBlock"
    };
    let ports = ports.map(|(from, to)| format!(r#""PortRange":{{"From":{from},"To":{to}}},"#));
    let ports = ports.unwrap_or_default();
    format!(
        r#"{{"{family}":"{cidr}","Egress":{is_egress},{ports}"Protocol":"{protocol}","RuleAction":"{action}","RuleNumber":{number}}}"#
    )
}

impl Writer {
    /// A security group; gives its id.
    pub(crate) fn group(
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
        let element = format!(
            r#"{{"Description":"{name}","GroupId":"{id}","GroupName":"{name}","IpPermissions":[{}],"IpPermissionsEgress":[{}],"OwnerId":"{account}","Tags":{},"VpcId":"{}"}}"#,
            permissions(ingress),
            permissions(egress),
            tags(name),
            vpc.id()
        );
        self.written.groups += 1;
        self.written.rules += ingress.len() + egress.len();
        self.folder.add(&account, "SecurityGroups", &element)?;
        Ok(id)
    }

    /// The ACL of subnets that have no other.
    pub(crate) fn default_acl(&mut self, vpc: Vpc) -> io::Result<()> {
        self.any_acl(vpc, 0, &[], (&open_entries(), &open_entries()))
    }

    /// An ACL of some subnets; the number is not zero. The last entry, which denies, is added.
    pub(crate) fn acl(
        &mut self,
        vpc: Vpc,
        number: usize,
        subnets: &[String],
        ingress: &[Entry],
        egress: &[Entry],
    ) -> io::Result<()> {
        self.any_acl(vpc, number, subnets, (ingress, egress))
    }

    fn any_acl(
        &mut self,
        vpc: Vpc,
        number: usize,
        subnets: &[String],
        (ingress, egress): (&[Entry], &[Entry]),
    ) -> io::Result<()> {
        let (account, id) = (vpc.account(), vpc.of("acl", number));
        let is_default = number == 0;
        let associations = joined(subnets.iter().map(|subnet| {
            format!(r#"{{"NetworkAclAssociationId":"aclassoc-{subnet}","NetworkAclId":"{id}","SubnetId":"{subnet}"}}"#)
        }));
        let last = [
            ("-1", 32767, "0.0.0.0/0".into(), None, false),
            ("-1", 32768, "::/0".into(), None, false),
        ];
        let all = |entries: &[Entry], is_egress| {
            let entries = entries.iter().chain(&last);
            joined(entries.map(|one| entry(one, is_egress)))
        };
        let element = format!(
            r#"{{"Associations":[{associations}],"Entries":[{},{}],"IsDefault":{is_default},"NetworkAclId":"{id}","OwnerId":"{account}","Tags":[],"VpcId":"{}"}}"#,
            all(ingress, false),
            all(egress, true),
            vpc.id()
        );
        self.folder.add(&account, "NetworkAcls", &element)
    }

    /// A prefix list with its blocks.
    pub(crate) fn prefix_list(
        &mut self,
        account: &str,
        (id, name, owner): (&str, &str, &str),
        blocks: impl IntoIterator<Item = String>,
    ) -> io::Result<()> {
        let blocks = joined(blocks.into_iter().map(|block| format!(r#""{block}""#)));
        let element = format!(
            r#"{{"AddressFamily":"IPv4","Cidrs":[{blocks}],"OwnerId":"{owner}","PrefixListId":"{id}","PrefixListName":"{name}","State":"create-complete","Tags":[]}}"#
        );
        self.folder.add(account, "PrefixLists", &element)
    }
}
