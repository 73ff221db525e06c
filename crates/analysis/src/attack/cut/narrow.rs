//! What flows need of a rule.

use std::collections::BTreeSet;

use model::{
    Direction, Endpoint, GroupReference, Index, Link, NetworkInterface, RulePeer, SecurityGroup,
    SecurityGroupRule,
};
use packet::{PortRange, Prefix, Service};

use super::flow::Flow;
use crate::landscape::{Landscape, Selection};
use crate::witness::RuleAt;

/// How closely a rule is fitted to what flows need.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Width {
    /// Their services and their other ends, by a group where one is worn by these ends only.
    Group,
    /// The same with addresses.
    Addresses,
    /// Their services, from or to whomever the rule names.
    Services,
    /// The rule stays as it is.
    Whole,
}

impl Width {
    pub(super) const fn wider(self) -> Self {
        match self {
            Self::Group => Self::Addresses,
            Self::Addresses => Self::Services,
            Self::Services | Self::Whole => Self::Whole,
        }
    }
}

/// What flows need of a rule, and which flows these are.
pub(super) fn narrowed(
    landscape: &Landscape<'_>,
    flows: &[Flow],
    at: RuleAt,
    width: Width,
) -> (Vec<SecurityGroupRule>, Vec<usize>) {
    let Some(rule) = at.rule(landscape.snapshot()) else {
        return (Vec::new(), Vec::new());
    };
    let (mut rules, mut needed_by): (Vec<SecurityGroupRule>, Vec<usize>) = (Vec::new(), Vec::new());
    for (number, flow) in flows.iter().enumerate() {
        let of_flow = of_flow(landscape, flow, (at, rule), width);
        if !of_flow.is_empty() {
            needed_by.push(number);
        }
        for fresh in of_flow {
            if !rules
                .iter()
                .any(|known| super::plan::is_same(known, &fresh))
            {
                rules.push(fresh);
            }
        }
    }
    if width == Width::Whole {
        return (vec![rule.clone()], needed_by);
    }
    (rules, needed_by)
}

/// What one flow needs of a rule.
fn of_flow(
    landscape: &Landscape<'_>,
    flow: &Flow,
    (at, rule): (RuleAt, &SecurityGroupRule),
    width: Width,
) -> Vec<SecurityGroupRule> {
    let (near, far) = match rule.direction {
        Direction::Ingress => (&flow.to, &flow.from),
        Direction::Egress => (&flow.from, &flow.to),
    };
    let is_near = |endpoint: &Endpoint| {
        interface(endpoint).is_some_and(|index| wears(landscape, index, at.group))
    };
    if !landscape.endpoints(near).iter().any(is_near) {
        return Vec::new();
    }
    let services = flow.services.iter();
    let services: Vec<Service> = services
        .filter_map(|service| both(rule.service, *service))
        .collect();
    let peers = peers(landscape, &rule.peer, far, width);
    let rules = services.iter().flat_map(|service| {
        peers.iter().map(|peer| SecurityGroupRule {
            id: None,
            service: *service,
            peer: peer.clone(),
            ..rule.clone()
        })
    });
    rules.collect()
}

/// What is of both services.
fn both(one: Service, other: Service) -> Option<Service> {
    match (one, other) {
        (Service::Any, other) | (other, Service::Any) => Some(other),
        (Service::Protocol(protocol), other) | (other, Service::Protocol(protocol)) => {
            (other.protocol() == Some(protocol)).then_some(other)
        }
        (
            Service::Ports { protocol, ports },
            Service::Ports {
                protocol: of_other,
                ports: others,
            },
        ) => {
            let first = ports.first().max(others.first());
            let ports = PortRange::new(first, ports.last().min(others.last()))?;
            (protocol == of_other).then_some(Service::Ports { protocol, ports })
        }
        (
            Service::Icmp { family, kind, code },
            Service::Icmp {
                family: of_other,
                kind: other_kind,
                code: other_code,
            },
        ) => {
            let is_same = family == of_other && kind == other_kind;
            let is_code = code.is_none() || other_code.is_none() || code == other_code;
            let code = code.or(other_code);
            (is_same && is_code).then_some(Service::Icmp { family, kind, code })
        }
        (Service::Ports { .. }, Service::Icmp { .. })
        | (Service::Icmp { .. }, Service::Ports { .. }) => None,
    }
}

