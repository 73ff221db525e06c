//! Edits that somebody might propose: one of any kind, about what a network holds.

use model::{
    AclEntry, AttachmentResource, Change, Direction, Link, NetworkInterface, Origin,
    PrivateAddress, Resource, ResourceId, Route, RouteDestination, RouteOrigin, RouteState,
    RouteTarget, RuleName, RulePeer, SecurityGroupRule, Snapshot, Subnet, Table,
    TransitGatewayAttachment, TransitGatewayRoute, TransitGatewayRouteKind, Verdict,
};
use packet::{Prefix, Service};

use crate::Random;

/// A change of some kind, about resources that the snapshot holds; `None` where it holds none that fit.
///
/// It may be one that AWS would refuse.
pub fn random_change(snapshot: &Snapshot, random: &mut Random) -> Option<Change> {
    let kinds: &[fn(&Snapshot, &mut Random) -> Option<Change>] = &[
        add_rule,
        add_rule,
        remove_rule,
        remove_rule,
        put_on,
        take_off,
        add_entry,
        replace_entry,
        remove_entry,
        add_route,
        replace_route,
        remove_route,
        transit,
        transit_route,
        attachment,
        add_interface,
        remove_interface,
        add_subnet,
        remove_subnet,
    ];
    let kind = *random.pick(kinds)?;
    kind(snapshot, random)
}

fn any<'t, T: Resource>(table: &'t Table<T>, random: &mut Random) -> Option<&'t T> {
    random.pick(table.rows())
}

fn proposed(random: &mut Random) -> Origin {
    Origin::new("proposal".into(), format!("/{}", random.below(1000)))
}

fn all_rules(snapshot: &Snapshot) -> Vec<(&ResourceId, &SecurityGroupRule)> {
    let groups = snapshot.groups().rows().iter();
    let rules = groups.flat_map(|group| group.rules.iter().map(move |rule| (&group.id, rule)));
    rules.collect()
}

/// A block that the network knows, a part of one, or everything.
fn block(snapshot: &Snapshot, random: &mut Random) -> Prefix {
    let subnets = snapshot.subnets().rows().iter();
    let mut blocks: Vec<Prefix> = subnets.flat_map(|subnet| subnet.cidrs.clone()).collect();
    blocks.extend(
        all_rules(snapshot)
            .iter()
            .filter_map(|(_, rule)| match rule.peer {
                RulePeer::Cidr(cidr) => Some(cidr),
                RulePeer::Group(_) | RulePeer::PrefixList(_) => None,
            }),
    );
    let interfaces = snapshot.interfaces().rows().iter();
    let held = interfaces.flat_map(|interface| &interface.addresses);
    blocks.extend(held.map(|held| Prefix::host(held.address)));
    blocks.extend([Prefix::ALL_V4, Prefix::ALL_V6]);
    let chosen = random.pick(&blocks).copied().unwrap_or(Prefix::ALL_V4);
    let narrower = Prefix::new(chosen.first(), chosen.length().saturating_add(2));
    if random.chance(30) {
        narrower.unwrap_or(chosen)
    } else {
        chosen
    }
}

fn service(snapshot: &Snapshot, random: &mut Random) -> Service {
    let known = all_rules(snapshot);
    let known: Vec<Service> = known.iter().map(|(_, rule)| rule.service).collect();
    let of_known = random.pick(&known).copied();
    let texts = ["tcp/22", "tcp/1000-2000", "udp/53", "any", "icmp/echo"];
    let new = random.word(&texts).parse().ok();
    let (first, second) = if random.chance(50) {
        (new, of_known)
    } else {
        (of_known, new)
    };
    first.or(second).unwrap_or(Service::Any)
}

fn direction(random: &mut Random) -> Direction {
    if random.chance(50) {
        Direction::Ingress
    } else {
        Direction::Egress
    }
}

fn add_rule(snapshot: &Snapshot, random: &mut Random) -> Option<Change> {
    let group = any(snapshot.groups(), random)?.id.clone();
    let known: Vec<RulePeer> = all_rules(snapshot)
        .iter()
        .map(|(_, rule)| rule.peer.clone())
        .collect();
    let peer = if random.chance(50) {
        RulePeer::Cidr(block(snapshot, random))
    } else {
        random.pick(&known)?.clone()
    };
    let rule = SecurityGroupRule {
        id: None,
        direction: direction(random),
        service: service(snapshot, random),
        peer,
        description: None,
        origin: proposed(random),
    };
    Some(Change::AddRule { group, rule })
}

