//! `DescribeNetworkAcls`.

use model::{AclEntry, Direction, Link, Origin, Verdict};
use packet::{Protocol, Service};
use serde::Deserialize;

use super::tags::{Tags, name_of};
use super::{Flag, Number, Object, Objects, Text, service};
use crate::log::{Log, Problem};

/// A network ACL.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct NetworkAcl<'a> {
    network_acl_id: Text<'a>,
    owner_id: Text<'a>,
    vpc_id: Text<'a>,
    is_default: Flag,
    associations: Objects<'a, Association<'a>>,
    entries: Objects<'a, Entry<'a>>,
    tags: Tags<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
struct Association<'a> {
    subnet_id: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
struct Entry<'a> {
    rule_number: Number,
    egress: Flag,
    rule_action: Text<'a>,
    protocol: Text<'a>,
    cidr_block: Text<'a>,
    ipv6_cidr_block: Text<'a>,
    port_range: Object<PortRange>,
    icmp_type_code: Object<IcmpTypeCode>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct PortRange {
    from: Number,
    to: Number,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct IcmpTypeCode {
    r#type: Number,
    code: Number,
}

impl NetworkAcl<'_> {
    pub(crate) fn into_model(
        self,
        at: &Origin,
        log: &mut Log,
    ) -> Result<model::NetworkAcl, Problem> {
        let id = self.network_acl_id.required("NetworkAclId")?;
        let vpc = Link::to(self.vpc_id.required("VpcId")?);
        let mut subnets = Vec::new();
        for (number, association) in self.associations.all(at, "Associations", log)? {
            let subnet = association.subnet_id.required("SubnetId");
            let subnet = subnet.map_err(|problem| problem.inside("Associations", Some(number)))?;
            subnets.push(Link::to(subnet));
        }
        let subject = format!("entry of network ACL `{id}` cannot be read: ");
        let (mut entries, is_complete) =
            self.entries
                .take(at, "Entries", &subject, log, Entry::into_model);
        entries.sort_by_key(|entry| (entry.direction, entry.number));
        Ok(model::NetworkAcl {
            id: id.into(),
            name: name_of(&self.tags, at, log),
            owner: self.owner_id.account(),
            region: None,
            vpc,
            is_default: self.is_default.0.unwrap_or(false),
            subnets,
            entries,
            is_complete,
            origin: at.clone(),
        })
    }
}

impl Entry<'_> {
    fn into_model(self, at: &Origin, log: &mut Log) -> Result<AclEntry, Problem> {
        let cidr = self.cidr_block.prefix("CidrBlock", at, log)?;
        let cidr_v6 = self.ipv6_cidr_block.prefix("Ipv6CidrBlock", at, log)?;
        let egress = self.egress.0.ok_or_else(|| Problem::missing("Egress"))?;
        Ok(AclEntry {
            number: self.number(at, log)?,
            direction: if egress {
                Direction::Egress
            } else {
                Direction::Ingress
            },
            verdict: self.verdict()?,
            cidr: cidr
                .or(cidr_v6)
                .ok_or_else(|| Problem::missing("CidrBlock"))?,
            service: self.service(cidr.is_some())?,
            origin: at.clone(),
        })
    }

    fn number(&self, at: &Origin, log: &mut Log) -> Result<u32, Problem> {
        let number = self
            .rule_number
            .0
            .ok_or_else(|| Problem::missing("RuleNumber"))?;
        let invalid = |_| {
            let message = format!("`{number}` is not a rule number");
            Problem::at("RuleNumber", "invalid-rule-number", message)
        };
        let number = u32::try_from(number).map_err(invalid)?;
        // 32767 and 32768 are the implied last entries of IPv4 and IPv6.
        if !(1..=32768).contains(&number) {
            let message = format!(
                "rule number {number} is not from 1 to 32766: kept at this place in the order"
            );
            log.warning(
                "odd-rule-number",
                message,
                at.part(format_args!("/RuleNumber")),
            );
        }
        Ok(number)
    }

    fn verdict(&self) -> Result<Verdict, Problem> {
        match self.rule_action.required("RuleAction")? {
            "allow" => Ok(Verdict::Allow),
            "deny" => Ok(Verdict::Deny),
            other => {
                let message = format!("`{other}` is neither `allow` nor `deny`");
                Err(Problem::at("RuleAction", "invalid-action", message))
            }
        }
    }

    fn service(&self, is_v4: bool) -> Result<Service, Problem> {
        let ports = self.port_range.get();
        let icmp = self.icmp_type_code.get();
        match service::protocol(self.protocol.required("Protocol")?)? {
            None => Ok(Service::Any),
            Some(protocol) if protocol.has_ports() => service::ports(
                protocol,
                ports.and_then(|range| range.from.0),
                ports.and_then(|range| range.to.0),
            ),
            // With an IPv4 block, every message of ICMPv6 is meant.
            Some(Protocol::ICMPV6) if is_v4 => Ok(Service::Protocol(Protocol::ICMPV6)),
            Some(protocol) if protocol.is_icmp() => service::messages(
                protocol,
                icmp.and_then(|icmp| icmp.r#type.0),
                icmp.and_then(|icmp| icmp.code.0),
            ),
            Some(protocol) => Ok(Service::Protocol(protocol)),
        }
    }
}