/// The part of a peer that some far ends need.
fn peers(
    landscape: &Landscape<'_>,
    peer: &RulePeer,
    far: &Selection,
    width: Width,
) -> Vec<RulePeer> {
    if width >= Width::Services {
        return vec![peer.clone()];
    }
    match far {
        Selection::Internet => match peer {
            RulePeer::Cidr(_) | RulePeer::PrefixList(_) => vec![peer.clone()],
            RulePeer::Group(_) => Vec::new(),
        },
        Selection::Office(office) => {
            let office = landscape.snapshot().offices().get(*office);
            of_blocks(peer, &office.cidrs)
        }
        Selection::Endpoints(endpoints) => {
            let outside = endpoints.iter().filter(|one| interface(one).is_none());
            let outside: Vec<Prefix> = outside.map(|one| Prefix::host(one.address())).collect();
            let mut peers = of_blocks(peer, &outside);
            peers.extend(of_hosts(landscape, peer, endpoints, width));
            peers
        }
    }
}

/// The part of a peer that lies in these blocks.
fn of_blocks(peer: &RulePeer, blocks: &[Prefix]) -> Vec<RulePeer> {
    match peer {
        RulePeer::Cidr(cidr) => {
            let both = blocks.iter().filter_map(|block| {
                if cidr.covers(block) {
                    Some(*block)
                } else {
                    block.covers(cidr).then_some(*cidr)
                }
            });
            both.map(RulePeer::Cidr).collect()
        }
        RulePeer::PrefixList(_) if !blocks.is_empty() => vec![peer.clone()],
        RulePeer::PrefixList(_) | RulePeer::Group(_) => Vec::new(),
    }
}

/// The part of a peer that some hosts need.
fn of_hosts(
    landscape: &Landscape<'_>,
    peer: &RulePeer,
    endpoints: &[Endpoint],
    width: Width,
) -> Vec<RulePeer> {
    let matched = endpoints.iter().filter(|one| {
        interface(one).is_some_and(|index| match peer {
            RulePeer::Cidr(cidr) => cidr.contains(one.address()),
            RulePeer::PrefixList(_) => true,
            RulePeer::Group(reference) => {
                let group = reference.group.target();
                group.is_some_and(|group| wears(landscape, index, group))
            }
        })
    });
    let matched: Vec<Endpoint> = matched.copied().collect();
    if matched.is_empty() {
        return Vec::new();
    }
    if width == Width::Group
        && let Some(group) = worn_only_by(landscape, peer, &matched)
    {
        return vec![group];
    }
    let addresses: BTreeSet<Prefix> = matched
        .iter()
        .map(|one| Prefix::host(one.address()))
        .collect();
    addresses.into_iter().map(RulePeer::Cidr).collect()
}

/// The group that these ends wear, and nobody else: the peer itself if it is one.
fn worn_only_by(
    landscape: &Landscape<'_>,
    peer: &RulePeer,
    matched: &[Endpoint],
) -> Option<RulePeer> {
    let wanted: BTreeSet<Index<NetworkInterface>> = matched.iter().filter_map(interface).collect();
    let is_worn = |group: Index<SecurityGroup>| wearers(landscape, group) == wanted;
    if let RulePeer::Group(reference) = peer {
        return reference
            .group
            .target()
            .is_some_and(is_worn)
            .then(|| peer.clone());
    }
    let snapshot = landscape.snapshot();
    let any = snapshot.interfaces().get(*wanted.first()?);
    let groups: BTreeSet<_> = any.groups.iter().filter_map(Link::target).collect();
    let group = groups.into_iter().find(|index| is_worn(*index))?;
    let group = snapshot.groups().get(group);
    Some(RulePeer::Group(GroupReference {
        group: Link::to(group.id.clone()),
        owner: group.owner.clone(),
        vpc: None,
        peering: None,
        is_stale: false,
    }))
}

const fn interface(endpoint: &Endpoint) -> Option<Index<NetworkInterface>> {
    match endpoint {
        Endpoint::Interface { interface, .. } => Some(*interface),
        Endpoint::Office { .. } | Endpoint::Internet { .. } | Endpoint::Unknown { .. } => None,
    }
}

fn wears(
    landscape: &Landscape<'_>,
    interface: Index<NetworkInterface>,
    group: Index<SecurityGroup>,
) -> bool {
    let interface = landscape.snapshot().interfaces().get(interface);
    let mut groups = interface.groups.iter();
    groups.any(|worn| worn.target() == Some(group))
}

fn wearers(
    landscape: &Landscape<'_>,
    group: Index<SecurityGroup>,
) -> BTreeSet<Index<NetworkInterface>> {
    let interfaces = landscape.snapshot().interfaces().iter();
    let interfaces = interfaces.map(|(index, _)| index);
    interfaces
        .filter(|index| wears(landscape, *index, group))
        .collect()
}
