//! `DescribeSecurityGroups` and `DescribeSecurityGroupRules`.

use model::{Direction, GroupReference, Link, Origin, ResourceId, RulePeer};
use packet::Service;
use serde::Deserialize;

use super::tags::{Tags, sorted};
use super::{Flag, Number, Object, Objects, Text, fields, service};
use crate::log::{Log, Problem};

/// A security group.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct SecurityGroup<'a> {
    group_id: Text<'a>,
    group_name: Text<'a>,
    description: Text<'a>,
    owner_id: Text<'a>,
    vpc_id: Text<'a>,
    security_group_arn: Text<'a>,
    ip_permissions: Objects<'a, Permission<'a>>,
    ip_permissions_egress: Objects<'a, Permission<'a>>,
    tags: Tags<'a>,
}

/// One service and any number of peers.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
struct Permission<'a> {
    ip_protocol: Text<'a>,
    from_port: Number,
    to_port: Number,
    ip_ranges: Objects<'a, IpRange<'a>>,
    ipv6_ranges: Objects<'a, IpRange<'a>>,
    prefix_list_ids: Objects<'a, PrefixListId<'a>>,
    user_id_group_pairs: Objects<'a, GroupPair<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
struct IpRange<'a> {
    cidr_ip: Text<'a>,
    cidr_ipv6: Text<'a>,
    description: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
struct PrefixListId<'a> {
    prefix_list_id: Text<'a>,
    description: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
struct GroupPair<'a> {
    group_id: Text<'a>,
    user_id: Text<'a>,
    vpc_id: Text<'a>,
    vpc_peering_connection_id: Text<'a>,
    peering_status: Text<'a>,
    description: Text<'a>,
}

impl SecurityGroup<'_> {
    pub(crate) fn into_model(
        self,
        at: &Origin,
        log: &mut Log,
    ) -> Result<model::SecurityGroup, Problem> {
        let id = self.group_id.required("GroupId")?;
        let (region, account) = self
            .security_group_arn
            .get()
            .map(fields::scope_of_arn)
            .unwrap_or_default();
        let mut rules = Rules {
            group: id,
            rules: Vec::new(),
            is_complete: true,
            log,
        };
        rules.read(
            &self.ip_permissions,
            "IpPermissions",
            Direction::Ingress,
            at,
        );
        rules.read(
            &self.ip_permissions_egress,
            "IpPermissionsEgress",
            Direction::Egress,
            at,
        );
        let Rules {
            rules, is_complete, ..
        } = rules;
        Ok(model::SecurityGroup {
            id: id.into(),
            name: self.group_name.get().map(Into::into),
            owner: self.owner_id.account().or(account),
            region,
            vpc: self.vpc_id.get().map(Link::to),
            description: self.description.get().unwrap_or_default().into(),
            rules: rules.into(),
            is_complete,
            tags: sorted(&self.tags, "Tags", at, log),
            origin: at.clone(),
        })
    }
}

/// The rules of one group while they are read. A rule that cannot be read leaves the group incomplete.
struct Rules<'a> {
    group: &'a str,
    rules: Vec<model::SecurityGroupRule>,
    is_complete: bool,
    log: &'a mut Log,
}

impl Rules<'_> {
    fn read(
        &mut self,
        permissions: &Objects<'_, Permission<'_>>,
        key: &str,
        direction: Direction,
        at: &Origin,
    ) {
        let elements = permissions.objects(at, key, self.log);
        self.is_complete &= elements.is_complete;
        for (number, permission) in elements.items {
            let at = at.part(format_args!("/{key}/{number}"));
            match permission.service() {
                Ok(service) => self.add_peers(&permission, direction, service, &at),
                Err(problem) => self.lose(problem, &at),
            }
        }
    }

    fn add_peers(
        &mut self,
        permission: &Permission<'_>,
        direction: Direction,
        service: Service,
        at: &Origin,
    ) {
        let add = |rules: &mut Self, peer, description: &Text<'_>, at: Origin| match peer {
            Ok(peer) => rules.rules.push(model::SecurityGroupRule {
                id: None,
                direction,
                service,
                peer,
                description: description.get().map(Into::into),
                origin: at,
            }),
            Err(problem) => rules.lose(problem, &at),
        };
        for (key, ranges) in [
            ("IpRanges", &permission.ip_ranges),
            ("Ipv6Ranges", &permission.ipv6_ranges),
        ] {
            let ranges = ranges.objects(at, key, self.log);
            self.is_complete &= ranges.is_complete;
            for (number, range) in ranges.items {
                let at = at.part(format_args!("/{key}/{number}"));
                let peer = range.peer(&at, self.log);
                add(self, peer, &range.description, at);
            }
        }
        let lists = permission
            .prefix_list_ids
            .objects(at, "PrefixListIds", self.log);
        self.is_complete &= lists.is_complete;
        for (number, list) in lists.items {
            let at = at.part(format_args!("/PrefixListIds/{number}"));
            let peer = list
                .prefix_list_id
                .required("PrefixListId")
                .map(|id| RulePeer::PrefixList(Link::to(id)));
            add(self, peer, &list.description, at);
        }
        let pairs = permission
            .user_id_group_pairs
            .objects(at, "UserIdGroupPairs", self.log);
        self.is_complete &= pairs.is_complete;
        for (number, pair) in pairs.items {
            let at = at.part(format_args!("/UserIdGroupPairs/{number}"));
            add(self, pair.peer(), &pair.description, at);
        }
    }

    fn lose(&mut self, problem: Problem, at: &Origin) {
        self.is_complete = false;
        let subject = format!("rule of group `{}` cannot be read: ", self.group);
        self.log.problem(problem, &subject, at);
    }
}

