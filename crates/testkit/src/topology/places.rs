//! VPCs, subnets, hosts and prefix lists.

use model::{
    Instance, InstanceState, InterfaceKind, InterfaceStatus, Link, NetworkInterface, PrefixList,
    PrivateAddress, ResourceId, Subnet, Vpc,
};
use packet::Family;

use super::build::Builder;
use super::public_access;
use super::words::{Result, Words};

pub(super) fn vpc(builder: &mut Builder, words: &mut Words<'_>) -> Result {
    let id = words.need("the VPC's name")?;
    let mut vpc = Vpc {
        id: id.into(),
        name: Some(id.into()),
        owner: builder.account.clone(),
        region: builder.region.clone(),
        cidrs: words.prefixes(),
        public_access: None,
        encryption: None,
        tags: Vec::new(),
        origin: words.origin(),
    };
    while let Some(word) = words.next() {
        match word {
            "public-access" => vpc.public_access = Some(public_access::mode(words)?),
            "encryption" => vpc.encryption = Some(public_access::encryption(words)?),
            other => return Err(words.unknown(other)),
        }
    }
    builder.parts.vpcs.push(vpc);
    Ok(())
}

pub(super) fn subnet(builder: &mut Builder, words: &mut Words<'_>) -> Result {
    let id = words.need("the subnet's name")?;
    let mut subnet = Subnet {
        id: id.into(),
        name: Some(id.into()),
        owner: builder.account.clone(),
        region: builder.region.clone(),
        vpc: Link::to(words.need("the subnet's VPC")?),
        cidrs: words.prefixes(),
        zone: None,
        public_access: None,
        has_dns64: false,
        tags: Vec::new(),
        origin: words.origin(),
    };
    while let Some(word) = words.next() {
        let mut named = |what| Ok((id.to_owned(), words.need(what)?.to_owned(), words.line()));
        match word {
            "public-access" => subnet.public_access = Some(public_access::mode(words)?),
            "dns64" => subnet.has_dns64 = true,
            "zone" => subnet.zone = Some(words.need("a zone")?.into()),
            "acl" => builder.acls_of_subnets.push(named("an ACL")?),
            "table" => builder.tables_of_subnets.push(named("a route table")?),
            other => return Err(words.unknown(other)),
        }
    }
    builder.parts.subnets.push(subnet);
    Ok(())
}

pub(super) fn host(builder: &mut Builder, words: &mut Words<'_>) -> Result {
    let id = words.need("the host's name")?;
    words.literal("in")?;
    let mut interface = interface(builder, words, id)?;
    while let Some(word) = words.next() {
        option(builder, words, &mut interface, word)?;
    }
    builder.parts.interfaces.push(interface);
    Ok(())
}

/// The interface of a host that has said no more than its subnet.
fn interface(builder: &Builder, words: &mut Words<'_>, id: &str) -> Result<NetworkInterface> {
    let subnet = words.need("the host's subnet")?;
    Ok(NetworkInterface {
        id: id.into(),
        name: Some(id.into()),
        owner: builder.account.clone(),
        region: builder.region.clone(),
        vpc: vpc_of(builder, subnet),
        subnet: Link::to(subnet),
        addresses: Vec::new(),
        prefixes: Vec::new(),
        groups: Vec::new(),
        source_dest_check: true,
        kind: InterfaceKind::Ordinary,
        description: "".into(),
        requester_managed: false,
        requester: None,
        instance: None,
        device_index: None,
        status: InterfaceStatus::Unknown,
        refuses_internet: false,
        tags: Vec::new(),
        origin: words.origin(),
    })
}

/// The VPC of a subnet that stands above; a VPC of that name if there is none.
pub(super) fn vpc_of(builder: &Builder, subnet: &str) -> Link<Vpc> {
    let subnets = &builder.parts.subnets;
    let known = subnets.iter().find(|known| known.id.as_str() == subnet);
    known.map_or_else(|| Link::to(subnet), |known| known.vpc.clone())
}

