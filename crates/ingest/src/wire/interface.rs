//! `DescribeNetworkInterfaces`, and the interfaces inside `DescribeInstances`.

use std::net::IpAddr;

use model::{InterfaceKind, InterfaceStatus, Link, Origin, PrivateAddress};
use packet::Prefix;
use serde::Deserialize;

use super::tags::{Tags, name, sorted};
use super::{Flag, Number, Object, Objects, Text, fields};
use crate::log::{Log, Problem};

/// A network interface.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct NetworkInterface<'a> {
    network_interface_id: Text<'a>,
    owner_id: Text<'a>,
    vpc_id: Text<'a>,
    subnet_id: Text<'a>,
    availability_zone: Text<'a>,
    private_ip_address: Text<'a>,
    private_ip_addresses: Objects<'a, PrivateIpAddress<'a>>,
    association: Object<Association<'a>>,
    ipv6_addresses: Objects<'a, Ipv6Address<'a>>,
    ipv4_prefixes: Objects<'a, DelegatedPrefix<'a>>,
    ipv6_prefixes: Objects<'a, DelegatedPrefix<'a>>,
    groups: Objects<'a, Group<'a>>,
    source_dest_check: Flag,
    interface_type: Text<'a>,
    description: Text<'a>,
    requester_managed: Flag,
    requester_id: Text<'a>,
    operator: Object<Operator<'a>>,
    attachment: Object<Attachment<'a>>,
    status: Text<'a>,
    deny_all_igw_traffic: Flag,
    tag_set: Tags<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
struct PrivateIpAddress<'a> {
    private_ip_address: Text<'a>,
    primary: Flag,
    association: Object<Association<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
struct Association<'a> {
    public_ip: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
struct Ipv6Address<'a> {
    ipv6_address: Text<'a>,
    is_primary_ipv6: Flag,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
struct DelegatedPrefix<'a> {
    ipv4_prefix: Text<'a>,
    ipv6_prefix: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
struct Group<'a> {
    group_id: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
struct Operator<'a> {
    principal: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
struct Attachment<'a> {
    instance_id: Text<'a>,
    device_index: Number,
}