impl Permission<'_> {
    fn service(&self) -> Result<Service, Problem> {
        of(&self.ip_protocol, self.from_port, self.to_port)
    }
}

/// The service of a protocol and its two numbers: first and last port, or ICMP type and code.
fn of(protocol: &Text<'_>, first: Number, last: Number) -> Result<Service, Problem> {
    match service::protocol(protocol.required("IpProtocol")?)? {
        None => Ok(Service::Any),
        Some(protocol) if protocol.has_ports() => service::ports(protocol, first.0, last.0),
        Some(protocol) if protocol.is_icmp() => service::messages(protocol, first.0, last.0),
        Some(protocol) => Ok(Service::Protocol(protocol)),
    }
}

impl IpRange<'_> {
    fn peer(&self, at: &Origin, log: &mut Log) -> Result<RulePeer, Problem> {
        let v4 = self.cidr_ip.prefix("CidrIp", at, log)?;
        let v6 = self.cidr_ipv6.prefix("CidrIpv6", at, log)?;
        v4.or(v6)
            .map(RulePeer::Cidr)
            .ok_or_else(|| Problem::missing("CidrIp"))
    }
}

impl GroupPair<'_> {
    fn peer(&self) -> Result<RulePeer, Problem> {
        let gone = ["deleted", "deleting", "rejected", "expired", "failed"];
        Ok(RulePeer::Group(GroupReference {
            group: Link::to(self.group_id.required("GroupId")?),
            owner: self.user_id.account(),
            vpc: self.vpc_id.get().map(ResourceId::from),
            peering: self.vpc_peering_connection_id.get().map(ResourceId::from),
            is_stale: self
                .peering_status
                .get()
                .is_some_and(|status| gone.contains(&status)),
        }))
    }
}

/// A rule as `DescribeSecurityGroupRules` lists it: one service, one peer.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct SecurityGroupRule<'a> {
    security_group_rule_id: Text<'a>,
    group_id: Text<'a>,
    is_egress: Flag,
    ip_protocol: Text<'a>,
    from_port: Number,
    to_port: Number,
    cidr_ipv4: Text<'a>,
    cidr_ipv6: Text<'a>,
    prefix_list_id: Text<'a>,
    referenced_group_info: Object<GroupPair<'a>>,
    description: Text<'a>,
}

impl SecurityGroupRule<'_> {
    /// The group's id and the rule.
    pub(crate) fn into_model(
        self,
        at: &Origin,
        log: &mut Log,
    ) -> Result<(ResourceId, model::SecurityGroupRule), Problem> {
        let group = self.group_id.required("GroupId")?.into();
        let is_egress = self
            .is_egress
            .0
            .ok_or_else(|| Problem::missing("IsEgress"))?;
        let rule = model::SecurityGroupRule {
            id: self.security_group_rule_id.get().map(Into::into),
            direction: if is_egress {
                Direction::Egress
            } else {
                Direction::Ingress
            },
            service: of(&self.ip_protocol, self.from_port, self.to_port)?,
            peer: self.peer(at, log)?,
            description: self.description.get().map(Into::into),
            origin: at.clone(),
        };
        Ok((group, rule))
    }

    fn peer(&self, at: &Origin, log: &mut Log) -> Result<RulePeer, Problem> {
        if let Some(pair) = self.referenced_group_info.get() {
            return pair
                .peer()
                .map_err(|problem| problem.inside("ReferencedGroupInfo", None));
        }
        if let Some(list) = self.prefix_list_id.get() {
            return Ok(RulePeer::PrefixList(Link::to(list)));
        }
        let v4 = self.cidr_ipv4.prefix("CidrIpv4", at, log)?;
        let v6 = self.cidr_ipv6.prefix("CidrIpv6", at, log)?;
        v4.or(v6)
            .map(RulePeer::Cidr)
            .ok_or_else(|| Problem::new("missing-field", "it names no peer"))
    }
}