fn option(
    builder: &mut Builder,
    words: &mut Words<'_>,
    interface: &mut NetworkInterface,
    word: &str,
) -> Result {
    if let Ok(address) = word.parse() {
        let public = None;
        interface.addresses.push(PrivateAddress { address, public });
        return Ok(());
    }
    match word {
        "public" => {
            let public = words.address()?;
            let missing = || words.error("`public` stands behind the address that it stands for");
            let last = interface.addresses.last_mut();
            last.ok_or_else(missing)?.public = Some(public);
        }
        "groups" => interface.groups = words.names()?.into_iter().map(Link::to).collect(),
        "prefix" => interface.prefixes.push(words.prefix()?),
        "nocheck" => interface.source_dest_check = false,
        "attached" => interface.status = InterfaceStatus::Attached,
        "unattached" => interface.status = InterfaceStatus::Unattached,
        "refuses-internet" => interface.refuses_internet = true,
        "managed" => interface.requester_managed = true,
        "kind" => interface.kind = kind(words.need("a kind")?),
        "described" => interface.description = description(words.need("a description")?),
        "requester" => interface.requester = Some(words.need("a requester")?.into()),
        "device" => interface.device_index = Some(words.number("a number")?),
        "vpc" => interface.vpc = Link::to(words.need("a VPC")?),
        "instance" => interface.instance = Some(instance(builder, words)?),
        other => return Err(words.unknown(other)),
    }
    Ok(())
}

/// A description in one word, with `_` for each space.
fn description(word: &str) -> std::sync::Arc<str> {
    word.replace('_', " ").into()
}

fn instance(builder: &mut Builder, words: &mut Words<'_>) -> Result<Link<Instance>> {
    let id: ResourceId = words.need("an instance")?.into();
    let state = state(words);
    if builder.parts.instances.iter().all(|known| known.id != id) {
        builder.parts.instances.push(Instance {
            id: id.clone(),
            name: None,
            owner: builder.account.clone(),
            region: builder.region.clone(),
            profile: None,
            metadata: model::MetadataService::default(),
            state,
            tags: Vec::new(),
            origin: words.origin(),
        });
    }
    Ok(Link::to(id))
}

/// The words for states of instances; running ones are not named.
pub(super) const STATES: &[(&str, InstanceState)] = &[
    ("stopped", InstanceState::Stopped),
    ("terminated", InstanceState::Terminated),
    ("state-unknown", InstanceState::Unknown),
];

fn state(words: &mut Words<'_>) -> InstanceState {
    let named = STATES.iter().find(|(word, _)| words.skip(word));
    named.map_or(InstanceState::Running, |&(_, state)| state)
}

/// The words for kinds of interfaces.
const INTERFACE_KINDS: &[(&str, InterfaceKind)] = &[
    ("ordinary", InterfaceKind::Ordinary),
    ("nat", InterfaceKind::NatGateway),
    ("nlb", InterfaceKind::NetworkLoadBalancer),
    ("gwlb", InterfaceKind::GatewayLoadBalancer),
    ("gwlbe", InterfaceKind::GatewayLoadBalancerEndpoint),
    ("endpoint", InterfaceKind::VpcEndpoint),
    ("tgw", InterfaceKind::TransitGateway),
    ("lambda", InterfaceKind::Lambda),
];

fn kind(word: &str) -> InterfaceKind {
    let known = INTERFACE_KINDS.iter().find(|(known, _)| *known == word);
    known.map_or_else(
        || InterfaceKind::Other(word.into()),
        |(_, kind)| kind.clone(),
    )
}

/// The word for a kind of interface.
pub(super) fn kind_word(kind: &InterfaceKind) -> &str {
    match kind {
        InterfaceKind::Other(word) => word,
        known => INTERFACE_KINDS
            .iter()
            .find(|(_, kind)| kind == known)
            .map_or("ordinary", |(word, _)| word),
    }
}

pub(super) fn prefix_list(builder: &mut Builder, words: &mut Words<'_>) -> Result {
    let id = words.need("the list's name")?;
    let mut list = PrefixList {
        id: id.into(),
        name: Some(id.into()),
        region: builder.region.clone(),
        is_aws_managed: words.skip("aws"),
        family: None,
        entries: None,
        origin: words.origin(),
    };
    if words.skip("ipv4") {
        list.family = Some(Family::V4);
    } else if words.skip("ipv6") {
        list.family = Some(Family::V6);
    }
    if !words.skip("unknown") {
        list.entries = Some(words.prefixes());
    }
    builder.parts.prefix_lists.push(list);
    Ok(())
}