impl NetworkInterface<'_> {
    pub(crate) fn into_model(
        self,
        at: &Origin,
        log: &mut Log,
    ) -> Result<model::NetworkInterface, Problem> {
        let id = self.network_interface_id.required("NetworkInterfaceId")?;
        let vpc = Link::to(self.vpc_id.required("VpcId")?);
        let subnet = Link::to(self.subnet_id.required("SubnetId")?);
        let mut addresses = self.ipv4(at, log)?;
        addresses.extend(self.ipv6(at, log)?);
        let mut groups = Vec::new();
        for (number, group) in self.groups.all(at, "Groups", log)? {
            let id = group.group_id.required("GroupId");
            groups.push(Link::to(
                id.map_err(|problem| problem.inside("Groups", Some(number)))?,
            ));
        }
        let instance = self
            .attachment
            .get()
            .and_then(|attachment| attachment.instance_id.get());
        let device_index = self
            .attachment
            .get()
            .and_then(|attachment| attachment.device_index.0)
            .and_then(|index| u16::try_from(index).ok());
        let operator = self
            .operator
            .get()
            .and_then(|operator| operator.principal.get());
        let requester = operator.or(self.requester_id.get()).map(Into::into);
        let tags = sorted(&self.tag_set, "TagSet", at, log);
        Ok(model::NetworkInterface {
            id: id.into(),
            name: name(&tags),
            owner: self.owner_id.account(),
            region: self
                .availability_zone
                .get()
                .and_then(fields::region_of_zone),
            vpc,
            subnet,
            addresses,
            prefixes: self.prefixes(at, log)?,
            groups,
            source_dest_check: self.source_dest_check.0.unwrap_or(true),
            kind: kind(self.interface_type.get().unwrap_or("interface")),
            description: self.description.get().unwrap_or_default().into(),
            requester_managed: self.requester_managed.0.unwrap_or(false),
            requester,
            instance: instance.map(Link::to),
            device_index,
            status: match self.status.get() {
                Some("available") => InterfaceStatus::Unattached,
                Some(_) => InterfaceStatus::Attached,
                None => InterfaceStatus::Unknown,
            },
            refuses_internet: self.deny_all_igw_traffic.0 == Some(true),
            tags,
            origin: at.clone(),
        })
    }

    fn ipv4(&self, at: &Origin, log: &mut Log) -> Result<Vec<PrivateAddress>, Problem> {
        let key = "PrivateIpAddresses";
        let primary = self.private_ip_address.address("PrivateIpAddress")?;
        let primary_public = public(&self.association)?;
        let mut addresses = Vec::new();
        for (number, held) in self.private_ip_addresses.all(at, key, log)? {
            let in_list = |problem: Problem| problem.inside(key, Some(number));
            let address = held
                .private_ip_address
                .address("PrivateIpAddress")
                .map_err(in_list)?;
            let Some(address) = address else {
                return Err(in_list(Problem::missing("PrivateIpAddress")));
            };
            let is_primary = held.primary.0.unwrap_or(Some(address) == primary);
            let public = public(&held.association).map_err(in_list)?;
            let public = public.or(primary_public.filter(|_| is_primary));
            addresses.push((!is_primary, PrivateAddress { address, public }));
        }
        if addresses.is_empty()
            && let Some(address) = primary
        {
            let public = primary_public;
            addresses.push((false, PrivateAddress { address, public }));
        }
        addresses.sort_by_key(|(is_secondary, _)| *is_secondary);
        Ok(addresses.into_iter().map(|(_, address)| address).collect())
    }

    fn ipv6(&self, at: &Origin, log: &mut Log) -> Result<Vec<PrivateAddress>, Problem> {
        let key = "Ipv6Addresses";
        let mut addresses = Vec::new();
        for (number, held) in self.ipv6_addresses.all(at, key, log)? {
            let in_list = |problem: Problem| problem.inside(key, Some(number));
            let address = held.ipv6_address.address("Ipv6Address").map_err(in_list)?;
            let Some(address) = address else {
                return Err(in_list(Problem::missing("Ipv6Address")));
            };
            let is_secondary = held.is_primary_ipv6.0 != Some(true);
            let public = None;
            addresses.push((is_secondary, PrivateAddress { address, public }));
        }
        addresses.sort_by_key(|(is_secondary, _)| *is_secondary);
        Ok(addresses.into_iter().map(|(_, address)| address).collect())
    }

    fn prefixes(&self, at: &Origin, log: &mut Log) -> Result<Vec<Prefix>, Problem> {
        let mut prefixes = Vec::new();
        for (key, list) in [
            ("Ipv4Prefixes", &self.ipv4_prefixes),
            ("Ipv6Prefixes", &self.ipv6_prefixes),
        ] {
            for (number, delegated) in list.all(at, key, log)? {
                let at = at.part(format_args!("/{key}/{number}"));
                let in_list = |problem: Problem| problem.inside(key, Some(number));
                let v4 = delegated.ipv4_prefix.prefix("Ipv4Prefix", &at, log);
                prefixes.extend(v4.map_err(in_list)?);
                let v6 = delegated.ipv6_prefix.prefix("Ipv6Prefix", &at, log);
                prefixes.extend(v6.map_err(in_list)?);
            }
        }
        Ok(prefixes)
    }
}

fn public(association: &Object<Association<'_>>) -> Result<Option<IpAddr>, Problem> {
    match association.get() {
        Some(association) => association
            .public_ip
            .address("PublicIp")
            .map_err(|problem| problem.inside("Association", None)),
        None => Ok(None),
    }
}

fn kind(interface_type: &str) -> InterfaceKind {
    match interface_type {
        "interface" => InterfaceKind::Ordinary,
        "nat_gateway" | "natGateway" => InterfaceKind::NatGateway,
        "network_load_balancer" => InterfaceKind::NetworkLoadBalancer,
        "gateway_load_balancer" => InterfaceKind::GatewayLoadBalancer,
        "gateway_load_balancer_endpoint" => InterfaceKind::GatewayLoadBalancerEndpoint,
        "vpc_endpoint" => InterfaceKind::VpcEndpoint,
        "transit_gateway" => InterfaceKind::TransitGateway,
        "lambda" => InterfaceKind::Lambda,
        other => InterfaceKind::Other(other.into()),
    }
}