fn remove_rule(snapshot: &Snapshot, random: &mut Random) -> Option<Change> {
    let rules = all_rules(snapshot);
    let (group, rule) = *random.pick(&rules)?;
    let named = rule.id.clone().map(RuleName::Id);
    let name = named.unwrap_or_else(|| RuleName::of(group.clone(), rule));
    Some(Change::RemoveRule(name))
}

fn put_on(snapshot: &Snapshot, random: &mut Random) -> Option<Change> {
    let interface = any(snapshot.interfaces(), random)?.id.clone();
    let group = any(snapshot.groups(), random)?.id.clone();
    Some(Change::PutOnGroup { interface, group })
}

fn take_off(snapshot: &Snapshot, random: &mut Random) -> Option<Change> {
    let interface = any(snapshot.interfaces(), random)?;
    let group = random.pick(&interface.groups)?.id().clone();
    let interface = interface.id.clone();
    Some(Change::TakeOffGroup { interface, group })
}

fn entry(snapshot: &Snapshot, random: &mut Random) -> AclEntry {
    let verdict = if random.chance(50) {
        Verdict::Allow
    } else {
        Verdict::Deny
    };
    AclEntry {
        number: u32::try_from(random.between(1, 300)).unwrap_or(1),
        direction: direction(random),
        verdict,
        cidr: block(snapshot, random),
        service: service(snapshot, random),
        origin: proposed(random),
    }
}

fn add_entry(snapshot: &Snapshot, random: &mut Random) -> Option<Change> {
    let acl = any(snapshot.acls(), random)?.id.clone();
    let entry = entry(snapshot, random);
    Some(Change::AddEntry { acl, entry })
}

fn replace_entry(snapshot: &Snapshot, random: &mut Random) -> Option<Change> {
    let acl = any(snapshot.acls(), random)?;
    let old = random.pick(&acl.entries)?;
    let entry = AclEntry {
        number: old.number,
        direction: old.direction,
        ..entry(snapshot, random)
    };
    let acl = acl.id.clone();
    Some(Change::ReplaceEntry { acl, entry })
}

fn remove_entry(snapshot: &Snapshot, random: &mut Random) -> Option<Change> {
    let acl = any(snapshot.acls(), random)?;
    let old = random.pick(&acl.entries)?;
    Some(Change::RemoveEntry {
        acl: acl.id.clone(),
        direction: old.direction,
        number: old.number,
    })
}

/// A route for some block, to where some route leads.
fn route(snapshot: &Snapshot, random: &mut Random) -> Option<Route> {
    let tables = snapshot.route_tables().rows().iter();
    let targets: Vec<&RouteTarget> = tables
        .flat_map(|table| table.routes.iter().map(|route| &route.target))
        .collect();
    Some(Route {
        destination: RouteDestination::Prefix(block(snapshot, random)),
        target: (*random.pick(&targets)?).clone(),
        state: RouteState::Active,
        kind: RouteOrigin::Static,
        origin: proposed(random),
    })
}

fn add_route(snapshot: &Snapshot, random: &mut Random) -> Option<Change> {
    let table = any(snapshot.route_tables(), random)?.id.clone();
    let route = route(snapshot, random)?;
    Some(Change::AddRoute { table, route })
}

fn replace_route(snapshot: &Snapshot, random: &mut Random) -> Option<Change> {
    let table = any(snapshot.route_tables(), random)?;
    let destination = random.pick(&table.routes)?.destination.clone();
    let route = Route {
        destination,
        ..route(snapshot, random)?
    };
    let table = table.id.clone();
    Some(Change::ReplaceRoute { table, route })
}

fn remove_route(snapshot: &Snapshot, random: &mut Random) -> Option<Change> {
    let table = any(snapshot.route_tables(), random)?;
    let destination = random.pick(&table.routes)?.destination.clone();
    let table = table.id.clone();
    Some(Change::RemoveRoute { table, destination })
}

fn transit(snapshot: &Snapshot, random: &mut Random) -> Option<Change> {
    let attachment = any(snapshot.transit_attachments(), random)?.id.clone();
    let table = any(snapshot.transit_route_tables(), random)?.id.clone();
    Some(match random.below(4) {
        0 => Change::AssociateAttachment { attachment, table },
        1 => Change::DisassociateAttachment { attachment, table },
        2 => Change::Propagate { attachment, table },
        _ => Change::StopPropagation { attachment, table },
    })
}

fn transit_route(snapshot: &Snapshot, random: &mut Random) -> Option<Change> {
    let table = any(snapshot.transit_route_tables(), random)?;
    if random.chance(50) {
        let destination = random.pick(&table.routes)?.destination.clone();
        let table = table.id.clone();
        return Some(Change::RemoveTransitRoute { table, destination });
    }
    let attachment = any(snapshot.transit_attachments(), random)?.id.clone();
    let (attachments, state) = if random.chance(80) {
        (vec![Link::to(attachment)], RouteState::Active)
    } else {
        (Vec::new(), RouteState::Blackhole)
    };
    let route = TransitGatewayRoute {
        destination: RouteDestination::Prefix(block(snapshot, random)),
        attachments,
        state,
        kind: TransitGatewayRouteKind::Static,
        origin: proposed(random),
    };
    let table = table.id.clone();
    Some(Change::AddTransitRoute { table, route })
}

/// An attachment goes, or another VPC gets one like those that there are.
fn attachment(snapshot: &Snapshot, random: &mut Random) -> Option<Change> {
    let template = any(snapshot.transit_attachments(), random)?;
    if random.chance(50) {
        return Some(Change::RemoveAttachment(template.id.clone()));
    }
    let subnet = any(snapshot.subnets(), random)?;
    let made = TransitGatewayAttachment {
        id: format!("tgw-attach-proposed-{}", random.below(1000)).into(),
        resource: AttachmentResource::Vpc {
            vpc: subnet.vpc.clone(),
            subnets: Some(vec![Link::to(subnet.id.clone())]),
        },
        origin: proposed(random),
        ..template.clone()
    };
    Some(Change::AddAttachment(Box::new(made)))
}

fn add_interface(snapshot: &Snapshot, random: &mut Random) -> Option<Change> {
    let template = any(snapshot.interfaces(), random)?;
    let subnet = any(snapshot.subnets(), random)?;
    let address = random.pick(&subnet.cidrs)?.last();
    let groups = snapshot.groups().rows().iter();
    let groups = groups.filter(|_| random.chance(30));
    let groups = groups.map(|group| Link::to(group.id.clone())).collect();
    let made = NetworkInterface {
        id: format!("eni-proposed-{}", random.below(1000)).into(),
        vpc: subnet.vpc.clone(),
        subnet: Link::to(subnet.id.clone()),
        addresses: vec![PrivateAddress {
            address,
            public: None,
        }],
        prefixes: Vec::new(),
        groups,
        instance: None,
        origin: proposed(random),
        ..template.clone()
    };
    Some(Change::AddInterface(Box::new(made)))
}

fn remove_interface(snapshot: &Snapshot, random: &mut Random) -> Option<Change> {
    let interface = any(snapshot.interfaces(), random)?;
    Some(Change::RemoveInterface(interface.id.clone()))
}

fn add_subnet(snapshot: &Snapshot, random: &mut Random) -> Option<Change> {
    let template = any(snapshot.subnets(), random)?;
    let cidr = random.pick(&template.cidrs)?;
    // The block behind that of another subnet.
    let length = cidr.length().max(28);
    let (_, last) = cidr.bounds();
    let behind = match cidr.last() {
        std::net::IpAddr::V4(_) => {
            let behind = u32::try_from(last).ok()?.checked_add(1)?;
            std::net::IpAddr::V4(behind.into())
        }
        std::net::IpAddr::V6(_) => std::net::IpAddr::V6(last.checked_add(1)?.into()),
    };
    let made = Subnet {
        id: format!("subnet-proposed-{}", random.below(1000)).into(),
        cidrs: vec![Prefix::new(behind, length)?],
        origin: proposed(random),
        ..template.clone()
    };
    Some(Change::AddSubnet(Box::new(made)))
}

fn remove_subnet(snapshot: &Snapshot, random: &mut Random) -> Option<Change> {
    let subnet = any(snapshot.subnets(), random)?;
    Some(Change::RemoveSubnet(subnet.id.clone()))
}
